//! Beside `#[retry]`, in either order: each attempt has its frame, which says which attempt it is.

use std::cell::{Cell, RefCell};

use retry_core::crash::Report;
use retry_core::testing::record;
use retry_core::{crash_context, retry};
use tokio::task::yield_now;

use crate::support::{block_on, frame, frames, look, values};

#[derive(Debug, Clone, PartialEq)]
enum Failure {
    Busy,
}

#[crash_context]
#[retry(Busy = 1, attempts = 3)]
fn above(calls: &Cell<u32>, n: u8) -> Result<Report, Failure> {
    calls.set(calls.get() + 1);
    let call = calls.get() + u32::from(n) - 7;
    if call < 3 { Err(Failure::Busy) } else { Ok(look()) }
}

#[retry(Busy = 1, attempts = 3)]
#[crash_context]
fn below(calls: &Cell<u32>, n: u8) -> Result<Report, Failure> {
    calls.set(calls.get() + 1);
    let call = calls.get() + u32::from(n) - 7;
    if call < 3 { Err(Failure::Busy) } else { Ok(look()) }
}

#[crash_context]
#[retry(Busy = 1, attempts = 3)]
async fn above_async(calls: &Cell<u32>, n: u8) -> Result<Report, Failure> {
    calls.set(calls.get() + 1);
    let call = calls.get() + u32::from(n) - 7;
    yield_now().await;
    if call < 3 { Err(Failure::Busy) } else { Ok(look()) }
}

#[retry(Busy = 1, attempts = 3)]
#[crash_context]
async fn below_async(calls: &Cell<u32>, n: u8) -> Result<Report, Failure> {
    calls.set(calls.get() + 1);
    let call = calls.get() + u32::from(n) - 7;
    yield_now().await;
    if call < 3 { Err(Failure::Busy) } else { Ok(look()) }
}

fn check(report: &Report, function: &str) {
    assert_eq!(frames(report), [function]);
    let values = values(report, function);
    assert_eq!((&*values["n"], &*values["call"]), (" = 7", " = 3"));
    let attempt = frame(report, function).attempt.as_ref().expect("it says which attempt it is");
    assert_eq!((attempt.number, attempt.earlier.len()), (3, 2));
    assert!(attempt.earlier.iter().all(|earlier| earlier.contains("Busy")), "{attempt:?}");
}

#[test]
fn in_either_order() {
    let (_waits, calls) = (record(), Cell::new(0));
    check(&above(&calls, 7).unwrap(), "above");
    calls.set(0);
    check(&below(&calls, 7).unwrap(), "below");
}

#[test]
fn in_either_order_async() {
    let (_waits, calls) = (record(), Cell::new(0));
    check(&block_on(above_async(&calls, 7)).unwrap(), "above_async");
    calls.set(0);
    check(&block_on(below_async(&calls, 7)).unwrap(), "below_async");
}

#[test]
fn the_first_attempt() {
    let (_waits, calls) = (record(), Cell::new(2));
    for (report, function) in
        [(above(&calls, 7), "above"), (block_on(below_async(&Cell::new(2), 7)), "below_async")]
    {
        let report = report.unwrap();
        let attempt = frame(&report, function).attempt.as_ref().expect("it says which attempt it is");
        assert_eq!((attempt.number, attempt.earlier.len()), (1, 0));
    }
}

#[test]
fn a_call_within_a_call() {
    #[retry(Busy = 1)]
    #[crash_context]
    fn outer(calls: &Cell<u32>) -> Result<Report, Failure> {
        let inner_calls = Cell::new(1);
        let first = calls.replace(1) == 0;
        if first {
            return Err(Failure::Busy);
        }
        below(&inner_calls, 7)
    }
    let (_waits, calls) = (record(), Cell::new(0));
    let report = outer(&calls).unwrap();
    assert_eq!(frames(&report), ["outer", "below"]);
    let number = |function: &str| frame(&report, function).attempt.as_ref().unwrap().number;
    assert_eq!((number("outer"), number("below")), (2, 2));
}

#[test]
fn the_names_of_the_retry_attribute() {
    #[retry(Busy = 1, attempt = tries, clone(name))]
    #[crash_context]
    fn f(found: &RefCell<Vec<Report>>, name: String) -> Result<String, Failure> {
        let number = tries.number();
        found.borrow_mut().push(look());
        if number < 2 { Err(Failure::Busy) } else { Ok(name) }
    }
    let (_waits, found) = (record(), RefCell::new(Vec::new()));
    assert_eq!(f(&found, "a".into()).unwrap(), "a");
    let found = found.borrow();
    for (report, number) in found.iter().zip(1..) {
        assert_eq!(values(report, "f")["number"], format!(" = {number}"));
    }
    assert_eq!(found.len(), 2);
}
