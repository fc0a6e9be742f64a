//! The macros of `retry-core`.

// Two ways of the same rank read better side by side.
#![allow(clippy::match_bool, clippy::single_match_else)]
// What is read of one macro call is made once, and small.
#![allow(clippy::large_enum_variant)]

mod classify;
#[cfg(test)]
mod mangled;
mod options;
mod policy;
mod retry;
mod shared;
mod with;

use proc_macro::TokenStream;

/// Retry.
#[proc_macro_attribute]
pub fn retry(options: TokenStream, item: TokenStream) -> TokenStream {
    retry::retry(options.into(), item.into()).into()
}

/// Policy.
#[proc_macro]
pub fn retry_policy(input: TokenStream) -> TokenStream {
    policy::retry_policy(input.into()).into()
}

/// With.
#[proc_macro]
pub fn retry_with(input: TokenStream) -> TokenStream {
    with::retry_with(input.into()).into()
}

/// Derive.
#[proc_macro_derive(RetryClassify, attributes(retry))]
pub fn retry_classify(item: TokenStream) -> TokenStream {
    classify::derive(item.into()).into()
}
