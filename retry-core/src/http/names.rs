//! The headers by which servers tell, by name, and their values as text.

use http::HeaderMap;

pub(super) const SHOULD_RETRY: [&str; 2] = ["stripe-should-retry", "x-should-retry"];
pub(super) const PUSHBACK: &str = "grpc-retry-pushback-ms";
pub(super) const GITHUB: &str = "x-github-request-id";

/// The first header of a name, trimmed; `None` where there is none, or it is no text.
pub(super) fn first<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}
