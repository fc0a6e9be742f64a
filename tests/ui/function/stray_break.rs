use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(Timeout = 3)]
fn sync() -> Result<usize, ApiError> {
    break;
}

#[retry(Timeout = 3)]
async fn asynchronous() -> Result<usize, ApiError> {
    continue;
}

fn main() {}
