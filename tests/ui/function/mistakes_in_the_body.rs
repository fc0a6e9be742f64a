use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(Timeout = 3, attempt = n)]
fn method(text: &str) -> Result<usize, ApiError> {
    let _ = n.nmber();
    Ok(text.length())
}

#[retry(Timeout = 3)]
async fn argument(text: &str) -> Result<usize, ApiError> {
    method(5)
}

#[retry(Timeout = 3)]
fn awaits() -> Result<usize, ApiError> {
    argument("a").await
}

fn main() {}
