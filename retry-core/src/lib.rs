#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod block;
mod call;
mod classify;
mod clock;
#[cfg(feature = "serde")]
mod config;
mod delay;
mod event;
mod growth;
mod jitter;
mod observe;
mod policy;
mod random;
mod sleep;
mod stop;
mod switch;
pub mod testing;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use block::RetryPolicy;
pub use classify::{Classification, RetryClassify};
pub use delay::{IntoDelay, ToldDelay};
pub use event::{Attempt, Event, GiveUp};
pub use jitter::Jitter;
pub use policy::Policy;
pub use sleep::Waited;
pub use stop::StopToken;
pub use switch::{is_enabled, set_enabled};

#[cfg(feature = "macros")]
pub use retry_macros::{RetryClassify, retry, retry_policy, retry_with};
