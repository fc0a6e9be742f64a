use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(Timeout = nevr)]
fn misspelt() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = DELAY)]
fn constant() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = self.delay)]
fn no_self() -> Result<(), ApiError> {
    Ok(())
}

fn main() {}
