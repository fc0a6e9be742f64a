use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(Timeout = 3)]
fn early(given: bool) -> Result<u32, ApiError> {
    if given {
        return 1;
    }
    Ok(1)
}

#[retry(Timeout = 3)]
async fn early_async(given: bool) -> Result<u32, ApiError> {
    if given {
        return "early";
    }
    Ok(1)
}

#[retry(Timeout = 3)]
fn tail() -> Result<u32, ApiError> {
    true
}

#[retry(Timeout = 3)]
async fn tail_async() -> Result<u32, ApiError> {
    true
}

fn main() {}
