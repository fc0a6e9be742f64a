//! What one reply says about trying again: the signals, in the order in which they count.

use std::fmt;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode};

use super::date::{self, Instant};
use super::names::{PUSHBACK, SHOULD_RETRY, first};
use super::number::{Unit, integer};
use super::{body, github, rate_limit, retry_after, sentry, status};
use crate::{Classification, RetryClassify};

/// A server's reply, as far as it says whether and when to try again: status, headers, and what is known of the body.
///
/// ```
/// use http::{HeaderMap, StatusCode};
/// use retry_core::http::{Reply, Signal};
/// use retry_core::Classification;
/// use std::time::Duration;
///
/// let mut headers = HeaderMap::new();
/// headers.insert("retry-after", "37".parse().unwrap());
/// let verdict = Reply::new(StatusCode::SERVICE_UNAVAILABLE, &headers).verdict();
/// assert_eq!(verdict.classification(), Classification::After(Duration::from_secs(37)));
/// assert_eq!(verdict.signal(), Signal::RetryAfter);
/// ```
#[derive(Clone, Copy)]
#[must_use]
pub struct Reply<'a> {
    status: StatusCode,
    headers: &'a HeaderMap,
    body: &'a [u8],
    received: Option<SystemTime>,
}

/// What a [`Reply`] says about trying again, and by which signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    classification: Classification,
    signal: Signal,
}

/// By what a server tells whether and when to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Signal {
    /// The status alone.
    Status,
    /// `Stripe-Should-Retry` or `X-Should-Retry`.
    ShouldRetry,
    /// A number of milliseconds: `Retry-After-Ms`, `X-Ms-Retry-After-Ms`, `X-Amz-Retry-After`.
    Milliseconds,
    /// `Grpc-Retry-Pushback-Ms`.
    Pushback,
    /// `google.rpc.RetryInfo` in a JSON body.
    RetryInfo,
    /// `Retry-After`.
    RetryAfter,
    /// `RateLimit` of the IETF's drafts, with nothing left.
    RateLimit,
    /// `X-Sentry-Rate-Limits`, for all that is sent.
    SentryRateLimits,
    /// `X-RateLimit-Reset` in one of its dialects, with nothing left.
    RateLimitReset,
    /// GitHub's minute where it does not say how long to wait.
    GitHub,
}

impl Signal {
    /// The signal in one word, for labels and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::ShouldRetry => "should_retry",
            Self::Milliseconds => "milliseconds",
            Self::Pushback => "pushback",
            Self::RetryInfo => "retry_info",
            Self::RetryAfter => "retry_after",
            Self::RateLimit => "rate_limit",
            Self::SentryRateLimits => "sentry_rate_limits",
            Self::RateLimitReset => "rate_limit_reset",
            Self::GitHub => "github",
        }
    }
}

impl Verdict {
    const fn permanent(signal: Signal) -> Self {
        Self { classification: Classification::Permanent, signal }
    }

    /// Whether another try is worth it, and when.
    #[must_use]
    pub const fn classification(&self) -> Classification {
        self.classification
    }

    /// What decided: the signal that told how long to wait, or else the one that told whether to try again.
    #[must_use]
    pub const fn signal(&self) -> Signal {
        self.signal
    }
}

/// Whether the server says outright that another try is wanted.
#[derive(Clone, Copy)]
enum Word {
    Yes,
    No,
}

/// What a server that speaks of gRPC's retries asks for.
#[derive(Clone, Copy)]
enum Pushback {
    After(Duration),
    Never,
}

impl<'a> Reply<'a> {
    /// A reply of which the body is not known.
    pub const fn new(status: StatusCode, headers: &'a HeaderMap) -> Self {
        Self { status, headers, body: &[], received: None }
    }

    /// The same with its body, or the beginning of it.
    pub const fn body(self, body: &'a [u8]) -> Self {
        Self { body, ..self }
    }

    /// When it was received, by this machine's clock; now unless said. It counts only where the reply has no `Date`
    /// of its own.
    pub const fn received(self, at: SystemTime) -> Self {
        Self { received: Some(at), ..self }
    }

