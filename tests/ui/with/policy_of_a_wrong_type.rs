use retry_core::{Policy, retry_with};

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

fn number() {
    let _: Result<(), ApiError> = retry_with!(5, |_| Ok(()));
}

fn policy() {
    let delays = Policy::new();
    let _: Result<(), ApiError> = retry_with!(delays, |_| Ok(()));
}

async fn unknown() {
    let _: Result<(), ApiError> = retry_with!(delys, async |_| Ok(()));
}

fn main() {}
