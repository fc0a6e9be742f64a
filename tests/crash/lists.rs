//! What the attribute is told: lists, `..`, and the options.

use std::cell::Cell;
use std::fmt::{self, Debug, Formatter};

use retry_core::crash::Report;
use retry_core::crash_context;

use crate::support::{assert_shows, block_on, look, values};

#[derive(Debug, Clone)]
struct Order {
    id: u32,
}

thread_local!(static ASKED: Cell<u32> = const { Cell::new(0) });

/// Counts how often it is asked, on this thread.
struct Counted(u8);

impl Debug for Counted {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        ASKED.set(ASKED.get() + 1);
        write!(f, "Counted({})", self.0)
    }
}

#[test]
fn a_name_is_shown_as_it_was_at_its_binding() {
    #[crash_context(order, local)]
    fn f(order: Order, rest: u8) -> Report {
        let local = Order { id: 2 };
        let other = 3;
        drop(order);
        look()
    }
    assert_shows(&f(Order { id: 1 }, 9), "f", "order = Order { id: 1 } @-4\nlocal = Order { id: 2 } @-3");
}

#[test]
fn a_reference_is_shown_as_it_is_at_the_crash() {
    #[crash_context(&cell, &local)]
    fn f(cell: Cell<u8>) -> Report {
        let local = Cell::new(1);
        cell.set(5);
        local.set(6);
        look()
    }
    assert_shows(&f(Cell::new(0)), "f", "cell = Cell { value: 5 }\nlocal = Cell { value: 6 }");
}

#[test]
fn the_rest_is_added() {
    #[crash_context(order, &counted, ..)]
    fn f(order: Order, n: u8, counted: Counted) -> Report {
        let text = "a".to_owned();
        let own = Order { id: 3 };
        look()
    }
    assert_shows(
        &f(Order { id: 1 }, 2, Counted(4)),
        "f",
        "order = Order { id: 1 } @-3
         n = 2
         counted = Counted(4)
         text = \"a\" @-2
         own: Order",
    );
}

#[test]
fn a_listed_name_is_kept_in_loops() {
    #[crash_context(order, text)]
    fn f() -> Option<Report> {
        for id in 0..3 {
            let order = Order { id };
            let text = format!("{id}");
            if id == 2 {
                return Some(look());
            }
        }
        None
    }
    assert_shows(&f().unwrap(), "f", "order = Order { id: 2 } @-3\ntext = \"2\" @-2");
}

#[test]
fn each_binding_of_a_listed_name() {
    #[crash_context(order)]
    fn f(order: Order) -> (Report, Report) {
        let inner = {
            let order = Order { id: order.id + 1 };
            look()
        };
        (inner, look())
    }
    let (inner, outer) = f(Order { id: 1 });
    assert_shows(&inner, "f", "order = Order { id: 2 } @-1");
    assert_shows(&outer, "f", "order = Order { id: 1 } @-5");
}

#[test]
fn a_borrow_in_a_block_ends_with_it() {
    #[crash_context(&order)]
    fn f() -> (Report, Report) {
        let inner = {
            let order = Order { id: 1 };
            look()
        };
        (inner, look())
    }
    let (inner, outer) = f();
    assert_shows(&inner, "f", "order = Order { id: 1 }");
    assert_shows(&outer, "f", "");
}

#[test]
fn a_borrow_in_a_loop() {
    #[crash_context(&order)]
    fn f() -> Vec<Report> {
        let mut reports = Vec::new();
        for id in 0..2 {
            let order = Order { id };
            reports.push(look());
        }
        reports
    }
    let reports = f();
    assert_shows(&reports[0], "f", "order = Order { id: 0 }");
    assert_shows(&reports[1], "f", "order = Order { id: 1 }");
}

#[test]
fn skip() {
    #[crash_context(skip(secret, local))]
    fn f(secret: u8, shown: u8) -> Report {
        let local = 1;
        let other = 2;
        look()
    }
    assert_shows(&f(1, 2), "f", "shown = 2\nother = 2");
}

