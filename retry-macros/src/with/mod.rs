//! `retry_with!(policy, |attempt| ..)`: a block under a policy, with the loop inlined.

mod expand;
mod model;
mod parse;

use proc_macro2::TokenStream;

use crate::shared::groups::held_together;
use crate::shared::nesting;

/// The whole macro.
pub(crate) fn retry_with(input: TokenStream) -> TokenStream {
    let with = nesting::refused(&input, "the policy and the block")
        .and_then(|()| syn::parse2::<model::With>(held_together(input)));
    match with {
        Ok(with) => with.expand(),
        Err(error) => error.to_compile_error(),
    }
}
