//! What the tests fail with, and what counts their calls.

use std::sync::atomic::{AtomicU32, Ordering};

/// What the functions under test fail with.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum Failure {
    #[error("busy")]
    Busy,
    #[error("refused")]
    Refused,
    #[error("slow down for {wait} s")]
    SlowDown { wait: u64 },
    #[error("not a number")]
    Parse(#[from] std::num::ParseIntError),
}

/// Counts the calls of a function's body.
#[derive(Debug, Default)]
pub(crate) struct Calls(AtomicU32);

impl Calls {
    pub(crate) const fn new() -> Self {
        Self(AtomicU32::new(0))
    }

    /// One more call; which one it is.
    pub(crate) fn next(&self) -> u32 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// One more call, of which only the third succeeds, with its number.
    pub(crate) fn third(&self) -> Result<u32, Failure> {
        match self.next() {
            3 => Ok(3),
            _ => Err(Failure::Busy),
        }
    }

    /// The same after a real suspension, so that a future is dropped and made anew with something in it.
    pub(crate) async fn third_async(&self) -> Result<u32, Failure> {
        tokio::task::yield_now().await;
        self.third()
    }

    /// How many calls there were, from now on counted anew.
    pub(crate) fn take(&self) -> u32 {
        self.0.swap(0, Ordering::SeqCst)
    }
}
