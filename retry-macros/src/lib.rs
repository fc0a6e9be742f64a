//! The macros of `retry-core`, which re-exports them: depend on that crate, not on this one.

// What is read of one macro call is made once, and small.
#![allow(clippy::large_enum_variant)]

mod classify;
#[cfg(feature = "crash")]
mod crash;
#[cfg(not(feature = "crash"))]
#[path = "no_crash.rs"]
mod crash;
#[cfg(all(test, feature = "crash"))]
mod hostile;
mod options;
mod policy;
mod retry;
mod shared;
mod with;

use proc_macro::TokenStream;

#[doc = include_str!("../docs/retry.md")]
#[proc_macro_attribute]
pub fn retry(options: TokenStream, item: TokenStream) -> TokenStream {
    retry::retry(options.into(), item.into()).into()
}

#[cfg(feature = "crash")]
#[doc = include_str!("../docs/crash.md")]
#[proc_macro_attribute]
pub fn crash_context(options: TokenStream, item: TokenStream) -> TokenStream {
    crash::crash_context(options.into(), item.into()).into()
}

#[doc = include_str!("../docs/policy.md")]
#[proc_macro]
pub fn retry_policy(input: TokenStream) -> TokenStream {
    policy::retry_policy(input.into()).into()
}

#[doc = include_str!("../docs/with.md")]
#[proc_macro]
pub fn retry_with(input: TokenStream) -> TokenStream {
    with::retry_with(input.into()).into()
}

#[doc = include_str!("../docs/classify.md")]
#[proc_macro_derive(RetryClassify, attributes(retry))]
pub fn retry_classify(item: TokenStream) -> TokenStream {
    classify::derive(item.into()).into()
}
