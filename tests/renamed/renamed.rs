//! The dependency has another name.
#![deny(warnings)]

use std::cell::Cell;
use std::time::Duration;

use again::crash::{self, Shown};
use again::testing::record;
use again::{Classification, RetryClassify, crash_context, retry, retry_policy, retry_with};

#[derive(Debug, PartialEq, RetryClassify)]
#[retry(crate = ::again)]
enum Failure {
    #[retry(after = 2)]
    Busy,
    #[retry(after = field(wait, or = 60, max = 10m))]
    SlowDown { wait: Option<u64> },
    #[retry(forward)]
    Inner(Inner),
}

#[derive(Debug, PartialEq, RetryClassify)]
#[retry(transient, crate = ::again)]
struct Inner;

/// Fails twice; the second time it says when.
fn third(calls: &Cell<u32>) -> Result<u32, Failure> {
    calls.set(calls.get() + 1);
    match calls.get() {
        1 => Err(Failure::Busy),
        2 => Err(Failure::SlowDown { wait: Some(9) }),
        n => Ok(n),
    }
}

#[retry(crate = ::again)]
fn by_itself(calls: &Cell<u32>) -> Result<u32, Failure> {
    third(calls)
}

#[retry(
    Busy = 1,
    SlowDown = field(wait, or = 60, max = 10m),
    when(|failure: &Failure| *failure == Failure::Inner(Inner)) = never,
    backoff = exp(base = 1s, cap = 1m, max = 3, jitter = none),
    deadline = 1h,
    timeout = 5s => Failure::Busy,
    until = |n| *n == 3,
    attempt = n,
    on_retry = |event| assert!(event.attempt() < 3),
    on_give_up = async |_| unreachable!("the third succeeds"),
    on_success = |event| assert_eq!(event.attempt(), 3),
    clone(text),
    crate = ::again,
)]
#[crash_context(&text, .., crate = ::again)]
async fn by_everything(calls: &Cell<u32>, text: String) -> Result<u32, Failure> {
    tokio::task::yield_now().await;
    assert_eq!(text, "text");
    third(calls).map(|_| n.number())
}

#[retry(until = |n| *n > 2, crate = ::again)]
fn until(calls: &Cell<u32>) -> Option<u32> {
    third(calls).ok()
}

#[crash_context(n, .., crate = ::again)]
fn looked_at(n: u8, token: &str) -> crash::Report {
    let twice = u16::from(n) * 2;
    let _ = (twice, token.len());
    crash::report(&std::fmt::Error).report
}

#[tokio::test(start_paused = true)]
async fn every_macro() {
    let (waits, calls) = (record(), Cell::new(0));
    assert_eq!((by_itself(&calls), calls.take()), (Ok(3), 3));
    assert_eq!((by_everything(&calls, "text".to_owned()).await, calls.take()), (Ok(3), 3));
    assert_eq!((until(&calls), calls.take()), (Some(3), 3));
    let policy =
        retry_policy!(Failure: crate = ::again, Busy = 1, SlowDown = field(wait, or = 60), jitter = none);
    assert_eq!((policy.run_blocking(|_| third(&calls)), calls.take()), (Ok(3), 3));
    assert_eq!((retry_with!(crate = ::again, policy, |_| third(&calls)), calls.take()), (Ok(3), 3));
    let result = retry_with!(crate = ::again, policy, async |n| third(&calls).map(|_| n.number()));
    assert_eq!((result, calls.take()), (Ok(3), 3));
    let rounded: Vec<_> = waits.delays().iter().map(Duration::as_secs).collect();
    assert_eq!(rounded, [2, 9, 1, 9, 1, 1, 1, 9, 1, 9, 1, 9]);
    assert_eq!(Failure::Inner(Inner).classify(), Classification::Transient);
}

#[test]
fn a_report() {
    let _crash = crash::reporter().quiet().install();
    let report = looked_at(4, "secret");
    let frame = report.frames.iter().find(|frame| frame.function.contains("looked_at")).expect("it is there");
    let shown = frame.variables.iter().map(|variable| match &variable.value {
        Shown::Value { text, .. } => format!("{} = {text}", variable.name),
        other => format!("{}: {other:?}", variable.name),
    });
    assert_eq!(shown.collect::<Vec<_>>(), ["n = 4", "token: Redacted", "twice = 8"]);
}
