//! What was written, each thing once.

use proc_macro2::{Ident, Span};
use syn::{Expr, Path};

use crate::shared::delay::Delay;
use crate::shared::field::Field;

/// Everything between the parentheses.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) rules: Vec<Rule>,
    /// `_ = ..`
    pub(crate) rest: Option<Rule>,
    pub(crate) backoff: Option<Backoff>,
    pub(crate) attempts: Option<(Span, Attempts)>,
    pub(crate) jitter: Option<(Span, Jitter)>,
    pub(crate) deadline: Option<(Span, Delay)>,
    pub(crate) timeout: Option<Timeout>,
    pub(crate) until: Option<(Span, Expr)>,
    pub(crate) attempt: Option<(Span, Ident)>,
    pub(crate) on_retry: Option<(Span, Expr)>,
    pub(crate) on_give_up: Option<(Span, Expr)>,
    pub(crate) on_success: Option<(Span, Expr)>,
    pub(crate) clone: Option<(Span, Vec<Ident>)>,
    pub(crate) policy: Option<(Span, Expr)>,
    pub(crate) sleep: Option<(Span, Expr)>,
    pub(crate) error: Option<(Span, Path)>,
    pub(crate) krate: Option<(Span, Path)>,
}

/// `matcher = action`
pub(crate) struct Rule {
    pub(crate) span: Span,
    pub(crate) matcher: Matcher,
    pub(crate) action: Action,
}

/// Which errors.
pub(crate) enum Matcher {
    /// `A | B`, `my::Error::C`
    Variants(Vec<Path>),
    /// `when(predicate)`
    When(Expr),
    /// `_`
    Rest,
}

/// What to do with them.
pub(crate) enum Action {
    Never,
    After(Delay),
    Told(Field),
}

/// `backoff = kind(..)`
pub(crate) struct Backoff {
    pub(crate) span: Span,
    pub(crate) kind: Kind,
    pub(crate) base: Option<(Span, Delay)>,
    pub(crate) factor: Option<(Span, Expr)>,
    pub(crate) step: Option<(Span, Delay)>,
    pub(crate) cap: Option<(Span, Delay)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Exp,
    Fixed,
    Linear,
    Fibonacci,
}

pub(crate) enum Attempts {
    Unlimited,
    Literal(u32),
    Expr(Expr),
}

pub(crate) enum Jitter {
    None,
    Full,
    Equal,
    Decorrelated,
    Fraction(Expr),
}

/// `timeout = limit => error`
pub(crate) struct Timeout {
    pub(crate) span: Span,
    pub(crate) limit: Delay,
    pub(crate) error: Expr,
}

/// The error type, as far as rules have to know it.
pub(crate) struct ErrorType {
    /// The enum that bare variants belong to, without its generic arguments.
    pub(crate) prefix: Option<Path>,
    /// Whether the options say it, so that a mistake in it is reported there.
    pub(crate) is_said: bool,
    /// Whether it is not said at all, so that the compiler knows it only from how the policy is used.
    pub(crate) is_open: bool,
    /// Whether the error is in a `Box`, `Arc` or `Rc`.
    pub(crate) pointer: bool,
    /// Where it is reported that the type has no `RetryClassify`.
    pub(crate) span: Span,
}
