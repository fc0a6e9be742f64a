//! What a server's answer means.

use super::super::limits::{self, Limit};
use super::{Failure, PostError};
use crate::crash::render::in_line;
use crate::http::HttpError;
use http::header::LOCATION;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use std::time::SystemTime;

/// An answer, and the beginning of its body.
pub(super) struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    received: SystemTime,
}

/// What Sentry says of a report that it does not take.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Complaint {
    detail: Option<String>,
    causes: Vec<String>,
}

impl Answer {
    /// The most that is read of a body.
    pub(super) const LONGEST: u64 = 16 << 10;

    pub(super) fn new(status: StatusCode, headers: HeaderMap, body: Vec<u8>) -> Self {
        Self { status, headers, body, received: SystemTime::now() }
    }

    /// Adds what the server does not want for a while.
    pub(super) fn note_limits(&self, limits: &mut Vec<Limit>) {
        limits.extend(limits::told(self.status, &self.headers, self.received));
    }

    pub(super) fn outcome(self, server: &str) -> Result<(), Failure> {
        let not_now = |why: &str| Err(Failure::not_now(format!("{server} answers {}{why}", self.status)));
        match self.status {
            status if status.is_success() => match self.is_sentrys() {
                true => Ok(()),
                // The page where somebody is to log in to the network, above all.
                false => not_now(
                    ", but not as Sentry does; does the DSN name the right server, and is the network open?",
                ),
            },
            status if status.is_redirection() => not_now(&self.moved()),
            StatusCode::TOO_MANY_REQUESTS => Err(Failure::Final(self.limited())),
            // 417: it does not like to be asked first, as is done with what is large.
            StatusCode::PAYLOAD_TOO_LARGE | StatusCode::EXPECTATION_FAILED => {
                Err(Failure::Final(PostError::TooLarge))
            }
            StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
                not_now("; put `user:password@` before the proxy's name in HTTPS_PROXY or HTTP_PROXY")
            }
            StatusCode::MISDIRECTED_REQUEST => not_now(""),
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY => Err(self.busy()),
            status if status.is_client_error() => {
                Err(Failure::Final(PostError::Refused(self.refusal(server))))
            }
            status if status.is_server_error() => Err(self.busy()),
            _ => not_now(", which means nothing to a client of Sentry's"),
        }
    }

    /// `{"id":"..."}`, or at least an object.
    fn is_sentrys(&self) -> bool {
        serde_json::from_slice::<serde_json::Map<_, _>>(&self.body).is_ok()
    }

    fn busy(self) -> Failure {
        Failure::Busy(HttpError::new(self.status, self.headers, self.body))
    }

    fn moved(&self) -> String {
        match self.header(LOCATION.as_str()) {
            Some(place) => {
                format!(" and points to {place}; if the server has moved, put its new address in the DSN")
            }
            None => "; if the server has moved, put its new address in the DSN".to_owned(),
        }
    }

    fn limited(&self) -> PostError {
        let limits = limits::told(self.status, &self.headers, self.received);
        match limits::pause(&limits, self.received) {
            Some(after) => PostError::Limited { after },
            None => PostError::NoAttachments,
        }
    }

    fn refusal(&self, server: &str) -> String {
        let why = self.complaint().map(|why| format!(": {why}")).unwrap_or_default();
        let remedy = match self.status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                "; are the key and the project in the DSN right?"
            }
            StatusCode::NOT_FOUND => "; are the server and the project in the DSN right?",
            _ => "",
        };
        format!("{server} refuses it with {}{why}{remedy}", self.status)
    }

    /// What the server says of it, in one line and not too long.
    fn complaint(&self) -> Option<String> {
        let said: Complaint = serde_json::from_slice(&self.body).unwrap_or_default();
        let mut words: Vec<String> = said.detail.iter().chain(&said.causes).map(|text| short(text)).collect();
        words.extend(self.header("x-sentry-error").filter(|_| said.detail.is_none()));
        words.retain(|text| !text.is_empty());
        (!words.is_empty()).then(|| short(&words.join(": ")))
    }

    fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).map(|value| short(&String::from_utf8_lossy(value.as_bytes())))
    }
}

/// The beginning of a foreign text, for a message of one line.
fn short(text: &str) -> String {
    const LONGEST: usize = 200;
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut letters = words.chars();
    let mut short = in_line(&letters.by_ref().take(LONGEST).collect::<String>()).into_owned();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}
