use retry_core::retry;

#[derive(Debug)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(Timeout = 3)]
fn early(given: bool) -> Result<u32, ApiError> {
    if given {
        return Ok("early");
    }
    Ok(1)
}

#[retry(Timeout = 3)]
async fn early_async(given: bool) -> Result<u32, ApiError> {
    if given {
        return "early";
    }
    Ok(1)
}

#[retry(Timeout = 3)]
fn tail() -> Result<u32, ApiError> {
    Ok(true)
}

#[retry(Timeout = 3)]
async fn tail_async() -> Result<u32, ApiError> {
    Ok(true)
}

#[retry(Timeout = 3)]
fn bare_tail() -> Result<u32, ApiError> {
    1
}

fn main() {}
