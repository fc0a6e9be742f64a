//! What servers say, by whatever is in their replies: no panic, and a verdict that fits the status and what is told.
//!
//! ```text
//! cargo install cargo-fuzz
//! cargo +nightly fuzz run --fuzz-dir tests/fuzz http tests/fuzz/corpus/http tests/fuzz/seeds/http -- \
//!     -dict=tests/fuzz/dictionaries/http.dict -timeout=10 -max_len=4096 -max_total_time=1800
//! ```
//!
//! The first byte of an input picks the status, each line up to an empty one is a header, whose first byte picks the name,
//! and the rest is the body.

#![no_main]

use std::time::{Duration, UNIX_EPOCH};

use http::{HeaderMap, HeaderValue, StatusCode};
use libfuzzer_sys::fuzz_target;
use retry_core::http::{HttpError, Reply, Signal};
use retry_core::{Classification, RetryClassify, ToldDelay};

const STATUSES: [u16; 20] =
    [100, 200, 202, 301, 400, 401, 403, 404, 408, 409, 425, 429, 500, 501, 502, 503, 504, 529, 599, 999];

const NAMES: [&str; 36] = [
    "retry-after",
    "date",
    "ratelimit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-rate-limit-remaining",
    "x-rate-limit-reset",
    "x-ratelimit-remaining-requests",
    "x-ratelimit-reset-requests",
    "x-ratelimit-remaining-tokens",
    "x-ratelimit-reset-tokens",
    "anthropic-ratelimit-requests-remaining",
    "anthropic-ratelimit-requests-reset",
    "anthropic-ratelimit-tokens-remaining",
    "anthropic-ratelimit-tokens-reset",
    "anthropic-ratelimit-input-tokens-remaining",
    "anthropic-ratelimit-input-tokens-reset",
    "anthropic-ratelimit-output-tokens-remaining",
    "anthropic-ratelimit-output-tokens-reset",
    "x-sentry-rate-limits",
    "stripe-should-retry",
    "x-should-retry",
    "x-amz-retry-after",
    "grpc-retry-pushback-ms",
    "x-ms-retry-after-ms",
    "retry-after-ms",
    "x-github-request-id",
    "content-type",
    "set-cookie",
    "server",
    "age",
    "via",
    "idempotency-key",
    "x-ratelimit-reset-after",
];

fuzz_target!(|data: &[u8]| {
    let Some((&status, mut rest)) = data.split_first() else { return };
    let status = StatusCode::from_u16(STATUSES[usize::from(status) % STATUSES.len()]).unwrap();
    let mut headers = HeaderMap::new();
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let (line, after) = (&rest[..end], &rest[end + 1..]);
        rest = after;
        let Some((&name, value)) = line.split_first() else { break };
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.append(NAMES[usize::from(name) % NAMES.len()], value);
        }
    }
    check(status, &headers, rest);
});

fn check(status: StatusCode, headers: &HeaderMap, body: &[u8]) {
    let reply =
        Reply::new(status, headers).body(body).received(UNIX_EPOCH + Duration::from_secs(1_700_000_000));
    let verdict = reply.verdict();
    assert_eq!(verdict, reply.verdict());

    let says = |word: &str| {
        let mut said =
            ["stripe-should-retry", "x-should-retry"].iter().flat_map(|name| headers.get_all(*name));
        said.any(|said| said.as_bytes().trim_ascii().eq_ignore_ascii_case(word.as_bytes()))
    };
    let permanent = verdict.classification() == Classification::Permanent;
    let worth_it = matches!(status.as_u16(), 403 | 408 | 425 | 429 | 500 | 502 | 503 | 504);
    assert!(permanent || !(says("false") || status.as_u16() < 400));
    assert!(permanent || says("true") || worth_it);
    match (verdict.classification(), reply.told()) {
        (Classification::After(delay), told) if verdict.signal() == Signal::GitHub => {
            assert_eq!(delay, Duration::from_secs(60));
            assert!(told.is_none_or(|(delay, _)| delay.is_zero()));
        }
        (Classification::After(delay), told) => assert_eq!(Some((delay, verdict.signal())), told),
        (Classification::Transient, told) => assert_eq!(told, None, "what is told is waited for"),
        (Classification::Permanent, _) => {}
    }

    let error = HttpError::new(status, headers.clone(), body);
    let shown = format!("{error} {error:?} {:?}", error.verdict());
    assert!(shown.len() < 100_000 + 8 * body.len());
    assert_eq!(error.told().is_some(), matches!(error.classify(), Classification::After(_)));
}
