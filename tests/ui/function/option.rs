use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(attempts = 3)]
fn no_until() -> Option<u8> {
    None
}

#[retry(until = |_| true, Timeout = 3, _ = never)]
fn rules() -> Option<u8> {
    None
}

#[retry(until = |_| true, timeout = 5s => ApiError::Timeout)]
async fn timeout() -> Option<u8> {
    None
}

#[retry(until = |_| true, error = ApiError)]
async fn error() -> Option<u8> {
    None
}

fn main() {
    let _ = (no_until(), rules(), timeout(), error());
}
