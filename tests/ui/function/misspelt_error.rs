use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(Timeout = 3)]
fn method(text: &str) -> Result<usize, ApiEror> {
    Ok(text.len())
}

fn main() {
    let _ = method("a");
}
