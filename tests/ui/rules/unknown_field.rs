use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(TooManyRequests = field(retry_intervall))]
fn named() -> Result<(), ApiError> {
    Err(ApiError::Timeout)
}

#[retry(Conflict = field(2))]
fn numbered() -> Result<(), ApiError> {
    Err(ApiError::Timeout)
}

#[retry(Timeout = field(0))]
fn unit() -> Result<(), ApiError> {
    Err(ApiError::Timeout)
}

fn main() {
    let _ = (named(), numbered(), unit());
}
