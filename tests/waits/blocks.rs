//! The block form, and policies put together without a macro.

use std::time::Duration;

use retry_core::{Classification, Jitter, Policy, RetryClassify, RetryPolicy, retry_policy, retry_with};

use crate::support::ApiError::{self, BadRequest, Busy, Conflict, Timeout};
use crate::support::{Script, blocking, paused, secs, virtually};

fn judged(error: &ApiError) -> Classification {
    match error {
        Timeout => Classification::After(Duration::from_secs(120)),
        ApiError::TooManyRequests { retry_interval } => {
            Classification::After(Duration::from_secs(*retry_interval))
        }
        Busy => Classification::Transient,
        Conflict | BadRequest(_) => Classification::Permanent,
    }
}

const PLAIN: Policy = Policy::exponential().attempts(9).jitter(Jitter::None);

#[test]
fn a_policy_by_methods_waits_as_one_by_words() {
    let errors = || [Timeout, Busy, ApiError::told(7), Busy, Timeout, Conflict];
    // What a function of the error says is told, and so does not grow.
    let expected = secs([120, 1, 7, 2, 120]);
    let policy = RetryPolicy::new(PLAIN).classify(judged);
    let seen = blocking(errors(), |script| policy.run_blocking(|_| script.attempt()));
    assert_eq!((seen.waits.as_slice(), &seen.result), (expected.as_slice(), &Err(Conflict)));
    let seen = paused(errors(), async |script| policy.run(async |_| script.attempt()).await);
    assert_eq!(seen.waits, expected);
    let seen = blocking(errors(), |script| retry_with!(policy, |_| script.attempt()));
    assert_eq!(seen.waits, expected);
    let seen = paused(errors(), async |script| retry_with!(policy, async |_| script.attempt()));
    assert_eq!(seen.waits, expected);
}

#[test]
fn the_numbers_of_a_policy_are_what_its_methods_say() {
    let seconds = |policy: Policy| policy.jitter(Jitter::None).delays().take(5).collect::<Vec<_>>();
    let two = Duration::from_secs(2);
    assert_eq!(seconds(Policy::new()), secs([1, 1, 1]));
    assert_eq!(seconds(Policy::default()), secs([1, 1, 1]));
    assert_eq!(seconds(Policy::fixed().base(two).attempts(3)), secs([2, 2]));
    assert_eq!(seconds(Policy::exponential().attempts(6)), secs([1, 2, 4, 8, 16]));
    assert_eq!(
        seconds(Policy::exponential().factor(3.0).cap(two).unlimited_attempts()),
        secs([1, 2, 2, 2, 2])
    );
    assert_eq!(seconds(Policy::linear(Some(two)).attempts(5)), secs([1, 3, 5, 7]));
    assert_eq!(seconds(Policy::linear(None).base(two).attempts(5)), secs([2, 4, 6, 8]));
    assert_eq!(seconds(Policy::fibonacci().attempts(6)), secs([1, 1, 2, 3, 5]));
    assert_eq!(seconds(Policy::fixed().factor(9.0)), secs([1, 1, 1]), "no factor without growth");
    assert_eq!(seconds(Policy::new().attempts(1)), Vec::<Duration>::new());
    assert_eq!(seconds(Policy::new().attempts(0)), Vec::<Duration>::new());
    assert_eq!(Policy::new().attempts(0).max_attempts(), Some(1));
    assert_eq!(Policy::new().max_attempts(), Some(4));
    assert_eq!(Policy::new().unlimited_attempts().max_attempts(), None);
    assert_eq!(Policy::new().max_elapsed(), None);
    assert_eq!(Policy::new().deadline(two).max_elapsed(), Some(two));
}

#[test]
fn without_classify_the_type_decides() {
    #[derive(Debug, Clone, PartialEq)]
    struct Always(u8);
    impl RetryClassify for Always {
        fn classify(&self) -> Classification {
            if self.0 == 0 { Classification::Permanent } else { Classification::Transient }
        }
    }
    let policy: RetryPolicy<Always> = RetryPolicy::new(PLAIN);
    let seen = blocking([1, 2, 0].map(Always), |script| policy.run_blocking(|_| script.attempt()));
    assert_eq!((seen.waits.as_slice(), seen.result), (secs([1, 2]).as_slice(), Err(Always(0))));
    let policy: RetryPolicy<Always> = PLAIN.into();
    let seen = paused([1, 2, 0].map(Always), async |script| policy.run(async |_| script.attempt()).await);
    assert_eq!(seen.waits, secs([1, 2]));
}

