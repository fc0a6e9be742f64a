use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(backoff = exp(base = 10s, cap = 5s))]
fn cap_below_base() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(cap = 0))]
fn cap_of_zero() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(base = 1, cap = 0))]
fn cap_of_zero_below_base() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(factor = 0.5))]
fn shrinking() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(factor = -2))]
fn negative() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(factor = "2"))]
fn text() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(factor = true))]
fn boolean() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(factor = 2s))]
fn unit() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(factor = b"2"))]
fn bytes() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(base = "1s", cap = -3))]
fn base_and_cap() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = linear(step = 5sec))]
fn step() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(factor = 1e999))]
fn infinite() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (cap_below_base(), cap_of_zero(), cap_of_zero_below_base(), shrinking(), negative());
    let _ = (text(), boolean(), unit(), bytes(), base_and_cap(), step(), infinite());
}
