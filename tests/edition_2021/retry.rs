//! Retried functions, blocks and classified errors in the editions before that of 2024.
#![deny(warnings)]

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use retry_core::testing::record;
use retry_core::{crash_context, retry, retry_policy, retry_with, Classification, RetryClassify};

#[derive(Debug, PartialEq, RetryClassify)]
enum Failure {
    #[retry(after = 2)]
    Busy,
    #[retry(after = field(r#gen, or = 60, max = 10m))]
    SlowDown { r#gen: Option<u64> },
    #[retry(when = self.is_soft(), transient)]
    r#Type(u8),
    #[retry(forward(r#match))]
    Inner { r#match: Inner, of: u8 },
}

impl Failure {
    fn is_soft(&self) -> bool {
        *self == Failure::r#Type(1)
    }
}

#[derive(Debug, PartialEq, RetryClassify)]
#[retry(transient)]
struct Inner;

/// Fails twice; the second time it says when.
fn third(calls: &Cell<u32>) -> Result<u32, Failure> {
    calls.set(calls.get() + 1);
    match calls.get() {
        1 => Err(Failure::Busy),
        2 => Err(Failure::SlowDown { r#gen: Some(9) }),
        n => Ok(n),
    }
}

#[retry]
fn by_itself(calls: &Cell<u32>) -> Result<u32, Failure> {
    third(calls)
}

#[retry(
    Busy | r#Type = 1,
    SlowDown = field(r#gen, or = 60, max = 10m),
    when(|failure: &Failure| *failure == Failure::r#Type(2)) = never,
    backoff = exp(base = 1s, cap = 1m, max = 3, jitter = none),
    deadline = 1h,
    until = |n| *n == 3,
    attempt = r#fn,
    on_retry = |event| assert!(event.attempt() < 3),
    on_give_up = |_| unreachable!("the third succeeds"),
    on_success = |event| assert_eq!(event.attempt(), 3),
    clone(r#type),
)]
#[crash_context(r#type, .., skip(r#loop))]
fn r#match(calls: &Cell<u32>, r#type: String, (r#loop, _): (u8, u8)) -> Result<u32, Failure> {
    let mut gen = u32::from(r#loop);
    gen += 1;
    assert_eq!((&*r#type, gen), ("text", 2));
    drop(r#type);
    third(calls).map(|_| r#fn.number())
}

#[retry(SlowDown = field(r#gen), timeout = 5s => Failure::Busy, attempt = n, on_retry = |_| ())]
#[crash_context]
async fn asynchronous(calls: &Cell<u32>, gen: u8) -> Result<u32, Failure> {
    tokio::task::yield_now().await;
    let n = third(calls)? + n.number() - 3 + u32::from(gen);
    Ok(n)
}

/// As it was written before there were async functions in traits.
trait Client {
    fn r#try<'c>(&'c mut self) -> Pin<Box<dyn Future<Output = Result<u32, Failure>> + 'c>>;
}

impl Client for Cell<u32> {
    #[retry]
    #[crash_context]
    fn r#try<'c>(&'c mut self) -> Pin<Box<dyn Future<Output = Result<u32, Failure>> + 'c>> {
        Box::pin(async move {
            let n = third(self)?;
            Ok(n)
        })
    }
}

#[retry(until = |n| *n > 2, backoff = fixed(base = 1s))]
fn until(calls: &Cell<u32>) -> Option<u32> {
    third(calls).ok()
}

/// The rest of a `match` and the tail of a body are dropped when these editions drop them.
#[retry]
#[crash_context]
fn tail(calls: &Cell<u32>, of: &std::cell::RefCell<Vec<u32>>) -> Result<usize, Failure> {
    of.borrow_mut().push(third(calls)?);
    match of.borrow().len() {
        0 => Err(Failure::Busy),
        n => Ok(n),
    }
}

#[tokio::test(start_paused = true)]
async fn every_macro() {
    let (waits, mut calls) = (record(), Cell::new(0));
    assert_eq!((by_itself(&calls), calls.take()), (Ok(3), 3));
    assert_eq!((r#match(&calls, "text".to_owned(), (1, 2)), calls.take()), (Ok(3), 3));
    assert_eq!((asynchronous(&calls, 0).await, calls.take()), (Ok(3), 3));
    assert_eq!((calls.r#try().await, calls.take()), (Ok(3), 3));
    assert_eq!((until(&calls), calls.take()), (Some(3), 3));
    assert_eq!((tail(&calls, &Default::default()), calls.take()), (Ok(1), 3));
    let policy = retry_policy!(Failure: Busy = 1, SlowDown = field(r#gen, or = 60), jitter = none);
    assert_eq!((policy.run_blocking(|_| third(&calls)), calls.take()), (Ok(3), 3));
    assert_eq!((retry_with!(policy, |_| third(&calls)), calls.take()), (Ok(3), 3));
    let result = retry_with!(policy, |r#try| {
        tokio::task::yield_now().await;
        third(&calls).map(|_| r#try.number())
    });
    assert_eq!((result, calls.take()), (Ok(3), 3));
    let rounded: Vec<_> = waits.delays().iter().map(Duration::as_secs).collect();
    assert_eq!(rounded, [2, 9, 1, 9, 2, 9, 2, 9, 1, 1, 2, 9, 1, 9, 1, 9, 1, 9]);
}

#[test]
fn the_derive() {
    assert_eq!(Failure::r#Type(1).classify(), Classification::Transient);
    assert_eq!(Failure::r#Type(2).classify(), Classification::Permanent);
    assert_eq!(Failure::Inner { r#match: Inner, of: 1 }.classify(), Classification::Transient);
    assert_eq!(Failure::SlowDown { r#gen: None }.classify(), Classification::After(Duration::from_secs(60)));
}
