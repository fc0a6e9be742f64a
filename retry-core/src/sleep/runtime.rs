//! Waiting without blocking: on tokio's timer, or outside tokio on a thread's.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::task::unconstrained;

use super::thread_timer::ThreadTimer;
use super::yielding::{Yield, yielded};

/// Waits without blocking: on tokio's timer, which is boxed so that a function's future stays small while
/// it does not wait.
pub fn sleep(wait: Duration) -> Sleep {
    Sleep(if super::is_skipped(wait) || wait.is_zero() {
        Kind::Yield(yielded())
    } else {
        Kind::Timer(Box::pin(limit(wait)))
    })
}

/// A wait in an async call.
#[derive(Debug)]
#[must_use = "a future does nothing unless it is awaited"]
pub struct Sleep(Kind);

#[derive(Debug)]
enum Kind {
    Yield(Yield),
    Timer(Pin<Box<Limit<ThreadTimer>>>),
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        match &mut self.0 {
            Kind::Yield(this) => Pin::new(this).poll(context),
            Kind::Timer(this) => this.as_mut().poll(context),
        }
    }
}

/// An attempt's time limit, which a test's recorder has no part in. It is not boxed: it is there in every
/// attempt.
pub fn limit(wait: Duration) -> Limit<ThreadTimer> {
    limit_with(wait, ThreadTimer::new)
}

/// The same where the user has a timer of their own, which counts where there is no tokio runtime to do it.
pub fn limit_with<F: Future>(wait: Duration, timer: impl FnOnce(Duration) -> F) -> Limit<F> {
    if tokio::runtime::Handle::try_current().is_ok() {
        Limit::Tokio { sleep: tokio::time::sleep(wait) }
    } else {
        Limit::Other { timer: timer(wait) }
    }
}

pin_project! {
    /// A time limit, counted from when it was made.
    #[derive(Debug)]
    #[project = LimitProjection]
    #[must_use = "a future does nothing unless it is awaited"]
    pub enum Limit<F> {
        Tokio { #[pin] sleep: tokio::time::Sleep },
        Other { #[pin] timer: F },
    }
}

impl<F: Future> Future for Limit<F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        match self.project() {
            // An attempt that has used up the task's budget must not keep its own limit from being looked at.
            LimitProjection::Tokio { sleep } => Pin::new(&mut unconstrained(sleep)).poll(context),
            LimitProjection::Other { timer } => timer.poll(context).map(|_| ()),
        }
    }
}
