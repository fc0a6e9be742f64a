use retry_core::retry_policy;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

fn main() {
    let delays = retry_policy!(Timeout = 120, backoff = exp(max = 5));
    let _ = delays.run_blocking(|_| Err::<(), _>(ApiError::Timeout));
}
