//! The first edition: `::path` begins at the crate itself, there are no async functions, and `async`, `await`, `dyn`, `try`
//! and `gen` are names as any other.
#![deny(warnings)]
#![allow(bare_trait_objects)]

#[macro_use]
extern crate retry_core;

use retry_core::crash;
use retry_core::testing::record;
use retry_core::{Classification, RetryClassify};
use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

mod core {}

#[derive(Debug, PartialEq, RetryClassify)]
enum Failure {
    #[retry(after = 2)]
    Busy,
    #[retry(after = field(wait, or = 60, max = 10m))]
    SlowDown { wait: Option<u64> },
    #[retry(forward)]
    Inner(Inner),
}

#[derive(Debug, PartialEq, RetryClassify)]
#[retry(transient)]
struct Inner;

fn third(calls: &Cell<u32>) -> Result<u32, Failure> {
    calls.set(calls.get() + 1);
    match calls.get() {
        1 => Err(Failure::Busy),
        2 => Err(Failure::SlowDown { wait: Some(9) }),
        n => Ok(n),
    }
}

#[retry]
fn by_itself(calls: &Cell<u32>) -> ::std::result::Result<u32, ::Failure> {
    ::third(calls)
}

#[retry(
    Busy = 1,
    ::Failure::SlowDown = field(wait, or = 60, max = 10m),
    backoff = exp(base = 1s, cap = 1m, max = 3, jitter = none),
    deadline = ::std::time::Duration::from_secs(60),
    until = |n| *n == 3,
    attempt = n,
    on_retry = |event| assert!(event.attempt() < 3),
    on_success = |event| assert_eq!(event.attempt(), 3),
    clone(text),
)]
#[crash_context(text, ..)]
fn by_everything(calls: &Cell<u32>, text: String) -> Result<u32, Failure> {
    let gen = text.len() as u32;
    assert_eq!(gen, 4);
    drop(text);
    third(calls).map(|_| n.number())
}

#[retry]
#[crash_context]
fn future<'c>(calls: &'c Cell<u32>) -> Pin<Box<Future<Output = Result<u32, Failure>> + 'c>> {
    let result = third(calls);
    Box::pin(::std::future::ready(result))
}

#[crash_context(n, .., crate = ::retry_core)]
fn kept(n: u32) -> crash::Report {
    let twice = n * 2;
    assert_eq!(twice, 8);
    crash::report(&::std::fmt::Error).report
}

#[test]
fn every_macro() {
    let (_waits, calls) = (record(), Cell::new(0));
    assert_eq!((by_itself(&calls), calls.take()), (Ok(3), 3));
    assert_eq!((by_everything(&calls, "text".to_owned()), calls.take()), (Ok(3), 3));
    let policy = retry_policy!(Failure: Busy = 1, SlowDown = field(wait, or = 60), jitter = none);
    assert_eq!((policy.run_blocking(|_| third(&calls)), calls.take()), (Ok(3), 3));
    assert_eq!((retry_with!(policy, |_| third(&calls)), calls.take()), (Ok(3), 3));
    // Without a runtime: what would be waited is recorded, and comes back at once.
    let mut retried = future(&calls);
    let mut poll = || retried.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    let polled = [poll(), poll(), poll()];
    assert_eq!(polled, [Poll::Pending, Poll::Pending, Poll::Ready(Ok(3))]);
    assert_eq!(calls.take(), 3);
    assert_eq!(Failure::Inner(Inner).classify(), Classification::Transient);
}

#[test]
fn a_report() {
    let _crash = crash::reporter().quiet().install();
    let report = kept(4);
    let frame = report.frames.iter().find(|frame| frame.function.contains("kept")).expect("it is there");
    let names: Vec<_> = frame.variables.iter().map(|variable| &*variable.name).collect();
    assert_eq!(names, ["n", "twice"]);
}
