use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(attempt = 5)]
fn number() -> Result<(), ApiError> {
    Ok(())
}

#[retry(attempt = "n")]
fn text() -> Result<(), ApiError> {
    Ok(())
}

#[retry(attempt = self.attempt)]
fn field() -> Result<(), ApiError> {
    Ok(())
}

#[retry(attempt = self)]
fn keyword() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (number(), text(), field(), keyword());
}
