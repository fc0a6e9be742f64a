//! The same for `reqwest::blocking`.

use std::io::{self, Read};
use std::time::Instant;

use reqwest::blocking::Response;

use super::{BODY_TIME, public};
use crate::http::error::HttpError;
use crate::http::status;

/// `response.error_for_retry()?` of [`reqwest::blocking`]; see [`ErrorForRetry`](super::ErrorForRetry).
pub trait ErrorForRetryBlocking: Sized {
    /// The response as it is, unless its status is that of an error (400 and above).
    ///
    /// Of the body [`HttpError::BODY_LIMIT`] bytes are read, for at most a second and then one read more, which takes as
    /// long as the client's own `timeout` lets it (30 s unless said).
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
        let is_whole = read(self, &mut body);
        Err(HttpError::kept(status, headers, body, is_whole, Some(url)))
    }
}

/// Reads up to the limit; whether that was all.
fn read(mut response: Response, body: &mut Vec<u8>) -> bool {
    let started = Instant::now();
    let mut piece = [0; 4096];
    while started.elapsed() < BODY_TIME {
        match response.read(&mut piece) {
            Ok(0) => return true,
            Ok(length) if HttpError::keep(body, &piece[..length]) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(_) | Err(_) => return false,
        }
    }
    false
}
