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
    /// What is asked, the key under which the error's variant is counted, and how the error is shown.
    fn ask<'a>(&self, error: &'a E) -> (Asked, u64, Shown<'a>);
}

impl<E, R: Rules<E> + ?Sized> Rules<E> for Arc<R> {
    fn ask<'a>(&self, error: &'a E) -> (Asked, u64, Shown<'a>) {
        R::ask(self, error)
    }
}

/// By the error type's own [`RetryClassify`].
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct ByType;

impl<E: RetryClassify> Rules<E> for ByType {
    fn ask<'a>(&self, error: &'a E) -> (Asked, u64, Shown<'a>) {
        (error.classify().into(), key(error, 0), Shown::Nothing)
    }
}

/// By a function.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct By<F>(pub(super) F);

impl<E, F: Fn(&E) -> Classification> Rules<E> for By<F> {
    fn ask<'a>(&self, error: &'a E) -> (Asked, u64, Shown<'a>) {
        ((self.0)(error).into(), key(error, 0), Shown::Nothing)
    }
}

/// By the rules written in `retry_policy!`.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Written<F>(F);

/// A function of its own so that the closure's argument has a type.
#[doc(hidden)]
pub fn written<E, F: Fn(&E) -> (Asked, u64, Shown<'_>)>(rules: F) -> Written<F> {
    Written(rules)
}

impl<E, F: Fn(&E) -> (Asked, u64, Shown<'_>)> Rules<E> for Written<F> {
    fn ask<'a>(&self, error: &'a E) -> (Asked, u64, Shown<'a>) {
        (self.0)(error)
    }
}
