//! `#[crash_context]`: nothing is allocated, and nothing of the user's is run, while nothing crashes and nothing is listed.

use std::cell::Cell;
use std::collections::HashMap;
use std::fmt::{self, Debug, Formatter};
use std::rc::Rc;
use std::time::Duration;

use retry_core::crash_context;

use super::{allocations, polled, soon};

thread_local!(static ASKED: Cell<u32> = const { Cell::new(0) });

/// Notes that it is shown, or cloned.
struct Noted(u32);

fn note() {
    ASKED.set(ASKED.get() + 1);
}

impl Debug for Noted {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        note();
        f.write_str("Noted")
    }
}

impl Clone for Noted {
    fn clone(&self) -> Self {
        note();
        Self(self.0)
    }
}

impl PartialEq for Noted {
    fn eq(&self, _: &Self) -> bool {
        note();
        true
    }
}

/// How often a value was asked for something in the meantime, and how often something was allocated.
fn cost<T>(call: impl FnOnce() -> T) -> (u32, u64) {
    ASKED.set(0);
    let allocations = allocations(call);
    (ASKED.get(), allocations)
}

/// Made before anything is counted.
struct Given {
    noted: Noted,
    text: String,
    list: Vec<u64>,
    map: HashMap<String, Vec<u8>>,
    shared: Rc<Noted>,
    long: String,
    notes: Vec<Noted>,
}

impl Given {
    fn new() -> Self {
        Self {
            noted: Noted(1),
            text: "text".to_owned(),
            list: vec![7; 100_000],
            map: HashMap::from([("key".to_owned(), vec![1])]),
            shared: Rc::new(Noted(2)),
            long: "x".repeat(100_000),
            notes: vec![Noted(3)],
        }
    }

    #[crash_context]
    fn by_ref(&self, n: u8) -> u32 {
        let wait = Duration::from_secs(1);
        let noted = &self.noted;
        noted.0 + u32::from(n) + wait.subsec_nanos()
    }
}

#[crash_context]
fn references(noted: &Noted, text: &str, list: &[u64], map: &HashMap<String, Vec<u8>>, n: u32) -> u32 {
    let length = text.len() + list.len() + map.len();
    let some = Some((n, 'c', [1_u8; 3]));
    let mut sum = noted.0;
    for round in 0..10 {
        sum += round;
        let doubled = sum * 2;
        if let Some((n, ..)) = some {
            sum ^= n + doubled;
        }
    }
    sum + u32::try_from(length).unwrap_or_default()
}

#[crash_context]
fn owned(given: Given, text: String, list: Vec<u64>) -> (Given, String, Vec<u64>) {
    let Given { noted, text: inner, list: longer, map, shared, long, notes } = given;
    let count = notes.len() + list.len() + text.len();
    let part = &long[..count.min(3)];
    assert!(part.len() < 9);
    let again = Given { noted, text: inner, list: longer, map, shared, long, notes };
    (again, text, list)
}

#[crash_context]
fn generic<T: Debug + Clone>(value: T, values: &[T]) -> usize {
    let moved = value;
    let reference = &moved;
    let first = values.first();
    usize::from(first.is_some()) + size_of_val(reference)
}

#[crash_context]
async fn asynchronous(noted: &Noted, text: &str, n: u32) -> u32 {
    let before = n + noted.0;
    soon().await;
    let after = before + 1;
    let part = text;
    soon().await;
    after + u32::try_from(part.len()).unwrap_or_default()
}

#[crash_context(&noted, &local, ..)]
fn borrowed(noted: Noted, n: u32) -> u32 {
    let local = Noted(n);
    noted.0 + local.0
}

#[crash_context(skip(noted), redact(other))]
fn left_out(noted: Noted, other: Noted) -> u32 {
    noted.0 + other.0
}

#[crash_context(noted, local)]
fn listed(noted: Noted, n: u32) -> u32 {
    let local = Noted(n);
    noted.0 + local.0
}

#[crash_context(debug)]
fn with_debug(noted: Noted, reference: &Noted, n: u32) -> u32 {
    let local = Noted(n);
    let count = n + 1;
    noted.0 + local.0 + reference.0 + count
}

#[test]
fn nothing_that_is_not_listed_costs_anything() {
    let given = Given::new();
    assert_eq!(cost(|| references(&given.noted, &given.long, &given.list, &given.map, 3)), (0, 0));
    assert_eq!(cost(|| given.by_ref(1)), (0, 0));
    assert_eq!(cost(|| generic(1, &[2])), (0, 0));
    assert_eq!(cost(|| generic(&given.noted, &[])), (0, 0));
    assert_eq!(cost(|| borrowed(Noted(1), 2)), (0, 0));
    assert_eq!(cost(|| left_out(Noted(1), Noted(2))), (0, 0));
    let (text, list) = ("a".to_owned(), vec![1]);
    assert_eq!(cost(|| owned(given, text, list)), (0, 0));
}

#[test]
fn nor_in_a_future() {
    let (noted, text) = (Noted(1), "x".repeat(1000));
    ASKED.set(0);
    assert_eq!(polled(asynchronous(&noted, &text, 1)), 0);
    assert_eq!(ASKED.get(), 0);
}

#[test]
fn what_is_listed_is_shown_once_where_it_is_bound() {
    let (asked, allocated) = cost(|| listed(Noted(1), 2));
    assert_eq!(asked, 2);
    assert!((2..=6).contains(&allocated), "{allocated}");
    let (asked, _) = cost(|| with_debug(Noted(1), &Noted(2), 3));
    // The reference is kept as it is.
    assert_eq!(asked, 2);
}
