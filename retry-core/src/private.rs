//! What expansions call. Not part of the API: it changes with the macros, which are released in lockstep.

use std::future::{Future, Ready, ready};
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

pub use crate::block::{AsyncTimer, BlockingTimer, Limits, Running, Unfinished, written};
pub use crate::call::{Anchor, Asked, Call, Failure, MaybeTimed, Timed, Untimed};
pub use crate::clock::Clock;
pub use crate::key::key;
pub use crate::observe::Shown;
pub use crate::site::Site;
pub use crate::sleep::{
    Waited, block, block_with, is_skipped, limit, limit_with, race, sleep, timer, yielded,
};
pub use crate::within::within;
pub use crate::{Classification, IntoDelay, Jitter, Policy, RetryClassify, RetryPolicy, ToldDelay};
pub use std::boxed::Box;
pub use std::time::Duration;

/// For crates in which these are something else.
pub use core::{
    self,
    option::Option::{None, Some},
    result::Result::{Err, Ok},
};

#[cfg(feature = "crash")]
pub use crate::crash::private as crash;

use crate::Event;

/// Gives a block its type: written where it is never reached, as the value of a `return`.
#[must_use]
pub fn typed<T>() -> T {
    unreachable!("only its type is of use")
}

/// An attempt of a function that returns a future; a function of its own so that the future's output has a type.
pub fn future_of<T, F: Future<Output = T>>(attempt: impl FnOnce() -> F) -> F {
    attempt()
}

/// The function returns a `Result`, by whatever name; or, with `until`, an `Option`.
#[diagnostic::on_unimplemented(
    message = "`#[retry]` needs a function that returns a `Result`, this one returns `{Self}`",
    label = "not a `Result`",
    note = "return `Result<_, E>`; `Option<_>`, written out, can be retried with `until = ..`"
)]
pub trait Outcome {
    /// What it gives.
    type Value;
    /// What it fails with.
    type Error;
    /// As a `Result`.
    ///
    /// # Errors
    /// The error that is in it.
    fn into_result(self) -> Result<Self::Value, Self::Error>;
    /// And back.
    fn from_result(result: Result<Self::Value, Self::Error>) -> Self;
}

impl<T, E> Outcome for Result<T, E> {
    type Value = T;
    type Error = E;
    #[inline]
    fn into_result(self) -> Self {
        self
    }
    #[inline]
    fn from_result(result: Self) -> Self {
        result
    }
}

/// What a field told: `or` where it told nothing, given up beyond `max`.
#[must_use]
pub fn told(told: Option<Duration>, or: Option<Duration>, max: Option<Duration>) -> Asked {
    match (told, or) {
        (Some(told), _) if max.is_some_and(|max| told > max) => Asked::TooLong,
        (Some(told), _) => Asked::Told(told),
        (None, Some(or)) => Asked::After(or),
        (None, None) => Asked::Own,
    }
}

/// What a rule asks, in a derived implementation's terms.
#[must_use]
pub fn classified(asked: Asked) -> Classification {
    match asked {
        Asked::Never | Asked::TooLong => Classification::Permanent,
        Asked::Own => Classification::Transient,
        Asked::After(delay) | Asked::Told(delay) => Classification::After(delay),
    }
}

/// A predicate on an error or a value; a function of its own so that a closure's argument has a type.
#[inline]
pub fn holds<T: ?Sized>(predicate: impl FnOnce(&T) -> bool, value: &T) -> bool {
    predicate(value)
}

/// What an error type can do besides being one: its methods are found where the type can, and those of the
/// traits below where it can't. That takes method calls, which would find the methods of a user's trait for all
/// types as well: hence their names. Everything else is called by its path.
pub struct Probe<'a, E: ?Sized>(pub &'a E);

impl<E: ?Sized> std::fmt::Debug for Probe<'_, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Probe")
    }
}

impl<P: Pointer> Probe<'_, P> {
    /// The key under which the variant behind the pointer is counted.
    #[must_use]
    pub fn retry_key(self, rule: u32) -> u64 {
        key(&**self.0, rule)
    }
}

/// What an error may be behind.
pub trait Pointer: Deref<Target: Sized> {}

impl<T> Pointer for &T {}
impl<T> Pointer for Box<T> {}
impl<T> Pointer for Rc<T> {}
impl<T> Pointer for Arc<T> {}

/// Of an error as it is.
pub trait KeyOfValue {
    /// The key under which its variant is counted.
    fn retry_key(self, rule: u32) -> u64;
}

impl<E> KeyOfValue for Probe<'_, E> {
    fn retry_key(self, rule: u32) -> u64 {
        key(self.0, rule)
    }
}

/// Of what is in a `Box<dyn ..>`: it has no variants.
pub trait KeyOfUnsized {
    /// The key under which all of it is counted.
    fn retry_key(&self, rule: u32) -> u64;
}

impl<E: ?Sized> KeyOfUnsized for Probe<'_, E> {
    fn retry_key(&self, rule: u32) -> u64 {
        key(&(), rule)
    }
}

impl<E: RetryClassify + ?Sized> Probe<'_, E> {
    /// By the error type's own word.
    #[must_use]
    pub fn retry_ask(&self) -> Asked {
        Asked::by(self.0.classify())
    }
}

/// Of error types without a [`RetryClassify`].
pub trait Unclassified {
    /// What no rule names is not retried.
    fn retry_ask(&self) -> Asked;
}

impl<E: ?Sized> Unclassified for Probe<'_, E> {
    fn retry_ask(&self) -> Asked {
        Asked::Never
    }
}

