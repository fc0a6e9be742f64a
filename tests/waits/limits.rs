//! Deadlines, which hold for the whole call, and timeouts, which hold for one attempt.

use std::time::{Duration, SystemTime};

use retry_core::{Attempt, Event, GiveUp, retry, retry_policy, retry_with};
use tokio::time::{Instant, sleep};

use crate::support::ApiError::{self, Busy, Conflict, Timeout};
use crate::support::{Script, async_forms, blocking, every_form, millis, paused, secs, virtually};

const TEN: Duration = Duration::from_secs(10);

fn timeouts() -> [ApiError; 9] {
    [const { Timeout }; 9]
}

#[test]
fn a_wait_that_ends_on_the_deadline_is_begun() {
    // In virtual time, where the attempts take none; a blocking call's own microseconds count.
    let seen = async_forms!(ApiError, timeouts(), Timeout = 5, attempts = 9, jitter = none, deadline = 10s);
    assert_eq!((seen.waits.as_slice(), seen.calls), (secs([5, 5]).as_slice(), 3));
    assert_eq!(seen.result, Err(Timeout));
}

#[test]
fn a_wait_that_would_end_past_the_deadline_is_not_begun() {
    let seen = every_form!(ApiError, timeouts(), Timeout = 5, attempts = 9, jitter = none, deadline = 9999ms);
    assert_eq!((seen.waits.as_slice(), seen.calls), (secs([5]).as_slice(), 2));
    let seen = every_form!(
        ApiError,
        timeouts(),
        Timeout = 1,
        backoff = exp(max = unlimited),
        deadline = 10s,
        jitter = none
    );
    assert_eq!(seen.waits, secs([1, 2, 4]));
}

#[test]
fn a_deadline_may_be_a_const_or_an_expression() {
    let seen = async_forms!(ApiError, timeouts(), Timeout = 5, attempts = 9, deadline = TEN, jitter = none);
    assert_eq!(seen.calls, 3);
    let seen =
        async_forms!(ApiError, timeouts(), Timeout = 5, attempts = 9, deadline = TEN / 2, jitter = none);
    assert_eq!(seen.calls, 2);
    struct Client {
        limit: u64,
    }
    impl Client {
        #[retry(Timeout = 5, attempts = 9, deadline = self.limit, jitter = none)]
        async fn fetch(&self, script: &Script<ApiError>) -> Result<u32, ApiError> {
            script.attempt()
        }
    }
    let seen = paused(timeouts(), async |script| Client { limit: 15 }.fetch(script).await);
    assert_eq!(seen.calls, 4);
}

#[test]
fn a_deadline_of_nothing_leaves_what_waits_for_nothing() {
    let seen = every_form!(ApiError, [Timeout], Timeout = 1ns, jitter = none, deadline = 0);
    assert_eq!(seen.calls, 1);
    // Real time passes on the clock of a blocking call, so this is shown in virtual time only.
    let policy = retry_policy!(ApiError: Timeout = 0, jitter = none, deadline = 0);
    let seen = paused([Timeout], async |script| policy.run(async |_| script.attempt()).await);
    assert_eq!(seen.result, Ok(2));
}

#[test]
fn it_gives_up_without_waiting_for_the_deadline() {
    #[retry(Timeout = 11, deadline = 10s)]
    async fn fetch() -> Result<(), ApiError> {
        sleep(Duration::from_secs(1)).await;
        Err(Timeout)
    }
    virtually(async {
        let started = Instant::now();
        fetch().await.unwrap_err();
        assert_eq!(started.elapsed(), Duration::from_secs(1));
    });
}

