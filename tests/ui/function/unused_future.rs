#![deny(unused_must_use, unused_variables, dead_code)]

use retry_core::retry;

#[allow(dead_code)]
#[derive(Debug)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(Timeout = 3)]
async fn asynchronous(unused: u8) -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = 3)]
fn uncalled() -> Result<(), ApiError> {
    Err(ApiError::Timeout)
}

fn main() {
    asynchronous(1);
}
