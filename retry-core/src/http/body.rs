//! What the body of a reply says: Google's `RetryInfo`, and GitHub's words for its secondary limits.

use std::fmt;
use std::time::Duration;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::number::{Unit, decimal};

const RETRY_INFO: &str = "type.googleapis.com/google.rpc.RetryInfo";

/// `"retryDelay": "37s"` in the details of a Google API's error, which some of them put into a list; the longest of several.
pub(super) fn retry_info(body: &[u8]) -> Option<Duration> {
    // Most bodies are something else: no need to parse them.
    if !contains(body, b"google.rpc.RetryInfo") {
        return None;
    }
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    serde_json_wasm::from_slice::<Found>(body).ok()?.delay
}

/// What is of interest in a JSON value of any kind, so that a value which is not what Google's API says spoils nothing.
#[derive(Default)]
struct Found {
    text: Option<String>,
    delay: Option<Duration>,
}

impl<'de> Deserialize<'de> for Found {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Search)
    }
}

struct Search;

impl<'de> Visitor<'de> for Search {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Found, A::Error> {
        let (mut kind, mut told, mut delay) = (None, None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "@type" => kind = map.next_value::<Found>()?.text,
                "retryDelay" => told = map.next_value::<Found>()?.text,
                "error" | "details" => delay = delay.max(map.next_value::<Found>()?.delay),
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        if kind.as_deref() == Some(RETRY_INFO) {
            delay = delay.max(told.as_deref().and_then(seconds));
        }
        Ok(Found { text: None, delay })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Found, A::Error> {
        let mut delay = None;
        while let Some(value) = values.next_element::<Found>()? {
            delay = delay.max(value.delay);
        }
        Ok(Found { text: None, delay })
    }

    fn visit_str<E>(self, text: &str) -> Result<Found, E> {
        Ok(Found { text: Some(text.to_owned()), delay: None })
    }

    fn visit_bool<E>(self, _: bool) -> Result<Found, E> {
        Ok(Found::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Found, E> {
        Ok(Found::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Found, E> {
        Ok(Found::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Found, E> {
        Ok(Found::default())
    }

    fn visit_unit<E>(self) -> Result<Found, E> {
        Ok(Found::default())
    }
}

/// `37s`
fn seconds(delay: &str) -> Option<Duration> {
    decimal(delay.strip_suffix('s')?, Unit::Seconds)
}

/// Whether a forbidden request was one too many.
pub(super) fn names_a_limit(body: &[u8]) -> bool {
    let body = body.to_ascii_lowercase();
    let texts: [&[u8]; 4] = [
        b"secondary rate limit",
        b"secondary-rate-limits",
        b"api rate limit exceeded",
        b"abuse detection mechanism",
    ];
    texts.iter().any(|text| contains(&body, text))
}

fn contains(body: &[u8], text: &[u8]) -> bool {
    body.windows(text.len()).any(|window| window == text)
}
