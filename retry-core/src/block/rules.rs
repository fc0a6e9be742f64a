//! Which errors a block's policy retries.

use std::sync::Arc;

use crate::call::Asked;
use crate::classify::{Classification, RetryClassify};
use crate::key::key;
use crate::observe::Shown;

/// Which errors to retry.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "nothing says which errors of type `{E}` are worth another try",
    note = "consider adding `#[derive(RetryClassify)]` to `{E}`, or give the policy rules"
)]
pub trait Rules<E> {
    /// What is asked, and the key under which the error's variant is counted.
    fn ask(&self, error: &E) -> (Asked, u64);

    /// How the error is shown.
    fn show<'a>(&self, _error: &'a E) -> Shown<'a> {
        Shown::Nothing
    }
}

impl<E, R: Rules<E> + ?Sized> Rules<E> for Arc<R> {
    fn ask(&self, error: &E) -> (Asked, u64) {
        R::ask(self, error)
    }

    fn show<'a>(&self, error: &'a E) -> Shown<'a> {
        R::show(self, error)
    }
}

/// By the error type's own [`RetryClassify`].
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct ByType;

impl<E: RetryClassify> Rules<E> for ByType {
    fn ask(&self, error: &E) -> (Asked, u64) {
        (Asked::by(error.classify()), key(error, 0))
    }
}

/// By a function.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct By<F>(pub(super) F);

impl<E, F: Fn(&E) -> Classification> Rules<E> for By<F> {
    fn ask(&self, error: &E) -> (Asked, u64) {
        (Asked::by((self.0)(error)), key(error, 0))
    }
}

/// By the rules written in `retry_policy!`.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Written<F, G> {
    ask: F,
    show: G,
}

/// A function of its own so that the closures' argument has a type.
#[doc(hidden)]
pub fn written<E, F, G>(ask: F, show: G) -> Written<F, G>
where
    F: Fn(&E) -> (Asked, u64),
    G: Fn(&E) -> Shown<'_>,
{
    Written { ask, show }
}

impl<E, F, G> Rules<E> for Written<F, G>
where
    F: Fn(&E) -> (Asked, u64),
    G: Fn(&E) -> Shown<'_>,
{
    fn ask(&self, error: &E) -> (Asked, u64) {
        (self.ask)(error)
    }

    fn show<'a>(&self, error: &'a E) -> Shown<'a> {
        (self.show)(error)
    }
}
