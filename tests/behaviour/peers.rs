//! Defects that other retry libraries have or had, as far as counting calls can show that they are absent here.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use retry_core::testing::record;
use retry_core::{GiveUp, Jitter, Policy, RetryPolicy, retry, retry_policy};

use crate::common::{Calls, Failure};

const HOUR: Duration = Duration::from_secs(3600);

/// tokio-retry2 0.9.1: what the server asks for is read and then not waited.
#[test]
fn a_told_delay_is_waited() {
    #[retry(SlowDown = field(wait), Busy = 1, jitter = none)]
    fn told(calls: &Calls) -> Result<u32, Failure> {
        match calls.next() {
            1 => Err(Failure::SlowDown { wait: 30 }),
            2 => Err(Failure::Busy),
            n => Ok(n),
        }
    }
    let (waits, calls) = (record(), Calls::new());
    assert_eq!((told(&calls), calls.take()), (Ok(3), 3));
    assert_eq!(waits.delays(), [30, 1].map(Duration::from_secs));
}

/// tokio-retry2 0.9.1: jitter is drawn once, so that all delays share one multiplier.
#[test]
fn jitter_is_drawn_for_each_wait() {
    #[retry(Busy = 100, attempts = 9, jitter = full)]
    fn busy(calls: &Calls) -> Result<u32, Failure> {
        calls.next();
        Err(Failure::Busy)
    }
    let (waits, calls) = (record(), Calls::new());
    assert_eq!((busy(&calls), calls.take()), (Err(Failure::Busy), 9));
    assert_eq!(waits.random_draws(), 8);
    let mut delays = waits.delays();
    delays.sort();
    delays.dedup();
    assert_eq!(delays.len(), 8, "{delays:?}");
}

/// backoff 0.4: with a limit of one second, five hours were slept because the server said so.
/// cenkalti/backoff 159: and which limit ended it was not to be found out.
#[tokio::test(start_paused = true)]
async fn a_told_delay_does_not_get_past_the_deadline() {
    #[retry(SlowDown = field(wait), deadline = 1s, on_give_up = |event| reason.set(event.reason()))]
    fn sync(calls: &Calls, wait: u64, reason: &Cell<Option<GiveUp>>) -> Result<u32, Failure> {
        calls.next();
        Err(Failure::SlowDown { wait })
    }
    #[retry(SlowDown = field(wait), deadline = 1s, on_give_up = |event| reason.set(event.reason()))]
    async fn asynchronous(calls: &Calls, wait: u64, reason: &Cell<Option<GiveUp>>) -> Result<u32, Failure> {
        calls.next();
        Err(Failure::SlowDown { wait })
    }
    let (calls, reason) = (Calls::new(), Cell::new(None));
    let before = tokio::time::Instant::now();
    let result = asynchronous(&calls, 18_000, &reason).await;
    assert_eq!(
        (result, calls.take(), reason.take()),
        (Err(Failure::SlowDown { wait: 18_000 }), 1, Some(GiveUp::Deadline))
    );
    assert_eq!(before.elapsed(), Duration::ZERO);

    let waits = record();
    let result = sync(&calls, 18_000, &reason);
    assert_eq!(
        (result, calls.take(), reason.take()),
        (Err(Failure::SlowDown { wait: 18_000 }), 1, Some(GiveUp::Deadline))
    );
    assert_eq!(waits.delays(), Vec::<Duration>::new());
    // Nothing to wait: then it is the attempts that end it.
    let result = sync(&calls, 0, &reason);
    assert_eq!(
        (result, calls.take(), reason.take()),
        (Err(Failure::SlowDown { wait: 0 }), 4, Some(GiveUp::Attempts))
    );
}

