use retry_core::retry_policy;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

fn main() {
    let _ = retry_policy!(ApiError: Timeout = 3, on_retry = async |_| {});
    let _ = retry_policy!(ApiError: Timeout = 3, on_give_up = |_| 5);
}