#[test]
fn hooks_of_one_kind_may_be_several() {
    let told = std::cell::RefCell::new(Vec::new());
    let note = |what: &'static str| {
        let told = &told;
        move |_: retry_core::Event<'_, ApiError>| told.borrow_mut().push(what)
    };
    let policy = RetryPolicy::new(PLAIN)
        .classify(judged)
        .on_retry(note("first"))
        .on_retry(note("second"))
        .on_success(note("success"))
        .on_give_up(note("give up"));
    let _recorder = retry_core::testing::record();
    let script = Script::of([Busy]);
    policy.run_blocking(|_| script.attempt()).unwrap();
    assert_eq!(told.take(), ["first", "second", "success"]);
    policy.run_blocking(|_| Err::<(), _>(Conflict)).unwrap_err();
    assert_eq!(told.take(), ["give up"]);
}

#[test]
fn a_timeout_by_methods() {
    let policy = RetryPolicy::new(PLAIN).classify(judged).timeout(Duration::from_secs(5), || Busy);
    virtually(async {
        let started = tokio::time::Instant::now();
        let result = policy
            .run(
                async |attempt| {
                    if attempt.number() < 3 { std::future::pending().await } else { Ok(attempt.number()) }
                },
            )
            .await;
        assert_eq!(result, Ok(3));
        assert_eq!(started.elapsed().as_secs(), 5 + 1 + 5 + 2);
    });
}

#[test]
fn one_policy_serves_many_calls_each_with_its_own_growth() {
    let policy = retry_policy!(ApiError: Timeout = 1, backoff = exp(max = 3), jitter = none);
    let recorder = retry_core::testing::record();
    for _ in 0..3 {
        policy.run_blocking(|_| Err::<(), _>(Timeout)).unwrap_err();
    }
    // The type of the value is each call's own.
    assert_eq!(policy.run_blocking(|_| Ok("text")), Ok("text"));
    assert_eq!(policy.run_blocking(|_| Ok(7)), Ok(7));
    assert_eq!(recorder.delays(), secs([1, 2, 1, 2, 1, 2]));
    assert_eq!(policy.clone().run_blocking(|_| Ok(7)), Ok(7));
}

#[tokio::test(start_paused = true)]
async fn blocks_run_in_spawned_tasks_with_what_they_borrow() {
    let delays = retry_policy!(ApiError: Timeout = 120, attempts = 5, jitter = none);
    let started = tokio::time::Instant::now();
    let task = tokio::spawn(async move {
        let (name, mut log) = (String::from("events"), Vec::new());
        let result = retry_with!(delays, |attempt| {
            log.push(attempt.number());
            tokio::task::yield_now().await;
            if log.len() < 3 {
                Err(Timeout)?;
            }
            Ok(name.as_str())
        });
        (result.map(str::to_owned), log)
    });
    assert_eq!(task.await.unwrap(), (Ok("events".to_owned()), vec![1, 2, 3]));
    assert_eq!(started.elapsed().as_secs(), 240);
}

#[test]
fn question_marks_and_returns_leave_the_attempt_and_not_the_caller() {
    let delays = retry_policy!(ApiError: Timeout = 1, jitter = none);
    let recorder = retry_core::testing::record();
    let mut calls = 0;
    let result = retry_with!(delays, |_| {
        calls += 1;
        if calls == 1 {
            return Err(Timeout);
        }
        if calls == 2 {
            Err(Timeout)?;
        }
        Ok(calls)
    });
    assert_eq!((result, recorder.delays().len()), (Ok(3), 2));
    let mut calls = 0;
    let result = delays.run_blocking(|_| {
        calls += 1;
        if calls < 3 {
            Err(Timeout)?;
        }
        Ok(calls)
    });
    assert_eq!(result, Ok(3));
}

#[test]
fn a_policy_with_a_name_waits_as_the_one_it_was_made_of() {
    struct Client {
        delays: retry_core::SharedRetryPolicy<ApiError>,
    }
    let told = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let log = told.clone();
    let delays = retry_policy!(
        ApiError: Timeout = 1, Busy = 10, backoff = exp(max = 9), jitter = none,
        on_retry = move |event| log.lock().unwrap().push(event.attempt())
    );
    let client = Client { delays: delays.shared() };
    let errors = || [Timeout, Busy, Timeout, Busy, Conflict];
    let expected = secs([1, 10, 2, 20]);
    let seen = blocking(errors(), |script| client.delays.run_blocking(|_| script.attempt()));
    assert_eq!((seen.waits.as_slice(), seen.result), (expected.as_slice(), Err(Conflict)));
    let copy = client.delays.clone();
    let seen = paused(errors(), async |script| copy.run(async |_| script.attempt()).await);
    assert_eq!(seen.waits, expected);
    let seen = paused(errors(), async |script| retry_with!(copy, async |_| script.attempt()));
    assert_eq!(seen.waits, expected);
    assert_eq!(told.lock().unwrap().len(), 12);

    // What is in a box is told apart here too.
    let boxed = retry_policy!(Box<ApiError>: _ = 1, backoff = exp(max = 9), jitter = none).shared();
    let seen =
        blocking([Timeout, Busy, Timeout].map(Box::new), |script| boxed.run_blocking(|_| script.attempt()));
    assert_eq!(seen.waits, secs([1, 1, 2]));
}
