use retry_core::{retry_policy, retry_with};

#[derive(Debug)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

fn main() {
    let delays = retry_policy!(ApiError: attempts = 5);
    let _ = retry_with!(delays, |_| Err::<(), _>(ApiError::Timeout));
}
