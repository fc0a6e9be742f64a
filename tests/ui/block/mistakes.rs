use retry_core::retry_policy;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

fn main() {
    let delays = retry_policy!(ApiError: Timeout = "120", backof = exp(max = 5));
    let _ = delays.run_blocking(|_| Err::<(), _>(ApiError::Timeout));
    let delays = retry_policy!(ApiError: Timeout = 3, jitter = ful, reschedule);
    let _ = delays.run_blocking(|_| Err::<(), _>(ApiError::Timeout));
    let delays = retry_policy!(ApiError, Timeout = 120);
    let _ = delays.run_blocking(|_| Err::<(), _>(ApiError::Timeout));
    let delays = retry_policy!(ApiError: Timeout);
    let _ = delays.run_blocking(|_| Err::<(), _>(ApiError::Timeout));
    let delays = retry_policy!(ApiError);
    let _ = delays.run_blocking(|_| Err::<(), _>(ApiError::Timeout));
    let delays = retry_policy!("ApiError": Timeout = 3);
    let _ = delays.run_blocking(|_| Err::<(), _>(ApiError::Timeout));
}
