//! Locals of plain types: kept as they are, with no mark.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::{NonZeroU32, NonZeroUsize};
use std::time::{Duration, Instant, SystemTime};

use retry_core::crash::Report;
use retry_core::crash_context;

use crate::support::{assert_shows, look, values};

#[test]
fn every_number() {
    #[crash_context]
    fn f() -> Report {
        let a = 1_u8;
        let b = 2_u16;
        let c = 3_u32;
        let d = 4_u64;
        let e = u128::MAX;
        let f = 5_usize;
        let g = -1_i8;
        let h = -2_i16;
        let i = -3;
        let j = i64::MIN;
        let k = -5_i128;
        let l = -6_isize;
        let m = 1.5_f32;
        let n = f64::NEG_INFINITY;
        look()
    }
    assert_shows(
        &f(),
        "f",
        "a = 1
         b = 2
         c = 3
         d = 4
         e = 340282366920938463463374607431768211455
         f = 5
         g = -1
         h = -2
         i = -3
         j = -9223372036854775808
         k = -5
         l = -6
         m = 1.5
         n = -inf",
    );
}

#[test]
fn letters_and_truth() {
    #[crash_context]
    fn f() -> Report {
        let yes = true;
        let letter = '\u{1F600}';
        let quote = '\'';
        let unit = ();
        look()
    }
    assert_shows(&f(), "f", "yes = true\nletter = '😀'\nquote = '\\''\nunit = ()");
}

#[test]
fn of_std() {
    #[crash_context]
    fn f() -> Report {
        let wait = Duration::new(1, 5);
        let address: SocketAddr = "[::1]:80".parse().unwrap();
        let ip = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let id = std::any::TypeId::of::<u8>();
        let order = 1.cmp(&2);
        let kind = std::io::ErrorKind::TimedOut;
        let atomic = std::sync::atomic::Ordering::Relaxed;
        let one = NonZeroU32::MIN;
        let maybe_one = NonZeroUsize::new(0);
        let layout = std::alloc::Layout::new::<u8>();
        let phantom = std::marker::PhantomData::<String>;
        let failed = std::fmt::Error;
        look()
    }
    let report = f();
    let mut values = values(&report, "f");
    assert!(values["id"].starts_with(" = TypeId("), "{values:?}");
    assert!(values["layout"].starts_with(" = Layout {"), "{values:?}");
    values.retain(|name, _| !["id", "layout"].contains(&&**name));
    let shown: Vec<_> = values.iter().map(|(name, value)| format!("{name}{value}")).collect();
    assert_eq!(
        shown,
        [
            "address = [::1]:80",
            "atomic = Relaxed",
            "failed = Error",
            "ip = 127.0.0.1",
            "kind = TimedOut",
            "maybe_one = None",
            "one = 1",
            "order = Less",
            "phantom = PhantomData",
            "wait = 1.000000005s",
        ]
    );
}

#[test]
fn points_in_time() {
    #[crash_context]
    fn f() -> Report {
        let started = Instant::now();
        let epoch = SystemTime::UNIX_EPOCH;
        look()
    }
    let report = f();
    let values = values(&report, "f");
    assert!(values["started"].starts_with(" = Instant {"), "{values:?}");
    assert!(values["epoch"].starts_with(" = SystemTime {"), "{values:?}");
}

#[test]
fn options_and_results() {
    #[crash_context]
    fn f() -> Report {
        let some = Some(1);
        let none: Option<char> = None;
        let nested = Some(Some(2_u8));
        let ok: Result<u8, std::io::ErrorKind> = Ok(3);
        let failed: Result<u8, char> = Err('e');
        let parsed = "7".parse::<u8>();
        look()
    }
    assert_shows(
        &f(),
        "f",
        "some = Some(1)
         none = None
         nested = Some(Some(2))
         ok = Ok(3)
         failed = Err('e')
         parsed: Result<u8, ParseIntError>",
    );
}

#[test]
fn arrays_and_tuples() {
    #[crash_context]
    fn f() -> Report {
        let empty: [u8; 0] = [];
        let three = [1, 2, 3];
        let sixteen = [7_u8; 16];
        let seventeen = [8_u8; 17];
        let nested = [[1, 2], [3, 4]];
        let pair = (1, 'a');
        let single = (1,);
        let six = (1, 2, 3, 4, 5, 6.5);
        let mixed = (Some(1), [2, 3], ());
        look()
    }
    assert_shows(
        &f(),
        "f",
        "empty = []
         three = [1, 2, 3]
         sixteen = [7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7]
         seventeen = [8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8] @-6
         nested = [[1, 2], [3, 4]]
         pair = (1, 'a')
         single = (1,)
         six = (1, 2, 3, 4, 5, 6.5)
         mixed = (Some(1), [2, 3], ())",
    );
}

