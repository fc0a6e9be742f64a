//! The clock, which only calls that need to know how long they have taken look at.

use std::time::{Duration, Instant};

/// Whose time a call runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// The machine's monotonic clock.
    System,
    /// The clock of the tokio runtime, which a test may have paused; the machine's where there is none.
    Runtime,
}

impl Clock {
    /// The time now, with what a test's recorder skipped counted as passed.
    pub(crate) fn now(self) -> Instant {
        let now = match self {
            #[cfg(feature = "tokio")]
            Self::Runtime => tokio::time::Instant::now().into_std(),
            _ => Instant::now(),
        };
        match crate::testing::current() {
            Some(recorder) => now.checked_add(recorder.clock_read()).unwrap_or(now),
            None => now,
        }
    }

    pub(crate) fn since(self, start: Instant) -> Duration {
        self.now().saturating_duration_since(start)
    }
}
