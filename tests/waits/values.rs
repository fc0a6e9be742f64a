//! What the body is given and gives: `until`, `attempt`, `clone`.

use std::cell::RefCell;
use std::time::Duration;

use retry_core::{GiveUp, Policy, RetryPolicy, retry, retry_policy, retry_with};
use tokio::time::{Instant, sleep};

use crate::support::ApiError::{self, Busy, Timeout};
use crate::support::{millis, paused, secs, virtually};

#[derive(Debug, Clone, PartialEq)]
struct Job {
    progress: u32,
}

impl Job {
    fn is_done(&self) -> bool {
        self.progress >= 100
    }
}

#[retry(Timeout = 7, until = Job::is_done, backoff = exp(base = 2, max = 5), jitter = none)]
fn poll(answers: &RefCell<Vec<Result<u32, ApiError>>>) -> Result<Job, ApiError> {
    let progress = answers.borrow_mut().remove(0)?;
    Ok(Job { progress })
}

#[retry(Timeout = 7, until = |job| job.is_done(), backoff = exp(base = 2, max = 5), jitter = none)]
async fn poll_async(answers: &RefCell<Vec<Result<u32, ApiError>>>) -> Result<Job, ApiError> {
    let progress = answers.borrow_mut().remove(0)?;
    Ok(Job { progress })
}

/// All forms over the same answers: the result, and what was waited.
fn polled(answers: &[Result<u32, ApiError>]) -> (Result<Job, ApiError>, Vec<Duration>) {
    let left = || RefCell::new(answers.to_vec());
    let recorder = retry_core::testing::record();
    let result = poll(&left());
    let waits = recorder.delays();
    drop(recorder);

    let total = waits.iter().sum::<Duration>();
    let policy = retry_policy!(
        ApiError: Timeout = 7, until = Job::is_done, backoff = exp(base = 2, max = 5), jitter = none
    );
    virtually(async {
        let started = Instant::now();
        assert_eq!(poll_async(&left()).await, result);
        assert_eq!(started.elapsed(), total);
        let answers = left();
        let next = || answers.borrow_mut().remove(0).map(|progress| Job { progress });
        assert_eq!(policy.run(async |_| next()).await, result);
        assert_eq!(started.elapsed(), total * 2);
    });
    let recorder = retry_core::testing::record();
    let answers = left();
    let blocked = policy.run_blocking(|_| answers.borrow_mut().remove(0).map(|progress| Job { progress }));
    assert_eq!((&blocked, recorder.delays()), (&result, waits.clone()));
    (result, waits)
}

#[test]
fn until_tries_again_what_is_not_good_enough() {
    let (result, waits) = polled(&[Ok(0), Ok(50), Ok(99), Ok(100)]);
    assert_eq!(result, Ok(Job { progress: 100 }));
    assert_eq!(waits, secs([2, 4, 8]));
    assert_eq!(polled(&[Ok(100)]), (Ok(Job { progress: 100 }), vec![]));
}

#[test]
fn values_and_errors_grow_apart() {
    let (result, waits) = polled(&[Ok(0), Err(Timeout), Ok(1), Err(Timeout), Ok(100)]);
    assert_eq!(result, Ok(Job { progress: 100 }));
    assert_eq!(waits, secs([2, 7, 4, 14]));
}

#[test]
fn what_until_does_not_accept_is_returned_when_it_gives_up() {
    let (result, waits) = polled(&[Ok(1), Ok(2), Ok(3), Ok(4), Ok(5), Ok(100)]);
    assert_eq!(result, Ok(Job { progress: 5 }));
    assert_eq!(waits, secs([2, 4, 8, 16]));
    let (result, _) = polled(&[Ok(1), Ok(2), Ok(3), Ok(4), Err(Timeout), Ok(100)]);
    assert_eq!(result, Err(Timeout));
    let (result, waits) = polled(&[Ok(1), Err(Busy), Ok(100)]);
    assert_eq!((result, waits.len()), (Err(Busy), 1));
}

