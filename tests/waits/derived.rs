//! `#[derive(RetryClassify)]`: every verdict, and what a call makes of it.

use std::time::Duration;

use retry_core::Classification::{self, After, Permanent, Transient};
use retry_core::{RetryClassify, ToldDelay};

use crate::support::{every_form, secs};

fn after(seconds: u64) -> Classification {
    After(Duration::from_secs(seconds))
}

#[derive(Debug, Clone, PartialEq, thiserror::Error, RetryClassify)]
enum HttpError {
    #[error("connection reset")]
    #[retry(transient)]
    Reset,
    #[error("unavailable")]
    #[retry(after = field(0))]
    Unavailable(Option<u64>),
    #[error("not found")]
    NotFound,
}

const LATER: u64 = 9;

#[derive(Debug, Clone, PartialEq, thiserror::Error, RetryClassify)]
#[retry(default = permanent)]
enum ApiError {
    #[error("timed out")]
    #[retry(after = 120)]
    Timeout,
    #[error("soon")]
    #[retry(after = 500ms)]
    Soon,
    #[error("later")]
    #[retry(after = LATER * 2)]
    Later,
    #[error("slow down")]
    #[retry(after = field(retry_interval, or = 60))]
    TooManyRequests { retry_interval: Option<u64> },
    #[error("full")]
    #[retry(after = field(1.0, max = 10m))]
    Full(u8, (f64, u8)),
    #[error("conflict")]
    #[retry(transient)]
    Conflict,
    #[error("bad request: {0}")]
    #[retry(permanent)]
    BadRequest(String),
    #[error("nothing said")]
    Unsaid,
    #[error(transparent)]
    #[retry(forward)]
    Http(#[from] HttpError),
    #[error("from alone")]
    Quiet(#[from] std::fmt::Error),
    #[error("named")]
    #[retry(forward(inner))]
    Named { code: u16, inner: Box<HttpError> },
    #[error("marked")]
    Marked(u16, #[retry(forward)] HttpError),
    #[error("source")]
    #[retry(forward)]
    Sourced { code: u16, source: HttpError },
    #[error("soft")]
    #[retry(when = self.is_soft())]
    Other(u8),
    #[error("soft, after")]
    #[retry(after = field(0), when = self.is_soft())]
    Later2(u8),
    #[error("soft, forwarded")]
    #[retry(forward, when = !cfg!(windows))]
    Maybe(HttpError),
}

impl ApiError {
    fn is_soft(&self) -> bool {
        matches!(self, Self::Other(1) | Self::Later2(1..=5))
    }
}

#[test]
fn every_verdict() {
    let unavailable = |seconds| HttpError::Unavailable(seconds);
    let said = [
        (ApiError::Timeout, after(120)),
        (ApiError::Soon, After(Duration::from_millis(500))),
        (ApiError::Later, after(18)),
        (ApiError::TooManyRequests { retry_interval: Some(7) }, after(7)),
        (ApiError::TooManyRequests { retry_interval: None }, after(60)),
        (ApiError::Full(1, (1.5, 2)), After(Duration::from_millis(1500))),
        (ApiError::Full(1, (600.0, 2)), after(600)),
        (ApiError::Full(1, (601.0, 2)), Permanent),
        (ApiError::Full(1, (f64::INFINITY, 2)), Permanent),
        // Not told, and no `or`: the policy's own delay.
        (ApiError::Full(1, (-1.0, 2)), Transient),
        (ApiError::Full(1, (f64::NAN, 2)), Transient),
        (ApiError::Conflict, Transient),
        (ApiError::BadRequest("x".into()), Permanent),
        (ApiError::Unsaid, Permanent),
        (HttpError::Reset.into(), Transient),
        (unavailable(Some(3)).into(), after(3)),
        (unavailable(None).into(), Transient),
        (HttpError::NotFound.into(), Permanent),
        // `#[from]` never implies `forward`.
        (std::fmt::Error.into(), Permanent),
        (ApiError::Named { code: 1, inner: Box::new(unavailable(Some(4))) }, after(4)),
        (ApiError::Named { code: 1, inner: Box::new(HttpError::NotFound) }, Permanent),
        (ApiError::Marked(1, HttpError::Reset), Transient),
        (ApiError::Marked(1, HttpError::NotFound), Permanent),
        (ApiError::Sourced { code: 1, source: unavailable(Some(5)) }, after(5)),
        (ApiError::Other(1), Transient),
        (ApiError::Other(2), Permanent),
        (ApiError::Later2(5), after(5)),
        (ApiError::Later2(6), Permanent),
        (ApiError::Maybe(HttpError::Reset), if cfg!(windows) { Permanent } else { Transient }),
        (ApiError::Maybe(HttpError::NotFound), Permanent),
    ];
    for (error, expected) in said {
        assert_eq!(error.classify(), expected, "{error:?}");
    }
}

#[test]
fn a_call_waits_what_the_type_says() {
    let errors = || {
        [
            ApiError::Timeout,
            ApiError::Conflict,
            ApiError::Timeout,
            ApiError::Conflict,
            ApiError::TooManyRequests { retry_interval: None },
            HttpError::Unavailable(Some(3)).into(),
            HttpError::Reset.into(),
            HttpError::Reset.into(),
            ApiError::Unsaid,
        ]
    };
    let seen = every_form!(ApiError, errors(), backoff = exp(base = 2, cap = 100, max = 20), jitter = none);
    // What the type says is told: it does not grow, and no cap shortens it. What it leaves to the policy does;
    // of what it forwards, the outer variant is met for the second and third time.
    assert_eq!(seen.waits, secs([120, 2, 120, 4, 60, 3, 4, 8]));
    assert_eq!(seen.result, Err(ApiError::Unsaid));
}

#[test]
fn the_default_may_be_transient() {
    #[derive(RetryClassify)]
    #[retry(default = transient)]
    enum Error {
        Unsaid,
        #[retry(permanent)]
        Fatal,
        #[retry(when = matches!(self, Self::Sometimes(true)))]
        Sometimes(bool),
        #[retry(after = 3)]
        Later,
    }
    assert_eq!(Error::Unsaid.classify(), Transient);
    assert_eq!(Error::Fatal.classify(), Permanent);
    assert_eq!(Error::Sometimes(true).classify(), Transient);
    assert_eq!(Error::Sometimes(false).classify(), Permanent);
    assert_eq!(Error::Later.classify(), after(3));
}

#[test]
fn structs_say_it_of_themselves() {
    #[derive(RetryClassify)]
    struct Plain;
    #[derive(RetryClassify)]
    #[retry(transient)]
    struct Soft(#[allow(dead_code)] u8);
    #[derive(RetryClassify)]
    #[retry(after = field(retry_after, or = 60, max = 1h))]
    struct Throttled {
        retry_after: Option<Duration>,
    }
    #[derive(RetryClassify)]
    #[retry(transient, when = self.code >= 500)]
    struct Status {
        code: u16,
    }
    #[derive(RetryClassify)]
    #[retry(forward)]
    struct Wrapper(Status);
    #[derive(RetryClassify)]
    struct Traced {
        #[allow(dead_code)]
        trace: u8,
        #[retry(forward)]
        inner: Status,
    }
    assert_eq!(Plain.classify(), Permanent);
    assert_eq!(Soft(1).classify(), Transient);
    assert_eq!(Throttled { retry_after: Some(Duration::from_secs(5)) }.classify(), after(5));
    assert_eq!(Throttled { retry_after: None }.classify(), after(60));
    assert_eq!(Throttled { retry_after: Some(Duration::MAX) }.classify(), Permanent);
    assert_eq!(Status { code: 503 }.classify(), Transient);
    assert_eq!(Status { code: 404 }.classify(), Permanent);
    assert_eq!(Wrapper(Status { code: 503 }).classify(), Transient);
    assert_eq!(Traced { trace: 1, inner: Status { code: 404 } }.classify(), Permanent);
}

#[test]
fn generic_types_forward_and_tell() {
    #[derive(RetryClassify)]
    enum Either<A, B: ToldDelay, const N: usize> {
        #[retry(forward)]
        Inner(A),
        #[retry(after = field(at))]
        At { at: B },
        #[retry(transient)]
        Many(#[allow(dead_code)] [u8; N]),
    }
    type Concrete = Either<HttpError, f32, 3>;
    assert_eq!(Concrete::Inner(HttpError::Reset).classify(), Transient);
    assert_eq!(Concrete::Inner(HttpError::NotFound).classify(), Permanent);
    assert_eq!(Concrete::At { at: 1.5 }.classify(), After(Duration::from_millis(1500)));
    assert_eq!(Concrete::Many([0; 3]).classify(), Transient);
}

#[test]
fn pointers_and_options_ask_what_is_in_them() {
    let soft = || HttpError::Reset;
    assert_eq!(Box::new(soft()).classify(), Transient);
    assert_eq!(std::sync::Arc::new(soft()).classify(), Transient);
    assert_eq!((&&soft()).classify(), Transient);
    assert_eq!(Some(soft()).classify(), Transient);
    assert_eq!(None::<HttpError>.classify(), Permanent);
}
