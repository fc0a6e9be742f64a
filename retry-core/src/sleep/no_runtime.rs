//! Stands where the feature `tokio` is off: the error that says so.

use std::future::{Future, Ready, ready};
use std::time::Duration;

/// Implemented by nothing: calling one of the functions below is the error that says what to do.
#[diagnostic::on_unimplemented(
    message = "an async function has no timer to wait with",
    note = "turn on the feature `tokio` of `retry-core`, or say `sleep = path` with a timer of your own"
)]
pub trait Timer {}

/// Tells that there is no timer.
pub fn sleep<T: Timer>(_: T) -> Ready<()> {
    ready(())
}

/// Tells that there is no timer.
pub fn limit<T: Timer>(_: T) -> Ready<()> {
    ready(())
}

/// An attempt's time limit by the user's own timer, the only one there is.
pub fn limit_with<F: Future>(wait: Duration, timer: impl FnOnce(Duration) -> F) -> F {
    timer(wait)
}
