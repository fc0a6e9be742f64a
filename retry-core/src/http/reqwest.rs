//! `reqwest`: its responses become [`HttpError`]s, its errors classify themselves.

use std::error::Error;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::time::Duration;

use reqwest::Response;

use super::error::HttpError;
use super::status;
use crate::sleep::{limit, race};
use crate::{Classification, RetryClassify};

#[cfg(feature = "reqwest-blocking")]
mod blocking;
#[cfg(feature = "reqwest-blocking")]
pub use blocking::ErrorForRetryBlocking;

/// How long is waited for the body of a reply that is an error anyway.
const BODY_TIME: Duration = Duration::from_secs(1);

/// What comes of reading a body, if it comes in time. A timer is made only where it does not come at once.
pub(super) async fn body_in_time<T>(read: impl Future<Output = T>) -> Option<T> {
    race(pin!(read), pin!(async { limit(BODY_TIME).await })).await
}

/// `response.error_for_retry().await?`
pub trait ErrorForRetry: Sized {
    /// The response as it is, unless its status is that of an error (400 and above): then an [`HttpError`] that keeps
    /// the status, the headers and the beginning of the body, and says of itself whether and when another try is worth
    /// it.
    ///
    /// Of the body [`HttpError::BODY_LIMIT`] bytes are read, for at most a second; what does not come is left out.
    ///
    /// ```no_run
    /// use retry_core::{RetryClassify, retry};
    /// use retry_core::http::{ErrorForRetry, HttpError};
    ///
    /// #[derive(Debug, thiserror::Error, RetryClassify)]
    /// enum ApiError {
    ///     #[error(transparent)]
    ///     #[retry(forward)]
    ///     Answered(#[from] HttpError),
    ///     #[error(transparent)]
    ///     #[retry(forward)]
    ///     Failed(#[from] reqwest::Error),
    /// }
    ///
    /// #[retry(backoff = exp(base = 500ms, max = 5), deadline = 10m)]
    /// async fn events(client: &reqwest::Client, url: &str) -> Result<String, ApiError> {
    ///     let response = client.get(url).send().await?.error_for_retry().await?;
    ///     Ok(response.text().await?)
    /// }
    /// ```
    ///
    /// # Errors
    /// The reply, where its status is that of an error.
    fn error_for_retry(self) -> impl Future<Output = Result<Self, HttpError>> + Send;
}

impl ErrorForRetry for Response {
    async fn error_for_retry(self) -> Result<Self, HttpError> {
        if !status::is_error(self.status()) {
            return Ok(self);
        }
        let (status, headers) = (self.status(), self.headers().clone());
        let url = public(self.url());
        let mut body = Vec::new();
        let is_whole = body_in_time(read(self, &mut body)).await.unwrap_or(false);
        Err(HttpError::kept(status, headers, body, is_whole, Some(url)))
    }
}

/// Reads up to the limit; whether that was all.
async fn read(mut response: Response, body: &mut Vec<u8>) -> bool {
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if HttpError::keep(body, &chunk) => {}
            Ok(None) => return true,
            Ok(Some(_)) | Err(_) => return false,
        }
    }
}

/// A URL without what may be secret.
fn public(url: &reqwest::Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{host}{port}{}", url.scheme(), url.path())
}

/// Worth another try are errors in connecting, sending and receiving, and what took too long; not what is wrong with the
/// request, with redirects, or with what the server sent. That of `error_for_status` goes by its status alone: what else
/// the server said is only in an [`HttpError`].
impl RetryClassify for reqwest::Error {
    fn classify(&self) -> Classification {
        let is_worth_another_try = match self.status() {
            Some(status) => return status.classify(),
            None if self.is_builder() || self.is_redirect() || self.is_upgrade() => false,
            None if self.is_timeout() => true,
            None => !is_wrong(self) && (!self.is_decode() || was_cut(self)),
        };
        if is_worth_another_try { Classification::Transient } else { Classification::Permanent }
    }
}

fn sources(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |error| (*error).source())
}

/// Whether something is wrong that will be wrong again: what was sent or received is no HTTP, a certificate is not to be
/// trusted, the client knows no such scheme.
fn is_wrong(error: &reqwest::Error) -> bool {
    sources(error).any(|source| {
        let is_wrong_data = |error: &io::Error| {
            matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput)
        };
        source.downcast_ref().is_some_and(is_wrong_data)
            || source.downcast_ref().is_some_and(|error: &hyper::Error| error.is_parse() || error.is_user())
            // What the connector of `hyper-util` says has no type.
            || source.to_string() == "invalid URL, scheme is not http"
    })
}

/// Whether the content could not be decoded because it did not all arrive: `text()` and `json()` call that by the same
/// name as content that is wrong.
fn was_cut(error: &reqwest::Error) -> bool {
    sources(error)
        .any(|source| source.is::<io::Error>() || source.downcast_ref().is_some_and(reqwest::Error::is_body))
}
