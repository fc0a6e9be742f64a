use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(backoff = exponential(max = 5))]
fn long() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = liner)]
fn near() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = constant)]
fn other_name() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = quadratic(max = 5))]
fn far() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = "exp")]
fn text() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = 2)]
fn number() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp { max = 5 })]
fn braces() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = Policy::exponential())]
fn policy() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (long(), near(), other_name(), far(), text(), number(), braces(), policy());
}
