//! Telling calls that wait to stop waiting.

use std::ops::ControlFlow;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Tells blocking calls to stop waiting: at shutdown, or when a user presses *cancel*.
///
/// Clones share one state. A call that waits on a stopped token gives up at once and returns its last error.
/// (An async call needs none of this: drop its future.)
///
/// ```
/// use retry_core::{StopToken, retry};
///
/// # #[derive(Debug)] enum Error { Busy }
/// struct Device { stop: StopToken }
///
/// impl Device {
///     #[retry(Busy = 120, sleep = |wait| self.stop.sleep(wait))]
///     fn read(&self) -> Result<u8, Error> {
///         Err(Error::Busy)
///     }
/// }
///
/// let device = Device { stop: StopToken::new() };
/// let stop = device.stop.clone();
/// std::thread::spawn(move || stop.stop());
/// assert!(device.read().is_err()); // and not in two minutes
/// ```
#[derive(Debug, Clone, Default)]
pub struct StopToken(Arc<State>);

#[derive(Debug, Default)]
struct State {
    stopped: Mutex<bool>,
    changed: Condvar,
}

impl StopToken {
    /// A token that is not stopped.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends every wait on this token, now and later.
    pub fn stop(&self) {
        *self.0.stopped.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.changed.notify_all();
    }

    /// Whether it was told to stop.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        *self.0.stopped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Blocks for `wait`, or until the token is stopped, which gives `Break`.
    pub fn sleep(&self, wait: Duration) -> ControlFlow<()> {
        let until = Instant::now().checked_add(wait);
        let mut stopped = self.0.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if *stopped {
                return ControlFlow::Break(());
            }
            // A wait beyond what the clock can tell is taken a day at a time.
            let left = until
                .map_or(Duration::from_hours(24), |until| until.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return ControlFlow::Continue(());
            }
            stopped = self.0.changed.wait_timeout(stopped, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}
