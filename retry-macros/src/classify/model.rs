//! An error type and what it says of its values.

use proc_macro2::{Ident, Span};
use syn::{Expr, Fields, Generics, Path};

use crate::shared::delay::Delay;
use crate::shared::field::Field;

/// The type.
pub(crate) struct Classified {
    pub(crate) name: Ident,
    pub(crate) generics: Generics,
    /// `crate = ..`
    pub(crate) krate: Option<Path>,
    /// Of variants that say nothing themselves.
    pub(crate) default: Default,
    pub(crate) kind: Kind,
}

/// `default = ..`
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Default {
    Permanent,
    Transient,
}

/// Enum or struct.
pub(crate) enum Kind {
    Enum(Vec<Variant>),
    Struct(Variant),
}

/// A variant, or all of a struct.
pub(crate) struct Variant {
    pub(crate) name: Ident,
    pub(crate) fields: Fields,
    pub(crate) said: Said,
}

/// What the attributes of one variant say.
#[derive(std::default::Default)]
pub(crate) struct Said {
    pub(crate) verdict: Option<(Span, Verdict)>,
    pub(crate) when: Option<(Span, Expr)>,
}

/// Whether, and when, another try is worth it.
pub(crate) enum Verdict {
    Permanent,
    Transient,
    After(Delay),
    Told(Field),
    /// The field to ask: its number among the fields.
    Forward(usize),
}
