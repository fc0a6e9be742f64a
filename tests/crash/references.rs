//! References and what they point to: nothing is read that may be gone.

use std::cell::RefCell;

use retry_core::crash::Report;
use retry_core::crash_context;

use crate::support::{assert_shows, block_on, look, values};

#[derive(Debug, Clone)]
struct Order {
    id: u32,
    name: String,
}

fn order(id: u32) -> Order {
    Order { id, name: format!("order {id}") }
}

#[test]
fn a_local_reference_shows_its_type_whether_what_it_points_to_is_there_or_not() {
    #[crash_context]
    fn f() -> Report {
        let owner = order(1);
        let alive = &owner;
        let gone;
        {
            let short = order(2);
            gone = &short;
            assert_eq!(gone.id, 2);
        }
        let boxed = Box::new(order(3));
        let into_box = &*boxed;
        assert_eq!(into_box.id, 3);
        drop(boxed);
        look()
    }
    assert_shows(
        &f(),
        "f",
        "owner: Order
         alive: &Order
         gone: &Order
         boxed: Box<Order>
         into_box: &Order",
    );
}

#[test]
fn text_that_is_gone_is_shown_as_it_was() {
    #[crash_context]
    fn f() -> Report {
        let part;
        let number;
        let list;
        {
            let text = String::from("abc");
            part = &text[1..];
            number = &7;
            let numbers = vec![1, 2];
            list = &numbers[..];
            assert_eq!((part.len(), list.len()), (2, 2));
        }
        let overwritten = String::from("xyz");
        look()
    }
    assert_shows(
        &f(),
        "f",
        "part = \"bc\" @-7
         number = 7
         list = [1, 2] @-4
         overwritten = \"xyz\" @-1",
    );
}

#[test]
fn a_reference_into_a_list_that_moved_its_items() {
    #[crash_context]
    fn f(list: &mut Vec<u64>) -> Report {
        let first = &list[0];
        let copied = *first;
        list.extend([0; 1000]);
        look()
    }
    assert_shows(&f(&mut vec![7]), "f", "list = [7] @-4\nfirst = 7\ncopied = 7");
}

#[test]
fn an_argument_is_there_to_the_end() {
    #[crash_context]
    fn f(kept: &Order, text: &str, cell: &RefCell<Order>) -> Report {
        let kept_too = kept;
        cell.borrow_mut().name.push('!');
        drop(kept_too.clone());
        look()
    }
    let report = f(&order(1), &String::from("text"), &RefCell::new(order(2)));
    assert_shows(
        &report,
        "f",
        "kept = Order { id: 1, name: \"order 1\" }
         text = \"text\"
         cell = RefCell { value: Order { id: 2, name: \"order 2!\" } }
         kept_too: &Order",
    );
}

#[test]
fn an_argument_that_is_moved_or_taken_apart() {
    #[crash_context]
    fn f(order: Order, list: Vec<u8>, pair: (Order, u8), kept: Box<str>) -> Report {
        let Order { id, name } = order;
        drop(list);
        let (first, _) = pair;
        drop((name, first));
        look()
    }
    assert_shows(
        &f(order(1), vec![1], (order(2), 3), "kept".into()),
        "f",
        "order: Order
         list = [1] @-5
         pair: (Order, u8)
         kept = \"kept\" @-5
         id = 1
         name = \"order 1\" @-4
         first: Order",
    );
}

#[test]
fn a_reference_that_is_given_another_one() {
    #[crash_context]
    fn f<'a>(mut order: &'a Order, other: &'a Order, mut text: &'a str) -> Report {
        order = other;
        text = &other.name;
        look()
    }
    assert_shows(
        &f(&order(1), &order(2), "text"),
        "f",
        "order = Order { id: 1, name: \"order 1\" } @-3
         other = Order { id: 2, name: \"order 2\" }
         text = \"text\" @-3",
    );
}

#[test]
fn in_a_future_that_waits_in_between() {
    #[crash_context]
    async fn f(kept: &Order) -> Report {
        let gone = {
            let short = order(2);
            let reference = &short;
            tokio::task::yield_now().await;
            reference.id
        };
        tokio::task::yield_now().await;
        look()
    }
    assert_shows(&block_on(f(&order(1))), "f", "kept = Order { id: 1, name: \"order 1\" }\ngone = 2");
}

#[test]
fn a_borrow_that_was_asked_for_ends_before_its_value() {
    struct Looks<'a>(&'a RefCell<Option<Report>>);
    impl Drop for Looks<'_> {
        fn drop(&mut self) {
            *self.0.borrow_mut() = Some(look());
        }
    }
    #[crash_context(&order, &inner)]
    fn f(order: Order, found: &RefCell<Option<Report>>) -> Report {
        let looks = Looks(found);
        let report = {
            let inner = order.clone();
            look()
        };
        report
    }
    let found = RefCell::new(None);
    let report = f(order(1), &found);
    assert_shows(
        &report,
        "f",
        "order = Order { id: 1, name: \"order 1\" }\ninner = Order { id: 1, name: \"order 1\" }",
    );
    let at_the_end = values(found.borrow().as_ref().unwrap(), "f");
    assert!(!at_the_end.contains_key("inner"), "{at_the_end:?}");
}

#[test]
fn raw_pointers_are_not_followed() {
    #[crash_context]
    fn f(pointer: *const Order, wide: *mut [Order], optional: Option<std::ptr::NonNull<u8>>) -> Report {
        let local = pointer;
        look()
    }
    let dangling = std::ptr::without_provenance::<Order>(8);
    let wide = std::ptr::slice_from_raw_parts_mut(dangling.cast_mut(), 1_000_000);
    assert_shows(&f(dangling, wide, None), "f", "pointer = 0x8\nwide = 0x8\noptional = None\nlocal = 0x8");
}
