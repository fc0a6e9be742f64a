use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(deadline = "10m")]
fn text() -> Result<(), ApiError> {
    Ok(())
}

#[retry(deadline = -10)]
fn negative() -> Result<(), ApiError> {
    Ok(())
}

#[retry(deadline = 10x)]
fn unit() -> Result<(), ApiError> {
    Ok(())
}

#[retry(deadline = none)]
fn unknown() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (text(), negative(), unit());
}
