//! What the body of a reply says: Google's `RetryInfo`, and GitHub's words for its secondary limits.

use std::time::Duration;

use serde::Deserialize;

use super::number::{Unit, decimal};

const RETRY_INFO: &str = "type.googleapis.com/google.rpc.RetryInfo";

#[derive(Deserialize)]
struct Reply {
    error: Option<Status>,
    details: Option<Vec<Detail>>,
}

#[derive(Deserialize)]
struct Status {
    details: Option<Vec<Detail>>,
}

#[derive(Deserialize)]
struct Detail {
    #[serde(rename = "@type")]
    kind: Option<String>,
    #[serde(rename = "retryDelay")]
    retry_delay: Option<String>,
}

/// `"retryDelay": "37s"` in the details of a Google API's error, which some of them put into a list.
pub(super) fn retry_info(body: &[u8]) -> Option<Duration> {
    // Most bodies are something else: no need to parse them.
    if !contains(body, b"google.rpc.RetryInfo") {
        return None;
    }
    let replies = serde_json_wasm::from_slice::<Reply>(body)
        .map(|reply| vec![reply])
        .or_else(|_| serde_json_wasm::from_slice::<Vec<Reply>>(body))
        .ok()?;
    let details =
        replies.into_iter().flat_map(|reply| [reply.details, reply.error.and_then(|error| error.details)]);
    details.flatten().flatten().filter_map(|detail| delay(&detail)).max()
}

fn delay(detail: &Detail) -> Option<Duration> {
    if detail.kind.as_deref() != Some(RETRY_INFO) {
        return None;
    }
    decimal(detail.retry_delay.as_deref()?.strip_suffix('s')?, Unit::Seconds)
}

/// Whether a forbidden request was one too many.
pub(super) fn names_a_limit(body: &[u8]) -> bool {
    let body = body.to_ascii_lowercase();
    let texts: [&[u8]; 3] =
        [b"secondary rate limit", b"api rate limit exceeded", b"abuse detection mechanism"];
    texts.iter().any(|text| contains(&body, text))
}

fn contains(body: &[u8], text: &[u8]) -> bool {
    body.windows(text.len()).any(|window| window == text)
}
