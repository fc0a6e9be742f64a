use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(3)]
fn number() -> Result<(), ApiError> {
    Ok(())
}

#[retry("Timeout = 3")]
fn text() -> Result<(), ApiError> {
    Ok(())
}

#[retry((Timeout = 3))]
fn parentheses() -> Result<(), ApiError> {
    Ok(())
}

#[retry(= 3)]
fn value() -> Result<(), ApiError> {
    Ok(())
}

#[retry(&Timeout = 3)]
fn reference() -> Result<(), ApiError> {
    Ok(())
}

#[retry(, Timeout = 3)]
fn comma() -> Result<(), ApiError> {
    Ok(())
}

#[retry(|error| true)]
fn closure() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (number(), text(), parentheses(), value(), reference(), comma(), closure());
}
