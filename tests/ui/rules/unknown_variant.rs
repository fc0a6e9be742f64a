use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(Timout = 120)]
fn sync() -> Result<(), ApiError> {
    Err(ApiError::Timeout)
}

#[retry(Conflict | ToManyRequests = 120)]
async fn asynchronous() -> Result<(), ApiError> {
    Err(ApiError::Timeout)
}

fn main() {
    let _ = sync();
    let _ = asynchronous();
}
