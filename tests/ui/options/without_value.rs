use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(backoff)]
fn backoff() -> Result<(), ApiError> {
    Ok(())
}

#[retry(attempts =)]
fn attempts() -> Result<(), ApiError> {
    Ok(())
}

#[retry(jitter, attempts = 3)]
fn jitter() -> Result<(), ApiError> {
    Ok(())
}

#[retry(deadline = , attempts = 3)]
fn deadline() -> Result<(), ApiError> {
    Ok(())
}

#[retry(timeout)]
async fn timeout() -> Result<(), ApiError> {
    Ok(())
}

#[retry(until)]
fn until() -> Result<(), ApiError> {
    Ok(())
}

#[retry(attempt)]
fn attempt() -> Result<(), ApiError> {
    Ok(())
}

#[retry(on_retry)]
fn on_retry() -> Result<(), ApiError> {
    Ok(())
}

#[retry(on_give_up = )]
fn on_give_up() -> Result<(), ApiError> {
    Ok(())
}

#[retry(on_success(log))]
fn on_success() -> Result<(), ApiError> {
    Ok(())
}

#[retry(clone)]
fn clone(a: String) -> Result<String, ApiError> {
    Ok(a)
}

#[retry(policy: retry_core::Policy::new())]
fn policy() -> Result<(), ApiError> {
    Ok(())
}

#[retry(sleep std::thread::sleep)]
fn sleep() -> Result<(), ApiError> {
    Ok(())
}

#[retry(error)]
fn error() -> Result<(), ApiError> {
    Ok(())
}

#[retry(crate)]
fn krate() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (backoff(), attempts(), jitter(), deadline(), timeout(), until(), attempt());
    let _ = (on_retry(), on_give_up(), on_success(), clone(String::new()), policy(), sleep());
    let _ = (error(), krate());
}
