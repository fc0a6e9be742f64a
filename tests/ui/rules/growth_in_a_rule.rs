use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(Timeout = exp(max = 5))]
fn with_keys() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = fixed)]
fn without() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (with_keys(), without());
}
