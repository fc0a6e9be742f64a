//! A block under a policy.

use syn::{Expr, Pat, Path};

/// What stands between the parentheses.
pub(crate) struct With {
    /// `crate = ::path`
    pub(crate) krate: Option<Path>,
    pub(crate) policy: Expr,
    pub(crate) is_async: bool,
    /// What the block calls the attempt; nothing in `|| ..`.
    pub(crate) attempt: Option<Pat>,
    pub(crate) body: Expr,
}
