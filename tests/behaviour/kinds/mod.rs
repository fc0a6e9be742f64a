//! Every kind of function that such an attribute is known to break on, and every other one that the contract
//! names: three calls where the first two fail.

mod arguments;
mod attributes;
mod bodies;
mod futures;
mod generics;
mod options;
mod qualifiers;
mod receivers;
mod returns;
mod traits;

use crate::common::Calls;

/// What methods are called on.
#[derive(Debug, Default)]
pub(crate) struct Client {
    calls: Calls,
    log: Vec<u32>,
    name: String,
}

impl Client {
    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }
}
