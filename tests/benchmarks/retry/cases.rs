//! The same calls, retried in several ways: at most five attempts, 120 s after a timeout and twice that each time, up to a
//! tenth more. backon has one jitter, which is up to as much again; tryhard has none. The peers wait as long for `TooMany`
//! as for `Timeout`, one after the other, where `#[retry]` and the loop by hand wait for what the error tells, and for each
//! kind of error anew.

use std::cell::Cell;
use std::future::Future;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use retry_core::retry;
use tokio::runtime::Runtime;

use crate::case::{BARE, Case};

pub(crate) const BY_HAND: &str = "by hand";
pub(crate) const OURS: &str = "`#[retry]`";
const BACKON: &str = "backon";
const TRYHARD: &str = "tryhard";
const TOKIO_RETRY: &str = "tokio-retry2";

pub(crate) const SYNC: &str = "sync";
pub(crate) const READY: &str = "async, ready";
pub(crate) const YIELDS: &str = "async, yields once";
pub(crate) const SYNC_FAILS: &str = "sync, fails three times";
pub(crate) const ASYNC_FAILS: &str = "async, fails three times";

#[derive(Debug)]
enum Error {
    Timeout,
    TooMany { wait: u64 },
    Fatal,
}

/// What a call is about.
struct Job {
    value: u64,
    /// How many attempts are still to fail.
    fails: Cell<u32>,
}

type Outcome = Result<u64, Error>;

/// The work of one attempt: the same in all functions.
macro_rules! work {
    ($job:ident) => {{
        let fails = $job.fails.get();
        if fails > 0 {
            $job.fails.set(fails - 1);
            return Err(Error::Timeout);
        }
        if $job.value == u64::MAX {
            return Err(Error::TooMany { wait: black_box(7) });
        }
        if $job.value == u64::MAX - 1 {
            return Err(Error::Fatal);
        }
        Ok(black_box($job.value).wrapping_mul(3))
    }};
}

/// What the attribute's limits come to, written by hand.
#[derive(Default)]
struct ByHand {
    failures: u32,
    timeouts: u32,
}

impl ByHand {
    #[cold]
    fn delay(&mut self, error: &Error) -> Option<Duration> {
        self.failures += 1;
        if self.failures >= 5 {
            return None;
        }
        let delay = match error {
            Error::Timeout => {
                self.timeouts += 1;
                Duration::from_secs(120 << (self.timeouts - 1))
            }
            Error::TooMany { wait } => Duration::from_secs(*wait),
            Error::Fatal => return None,
        };
        Some(delay.mul_f64(1.0 + 0.1 * fastrand::f64()))
    }
}

const FIRST: Duration = Duration::from_secs(120);

const EXPONENTIAL: backon::ExponentialBuilder = backon::ExponentialBuilder::new()
    .with_min_delay(FIRST)
    .with_factor(2.0)
    .with_jitter()
    .without_max_delay()
    .with_max_times(4);

fn is_retried(error: &Error) -> bool {
    !matches!(error, Error::Fatal)
}

/// A timer that does not wait, and for which the delay has to be known.
fn no_sleep(delay: Duration) {
    black_box(delay);
}

/// The forms of a function that waits by this timer, and what the attribute is told of it.
macro_rules! blocking {
    ($name:ident $sleep:path $(, $option:ident = $timer:path)?) => {
        mod $name {
            use super::*;
            use backon::BlockingRetryable;

            #[inline(never)]
            pub(super) fn bare(job: &Job) -> Outcome {
                work!(job)
            }

            #[inline(never)]
            pub(super) fn by_hand(job: &Job) -> Outcome {
                let mut limits = ByHand::default();
                loop {
                    match (|| work!(job))() {
                        Err(error) => match limits.delay(&error) {
                            Some(delay) => $sleep(delay),
                            None => return Err(error),
                        },
                        done => return done,
                    }
                }
            }

            #[inline(never)]
            #[retry(Timeout = 120, TooMany = field(wait), backoff = exp(max = 5) $(, $option = $timer)?)]
            pub(super) fn annotated(job: &Job) -> Result<u64, Error> {
                work!(job)
            }

            #[inline(never)]
            pub(super) fn backon(job: &Job) -> Outcome {
                (|| bare(job)).retry(EXPONENTIAL).sleep($sleep).when(is_retried).call()
            }
        }
    };
}

blocking!(sleeping std::thread::sleep);
blocking!(unslept no_sleep, sleep = no_sleep);

/// The forms of an async function that does this before its work.
macro_rules! asynchronous {
    ($name:ident { $($before:tt)* }) => {
        mod $name {
            use super::*;
            use backon::Retryable;
            use tokio_retry2::strategy::{ExponentialFactorBackoff, jitter_with_bounds};
            use tokio_retry2::{Retry, RetryError};
            use tryhard::backoff_strategies::{BackoffStrategy, ExponentialBackoff};

            pub(super) async fn bare(job: &Job) -> Outcome {
                $($before)*
                work!(job)
            }

            pub(super) async fn by_hand(job: &Job) -> Outcome {
                let mut limits = ByHand::default();
                loop {
                    let attempt = async {
                        $($before)*
                        work!(job)
                    };
                    let delay = match attempt.await {
                        Err(error) => match limits.delay(&error) {
                            Some(delay) => delay,
                            None => return Err(error),
                        },
                        done => return done,
                    };
                    tokio::time::sleep(delay).await;
                }
            }

            #[retry(Timeout = 120, TooMany = field(wait), backoff = exp(max = 5))]
            pub(super) async fn annotated(job: &Job) -> Result<u64, Error> {
                $($before)*
                work!(job)
            }

            pub(super) async fn backon(job: &Job) -> Outcome {
                (|| bare(job)).retry(EXPONENTIAL).when(is_retried).await
            }

            pub(super) async fn tryhard(job: &Job) -> Outcome {
                let mut growing = ExponentialBackoff::new(FIRST);
                let delay = move |attempt, error: &Error| match is_retried(error) {
                    true => tryhard::RetryPolicy::Delay(growing.delay(attempt, error)),
                    false => tryhard::RetryPolicy::Break,
                };
                tryhard::retry_fn(|| bare(job)).retries(4).custom_backoff(delay).await
            }

            pub(super) async fn tokio_retry(job: &Job) -> Outcome {
                let strategy = ExponentialFactorBackoff::from_millis(120_000, 2.0);
                let strategy = strategy.map(jitter_with_bounds(1.0, 1.1)).take(4);
                let attempt = || async {
                    bare(job).await.map_err(|error| match is_retried(&error) {
                        true => RetryError::transient(error),
                        false => RetryError::permanent(error),
                    })
                };
                Retry::spawn(strategy, attempt).await
            }
        }
    };
}

