//! A library that hands `retry-core` on, so that its users need not depend on it themselves.

pub use retry_core;
/// The standard library, for a crate that has another `std`.
pub use std as standard;

/// A macro of its own that uses the attributes.
#[macro_export]
macro_rules! retried {
    ($error:ident: $variant:ident, $name:ident($calls:ident) $body:block) => {
        #[$crate::retry_core::retry($variant = 1, crate = $crate::retry_core)]
        #[$crate::retry_core::crash_context(crate = $crate::retry_core)]
        fn $name($calls: &dyn ::core::ops::Fn() -> u32) -> ::core::result::Result<u32, $error> $body
    };
}
