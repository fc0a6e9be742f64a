//! Whatever is written, the macros answer with code or with errors, and never with a panic.
//!
//! The fuzz target in `tests/fuzz` takes the same cases and asks the same of the answers.

pub(crate) mod case;
pub(crate) mod corpus;
#[cfg(test)]
mod depth;
pub(crate) mod mutations;
#[cfg(test)]
mod tests;
