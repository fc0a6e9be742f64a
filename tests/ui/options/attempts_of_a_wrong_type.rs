use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

const TRIES: &str = "3";

#[retry(attempts = TRIES)]
fn text() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(max = tries))]
async fn float(tries: f64) -> Result<(), ApiError> {
    Ok(())
}

fn main() {}
