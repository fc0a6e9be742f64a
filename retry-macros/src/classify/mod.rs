//! `#[derive(RetryClassify)]`: the error type says which of its values are worth another try.

mod check;
mod expand;
mod model;
mod parse;

use proc_macro2::TokenStream;

use crate::shared::errors::Errors;
use crate::shared::nesting;

/// The whole derive. Where something is wrong, an implementation stands in that calls everything permanent,
/// so that the mistake is the only error.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let input = nesting::refused(&item, "the type and its attributes").and_then(|()| syn::parse2(item));
    let input = match input {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut errors = Errors::default();
    let Some(classified) = parse::classified(input, &mut errors) else {
        return errors.to_compile_errors();
    };
    classified.check(&mut errors);
    if errors.is_empty() { classified.expand() } else { classified.stand_in(&errors) }
}
