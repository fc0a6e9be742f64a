use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(until)]
fn until() -> Option<u8> {
    None
}

#[retry(error = 5, Timeout = 3)]
fn error() -> std::io::Result<()> {
    Ok(())
}

#[retry(error = ApiError, Timeout = "5s")]
fn rule() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backoff = exp(base = 10m, cap = "5s"), jitter = decorelated)]
fn numbers() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = 3, bakoff = linear, jitter = decorrelated)]
fn backoff() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (until(), error(), rule(), numbers(), backoff());
}
