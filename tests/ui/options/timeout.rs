use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(timeout = 5s)]
async fn no_error() -> Result<(), ApiError> {
    Ok(())
}

#[retry(timeout = 5s =>)]
async fn nothing_behind_the_arrow() -> Result<(), ApiError> {
    Ok(())
}

#[retry(timeout = 5s => ApiError::Timeout)]
fn sync() -> Result<(), ApiError> {
    Ok(())
}

#[retry(timeout = "5s" => ApiError::Timeout)]
async fn text() -> Result<(), ApiError> {
    Ok(())
}

#[retry(timeout = 120)]
fn meant_for_the_variant() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (no_error(), nothing_behind_the_arrow(), sync(), text(), meant_for_the_variant());
}
