use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(Timeout)]
fn name() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout =)]
fn equals() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = , Conflict = 3)]
fn comma() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout 120)]
fn number() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout(120))]
fn parentheses() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout: 120)]
fn colon() -> Result<(), ApiError> {
    Ok(())
}

#[retry(_)]
fn rest() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout | = 5)]
fn or_nothing() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (name(), equals(), comma(), number(), parentheses(), colon(), rest(), or_nothing());
}
