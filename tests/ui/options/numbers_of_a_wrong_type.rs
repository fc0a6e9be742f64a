use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

const TEXT: &str = "2";

#[retry(backoff = exp(factor = TEXT))]
fn factor() -> Result<(), ApiError> {
    Ok(())
}

#[retry(jitter = TEXT)]
fn jitter() -> Result<(), ApiError> {
    Ok(())
}

#[retry(deadline = TEXT)]
fn deadline() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(base = TEXT))]
fn base() -> Result<(), ApiError> {
    Ok(())
}

#[retry(jitter = FRACTION)]
fn unknown() -> Result<(), ApiError> {
    Ok(())
}

fn main() {}
