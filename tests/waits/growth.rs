//! How delays grow, and how often there is another attempt.

use std::time::Duration;

use retry_core::{Policy, retry, retry_policy};

use crate::support::ApiError::{self, BadRequest, Busy, Conflict, Timeout};
use crate::support::{Script, blocking, every_form, millis, paused, secs};

const ATTEMPTS: u32 = 3;
const MANY: i64 = 6;
const NONE: i32 = -1;

fn timeouts() -> [ApiError; 12] {
    [const { Timeout }; 12]
}

#[test]
fn the_contracts_own_example() {
    let seen = every_form!(
        ApiError,
        [Timeout, Timeout, ApiError::told(7), Timeout, Timeout],
        Timeout = 120,
        TooManyRequests = field(retry_interval),
        backoff = exp(max = 5),
        jitter = none
    );
    assert_eq!(seen.waits, secs([120, 240, 7, 480]));
    assert_eq!((seen.calls, seen.result), (5, Err(Timeout)));
}

#[test]
fn unless_said_there_are_four_attempts_and_delays_stay_as_they_are() {
    let seen = every_form!(ApiError, timeouts(), Timeout = 3, jitter = none);
    assert_eq!(seen.waits, secs([3, 3, 3]));
    assert_eq!((seen.calls, seen.result), (4, Err(Timeout)));
}

#[test]
fn exponential() {
    let seen = every_form!(ApiError, timeouts(), Timeout = 1, backoff = exp(max = 6), jitter = none);
    assert_eq!(seen.waits, secs([1, 2, 4, 8, 16]));
    let seen = every_form!(ApiError, timeouts(), Timeout = 1, backoff = exp, jitter = none);
    assert_eq!(seen.waits, secs([1, 2, 4]));
    let seen =
        every_form!(ApiError, timeouts(), Timeout = 100ms, backoff = exp(factor = 3, max = 5, jitter = none));
    assert_eq!(seen.waits, millis([100, 300, 900, 2700]));
    let seen =
        every_form!(ApiError, timeouts(), Timeout = 1s, backoff = exp(factor = 1.5, max = 5), jitter = none);
    assert_eq!(seen.waits, millis([1000, 1500, 2250, 3375]));
    let seen = every_form!(ApiError, timeouts(), Timeout = 1s, backoff = exp(factor = 1), jitter = none);
    assert_eq!(seen.waits, secs([1, 1, 1]));
}

#[test]
fn the_cap_holds_for_what_is_finally_waited() {
    let seen = every_form!(
        ApiError,
        timeouts(),
        Timeout = 100ms,
        backoff = exp(base = 1ms, factor = 2, cap = 1s, max = 7, jitter = none)
    );
    assert_eq!(seen.waits, millis([100, 200, 400, 800, 1000, 1000]));
    // It holds for a base that is longer, too.
    let seen = every_form!(ApiError, timeouts(), Timeout = 5, backoff = exp(cap = 1s), jitter = none);
    assert_eq!(seen.waits, secs([1, 1, 1]));
    let policy = retry_policy!(ApiError: Timeout = 1, backoff = exp(cap = 10s, max = 300, jitter = 0.5));
    let recorder = retry_core::testing::record();
    policy.run_blocking(|_| Err::<(), _>(Timeout)).unwrap_err();
    let delays = recorder.delays();
    assert_eq!(delays.len(), 299);
    assert!(delays[4..].iter().all(|delay| *delay == Duration::from_secs(10)), "{delays:?}");
}

#[test]
fn fixed_linear_and_fibonacci() {
    let seen = every_form!(ApiError, timeouts(), Timeout = 3, backoff = fixed(max = 5, jitter = none));
    assert_eq!(seen.waits, secs([3, 3, 3, 3]));
    let seen =
        every_form!(ApiError, timeouts(), Timeout = 10, backoff = linear(step = 1s, max = 5, jitter = none));
    assert_eq!(seen.waits, secs([10, 11, 12, 13]));
    let seen = every_form!(ApiError, timeouts(), Timeout = 10, backoff = linear(max = 5), jitter = none);
    assert_eq!(seen.waits, secs([10, 20, 30, 40]));
    let seen = every_form!(
        ApiError,
        timeouts(),
        Timeout = 2,
        backoff = linear(step = 5, cap = 9, max = 5, jitter = none)
    );
    assert_eq!(seen.waits, secs([2, 7, 9, 9]));
    let seen = every_form!(ApiError, timeouts(), Timeout = 2, backoff = fibonacci(max = 8), jitter = none);
    assert_eq!(seen.waits, secs([2, 2, 4, 6, 10, 16, 26]));
    let seen =
        every_form!(ApiError, timeouts(), Timeout = 2, backoff = fibonacci(cap = 5, max = 6), jitter = none);
    assert_eq!(seen.waits, secs([2, 2, 4, 5, 5]));
}

