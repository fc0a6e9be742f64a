//! `retry_core::testing`: waiting off for a test, and for nobody else.

use std::thread;
use std::time::{Duration, Instant};

use retry_core::{retry, testing};

use crate::support::ApiError::{self, Timeout};
use crate::support::{secs, virtually};

#[retry(Timeout = 30, backoff = exp(max = 4), jitter = none)]
fn job() -> Result<(), ApiError> {
    Err(Timeout)
}

#[retry(Timeout = 30, backoff = exp(max = 4), jitter = none)]
async fn job_async() -> Result<(), ApiError> {
    tokio::task::yield_now().await;
    Err(Timeout)
}

#[retry(Timeout = 30, backoff = exp(max = 6))]
fn jittered() -> Result<(), ApiError> {
    Err(Timeout)
}

/// Really waits.
#[retry(Timeout = 20ms, attempts = 2, jitter = none)]
fn quick() -> Result<(), ApiError> {
    Err(Timeout)
}

/// Whether calls wait. A busy machine may make any of them slow, but hardly one after the other.
fn is_waiting() -> bool {
    (0..3).all(|_| {
        let started = Instant::now();
        quick().unwrap_err();
        started.elapsed() >= Duration::from_millis(20)
    })
}

#[test]
fn what_would_be_waited_is_recorded_in_order() {
    let recorder = testing::record();
    let started = Instant::now();
    assert_eq!(job(), Err(Timeout));
    assert_eq!(recorder.delays(), secs([30, 60, 120]));
    assert_eq!(recorder.total(), Duration::from_secs(210));
    assert_eq!(recorder.handle().delays(), recorder.delays());
    virtually(job_async()).unwrap_err();
    assert_eq!(recorder.delays(), secs([30, 60, 120, 30, 60, 120]));
    assert!(started.elapsed() < Duration::from_secs(20));
    drop(recorder);
    assert!(is_waiting(), "it ends with the recorder");
}

#[test]
fn other_threads_wait_on() {
    let recorder = testing::record();
    assert!(!is_waiting());
    assert!(thread::spawn(is_waiting).join().unwrap());
    let handle = recorder.handle();
    let entered = thread::spawn(move || {
        let entered = handle.enter();
        let during = is_waiting();
        drop(entered);
        (during, is_waiting())
    });
    assert_eq!(entered.join().unwrap(), (false, true));
    assert!(recorder.delays().len() >= 2);
}

#[test]
fn the_innermost_recorder_holds() {
    let outer = testing::record();
    job().unwrap_err();
    {
        let inner = testing::record();
        quick().unwrap_err();
        assert_eq!(inner.delays(), [Duration::from_millis(20)]);
    }
    job().unwrap_err();
    assert_eq!(outer.delays(), secs([30, 60, 120, 30, 60, 120]));
    drop(outer);
    assert!(is_waiting());
}

#[test]
fn recorders_may_be_dropped_in_any_order() {
    let first = testing::record();
    let second = testing::record();
    drop(first);
    quick().unwrap_err();
    assert_eq!(second.delays().len(), 1, "the other one still holds");
    drop(second);
    assert!(is_waiting(), "a recorder that is gone holds again");
}

