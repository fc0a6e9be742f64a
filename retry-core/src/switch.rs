//! The process-wide switch.

use std::sync::atomic::{AtomicBool, Ordering};

static ENABLED: AtomicBool = AtomicBool::new(true);

/// Turns retrying off, or on again, for the whole process.
///
/// While it is off every call makes one attempt and hands out what came of it; a call that is waiting now
/// finishes its wait and makes its next attempt, which is its last. For tests there is
/// [`testing`](crate::testing), which is not process-wide.
///
/// ```
/// retry_core::set_enabled(false);
/// assert!(!retry_core::is_enabled());
/// retry_core::set_enabled(true);
/// ```
pub fn set_enabled(enabled: bool) {
    ENABLED.store(enabled, Ordering::Relaxed);
}

/// Whether retrying is on, as it is unless [`set_enabled`] said otherwise.
#[must_use]
pub fn is_enabled() -> bool {
    ENABLED.load(Ordering::Relaxed)
}