    /// Whether another try is worth it, and when.
    ///
    /// A reply that is no error (a status below 400) is not worth one.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let whether = match (self.word(), self.pushback()) {
            _ if !status::is_error(self.status) => return Verdict::permanent(Signal::Status),
            (Some(Word::No), _) => return Verdict::permanent(Signal::ShouldRetry),
            (Some(Word::Yes), _) => Signal::ShouldRetry,
            (None, Some(Pushback::Never)) => return Verdict::permanent(Signal::Pushback),
            _ if status::is_worth_another_try(self.status) || self.is_limited() => Signal::Status,
            _ => return Verdict::permanent(Signal::Status),
        };
        let told = self.told();
        match self.untold_by_github(told).or(told) {
            Some((delay, signal)) => Verdict { classification: Classification::After(delay), signal },
            None => Verdict { classification: Classification::Transient, signal: whether },
        }
    }

    /// Whether its body may still change what the status and the headers say.
    #[cfg(feature = "reqwest-middleware")]
    pub(super) fn may_body_decide(&self) -> bool {
        match self.verdict() {
            Verdict {
                signal: Signal::ShouldRetry | Signal::Pushback,
                classification: Classification::Permanent,
            } => false,
            Verdict { classification: Classification::Permanent, .. } => self.status == StatusCode::FORBIDDEN,
            Verdict { signal, .. } => !matches!(signal, Signal::Milliseconds | Signal::Pushback),
        }
    }

    /// How long the server asks to wait, whatever the status is, and by which signal; `None` where it does not say.
    ///
    /// It is of use with a reply that is no error: a 202 with `Retry-After` says when to ask again.
    #[must_use]
    pub fn told(&self) -> Option<(Duration, Signal)> {
        let now = self.now();
        let told = |delay: Option<Duration>, signal| delay.map(|delay| (delay, signal));
        told(retry_after::vendor(self.headers, self.status), Signal::Milliseconds)
            .or_else(|| match self.pushback() {
                Some(Pushback::After(delay)) => Some((delay, Signal::Pushback)),
                _ => None,
            })
            .or_else(|| told(body::retry_info(self.body), Signal::RetryInfo))
            .or_else(|| told(retry_after::standard(self.headers, now), Signal::RetryAfter))
            .or_else(|| told(rate_limit::draft(self.headers, now), Signal::RateLimit))
            .or_else(|| told(sentry::limit(self.headers), Signal::SentryRateLimits))
            .or_else(|| told(self.reset(now), Signal::RateLimitReset))
    }

    /// The server's own time where it tells it, so that clocks which differ do no harm.
    fn now(&self) -> Instant {
        let date = first(self.headers, http::header::DATE.as_str()).and_then(date::http_date);
        date.unwrap_or_else(|| self.received.unwrap_or_else(SystemTime::now).into())
    }

    fn word(&self) -> Option<Word> {
        let said = |word: &str| {
            let mut words = SHOULD_RETRY.iter().flat_map(|name| self.headers.get_all(*name));
            words.any(|said| said.as_bytes().trim_ascii().eq_ignore_ascii_case(word.as_bytes()))
        };
        if said("false") {
            Some(Word::No)
        } else if said("true") {
            Some(Word::Yes)
        } else {
            None
        }
    }

    /// An `i32` of milliseconds; everything else, two of them too, means that the server wants no other try.
    fn pushback(&self) -> Option<Pushback> {
        let mut said = self.headers.get_all(PUSHBACK).iter();
        let value = said.next()?;
        let text = value.to_str().ok().filter(|_| said.next().is_none()).map(str::trim);
        let in_range = text.filter(|text| text.parse::<i32>().is_ok());
        Some(
            in_range
                .and_then(|text| integer(text, Unit::Milliseconds))
                .map_or(Pushback::Never, Pushback::After),
        )
    }

    fn reset(&self, now: Instant) -> Option<Duration> {
        let reset = rate_limit::dialects(self.headers, now)?;
        let is_githubs = github::is_github(self.headers) || self.status == StatusCode::FORBIDDEN;
        Some(if is_githubs { reset.saturating_add(github::RESET_MARGIN) } else { reset })
    }

    fn is_limited(&self) -> bool {
        let told = retry_after::standard(self.headers, self.now()).is_some();
        github::is_limited(self.status, self.headers, told, self.body)
    }

    /// GitHub's minute, where it does not say how long to wait or says that it is no time at all.
    fn untold_by_github(&self, told: Option<(Duration, Signal)>) -> Option<(Duration, Signal)> {
        let is_githubs = github::is_github(self.headers)
            && matches!(self.status, StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS);
        let is_told = told.is_some_and(|(delay, _)| !delay.is_zero());
        (is_githubs && !is_told).then_some((github::UNTOLD, Signal::GitHub))
    }
}

/// As the verdict is; but where the server asks for no time at all (`Retry-After: 0`, a date that has passed), the policy's
/// own delay is waited. To come back at once is what no server means by it.
impl RetryClassify for Reply<'_> {
    fn classify(&self) -> Classification {
        match self.verdict().classification() {
            Classification::After(Duration::ZERO) => Classification::Transient,
            classification => classification,
        }
    }
}

/// By its status and headers; of the body nothing is known here.
impl<B> RetryClassify for http::Response<B> {
    fn classify(&self) -> Classification {
        Reply::new(self.status(), self.headers()).classify()
    }
}

impl fmt::Debug for Reply<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the headers and the body, which may hold secrets.
        f.debug_struct("Reply")
            .field("status", &self.status)
            .field("verdict", &self.verdict())
            .finish_non_exhaustive()
    }
}
