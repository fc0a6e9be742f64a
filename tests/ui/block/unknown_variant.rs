use retry_core::retry_policy;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

fn main() {
    let delays = retry_policy!(ApiError: Timout = 120);
    let _ = delays.run_blocking(|_| Err::<(), _>(ApiError::Timeout));
    let delays = retry_policy!(ApiEror: Timeout = 120);
    let _ = delays.run_blocking(|_| Err::<(), _>(ApiError::Timeout));
    let delays = retry_policy!(ApiError: TooManyRequests = field(retry_intervl));
    let _ = delays.run_blocking(|_| Err::<(), _>(ApiError::Timeout));
}
