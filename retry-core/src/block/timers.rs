//! How a block's policy waits, and how it limits attempts.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use crate::sleep::Waited;

/// Waits without blocking.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "this policy has no timer for an async block",
    label = "its `sleep` does not return a future",
    note = "turn on the feature `tokio` of `retry-core`, or give it a `sleep` that returns a future"
)]
pub trait AsyncTimer {
    /// Whether the wait was stopped.
    fn sleep(&self, wait: Duration) -> impl Future<Output = bool>;
}

/// Limits attempts.
#[doc(hidden)]
pub trait Limits<E> {
    /// The attempt, or what it gives when it takes too long.
    fn limit<T>(&self, attempt: impl Future<Output = Result<T, E>>) -> impl Future<Output = Result<T, E>> {
        attempt
    }
}

/// Waits by blocking the thread.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "this policy has no timer for a blocking block",
    label = "its `sleep` or `timeout` is for async blocks",
    note = "`timeout` limits the attempts of async blocks only: use `run`, or leave it out",
    note = "a `sleep` of your own has to block and return `()` or `ControlFlow<()>`"
)]
pub trait BlockingTimer {
    /// Whether the wait was stopped.
    fn block(&self, wait: Duration) -> bool;
}

/// Tokio's timer, or the thread's sleep.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct DefaultTimer;

#[cfg(feature = "tokio")]
impl AsyncTimer for DefaultTimer {
    async fn sleep(&self, wait: Duration) -> bool {
        crate::sleep::sleep(wait).await;
        false
    }
}

impl<E> Limits<E> for DefaultTimer {}

impl BlockingTimer for DefaultTimer {
    fn block(&self, wait: Duration) -> bool {
        crate::sleep::block(wait);
        false
    }
}

#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Timer<F>(pub(super) F);

#[diagnostic::do_not_recommend]
impl<F, W> AsyncTimer for Timer<F>
where
    F: Fn(Duration) -> W,
    W: Future,
    W::Output: Waited,
{
    async fn sleep(&self, wait: Duration) -> bool {
        crate::sleep::sleep_with(wait, &self.0).await
    }
}

impl<E, F> Limits<E> for Timer<F> {}

#[diagnostic::do_not_recommend]
impl<F: Fn(Duration) -> W, W: Waited> BlockingTimer for Timer<F> {
    fn block(&self, wait: Duration) -> bool {
        crate::sleep::block_with(wait, &self.0)
    }
}

/// A timer that also limits each attempt.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Limited<S, G> {
    pub(super) limit: Duration,
    pub(super) error: G,
    pub(super) timer: S,
}

impl<S: AsyncTimer, G> AsyncTimer for Limited<S, G> {
    fn sleep(&self, wait: Duration) -> impl Future<Output = bool> {
        self.timer.sleep(wait)
    }
}

#[cfg(feature = "tokio")]
impl<E, G: Fn() -> E> Limits<E> for Limited<DefaultTimer, G> {
    async fn limit<T>(&self, attempt: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let limit = crate::sleep::limit(self.limit);
        crate::sleep::race(pin!(attempt), pin!(limit)).await.unwrap_or_else(|| Err((self.error)()))
    }
}

impl<E, G: Fn() -> E, F: Fn(Duration) -> W, W: Future> Limits<E> for Limited<Timer<F>, G> {
    async fn limit<T>(&self, attempt: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let limit = crate::sleep::limit_with(self.limit, &self.timer.0);
        crate::sleep::race(pin!(attempt), pin!(limit)).await.unwrap_or_else(|| Err((self.error)()))
    }
}

/// Where `sleep` and `timeout` put what they are given, in either order.
#[doc(hidden)]
pub trait Slot: Sized {
    type Sleeping<F>;
    type Limiting<G>;
    fn sleeping<F>(self, timer: F) -> Self::Sleeping<F>;
    fn limiting<G>(self, limit: Duration, error: G) -> Self::Limiting<G>;
}

impl Slot for DefaultTimer {
    type Sleeping<F> = Timer<F>;
    type Limiting<G> = Limited<Self, G>;

    fn sleeping<F>(self, timer: F) -> Timer<F> {
        Timer(timer)
    }

    fn limiting<G>(self, limit: Duration, error: G) -> Limited<Self, G> {
        Limited { limit, error, timer: self }
    }
}

impl<F0> Slot for Timer<F0> {
    type Sleeping<F> = Timer<F>;
    type Limiting<G> = Limited<Self, G>;

    fn sleeping<F>(self, timer: F) -> Timer<F> {
        Timer(timer)
    }

    fn limiting<G>(self, limit: Duration, error: G) -> Limited<Self, G> {
        Limited { limit, error, timer: self }
    }
}

impl<S: Slot, G0> Slot for Limited<S, G0> {
    type Sleeping<F> = Limited<S::Sleeping<F>, G0>;
    type Limiting<G> = Limited<S, G>;

    fn sleeping<F>(self, timer: F) -> Self::Sleeping<F> {
        let Self { limit, error, timer: slot } = self;
        Limited { limit, error, timer: slot.sleeping(timer) }
    }

    fn limiting<G>(self, limit: Duration, error: G) -> Limited<S, G> {
        Limited { limit, error, timer: self.timer }
    }
}