#[test]
fn redact() {
    #[crash_context(redact(answer, own))]
    fn f(answer: u8, other: u8) -> Report {
        let own = Order { id: 1 };
        look()
    }
    assert_shows(&f(42, 2), "f", "answer = <redacted>\nother = 2\nown = <redacted>");
}

#[test]
fn redact_in_a_list() {
    #[crash_context(order, redact(answer))]
    fn f(answer: u8, order: Order, other: u8) -> Report {
        look()
    }
    assert_shows(&f(42, Order { id: 1 }, 2), "f", "answer = <redacted>\norder = Order { id: 1 } @-1");
}

#[test]
fn allow() {
    #[crash_context(allow(token))]
    fn f(token: u8) -> Report {
        look()
    }
    assert_shows(&f(42), "f", "token = 42");
}

#[test]
fn names_that_look_like_secrets() {
    #[derive(Debug)]
    struct User {
        name: &'static str,
        password: &'static str,
    }
    #[crash_context(listed, &borrowed, ..)]
    fn f(password: &str, api_key: String, user: &User, listed: User, borrowed: User, plain: u8) -> Report {
        let secret = 1;
        look()
    }
    let user = || User { name: "n", password: "hunter2" };
    let report = f("hunter2", "hunter2".into(), &user(), user(), user(), 1);
    let values = values(&report, "f");
    for (name, value) in &values {
        assert!(!value.contains("hunter2"), "{name}{value}");
    }
    for name in ["password", "api_key", "secret"] {
        assert!(values[name].starts_with(" = <redacted>"), "{values:#?}");
    }
    for name in ["user", "listed", "borrowed"] {
        assert!(values[name].contains("name: \"n\""), "{values:#?}");
    }
    assert_eq!(values["plain"], " = 1");
}

#[test]
fn limit() {
    #[crash_context(order, text, limit = 10, ..)]
    fn f(order: Order, text: String, argument: &str, array: [u32; 8], short: u8) -> Report {
        look()
    }
    let report = f(Order { id: 1 }, "a".repeat(99), &"b".repeat(99), [1; 8], 7);
    let values = values(&report, "f");
    let length = |name: &str| values[name].split(" @").next().unwrap().len();
    for name in ["order", "text", "argument", "array"] {
        assert!(length(name) <= " = ".len() + 10 + "...".len() + "... (99 bytes)".len(), "{values:#?}");
    }
    assert_eq!(values["short"], " = 7");
    assert_eq!(values["order"], " = Order { id... @-1");
}

#[test]
fn debug_lists_everything_that_is_debug() {
    struct Silent;
    #[crash_context(debug)]
    fn f(order: Order, silent: Silent, n: u8, reference: &Order) -> Report {
        let own = Order { id: 2 };
        let orders = vec![own.clone()];
        let text = "a".to_owned();
        let none = Silent;
        look()
    }
    assert_shows(
        &f(Order { id: 1 }, Silent, 3, &Order { id: 4 }),
        "f",
        "order = Order { id: 1 } @-5
         silent: Silent
         n = 3
         reference = Order { id: 4 }
         own = Order { id: 2 } @-4
         orders = [Order { id: 2 }] @-3
         text = \"a\" @-2
         none: Silent",
    );
}

#[test]
fn debug_in_loops_and_with_a_list() {
    #[crash_context(debug, &last, ..)]
    fn f() -> Option<Report> {
        let last = Order { id: 9 };
        for id in 0..3 {
            let order = Order { id };
            if id == 2 {
                return Some(look());
            }
        }
        None
    }
    assert_shows(&f().unwrap(), "f", "last = Order { id: 9 }\nid = 2\norder = Order { id: 2 } @-2");
}

