//! Waiting. It knows nothing of policies: it is told how long.

use std::future::{Future, poll_fn};
use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

mod yielding;
pub use yielding::yielded;

#[cfg(feature = "tokio")]
mod runtime;
#[cfg(feature = "tokio")]
mod thread_timer;
#[cfg(feature = "tower")]
pub(crate) use runtime::Sleep;
#[cfg(feature = "tokio")]
pub use runtime::{limit, limit_with, sleep};

#[cfg(not(feature = "tokio"))]
mod no_runtime;
#[cfg(not(feature = "tokio"))]
pub use no_runtime::{limit, limit_with, sleep};

/// Whether a test's recorder takes this wait, so that nothing sleeps.
#[must_use]
pub fn is_skipped(wait: Duration) -> bool {
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

/// A timer of the user's own; a function of its own so that a closure's argument has a type.
pub fn timer<W>(timer: impl FnOnce(Duration) -> W) -> impl FnOnce(Duration) -> W {
    timer
}

/// Runs a timer of the user's own in an async call; whether it was stopped.
pub(crate) async fn sleep_with<F: Future>(wait: Duration, timer: impl FnOnce(Duration) -> F) -> bool
where
    F::Output: Waited,
{
    if is_skipped(wait) {
        yielded().await;
        return false;
    }
    timer(wait).await.is_stopped()
}

/// The first of an attempt and its time limit to be ready; the attempt where both are. They stay where they
/// are: another layer around every attempt would use up the compiler's recursion limit in deep calls.
pub async fn race<F: Future, S: Future>(
    mut attempt: Pin<&mut F>,
    mut limit: Pin<&mut S>,
) -> Option<F::Output> {
    poll_fn(move |context| match attempt.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => limit.as_mut().poll(context).map(|_| None),
    })
    .await
}
