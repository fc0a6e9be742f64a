use retry_core::{retry_policy, retry_with};

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

fn main() {
    let delays = retry_policy!(ApiError: Timeout = 120);
    let _ = retry_with!(delays, |_| {
        let _ = (__policy, __running, __attempt);
        Ok(1)
    });
}
