use retry_core::retry_policy;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

fn text() -> Result<u32, String> {
    Ok(1)
}

fn main() {
    let delays = retry_policy!(ApiError: Timeout = 120);
    let _ = delays.run_blocking(|_| text());
    let _ = delays.run_blocking(|_| 5);
    let _ = delays.run_blocking(|_| Ok(text()?));
}
