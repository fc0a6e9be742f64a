use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(backoff = exp(attempts = 5))]
fn attempts() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(deadline = 5m))]
fn deadline() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(facter = 5))]
fn near() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(colour = 5))]
fn far() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(max 5))]
fn no_equals() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(max =))]
fn no_value() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(factor =, max = 5))]
fn no_factor() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(max = 5 cap = 3m))]
fn no_comma() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(5))]
fn no_key() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(base = 1, base = 2))]
fn base_twice() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(cap = 1m, cap = 2m, factor = 2, factor = 3))]
fn cap_and_factor_twice() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = linear(step = 1s, step = 2s, max = 2, max = 3))]
fn step_and_max_twice() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (attempts(), deadline(), near(), far(), no_equals(), no_value(), no_factor());
    let _ = (no_comma(), no_key(), base_twice(), cap_and_factor_twice(), step_and_max_twice());
}
