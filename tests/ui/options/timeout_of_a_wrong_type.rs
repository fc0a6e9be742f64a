use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(timeout = 5s => "too slow")]
async fn text() -> Result<(), ApiError> {
    Ok(())
}

#[retry(timeout = 5s => ApiError::Timout)]
async fn unknown() -> Result<(), ApiError> {
    Ok(())
}

#[retry(timeout = "5s".len() == 2 => ApiError::Timeout)]
async fn limit() -> Result<(), ApiError> {
    Ok(())
}

fn main() {}