#[test]
fn time_spent_in_attempts_counts() {
    #[retry(Timeout = 2, attempts = unlimited, deadline = 10s, jitter = none)]
    async fn fetch(calls: &mut u32, took: Duration) -> Result<(), ApiError> {
        *calls += 1;
        sleep(took).await;
        Err(Timeout)
    }
    virtually(async {
        for (took, expected) in [(0, 6), (1, 4), (2, 3), (7, 2), (8, 2), (9, 1), (100, 1)] {
            let mut calls = 0;
            let started = Instant::now();
            let took = Duration::from_secs(took);
            fetch(&mut calls, took).await.unwrap_err();
            assert_eq!(calls, expected, "{took:?}");
            assert_eq!(started.elapsed(), took * calls + Duration::from_secs(2) * (calls - 1));
        }
    });
}

#[test]
fn time_spent_in_blocking_attempts_counts() {
    // Real time, since nothing else passes in a blocking call: the wait would fit, but for the attempt before it.
    #[retry(Timeout = 1h, attempts = unlimited, deadline = 3600.01, jitter = none)]
    fn fetch(calls: &mut u32) -> Result<(), ApiError> {
        *calls += 1;
        std::thread::sleep(Duration::from_millis(20));
        Err(Timeout)
    }
    let mut calls = 0;
    fetch(&mut calls).unwrap_err();
    assert_eq!(calls, 1);
}

#[test]
fn a_success_after_the_deadline_is_a_success() {
    #[retry(Timeout = 1, deadline = 10s)]
    async fn fetch() -> Result<&'static str, ApiError> {
        sleep(Duration::from_secs(60)).await;
        Ok("late")
    }
    assert_eq!(virtually(fetch()), Ok("late"));
}

#[test]
fn a_told_delay_beyond_the_deadline_ends_it_at_once() {
    let seen = every_form!(
        ApiError,
        [ApiError::told(3), ApiError::told(8), Timeout],
        TooManyRequests = field(retry_interval),
        jitter = none,
        deadline = 10s
    );
    assert_eq!((seen.waits.as_slice(), seen.result), (secs([3]).as_slice(), Err(ApiError::told(8))));
    // Neither does it wait for a part of it.
    let seen = every_form!(
        ApiError,
        [ApiError::told(u64::MAX)],
        TooManyRequests = field(retry_interval),
        jitter = none,
        deadline = 10s
    );
    assert_eq!((seen.waits.as_slice(), seen.calls), ([].as_slice(), 1));
    #[derive(Debug, Clone, PartialEq)]
    enum At {
        Then(SystemTime),
    }
    let later = SystemTime::now() + Duration::from_secs(3600);
    let seen = every_form!(At, [At::Then(later)], Then = field(0), deadline = 10s, jitter = none);
    assert_eq!(seen.calls, 1);
}

#[test]
fn what_jitter_adds_is_taken_back_to_meet_the_deadline() {
    // Up to 20 s are drawn, of which there is room for 11.
    let policy = retry_policy!(ApiError: Timeout = 10, jitter = 1, attempts = 2, deadline = 11s);
    let drawn: Vec<_> = (0..40)
        .map(|_| {
            let seen = paused([Timeout], async |script| policy.run(async |_| script.attempt()).await);
            assert_eq!(seen.result, Ok(2));
            seen.waits[0].as_secs_f64()
        })
        .collect();
    assert!(drawn.iter().all(|wait| (10.0..=11.0).contains(wait)), "{drawn:?}");
    assert!(drawn.contains(&11.0), "{drawn:?}");
}

#[test]
fn a_deadline_holds_whatever_the_recorder_has_skipped() {
    let _recorder = retry_core::testing::record();
    let endless = retry_policy!(ApiError: Timeout = Duration::MAX);
    endless.run_blocking(|_| Err::<(), _>(Timeout)).unwrap_err();
    let policy = retry_policy!(ApiError: Timeout = 40, attempts = unlimited, deadline = 100s, jitter = none);
    let mut calls = 0;
    let result = policy.run_blocking(|_| {
        calls += 1;
        if calls > 9 { Ok("endless") } else { Err(Timeout) }
    });
    assert_eq!((result, calls), (Err(Timeout), 3));
}

