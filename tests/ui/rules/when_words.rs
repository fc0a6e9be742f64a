use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(when = 30)]
fn no_predicate() -> Result<(), ApiError> {
    Ok(())
}

#[retry(when() = 30)]
fn empty() -> Result<(), ApiError> {
    Ok(())
}

#[retry(when(is_soft, is_hard) = 30)]
fn two() -> Result<(), ApiError> {
    Ok(())
}

#[retry(when(is_soft))]
fn no_delay() -> Result<(), ApiError> {
    Ok(())
}

#[retry(when is_soft = 3)]
fn no_parentheses() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (no_predicate(), empty(), two(), no_delay(), no_parentheses());
}
