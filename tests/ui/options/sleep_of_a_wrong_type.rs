use retry_core::retry;

use std::time::Duration;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

fn told(_: Duration) -> bool {
    true
}

#[retry(sleep = told)]
fn returns() -> Result<(), ApiError> {
    Ok(())
}

#[retry(sleep = std::thread::sleep)]
async fn blocks() -> Result<(), ApiError> {
    Ok(())
}

async fn asynchronous(_: Duration) {}

#[retry(sleep = asynchronous)]
fn awaits() -> Result<(), ApiError> {
    Ok(())
}

async fn told_later(_: Duration) -> u32 {
    1
}

#[retry(sleep = told_later)]
async fn returns_later() -> Result<(), ApiError> {
    Ok(())
}

fn seconds(_: u64) {}

#[retry(sleep = seconds)]
fn argument() -> Result<(), ApiError> {
    Ok(())
}

#[retry(sleep = 5)]
fn number() -> Result<(), ApiError> {
    Ok(())
}

fn main() {}
