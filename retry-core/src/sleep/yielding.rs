//! Letting others run.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Lets others run once: for a wait of nothing, so that a task that retries at once is not alone in the world.
pub fn yielded() -> Yield {
    Yield::default()
}

/// Pending once.
#[derive(Debug, Default)]
#[must_use = "a future does nothing unless it is awaited"]
pub struct Yield {
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
