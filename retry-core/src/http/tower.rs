//! A policy for `tower`'s retry layer.

use std::fmt;

use http::{Request, Response};

use super::methods::Repeatable;
use super::reply::Reply;
use super::status;
use crate::call::{Asked, Call, Failure, MaybeTimed};
use crate::clock::Clock;
use crate::key::key;
use crate::observe::Shown;
use crate::site::Site;
use crate::sleep::{Sleep, sleep};
use crate::{Classification, Policy, RetryClassify};

/// Retries requests of a `tower` service, by the same signals as an [`HttpError`](super::HttpError), but for those in a
/// body: a layer does not read bodies.
///
/// Requests whose method is not idempotent (`POST`, `PATCH`) are sent once, unless they have an `Idempotency-Key` or
/// [`all_methods`](Self::all_methods) says so. Errors of the service itself are handed on, unless
/// [`errors`](Self::errors) says which are worth another try. When it gives up the caller gets the last response, or the
/// last error, as it is.
///
/// ```
/// use retry_core::{Classification, Policy};
/// use retry_core::http::HttpRetry;
/// use tower::retry::RetryLayer;
///
/// let layer = RetryLayer::new(HttpRetry::new(Policy::exponential().attempts(5)));
/// // Where the service's own errors are to be retried too:
/// let retry = HttpRetry::new(Policy::exponential()).errors(|_error: &std::io::Error| Classification::Transient);
/// # let _ = (layer, RetryLayer::new(retry));
/// ```
#[must_use]
pub struct HttpRetry<F = HandedOn> {
    policy: Policy,
    repeatable: Repeatable,
    errors: F,
    /// Begins when the layer asks for the first copy of a request, and goes on in the copy of this policy that the layer
    /// makes for that request right after.
    call: Option<Call<MaybeTimed>>,
}

/// As which `tracing` and `metrics` know it.
static SITE: Site = Site::unknown("HttpRetry", "retry_core");

impl HttpRetry {
    /// Retries within the policy's limits.
    pub const fn new(policy: Policy) -> Self {
        Self { policy, repeatable: Repeatable::Idempotent, errors: HandedOn, call: None }
    }
}

impl<F> HttpRetry<F> {
    /// Requests of every method: for servers that recognise a request which they have carried out already.
    pub fn all_methods(self) -> Self {
        Self { repeatable: Repeatable::All, ..self }
    }

    /// Which errors of the service are worth another try; [`RetryClassify::classify`] where they say so themselves.
    pub fn errors<E, G: Fn(&E) -> Classification>(self, classify: G) -> HttpRetry<G> {
        let Self { policy, repeatable, call, .. } = self;
        HttpRetry { policy, repeatable, errors: classify, call }
    }

    fn call(&mut self) -> &mut Call<MaybeTimed> {
        self.call.get_or_insert_with(|| Call::timed_by(&self.policy, Clock::Runtime))
    }
}

/// What a service's own errors say.
#[doc(hidden)]
pub trait Errors<E> {
    fn classify(&self, error: &E) -> Classification;
}

/// Errors that are handed on as they are.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct HandedOn;

impl<E> Errors<E> for HandedOn {
    fn classify(&self, _: &E) -> Classification {
        Classification::Permanent
    }
}

impl<E, F: Fn(&E) -> Classification> Errors<E> for F {
    fn classify(&self, error: &E) -> Classification {
        self(error)
    }
}

impl<B, C, E, F> tower::retry::Policy<Request<B>, Response<C>, E> for HttpRetry<F>
where
    B: Clone,
    F: Errors<E>,
{
    type Future = Sleep;

    fn retry(&mut self, _: &mut Request<B>, result: &mut Result<Response<C>, E>) -> Option<Sleep> {
        let (asked, reply): (Asked, _) = match &*result {
            Ok(response) if !status::is_error(response.status()) => {
                self.call().succeeded();
                return None;
            }
            Ok(response) => {
                let reply = Reply::new(response.status(), response.headers());
                (Asked::by(reply.classify()), Some(response.status()))
            }
            Err(error) => (Asked::by(self.errors.classify(error)), None),
        };
        let shown = reply.as_ref().map_or(Shown::Nothing, |status| Shown::Display(status));
        let policy = self.policy;
        let failure = Failure { asked, key: key(&reply, 0), error: shown };
        self.call().failed(&policy, &SITE, failure).ok().map(sleep)
    }

    fn clone_request(&mut self, request: &Request<B>) -> Option<Request<B>> {
        if !self.call.as_ref().is_some_and(Call::has_failed) {
            self.call = None;
        }
        self.call();
        self.repeatable.allows(request.method(), request.headers()).then(|| request.clone())
    }
}

impl<F: Clone> Clone for HttpRetry<F> {
    fn clone(&self) -> Self {
        let Self { policy, repeatable, errors, call } = self;
        let call = call.as_ref().map(Call::begun_with);
        Self { policy: *policy, repeatable: *repeatable, errors: errors.clone(), call }
    }
}

impl<F> fmt::Debug for HttpRetry<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRetry")
            .field("policy", &self.policy)
            .field("repeatable", &self.repeatable)
            .finish_non_exhaustive()
    }
}
