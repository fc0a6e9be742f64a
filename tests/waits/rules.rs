//! Which error, which delay: the first table of the contract.

use std::io::{self, ErrorKind};
use std::time::Duration;

use retry_core::{Classification, RetryClassify, retry};

use crate::support::ApiError::{self, BadRequest, Busy, Conflict, Timeout};
use crate::support::{Script, blocking, every_form, functions, millis, paused, secs};

const HALF: Duration = Duration::from_millis(500);
const TWO: u64 = 2;
const QUARTER: f64 = 0.25;
const DEBT: i64 = -5;
const NOTHING: f64 = f64::NAN;

#[test]
fn a_number_is_seconds() {
    let seen = every_form!(ApiError, [Timeout], Timeout = 120, jitter = none);
    assert_eq!(seen.waits, secs([120]));
    assert_eq!(seen.result, Ok(2));
    let seen = every_form!(ApiError, [Timeout], Timeout = 1.5, jitter = none);
    assert_eq!(seen.waits, millis([1500]));
    let seen = every_form!(ApiError, [Timeout], Timeout = 0, jitter = none);
    assert_eq!(seen.waits, secs([0]));
}

#[test]
fn a_literal_may_have_a_unit() {
    let seen = every_form!(ApiError, [Timeout], Timeout = 500ms, jitter = none);
    assert_eq!(seen.waits, millis([500]));
    let seen = every_form!(ApiError, [Timeout], Timeout = 2s, jitter = none);
    assert_eq!(seen.waits, secs([2]));
    let seen = every_form!(ApiError, [Timeout], Timeout = 1.5s, jitter = none);
    assert_eq!(seen.waits, millis([1500]));
    let seen = every_form!(ApiError, [Timeout], Timeout = 3m, jitter = none);
    assert_eq!(seen.waits, secs([180]));
    let seen = every_form!(ApiError, [Timeout], Timeout = 1h, jitter = none);
    assert_eq!(seen.waits, secs([3600]));
    let seen = every_form!(ApiError, [Timeout], Timeout = 0.5h, jitter = none);
    assert_eq!(seen.waits, secs([1800]));
}

#[test]
fn an_expression_is_a_duration_or_seconds() {
    let seen = every_form!(ApiError, [Timeout], Timeout = HALF, jitter = none);
    assert_eq!(seen.waits, millis([500]));
    let seen = every_form!(ApiError, [Timeout], Timeout = TWO, jitter = none);
    assert_eq!(seen.waits, secs([2]));
    let seen = every_form!(ApiError, [Timeout], Timeout = QUARTER, jitter = none);
    assert_eq!(seen.waits, millis([250]));
    let seen = every_form!(ApiError, [Timeout], Timeout = TWO * 3 + 1, jitter = none);
    assert_eq!(seen.waits, secs([7]));
    let seen = every_form!(ApiError, [Timeout], Timeout = HALF * 3, jitter = none);
    assert_eq!(seen.waits, millis([1500]));
    let seen = every_form!(ApiError, [Timeout], Timeout = Duration::from_millis(7), jitter = none);
    assert_eq!(seen.waits, millis([7]));
}

#[test]
fn a_written_number_that_makes_no_sense_is_zero() {
    let seen = every_form!(ApiError, [Timeout], Timeout = DEBT, jitter = none);
    assert_eq!(seen.waits, secs([0]));
    let seen = every_form!(ApiError, [Timeout], Timeout = NOTHING, jitter = none);
    assert_eq!(seen.waits, secs([0]));
}

#[test]
fn what_is_written_too_large_saturates() {
    let recorded = |call: fn(&Script<ApiError>) -> Result<u32, ApiError>| blocking([Timeout], call).waits;
    #[retry(Timeout = u64::MAX, jitter = none)]
    fn seconds(script: &Script<ApiError>) -> Result<u32, ApiError> {
        script.attempt()
    }
    #[retry(Timeout = Duration::MAX, backoff = exp(factor = 1e300), jitter = full)]
    fn longest(script: &Script<ApiError>) -> Result<u32, ApiError> {
        script.attempt()
    }
    #[retry(Timeout = f64::INFINITY, jitter = none)]
    fn infinite(script: &Script<ApiError>) -> Result<u32, ApiError> {
        script.attempt()
    }
    assert_eq!(recorded(seconds), secs([u64::MAX]));
    assert_eq!(recorded(infinite), [Duration::MAX]);
    let recorder = retry_core::testing::record();
    longest(&Script::of([Timeout, Timeout, Timeout])).unwrap();
    assert_eq!(recorder.delays().len(), 3);
}

