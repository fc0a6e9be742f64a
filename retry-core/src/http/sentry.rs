//! `X-Sentry-Rate-Limits`, by which servers of Sentry's protocol tell. Bugsink sends nothing else.

use std::time::Duration;

use http::HeaderMap;

use super::number::{Unit, decimal};

/// One of the limits: `60:error;attachment:key`.
pub(crate) struct Limit<'a> {
    pub(crate) length: Duration,
    /// What it is for, with `;` between; for all that is sent if it is empty.
    categories: &'a str,
}

impl Limit<'_> {
    pub(crate) fn is_for_all(&self) -> bool {
        self.categories.is_empty()
    }

    /// What it is for, where it is not for all.
    #[cfg(feature = "sentry")]
    pub(crate) fn categories(&self) -> impl Iterator<Item = &str> {
        self.categories.split(';').map(str::trim).filter(|category| !category.is_empty())
    }
}

/// All of them; what is no limit is passed over.
pub(crate) fn limits(headers: &HeaderMap) -> impl Iterator<Item = Limit<'_>> {
    let lines = headers.get_all("x-sentry-rate-limits").iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).filter_map(parse)
}

/// The longest of the limits that hold for all that is sent. Those for some categories of it do not say that what was sent
/// is among them; every reply of Bugsink's has such a one.
pub(super) fn limit(headers: &HeaderMap) -> Option<Duration> {
    limits(headers).filter(Limit::is_for_all).map(|limit| limit.length).max()
}

/// `60::key`: seconds, categories, and what does not matter here.
fn parse(limit: &str) -> Option<Limit<'_>> {
    let (seconds, rest) = limit.split_once(':')?;
    let categories = rest.split(':').next()?.trim();
    Some(Limit { length: decimal(seconds.trim(), Unit::Seconds)?, categories })
}
