//! Dropping a future ends the call: nothing goes on running for it.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use retry_core::{retry, retry_policy, retry_with};
use tokio::time::{sleep, timeout};

use crate::support::ApiError::{self, Timeout};
use crate::support::virtually;

/// What has happened to a call.
#[derive(Default)]
struct Seen {
    calls: AtomicUsize,
    alive: AtomicUsize,
    told: AtomicUsize,
}

impl Seen {
    fn counts(&self) -> (usize, usize, usize) {
        (self.calls.load(SeqCst), self.alive.load(SeqCst), self.told.load(SeqCst))
    }
}

/// Is there for as long as an attempt, or what a call holds, is.
struct Alive<'a>(&'a Seen);

impl<'a> Alive<'a> {
    fn new(seen: &'a Seen) -> Self {
        seen.alive.fetch_add(1, SeqCst);
        Self(seen)
    }
}

impl Drop for Alive<'_> {
    fn drop(&mut self) {
        self.0.alive.fetch_sub(1, SeqCst);
    }
}

/// Attempts of one second, waits of ten.
#[retry(
    Timeout = 10, jitter = none, attempts = unlimited,
    on_retry = |_| { seen.told.fetch_add(1, SeqCst); },
    on_give_up = |_| { seen.told.fetch_add(100, SeqCst); }
)]
async fn fetch(seen: &Seen, _held: Alive<'_>) -> Result<(), ApiError> {
    seen.calls.fetch_add(1, SeqCst);
    let _guard = Alive::new(seen);
    sleep(Duration::from_secs(1)).await;
    Err(Timeout)
}

async fn cancelled_after(seconds: u64) -> (usize, usize, usize) {
    let seen = Seen::default();
    let call = fetch(&seen, Alive::new(&seen));
    timeout(Duration::from_millis(seconds * 1000 + 500), call).await.unwrap_err();
    let counts = seen.counts();
    sleep(Duration::from_secs(3600)).await;
    assert_eq!(seen.counts(), counts, "it has gone on");
    counts
}

#[test]
fn dropped_during_an_attempt() {
    virtually(async {
        assert_eq!(cancelled_after(0).await, (1, 0, 0));
        assert_eq!(cancelled_after(11).await, (2, 0, 1));
    });
}

#[test]
fn dropped_during_a_wait() {
    virtually(async {
        assert_eq!(cancelled_after(1).await, (1, 0, 1));
        assert_eq!(cancelled_after(5).await, (1, 0, 1));
        assert_eq!(cancelled_after(14).await, (2, 0, 2));
    });
}

#[test]
fn an_aborted_task_is_gone() {
    virtually(async {
        let seen = Arc::new(Seen::default());
        let task = tokio::spawn({
            let seen = seen.clone();
            async move {
                let _ = fetch(&seen, Alive::new(&seen)).await;
            }
        });
        sleep(Duration::from_millis(1500)).await;
        assert_eq!(seen.counts(), (1, 1, 1));
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        assert_eq!(seen.counts(), (1, 0, 1));
        assert_eq!(Arc::strong_count(&seen), 1);
        assert_eq!(tokio::runtime::Handle::current().metrics().num_alive_tasks(), 0);
    });
}

#[test]
fn a_dropped_wait_leaves_no_timer() {
    /// Counts how often a task is woken.
    #[derive(Default)]
    struct Woken(AtomicUsize);
    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, SeqCst);
        }
    }
    #[retry(Timeout = 10, timeout = 5s => Timeout)]
    async fn waits() -> Result<(), ApiError> {
        Err(Timeout)
    }
    #[retry(Timeout = 10, timeout = 5s => Timeout)]
    async fn hangs() -> Result<(), ApiError> {
        std::future::pending().await
    }
    async fn woken(call: impl Future<Output = Result<(), ApiError>>, is_dropped: bool) -> usize {
        let woken = Arc::new(Woken::default());
        let mut call = Box::pin(call);
        let waker = Waker::from(woken.clone());
        assert!(call.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        let kept = (!is_dropped).then_some(call);
        sleep(Duration::from_secs(3600)).await;
        drop(kept);
        woken.0.load(SeqCst)
    }
    virtually(async {
        assert_eq!((woken(waits(), false).await, woken(waits(), true).await), (1, 0));
        assert_eq!((woken(hangs(), false).await, woken(hangs(), true).await), (1, 0));
    });
}

#[test]
fn an_attempt_that_times_out_is_dropped_before_the_wait() {
    #[retry(Timeout = 10, attempts = 2, jitter = none, timeout = 1s => Timeout, on_retry = |_| {
        assert_eq!(seen.counts().1, 0, "the attempt is still there");
        seen.told.fetch_add(1, SeqCst);
    })]
    async fn fetch(seen: &Seen) -> Result<(), ApiError> {
        seen.calls.fetch_add(1, SeqCst);
        let _guard = Alive::new(seen);
        std::future::pending().await
    }
    let seen = Seen::default();
    virtually(fetch(&seen)).unwrap_err();
    assert_eq!(seen.counts(), (2, 0, 1));
}

#[test]
fn blocks_are_dropped_like_functions() {
    let policy = retry_policy!(ApiError: Timeout = 10, jitter = none, attempts = unlimited);
    virtually(async {
        let seen = Seen::default();
        let run = policy.run(async |_| {
            seen.calls.fetch_add(1, SeqCst);
            let _guard = Alive::new(&seen);
            sleep(Duration::from_secs(1)).await;
            Err::<(), _>(Timeout)
        });
        timeout(Duration::from_millis(11_500), run).await.unwrap_err();
        assert_eq!(seen.counts(), (2, 0, 0));
        let inlined = async {
            retry_with!(policy, |_attempt| {
                seen.calls.fetch_add(1, SeqCst);
                let _guard = Alive::new(&seen);
                sleep(Duration::from_secs(1)).await;
                Err::<(), _>(Timeout)
            })
        };
        timeout(Duration::from_millis(1500), inlined).await.unwrap_err().to_string();
        assert_eq!(seen.counts(), (3, 0, 0));
        sleep(Duration::from_secs(3600)).await;
        assert_eq!(seen.counts(), (3, 0, 0));
    });
}

#[test]
fn a_future_that_is_never_polled_does_nothing() {
    let seen = Seen::default();
    drop(fetch(&seen, Alive::new(&seen)));
    assert_eq!(seen.counts(), (0, 0, 0));
    // Nor does one that is dropped at its first await.
    virtually(async {
        let mut call = Box::pin(fetch(&seen, Alive::new(&seen)));
        assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        assert_eq!(seen.counts(), (1, 2, 0));
        drop(call);
        assert_eq!(seen.counts(), (1, 0, 0));
    });
}

#[test]
fn a_panic_is_not_tried_again() {
    fn never(_: retry_core::Event<'_, ApiError>) {
        unreachable!("a panic is no error");
    }
    #[retry(Timeout = 10, on_retry = never, on_give_up = never)]
    fn panics(calls: &AtomicUsize) -> Result<(), ApiError> {
        calls.fetch_add(1, SeqCst);
        panic!("in the body")
    }
    let calls = AtomicUsize::new(0);
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| panics(&calls))).unwrap_err();
    std::panic::set_hook(hook);
    assert_eq!(panic.downcast_ref(), Some(&"in the body"));
    assert_eq!(calls.into_inner(), 1);
}
