//! Who waits: `sleep = ..`, stop tokens, and async calls that no tokio runtime runs.

use std::cell::RefCell;
use std::future::Future;
use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use retry_core::{GiveUp, Policy, RetryPolicy, StopToken, retry, retry_policy, retry_with};

use crate::support::ApiError::{self, Busy, Timeout};
use crate::support::{Script, paused, secs, virtually};

thread_local!(static SLEPT: RefCell<Vec<Duration>> = const { RefCell::new(Vec::new()) });

fn note(wait: Duration) {
    SLEPT.with_borrow_mut(|slept| slept.push(wait));
}

async fn note_async(wait: Duration) {
    tokio::task::yield_now().await;
    note(wait);
}

#[test]
fn a_timer_of_the_users_own_is_handed_the_waits() {
    #[retry(Timeout = 120, backoff = exp, jitter = none, sleep = note)]
    fn fetch(script: &Script<ApiError>) -> Result<u32, ApiError> {
        script.attempt()
    }
    #[retry(Timeout = 120, backoff = exp, jitter = none, sleep = note_async)]
    async fn fetch_async(script: &Script<ApiError>) -> Result<u32, ApiError> {
        script.attempt()
    }
    let script = || Script::of([const { Timeout }; 9]);
    let started = Instant::now();
    fetch(&script()).unwrap_err();
    assert_eq!(SLEPT.take(), secs([120, 240, 480]));
    virtually(fetch_async(&script())).unwrap_err();
    assert_eq!(SLEPT.take(), secs([120, 240, 480]));

    let policy = retry_policy!(ApiError: Timeout = 120, backoff = exp, jitter = none, sleep = note);
    let errors = script();
    policy.run_blocking(|_| errors.attempt()).unwrap_err();
    let errors = script();
    retry_with!(policy, |_| errors.attempt()).unwrap_err();
    assert_eq!(SLEPT.take(), secs([120, 240, 480, 120, 240, 480]));
    let policy = retry_policy!(ApiError: Timeout = 120, backoff = exp, jitter = none, sleep = note_async);
    let errors = script();
    block_on(policy.run(async |_| errors.attempt())).unwrap_err();
    assert_eq!(SLEPT.take(), secs([120, 240, 480]));
    assert!(started.elapsed() < Duration::from_secs(60), "nobody else has slept");
}

#[test]
fn a_timer_that_breaks_ends_the_call_with_its_last_error() {
    let stop_at_second = |slept: &mut u32| {
        *slept += 1;
        if *slept == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    #[retry(
        Timeout | Busy = 1, attempts = 9, jitter = none,
        sleep = |_| timer(slept),
        on_give_up = |event| reasons.push((event.reason().unwrap(), event.attempt(), event.error().cloned()))
    )]
    fn fetch(
        script: &Script<ApiError>,
        timer: impl Fn(&mut u32) -> ControlFlow<()>,
        slept: &mut u32,
        reasons: &mut Vec<(GiveUp, u32, Option<ApiError>)>,
    ) -> Result<u32, ApiError> {
        script.attempt()
    }
    let (script, mut reasons) = (Script::of([Timeout, Busy, Timeout]), Vec::new());
    assert_eq!(fetch(&script, stop_at_second, &mut 0, &mut reasons), Err(Busy));
    assert_eq!(script.calls(), 2);
    assert_eq!(reasons, [(GiveUp::Stopped, 2, Some(Busy))]);

    #[retry(Timeout = 1, sleep = async |_| ControlFlow::<u8>::Break(7), on_give_up = |event| reasons.push(event.reason()))]
    async fn fetch_async(
        script: &Script<ApiError>,
        reasons: &mut Vec<Option<GiveUp>>,
    ) -> Result<u32, ApiError> {
        script.attempt()
    }
    let mut reasons = Vec::new();
    let seen = paused([Timeout, Timeout], async |script| fetch_async(script, &mut reasons).await);
    assert_eq!((seen.calls, seen.result), (1, Err(Timeout)));
    assert_eq!(reasons, [Some(GiveUp::Stopped)]);

    let reasons = RefCell::new(Vec::new());
    let policy = RetryPolicy::new(Policy::new())
        .classify(|_: &ApiError| retry_core::Classification::Transient)
        .sleep(|_| ControlFlow::<()>::Break(()))
        .on_give_up(|event| reasons.borrow_mut().push(event.reason()));
    assert_eq!(policy.run_blocking(|_| Err::<(), _>(Busy)), Err(Busy));
    assert_eq!(*reasons.borrow(), [Some(GiveUp::Stopped)]);
}

#[test]
fn a_stopped_value_that_until_refused_is_returned() {
    #[retry(until = |n| *n > 9, sleep = |_| ControlFlow::<()>::Break(()))]
    fn optional(calls: &mut u32) -> Option<u32> {
        *calls += 1;
        Some(*calls)
    }
    #[retry(Timeout = 1, until = |n| *n > 9, sleep = |_| ControlFlow::<()>::Break(()), attempt = n)]
    fn result() -> Result<u32, ApiError> {
        Ok(n.number())
    }
    assert_eq!(optional(&mut 0), Some(1));
    assert_eq!(result(), Ok(1));
}

struct Device {
    stop: StopToken,
    calls: AtomicUsize,
}