struct Client {
    delay: Duration,
    seconds: u32,
    calls: u32,
}

impl Client {
    #[retry(Timeout = self.delay, Busy = self.seconds, Conflict = self.doubled(), jitter = none)]
    fn fetch(&mut self, script: &Script<ApiError>) -> Result<u32, ApiError> {
        self.calls += 1;
        self.delay += Duration::from_secs(1);
        script.attempt()
    }

    #[retry(Timeout = self.delay, Busy = self.seconds, Conflict = self.doubled(), jitter = none)]
    async fn fetch_async(&mut self, script: &Script<ApiError>) -> Result<u32, ApiError> {
        self.calls += 1;
        self.delay += Duration::from_secs(1);
        script.attempt()
    }

    fn doubled(&self) -> Duration {
        self.delay * 2
    }
}

#[test]
fn an_expression_may_ask_self_as_it_is_after_the_attempt() {
    let client = || Client { delay: Duration::from_secs(10), seconds: 3, calls: 0 };
    let errors = || [Timeout, Busy, Conflict];
    let (mut one, mut two) = (client(), client());
    let seen = blocking(errors(), |script| one.fetch(script));
    assert_eq!(seen.waits, secs([11, 3, 26]));
    let seen = paused(errors(), async |script| two.fetch_async(script).await);
    assert_eq!(seen.waits, secs([11, 3, 26]));
    assert_eq!((one.calls, two.calls), (4, 4));
}

#[test]
fn an_argument_may_say_the_delay() {
    #[retry(Timeout = wait, Busy = waits[1], jitter = none)]
    fn fetch(wait: Duration, waits: &[u64], script: &Script<ApiError>) -> Result<u32, ApiError> {
        script.attempt()
    }
    let seen = blocking([Timeout, Busy], |script| fetch(HALF, &[1, 9], script));
    assert_eq!(seen.waits, millis([500, 9000]));
}

#[test]
fn several_variants_share_a_rule() {
    let seen = every_form!(
        ApiError,
        [Timeout, Busy, ApiError::told(9), Conflict],
        Timeout | Busy | TooManyRequests = 5,
        jitter = none
    );
    assert_eq!(seen.waits, secs([5, 5, 5]));
    assert_eq!(seen.result, Err(Conflict));
}

#[test]
fn a_predicate_is_a_path_or_a_closure() {
    let seen =
        every_form!(ApiError, [Timeout, Busy], when(ApiError::is_timeout) = 30, Busy = 1, jitter = none);
    assert_eq!(seen.waits, secs([30, 1]));
    let seen = every_form!(
        ApiError,
        [BadRequest("soft".into()), BadRequest("hard".into())],
        when(|error| matches!(error, BadRequest(text) if text == "soft")) = 250ms,
        jitter = none
    );
    assert_eq!(seen.waits, millis([250]));
    assert_eq!(seen.result, Err(BadRequest("hard".into())));
}

#[test]
fn the_first_rule_that_matches_wins() {
    let seen = every_form!(
        ApiError,
        [Timeout, Busy],
        when(|error: &ApiError| error.is_timeout()) = 1,
        Timeout = 2,
        when(|_: &ApiError| true) = 3,
        Busy = 4,
        jitter = none
    );
    assert_eq!(seen.waits, secs([1, 3]));
}

#[test]
fn never_is_looked_at_first() {
    let seen =
        every_form!(ApiError, [Busy, Timeout], _ = 1s, when(|_| true) = 2s, Timeout = never, jitter = none);
    assert_eq!(seen.waits, secs([2]));
    assert_eq!(seen.result, Err(Timeout));
    // Where it is a predicate that says so, too.
    let seen = every_form!(
        ApiError,
        [Busy, Timeout],
        Timeout | Busy = 2s,
        when(ApiError::is_timeout) = never,
        jitter = none
    );
    assert_eq!(seen.waits, secs([2]));
    assert_eq!(seen.result, Err(Timeout));
}

