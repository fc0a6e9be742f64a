//! A block under a policy.

use proc_macro2::TokenStream;
use syn::{Attribute, Expr, Path};

/// What stands between the parentheses.
pub(crate) struct With {
    /// `crate = ::path`
    pub(crate) krate: Option<Path>,
    pub(crate) policy: Expr,
    pub(crate) is_async: bool,
    /// What the block calls the attempt; nothing in `|| ..`.
    pub(crate) attempt: Option<Attempt>,
    pub(crate) body: Expr,
}

/// `n`, with what stands before it.
pub(crate) struct Attempt {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) pattern: TokenStream,
}
