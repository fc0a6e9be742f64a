//! The words that `#[retry(..)]` and `retry_policy!(..)` have in common.

pub(crate) mod check;
pub(crate) mod expand;
pub(crate) mod model;
pub(crate) mod names;
pub(crate) mod parse;
