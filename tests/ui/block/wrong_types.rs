use retry_core::retry_policy;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

fn main() {
    let _ = retry_policy!(ApiError: Timeout = String::new());
    let _ = retry_policy!(ApiError: Conflict = field(1));
    let _ = retry_policy!(ApiError: Timeout = 3, policy = 5);
    let _ = retry_policy!(ApiError: Timeout = 3, on_retry = 5);
    let _ = retry_policy!(ApiError: Timeout = 3, attempts = "x".len() == 1);
    let _ = retry_policy!(ApiError: Timeout = 3, timeout = 5s => "slow");
    let _ = retry_policy!(ApiError: when(|_: &String| true) = 3);
}
