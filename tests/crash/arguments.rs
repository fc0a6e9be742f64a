//! Arguments, by the rows of the table: what is `Copy` and `Debug`, references above all, is kept as it is.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::{Debug, Display};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use retry_core::crash::Report;
use retry_core::crash_context;

use crate::support::{assert_shows, block_on, look};

#[derive(Debug)]
struct Order {
    id: u32,
}

#[derive(Debug, Clone, Copy)]
struct Point(i8, i8);

struct Silent;

#[derive(Clone, Copy)]
struct SilentCopy;

#[test]
fn the_example_of_the_documentation() {
    #[crash_context]
    fn divide(order: &Order, d: i32) -> Report {
        let c = 1;
        assert_eq!((order.id, d / 9, c), (42, 0, 1));
        look()
    }
    assert_shows(
        &divide(&Order { id: 42 }, 0),
        "divide",
        "order = Order { id: 42 }
         d = 0
         c = 1",
    );
}

#[test]
fn numbers_and_letters() {
    #[crash_context]
    fn numbers(a: u8, b: i128, c: f64, d: bool, e: char, f: (), g: usize, h: f32) -> Report {
        look()
    }
    assert_shows(
        &numbers(255, i128::MIN, 0.5, true, '\n', (), 0, f32::NAN),
        "numbers",
        "a = 255
         b = -170141183460469231731687303715884105728
         c = 0.5
         d = true
         e = '\\n'
         f = ()
         g = 0
         h = NaN",
    );
}

#[test]
fn plain_types_of_std() {
    #[crash_context]
    fn plain(
        wait: Duration,
        address: std::net::SocketAddr,
        some: Option<u8>,
        none: Option<(u8, char)>,
        array: [u16; 3],
        pair: (i8, bool),
        kind: std::io::ErrorKind,
        order: std::cmp::Ordering,
        nonzero: std::num::NonZeroU8,
        result: Result<u8, char>,
    ) -> Report {
        look()
    }
    let nonzero = std::num::NonZeroU8::MAX;
    let address = ([127, 0, 0, 1], 80).into();
    let report = plain(
        Duration::from_millis(1500),
        address,
        Some(1),
        None,
        [1, 2, 3],
        (-1, false),
        std::io::ErrorKind::NotFound,
        std::cmp::Ordering::Less,
        nonzero,
        Err('e'),
    );
    assert_shows(
        &report,
        "plain",
        "wait = 1.5s
         address = 127.0.0.1:80
         some = Some(1)
         none = None
         array = [1, 2, 3]
         pair = (-1, false)
         kind = NotFound
         order = Less
         nonzero = 255
         result = Err('e')",
    );
}

#[test]
fn ranges_and_pointers() {
    #[crash_context]
    fn ranges(
        a: std::ops::Range<u8>,
        b: std::ops::RangeInclusive<char>,
        c: std::ops::RangeFrom<i8>,
        d: std::ops::RangeTo<u8>,
        e: *const u8,
        f: *mut str,
    ) -> Report {
        look()
    }
    let text: *mut str =
        std::ptr::slice_from_raw_parts_mut(std::ptr::without_provenance_mut::<u8>(32), 9) as *mut str;
    let report = ranges(1..3, 'a'..='z', -1.., ..9, std::ptr::without_provenance(16), text);
    assert_shows(
        &report,
        "ranges",
        "a = 1..3
         b = 'a'..='z'
         c = -1..
         d = ..9
         e = 0x10
         f = 0x20",
    );
}

#[test]
fn references_to_own_types_are_shown_as_they_are_at_the_crash() {
    #[crash_context]
    fn references(order: &Order, shared: &Mutex<u8>, cell: &std::cell::Cell<u8>, twice: &&Order) -> Report {
        *shared.lock().unwrap() = 2;
        cell.set(3);
        look()
    }
    let order = Order { id: 1 };
    let report = references(&order, &Mutex::new(1), &std::cell::Cell::new(1), &&order);
    assert_shows(
        &report,
        "references",
        "order = Order { id: 1 }
         shared = Mutex { data: 2, poisoned: false, .. }
         cell = Cell { value: 3 }
         twice = Order { id: 1 }",
    );
}

#[test]
fn references_to_what_has_no_debug_show_their_type() {
    #[crash_context]
    fn silent(
        one: &Silent,
        copied: SilentCopy,
        many: &[Silent],
        function: fn(u8) -> u8,
        owned: Silent,
    ) -> Report {
        look()
    }
    let report = silent(&Silent, SilentCopy, &[], |n| n, Silent);
    assert_shows(
        &report,
        "silent",
        "one: &Silent
         copied: SilentCopy
         many: &[Silent]
         function = 0x..
         owned: Silent",
    );
}