#[test]
fn ranges() {
    #[crash_context]
    fn f() -> Report {
        let a = 1..5;
        let b = 'a'..='c';
        let c = 3_u8..;
        let d = ..4;
        let e = Some(1..2);
        look()
    }
    assert_shows(&f(), "f", "a = 1..5\nb = 'a'..='c'\nc = 3..\nd = ..4\ne = Some(1..2)");
}

#[test]
fn raw_pointers_show_where_they_point() {
    #[crash_context]
    fn f() -> Report {
        let nowhere = std::ptr::null::<String>();
        let dangling: *mut u8 = std::ptr::without_provenance_mut(0x40);
        let wide: *const [u8] = std::ptr::slice_from_raw_parts(std::ptr::without_provenance(0x10), 5);
        look()
    }
    assert_shows(&f(), "f", "nowhere = 0x0\ndangling = 0x40\nwide = 0x10");
}

#[test]
fn references_to_plain_types() {
    #[crash_context]
    fn f(number: &u8) -> Report {
        let local = 2;
        let one = number;
        let two = &local;
        let three = &&3;
        let pair = (one, two);
        look()
    }
    assert_shows(&f(&1), "f", "number = 1\nlocal = 2\none = 1\ntwo = 2\nthree = 3\npair = (1, 2)");
}

#[test]
fn types_that_are_known_late() {
    #[crash_context]
    fn f(text: &str) -> Report {
        let number = text.parse().unwrap();
        let takes = |number: u16| number;
        takes(number);
        let nothing = None;
        let zero = Default::default();
        let mut list = Vec::new();
        list.push('a');
        let empty = Vec::new();
        let _: Option<bool> = nothing;
        let _: (i8, i16) = zero;
        let _: &Vec<Silent> = &empty;
        look()
    }
    struct Silent;
    assert_shows(
        &f("7"),
        "f",
        "text = \"7\"
         number = 7
         takes: {{closure}}
         nothing = None
         zero = (0, 0)
         list = [] @-6
         empty: Vec<Silent>",
    );
}

#[test]
fn own_types_show_their_type() {
    #[derive(Debug, Clone, Copy)]
    struct Own(u8);
    #[derive(Debug)]
    enum Kind {
        One,
        Two { n: u8 },
    }
    struct Silent;
    #[crash_context]
    fn f() -> Report {
        let own = Own(1);
        let kind = Kind::Two { n: 1 };
        let silent = Silent;
        let maybe = Some(own);
        let array = [own; 2];
        let call = |n: u8| n;
        let dynamic: Box<dyn std::fmt::Debug> = Box::new(1);
        let reference = &own;
        let _ = Kind::One;
        look()
    }
    assert_shows(
        &f(),
        "f",
        "own: Own
         kind: Kind
         silent: Silent
         maybe: Option<Own>
         array: [Own; 2]
         call: {{closure}}
         dynamic: Box<dyn Debug>
         reference: &Own",
    );
}

#[test]
fn generic_locals() {
    #[crash_context]
    fn f<T: Copy + std::fmt::Debug, const N: usize>(value: T) -> Report {
        let copied = value;
        let array = [0_u8; N];
        let count = N;
        let size = size_of::<T>();
        look()
    }
    assert_shows(
        &f::<u8, 2>(1),
        "f",
        "value = 1
         copied: u8
         array = [0, 0] @-3
         count = 2
         size = 1",
    );
}

#[test]
fn constants_and_names_that_begin_with_an_underscore_are_left_out() {
    const LIMIT: u8 = 3;
    #[crash_context]
    fn f() -> Report {
        let _unused = 1;
        let (_, _b, c) = (1, 2, 3);
        static COUNT: u8 = 4;
        const INNER: u8 = 5;
        let sum = LIMIT + COUNT + INNER;
        look()
    }
    assert_shows(&f(), "f", "c = 3\nsum = 12");
}

#[test]
fn raw_and_foreign_names() {
    #[crash_context]
    fn r#match(r#type: u8) -> Report {
        let r#fn = 1;
        let größe = 2;
        look()
    }
    assert_shows(&r#match(0), "match", "type = 0\nfn = 1\ngröße = 2");
}
