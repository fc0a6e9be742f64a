use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(Timeout = 3)]
fn sync(text: &str) -> Result<u32, ApiError> {
    let number: u32 = text.parse()?;
    Ok(number)
}

#[retry(Timeout = 3)]
async fn asynchronous(text: &str) -> Result<u32, ApiError> {
    let number: u32 = text.parse()?;
    Ok(number)
}

fn main() {}