#[retry(until = |value| *value > 2, backoff = linear(base = 100ms, step = 50ms), jitter = none)]
fn optional(values: &mut Vec<Option<u32>>) -> Option<u32> {
    let value = values.remove(0)?;
    Some(value)
}

#[retry(until = |value| *value > 2, backoff = linear(base = 100ms, step = 50ms), jitter = none)]
async fn optional_async(values: &mut Vec<Option<u32>>) -> Option<u32> {
    values.remove(0)
}

#[test]
fn an_option_is_tried_until_its_value_is_there_and_good_enough() {
    let recorder = retry_core::testing::record();
    assert_eq!(optional(&mut vec![None, Some(1), None, Some(3)]), Some(3));
    assert_eq!(recorder.delays(), millis([100, 150, 200]));
    assert_eq!(optional(&mut vec![None; 9]), None);
    assert_eq!(optional(&mut vec![Some(1), None, Some(2), Some(1), Some(3)]), Some(1));
    assert_eq!(optional(&mut vec![Some(2), Some(1), Some(2), None, Some(3)]), None);
    drop(recorder);
    virtually(async {
        let started = Instant::now();
        assert_eq!(optional_async(&mut vec![None, Some(1), None, Some(3)]).await, Some(3));
        assert_eq!(started.elapsed(), Duration::from_millis(450));
    });
}

#[test]
fn until_may_stand_beside_hooks_that_say_no_type() {
    #[retry(Timeout = 1, until = |n| *n > 2, on_retry = |event| seen.borrow_mut().push((event.attempt(), event.error().is_some())))]
    fn fetch(calls: &mut u32, seen: &RefCell<Vec<(u32, bool)>>) -> Result<u32, ApiError> {
        *calls += 1;
        if *calls == 2 { Err(Timeout) } else { Ok(*calls) }
    }
    let _recorder = retry_core::testing::record();
    let seen = RefCell::default();
    assert_eq!(fetch(&mut 0, &seen), Ok(3));
    assert_eq!(*seen.borrow(), [(1, false), (2, true)]);
}

#[test]
fn until_holds_in_a_loop_without_limit() {
    #[retry(until = |n| *n == 500, attempts = unlimited, backoff = fixed(base = 1ms))]
    async fn counted(calls: &mut u32) -> Option<u32> {
        *calls += 1;
        Some(*calls)
    }
    assert_eq!(virtually(counted(&mut 0)), Some(500));
}

/// What one attempt is told.
type Told = (u32, Option<u32>, Duration, Option<ApiError>);

#[retry(Timeout = 2, Busy = 3, attempt = n, attempts = 5, jitter = none)]
async fn asks(answers: &[Result<(), ApiError>], told: &mut Vec<Told>) -> Result<(), ApiError> {
    told.push((n.number(), n.max(), n.elapsed(), n.last_error().cloned()));
    assert_eq!(n.is_last(), n.number() == 5);
    sleep(Duration::from_secs(1)).await;
    assert_eq!(n.elapsed(), told.last().unwrap().2 + Duration::from_secs(1), "it goes on");
    answers[told.len() - 1].clone()
}

#[test]
fn an_attempt_knows_its_number_the_time_and_the_last_error() {
    let mut told = Vec::new();
    virtually(asks(&[Err(Timeout), Err(Busy), Ok(())], &mut told)).unwrap();
    let expected = [(1, 0, None), (2, 3, Some(Timeout)), (3, 7, Some(Busy))];
    assert_eq!(told, expected.map(|(n, seconds, error)| (n, Some(5), Duration::from_secs(seconds), error)));
}

