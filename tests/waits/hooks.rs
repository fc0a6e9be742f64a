//! `on_retry`, `on_give_up`, `on_success`: whom it tells what, and how often.

use std::cell::RefCell;
use std::sync::Mutex;
use std::time::Duration;

use retry_core::{Cause, Event, GiveUp, retry, retry_policy};
use tokio::time::sleep;

use crate::support::ApiError::{self, BadRequest, Busy, Timeout};
use crate::support::virtually;

/// All that an event says.
#[derive(Debug, PartialEq)]
struct Said {
    hook: &'static str,
    attempt: u32,
    max: Option<u32>,
    delay: u64,
    elapsed: u64,
    attempt_elapsed: u64,
    error: Option<ApiError>,
    reason: Option<GiveUp>,
}

fn said(hook: &'static str, event: Event<'_, ApiError>) -> Said {
    Said {
        hook,
        attempt: event.attempt(),
        max: event.max(),
        delay: event.delay().as_secs(),
        elapsed: event.elapsed().as_secs(),
        attempt_elapsed: event.attempt_elapsed().as_secs(),
        error: event.error().cloned(),
        reason: event.reason(),
    }
}

type Log = Mutex<Vec<Said>>;

fn note(log: &Log, hook: &'static str) -> impl Fn(Event<'_, ApiError>) {
    move |event| log.lock().unwrap().push(said(hook, event))
}

/// Each attempt takes as many seconds as its number.
#[retry(
    Timeout = 10, Busy = 20, attempts = 4, jitter = none,
    on_retry = |event| note(log, "retry")(event),
    on_give_up = note(log, "give up"),
    on_success = note(log, "success")
)]
async fn fetch(answers: &[Result<u8, ApiError>], calls: &mut usize, log: &Log) -> Result<u8, ApiError> {
    *calls += 1;
    sleep(Duration::from_secs(*calls as u64)).await;
    answers[*calls - 1].clone()
}

fn told(answers: &[Result<u8, ApiError>]) -> Vec<Said> {
    let log = Log::default();
    let expected = answers.last().unwrap().clone();
    assert_eq!(virtually(fetch(answers, &mut 0, &log)), expected);

    // The block form says the same.
    let (block_log, mut calls) = (Log::default(), 0);
    let policy = retry_policy!(
        ApiError: Timeout = 10, Busy = 20, attempts = 4, jitter = none,
        on_retry = note(&block_log, "retry"),
        on_give_up = note(&block_log, "give up"),
        on_success = note(&block_log, "success")
    );
    let result = virtually(policy.run(async |_| {
        calls += 1;
        sleep(Duration::from_secs(calls as u64)).await;
        answers[calls - 1].clone()
    }));
    assert_eq!(result, expected);
    drop(policy);
    let log = log.into_inner().unwrap();
    assert_eq!(log, block_log.into_inner().unwrap());
    log
}

const NOTHING: Said = Said {
    hook: "success",
    attempt: 1,
    max: Some(4),
    delay: 0,
    elapsed: 1,
    attempt_elapsed: 1,
    error: None,
    reason: None,
};

#[test]
fn a_success_at_once_is_told_as_such() {
    assert_eq!(told(&[Ok(1)]), [NOTHING]);
}

#[test]
fn each_wait_is_told_before_it_begins() {
    let first = Said { hook: "retry", delay: 10, error: Some(Timeout), ..NOTHING };
    let second = Said {
        hook: "retry",
        attempt: 2,
        delay: 20,
        elapsed: 1 + 10 + 2,
        attempt_elapsed: 2,
        error: Some(Busy),
        ..NOTHING
    };
    let success = Said { attempt: 3, elapsed: 13 + 20 + 3, attempt_elapsed: 3, ..NOTHING };
    assert_eq!(told(&[Err(Timeout), Err(Busy), Ok(1)]), [first, second, success]);
}