#[test]
fn a_panicking_test_leaves_nothing_behind() {
    let panicked = thread::spawn(|| {
        let caught = std::panic::catch_unwind(|| {
            let _recorder = testing::record();
            std::panic::resume_unwind(Box::new("a failed assertion"));
        });
        (caught.is_err(), is_waiting())
    });
    assert_eq!(panicked.join().unwrap(), (true, true));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scope_goes_with_the_future_to_whichever_thread() {
    let recorder = testing::record();
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            tokio::spawn(recorder.handle().scope(async {
                for _ in 0..5 {
                    job_async().await.unwrap_err();
                }
            }))
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(recorder.delays().len(), 8 * 5 * 3);
    assert_eq!(recorder.total(), Duration::from_secs(210 * 40));
    // A task beside it waits.
    assert!(tokio::task::spawn_blocking(is_waiting).await.unwrap());
}

#[test]
fn a_scope_ends_where_its_future_does() {
    let recorder = testing::record_seeded(1);
    let handle = recorder.handle();
    drop(recorder);
    virtually(async {
        let started = tokio::time::Instant::now();
        handle.clone().scope(job_async()).await.unwrap_err();
        assert_eq!(started.elapsed(), Duration::ZERO);
        job_async().await.unwrap_err();
        assert_eq!(started.elapsed(), Duration::from_secs(210));
        // Two futures on one thread, each with its own.
        let (one, two) = (testing::record().handle(), testing::record().handle());
        let joined = async { tokio::join!(one.clone().scope(job_async()), two.clone().scope(job_async())) };
        let _ = joined.await;
        assert_eq!(
            (one.delays(), two.delays()),
            (secs([30, 60, 120]).to_vec(), secs([30, 60, 120]).to_vec())
        );
    });
}

#[test]
fn the_same_seed_draws_the_same_jitter() {
    let drawn = |seed| {
        let recorder = testing::record_seeded(seed);
        jittered().unwrap_err();
        jittered().unwrap_err();
        recorder.delays()
    };
    assert_eq!(drawn(7), drawn(7));
    assert_ne!(drawn(7), drawn(8));
    let recorder = testing::record();
    jittered().unwrap_err();
    assert_eq!(recorder.delays(), drawn(0)[..5]);
    assert_eq!(recorder.random_draws(), 5);
    // On another thread the same.
    assert_eq!(thread::spawn(move || drawn(7)).join().unwrap(), drawn(7));
}

#[test]
fn a_user_timer_is_not_called_either() {
    fn timer(_: Duration) {
        panic!("it is called")
    }
    async fn timer_async(wait: Duration) {
        timer(wait);
    }
    #[retry(Timeout = 30, sleep = timer)]
    fn fetch() -> Result<(), ApiError> {
        Err(Timeout)
    }
    #[retry(Timeout = 30, sleep = timer_async)]
    async fn fetch_async() -> Result<(), ApiError> {
        Err(Timeout)
    }
    let recorder = testing::record();
    fetch().unwrap_err();
    virtually(fetch_async()).unwrap_err();
    assert_eq!(recorder.delays().len(), 6);
}

#[test]
fn nothing_that_works_at_once_looks_at_the_clock_or_draws() {
    #[retry(Timeout = 30, backoff = exp(cap = 1h, max = 9), until = |n| *n > 0)]
    fn plain(result: Result<u8, ApiError>) -> Result<u8, ApiError> {
        result.clone()
    }
    #[retry(Timeout = 30, backoff = exp(cap = 1h, max = 9), timeout = 5s => Timeout)]
    async fn plain_async(result: Result<u8, ApiError>) -> Result<u8, ApiError> {
        result.clone()
    }
    #[retry(Timeout = 30, deadline = 1h)]
    fn limited(result: Result<u8, ApiError>) -> Result<u8, ApiError> {
        result.clone()
    }
    let recorder = testing::record();
    let costs = || (recorder.clock_reads(), recorder.random_draws());
    plain(Ok(1)).unwrap();
    virtually(plain_async(Ok(1))).unwrap();
    assert_eq!(costs(), (0, 0));
    plain(Err(ApiError::Busy)).unwrap_err();
    assert_eq!(costs(), (0, 0), "nor where it is not tried again");
    limited(Ok(1)).unwrap();
    assert_eq!(costs(), (1, 0), "a deadline has to know when the call began");
    #[retry(Timeout = 30, policy = retry_core::Policy::exponential())]
    fn at_run_time(result: Result<u8, ApiError>) -> Result<u8, ApiError> {
        result.clone()
    }
    at_run_time(Ok(1)).unwrap();
    assert_eq!(costs(), (1, 0), "a policy without a deadline does not");
    plain(Err(Timeout)).unwrap_err();
    assert_eq!(costs(), (1, 8), "one draw a wait");
    job().unwrap_err();
    virtually(job_async()).unwrap_err();
    assert_eq!(costs(), (1, 8), "none without jitter");
}

#[test]
fn a_sync_call_that_ends_exactly_on_its_deadline_is_not_cut_short_by_a_slow_machine() {
    #[retry(_ = 5s, attempts = unlimited, deadline = 10s, jitter = none)]
    fn fetch() -> Result<(), ()> {
        std::thread::sleep(std::time::Duration::from_millis(2));
        Err(())
    }
    let recorder = retry_core::testing::record();
    assert!(fetch().is_err());
    assert_eq!(recorder.delays(), [5, 5].map(std::time::Duration::from_secs));
}
