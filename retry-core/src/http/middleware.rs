//! A layer for `reqwest-middleware`.

use std::time::Duration;

use http::{Extensions, StatusCode};
use reqwest::{Request, Response};
use reqwest_middleware::{Error, Middleware, Next, Result};

use super::methods::Repeatable;
use super::reply::Reply;
use super::status;
use crate::block::Running;
use crate::clock::Clock;
use crate::site::Site;
use crate::{Classification, Policy, RetryClassify, RetryPolicy};

mod peeked;

/// Retries requests of a `reqwest_middleware` client, by the same signals as an [`HttpError`](super::HttpError).
///
/// Requests whose method is not idempotent (`POST`, `PATCH`) are sent once, unless they have an `Idempotency-Key` or
/// [`all_methods`](Self::all_methods) says so; so are those whose body is a stream. When it gives up the caller gets the
/// last response, or the last error, as it is.
///
/// ```
/// use retry_core::Policy;
/// use retry_core::http::RetryMiddleware;
/// use std::time::Duration;
///
/// let policy = Policy::exponential().base(Duration::from_millis(500)).deadline(Duration::from_secs(60));
/// let client = reqwest_middleware::ClientBuilder::new(reqwest::Client::new())
///     .with(RetryMiddleware::new(policy))
///     .build();
/// # drop(client);
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct RetryMiddleware {
    policy: Policy,
    repeatable: Repeatable,
}

/// As which `tracing` and `metrics` know it.
static SITE: Site = Site::unknown("RetryMiddleware", "retry_core");

impl RetryMiddleware {
    /// Retries within the policy's limits.
    pub const fn new(policy: Policy) -> Self {
        Self { policy, repeatable: Repeatable::Idempotent }
    }

    /// Requests of every method: for servers that recognise a request which they have carried out already.
    pub const fn all_methods(self) -> Self {
        Self { repeatable: Repeatable::All, ..self }
    }
}

#[async_trait::async_trait]
impl Middleware for RetryMiddleware {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let may_repeat = self.repeatable.allows(request.method(), request.headers());
        if !may_repeat || request.try_clone().is_none() {
            return next.run(request, extensions).await;
        }
        let policy = RetryPolicy::new(self.policy).at(&SITE);
        let mut running = Running::start(&policy, Clock::Runtime);
        // There is no attempt without a copy: that it can be made was seen above.
        while let Some(copy) = request.try_clone() {
            let unfinished = match running.ended(attempt(copy, extensions, next.clone()).await) {
                Ok(done) => return done.or_else(Failure::into_result),
                Err(unfinished) => unfinished,
            };
            wait(unfinished.wait).await;
            if let Some(done) = running.waited(unfinished, false) {
                return done.or_else(Failure::into_result);
            }
        }
        next.run(request, extensions).await
    }
}

async fn attempt(
    request: Request,
    extensions: &mut Extensions,
    next: Next<'_>,
) -> std::result::Result<Response, Failure> {
    let response = next.run(request, extensions).await.map_err(Failure::Failed)?;
    if !status::is_error(response.status()) {
        return Ok(response);
    }
    let by_headers = classified(&response, &[]);
    // There is no need to wait for a body that changes nothing.
    let may_body_decide =
        by_headers != Classification::Permanent || response.status() == StatusCode::FORBIDDEN;
    let (response, classification) =
        if may_body_decide { peeked::peek(response, classified).await } else { (response, by_headers) };
    Err(Failure::Answered(response, classification))
}

fn classified(response: &Response, body: &[u8]) -> Classification {
    Reply::new(response.status(), response.headers()).body(body).classify()
}

async fn wait(wait: Duration) {
    crate::sleep::sleep(wait).await;
}

/// What an attempt ended with.
enum Failure {
    Answered(Response, Classification),
    Failed(Error),
}

impl Failure {
    /// What the caller gets of it: a response is no error.
    fn into_result(self) -> Result<Response> {
        match self {
            Self::Answered(response, _) => Ok(response),
            Self::Failed(error) => Err(error),
        }
    }
}

impl RetryClassify for Failure {
    fn classify(&self) -> Classification {
        match self {
            Self::Answered(_, classification) => *classification,
            Self::Failed(Error::Reqwest(error)) => error.classify(),
            Self::Failed(Error::Middleware(_)) => Classification::Permanent,
        }
    }
}