#[test]
fn the_end_is_told_with_its_reason() {
    let bad = || BadRequest("x".into());
    let log = told(&[Err(Timeout), Err(bad())]);
    assert_eq!(log.len(), 2);
    let expected = Said {
        hook: "give up",
        attempt: 2,
        elapsed: 13,
        attempt_elapsed: 2,
        error: Some(bad()),
        reason: Some(GiveUp::Permanent),
        ..NOTHING
    };
    assert_eq!(log[1], expected);

    let log = told(&[Err(Timeout), Err(Timeout), Err(Timeout), Err(Busy)]);
    let hooks: Vec<_> = log.iter().map(|said| said.hook).collect();
    assert_eq!(hooks, ["retry", "retry", "retry", "give up"]);
    let last = &log[3];
    assert_eq!((last.attempt, last.delay, last.reason), (4, 0, Some(GiveUp::Attempts)));
    assert_eq!((&last.error, last.elapsed, last.attempt_elapsed), (&Some(Busy), 1 + 2 + 3 + 4 + 30, 4));
}

#[test]
fn a_deadline_and_a_wait_too_long_are_told_apart() {
    #[retry(
        Timeout = 10, TooManyRequests = field(retry_interval, max = 30), deadline = 25s, jitter = none,
        on_give_up = |event| reasons.borrow_mut().push((event.reason().unwrap(), event.delay(), event.elapsed())),
        attempt = n
    )]
    async fn fetch(
        error: &ApiError,
        reasons: &RefCell<Vec<(GiveUp, Duration, Duration)>>,
    ) -> Result<u32, ApiError> {
        if n.number() == 3 { Ok(3) } else { Err(error.clone()) }
    }
    let reasons = RefCell::default();
    virtually(fetch(&ApiError::told(26), &reasons)).unwrap_err();
    virtually(fetch(&ApiError::told(31), &reasons)).unwrap_err();
    virtually(fetch(&ApiError::told(13), &reasons)).unwrap_err();
    virtually(fetch(&Timeout, &reasons)).unwrap();
    let zero = Duration::ZERO;
    let expected = [
        (GiveUp::Deadline, zero, zero),
        (GiveUp::TooLong, zero, zero),
        (GiveUp::Deadline, zero, Duration::from_secs(13)),
    ];
    assert_eq!(*reasons.borrow(), expected);
}

#[test]
fn hooks_may_be_async_and_are_awaited() {
    #[retry(
        Timeout = 10, jitter = none,
        on_retry = async |event| { sleep(event.delay() / 10).await; log.borrow_mut().push("retry"); },
        on_give_up = async |_| { sleep(Duration::from_secs(5)).await; log.borrow_mut().push("give up"); },
        on_success = async |_| { sleep(Duration::from_secs(7)).await; log.borrow_mut().push("success"); },
        attempt = n
    )]
    async fn fetch(succeeds: u32, log: &RefCell<Vec<&'static str>>) -> Result<u32, ApiError> {
        if n.number() == succeeds { Ok(succeeds) } else { Err(Timeout) }
    }
    let run = |succeeds| {
        let log = RefCell::default();
        let elapsed = virtually(async {
            let started = tokio::time::Instant::now();
            let _ = fetch(succeeds, &log).await;
            started.elapsed().as_secs()
        });
        (elapsed, log.into_inner())
    };
    assert_eq!(run(1), (7, vec!["success"]));
    assert_eq!(run(2), (1 + 10 + 7, vec!["retry", "success"]));
    assert_eq!(run(9), (3 * 11 + 5, vec!["retry", "retry", "retry", "give up"]));
}

#[test]
fn an_async_function_takes_plain_hooks_and_functions_by_name() {
    thread_local!(static LOG: RefCell<Vec<(u32, u64)>> = const { RefCell::new(Vec::new()) });
    fn plain(event: Event<'_, ApiError>) {
        LOG.with_borrow_mut(|log| log.push((event.attempt(), event.delay().as_secs())));
    }
    async fn named(event: Event<'_, ApiError>) {
        plain(event);
    }
    fn generic<E: std::fmt::Debug>(event: Event<'_, E>) {
        LOG.with_borrow_mut(|log| log.push((event.attempt(), 1000)));
    }
    #[retry(Timeout = 10, jitter = none, attempts = 2, on_retry = plain, on_give_up = named)]
    async fn one() -> Result<(), ApiError> {
        Err(Timeout)
    }
    #[retry(Timeout = 10, jitter = none, attempts = 2, on_retry = generic, on_give_up = plain)]
    fn two() -> Result<(), ApiError> {
        Err(Timeout)
    }
    virtually(one()).unwrap_err();
    let _recorder = retry_core::testing::record();
    two().unwrap_err();
    assert_eq!(LOG.take(), [(1, 10), (2, 0), (1, 1000), (2, 0)]);
}

