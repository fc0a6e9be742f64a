//! Headers that tell how much of a limit is left and when it is reset: the drafts of the IETF, and the older dialects.
//! They ask for a wait only where nothing is left.

use std::time::Duration;

use http::HeaderMap;
use sfv::{BareItem, Dictionary, List, ListEntry, Parser};

use super::date::{self, Instant};
use super::names::first;
use super::number::{self, Unit, decimal};

/// A longer list of limits is not read.
const LONGEST: usize = 4096;

/// Headers of the same limit: what is left of it, and when it is reset.
type Pair = (&'static str, &'static str);

/// Dialects of `X-RateLimit-*`, whose resets have many forms.
const DIALECTS: [Pair; 9] = [
    ("x-ratelimit-remaining", "x-ratelimit-reset"),
    ("x-ratelimit-remaining", "x-ratelimit-reset-after"),
    ("x-rate-limit-remaining", "x-rate-limit-reset"),
    ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
    ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
    ("anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"),
    ("anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"),
    ("anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset"),
    ("anthropic-ratelimit-output-tokens-remaining", "anthropic-ratelimit-output-tokens-reset"),
];

/// The IETF's drafts, of which the newest that is there counts.
pub(super) fn draft(headers: &HeaderMap, now: Instant) -> Option<Duration> {
    let lines: Vec<_> = headers.get_all("ratelimit").iter().filter_map(|line| line.to_str().ok()).collect();
    let field = lines.join(", ");
    if !field.is_empty() && field.len() <= LONGEST {
        let listed = Parser::new(&field).parse::<List>().ok().filter(|limits| limits.iter().any(is_limit));
        if let Some(limits) = listed {
            return limits.iter().filter_map(exhausted).max();
        }
        let limit =
            Parser::new(&field).parse::<Dictionary>().ok().filter(|limit| limit.contains_key("remaining"));
        if let Some(limit) = limit {
            return exhausted_dictionary(&limit);
        }
    }
    // Seconds from now by the drafts; GitLab for one writes seconds since 1970.
    if is_zero(headers, "ratelimit-remaining") {
        Some(date::reset(first(headers, "ratelimit-reset")?, now)?.after(now))
    } else {
        None
    }
}

/// `X-RateLimit-Reset` and its kin: the last reset of the limits of which nothing is left.
pub(super) fn dialects(headers: &HeaderMap, now: Instant) -> Option<Duration> {
    let resets = DIALECTS.iter().filter_map(|(remaining, reset)| {
        if is_zero(headers, remaining) { date::reset(first(headers, reset)?, now) } else { None }
    });
    resets.max().map(|reset| reset.after(now))
}

/// Whether the dialect that GitHub shares with many says that nothing is left.
pub(super) fn is_exhausted(headers: &HeaderMap) -> bool {
    is_zero(headers, "x-ratelimit-remaining")
}

/// Whether a header that counts what is left says that nothing is.
fn is_zero(headers: &HeaderMap, remaining: &str) -> bool {
    first(headers, remaining).is_some_and(number::is_zero)
}

/// Whether it says what is left.
fn is_limit(entry: &ListEntry) -> bool {
    matches!(entry, ListEntry::Item(limit) if limit.params.contains_key("r"))
}

/// `"default";r=0;t=30`
fn exhausted(limit: &ListEntry) -> Option<Duration> {
    let ListEntry::Item(limit) = limit else { return None };
    let parameter = |name| limit.params.get(name).and_then(seconds);
    if parameter("r")?.is_zero() { parameter("t") } else { None }
}

/// `limit=100, remaining=0, reset=30`
fn exhausted_dictionary(limit: &Dictionary) -> Option<Duration> {
    let member = |name| match limit.get(name) {
        Some(ListEntry::Item(item)) => seconds(&item.bare_item),
        _ => None,
    };
    if member("remaining")?.is_zero() { member("reset") } else { None }
}

/// A number that is not negative.
fn seconds(value: &BareItem) -> Option<Duration> {
    match value {
        BareItem::Integer(number) => decimal(&number.to_string(), Unit::Seconds),
        BareItem::Decimal(number) => decimal(&number.to_string(), Unit::Seconds),
        _ => None,
    }
}
