use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(crate = retry_core)]
fn relative() -> Result<(), ApiError> {
    Ok(())
}

#[retry(crate = "::retry_core")]
fn text() -> Result<(), ApiError> {
    Ok(())
}

#[retry(error = 5, Timeout = 3)]
fn number() -> Result<(), ApiError> {
    Ok(())
}

#[retry(crate = ::retry_core<u8>)]
fn with_arguments() -> Result<(), ApiError> {
    Ok(())
}

#[retry(crate = self::retry_core)]
fn by_self() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (relative(), text(), number(), by_self(), with_arguments());
}
