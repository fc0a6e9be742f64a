use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(Timeout = "5s", Conflict, backof = exp(max = 5), jitter = ful)]
fn sync() -> Result<(), ApiError> {
    Ok(())
}

#[retry(attempts = 0, deadline = -5, backoff = exp(mx = 3, factor = 0.5))]
async fn asynchronous(name: &str) -> Result<String, ApiError> {
    Ok(name.to_owned())
}

fn main() {
    let _ = sync();
    let _ = asynchronous("a");
}
