#![doc = include_str!("../docs/http.md")]
#![cfg_attr(feature = "reqwest", doc = include_str!("../docs/http_reqwest.md"))]
#![cfg_attr(feature = "reqwest-middleware", doc = include_str!("../docs/http_middleware.md"))]
#![cfg_attr(feature = "tower", doc = include_str!("../docs/http_tower.md"))]

mod body;
mod date;
mod error;
mod github;
mod names;
mod number;
mod rate_limit;
mod reply;
mod retry_after;
mod sentry;
mod status;

#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
mod methods;
#[cfg(feature = "reqwest-middleware")]
mod middleware;
#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(feature = "tower")]
mod tower;

#[cfg(test)]
mod tests;

pub use error::HttpError;
pub use reply::{Reply, Signal, Verdict};
#[cfg(feature = "sentry")]
pub(crate) use sentry::{Limit as SentryLimit, limits as sentry_limits};

#[cfg(feature = "reqwest-middleware")]
pub use middleware::RetryMiddleware;
#[cfg(feature = "reqwest")]
pub use reqwest::ErrorForRetry;
#[cfg(feature = "reqwest-blocking")]
pub use reqwest::ErrorForRetryBlocking;
#[cfg(feature = "tower")]
pub use tower::HttpRetry;