#[test]
fn a_hook_may_change_what_the_next_attempt_sees() {
    struct Client {
        token: u32,
        sent: Vec<u32>,
    }
    impl Client {
        #[retry(Timeout = 1, jitter = none, on_retry = |_| self.token += 1)]
        fn fetch(&mut self) -> Result<(), ApiError> {
            self.sent.push(self.token);
            Err(Timeout)
        }
    }
    let _recorder = retry_core::testing::record();
    let mut client = Client { token: 0, sent: Vec::new() };
    client.fetch().unwrap_err();
    assert_eq!(client.sent, [0, 1, 2, 3]);
}

#[test]
fn events_and_reasons_can_be_shown() {
    #[retry(Timeout = 10, jitter = none, attempts = 1, on_give_up = |event| shown.push_str(&format!("{event:?}")))]
    fn fetch(shown: &mut String) -> Result<(), ApiError> {
        Err(Timeout)
    }
    let mut shown = String::new();
    fetch(&mut shown).unwrap_err();
    assert!(shown.contains("attempt: 1") && shown.contains("reason: Some(Attempts)"), "{shown}");
    let all = [
        (GiveUp::Attempts, "attempts"),
        (GiveUp::Deadline, "deadline"),
        (GiveUp::Budget, "budget"),
        (GiveUp::Permanent, "permanent"),
        (GiveUp::TooLong, "too_long"),
        (GiveUp::Stopped, "stopped"),
        (GiveUp::Disabled, "disabled"),
    ];
    for (reason, word) in all {
        assert_eq!(reason.as_str(), word);
        assert!(reason.to_string().contains(' '), "{reason} is a sentence");
    }
}

#[test]
fn an_event_says_what_was_asked_for_and_by_whom() {
    let seen = RefCell::new(Vec::new());
    let policy = retry_policy!(
        ApiError: Timeout = 10, TooManyRequests = field(retry_interval), until = |n: &u32| *n > 9,
        backoff = exp(base = 3, cap = 15, max = 5, jitter = full), deadline = 1h,
        on_retry = |event| seen.borrow_mut().push((event.cause(), event.asked(), event.delay())),
        on_give_up = |event| assert_eq!((event.cause(), event.asked()), (None, Duration::ZERO))
    );
    let _recorder = retry_core::testing::record();
    let answers = [Err(Timeout), Err(ApiError::told(60)), Ok(1), Err(Timeout), Err(Busy)];
    let result = policy.run_blocking(|attempt| answers[attempt.number() as usize - 1].clone());
    assert_eq!(result, Err(Busy));
    let seen = seen.into_inner();
    let asked: Vec<_> = seen.iter().map(|(cause, asked, _)| (cause.unwrap(), asked.as_secs())).collect();
    // Before jitter, and after growth and cap.
    assert_eq!(asked, [(Cause::Rule, 10), (Cause::Told, 60), (Cause::Base, 3), (Cause::Rule, 15)]);
    for (cause, asked, delay) in seen {
        assert_eq!(delay >= asked, cause == Some(Cause::Told), "full jitter shortens what is not told");
    }
}

#[test]
fn a_hook_that_never_returns_and_one_that_returns_something_are_hooks_too() {
    #[retry(
        Timeout = 1, jitter = none,
        on_retry = |event| event.attempt() * 2,
        on_success = |_| panic!("no success here"),
        on_give_up = |_| std::panic::panic_any("gave up")
    )]
    fn sync() -> Result<(), ApiError> {
        Err(Timeout)
    }

    #[retry(
        Timeout = 1, jitter = none,
        on_retry = |event| event.attempt() * 2,
        on_success = |_| panic!("no success here"),
        on_give_up = |_| std::panic::panic_any("gave up")
    )]
    async fn asynchronous() -> Result<(), ApiError> {
        Err(Timeout)
    }

    let recorder = retry_core::testing::record();
    let payload = std::panic::catch_unwind(sync).unwrap_err();
    assert_eq!(payload.downcast_ref(), Some(&"gave up"));
    assert_eq!(recorder.delays().len(), 3);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let future = std::panic::AssertUnwindSafe(|| runtime.block_on(asynchronous()));
    let payload = std::panic::catch_unwind(future).unwrap_err();
    assert_eq!(payload.downcast_ref(), Some(&"gave up"));
    assert_eq!(recorder.delays().len(), 6);
}
