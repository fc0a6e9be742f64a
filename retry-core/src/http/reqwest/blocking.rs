//! The same for `reqwest::blocking`.

use std::io::Read;

use reqwest::blocking::Response;

use super::public;
use crate::http::error::HttpError;
use crate::http::status;

/// `response.error_for_retry()?` of [`reqwest::blocking`]; see [`ErrorForRetry`](super::ErrorForRetry).
pub trait ErrorForRetryBlocking: Sized {
    /// The response as it is, unless its status is that of an error (400 and above).
    ///
    /// Of the body [`HttpError::BODY_LIMIT`] bytes are read, for as long as the client's own timeout allows.
    ///
    /// # Errors
    /// The reply, where its status is that of an error.
    fn error_for_retry(self) -> Result<Self, HttpError>;
}

impl ErrorForRetryBlocking for Response {
    fn error_for_retry(self) -> Result<Self, HttpError> {
        if !status::is_error(self.status()) {
            return Ok(self);
        }
        let (status, headers) = (self.status(), self.headers().clone());
        let url = public(self.url());
        let mut body = Vec::new();
        let read = self.take(HttpError::BODY_LIMIT as u64 + 1).read_to_end(&mut body);
        let is_whole = read.is_ok() && body.len() <= HttpError::BODY_LIMIT;
        body.truncate(HttpError::BODY_LIMIT);
        Err(HttpError::kept(status, headers, body, is_whole, Some(url)))
    }
}
