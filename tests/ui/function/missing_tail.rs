use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(Timeout = 3)]
fn sync() -> Result<u32, ApiError> {
    let one = 1;
}

#[retry(Timeout = 3)]
async fn asynchronous() -> Result<u32, ApiError> {
    Ok(1);
}

#[retry(Timeout = 3)]
async fn empty() -> Result<u32, ApiError> {}

fn main() {}
