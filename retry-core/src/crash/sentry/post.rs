//! An envelope on its way: one request, tried again as long as there is time.

mod answer;
mod client;
mod proxy;
mod trouble;

use super::limits::Limit;
use crate::Policy;
use crate::crash::isolate;
use crate::http::HttpError;
use client::Client;
use flate2::Compression;
use flate2::write::GzEncoder;
use sentry_types::Dsn;
use std::io::{self, Write};
use std::time::{Duration, Instant};

/// How much later than at its deadline a request is left to itself that does not heed it.
const GRACE: Duration = Duration::from_millis(200);

/// What came of a request that the server answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Posted {
    /// What it does not want for a while, whether it took this or not.
    pub(super) limits: Vec<Limit>,
    pub(super) outcome: Result<(), PostError>,
}

/// Why a server has not got it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum PostError {
    /// The network, or the server's moment: the report is kept.
    #[error("{0}")]
    NotNow(String),
    /// It told us to come back later: `limits` says when.
    #[error("the server takes no reports for another {} s", after.as_secs())]
    Limited { after: Duration },
    /// 429, for attachments alone: without them it may be taken.
    #[error("the server takes no attachments for now")]
    NoAttachments,
    /// 413: without attachments it may be taken.
    #[error("the server does not take as much")]
    TooLarge,
    /// It will never take it.
    #[error("{0}")]
    Refused(String),
}

impl PostError {
    /// Whether it is of no use to send it again.
    pub(super) fn is_final(&self) -> bool {
        matches!(self, Self::TooLarge | Self::Refused(_))
    }
}

/// Posts it, again and again until then.
///
/// On a thread of its own: name servers, certificate stores and loggers heed no deadline, and may panic.
pub(super) fn post(dsn: &Dsn, envelope: &[u8], until: Instant) -> Posted {
    let not_now = |why| Posted { limits: Vec::new(), outcome: Err(PostError::NotNow(why)) };
    let body = match compressed(envelope) {
        Ok(body) => body,
        Err(error) => return not_now(format!("it could not be compressed: {error}")),
    };
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return not_now("there was no time left to send it".to_owned());
    }
    let client = Client::new(dsn, body, until);
    let server = client.server().to_owned();
    let sent = isolate::guarded(left.saturating_add(GRACE), move || unobserved(|| post_here(&client)));
    sent.unwrap_or_else(|failure| not_now(format!("sending to {server} {failure}")))
}

fn compressed(envelope: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(envelope)?;
    encoder.finish()
}

/// Without events to the application's `tracing` subscribers, which would make them part of the next report.
fn unobserved<T>(run: impl FnOnce() -> T) -> T {
    #[cfg(feature = "tracing")]
    return tracing::subscriber::with_default(tracing::subscriber::NoSubscriber::new(), run);
    #[cfg(not(feature = "tracing"))]
    run()
}

fn post_here(client: &Client) -> Posted {
    let mut limits = Vec::new();
    let outcome = attempt(client, &mut limits).map_err(|failure| failure.into_error(client.server()));
    Posted { limits, outcome }
}

/// Why an attempt failed, and whether another one is worth it.
#[derive(Debug, crate::RetryClassify)]
#[retry(crate = crate)]
enum Failure {
    /// There was no connection, or it broke. The server may have got all of it: it knows a report by its id.
    #[retry(transient)]
    Broken(String),
    /// The server's moment: it knows best when to come back.
    #[retry(forward)]
    Busy(HttpError),
    /// That will be the same in a second.
    #[retry(permanent)]
    Final(PostError),
}

impl Failure {
    fn not_now(why: String) -> Self {
        Self::Final(PostError::NotNow(why))
    }

    fn into_error(self, server: &str) -> PostError {
        match self {
            Self::Broken(why) => PostError::NotNow(why),
            Self::Busy(answer) => PostError::NotNow(format!("{server} answers {answer}")),
            Self::Final(error) => error,
        }
    }
}

/// What is between attempts: short, as a process waits that is about to end.
fn delays(client: &Client) -> Policy {
    Policy::exponential().base(Duration::from_millis(100)).attempts(4).deadline(client.left())
}

#[crate::retry(crate = crate, policy = delays(client))]
fn attempt(client: &Client, limits: &mut Vec<Limit>) -> Result<(), Failure> {
    let answer = client.send()?;
    answer.note_limits(limits);
    answer.outcome(client.server())
}

#[cfg(test)]
pub(super) mod tests;
