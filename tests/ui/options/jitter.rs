use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(jitter = ful)]
fn misspelt() -> Result<(), ApiError> {
    Ok(())
}

#[retry(jitter = Full)]
fn large() -> Result<(), ApiError> {
    Ok(())
}

#[retry(jitter = "full")]
fn text() -> Result<(), ApiError> {
    Ok(())
}

#[retry(jitter = true)]
fn boolean() -> Result<(), ApiError> {
    Ok(())
}

#[retry(jitter = 'f')]
fn character() -> Result<(), ApiError> {
    Ok(())
}

#[retry(jitter = -0.5)]
fn negative() -> Result<(), ApiError> {
    Ok(())
}

#[retry(jitter = 5s)]
fn duration() -> Result<(), ApiError> {
    Ok(())
}

#[retry(jitter = 25%)]
fn percent() -> Result<(), ApiError> {
    Ok(())
}

#[retry(jitter = 1e999)]
fn infinite() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(jitter = full), jitter = none)]
fn twice() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (misspelt(), large(), text(), boolean(), character(), negative(), duration());
    let _ = (percent(), infinite(), twice());
}
