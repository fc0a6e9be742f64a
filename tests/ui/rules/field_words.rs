use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(TooManyRequests = field)]
fn no_parentheses() -> Result<(), ApiError> {
    Ok(())
}

#[retry(TooManyRequests = field())]
fn empty() -> Result<(), ApiError> {
    Ok(())
}

#[retry(TooManyRequests = field("retry_interval"))]
fn quoted() -> Result<(), ApiError> {
    Ok(())
}

#[retry(TooManyRequests = field(retry_interval or = 60))]
fn no_comma() -> Result<(), ApiError> {
    Ok(())
}

#[retry(TooManyRequests = field(retry_interval, ot = 60))]
fn unknown() -> Result<(), ApiError> {
    Ok(())
}

#[retry(TooManyRequests = field(retry_interval, or))]
fn no_value() -> Result<(), ApiError> {
    Ok(())
}

#[retry(TooManyRequests = field(retry_interval, or = 60, max = 10m, or = 30))]
fn twice() -> Result<(), ApiError> {
    Ok(())
}

#[retry(TooManyRequests = field(retry_interval, or = 10m, max = 60))]
fn longer_than_max() -> Result<(), ApiError> {
    Ok(())
}

#[retry(TooManyRequests = field(retry_interval, or = "60"))]
fn text() -> Result<(), ApiError> {
    Ok(())
}

#[retry(TooManyRequests = field(retry_interval.))]
fn half() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (no_parentheses(), empty(), quoted(), no_comma(), unknown());
    let _ = (no_value(), twice(), longer_than_max(), text(), half());
}
