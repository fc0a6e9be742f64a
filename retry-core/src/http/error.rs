//! An error that keeps what a server answered, as far as a later decision or a reader needs it.

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, Response, StatusCode};

use super::reply::{Reply, Verdict};
use super::status;
use crate::{Classification, RetryClassify, ToldDelay};

/// A reply that is an error: its status, its headers and the beginning of its body.
///
/// It says of itself whether and when another try is worth it, by [all the signals](crate::http) that servers have for it. An
/// error enum forwards to it:
///
/// ```
/// use retry_core::{RetryClassify, retry};
/// use retry_core::http::HttpError;
///
/// #[derive(Debug, thiserror::Error, RetryClassify)]
/// enum ApiError {
///     #[error(transparent)]
///     #[retry(forward)]
///     Http(#[from] HttpError),
///     #[error("no such event")]
///     NotFound,
/// }
///
/// #[retry(deadline = 10m)]
/// fn events() -> Result<String, ApiError> {
///     let response = call()?; // an `http::Response` with its body
///     Ok(HttpError::check(response)?.into_body())
/// }
/// # fn call() -> Result<http::Response<String>, ApiError> {
/// #     let response = http::Response::builder().status(429).header("retry-after", "37");
/// #     Ok(response.body("slow down".to_owned()).unwrap())
/// # }
/// # let recorder = retry_core::testing::record();
/// # assert_eq!(events().unwrap_err().to_string(), "429 Too Many Requests: slow down");
/// # assert!(recorder.delays().iter().all(|delay| delay.as_secs() >= 37));
/// ```
#[derive(Clone)]
pub struct HttpError(Box<Answer>);

#[derive(Clone)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    is_whole: bool,
    url: Option<String>,
    received: SystemTime,
}

impl HttpError {
    /// The most that is kept of a body, in bytes.
    pub const BODY_LIMIT: usize = 16 * 1024;

    /// Keeps the reply, and of the body at most [`BODY_LIMIT`](Self::BODY_LIMIT).
    #[must_use]
    pub fn new(status: StatusCode, headers: HeaderMap, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let kept = &body[..body.len().min(Self::BODY_LIMIT)];
        Self::kept(status, headers, kept.to_vec(), kept.len() == body.len(), None)
    }

    /// What is left of a reply whose body was read up to the limit.
    pub(super) fn kept(
        status: StatusCode,
        headers: HeaderMap,
        body: Vec<u8>,
        is_whole: bool,
        url: Option<String>,
    ) -> Self {
        Self(Box::new(Answer { status, headers, body, is_whole, url, received: SystemTime::now() }))
    }

    /// Adds to a body that is being read what fits of a piece; whether all of it did.
    #[cfg(feature = "reqwest")]
    pub(super) fn keep(body: &mut Vec<u8>, piece: &[u8]) -> bool {
        let left = Self::BODY_LIMIT - body.len();
        body.extend_from_slice(&piece[..piece.len().min(left)]);
        piece.len() <= left
    }

    /// The reply as it is, unless its status is that of an error (400 and above).
    ///
    /// # Errors
    /// The reply, where it is one.
    pub fn check<B: AsRef<[u8]>>(response: Response<B>) -> Result<Response<B>, Self> {
        if !status::is_error(response.status()) {
            return Ok(response);
        }
        let (parts, body) = response.into_parts();
        Err(Self::new(parts.status, parts.headers, body))
    }

    /// The status: 400 or above, where the library's own functions made the error.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The headers of the reply.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The body, or the beginning of it.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }

    /// The same as text, with `\u{FFFD}` for what is no UTF-8.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0.body)
    }

    /// Whether [`body`](Self::body) is all of it.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.0.is_whole
    }

    /// Where the reply came from, without user, password, query and fragment, which may be secret; `None` where it is
    /// not known.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.0.url.as_deref()
    }

    /// Forgets where the reply came from: the paths of some services are secret.
    #[must_use]
    pub fn without_url(mut self) -> Self {
        self.0.url = None;
        self
    }

    /// The reply, for the [signal](Verdict::signal) that it tells by.
    pub fn reply(&self) -> Reply<'_> {
        let Answer { status, headers, body, received, .. } = &*self.0;
        Reply::new(*status, headers).body(body).received(*received)
    }

    /// Whether and when another try is worth it, and by which signal.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.reply().verdict()
    }
}

/// As its [reply](Reply) says.
impl RetryClassify for HttpError {
    fn classify(&self) -> Classification {
        self.reply().classify()
    }
}

/// What the server told, for `field(0, or = 60, max = 10m)`.
impl ToldDelay for HttpError {
    fn told(&self) -> Option<Duration> {
        match self.classify() {
            Classification::After(delay) => Some(delay),
            Classification::Transient | Classification::Permanent => None,
        }
    }
}

impl std::error::Error for HttpError {}

/// The status, where it came from, and the beginning of a body that is text.
impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status())?;
        if let Some(url) = self.url() {
            write!(f, " from {url}")?;
        }
        match self.summary() {
            Some(line) => write!(f, ": {line}"),
            None => Ok(()),
        }
    }
}

impl HttpError {
    /// What fits in a message of a body that is text.
    fn summary(&self) -> Option<String> {
        const LONGEST: usize = 200;
        let body = &self.0.body[..self.0.body.len().min(16 * LONGEST)];
        let text = match std::str::from_utf8(body) {
            Ok(text) => text,
            // A character that was cut.
            Err(error) if error.error_len().is_none() => {
                std::str::from_utf8(&body[..error.valid_up_to()]).ok()?
            }
            Err(_) => return None,
        };
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut shown = words.chars().filter(|c| !is_control(*c));
        let mut summary: String = shown.by_ref().take(LONGEST).collect();
        if shown.next().is_some() {
            summary.push('…');
        }
        (!summary.is_empty()).then_some(summary)
    }
}

/// What would move the cursor, or turn around how the rest of the line is read.
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl fmt::Debug for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpError")
            .field("status", &self.status())
            .field("url", &self.url())
            .field("headers", &Headers(self.headers()))
            .field("body", &self.summary())
            .finish_non_exhaustive()
    }
}

/// Headers for a log, which is no place for secrets.
struct Headers<'a>(&'a HeaderMap);

impl fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SECRET: [&str; 7] = ["auth", "cookie", "token", "key", "secret", "session", "location"];
        let is_secret = |name: &HeaderName| SECRET.iter().any(|word| name.as_str().contains(word));
        let shown = self.0.iter().map(|(name, value)| {
            let value: &dyn fmt::Debug = if is_secret(name) { &"<redacted>" } else { value };
            (name, value)
        });
        f.debug_map().entries(shown).finish()
    }
}
