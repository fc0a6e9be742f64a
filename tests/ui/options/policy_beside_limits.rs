use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(policy = retry_core::Policy::new(), backoff = exp(max = 5, jitter = full))]
fn backoff() -> Result<(), ApiError> {
    Ok(())
}

#[retry(policy = retry_core::Policy::new(), attempts = 5)]
fn attempts() -> Result<(), ApiError> {
    Ok(())
}

#[retry(jitter = none, policy = retry_core::Policy::new(), deadline = 1h)]
fn jitter_and_deadline() -> Result<(), ApiError> {
    Ok(())
}

#[retry(policy = retry_core::Policy::new(), backoff = exp, attempts = 5)]
fn backoff_and_attempts() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (backoff(), attempts(), jitter_and_deadline(), backoff_and_attempts());
}