#[derive(Debug, Clone, PartialEq, retry_core::RetryClassify)]
#[retry(default = transient)]
enum Soft {
    A,
    B,
}

#[test]
fn the_base_serves_errors_without_a_delay_of_their_own() {
    let errors = || [Soft::A, Soft::A, Soft::A];
    let seen = every_form!(Soft, errors(), jitter = none);
    assert_eq!(seen.waits, secs([1, 1, 1]));
    let seen = every_form!(Soft, errors(), backoff = exp(base = 100ms), jitter = none);
    assert_eq!(seen.waits, millis([100, 200, 400]));
    let seen = every_form!(Soft, errors(), backoff = linear(base = 100ms, step = 1ms), jitter = none);
    assert_eq!(seen.waits, millis([100, 101, 102]));
    let seen = every_form!(Soft, errors(), backoff = fixed(base = 100ms), jitter = none);
    assert_eq!(seen.waits, millis([100, 100, 100]));
    let seen = every_form!(Soft, errors(), backoff = fibonacci(base = 100ms), jitter = none);
    assert_eq!(seen.waits, millis([100, 100, 200]));
    // It leaves alone what a rule says.
    let seen = every_form!(Soft, [Soft::B, Soft::A], B = 7, backoff = exp(base = 100ms), jitter = none);
    assert_eq!(seen.waits, millis([7000, 100]));
}

#[test]
fn each_variant_grows_for_itself() {
    let errors = || [Timeout, Busy, Busy, Timeout, Conflict, Busy, Timeout];
    let seen = every_form!(
        ApiError,
        errors(),
        Timeout = 1,
        Busy = 100ms,
        Conflict = 7,
        backoff = exp(max = 9),
        jitter = none
    );
    assert_eq!(seen.waits, millis([1000, 100, 200, 2000, 7000, 400, 4000]));
    // Also where one rule names several of them, or none.
    let seen =
        every_form!(ApiError, errors(), Timeout | Busy = 1, _ = 3, backoff = exp(max = 9), jitter = none);
    assert_eq!(seen.waits, secs([1, 1, 2, 2, 3, 4, 4]));
    let seen = every_form!(
        ApiError,
        errors(),
        when(|_| true) = 1,
        backoff = linear(step = 10, max = 9),
        jitter = none
    );
    assert_eq!(seen.waits, secs([1, 1, 11, 11, 1, 21, 21]));
    let seen = every_form!(Soft, [Soft::A, Soft::B, Soft::A, Soft::B], backoff = exp(max = 9), jitter = none);
    assert_eq!(seen.waits, secs([1, 1, 2, 2]));
}

#[test]
fn a_told_delay_between_others_resets_no_growth() {
    let errors = || [Timeout, ApiError::told(9), Timeout, ApiError::told(9), Timeout];
    let seen = every_form!(
        ApiError,
        errors(),
        Timeout = 1,
        TooManyRequests = field(retry_interval),
        backoff = exp(max = 9),
        jitter = none
    );
    assert_eq!(seen.waits, secs([1, 9, 2, 9, 4]));
}

#[test]
fn growth_is_of_one_call() {
    #[retry(Timeout = 1, backoff = exp(max = 3), jitter = none)]
    fn fetch(script: &Script<ApiError>) -> Result<u32, ApiError> {
        script.attempt()
    }
    let script = Script::of(timeouts());
    let recorder = retry_core::testing::record();
    fetch(&script).unwrap_err();
    fetch(&script).unwrap_err();
    assert_eq!(recorder.delays(), secs([1, 2, 1, 2]));
}

struct Client {
    attempts: u8,
    factor: f32,
    policy: Policy,
}

impl Client {
    #[retry(Timeout = 1, backoff = exp(factor = self.factor, max = self.attempts), jitter = none)]
    fn fetch(&self, script: &Script<ApiError>) -> Result<u32, ApiError> {
        script.attempt()
    }

    #[retry(Timeout = 1, policy = self.policy)]
    async fn by_policy(&self, script: &Script<ApiError>) -> Result<u32, ApiError> {
        script.attempt()
    }
}