#[test]
fn the_name_of_the_crate() {
    #[crash_context(crate = ::other_name)]
    fn absolute(n: u8) -> Report {
        look()
    }
    #[crash_context(n, crate = crate::kit::core)]
    fn within(n: u8) -> Report {
        look()
    }
    assert_shows(&absolute(1), "absolute", "n = 1");
    assert_shows(&within(1), "within", "n = 1 @-1");
}

#[test]
fn nothing_is_asked_that_is_not_listed() {
    #[crash_context]
    fn plain(reference: &Counted, owned: Counted) -> u8 {
        let local = Counted(1);
        reference.0 + owned.0 + local.0
    }
    #[crash_context(&reference, &owned, &local)]
    fn borrowed(reference: &Counted, owned: Counted) -> u8 {
        let local = Counted(1);
        reference.0 + owned.0 + local.0
    }
    #[crash_context(owned, local)]
    fn listed(reference: &Counted, owned: Counted) -> u8 {
        let local = Counted(1);
        for _ in 0..3 {
            let local = Counted(2);
        }
        reference.0 + owned.0 + local.0
    }
    ASKED.set(0);
    plain(&Counted(1), Counted(2));
    borrowed(&Counted(1), Counted(2));
    assert_eq!(ASKED.get(), 0);
    listed(&Counted(1), Counted(2));
    assert_eq!(ASKED.get(), 5);
}

#[test]
fn a_listed_debug_that_fails() {
    struct Panics;
    impl Debug for Panics {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            f.write_str("so far")?;
            panic!("in Debug")
        }
    }
    struct Fails;
    impl Debug for Fails {
        fn fmt(&self, _: &mut Formatter<'_>) -> fmt::Result {
            Err(fmt::Error)
        }
    }
    #[crash_context(panics, fails, ..)]
    fn f(panics: Panics, fails: Fails, reference: &Panics) -> Report {
        look()
    }
    assert_shows(
        &f(Panics, Fails, &Panics),
        "f",
        "panics = so far<Debug panicked> @-1
         fails = <Debug returned an error> @-1
         reference = <Debug panicked: in Debug> so far",
    );
}

#[test]
fn the_receiver_can_be_listed() {
    impl Order {
        #[crash_context(self)]
        fn by_value(self) -> Report {
            look()
        }
        #[crash_context(&self, n)]
        fn by_ref(&self, n: u8) -> Report {
            look()
        }
        #[crash_context(skip(self))]
        fn skipped(&self, n: u8) -> Report {
            look()
        }
    }
    assert_shows(&Order { id: 1 }.by_value(), "by_value", "self = Order { id: 1 } @-1");
    assert_shows(&Order { id: 1 }.by_ref(2), "by_ref", "self = Order { id: 1 }\nn = 2 @-1");
    assert_shows(&Order { id: 1 }.skipped(2), "skipped", "n = 2");
}

#[test]
fn a_name_with_an_underscore_is_kept_where_it_is_listed() {
    #[crash_context(_order, &_local)]
    fn f(_order: Order) -> Report {
        let _local = Order { id: 2 };
        look()
    }
    assert_shows(&f(Order { id: 1 }), "f", "_order = Order { id: 1 } @-2\n_local = Order { id: 2 }");
}

#[test]
fn a_listed_name_that_is_bound_later() {
    #[crash_context(order, ..)]
    fn f() -> Report {
        let order;
        order = Order { id: 1 };
        look()
    }
    assert_shows(&f(), "f", "order = Order { id: 1 } @-1");
}

#[test]
fn a_list_in_an_async_function() {
    #[crash_context(order, &cell, ..)]
    async fn f(order: Order, cell: Cell<u8>, n: u8) -> Report {
        cell.set(2);
        look()
    }
    let report = block_on(f(Order { id: 1 }, Cell::new(1), 3));
    assert_shows(&report, "f", "order = Order { id: 1 } @-2\ncell = Cell { value: 2 }\nn = 3");
}
