//! A call that works at once allocates nothing: counted by an allocator of this process's own.

#[path = "../counting.rs"]
mod counting;
mod crash;

use std::cell::Cell;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use retry_core::{Attempt, Policy, retry, retry_policy, retry_with};

/// How often this thread allocated in the meantime.
fn allocations<T>(call: impl FnOnce() -> T) -> u64 {
    let before = counting::so_far();
    let value = call();
    let after = counting::so_far();
    drop(value);
    after - before
}

/// The same for a future, which is polled until it is there.
fn polled<T>(future: impl Future<Output = T>) -> u64 {
    allocations(|| {
        let mut future = pin!(future);
        for _ in 0..100 {
            if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                return value;
            }
        }
        unreachable!("it waits for something")
    })
}

#[derive(Debug, Clone, PartialEq)]
enum Error {
    Busy,
    Told { after: Option<u64> },
    Fatal,
}

/// Is there when it is polled for the second time.
async fn soon() {
    let mut polled = false;
    std::future::poll_fn(
        |_| if std::mem::replace(&mut polled, true) { Poll::Ready(()) } else { Poll::Pending },
    )
    .await;
}

#[retry(Busy = 120, Told = field(after, or = 60, max = 1h), backoff = exp(cap = 10m, max = 5))]
fn plain(result: &Result<u32, Error>) -> Result<u32, Error> {
    result.clone()
}

#[retry(Busy = 120, deadline = 1h, jitter = full)]
fn limited(result: &Result<u32, Error>) -> Result<u32, Error> {
    result.clone()
}

#[retry(
    Busy = 120, deadline = 1h, attempt = n, until = |value| *value > 0, sleep = std::thread::sleep,
    on_retry = |_| {}, on_give_up = |_| {}, on_success = |event| told.set(event.attempt())
)]
fn with_everything(result: &Result<u32, Error>, told: &Cell<u32>) -> Result<u32, Error> {
    let _: Attempt<'_, Error> = n;
    result.clone()
}

#[retry(Busy = 120, policy = policy)]
fn by_policy(policy: &Policy, result: &Result<u32, Error>) -> Result<u32, Error> {
    result.clone()
}

#[retry(until = |value| *value > 0)]
fn optional(value: Option<u32>) -> Option<u32> {
    value
}

#[retry(Busy = 120, Told = field(after), backoff = exp(max = 5))]
async fn plain_async(result: &Result<u32, Error>) -> Result<u32, Error> {
    soon().await;
    result.clone()
}

#[retry(Busy = 120, deadline = 1h)]
async fn limited_async(result: &Result<u32, Error>) -> Result<u32, Error> {
    soon().await;
    result.clone()
}

#[retry(Busy = 120, timeout = 5s => Error::Busy)]
async fn timed_async(result: &Result<u32, Error>) -> Result<u32, Error> {
    soon().await;
    result.clone()
}

#[retry(
    Busy = 120, deadline = 1h, attempt = n, timeout = 5s => Error::Busy, until = |value| *value > 0,
    on_retry = |_| {}, on_give_up = |_| {}, on_success = async |event| told.set(event.attempt())
)]
async fn everything_async(result: &Result<u32, Error>, told: &Cell<u32>) -> Result<u32, Error> {
    let _: Attempt<'_, Error> = n;
    soon().await;
    result.clone()
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| Box::new(1)), 1);
    assert_eq!(allocations(|| std::hint::black_box(1)), 0);
    assert_eq!(polled(async { vec![1] }), 1);
}

#[test]
fn a_blocking_call_that_works_allocates_nothing() {
    let (ok, told, policy) = (Ok(1), Cell::new(0), Policy::exponential().deadline(Duration::from_secs(9)));
    assert_eq!(allocations(|| plain(&ok)), 0);
    assert_eq!(allocations(|| limited(&ok)), 0);
    assert_eq!(allocations(|| with_everything(&ok, &told)), 0);
    assert_eq!(allocations(|| by_policy(&policy, &ok)), 0);
    assert_eq!(allocations(|| optional(Some(1))), 0);
    assert_eq!(told.get(), 1);
}

#[test]
fn a_block_that_works_allocates_nothing() {
    let ok = Ok(1);
    assert_eq!(allocations(|| retry_policy!(Error: Busy = 120, deadline = 1h)), 0);
    let policy = retry_policy!(Error: Busy = 120, deadline = 1h);
    assert_eq!(allocations(|| policy.run_blocking(|_| ok.clone())), 0);
    assert_eq!(allocations(|| retry_with!(policy, |_| ok.clone())), 0);
    assert_eq!(polled(policy.run(async |_| ok.clone())), 0);
    assert_eq!(polled(async { retry_with!(policy, async |_| ok.clone()) }), 0);
}

#[test]
fn an_async_call_that_works_allocates_nothing() {
    let (ok, told) = (Ok(1), Cell::new(0));
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let entered = runtime.enter();
    assert_eq!(polled(plain_async(&ok)), 0);
    assert_eq!(polled(limited_async(&ok)), 0);
    assert_eq!(polled(everything_async(&ok, &told)), 0);
    assert_eq!(polled(timed_async(&ok)), 0);
    assert_eq!(told.get(), 1);
    drop(entered);
    // And outside tokio.
    assert_eq!(polled(plain_async(&ok)), 0);
    assert_eq!(polled(limited_async(&ok)), 0);
}

#[test]
fn a_failure_allocates_little_and_the_number_of_retries_does_not_matter() {
    let calls = Cell::new(0);
    let policy =
        retry_policy!(Error: Busy = 1ns, Told = field(after), backoff = fixed(max = 1000, jitter = none));
    let failing = |times: u32| {
        calls.set(0);
        allocations(|| {
            policy.run_blocking(|_| {
                calls.set(calls.get() + 1);
                if calls.get() > times { Ok(()) } else { Err(Error::Busy) }
            })
        })
    };
    let once = failing(1);
    assert!(once <= 2, "{once}");
    assert_eq!(failing(500), once);
    for error in [Error::Fatal, Error::Told { after: Some(u64::MAX) }] {
        assert!(allocations(|| plain(&Err(error))) <= 1, "it gives up at once");
    }
}
