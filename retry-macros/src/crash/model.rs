//! What is said about a function, and what is found in it.

use proc_macro2::{Ident, Span};
use syn::{Attribute, Path};

/// The options between the attribute's parentheses.
#[derive(Default)]
pub(crate) struct Options {
    /// What is listed by name or by reference.
    pub(crate) listed: Vec<Listed>,
    /// `..`: the rest as without a list.
    pub(crate) rest: Option<Span>,
    pub(crate) skip: Vec<Ident>,
    pub(crate) redact: Vec<Ident>,
    pub(crate) allow: Vec<Ident>,
    /// `debug`: everything that has a `Debug` is listed.
    pub(crate) debug: Option<Span>,
    /// The most bytes to show of each value.
    pub(crate) limit: Option<(Span, u32)>,
    pub(crate) krate: Option<Path>,
    /// The attribute's path, where `#[retry]` has taken it off.
    pub(crate) taken_off: Option<Path>,
}

/// One entry of the list.
pub(crate) struct Listed {
    pub(crate) name: Ident,
    pub(crate) by_reference: bool,
}

impl Options {
    /// Whether what is not listed is kept too.
    pub(crate) fn keeps_rest(&self) -> bool {
        self.listed.is_empty() || self.rest.is_some()
    }

    /// Whether no value is asked for by its name.
    pub(crate) fn names_nothing(&self) -> bool {
        self.listed.is_empty() && self.debug.is_none()
    }

    pub(crate) fn listed(&self, name: &Ident) -> Option<&Listed> {
        self.listed.iter().find(|listed| listed.name == *name)
    }
}

/// An argument or a local, as far as the function's words say.
#[allow(clippy::struct_excessive_bools)] // independent facts, not states
pub(crate) struct Binding {
    /// As it stands where it is bound.
    pub(crate) name: Ident,
    pub(crate) origin: Origin,
    /// How it is kept.
    pub(crate) way: Way,
    /// The conditions under which it is there at all.
    pub(crate) cfgs: Vec<Attribute>,
    /// What is said of lints where it is bound.
    pub(crate) lints: Vec<Attribute>,
    pub(crate) is_mutable: bool,
    /// Whether it may be the name of a constant, which this pattern compares with.
    pub(crate) may_be_constant: bool,
    /// Whether it is declared without a value.
    pub(crate) is_declared: bool,
    /// Whether the program reads it anywhere.
    pub(crate) is_used: bool,
    /// Whether it is assigned after its binding.
    pub(crate) is_assigned: bool,
    /// Whether it may change in a way that is not seen from here.
    pub(crate) changes: bool,
}

/// Where a binding comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// From outside: what it refers to outlives the body.
    Argument,
    Local,
    LocalInLoop,
}

/// How a binding is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// As its type allows.
    ByType,
    /// By its `Debug`, as the user asked.
    Written,
    /// By a borrow, as the user asked.
    Borrowed,
    /// Its type only: it has a `dyn Trait`, whose `Debug` may be there for `'static` alone. The compiler takes it and then
    /// asks that the argument be `'static`.
    TypeOnly,
    /// Its name only: it is a secret.
    Hidden,
}
