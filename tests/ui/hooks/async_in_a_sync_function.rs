use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(Timeout = 3, on_retry = async |_| {})]
fn closure() -> Result<(), ApiError> {
    Ok(())
}

async fn log<T>(_: T) {}

#[retry(Timeout = 3, on_give_up = log)]
fn function() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = 3, on_success = |_| async {})]
fn block() -> Result<(), ApiError> {
    Ok(())
}

fn main() {}
