//! `X-Sentry-Rate-Limits`, by which servers of Sentry's protocol tell. Bugsink sends nothing else.

use std::time::Duration;

use http::HeaderMap;

use super::number::{Unit, decimal};

/// The longest of the limits that hold for all that is sent. Those for some categories of it do not say that what was sent
/// is among them; every reply of Bugsink's has such a one.
pub(super) fn limit(headers: &HeaderMap) -> Option<Duration> {
    let lines = headers.get_all("x-sentry-rate-limits").iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).filter_map(for_all).max()
}

/// `60::key`: seconds, categories, and what does not matter here.
fn for_all(limit: &str) -> Option<Duration> {
    let (seconds, rest) = limit.split_once(':')?;
    let categories = rest.split(':').next()?;
    if categories.trim().is_empty() { decimal(seconds.trim(), Unit::Seconds) } else { None }
}
