use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(attempts = 0)]
fn zero() -> Result<(), ApiError> {
    Ok(())
}

#[retry(attempts = -1)]
fn negative() -> Result<(), ApiError> {
    Ok(())
}

#[retry(attempts = 2.5)]
fn float() -> Result<(), ApiError> {
    Ok(())
}

#[retry(attempts = "3")]
fn text() -> Result<(), ApiError> {
    Ok(())
}

#[retry(attempts = true)]
fn boolean() -> Result<(), ApiError> {
    Ok(())
}

#[retry(attempts = 'c')]
fn character() -> Result<(), ApiError> {
    Ok(())
}

#[retry(attempts = 5s)]
fn duration() -> Result<(), ApiError> {
    Ok(())
}

#[retry(attempts = 5000000000)]
fn too_many() -> Result<(), ApiError> {
    Ok(())
}

#[retry(attempts = unlimitd)]
fn misspelt() -> Result<(), ApiError> {
    Ok(())
}

#[retry(attempts = 3, backoff = exp(max = 4))]
fn also_max() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(max = 0))]
fn max_of_zero() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (zero(), negative(), float(), text(), boolean(), character(), duration(), too_many());
    let _ = (misspelt(), also_max(), max_of_zero());
}
