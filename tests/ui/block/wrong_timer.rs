use retry_core::retry_policy;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

fn blocking() {
    let delays = retry_policy!(ApiError: Timeout = 120, sleep = tokio::time::sleep);
    let _ = delays.run_blocking(|_| Err::<(), _>(ApiError::Timeout));
}

async fn asynchronous() {
    let delays = retry_policy!(ApiError: Timeout = 120, sleep = std::thread::sleep);
    let _ = delays.run(async |_| Err::<(), _>(ApiError::Timeout)).await;
}

fn main() {}
