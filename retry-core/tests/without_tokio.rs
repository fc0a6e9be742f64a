//! The attribute without the feature `tokio`: run with `--no-default-features --features macros`.
#![cfg(not(feature = "tokio"))]
#![allow(missing_docs)]

use std::cell::RefCell;
use std::future::{Future, pending, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use retry_core::{retry, retry_policy, retry_with, testing};

#[derive(Debug, PartialEq)]
enum Error {
    Busy,
    Timeout,
}

fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

#[test]
fn sync_functions_wait_on_the_thread() {
    #[retry(Busy = 1ms, attempts = 2, attempt = n)]
    fn job() -> Result<u32, Error> {
        if n.number() == 2 { Ok(2) } else { Err(Error::Busy) }
    }
    assert_eq!(job(), Ok(2));
}

#[test]
fn async_functions_wait_by_the_timer_that_they_name() {
    #[retry(Busy = 3, attempts = 3, jitter = none, sleep = |wait| { waits.borrow_mut().push(wait); ready(()) })]
    async fn job(waits: &RefCell<Vec<Duration>>) -> Result<(), Error> {
        Err(Error::Busy)
    }
    let waits = RefCell::default();
    assert_eq!(run(job(&waits)), Err(Error::Busy));
    assert_eq!(waits.into_inner(), [Duration::from_secs(3); 2]);
}

#[test]
fn that_timer_counts_the_time_limit_too() {
    #[retry(Timeout = never, timeout = 5s => Error::Timeout, sleep = |_| ready(()))]
    async fn job() -> Result<(), Error> {
        pending().await
    }
    assert_eq!(run(job()), Err(Error::Timeout));
}

#[test]
fn blocks_run_with_a_timer_of_their_own() {
    let delays = retry_policy!(Error: Busy = 1, sleep = |_| ready(()));
    let attempts = run(async {
        retry_with!(delays, async |attempt| if attempt.number() < 3 {
            Err(Error::Busy)
        } else {
            Ok(attempt.number())
        })
    });
    assert_eq!(attempts, Ok(3));
    assert_eq!(run(delays.run(async |_| Ok(1))), Ok(1));
}

#[test]
fn a_recorder_skips_what_an_async_function_would_wait() {
    #[retry(Busy = 100, attempts = 2, jitter = none, deadline = 100, sleep = |_| pending::<()>())]
    async fn job() -> Result<(), Error> {
        Err(Error::Busy)
    }
    let recorder = testing::record();
    assert_eq!(run(job()), Err(Error::Busy));
    assert_eq!(recorder.delays(), [Duration::from_secs(100)]);
}
