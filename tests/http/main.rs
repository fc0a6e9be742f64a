//! What HTTP servers say, over real connections: `reqwest`, async and blocking, its middleware, and `tower`.

mod blocking;
mod errors;
mod layer;
mod middleware;
mod responses;
mod server;

use std::time::Duration;

use retry_core::http::HttpError;
use retry_core::{Classification, RetryClassify};

/// An error enum as a user of `reqwest` writes it.
#[derive(Debug, thiserror::Error, RetryClassify)]
pub enum ApiError {
    #[error(transparent)]
    #[retry(forward)]
    Answered(#[from] HttpError),
    #[error(transparent)]
    #[retry(forward)]
    Failed(#[from] reqwest::Error),
}

pub fn seconds(seconds: u64) -> Classification {
    Classification::After(Duration::from_secs(seconds))
}

/// A client as the docs say: with a timeout; and with nothing left of the connection before.
pub fn client() -> reqwest::Client {
    let client = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0);
    client.timeout(Duration::from_secs(30)).build().unwrap()
}

/// Whether each wait is as long as it was told, and at most a tenth longer.
pub fn assert_told(delays: &[Duration], told: &[u64]) {
    assert_eq!(delays.len(), told.len(), "{delays:?}");
    for (delay, told) in delays.iter().zip(told) {
        let told = Duration::from_secs(*told);
        assert!(*delay >= told && *delay <= told.mul_f64(1.1), "{delays:?}");
    }
}
