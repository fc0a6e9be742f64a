#![cfg_attr(all(feature = "macros", feature = "tokio", feature = "crash"), doc = include_str!("../docs/crate.md"))]
#![cfg_attr(
    not(all(feature = "macros", feature = "tokio", feature = "crash")),
    doc = "Retry by attribute, and crash reports with values."
)]
// Allowed in three small modules, each with its reasons: the live frames, the fork that user code runs in, and the start of
// a debugger.
#![deny(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod block;
mod call;
mod classify;
mod clock;
#[cfg(feature = "serde")]
mod config;
#[cfg(feature = "crash")]
pub mod crash;
mod delay;
mod event;
mod growth;
#[cfg(feature = "http")]
pub mod http;
mod jitter;
mod key;
mod observe;
mod policy;
mod random;
mod site;
mod sleep;
mod stop;
mod switch;
pub mod testing;
mod within;

/// One page per need, beside those of the [attribute](macro@retry), the [derive](derive@RetryClassify), the
/// [block form](retry_policy), [tests](testing) and crash reports.
#[cfg(all(feature = "macros", feature = "tokio"))]
pub mod guide {
    #[doc = include_str!("../docs/choosing_limits.md")]
    pub mod choosing_limits {}
    #[doc = include_str!("../docs/coming_from.md")]
    pub mod coming_from {}
    #[doc = include_str!("../docs/configuration.md")]
    pub mod configuration {}
    #[cfg(feature = "crash")]
    #[doc = include_str!("../docs/crash_compared.md")]
    pub mod crash_compared {}
    #[doc = include_str!("../docs/observing.md")]
    pub mod observing {}
    #[doc = include_str!("../docs/peers.md")]
    pub mod peers {}
    #[cfg(feature = "crash")]
    #[doc = include_str!("../docs/report.md")]
    pub mod report {}
    #[cfg(feature = "sentry")]
    #[doc = include_str!("../docs/sentry.md")]
    pub mod sentry {}

    #[cfg(feature = "sentry")]
    #[doc = include_str!("../docs/sentry_compared.md")]
    pub mod sentry_compared {}
    #[doc = include_str!("../docs/stopping.md")]
    pub mod stopping {}
    #[cfg(feature = "crash")]
    #[doc = include_str!("../docs/viewer.md")]
    pub mod viewer {}
    #[cfg(feature = "crash")]
    #[doc = include_str!("../docs/walkthrough.md")]
    #[doc = ""] // Ends the last paragraph.
    #[doc = include_str!("../docs/pictures/embedded.md")]
    pub mod walkthrough {}
}

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use block::{RetryPolicy, SharedRetryPolicy};
pub use classify::{Classification, RetryClassify};
pub use delay::{IntoDelay, ToldDelay};
pub use event::{Attempt, Cause, Event, GiveUp};
pub use jitter::Jitter;
pub use policy::Policy;
pub use sleep::Waited;
pub use stop::StopToken;
pub use switch::{is_enabled, set_enabled};

#[cfg(all(feature = "macros", feature = "crash"))]
pub use retry_macros::crash_context;
#[cfg(feature = "macros")]
pub use retry_macros::{RetryClassify, retry, retry_policy, retry_with};

/// The README's example, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