asynchronous!(ready {});
asynchronous!(yielding {
    Yield(false).await;
});

/// Pending once.
struct Yield(bool);

impl Future for Yield {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}

pub(crate) fn cases() -> Vec<Case> {
    const MANY: u64 = 20_000;
    const FEW: u64 = 1_000;
    let case = |kind, calls, form, call| Case { kind, form, calls, prepare: || (), call };
    let sync = |form, call| case(SYNC, MANY, form, call);
    let ready = |form, call| case(READY, MANY, form, call);
    let yields = |form, call| case(YIELDS, MANY, form, call);
    let sync_fails = |form, call| case(SYNC_FAILS, MANY, form, call);
    let async_fails = |form, call| case(ASYNC_FAILS, FEW, form, call);
    vec![
        sync(BARE, || value(sleeping::bare(&job()))),
        sync(BY_HAND, || value(sleeping::by_hand(&job()))),
        sync(OURS, || value(sleeping::annotated(&job()))),
        sync(BACKON, || value(sleeping::backon(&job()))),
        ready(BARE, || polled(ready::bare(&job()))),
        ready(BY_HAND, || polled(ready::by_hand(&job()))),
        ready(OURS, || polled(ready::annotated(&job()))),
        ready(BACKON, || polled(ready::backon(&job()))),
        ready(TRYHARD, || polled(ready::tryhard(&job()))),
        ready(TOKIO_RETRY, || polled(ready::tokio_retry(&job()))),
        yields(BARE, || polled(yielding::bare(&job()))),
        yields(BY_HAND, || polled(yielding::by_hand(&job()))),
        yields(OURS, || polled(yielding::annotated(&job()))),
        yields(BACKON, || polled(yielding::backon(&job()))),
        yields(TRYHARD, || polled(yielding::tryhard(&job()))),
        yields(TOKIO_RETRY, || polled(yielding::tokio_retry(&job()))),
        sync_fails(BY_HAND, || value(unslept::by_hand(&failing()))),
        sync_fails(OURS, || value(unslept::annotated(&failing()))),
        sync_fails(BACKON, || value(unslept::backon(&failing()))),
        async_fails(BY_HAND, || paused(ready::by_hand(&failing()))),
        async_fails(OURS, || paused(ready::annotated(&failing()))),
        async_fails(BACKON, || paused(ready::backon(&failing()))),
        async_fails(TRYHARD, || paused(ready::tryhard(&failing()))),
        async_fails(TOKIO_RETRY, || paused(ready::tokio_retry(&failing()))),
    ]
}

fn job() -> Job {
    black_box(Job { value: 14, fails: Cell::new(0) })
}

fn failing() -> Job {
    black_box(Job { value: 14, fails: Cell::new(3) })
}

/// Every call works in the end.
fn value(outcome: Outcome) -> u64 {
    black_box(outcome).expect("it is within the limits")
}

#[inline(never)]
fn polled(future: impl Future<Output = Outcome>) -> u64 {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(outcome) = future.as_mut().poll(&mut context) {
            return value(outcome);
        }
    }
}

/// By a runtime whose clock is moved on to the next timer.
#[inline(never)]
fn paused(future: impl Future<Output = Outcome>) -> u64 {
    thread_local! {
        static RUNTIME: Runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime without input and output");
    }
    value(RUNTIME.with(|runtime| runtime.block_on(future)))
}

/// The bytes of the futures of one kind.
pub(crate) struct Sizes {
    pub(crate) kind: &'static str,
    pub(crate) forms: [(&'static str, usize); 6],
}

/// What the arguments are, which a retried function needs again for each attempt.
pub(crate) const ARGUMENTS: usize = size_of::<&Job>();

pub(crate) fn sizes() -> [Sizes; 2] {
    let size = |future: &dyn Future<Output = Outcome>| size_of_val(future);
    let job = &job();
    [
        Sizes {
            kind: READY,
            forms: [
                (BARE, size(&ready::bare(job))),
                (BY_HAND, size(&ready::by_hand(job))),
                (OURS, size(&ready::annotated(job))),
                (BACKON, size(&ready::backon(job))),
                (TRYHARD, size(&ready::tryhard(job))),
                (TOKIO_RETRY, size(&ready::tokio_retry(job))),
            ],
        },
        Sizes {
            kind: YIELDS,
            forms: [
                (BARE, size(&yielding::bare(job))),
                (BY_HAND, size(&yielding::by_hand(job))),
                (OURS, size(&yielding::annotated(job))),
                (BACKON, size(&yielding::backon(job))),
                (TRYHARD, size(&yielding::tryhard(job))),
                (TOKIO_RETRY, size(&yielding::tokio_retry(job))),
            ],
        },
    ]
}
