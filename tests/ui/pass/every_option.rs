#![deny(warnings)]

use retry_core::{Event, RetryClassify, retry};
use std::time::Duration;

#[derive(Debug, RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests {
        retry_interval: Option<u64>,
    },
    #[retry(transient)]
    Conflict,
    BadRequest(String),
}

const DELAY: Duration = Duration::from_secs(3);

fn log(_: Event<'_, ApiError>) {}

#[retry(
    Timeout = 1.5s,
    TooManyRequests = field(retry_interval, or = 60, max = 10m),
    when(|error| matches!(error, ApiError::BadRequest(text) if text.is_empty())) = DELAY,
    BadRequest = never,
    _ = 2,
    backoff = exp(base = 100ms, factor = 1.5, cap = 10m, max = 5, jitter = equal),
    deadline = 1h,
    timeout = 5s => ApiError::Timeout,
    until = |value| *value > 0,
    attempt = n,
    on_retry = log,
    on_give_up = |event| log(event),
    on_success = async |event| log(event),
    clone(body),
    sleep = tokio::time::sleep,
    error = ApiError,
    crate = ::retry_core,
)]
async fn everything(body: Vec<u8>) -> Result<usize, ApiError> {
    let sent = body;
    if n.number() == 1 {
        return Err(ApiError::TooManyRequests { retry_interval: None });
    }
    if sent.is_empty() {
        return Err(ApiError::Conflict);
    }
    Ok(sent.len())
}

fn main() {
    drop(everything(Vec::new()));
    let _ = ApiError::BadRequest(String::new()).classify();
}
