//! The frame of an async function: on the stack of whatever thread polls it, while it is polled.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::chain::Frame;

pin_project! {
    /// A future whose frame is on the stack while it runs.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are polled"]
    pub struct Polled<'a, F> {
        frame: &'a Frame,
        #[pin]
        future: F,
    }
}

/// The body of an async function.
#[inline]
pub fn polled<F: Future>(frame: &Frame, future: F) -> Polled<'_, F> {
    Polled { frame, future }
}

impl<F: Future> Future for Polled<'_, F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let anchor = 0_u8;
        let _entered = this.frame.enter_at(&anchor);
        this.future.poll(context)
    }
}