#[derive(Debug, Clone, PartialEq)]
enum Slow {
    TimedOut(u8),
    Other,
}

#[test]
fn each_attempt_has_its_own_timeout() {
    #[retry(TimedOut | Other = 1, jitter = none, timeout = 5s => Slow::TimedOut(7))]
    async fn fetch(takes: &[u64], begun: &mut Vec<Instant>) -> Result<&'static str, Slow> {
        let attempt = begun.len();
        begun.push(Instant::now());
        sleep(Duration::from_secs(takes[attempt])).await;
        if attempt == 1 { Err(Slow::Other) } else { Ok("in time") }
    }
    let run = |takes: &'static [u64]| {
        virtually(async {
            let mut begun = Vec::new();
            let started = Instant::now();
            let result = fetch(takes, &mut begun).await;
            (result, started.elapsed().as_secs(), begun.len())
        })
    };
    assert_eq!(run(&[4]), (Ok("in time"), 4, 1));
    // Where both are ready at once, the attempt has its result.
    assert_eq!(run(&[5]), (Ok("in time"), 5, 1));
    assert_eq!(run(&[6, 2, 3]), (Ok("in time"), 5 + 1 + 2 + 1 + 3, 3));
    assert_eq!(run(&[100, 100, 100, 100]), (Err(Slow::TimedOut(7)), 4 * 5 + 3, 4));
}

#[test]
fn an_attempt_without_end_is_ended_by_its_timeout() {
    let policy =
        retry_policy!(Slow: TimedOut = 1, jitter = none, attempts = 3, timeout = 500ms => Slow::TimedOut(1));
    virtually(async {
        let started = Instant::now();
        let result = policy.run(async |_| std::future::pending::<Result<(), _>>().await).await;
        assert_eq!(result, Err(Slow::TimedOut(1)));
        assert_eq!(started.elapsed(), Duration::from_millis(3 * 500 + 2 * 1000));

        let started = Instant::now();
        let result = retry_with!(policy, |attempt| {
            if attempt.number() < 3 {
                std::future::pending::<()>().await;
            }
            Ok("third time")
        });
        assert_eq!(result, Ok("third time"));
        assert_eq!(started.elapsed(), Duration::from_secs(3));
    });
}

#[test]
fn a_timeout_error_is_judged_like_any_other() {
    #[retry(Other = 1, timeout = 5s => Slow::TimedOut(0))]
    async fn fetch() -> Result<(), Slow> {
        std::future::pending().await
    }
    virtually(async {
        let started = Instant::now();
        assert_eq!(fetch().await, Err(Slow::TimedOut(0)));
        assert_eq!(started.elapsed(), Duration::from_secs(5), "no rule names it");
    });
}

#[test]
fn timeouts_and_a_deadline_together() {
    #[retry(TimedOut = 1, attempts = unlimited, timeout = 5s => Slow::TimedOut(0), deadline = 12s, jitter = none)]
    async fn fetch(calls: &mut u32) -> Result<(), Slow> {
        *calls += 1;
        std::future::pending().await
    }
    virtually(async {
        let (mut calls, started) = (0, Instant::now());
        fetch(&mut calls).await.unwrap_err();
        // 5 + 1 + 5 + 1: the third attempt begins on the deadline, and is given its time.
        assert_eq!((calls, started.elapsed().as_secs()), (3, 17));
    });
}

#[test]
fn a_timeout_may_be_an_expression_and_its_error_too() {
    struct Client {
        limit: Duration,
        name: u8,
    }
    impl Client {
        #[retry(TimedOut = 1, attempts = 2, jitter = none, timeout = self.limit => Slow::TimedOut(self.name))]
        async fn fetch(&mut self) -> Result<(), Slow> {
            self.name += 1;
            std::future::pending().await
        }
    }
    virtually(async {
        let started = Instant::now();
        let mut client = Client { limit: Duration::from_millis(250), name: 0 };
        assert_eq!(client.fetch().await, Err(Slow::TimedOut(2)));
        assert_eq!(started.elapsed(), Duration::from_millis(1500));
    });
}

