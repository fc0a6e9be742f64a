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
    /// The time now. For a test's recorder the machine's clock stands still, so that a test comes out the same on
    /// a slow day; a runtime's is the test's own to pause.
    pub(crate) fn now(self) -> Instant {
        let recorded = crate::testing::current().map(|recorder| recorder.clock_read());
        match (self, recorded) {
            #[cfg(feature = "tokio")]
            (Self::Runtime, recorded)
                if recorded.is_none() || tokio::runtime::Handle::try_current().is_ok() =>
            {
                tokio::time::Instant::now().into_std()
            }
            (_, Some(started)) => started,
            (_, None) => Instant::now(),
        }
    }

    pub(crate) fn since(self, start: Instant) -> Duration {
        self.now().saturating_duration_since(start)
    }
}
