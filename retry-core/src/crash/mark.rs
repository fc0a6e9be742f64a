//! What this thread is doing for the reporter. A constant `Cell` with nothing to drop, because panics come from the
//! destructors of thread-locals too.

use std::cell::Cell;

/// What a panic on this thread is to be taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// The application's own: to be reported.
    Application,
    /// It is in the hook already.
    Reporting,
    /// It has reported this panic, and calls the hooks that were there before.
    PassingOn,
    /// A `Debug` of the user's is run while nothing has crashed; a panic in it is caught.
    Listing,
    /// A thread of the reporter's, which runs user code or its own.
    Helper,
    /// The forked child, which shows values.
    #[cfg_attr(any(not(unix), retry_core_without_fork), allow(dead_code))]
    Child,
}

thread_local! {
    static MARK: Cell<Mark> = const { Cell::new(Mark::Application) };
    static HAS_REPORTED: Cell<bool> = const { Cell::new(false) };
}

pub(crate) fn get() -> Mark {
    MARK.get()
}

pub(crate) fn set(mark: Mark) {
    MARK.set(mark);
}

/// Runs it under this mark.
pub(crate) fn during<R>(mark: Mark, run: impl FnOnce() -> R) -> R {
    struct Restore(Mark);
    impl Drop for Restore {
        fn drop(&mut self) {
            MARK.set(self.0);
        }
    }
    let _restore = Restore(MARK.replace(mark));
    run()
}

/// Runs a `Debug` of the user's while nothing has crashed. Where a panic cannot be caught it ends the process: then it is
/// whatever it would be without this, on the application's own threads a crash to be reported.
pub(crate) fn during_listing<R>(run: impl FnOnce() -> R) -> R {
    if cfg!(panic = "abort") { run() } else { during(Mark::Listing, run) }
}

/// Whether a panic on this thread was reported before.
pub(crate) fn has_reported() -> bool {
    HAS_REPORTED.get()
}

pub(crate) fn note_reported() {
    HAS_REPORTED.set(true);
}
