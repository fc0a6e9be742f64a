//! A library hands the runtime on.
#![deny(warnings)]

use std::cell::Cell;

use facade::retry_core::testing::record;
use facade::retry_core::{RetryClassify, crash_context, retry, retry_policy, retry_with};

#[derive(Debug, PartialEq, RetryClassify)]
#[retry(crate = ::facade::retry_core, default = transient)]
enum Failure {
    Busy,
}

fn third(calls: &Cell<u32>) -> Result<u32, Failure> {
    calls.set(calls.get() + 1);
    if calls.get() < 3 { Err(Failure::Busy) } else { Ok(calls.get()) }
}

#[retry(Busy = 1, on_retry = |_| (), deadline = 1h, crate = ::facade::retry_core)]
#[crash_context(crate = ::facade::retry_core)]
fn sync(calls: &Cell<u32>) -> Result<u32, Failure> {
    let n = third(calls)?;
    Ok(n)
}

#[crash_context(crate = ::facade::retry_core)]
#[retry(crate = ::facade::retry_core, attempt = n, timeout = 1s => Failure::Busy)]
async fn asynchronous(calls: &Cell<u32>) -> Result<u32, Failure> {
    third(calls).map(|_| n.number())
}

facade::retried!(Failure: Busy, made(calls) {
    match calls() {
        3 => Ok(3),
        _ => Err(Failure::Busy),
    }
});

#[tokio::test(start_paused = true)]
async fn every_macro() {
    let (_waits, calls) = (record(), Cell::new(0));
    assert_eq!((sync(&calls), calls.take()), (Ok(3), 3));
    assert_eq!((asynchronous(&calls).await, calls.take()), (Ok(3), 3));
    let next = || calls.replace(calls.get() + 1) + 1;
    assert_eq!((made(&next), calls.take()), (Ok(3), 3));
    let policy = retry_policy!(Failure: Busy = 1, crate = ::facade::retry_core);
    let result = retry_with!(crate = ::facade::retry_core, policy, |_| third(&calls));
    assert_eq!((result, calls.take()), (Ok(3), 3));
}
