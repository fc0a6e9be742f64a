use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(until = 5)]
fn number() -> Result<u32, ApiError> {
    Ok(1)
}

#[retry(until = |value| value.is_redy())]
fn method() -> Result<Option<u32>, ApiError> {
    Ok(None)
}

#[retry(until = |value: &String| value.is_empty())]
async fn argument() -> Result<u32, ApiError> {
    Ok(1)
}

#[retry(until = |value| *value)]
fn returns() -> Option<u32> {
    None
}

fn main() {}
