use retry_core::{retry_policy, retry_with};

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

fn blocking() {
    let delays = retry_policy!(ApiError: Timeout = 120, timeout = 5s => ApiError::Timeout);
    let _ = retry_with!(delays, |_| Err::<(), _>(ApiError::Timeout));
}

async fn asynchronous() {
    let delays = retry_policy!(ApiError: Timeout = 120, sleep = std::thread::sleep);
    let _ = retry_with!(delays, async |_| Err::<(), _>(ApiError::Timeout));
}

fn main() {}
