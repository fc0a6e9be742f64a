//! A timer for async functions that no tokio runtime runs.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};

/// A wait outside tokio, where its timer would panic: a thread that sleeps and then wakes the task. A
/// thread a wait is fit for a command-line tool, not for thousands of tasks; those say `sleep = ..`.
#[derive(Debug)]
pub struct ThreadTimer {
    until: Option<Instant>,
    sleeper: Option<Sleeper>,
}

/// The thread, which ends when it is not needed any more.
#[derive(Debug)]
struct Sleeper {
    waker: Option<Arc<Mutex<Waker>>>,
    thread: Thread,
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        self.waker = None;
        self.thread.unpark();
    }
}

impl ThreadTimer {
    pub(super) fn new(wait: Duration) -> Self {
        // A time beyond what the clock can tell is never reached.
        Self { until: Instant::now().checked_add(wait), sleeper: None }
    }
}

impl Future for ThreadTimer {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Some(until) = self.until else { return Poll::Pending };
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Poll::Ready(());
        }
        if let Some(Sleeper { waker: Some(waker), .. }) = &self.sleeper {
            waker.lock().unwrap_or_else(PoisonError::into_inner).clone_from(context.waker());
            return Poll::Pending;
        }
        let waker = Arc::new(Mutex::new(context.waker().clone()));
        let woken = Arc::downgrade(&waker);
        let spawned = std::thread::Builder::new().name("retry-core timer".into()).spawn(move || {
            // Nobody is to be woken where the future has been dropped.
            while woken.strong_count() > 0 {
                let left = until.saturating_duration_since(Instant::now());
                if !left.is_zero() {
                    std::thread::park_timeout(left);
                } else if let Some(waker) = woken.upgrade() {
                    return waker.lock().unwrap_or_else(PoisonError::into_inner).wake_by_ref();
                }
            }
        });
        let Ok(spawned) = spawned else {
            std::thread::sleep(left);
            return Poll::Ready(());
        };
        self.sleeper = Some(Sleeper { waker: Some(waker), thread: spawned.thread().clone() });
        Poll::Pending
    }
}