#[test]
fn the_last_error_and_the_reason_say_which_limit_it_was() {
    fn last<'a>(reasons: &'a std::cell::RefCell<Vec<GiveUp>>) -> impl Fn(Event<'_, ApiError>) + 'a {
        |event| reasons.borrow_mut().push(event.reason().unwrap())
    }
    let reasons = std::cell::RefCell::default();
    let errors = || [Timeout, Busy, Conflict, ApiError::told(90)];
    let by_attempts =
        retry_policy!(ApiError: _ = 1, attempts = 3, on_give_up = last(&reasons), jitter = none);
    let by_deadline = retry_policy!(ApiError: _ = 1, attempts = 3, deadline = 1s, on_give_up = last(&reasons), jitter = none);
    let permanent =
        retry_policy!(ApiError: Timeout = 1, attempts = 1, deadline = 0, on_give_up = last(&reasons));
    let asked = |script: &Script<ApiError>, _: Attempt<'_, ApiError>| script.attempt();
    let seen = paused(errors(), async |script| by_attempts.run(async |attempt| asked(script, attempt)).await);
    assert_eq!(seen.result, Err(Conflict));
    let seen = paused(errors(), async |script| by_deadline.run(async |attempt| asked(script, attempt)).await);
    assert_eq!(seen.result, Err(Busy));
    let seen = blocking([Busy], |script| permanent.run_blocking(|attempt| asked(script, attempt)));
    assert_eq!(seen.result, Err(Busy));
    assert_eq!(*reasons.borrow(), [GiveUp::Attempts, GiveUp::Deadline, GiveUp::Permanent]);
}

#[test]
fn waits_below_a_millisecond_are_waited() {
    let seen = blocking(timeouts(), |script| {
        retry_policy!(ApiError: Timeout = 250us, backoff = exp(max = 4), jitter = none)
            .run_blocking(|_| script.attempt())
    });
    assert_eq!(seen.waits, [250, 500, 1000].map(Duration::from_micros));
    assert_eq!(seen.waits.iter().sum::<Duration>(), millis([1])[0] + Duration::from_micros(750));
}

#[test]
fn the_longest_waits_and_limits_are_no_panic() {
    let years = Duration::from_secs(10 * 365 * 86_400);
    let seen = async_forms!(
        ApiError,
        [ApiError::told(u64::MAX), Timeout, Busy],
        TooManyRequests = field(retry_interval),
        Timeout = Duration::MAX,
        Busy = f64::INFINITY
    );
    // Tokio's timer ends at some time all the same.
    assert!(seen.waits.iter().all(|wait| *wait > years), "{:?}", seen.waits);
    assert_eq!(seen.result, Ok(4));
    let seen = every_form!(ApiError, timeouts(), Timeout = 1, deadline = Duration::MAX, jitter = none);
    assert_eq!(seen.waits, secs([1, 1, 1]));

    #[retry(Timeout = 1, timeout = Duration::MAX => Timeout)]
    async fn long() -> Result<(), ApiError> {
        sleep(Duration::from_secs(1)).await;
        Ok(())
    }
    #[retry(Timeout = 1, timeout = 0 => Timeout)]
    async fn none_at_all() -> Result<(), ApiError> {
        Ok(())
    }
    #[retry(Timeout = 1, timeout = 0 => Timeout, attempts = 1)]
    async fn too_long() -> Result<(), ApiError> {
        tokio::task::yield_now().await;
        sleep(Duration::from_secs(1)).await;
        Ok(())
    }
    assert_eq!(virtually(long()), Ok(()));
    assert_eq!(virtually(none_at_all()), Ok(()), "an attempt that is there at once is in time");
    assert_eq!(virtually(too_long()), Err(Timeout));
}