impl<'a, E: std::fmt::Display> Probe<'a, E> {
    /// By its `Display`.
    #[must_use]
    pub fn retry_shown(&self) -> Shown<'a> {
        Shown::Display(self.0)
    }
}

/// Of error types without a `Display`.
pub trait ShownByDebug<'a> {
    /// By its `Debug`.
    fn retry_shown(&self) -> Shown<'a>;
}

impl<'a, E: std::fmt::Debug> ShownByDebug<'a> for Probe<'a, E> {
    fn retry_shown(&self) -> Shown<'a> {
        Shown::Debug(self.0)
    }
}

/// Of error types with neither.
pub trait NotShown {
    /// Not at all.
    fn retry_shown(&self) -> Shown<'static>;
}

impl<E: ?Sized> NotShown for &Probe<'_, E> {
    fn retry_shown(&self) -> Shown<'static> {
        Shown::Nothing
    }
}

/// Whether an attempt gave a value that `until` accepts.
#[inline]
pub fn is_accepted<T, E>(predicate: impl FnOnce(&T) -> bool, outcome: &Result<T, E>) -> bool {
    matches!(outcome, Ok(value) if predicate(value))
}

/// Calls a hook; a function of its own so that a closure's argument has a type.
#[inline]
pub fn call_hook<'a, E, R>(hook: impl FnOnce(Event<'a, E>) -> R, event: Event<'a, E>) -> HookResult<R> {
    HookResult(hook(event))
}

/// What a hook returned: a future if it is async, else of no interest.
///
/// Three ways to finish it have the same name. The compiler looks for a method of the type itself first, so that
/// a hook that never returns, whose type is open, is taken for one that returns nothing.
#[derive(Debug)]
#[must_use = "an async hook has to be awaited"]
pub struct HookResult<R>(R);

impl HookResult<()> {
    /// In an async function: nothing to await.
    pub fn retry_awaited(self) -> Ready<()> {
        ready(())
    }

    /// In a sync function: it has run.
    pub fn retry_done(self) {}
}

/// What an async hook returned.
pub trait AsyncHook: Sized {
    /// The hook's future.
    type Future;

    /// In an async function: to be awaited.
    fn retry_awaited(self) -> Self::Future;

    /// In a sync function: nobody can await it.
    fn retry_done(self)
    where
        Self::Future: SyncHook,
    {
    }
}

impl<F: Future> AsyncHook for HookResult<F> {
    type Future = F;

    fn retry_awaited(self) -> F {
        self.0
    }
}

/// What a hook returned that is of no interest.
pub trait PlainHook {
    /// In an async function: nothing to await.
    fn retry_awaited(&self) -> Ready<()> {
        ready(())
    }

    /// In a sync function: it has run.
    fn retry_done(&self) {}
}

impl<R> PlainHook for HookResult<R> {}

/// Implemented by nothing that is a future.
#[diagnostic::on_unimplemented(
    message = "an async hook needs an async function",
    label = "this hook returns a future, which a sync function cannot await",
    note = "make the hook a plain function, or the function async"
)]
pub trait SyncHook {}

/// What `policy = ..` may name.
#[diagnostic::on_unimplemented(
    message = "`policy = ..` names a `{Self}`, which is no `Policy`",
    label = "expected a `retry_core::Policy`",
    note = "a `Policy`, or a reference, `Box`, `Arc` or `Rc` of one"
)]
pub trait AsPolicy {
    /// By value, so that nothing of the function's stays borrowed.
    fn as_policy(&self) -> Policy;
}

impl AsPolicy for Policy {
    fn as_policy(&self) -> Policy {
        *self
    }
}

macro_rules! through {
    ($($pointer:ty),*) => {$(
        impl<T: AsPolicy + ?Sized> AsPolicy for $pointer {
            fn as_policy(&self) -> Policy {
                T::as_policy(&**self)
            }
        }
    )*};
}
through!(&T, &mut T, Box<T>, Rc<T>, Arc<T>);

/// A number that is no delay: a factor, a fraction.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number",
    label = "expected a number",
    note = "a factor is a number such as `2` or `1.5`, and so is a jitter, such as `0.25`"
)]
pub trait Number {
    /// As a float.
    fn number(self) -> f64;
}

macro_rules! number {
    ($($number:ty)*) => {$(
        impl Number for $number {
            #[allow(clippy::cast_lossless, clippy::cast_precision_loss)] // what is lost is of no consequence here
            fn number(self) -> f64 {
                self as f64
            }
        }
    )*};
}
number!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64);

/// A number of attempts.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number of attempts",
    label = "expected a whole number",
    note = "write a whole number, the first call included, or `unlimited`"
)]
pub trait Count {
    /// Saturating; negative numbers are zero.
    fn count(self) -> u32;
}

macro_rules! count {
    ($($number:ty)*) => {$(
        impl Count for $number {
            fn count(self) -> u32 {
                u32::try_from(self).unwrap_or_else(|_| if self > 0 { u32::MAX } else { 0 })
            }
        }
    )*};
}
count!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);

impl Count for std::num::NonZeroU32 {
    fn count(self) -> u32 {
        self.get()
    }
}

/// An attempt, or the error that one gives which took too long.
///
/// # Errors
/// Those of the attempt, or that one.
pub fn in_time<T, E>(attempt: Option<Result<T, E>>, error: impl FnOnce() -> E) -> Result<T, E> {
    attempt.unwrap_or_else(|| Err(error()))
}
