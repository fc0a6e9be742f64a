use retry_core::retry_policy;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

fn number() -> Result<u32, ApiError> {
    Ok(1)
}

fn main() {
    let delays = retry_policy!(ApiError: Timeout = 3, until = 5);
    let _ = delays.run_blocking(|_| Ok(5));
    let delays = retry_policy!(ApiError: Timeout = 3, until = |value: &String| value.is_empty());
    let _ = delays.run_blocking(|_| number());
}
