//! A layer for `reqwest-middleware`.

use http::Extensions;
use reqwest::{Request, Response};
use reqwest_middleware::{Error, Middleware, Next, Result};

use super::methods::Repeatable;
use super::reply::Reply;
use super::status;
use crate::call::{Asked, Call, Failure};
use crate::clock::Clock;
use crate::key::key;
use crate::observe::Shown;
use crate::site::Site;
use crate::sleep::sleep;
use crate::{Classification, Policy, RetryClassify};

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
        let mut call = Call::timed_by(&self.policy, Clock::Runtime);
        // There is no attempt without a copy: that it can be made was seen above.
        while let Some(copy) = request.try_clone() {
            let (outcome, classification) = classified(next.clone().run(copy, extensions).await).await;
            let Some(classification) = classification else {
                call.succeeded();
                return outcome;
            };
            let status = outcome.as_ref().map(Response::status);
            let shown = match &status {
                Ok(status) => Shown::Display(status),
                Err(error) => Shown::Display(error),
            };
            let failure = Failure { asked: Asked::by(classification), key: key(&status, 0), error: shown };
            let decided = call.failed(&self.policy, &SITE, failure);
            let Ok(wait) = decided else { return outcome };
            // Nobody reads the rest of it, and the server need not keep it while we wait.
            drop(outcome);
            sleep(wait).await;
        }
        next.run(request, extensions).await
    }
}

/// What an attempt ended with, and what it says of another one; nothing where it has worked.
async fn classified(outcome: Result<Response>) -> (Result<Response>, Option<Classification>) {
    match outcome {
        Ok(response) if status::is_error(response.status()) => {
            let (response, classification) = peeked(response).await;
            (Ok(response), Some(classification))
        }
        Ok(response) => (Ok(response), None),
        Err(error) => {
            let classification = error.classify();
            (Err(error), Some(classification))
        }
    }
}

/// A response with what it says; its body is read only where it may have a say.
async fn peeked(response: Response) -> (Response, Classification) {
    let by_headers = Reply::new(response.status(), response.headers());
    if !by_headers.may_body_decide() {
        let classification = by_headers.classify();
        return (response, classification);
    }
    let (response, body) = peeked::peek(response).await;
    let classification = Reply::new(response.status(), response.headers()).body(&body).classify();
    (response, classification)
}

/// As the error of `reqwest` that it is; those of other middleware are not worth another try.
impl RetryClassify for Error {
    fn classify(&self) -> Classification {
        match self {
            Self::Reqwest(error) => error.classify(),
            Self::Middleware(_) => Classification::Permanent,
        }
    }
}