#[test]
fn in_a_blocking_call_too() {
    #[retry(Timeout = 200, attempt = n, attempts = unlimited, jitter = none)]
    fn fetch(told: &RefCell<Vec<Told>>) -> Result<u32, ApiError> {
        told.borrow_mut().push((n.number(), n.max(), n.elapsed(), n.last_error().cloned()));
        if n.number() < 3 { Err(Timeout) } else { Ok(n.number()) }
    }
    let _recorder = retry_core::testing::record();
    let told = RefCell::default();
    assert_eq!(fetch(&told), Ok(3));
    let told = told.into_inner();
    let numbers: Vec<_> = told.iter().map(|(n, max, ..)| (*n, *max)).collect();
    assert_eq!(numbers, [(1, None), (2, None), (3, None)]);
    assert_eq!(
        told.iter().map(|told| told.3.clone()).collect::<Vec<_>>(),
        [None, Some(Timeout), Some(Timeout)]
    );
    // What the recorder skipped counts as passed.
    for (told, expected) in told.iter().zip([0, 200, 400]) {
        assert!((expected..expected + 100).contains(&told.2.as_secs()), "{told:?}");
    }
}

#[test]
fn after_a_value_that_until_refused_there_is_no_last_error() {
    #[retry(Timeout = 1, until = |n| *n > 3, attempt = n, jitter = none)]
    fn fetch(errors: &RefCell<Vec<Option<ApiError>>>) -> Result<u32, ApiError> {
        errors.borrow_mut().push(n.last_error().cloned());
        if n.number() == 2 { Err(Timeout) } else { Ok(n.number()) }
    }
    let _recorder = retry_core::testing::record();
    let errors = RefCell::default();
    assert_eq!(fetch(&errors), Ok(4));
    assert_eq!(*errors.borrow(), [None, None, Some(Timeout), None]);
}

#[test]
fn the_blocks_attempt_is_the_same() {
    let policy = retry_policy!(ApiError: Timeout = 2, Busy = 3, attempts = 5, jitter = none);
    let mut told: Vec<Told> = Vec::new();
    let result = virtually(policy.run(async |attempt| {
        told.push((attempt.number(), attempt.max(), attempt.elapsed(), attempt.last_error().cloned()));
        match attempt.number() {
            1 => Err(Timeout),
            2 => Err(Busy),
            n => Ok(n),
        }
    }));
    assert_eq!(result, Ok(3));
    let expected = [(1, 0, None), (2, 2, Some(Timeout)), (3, 5, Some(Busy))];
    let expected = expected.map(|(n, seconds, error)| (n, Some(5), Duration::from_secs(seconds), error));
    assert_eq!(told, expected);
    let result = virtually(async {
        retry_with!(policy, async |attempt| match (attempt.number(), attempt.last_error()) {
            (1, None) => Err(Timeout),
            (2, Some(Timeout)) => Ok(attempt.elapsed().as_secs()),
            _ => Err(Busy),
        })
    });
    assert_eq!(result, Ok(2));
}

#[test]
fn a_clone_is_fresh_for_each_attempt() {
    #[retry(Timeout = 1, clone(body, tags), jitter = none)]
    async fn send(
        mut body: Vec<u8>,
        tags: String,
        sent: &mut Vec<(Vec<u8>, String)>,
    ) -> Result<usize, ApiError> {
        body.push(9);
        sent.push((body, tags));
        if sent.len() < 3 { Err(Timeout) } else { Ok(sent.len()) }
    }
    #[retry(Timeout = 1, clone(body), jitter = none)]
    fn consume(body: Box<str>, sent: &RefCell<Vec<String>>) -> Result<(), ApiError> {
        sent.borrow_mut().push(body.into_string());
        Err(Timeout)
    }
    let mut sent = Vec::new();
    assert_eq!(virtually(send(vec![1], "a".into(), &mut sent)), Ok(3));
    assert_eq!(sent, [const { (1, 9) }; 3].map(|(one, nine)| (vec![one, nine], "a".to_owned())));
    let _recorder = retry_core::testing::record();
    let sent = RefCell::default();
    consume("b".into(), &sent).unwrap_err();
    assert_eq!(*sent.borrow(), ["b"; 4]);
}

