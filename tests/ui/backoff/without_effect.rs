use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(backoff = exp(step = 1s))]
fn step_on_exp() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = fixed(factor = 2))]
fn factor_on_fixed() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = linear(factor = 2))]
fn factor_on_linear() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = fibonacci(factor = 2, step = 1s))]
fn both_on_fibonacci() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(jitter = decorrelated, factor = 3))]
fn factor_and_decorrelated() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = fixed(max = 3), jitter = decorrelated)]
fn fixed_and_decorrelated() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (step_on_exp(), factor_on_fixed(), factor_on_linear(), both_on_fibonacci());
    let _ = (factor_and_decorrelated(), fixed_and_decorrelated());
}
