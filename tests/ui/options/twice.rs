use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

fn log<T>(_: T) {}

#[retry(backoff = exp, backoff = fixed)]
fn backoff() -> Result<(), ApiError> {
    Ok(())
}

#[retry(attempts = 3, attempts = 4)]
fn attempts() -> Result<(), ApiError> {
    Ok(())
}

#[retry(jitter = none, jitter = full)]
fn jitter() -> Result<(), ApiError> {
    Ok(())
}

#[retry(deadline = 1m, deadline = 2m)]
fn deadline() -> Result<(), ApiError> {
    Ok(())
}

#[retry(timeout = 5s => ApiError::Timeout, timeout = 6s => ApiError::Timeout)]
async fn timeout() -> Result<(), ApiError> {
    Ok(())
}

#[retry(until = |_| true, until = |_| false)]
fn until() -> Result<(), ApiError> {
    Ok(())
}

#[retry(attempt = n, attempt = m)]
fn attempt() -> Result<(), ApiError> {
    Ok(())
}

#[retry(on_retry = log, on_retry = log)]
fn on_retry() -> Result<(), ApiError> {
    Ok(())
}

#[retry(on_give_up = log, on_give_up = log)]
fn on_give_up() -> Result<(), ApiError> {
    Ok(())
}

#[retry(on_success = log, on_success = log)]
fn on_success() -> Result<(), ApiError> {
    Ok(())
}

#[retry(clone(a), clone(a))]
fn clone(a: String) -> Result<String, ApiError> {
    Ok(a)
}

#[retry(policy = retry_core::Policy::new(), policy = retry_core::Policy::new())]
fn policy() -> Result<(), ApiError> {
    Ok(())
}

#[retry(sleep = std::thread::sleep, sleep = std::thread::sleep)]
fn sleep() -> Result<(), ApiError> {
    Ok(())
}

#[retry(error = ApiError, Timeout = 3, error = ApiError)]
fn error() -> Result<(), ApiError> {
    Ok(())
}

#[retry(crate = ::retry_core, crate = ::retry_core)]
fn krate() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (backoff(), attempts(), jitter(), deadline(), timeout(), until(), attempt());
    let _ = (on_retry(), on_give_up(), on_success(), clone(String::new()), policy(), sleep());
    let _ = (error(), krate());
}
