//! Waiting without blocking: on tokio's timer, or outside tokio on a thread's.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;

use super::thread_timer::ThreadTimer;

/// Waits without blocking: on tokio's timer, which is boxed so that a function's future stays small while
/// it does not wait.
pub fn sleep(wait: Duration) -> Sleep {
    Sleep(if super::is_skipped(wait) || wait.is_zero() {
        Kind::Yield(Yield::default())
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
    Timer(Pin<Box<Limit>>),
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
pub fn limit(wait: Duration) -> Limit {
    if tokio::runtime::Handle::try_current().is_ok() {
        Limit::Tokio { sleep: tokio::time::sleep(wait) }
    } else {
        Limit::Thread { timer: ThreadTimer::new(wait) }
    }
}

pin_project! {
    /// A time limit, counted from when it was made.
    #[derive(Debug)]
    #[project = LimitProjection]
    #[must_use = "a future does nothing unless it is awaited"]
    pub enum Limit {
        Tokio { #[pin] sleep: tokio::time::Sleep },
        Thread { timer: ThreadTimer },
    }
}

impl Future for Limit {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        match self.project() {
            LimitProjection::Tokio { sleep } => sleep.poll(context),
            LimitProjection::Thread { timer } => Pin::new(timer).poll(context),
        }
    }
}

/// Yields once: for a wait of nothing, so that a task that retries at once lets others run.
#[derive(Debug, Default)]
struct Yield {
    yielded: bool,
}

impl Future for Yield {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.yielded {
            return Poll::Ready(());
        }
        self.yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}
