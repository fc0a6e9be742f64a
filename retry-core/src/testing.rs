//! For tests: waiting switched off, jitter made repeatable, and what would have been waited recorded.
//!
//! It holds for the test, not for the process: for the thread that calls [`record`] while the [`Recorder`]
//! lives, and for futures and threads that are handed a [`Handle`].
//!
//! ```
//! # use retry_core::retry;
//! # #[derive(Debug)] enum Error { Busy }
//! #[retry(Busy = 120, backoff = exp(max = 4), jitter = none)]
//! fn job() -> Result<(), Error> {
//!     Err(Error::Busy)
//! }
//!
//! let recorder = retry_core::testing::record();
//! assert!(job().is_err()); // at once
//! assert_eq!(recorder.delays(), [120, 240, 480].map(std::time::Duration::from_secs));
//! ```
//!
//! While a recorder holds, time stands still but for what is skipped, so that deadlines come out the same on a slow
//! machine; in a tokio runtime it is the runtime's clock that goes on, which a test pauses. A `sleep` of the function's
//! own is not called. A `timeout` is not skipped: it limits what the attempt really does. An error that tells a
//! `SystemTime` tells what is left of it in real time. What a call inside another one skips counts for the inner one
//! alone.
//!
//! `tokio::time::pause()` works too, without any of this: waits then pass in virtual time.

use std::cell::RefCell;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

thread_local! {
    /// Those that have been entered, of which the last one holds.
    static ENTERED: RefCell<Vec<Handle>> = const { RefCell::new(Vec::new()) };
}

/// The recorder that holds on this thread, if any.
pub(crate) fn current() -> Option<Handle> {
    ENTERED.try_with(|entered| entered.borrow().last().cloned()).ok().flatten()
}

/// Switches waiting off on this thread until the [`Recorder`] is dropped. Jitter is drawn from seed 0.
#[must_use = "waiting is off for as long as the recorder lives"]
pub fn record() -> Recorder {
    record_seeded(0)
}

/// The same with a seed of the test's own for jitter.
#[must_use = "waiting is off for as long as the recorder lives"]
pub fn record_seeded(seed: u64) -> Recorder {
    let shared = Shared {
        random: fastrand::Rng::with_seed(seed),
        delays: Vec::new(),
        random_draws: 0,
        clock_reads: 0,
        started: Instant::now(),
    };
    let handle = Handle(Arc::new(Mutex::new(shared)));
    Recorder { _entered: handle.enter(), handle }
}

/// Keeps waiting switched off on its thread, and tells what would have been waited.
#[derive(Debug)]
pub struct Recorder {
    handle: Handle,
    _entered: Entered,
}

impl Recorder {
    /// What would have been waited so far, in the order in which the waits were begun.
    #[must_use]
    pub fn delays(&self) -> Vec<Duration> {
        self.handle.delays()
    }

    /// The sum of it. What a call skips counts as passed for its own deadline and its own `elapsed`.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.handle.lock().delays.iter().copied().fold(Duration::ZERO, Duration::saturating_add)
    }

    /// How often the random source was drawn from.
    #[must_use]
    pub fn random_draws(&self) -> u64 {
        self.handle.lock().random_draws
    }

    /// How often the clock was looked at.
    #[must_use]
    pub fn clock_reads(&self) -> u64 {
        self.handle.lock().clock_reads
    }

    /// A handle for other threads and for spawned tasks.
    #[must_use]
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }
}

/// A [`Recorder`] as it can be handed to other threads and tasks.
#[derive(Debug, Clone)]
pub struct Handle(Arc<Mutex<Shared>>);

#[derive(Debug)]
struct Shared {
    random: fastrand::Rng,
    delays: Vec<Duration>,
    random_draws: u64,
    clock_reads: u64,
    started: Instant,
}

impl Handle {
    /// Makes the recorder hold on this thread too, until the guard is dropped.
    #[must_use = "the recorder holds on this thread for as long as the guard lives"]
    pub fn enter(&self) -> Entered {
        // A thread that is ending makes no more calls.
        let _ = ENTERED.try_with(|entered| entered.borrow_mut().push(self.clone()));
        Entered { handle: self.clone(), not_send: PhantomData }
    }

    /// Makes the recorder hold for a future, on whichever thread it is polled.
    ///
    /// ```
    /// # use retry_core::retry;
    /// # #[derive(Debug)] enum Error { Busy }
    /// # #[retry(Busy = 120)] async fn job() -> Result<(), Error> { Err(Error::Busy) }
    /// # #[tokio::main] async fn main() {
    /// let recorder = retry_core::testing::record();
    /// let task = tokio::spawn(recorder.handle().scope(job()));
    /// assert!(task.await.unwrap().is_err());
    /// assert_eq!(recorder.delays().len(), 3);
    /// # }
    /// ```
    pub async fn scope<F: Future>(self, future: F) -> F::Output {
        let mut future = pin!(future);
        std::future::poll_fn(move |context| self.poll(future.as_mut(), context)).await
    }

    fn poll<F: Future>(&self, future: Pin<&mut F>, context: &mut Context<'_>) -> Poll<F::Output> {
        let _entered = self.enter();
        future.poll(context)
    }

    /// What would have been waited so far, in the order in which the waits were begun.
    #[must_use]
    pub fn delays(&self) -> Vec<Duration> {
        self.lock().delays.clone()
    }

    pub(crate) fn record(&self, delay: Duration) {
        self.lock().delays.push(delay);
    }

    /// Counts a look at the clock; when the recorder was made.
    pub(crate) fn clock_read(&self) -> Instant {
        let mut shared = self.lock();
        shared.clock_reads += 1;
        shared.started
    }

    pub(crate) fn unit(&self) -> f64 {
        let mut shared = self.lock();
        shared.random_draws += 1;
        shared.random.f64()
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps a recorder in force on its thread.
#[derive(Debug)]
pub struct Entered {
    handle: Handle,
    /// It has to be dropped on the thread that it holds for.
    not_send: PhantomData<*const ()>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        // Not always the last one: guards may be dropped in any order. A thread that is ending has none left.
        let _ = ENTERED.try_with(|entered| {
            let mut entered = entered.borrow_mut();
            if let Some(this) = entered.iter().rposition(|handle| Arc::ptr_eq(&handle.0, &self.handle.0)) {
                entered.remove(this);
            }
        });
    }
}
