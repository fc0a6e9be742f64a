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
    /// The time now, with what a test's recorder skipped counted as passed. The machine's clock stands still for
    /// a recorder, so that a test comes out the same on a slow day; a runtime's is the test's own to pause.
    pub(crate) fn now(self) -> Instant {
        let Some(recorder) = crate::testing::current() else { return self.read() };
        let (started, skipped) = recorder.clock_read();
        let base = if self == Self::System { started } else { self.read() };
        base.checked_add(skipped).unwrap_or(base)
    }

    fn read(self) -> Instant {
        match self {
            #[cfg(feature = "tokio")]
            Self::Runtime => tokio::time::Instant::now().into_std(),
            _ => Instant::now(),
        }
    }

    pub(crate) fn since(self, start: Instant) -> Duration {
        self.now().saturating_duration_since(start)
    }
}
