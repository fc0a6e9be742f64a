//! Threads that crash at once report one after the other.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// After this, a thread reports without its turn.
const PATIENCE: Duration = Duration::from_millis(400);

static TAKEN: Mutex<bool> = Mutex::new(false);
static FREE: Condvar = Condvar::new();

/// The right to report, kept until it is dropped.
pub(crate) struct Turn {
    ours: bool,
}

impl Turn {
    pub(crate) fn wait() -> Self {
        let taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = FREE.wait_timeout_while(taken, PATIENCE, |taken| *taken);
        let (mut taken, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let ours = !*taken;
        *taken = true;
        Self { ours }
    }

    /// Whether no other thread is reporting.
    pub(crate) fn is_ours(&self) -> bool {
        self.ours
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.ours {
            *TAKEN.lock().unwrap_or_else(PoisonError::into_inner) = false;
            FREE.notify_one();
        }
    }
}