#[test]
fn the_rest_is_last_wherever_it_stands() {
    let seen = every_form!(ApiError, [Timeout, Busy, Conflict], _ = 1s, Timeout = 7, jitter = none);
    assert_eq!(seen.waits, secs([7, 1, 1]));
    let seen = every_form!(ApiError, [Timeout, Busy], Timeout = 7, _ = never, jitter = none);
    assert_eq!(seen.waits, secs([7]));
    assert_eq!(seen.result, Err(Busy));
    let seen = every_form!(ApiError, [Timeout, Busy], _ = never, Timeout = 7, jitter = none);
    assert_eq!(seen.waits, secs([7]));
}

#[test]
fn what_no_rule_names_is_not_retried() {
    let seen = every_form!(ApiError, [Busy], Timeout = 7, jitter = none);
    assert_eq!(seen.calls, 1);
    assert_eq!(seen.result, Err(Busy));
}

#[test]
fn the_last_error_is_the_one_that_is_returned() {
    let errors = || (1..=9).map(|n| BadRequest(format!("{n}")));
    let seen = every_form!(ApiError, errors(), BadRequest = 1, jitter = none);
    assert_eq!(seen.result, Err(BadRequest("4".into())));
    let seen =
        every_form!(ApiError, [Timeout, Busy, BadRequest("x".into())], Timeout | Busy = 1, jitter = none);
    assert_eq!(seen.result, Err(BadRequest("x".into())));
}

mod far {
    pub mod away {
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Error {
            Busy,
            Full { seconds: u8 },
            Gone,
        }
        pub type Result<T> = std::result::Result<T, Error>;
    }
}

#[test]
fn a_path_names_a_variant_where_an_alias_hides_the_enum() {
    use far::away::Error;
    let errors = || [Error::Busy, Error::Full { seconds: 9 }, Error::Gone];
    let seen = functions!(
        far::away::Result<u32>,
        Error,
        errors(),
        far::away::Error::Busy = 2,
        far::away::Error::Full = field(seconds),
        jitter = none
    );
    assert_eq!(seen.waits, secs([2, 9]));
    assert_eq!(seen.result, Err(Error::Gone));
    let seen = functions!(
        far::away::Result<u32>,
        Error,
        errors(),
        error = far::away::Error,
        Busy = 2,
        Full = field(seconds),
        Gone = never,
        jitter = none
    );
    assert_eq!(seen.waits, secs([2, 9]));
    let seen =
        functions!(far::away::Result<u32>, Error, errors(), Error::Busy | Error::Full = 3, jitter = none);
    assert_eq!(seen.waits, secs([3, 3]));
}

#[test]
fn an_io_result_is_retried_by_predicate() {
    let errors = || [ErrorKind::TimedOut, ErrorKind::Interrupted, ErrorKind::NotFound].map(io::Error::from);
    let seen = functions!(
        io::Result<u32>,
        io::Error,
        errors(),
        when(|error: &io::Error| error.kind() == ErrorKind::TimedOut) = 30,
        when(|error: &io::Error| error.kind() == ErrorKind::Interrupted) = 1,
        jitter = none
    );
    assert_eq!(seen.waits, secs([30, 1]));
    assert_eq!(seen.result.unwrap_err().kind(), ErrorKind::NotFound);
}

#[derive(Debug, Clone, PartialEq)]
enum Classified {
    Soft,
    Named,
    Told(u64),
    Hard,
}

impl RetryClassify for Classified {
    fn classify(&self) -> Classification {
        match self {
            Self::Soft | Self::Named => Classification::Transient,
            Self::Told(seconds) => Classification::After(Duration::from_secs(*seconds)),
            Self::Hard => Classification::Permanent,
        }
    }
}

#[test]
fn what_no_rule_names_is_left_to_the_type() {
    let errors = || [Classified::Soft, Classified::Named, Classified::Told(9), Classified::Hard];
    let seen = every_form!(Classified, errors(), Named = 5, backoff = exp(base = 3), jitter = none);
    assert_eq!(seen.waits, secs([3, 5, 9]));
    assert_eq!(seen.result, Err(Classified::Hard));
    // A rule for the rest is a rule too.
    let seen = every_form!(Classified, errors(), Named = 5, _ = 1, jitter = none);
    assert_eq!(seen.waits, secs([1, 5, 1]));
    // And `never` is stronger than the type.
    let seen = every_form!(Classified, errors(), Soft = never, jitter = none);
    assert_eq!(seen.calls, 1);
}

