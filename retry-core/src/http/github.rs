//! What GitHub says of its limits, with the status 403 as often as with 429.

use std::time::Duration;

use http::{HeaderMap, StatusCode};

use super::body;
use super::names::{GITHUB, first};
use super::rate_limit;

/// What it asks to wait for where it does not say how long.
pub(super) const UNTOLD: Duration = Duration::from_mins(1);

/// A reset is told in whole seconds, and by another clock.
pub(super) const RESET_MARGIN: Duration = Duration::from_secs(1);

/// Whether a 403 means not *forbidden* but *slow down*, which many servers have from GitHub.
pub(super) fn is_limited(status: StatusCode, headers: &HeaderMap, told: bool, text: &[u8]) -> bool {
    status == StatusCode::FORBIDDEN
        && (told || rate_limit::is_exhausted(headers) || (is_github(headers) && body::names_a_limit(text)))
}

/// Whether GitHub answered.
pub(super) fn is_github(headers: &HeaderMap) -> bool {
    first(headers, GITHUB).is_some()
}
