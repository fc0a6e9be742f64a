//! A policy as a value.

use syn::Type;

use crate::options::model::Options;

/// What stands between the parentheses.
pub(crate) struct Block {
    /// The type before the colon; without one the policy is for any error that classifies itself.
    pub(crate) error: Option<Type>,
    pub(crate) options: Options,
}