/// A told delay that is longer than `max` is not waited, and said to be the reason.
#[test]
fn a_told_delay_beyond_max_gives_up() {
    #[retry(SlowDown = field(wait, max = 10m), on_give_up = |event| reason.set(event.reason()))]
    fn told(calls: &Calls, wait: u64, reason: &Cell<Option<GiveUp>>) -> Result<u32, Failure> {
        calls.third().map_err(|_| Failure::SlowDown { wait })
    }
    let (waits, calls, reason) = (record(), Calls::new(), Cell::new(None));
    let result = told(&calls, 601, &reason);
    assert_eq!(
        (result, calls.take(), reason.take()),
        (Err(Failure::SlowDown { wait: 601 }), 1, Some(GiveUp::TooLong))
    );
    assert_eq!(waits.delays(), Vec::<Duration>::new());
    assert_eq!((told(&calls, 600, &reason), calls.take(), reason.take()), (Ok(3), 3, None));
}

/// backon 1.6: 21 attempts where 2 were allowed, because the error adjusted the delay.
#[test]
fn attempts_are_a_limit_whatever_decides_the_delay() {
    macro_rules! twice {
        ($name:ident, $($options:tt)*) => {
            #[retry(attempts = 2, $($options)*)]
            fn $name(calls: &Calls) -> Result<u32, Failure> {
                match calls.next() {
                    30.. => Ok(30),
                    n if n % 2 == 0 => Err(Failure::Busy),
                    _ => Err(Failure::SlowDown { wait: 1 }),
                }
            }
            let (_waits, calls) = (record(), Calls::new());
            assert_eq!(($name(&calls).is_err(), calls.take()), (true, 2), stringify!($name));
        };
    }
    twice!(told, SlowDown = field(wait), Busy = 1);
    twice!(rest, _ = 1);
    twice!(predicate, when(|_| true) = 1);
    twice!(grown, Busy | SlowDown = 1, backoff = fibonacci());
    twice!(polled, _ = 1, until = |_| false);
    twice!(timed, _ = 1, deadline = 10h);

    #[retry(until = |_| false, attempts = 2)]
    fn option(calls: &Calls) -> Option<u32> {
        Some(calls.next())
    }
    let (_waits, calls) = (record(), Calls::new());
    // When it gives up it hands out the last value.
    assert_eq!((option(&calls), calls.take()), (Some(2), 2));

    let block =
        RetryPolicy::new(Policy::new().attempts(2)).classify(|_| retry_core::Classification::After(HOUR));
    assert_eq!((block.run_blocking(|_| calls.third()), calls.take()), (Err(Failure::Busy), 2));
}

/// backon 1.6: a delay that is as long as delays can be, and a limit for the whole call, panicked.
#[test]
fn delays_saturate() {
    const LONGEST: Duration = Duration::MAX;

    #[retry(Busy = LONGEST, backoff = exp(max = 5), deadline = 1h)]
    fn limited(calls: &Calls) -> Result<u32, Failure> {
        calls.third()
    }
    #[retry(Busy = LONGEST, backoff = exp(factor = 1e300, max = 5))]
    fn unlimited(calls: &Calls) -> Result<u32, Failure> {
        calls.third()
    }
    #[retry(Busy = 1h, backoff = fibonacci(max = 400, jitter = full))]
    fn often(calls: &Calls) -> Result<u32, Failure> {
        if calls.next() < 400 { Err(Failure::Busy) } else { Ok(400) }
    }
    #[retry(SlowDown = field(wait), backoff = exp(max = 5), deadline = 1h)]
    fn told(calls: &Calls) -> Result<u32, Failure> {
        calls.third().map_err(|_| Failure::SlowDown { wait: u64::MAX })
    }
    let (waits, calls) = (record(), Calls::new());
    assert_eq!((limited(&calls), calls.take()), (Err(Failure::Busy), 1));
    assert_eq!((told(&calls), calls.take()), (Err(Failure::SlowDown { wait: u64::MAX }), 1));
    assert_eq!(waits.delays(), Vec::<Duration>::new());
    assert_eq!((unlimited(&calls), calls.take()), (Ok(3), 3));
    assert_eq!(waits.delays(), [LONGEST; 2]);
    assert_eq!((often(&calls), calls.take()), (Ok(400), 400));
}

