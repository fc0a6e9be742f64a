//! What all the macros have in common.

pub(crate) mod delay;
pub(crate) mod errors;
pub(crate) mod field;
pub(crate) mod function;
pub(crate) mod groups;
pub(crate) mod hygiene;
pub(crate) mod krate;
pub(crate) mod list;
pub(crate) mod nesting;
pub(crate) mod patterns;
pub(crate) mod place;
pub(crate) mod suggest;
pub(crate) mod text;
pub(crate) mod types;
pub(crate) mod words;
