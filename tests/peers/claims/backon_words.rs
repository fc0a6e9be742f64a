//! What the page `guide::coming_from` says of backon 1.6.0.

use std::cell::RefCell;
use std::time::Duration;

use backon::{
    BackoffBuilder, BlockingRetryable, ConstantBuilder, ExponentialBuilder, FibonacciBuilder, Retryable,
    RetryableWithContext,
};
use tokio::time::{Instant, sleep};

use crate::SECOND;

#[derive(Debug, PartialEq)]
struct Busy(u32);

/// Calls that always fail, with their number: how many there were.
async fn calls_of(builder: impl BackoffBuilder) -> u32 {
    let mut calls = 0;
    let call = || {
        calls += 1;
        let number = calls;
        async move { Err::<(), _>(Busy(number)) }
    };
    let Err(Busy(number)) = call.retry(builder).await else { unreachable!() };
    number
}

/// `max_times` counts retries: the first call is not one of them. The error is the last call's own.
#[tokio::test(start_paused = true)]
async fn max_times_counts_retries_and_is_three_unless_said() {
    assert_eq!(calls_of(ExponentialBuilder::default()).await, 4);
    assert_eq!(calls_of(ConstantBuilder::default()).await, 4);
    assert_eq!(calls_of(FibonacciBuilder::default()).await, 4);
    assert_eq!(calls_of(ExponentialBuilder::default().with_max_times(0)).await, 1);
}

#[test]
fn the_delays_unless_said() {
    let secs = |seconds: [u64; 3]| seconds.map(Duration::from_secs).to_vec();
    assert_eq!(ExponentialBuilder::default().build().collect::<Vec<_>>(), secs([1, 2, 4]));
    assert_eq!(ConstantBuilder::default().build().collect::<Vec<_>>(), secs([1, 1, 1]));
    assert_eq!(FibonacciBuilder::default().build().collect::<Vec<_>>(), secs([1, 1, 2]));
    let constant = ConstantBuilder::default().with_delay(SECOND * 7).build();
    assert_eq!(constant.collect::<Vec<_>>(), secs([7, 7, 7]));
    let long = ExponentialBuilder::default().with_max_times(9).build();
    assert_eq!(long.last(), Some(Duration::from_secs(60)), "the maximum");
}

/// Up to as much again, and none unless asked for.
#[test]
fn jitter_adds_up_to_the_delay() {
    let jittered: Vec<_> = (0..1000)
        .filter_map(|seed| ExponentialBuilder::default().with_jitter().with_jitter_seed(seed).build().next())
        .collect();
    let (least, most) = (jittered.iter().min().unwrap(), jittered.iter().max().unwrap());
    assert!(*least >= SECOND && *least < SECOND * 11 / 10, "{least:?}");
    assert!(*most < SECOND * 2 && *most > SECOND * 19 / 10, "{most:?}");
}

/// All errors are tried again unless `when` says otherwise.
#[tokio::test(start_paused = true)]
async fn every_error_is_tried_again_unless_when_says_no() {
    let mut calls = 0;
    let call = || {
        calls += 1;
        async { Err::<(), _>("no") }
    };
    let result = call.retry(ExponentialBuilder::default()).when(|error| *error == "busy").await;
    assert_eq!((result, calls), (Err("no"), 1));
}

/// `total_delay` limits the sum of the waits: what the calls take is not in it.
#[tokio::test(start_paused = true)]
async fn total_delay_does_not_count_the_calls() {
    let started = Instant::now();
    let call = || async {
        sleep(SECOND * 10).await;
        Err::<(), _>("busy")
    };
    let builder =
        ExponentialBuilder::default().with_factor(1.0).without_max_times().with_total_delay(Some(SECOND * 5));
    assert_eq!(call.retry(builder).await, Err("busy"));
    assert_eq!(started.elapsed(), SECOND * (6 * 10 + 5));
}

/// Told of an error and the wait before each retry.
#[tokio::test(start_paused = true)]
async fn notify_is_told_the_error_and_the_wait() {
    let told = RefCell::new(Vec::new());
    let call = || async { Err::<(), _>("busy") };
    let result = call
        .retry(ExponentialBuilder::default())
        .notify(|error, wait| told.borrow_mut().push((*error, wait.as_secs())))
        .await;
    assert_eq!((result, told.into_inner()), (Err("busy"), vec![("busy", 1), ("busy", 2), ("busy", 4)]));
}

/// `call` in place of `await`.
#[test]
fn blocking_calls_end_with_call() {
    let mut calls = 0;
    let call = || {
        calls += 1;
        Err::<(), _>(Busy(calls))
    };
    let result = call.retry(ConstantBuilder::default()).sleep(|_| ()).call();
    assert_eq!(result, Err(Busy(4)));
}

/// What is changed by the calls goes through `context` and comes back.
#[tokio::test(start_paused = true)]
async fn context_hands_on_what_calls_change() {
    let call = |calls: u32| async move { (calls + 1, Err::<(), _>("busy")) };
    let (calls, result) = call.retry(ExponentialBuilder::default()).context(0).await;
    assert_eq!((calls, result), (4, Err("busy")));
}
