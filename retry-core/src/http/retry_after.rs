//! `Retry-After`, and the headers that say the same in milliseconds.

use std::time::Duration;

use http::{HeaderMap, StatusCode};

use super::date::{self, Instant};
use super::names::first;
use super::number::{Unit, decimal, integer};

/// `Retry-After`: a number of seconds or an HTTP-date; of two headers the first.
pub(super) fn standard(headers: &HeaderMap, now: Instant) -> Option<Duration> {
    let text = first(headers, http::header::RETRY_AFTER.as_str())?;
    decimal(text, Unit::Seconds).or_else(|| date::http_date(text).map(|then| then.after(now)))
}

/// Milliseconds, as some vendors write them; the longest where there are several.
pub(super) fn vendor(headers: &HeaderMap, status: StatusCode) -> Option<Duration> {
    // Azure's holds where it limits requests.
    let azure = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
    let azure = if azure { first(headers, "x-ms-retry-after-ms") } else { None };
    let told = [
        first(headers, "retry-after-ms").and_then(|text| decimal(text, Unit::Milliseconds)),
        azure.and_then(|text| decimal(text, Unit::Milliseconds)),
        first(headers, "x-amz-retry-after").and_then(|text| integer(text, Unit::Milliseconds)),
    ];
    told.into_iter().flatten().max()
}