#[test]
fn own_types() {
    #[crash_context]
    fn own(
        point: Point,
        order: Order,
        maybe: Option<Point>,
        orders: Vec<Order>,
        shared: Arc<Order>,
    ) -> Report {
        look()
    }
    let report = own(Point(1, 2), Order { id: 1 }, Some(Point(3, 4)), vec![], Arc::new(Order { id: 2 }));
    assert_shows(
        &report,
        "own",
        "point = Point(1, 2)
         order: Order
         maybe = Some(Point(3, 4))
         orders: Vec<Order>
         shared: Arc<Order>",
    );
}

#[test]
fn text_and_collections_are_snapshots_and_references_to_them_are_not() {
    #[crash_context]
    fn known(
        text: &str,
        name: String,
        path: &Path,
        owned: PathBuf,
        list: &[u8],
        numbers: Vec<u8>,
        map: &HashMap<String, u8>,
        cow: Cow<'_, str>,
        shared: Rc<str>,
        inner: &String,
    ) -> Report {
        look()
    }
    let map = HashMap::from([("a".to_owned(), 1)]);
    let report = known(
        "ä\"",
        "b".into(),
        Path::new("/tmp"),
        "/home".into(),
        &[1, 2],
        vec![3],
        &map,
        "cow".into(),
        "rc".into(),
        &"s".to_owned(),
    );
    assert_shows(
        &report,
        "known",
        "text = \"ä\\\"\"
         name = \"b\" @-10
         path = \"/tmp\"
         owned = \"/home\" @-8
         list = [1, 2]
         numbers = [3] @-6
         map = {\"a\": 1}
         cow = \"cow\" @-4
         shared = \"rc\" @-3
         inner = \"s\"",
    );
}

#[test]
fn mutable_references_are_snapshots_where_what_they_point_to_is_known() {
    #[crash_context]
    fn mutable(count: &mut u32, text: &mut String, order: &mut Order) -> Report {
        *count += 1;
        text.push('!');
        order.id += 1;
        look()
    }
    assert_shows(
        &mutable(&mut 1, &mut "a".to_owned(), &mut Order { id: 1 }),
        "mutable",
        "count = 1 @-4
         text = \"a\" @-4
         order: &mut Order",
    );
}

#[test]
fn receivers() {
    impl Order {
        #[crash_context]
        fn by_ref(&self) -> Report {
            look()
        }
        #[crash_context]
        fn by_mut(&mut self, n: u8) -> Report {
            self.id += 1;
            look()
        }
        #[crash_context]
        fn by_value(self) -> Report {
            look()
        }
        #[crash_context]
        fn by_arc(self: Arc<Self>) -> Report {
            look()
        }
        #[crash_context]
        fn by_box(self: Box<Self>) -> Report {
            look()
        }
        #[crash_context]
        fn by_pin(self: std::pin::Pin<&Self>) -> Report {
            look()
        }
        #[crash_context]
        fn by_mut_pin(self: std::pin::Pin<&mut Self>) -> Report {
            look()
        }
    }
    impl Point {
        #[crash_context]
        fn copied(self) -> Report {
            look()
        }
        #[crash_context]
        fn changed(mut self) -> Report {
            self.0 = 9;
            look()
        }
    }
    impl Silent {
        #[crash_context]
        fn silent(&self) -> Report {
            look()
        }
    }
    assert_shows(&Order { id: 7 }.by_ref(), "by_ref", "self = Order { id: 7 }");
    assert_shows(&Order { id: 7 }.by_mut(1), "by_mut", "self: &mut Order\nn = 1");
    assert_shows(&Order { id: 7 }.by_value(), "by_value", "self: Order");
    assert_shows(&Arc::new(Order { id: 7 }).by_arc(), "by_arc", "self: Arc<Order>");
    assert_shows(&Box::new(Order { id: 7 }).by_box(), "by_box", "self: Box<Order>");
    assert_shows(&std::pin::pin!(Order { id: 7 }).as_ref().by_pin(), "by_pin", "self = Order { id: 7 }");
    assert_shows(&std::pin::pin!(Order { id: 7 }).by_mut_pin(), "by_mut_pin", "self: Pin<&mut Order>");
    assert_shows(&Point(1, 2).copied(), "copied", "self = Point(1, 2)");
    assert_shows(&Point(1, 2).changed(), "changed", "self = Point(1, 2) @-2");
    assert_shows(&Silent.silent(), "silent", "self: &Silent");
}

#[test]
fn generics_are_kept_by_their_declared_bounds() {
    #[crash_context]
    fn unbounded<T>(value: T, reference: &T) -> Report {
        let _ = (&value, reference);
        look()
    }
    #[crash_context]
    fn debug<T: Debug>(value: T, reference: &T) -> Report {
        look()
    }
    #[crash_context]
    fn debug_copy<T: Debug + Copy>(value: T, reference: &T) -> Report {
        look()
    }
    #[crash_context]
    fn where_bound<T>(value: &[T]) -> Report
    where
        T: Debug,
    {
        look()
    }
    #[crash_context]
    fn dynamic(value: &dyn Debug, shown: &dyn Display, boxed: Box<dyn Debug>) -> Report {
        look()
    }
    #[crash_context]
    fn opaque(
        debug: impl Debug + Copy,
        call: impl Fn(u8) -> u8,
        text: impl AsRef<str>,
        items: impl Iterator<Item = u8>,
    ) -> Report {
        look()
    }
    #[crash_context]
    fn constant<const N: usize>(array: [u8; N], reference: &[u8; N]) -> Report {
        look()
    }
    assert_shows(&unbounded(1, &2), "unbounded", "value: i32\nreference: &i32");
    assert_shows(&debug(1, &2), "debug", "value: i32\nreference = 2");
    assert_shows(&debug_copy(1, &2), "debug_copy", "value = 1\nreference = 2");
    assert_shows(&where_bound(&[Point(1, 2)]), "where_bound", "value = [Point(1, 2)]");
    assert_shows(
        &dynamic(&1, &2, Box::new(3)),
        "dynamic",
        "value = 1\nshown: &dyn Display\nboxed: Box<dyn Debug>",
    );
    assert_shows(
        &opaque(Point(1, 2), |n| n, "a", [1].into_iter()),
        "opaque",
        "debug = Point(1, 2)
         call: {{closure}}
         text: &str
         items: IntoIter<u8, 1>",
    );
    assert_shows(&constant([1, 2], &[3, 4]), "constant", "array = [1, 2]\nreference = [3, 4]");
}

#[test]
fn patterns() {
    struct Pair {
        left: u8,
        right: String,
    }
    #[crash_context]
    fn patterns(
        (a, b): (u8, &str),
        [first, .., last]: [u8; 4],
        Pair { left, right: renamed }: Pair,
        &copied: &u8,
        Point(x, _): Point,
        whole @ (_, inner): (u8, u8),
        _: u8,
        _unused: u8,
    ) -> Report {
        look()
    }
    let pair = Pair { left: 5, right: "r".into() };
    assert_shows(
        &patterns((1, "b"), [1, 2, 3, 4], pair, &6, Point(7, 8), (9, 10), 0, 0),
        "patterns",
        "a = 1
         b = \"b\"
         first = 1
         last = 4
         left = 5
         renamed = \"r\" @-7
         copied = 6
         x = 7
         whole = (9, 10)
         inner = 10",
    );
}

#[test]
fn mutable_arguments_are_kept_again() {
    #[crash_context]
    fn changed(mut count: u32, mut text: String, mut point: Point) -> Report {
        count += 1;
        text.push('!');
        point.0 = 9;
        let _ = (&text, point);
        look()
    }
    assert_shows(
        &changed(1, "a".into(), Point(1, 2)),
        "changed",
        "count = 2
         text = \"a\" @-5
         point = Point(1, 2) @-5",
    );
}

#[test]
fn closures_and_functions_as_arguments() {
    #[crash_context]
    fn call(plain: fn(u8) -> u8, dynamic: &dyn Fn(u8) -> u8, mutable: &mut impl FnMut()) -> Report {
        mutable();
        plain(dynamic(1));
        look()
    }
    let report = call(|n| n, &|n| n, &mut || ());
    assert_shows(&report, "call", "plain = 0x..\ndynamic: &dyn Fn(u8) -> u8\nmutable: &mut {{closure}}");
}

#[test]
fn of_functions_that_return_a_closure() {
    #[crash_context]
    fn opaque(least: usize, found: &mut Option<Report>) -> impl Fn(&str) -> bool {
        let more = least + 1;
        *found = Some(look());
        move |text| text.len() >= more
    }
    #[crash_context]
    fn boxed(least: usize, found: &mut Option<Report>) -> Box<dyn Fn(&str) -> bool> {
        *found = Some(look());
        Box::new(move |text| text.len() >= least)
    }
    #[crash_context]
    async fn later(least: usize, found: &mut Option<Report>) -> Box<dyn Fn(&str) -> bool> {
        *found = Some(look());
        Box::new(move |text| text.len() >= least)
    }
    let mut found = None;
    assert!(!opaque(2, &mut found)("ab"));
    assert_shows(&found.take().unwrap(), "opaque", "least = 2\nfound: &mut Option<Report>\nmore = 3");
    assert!(boxed(2, &mut found)("ab"));
    assert_shows(&found.take().unwrap(), "boxed", "least = 2\nfound: &mut Option<Report>");
    assert!(block_on(later(2, &mut found))("ab"));
    assert_shows(&found.take().unwrap(), "later", "least = 2\nfound: &mut Option<Report>");
}