/// backon 1.6: a factor of NaN was accepted and made delays that are none. mulligan: decorrelated jitter panicked
/// where the base is more than three times the delay.
#[test]
fn settings_that_make_no_sense_do_not_panic() {
    #[retry(Busy = 1, policy = policy)]
    fn busy(calls: &Calls, policy: Policy) -> Result<u32, Failure> {
        calls.third()
    }
    let (waits, calls) = (record(), Calls::new());
    for factor in [f64::NAN, f64::NEG_INFINITY, f64::INFINITY, -1.0, 0.0] {
        let policy = Policy::exponential().factor(factor);
        assert_eq!((busy(&calls, policy), calls.take()), (Ok(3), 3), "{factor}");
    }
    for jitter in [Jitter::Decorrelated, Jitter::Full, Jitter::Fraction(f64::NAN), Jitter::Fraction(-1.0)] {
        for (base, cap) in
            [(HOUR, Duration::from_millis(1)), (Duration::ZERO, Duration::ZERO), (Duration::MAX, HOUR)]
        {
            let policy = Policy::exponential().base(base).cap(cap).jitter(jitter);
            assert_eq!((busy(&calls, policy), calls.take()), (Ok(3), 3), "{jitter:?}, {base:?}, {cap:?}");
            assert!(
                waits.delays().iter().rev().take(2).all(|wait| *wait <= cap),
                "{jitter:?}, {base:?}, {cap:?}"
            );
        }
    }
}

/// backon 1.6: NaN made the second delay the longest one allowed.
#[test]
fn a_factor_that_is_no_number_counts_as_one() {
    let policy = Policy::exponential().factor(f64::NAN).jitter(Jitter::None);
    assert_eq!(policy.delays().collect::<Vec<_>>(), [Policy::DEFAULT_BASE; 3]);
}

/// backon 1.6: where the first delay was longer than the longest one allowed, it was waited all the same.
#[test]
fn a_base_above_the_cap_is_not_waited_either() {
    let policy = Policy::exponential().base(HOUR).cap(HOUR / 60).jitter(Jitter::None);
    assert_eq!(policy.delays().collect::<Vec<_>>(), [HOUR / 60; 3]);
}

/// backon 1.6: 100 ms twice was 200.000003 ms. agenda 1748: the first delay was the second one.
#[test]
fn delays_are_exact_and_begin_with_the_first() {
    #[retry(Busy = 100ms, backoff = exp(max = 6, jitter = none))]
    fn busy(calls: &Calls) -> Result<u32, Failure> {
        calls.next();
        Err(Failure::Busy)
    }
    let (waits, calls) = (record(), Calls::new());
    assert_eq!((busy(&calls), calls.take()), (Err(Failure::Busy), 6));
    assert_eq!(waits.delays(), [100, 200, 400, 800, 1600].map(Duration::from_millis));
}

/// djc/tokio-retry 22: base to the power of n; one millisecond never grew.
#[test]
fn a_base_of_one_grows() {
    #[retry(Busy = 1ms, backoff = exp(max = 5, jitter = none))]
    fn busy(calls: &Calls) -> Result<u32, Failure> {
        calls.next();
        Err(Failure::Busy)
    }
    let (waits, calls) = (record(), Calls::new());
    assert_eq!((busy(&calls), calls.take()), (Err(Failure::Busy), 5));
    assert_eq!(waits.delays(), [1, 2, 4, 8].map(Duration::from_millis));
}

