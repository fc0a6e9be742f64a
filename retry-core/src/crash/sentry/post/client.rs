//! One request, by `ureq`.

use super::answer::Answer;
use super::{Failure, proxy, trouble};
use http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, EXPECT};
use sentry_types::Dsn;
use std::io::Read;
use std::time::{Duration, Instant};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body, Error};

const NAME: &str = concat!("retry-core/", env!("CARGO_PKG_VERSION"));
/// From this size on the server is asked first: one that does not take as much may close the connection instead of reading
/// it all, and its answer may be lost with it.
const LARGE: usize = 64 << 10;
/// Not every server answers that question.
const PATIENCE: Duration = Duration::from_millis(250);

/// A request, and whom it is for.
pub(super) struct Client {
    dsn: Dsn,
    /// Compressed.
    body: Vec<u8>,
    until: Instant,
    server: String,
}

impl Client {
    pub(super) fn new(dsn: &Dsn, body: Vec<u8>, until: Instant) -> Self {
        let server = match dsn.port() == dsn.scheme().default_port() {
            true => dsn.host().to_owned(),
            false => format!("{}:{}", dsn.host(), dsn.port()),
        };
        Self { dsn: dsn.clone(), body, until, server }
    }

    /// Whom it is for, as messages name it.
    pub(super) fn server(&self) -> &str {
        &self.server
    }

    /// How much time is left.
    pub(super) fn left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }

    /// Posts it once.
    pub(super) fn send(&self) -> Result<Answer, Failure> {
        let proxy = proxy::from_environment(self.dsn.scheme(), self.dsn.host()).map_err(Failure::not_now)?;
        let told = |error: &Error| trouble::of(error, self.dsn.scheme(), &self.server, proxy.as_ref());
        let sent = match self.request(RootCerts::PlatformVerifier, proxy.clone()) {
            // There is nothing by which this machine could know a certificate: a small board, or a container.
            Err(Error::Rustls(_)) => self.request(RootCerts::WebPki, proxy.clone()),
            sent => sent,
        };
        let (parts, body) = sent.map_err(|error| told(&error))?.into_parts();
        let mut bytes = Vec::new();
        let read = body.into_reader().take(Answer::LONGEST).read_to_end(&mut bytes);
        match read {
            // What came of it is known already.
            Err(error) if parts.status.is_success() => Err(told(&error.into())),
            _ => Ok(Answer::new(parts.status, parts.headers, bytes)),
        }
    }

    fn request(&self, roots: RootCerts, proxy: Option<ureq::Proxy>) -> Result<http::Response<Body>, Error> {
        let config = Agent::config_builder()
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .proxy(proxy)
            .timeout_global(Some(self.left()))
            .timeout_await_100(Some(PATIENCE))
            // An envelope that is sent on by redirection becomes a `GET` of nothing.
            .max_redirects(0)
            .http_status_as_error(false)
            .max_idle_connections(0)
            .user_agent(NAME)
            .build();
        let agent = Agent::new_with_config(config);
        let mut request = agent.post(self.dsn.envelope_api_url().as_str());
        if self.body.len() >= LARGE {
            request = request.header(EXPECT, "100-continue");
        }
        request
            .header("X-Sentry-Auth", self.dsn.to_auth(Some(NAME)).to_string())
            .header(CONTENT_TYPE, "application/x-sentry-envelope")
            .header(CONTENT_ENCODING, "gzip")
            .header(ACCEPT, "application/json")
            .send(&self.body[..])
    }
}
