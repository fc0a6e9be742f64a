use retry_core::{retry_policy, retry_with};

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

fn sync() -> Result<u32, ApiError> {
    let delays = retry_policy!(ApiError: Timeout = 120);
    retry_with!(delays, |_| "text")
}

async fn asynchronous() -> Result<u32, ApiError> {
    let delays = retry_policy!(ApiError: Timeout = 120);
    retry_with!(delays, async |attempt| {
        if attempt.number() == 1 {
            return true;
        }
        Ok(1)
    })
}

fn other_error() {
    let delays = retry_policy!(ApiError: Timeout = 120);
    let _ = retry_with!(delays, |_| text());
}

fn text() -> Result<u32, String> {
    Ok(1)
}

fn awaits() {
    let delays = retry_policy!(ApiError: Timeout = 120);
    let _ = retry_with!(delays, |_| Ok(std::future::ready(1).await));
}

fn main() {}
