//! Code on a thread of its own: its panics are caught, and if it hangs, the thread is left to itself.

use crate::crash::mark::{self, Mark};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{any::Any, cell::Cell, fmt, io, thread};

/// Why there is no result.
#[derive(Debug)]
pub(crate) enum Failure {
    Panicked(String),
    TooLong(Duration),
    NoThread(io::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panicked(message) => write!(f, "panicked: {message}"),
            Self::TooLong(limit) => write!(f, "took longer than {} ms", limit.as_millis()),
            Self::NoThread(error) => write!(f, "was not run, as there is no thread for it: {error}"),
        }
    }
}

/// Runs it on a thread of its own, and waits for it no longer than that.
pub(crate) fn guarded<T: Send + 'static>(
    limit: Duration,
    run: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    start(run).and_then(|running| running.wait(limit))
}

/// Lets it run on a thread of its own.
pub(crate) fn start<T: Send + 'static>(
    run: impl FnOnce() -> T + Send + 'static,
) -> Result<Running<T>, Failure> {
    let slot = Arc::new(Slot::new());
    spawn(&slot, move || Some(run())).map_err(Failure::NoThread)?;
    Ok(Running(slot))
}

/// Something that runs on a thread of its own.
pub(crate) struct Running<T>(Arc<Slot<T>>);

impl<T> Running<T> {
    /// Waits for it no longer than that.
    pub(crate) fn wait(self, limit: Duration) -> Result<T, Failure> {
        self.0.wait(limit)
    }
}

/// The same for code of our own, which is not to be lost when the process is out of threads: it then runs here.
pub(crate) fn guarded_or_here<T: Send + 'static>(
    limit: Duration,
    run: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    let slot = Arc::new(Slot::new());
    let run = Arc::new(Mutex::new(Some(run)));
    let take = |run: &Mutex<Option<_>>| run.lock().unwrap_or_else(PoisonError::into_inner).take();
    let there = Arc::clone(&run);
    match spawn(&slot, move || take(&there).map(|run| run())) {
        Ok(()) => slot.wait(limit),
        Err(error) => take(&run).map(|run| run()).ok_or(Failure::NoThread(error)),
    }
}

/// The end of a `guarded` function that had nothing to return: its closure was taken elsewhere.
fn spawn<T: Send + 'static>(
    slot: &Arc<Slot<T>>,
    run: impl FnOnce() -> Option<T> + Send + 'static,
) -> io::Result<()> {
    let slot = Arc::clone(slot);
    let body = move || {
        mark::set(Mark::Helper);
        if cfg!(panic = "abort") {
            // A few bytes for the rest of a process that is about to end: a thread-local must have nothing to drop.
            WAITING.set(Some(Box::leak(Box::new(Arc::clone(&slot)))));
        }
        match panic::catch_unwind(AssertUnwindSafe(run)) {
            Ok(Some(result)) => slot.answer(Ok(result)),
            Ok(None) => {}
            Err(payload) => {
                slot.answer(Err(Failure::Panicked(message_of(&*payload))));
                // Dropping it may run user code, which may panic.
                std::mem::forget(payload);
            }
        }
    };
    thread::Builder::new().name("crash report".into()).spawn(body).map(drop)
}

/// What a caught panic said.
pub(crate) fn message_of(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a value that is no text").to_owned()
}

/// Where the result is waited for. A channel would do, but needs thread-locals that may be gone in a crash.
struct Slot<T> {
    answer: Mutex<Option<Result<T, Failure>>>,
    answered: Condvar,
}

impl<T> Slot<T> {
    fn new() -> Self {
        Self { answer: Mutex::new(None), answered: Condvar::new() }
    }

    fn answer(&self, answer: Result<T, Failure>) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
        self.answered.notify_all();
    }

    fn wait(&self, limit: Duration) -> Result<T, Failure> {
        let until = Instant::now() + limit;
        let mut answer = self.answer.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(answer) = answer.take() {
                return answer;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Failure::TooLong(limit));
            }
            answer = self.answered.wait_timeout(answer, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

trait Waiting {
    fn panicked(&self, message: String);
}

impl<T> Waiting for Arc<Slot<T>> {
    fn panicked(&self, message: String) {
        self.answer(Err(Failure::Panicked(message)));
    }
}

thread_local! {
    /// Set in builds where no panic can be caught.
    static WAITING: Cell<Option<&'static dyn Waiting>> = const { Cell::new(None) };
}

/// Whether a thread waits in the hook for ever: std then waits for ever for whoever wants to change the hook.
static PARKED: AtomicBool = AtomicBool::new(false);

/// Whether the hook can still be changed.
pub(crate) fn hook_is_free() -> bool {
    !PARKED.load(Ordering::Acquire)
}

/// A panic on a helper thread, in the hook. Where it cannot be caught, returning would end the process before its crash is
/// reported: the thread stays here instead.
pub(crate) fn on_helper(info: &PanicHookInfo<'_>, can_be_caught: bool) {
    if can_be_caught {
        return;
    }
    PARKED.store(true, Ordering::Release);
    if let Some(waiting) = WAITING.get() {
        waiting.panicked(info.payload_as_str().unwrap_or("a value that is no text").to_owned());
    }
    loop {
        thread::park();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_comes_back() {
        assert_eq!(guarded(Duration::from_secs(10), || 42).ok(), Some(42));
        assert_eq!(guarded_or_here(Duration::from_secs(10), || 42).ok(), Some(42));
    }

    #[test]
    fn what_hangs_is_left_behind() {
        let (release, hang) = std::sync::mpsc::channel::<()>();
        let failure = guarded(Duration::from_millis(20), move || hang.recv());
        assert_eq!(failure.map_err(|failure| failure.to_string()), Err("took longer than 20 ms".into()));
        drop(release);
    }
}