/// retrying and retryable: `?` and `return` switched retrying off. More of this in `bugs::retrying_0_1_0`.
#[test]
fn question_mark_and_return_are_tried_again() {
    #[retry(Busy | Refused = 1)]
    fn both(calls: &Calls) -> Result<u32, Failure> {
        if calls.next() == 1 {
            return Err(Failure::Refused);
        }
        (calls.next() > 3).then_some(()).ok_or(Failure::Busy)?;
        Ok(3)
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((both(&calls), calls.take()), (Ok(3), 5));
}

/// backon-macros 1.0: a method with `&self` and a `String` did not compile. next-web: `pub`, docs and generics were
/// dropped.
#[tokio::test(start_paused = true)]
async fn a_method_keeps_its_signature() {
    mod client {
        use super::*;

        pub(super) struct Client(pub(super) Calls);

        impl Client {
            /// Documented.
            #[deny(missing_docs)]
            #[retry(Busy = 1)]
            pub(super) async fn get<T: From<u32>>(
                &self,
                url: String,
                headers: &[&str],
            ) -> Result<(T, usize), Failure>
            where
                T: Clone,
            {
                let n = self.0.third_async().await?;
                Ok((T::from(n), url.len() + headers.len()))
            }
        }
    }
    let client = client::Client(Calls::new());
    assert_eq!(client.get::<u64>("ab".to_owned(), &["c"]).await, Ok((3, 3)));
    assert_eq!(client.0.take(), 3);
}

/// ihrwein/backoff 39, cenkalti/backoff 188: after fifteen minutes that nobody had asked for, it was over.
#[tokio::test(start_paused = true)]
async fn there_is_no_time_limit_that_nobody_set() {
    #[retry(Busy = 1d, attempts = 100)]
    async fn slow(calls: &Calls) -> Result<u32, Failure> {
        tokio::time::sleep(HOUR).await;
        if calls.next() < 100 { Err(Failure::Busy) } else { Ok(100) }
    }
    #[retry(Busy = 1h, attempts = unlimited)]
    fn unlimited(calls: &Calls) -> Result<u32, Failure> {
        if calls.next() < 1000 { Err(Failure::Busy) } else { Ok(1000) }
    }
    let calls = Calls::new();
    assert_eq!((slow(&calls).await, calls.take()), (Ok(100), 100));
    let _waits = record();
    assert_eq!((unlimited(&calls), calls.take()), (Ok(1000), 1000));
}

/// ihrwein/backoff 42: the next wait was not counted. litl/backoff 186: nor was the attempt that has just failed.
#[tokio::test(start_paused = true)]
async fn the_deadline_counts_the_attempt_and_the_next_wait() {
    #[retry(Busy = 5, deadline = 10, jitter = none)]
    async fn takes(calls: &Calls, seconds: u64) -> Result<u32, Failure> {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        calls.third()
    }
    let calls = Calls::new();
    for (seconds, result, expected) in [
        (0, Ok(3), 3),                  // the second wait ends exactly on it
        (1, Err(Failure::Busy), 2),     // after 1 + 5 + 1 s there is no room for 5 more
        (5, Err(Failure::Busy), 1 + 1), // after 5 s the wait ends on it
        (6, Err(Failure::Busy), 1),
    ] {
        assert_eq!((takes(&calls, seconds).await, calls.take()), (result, expected), "{seconds}");
    }
}

/// retry-policies 0.5: the limit was that of the wall clock, which can be set back. Here that clock stands still, and the
/// call ends for all that.
#[tokio::test(start_paused = true)]
async fn the_deadline_is_not_that_of_the_wall_clock() {
    #[retry(Busy = 100, deadline = 1h, attempts = unlimited, jitter = none)]
    async fn busy(calls: &Calls) -> Result<u32, Failure> {
        calls.next();
        Err(Failure::Busy)
    }
    let (calls, wall) = (Calls::new(), std::time::SystemTime::now());
    assert_eq!((busy(&calls).await, calls.take()), (Err(Failure::Busy), 37));
    assert!(wall.elapsed().is_ok_and(|elapsed| elapsed < HOUR / 2));
}

/// failsafe 121, 364: the limit of one attempt and that of the whole call were one setting.
#[tokio::test(start_paused = true)]
async fn the_limit_of_an_attempt_is_not_that_of_the_call() {
    #[retry(Busy = 1, timeout = 5s => Failure::Busy, deadline = 1h)]
    async fn hangs(calls: &Calls) -> Result<u32, Failure> {
        if calls.next() < 3 {
            std::future::pending::<()>().await;
        }
        Ok(3)
    }
    let calls = Calls::new();
    assert_eq!((hangs(&calls).await, calls.take()), (Ok(3), 3));
}

/// backon 225: no way to tell anybody asynchronously.
#[tokio::test(start_paused = true)]
async fn hooks_may_be_async() {
    #[retry(Busy = 1, on_retry = async |event| {
        tokio::task::yield_now().await;
        told.borrow_mut().push(event.attempt());
    })]
    async fn get(calls: &Calls, told: &RefCell<Vec<u32>>) -> Result<u32, Failure> {
        calls.third_async().await
    }
    let (calls, told) = (Calls::new(), RefCell::new(vec![]));
    assert_eq!((get(&calls, &told).await, calls.take()), (Ok(3), 3));
    assert_eq!(told.into_inner(), [1, 2]);
}

