//! `retry_policy!(ApiError: ..)`: the attribute's words as a value.

mod check;
mod expand;
mod model;
mod parse;

use proc_macro2::TokenStream;

use crate::shared::errors::Errors;

/// The whole macro. Where something is wrong, a value of the right type stands in, so that the mistake is the
/// only error.
pub(crate) fn retry_policy(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let block = parse::block(input, &mut errors);
    block.check(&mut errors);
    if errors.is_empty() { block.expand() } else { block.stand_in(&errors) }
}