#[test]
fn attempts_are_a_literal_a_const_or_an_expression() {
    let seen = every_form!(ApiError, timeouts(), Timeout = 1, attempts = 1, jitter = none);
    assert_eq!(seen.calls, 1);
    let seen = every_form!(ApiError, timeouts(), Timeout = 1, attempts = 2, jitter = none);
    assert_eq!(seen.calls, 2);
    let seen = every_form!(ApiError, timeouts(), Timeout = 1, attempts = ATTEMPTS, jitter = none);
    assert_eq!(seen.calls, 3);
    let seen = every_form!(ApiError, timeouts(), Timeout = 1, backoff = exp(max = MANY), jitter = none);
    assert_eq!(seen.calls, 6);
    let seen = every_form!(ApiError, timeouts(), Timeout = 1, attempts = NONE, jitter = none);
    assert_eq!(seen.calls, 1, "the first call is an attempt too");
    let seen = every_form!(ApiError, timeouts(), Timeout = 1, attempts = ATTEMPTS + 2, jitter = none);
    assert_eq!(seen.calls, 5);

    let client = Client { attempts: 5, factor: 1.5, policy: Policy::new() };
    let seen = blocking(timeouts(), |script| client.fetch(script));
    assert_eq!(seen.waits, millis([1000, 1500, 2250, 3375]));
}

#[test]
fn attempts_may_be_unlimited() {
    let seen = every_form!(ApiError, timeouts(), Timeout = 1, attempts = unlimited, jitter = none);
    assert_eq!(seen.result, Ok(13));
    let seen =
        every_form!(ApiError, timeouts(), Timeout = 1, backoff = fixed(max = unlimited), jitter = none);
    assert_eq!(seen.result, Ok(13));
    let policy = retry_policy!(
        ApiError: Timeout = 1ns, Busy = 0,
        backoff = exp(factor = 7, cap = 1s, max = unlimited)
    );
    let recorder = retry_core::testing::record();
    let result = policy.run_blocking(|attempt| match attempt.number() {
        20_000 => Ok("after all"),
        n if n % 2 == 0 => Err(Busy),
        _ => Err(Timeout),
    });
    assert_eq!(result, Ok("after all"));
    assert_eq!(recorder.delays().len(), 19_999);
}

#[test]
fn attempts_count_all_variants_together() {
    let errors = || [Timeout, Busy, Conflict, Timeout, Busy];
    let seen = every_form!(ApiError, errors(), _ = 1, attempts = 3, jitter = none);
    assert_eq!((seen.calls, seen.result), (3, Err(Conflict)));
}

#[test]
fn a_permanent_error_ends_it_at_any_attempt() {
    let errors = || [Timeout, Timeout, BadRequest("x".into()), Timeout];
    let seen = every_form!(ApiError, errors(), Timeout = 1, attempts = 9, jitter = none);
    assert_eq!((seen.calls, seen.result), (3, Err(BadRequest("x".into()))));
}

#[test]
fn a_policy_may_be_decided_at_run_time() {
    let policy = Policy::linear(Some(Duration::from_secs(5))).attempts(4).jitter(retry_core::Jitter::None);
    let client = Client { attempts: 1, factor: 1.0, policy };
    let seen = paused(timeouts(), async |script| client.by_policy(script).await);
    assert_eq!(seen.waits, secs([1, 6, 11]));

    #[retry(Timeout = 1, policy = policy)]
    fn shared(policy: std::sync::Arc<Policy>, script: &Script<ApiError>) -> Result<u32, ApiError> {
        script.attempt()
    }
    #[retry(Timeout = 1, policy = chosen(fast))]
    fn by_function(fast: bool, script: &Script<ApiError>) -> Result<u32, ApiError> {
        script.attempt()
    }
    fn chosen(fast: bool) -> Policy {
        let policy = if fast { Policy::fixed() } else { Policy::exponential() };
        policy.jitter(retry_core::Jitter::None)
    }
    let seen = blocking(timeouts(), |script| shared(policy.into(), script));
    assert_eq!(seen.waits, secs([1, 6, 11]));
    assert_eq!(blocking(timeouts(), |script| by_function(true, script)).waits, secs([1, 1, 1]));
    assert_eq!(blocking(timeouts(), |script| by_function(false, script)).waits, secs([1, 2, 4]));
    let seen = every_form!(ApiError, timeouts(), Timeout = 1, policy = chosen(false));
    assert_eq!(seen.waits, secs([1, 2, 4]));
}

#[test]
fn a_policys_base_and_deadline_hold_at_run_time() {
    fn policy() -> &'static Policy {
        const POLICY: Policy = Policy::exponential()
            .base(Duration::from_secs(2))
            .deadline(Duration::from_secs(13))
            .jitter(retry_core::Jitter::None);
        &POLICY
    }
    let seen = every_form!(Soft, [Soft::A, Soft::A, Soft::A], policy = policy());
    // The third wait would be 8 s, and end at 14 s.
    assert_eq!((seen.waits.as_slice(), seen.calls), (secs([2, 4]).as_slice(), 3));
}
