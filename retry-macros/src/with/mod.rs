//! `retry_with!(policy, |attempt| ..)`: a block under a policy, with the loop inlined.

mod expand;
mod model;
mod parse;

use proc_macro2::TokenStream;

/// The whole macro.
pub(crate) fn retry_with(input: TokenStream) -> TokenStream {
    match syn::parse2::<model::With>(input) {
        Ok(with) => with.expand(),
        Err(error) => error.to_compile_error(),
    }
}