#[test]
fn a_bare_attribute_uses_the_type_alone() {
    #[retry]
    fn bare(script: &Script<Classified>) -> Result<u32, Classified> {
        script.attempt()
    }
    #[retry()]
    async fn empty(script: &Script<Classified>) -> Result<u32, Classified> {
        script.attempt()
    }
    let script = Script::of([Classified::Soft, Classified::Told(9), Classified::Hard]);
    let recorder = retry_core::testing::record();
    assert_eq!(bare(&script), Err(Classified::Hard));
    let delays = recorder.delays();
    // Up to a tenth more, unless said otherwise, and never less.
    for (delay, least) in delays.iter().zip(secs([1, 9])) {
        assert!(*delay > least && *delay <= least.mul_f64(1.1), "{delays:?}");
    }
    assert_eq!(delays.len(), 2);
    drop(recorder);
    let seen = paused([const { Classified::Soft }; 9], async |script| empty(script).await);
    assert_eq!(seen.calls, 4);

    let seen = every_form!(Classified, [Classified::Soft, Classified::Told(9)], jitter = none);
    assert_eq!(seen.waits, secs([1, 9]));
}

#[test]
fn a_boxed_error_is_matched_as_what_is_in_the_box() {
    let errors = || [Timeout, ApiError::told(9), Busy, Timeout, Busy].map(Box::new);
    let seen = every_form!(
        Box<ApiError>,
        errors(),
        Timeout = 2,
        TooManyRequests = field(retry_interval),
        Busy = 5,
        backoff = exp(max = 9),
        jitter = none
    );
    // Each variant grows for itself here too.
    assert_eq!(seen.waits, secs([2, 9, 5, 4, 10]));
    let errors = || [Timeout, Busy, Timeout, Busy].map(std::sync::Arc::new);
    let seen = every_form!(std::sync::Arc<ApiError>, errors(), _ = 1, backoff = exp(max = 9), jitter = none);
    assert_eq!(seen.waits, secs([1, 1, 2, 2]));
}

#[test]
fn an_error_that_is_no_enum_takes_predicates_and_the_rest() {
    #[derive(Debug, Clone, PartialEq)]
    struct Status {
        code: u16,
        retry_after: Option<u64>,
    }
    let errors = || [(429, Some(7)), (503, None), (429, None), (503, None), (404, None)];
    let errors = || errors().map(|(code, retry_after)| Status { code, retry_after });
    let seen = every_form!(
        Status,
        errors(),
        when(|status: &Status| status.code == 429) = field(retry_after, or = 60),
        when(|status: &Status| status.code == 404) = never,
        _ = 2,
        backoff = exp(max = 9),
        jitter = none
    );
    assert_eq!(seen.waits, secs([7, 2, 120, 4]));
    assert_eq!(seen.result.unwrap_err().code, 404);
}

#[test]
fn a_boxed_error_may_have_no_size() {
    trait Soft: std::fmt::Debug {
        fn is_soft(&self) -> bool;
    }
    impl Soft for bool {
        fn is_soft(&self) -> bool {
            *self
        }
    }
    type Any = dyn Soft;
    let errors = || [true, true, true, false].map(|soft| Box::new(soft) as Box<Any>);
    let seen = every_form!(Box<Any>, errors(), when(|any| any.is_soft()) = 1, backoff = exp, jitter = none);
    assert_eq!(seen.waits, secs([1, 2, 4]));
}

#[test]
fn a_generic_error_is_matched_whatever_it_is_made_with() {
    #[derive(Debug, Clone, PartialEq)]
    enum Error<T> {
        Busy,
        Told { after: T },
    }
    let errors = || [Error::Told { after: Some(3_u8) }, Error::Busy, Error::Told { after: None }];
    let seen =
        every_form!(Error<Option<u8>>, errors(), Busy = 2, Told = field(after, or = 60), jitter = none);
    assert_eq!(seen.waits, secs([3, 2, 60]));
}
