use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(error = ApiError, when(is_soft) = 3)]
fn sync() -> Result<(), ApiError> {
    Ok(())
}

fn is_soft(_: &ApiError) -> bool {
    true
}

fn main() {
    let _ = sync();
}
