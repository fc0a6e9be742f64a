//! The macros of `retry-core`.

mod options;
mod retry;
mod shared;

use proc_macro::TokenStream;

/// Retry.
#[proc_macro_attribute]
pub fn retry(options: TokenStream, item: TokenStream) -> TokenStream {
    retry::retry(options.into(), item.into()).into()
}