impl Device {
    #[retry(Busy = 120, attempts = unlimited, sleep = |wait| self.stop.sleep(wait))]
    fn read(&self) -> Result<u8, ApiError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        Err(Busy)
    }

    fn new() -> Self {
        Self { stop: StopToken::new(), calls: AtomicUsize::new(0) }
    }
}

#[test]
fn a_stop_token_ends_a_wait_from_another_thread() {
    let device = Device::new();
    let started = Instant::now();
    thread::scope(|scope| {
        let call = scope.spawn(|| device.read());
        while device.calls.load(Ordering::SeqCst) == 0 {
            thread::yield_now();
        }
        device.stop.clone().stop();
        assert_eq!(call.join().unwrap(), Err(Busy));
    });
    assert!(started.elapsed() < Duration::from_secs(60));
    assert_eq!(device.calls.load(Ordering::SeqCst), 1);
    // It stays stopped: the next call makes its attempt, and does not wait.
    assert!(device.stop.is_stopped());
    assert_eq!(device.read(), Err(Busy));
    assert_eq!(device.calls.load(Ordering::SeqCst), 2);
}

#[test]
fn a_token_that_is_not_stopped_waits_its_time() {
    let stop = StopToken::new();
    let started = Instant::now();
    assert_eq!(stop.sleep(Duration::from_millis(20)), ControlFlow::Continue(()));
    assert!(started.elapsed() >= Duration::from_millis(20));
    assert_eq!(stop.sleep(Duration::ZERO), ControlFlow::Continue(()));
    stop.stop();
    assert_eq!(stop.sleep(Duration::ZERO), ControlFlow::Break(()));
    assert_eq!(stop.sleep(Duration::MAX), ControlFlow::Break(()));
}

#[test]
fn a_blocking_call_sleeps_on_its_thread() {
    #[retry(Timeout = 20ms, attempts = 3, jitter = none)]
    fn fetch() -> Result<(), ApiError> {
        Err(Timeout)
    }
    let started = Instant::now();
    fetch().unwrap_err();
    assert!(started.elapsed() >= Duration::from_millis(40));
}

#[test]
fn a_wait_of_nothing_lets_other_tasks_run() {
    #[retry(Timeout = 0, attempts = 3, jitter = none)]
    async fn fetch(done: &AtomicBool) -> Result<(), ApiError> {
        if done.load(Ordering::SeqCst) { Ok(()) } else { Err(Timeout) }
    }
    virtually(async {
        let done = Arc::new(AtomicBool::new(false));
        let other = tokio::spawn({
            let done = done.clone();
            async move { done.store(true, Ordering::SeqCst) }
        });
        fetch(&done).await.unwrap();
        other.await.unwrap();
    });
}

/// An executor that knows nothing of tokio.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

#[test]
fn outside_tokio_an_async_call_waits_too() {
    #[retry(Timeout = 20ms, attempts = 3, jitter = none, deadline = 1h, attempt = n)]
    async fn fetch() -> Result<u32, ApiError> {
        if n.number() < 3 { Err(Timeout) } else { Ok(n.number()) }
    }
    let started = Instant::now();
    assert_eq!(block_on(fetch()), Ok(3));
    assert!(started.elapsed() >= Duration::from_millis(40));
    let policy = retry_policy!(ApiError: Timeout = 20ms, jitter = none);
    assert_eq!(
        block_on(policy.run(async |attempt| if attempt.is_last() { Ok(1) } else { Err(Timeout) })),
        Ok(1)
    );
    assert!(started.elapsed() >= Duration::from_millis(100));
}

#[test]
fn outside_tokio_an_attempt_is_timed_out_too() {
    #[retry(Timeout = 1ms, attempts = 2, timeout = 30ms => Timeout)]
    async fn fetch(calls: &mut u32) -> Result<u32, ApiError> {
        *calls += 1;
        if *calls == 1 { std::future::pending().await } else { Ok(*calls) }
    }
    let started = Instant::now();
    assert_eq!(block_on(fetch(&mut 0)), Ok(2));
    assert!(started.elapsed() >= Duration::from_millis(30));
}

#[test]
fn outside_tokio_no_thread_outlives_the_wait_that_it_was_for() {
    fn timers() -> usize {
        let names = std::fs::read_dir("/proc/self/task")
            .unwrap()
            .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok());
        names.filter(|name| name.starts_with("retry-core")).count()
    }
    /// Waits once before it is there.
    async fn soon() {
        let mut polled = false;
        std::future::poll_fn(|context| {
            context.waker().wake_by_ref();
            if std::mem::replace(&mut polled, true) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
    #[retry(Timeout = 1, timeout = 1h => Timeout)]
    async fn quick() -> Result<u32, ApiError> {
        soon().await;
        Ok(1)
    }
    #[retry(Timeout = 1h)]
    async fn slow() -> Result<u32, ApiError> {
        Err(Timeout)
    }
    if !std::path::Path::new("/proc/self/task").exists() {
        return;
    }
    for _ in 0..10 {
        block_on(quick()).unwrap();
        let mut call = Box::pin(slow());
        assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    // Other tests have timers too, short ones; these would be there for an hour.
    let patience = Instant::now() + Duration::from_secs(20);
    while timers() > 0 {
        assert!(Instant::now() < patience, "{} threads are left", timers());
        thread::sleep(Duration::from_millis(5));
    }
}
