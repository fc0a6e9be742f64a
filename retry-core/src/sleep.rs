//! Waiting. It knows nothing of policies: it is told how long.

use std::future::{Future, poll_fn};
use std::ops::ControlFlow;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

#[cfg(feature = "tokio")]
mod runtime;
#[cfg(feature = "tokio")]
mod thread_timer;
#[cfg(feature = "tokio")]
pub use runtime::{limit, sleep};

#[cfg(not(feature = "tokio"))]
mod no_runtime;
#[cfg(not(feature = "tokio"))]
pub use no_runtime::{limit, sleep};

/// Whether a test's recorder takes this wait, so that nothing sleeps.
#[must_use]
pub(crate) fn is_skipped(wait: Duration) -> bool {
    crate::testing::current().is_some_and(|recorder| {
        recorder.record(wait);
        true
    })
}

/// Blocks the thread, unless a test's recorder takes the wait.
pub fn block(wait: Duration) {
    if !is_skipped(wait) {
        std::thread::sleep(wait);
    }
}

/// What a timer says when it is done: `()`, or a [`ControlFlow`] whose `Break` means that the call is to give
/// up instead of trying again.
#[diagnostic::on_unimplemented(
    message = "`sleep = ..` waits with a function that returns `{Self}`",
    label = "expected `()` or `ControlFlow<()>`",
    note = "in an async function the timer returns a future of one of these, such as `tokio::time::sleep`"
)]
pub trait Waited {
    /// Whether the wait was stopped.
    fn is_stopped(&self) -> bool;
}

impl Waited for () {
    fn is_stopped(&self) -> bool {
        false
    }
}

impl<B, C> Waited for ControlFlow<B, C> {
    fn is_stopped(&self) -> bool {
        self.is_break()
    }
}

/// Runs a timer of the user's own in a blocking call; whether it was stopped.
pub fn block_with<W: Waited>(wait: Duration, timer: impl FnOnce(Duration) -> W) -> bool {
    !is_skipped(wait) && timer(wait).is_stopped()
}

/// What a timer of an async function returns: a future of what [`Waited`] takes.
#[diagnostic::on_unimplemented(
    message = "`sleep = ..` of an async function waits with a function that returns a future, not `{Self}`",
    label = "this timer returns `{Self}`",
    note = "a timer such as `tokio::time::sleep` returns a future of `()` or of `ControlFlow<()>`"
)]
pub trait Wait {
    /// Waits; whether it was stopped.
    fn stopped(self) -> impl Future<Output = bool>;
}

impl<F: Future> Wait for F
where
    F::Output: Waited,
{
    async fn stopped(self) -> bool {
        self.await.is_stopped()
    }
}

/// Runs a timer of the user's own in an async call; whether it was stopped.
pub async fn sleep_with<W: Wait>(wait: Duration, timer: impl FnOnce(Duration) -> W) -> bool {
    !is_skipped(wait) && timer(wait).stopped().await
}

/// An attempt's time limit where the user has a timer of their own: it is for waits, and counts the limit only
/// where there is no other.
#[cfg(feature = "tokio")]
pub fn limit_with<W: Wait>(limit: Duration, _timer: impl FnOnce(Duration) -> W) -> runtime::Limit {
    self::limit(limit)
}

/// An attempt's time limit where the user's own timer is the only one.
#[cfg(not(feature = "tokio"))]
pub async fn limit_with<W: Wait>(limit: Duration, timer: impl FnOnce(Duration) -> W) {
    timer(limit).stopped().await;
}

/// The first of an attempt and its time limit to be ready; the attempt where both are.
pub async fn race<F: Future, S: Future>(attempt: F, limit: S) -> Option<F::Output> {
    let mut attempt = pin!(attempt);
    let mut limit = pin!(limit);
    poll_fn(move |context| match attempt.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => limit.as_mut().poll(context).map(|_| None),
    })
    .await
}