/// tenacity 24, 120, 185, 544: a wrapper hid the error. Here it is the very same, and the last one.
#[test]
fn the_error_is_the_functions_own() {
    #[derive(Debug)]
    enum Own {
        Busy(Rc<u32>),
    }
    #[retry(Busy = 1, attempts = 3)]
    fn own(made: &RefCell<Vec<Rc<u32>>>) -> Result<u32, Own> {
        let error = Rc::new(7);
        made.borrow_mut().push(error.clone());
        Err(Own::Busy(error))
    }
    let (_waits, made) = (record(), RefCell::new(vec![]));
    let Err(Own::Busy(error)) = own(&made) else { panic!("it never succeeds") };
    let made = made.into_inner();
    assert_eq!(made.len(), 3);
    assert!(Rc::ptr_eq(&error, &made[2]));
    // Earlier errors are not kept.
    assert_eq!(Rc::strong_count(&made[0]), 1);
}

/// tenacity 519, 613: what was counted in one call showed in another at the same time.
#[tokio::test(start_paused = true)]
async fn calls_at_the_same_time_count_for_themselves() {
    #[retry(Busy = 1, attempts = 3, attempt = n)]
    async fn get(calls: &Calls) -> Result<u32, Failure> {
        assert_eq!(n.number(), calls.next());
        tokio::task::yield_now().await;
        if n.is_last() { Ok(n.number()) } else { Err(Failure::Busy) }
    }
    let counts: Vec<_> = (0..20).map(|_| Calls::new()).collect();
    let results = futures::future::join_all(counts.iter().map(get)).await;
    assert_eq!(results, vec![Ok(3); 20]);
    assert!(counts.iter().all(|calls| calls.take() == 3));

    // The same policy for all of them.
    let policy = retry_policy!(Failure: Busy = 1, attempts = 3);
    let results =
        futures::future::join_all(counts.iter().map(|calls| policy.run(async |_| calls.third_async().await)))
            .await;
    assert_eq!(results, vec![Ok(3); 20]);
}

/// spring-retry 180, resilience4j 1257: a method called by another of the same object was not retried.
#[test]
fn calls_within_an_object_are_retried() {
    struct Client(Calls);
    impl Client {
        fn outer(&self) -> Result<u32, Failure> {
            self.inner()
        }

        #[retry(Busy = 1)]
        fn inner(&self) -> Result<u32, Failure> {
            self.0.third()
        }
    }
    let (_waits, client) = (record(), Client(Calls::new()));
    assert_eq!((client.outer(), client.0.take()), (Ok(3), 3));
}

/// A future that is dropped while it waits makes no more calls.
#[tokio::test(start_paused = true)]
async fn a_dropped_future_is_over() {
    #[retry(Busy = 60)]
    async fn get(calls: &Calls) -> Result<u32, Failure> {
        calls.third_async().await
    }
    let calls = Calls::new();
    assert!(tokio::time::timeout(Duration::from_secs(30), get(&calls)).await.is_err());
    tokio::time::sleep(HOUR).await;
    assert_eq!(calls.take(), 1);
}

/// A panic in the body is the caller's to see, at once, and no reason for another attempt.
#[test]
fn a_panic_is_not_retried() {
    #[retry(_ = 1)]
    fn panics(calls: &Calls) -> Result<u32, Failure> {
        assert!(calls.next() > 1, "the first call panics");
        Ok(2)
    }
    let (waits, calls) = (record(), Calls::new());
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| panics(&calls)));
    assert!(caught.is_err());
    assert_eq!((calls.take(), waits.delays()), (1, vec![]));
}