#[test]
fn all_options_go_together_whatever_is_returned() {
    use std::io::{self, ErrorKind};
    type Log = RefCell<Vec<String>>;

    #[retry(
        when(|error: &io::Error| error.kind() == ErrorKind::TimedOut) = 7, _ = never,
        until = |n| *n > 3, attempt = n, deadline = 1h, sleep = |_| {}, backoff = exp(max = 9, jitter = none),
        on_retry = |event| log.borrow_mut().push(format!("{} {:?}", event.attempt(), event.error().map(io::Error::kind))),
        on_give_up = |event| log.borrow_mut().push(format!("{:?}", event.reason())),
        on_success = |event| log.borrow_mut().push(format!("success {}", event.attempt()))
    )]
    fn aliased(log: &Log) -> io::Result<u32> {
        if n.number() == 2 { Err(ErrorKind::TimedOut.into()) } else { Ok(n.number()) }
    }
    #[retry(
        when(|error: &io::Error| error.kind() == ErrorKind::TimedOut) = 7, _ = never,
        until = |n| *n > 3, attempt = n, deadline = 1h, timeout = 1m => ErrorKind::TimedOut.into(),
        backoff = exp(max = 9, jitter = none), sleep = sleep,
        on_retry = async |event| log.borrow_mut().push(format!("{} {:?}", event.attempt(), event.error().map(io::Error::kind))),
        on_give_up = |event| log.borrow_mut().push(format!("{:?}", event.reason())),
        on_success = async |event| log.borrow_mut().push(format!("success {}", event.attempt()))
    )]
    async fn aliased_async(log: &Log) -> io::Result<u32> {
        if n.number() == 2 { std::future::pending().await } else { Ok(n.number()) }
    }
    #[retry(
        until = |n| *n > 2, attempt = n, deadline = 1h, sleep = |_| {}, jitter = none,
        on_retry = |event| log.borrow_mut().push(format!("{} {:?}", event.attempt(), event.error())),
        on_give_up = |event| log.borrow_mut().push(format!("{:?}", event.reason())),
        on_success = |event| log.borrow_mut().push(format!("success {}", event.attempt()))
    )]
    fn optional(log: &Log) -> Option<u32> {
        assert!(n.last_error().is_none());
        (n.number() != 2).then_some(n.number())
    }
    #[retry(
        until = |n| *n > 9, attempt = n, deadline = 1h, sleep = sleep, jitter = none,
        on_retry = async |event| log.borrow_mut().push(format!("{} {:?}", event.attempt(), event.error())),
        on_give_up = async |event| log.borrow_mut().push(format!("{:?}", event.reason())),
        on_success = async |event| log.borrow_mut().push(format!("success {}", event.attempt()))
    )]
    async fn optional_async(log: &Log) -> Option<u32> {
        Some(n.number())
    }

    let log = Log::default();
    assert_eq!(aliased(&log).unwrap(), 4);
    let expected = ["1 None", "2 Some(TimedOut)", "3 None", "success 4"];
    assert_eq!(log.take(), expected);
    let elapsed = virtually(async {
        let started = Instant::now();
        assert_eq!(aliased_async(&log).await.unwrap(), 4);
        started.elapsed().as_secs()
    });
    assert_eq!(log.take(), expected);
    assert_eq!(elapsed, 1 + 60 + 7 + 2);
    assert_eq!(optional(&log), Some(3));
    assert_eq!(log.take(), ["1 None", "2 None", "success 3"]);
    assert_eq!(virtually(optional_async(&log)), Some(4));
    assert_eq!(log.take(), ["1 None", "2 None", "3 None", "Some(Attempts)"]);
}

#[test]
fn giving_up_on_a_value_says_why() {
    let reasons = RefCell::new(Vec::new());
    let policy = RetryPolicy::<ApiError>::new(Policy::fixed().attempts(2))
        .classify(|_| retry_core::Classification::Permanent)
        .until(|value: &u32| *value > 9)
        .on_give_up(|event| reasons.borrow_mut().push((event.reason(), event.error().is_some())));
    let seen = paused([], async |script| policy.run(async |_| script.attempt()).await);
    assert_eq!(seen.result, Ok(2));
    assert_eq!(*reasons.borrow(), [(Some(GiveUp::Attempts), false)]);
}
