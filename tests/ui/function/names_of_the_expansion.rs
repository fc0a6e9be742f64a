use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(Timeout = 3, attempt = n, on_retry = |_| {}, deadline = 1h)]
fn sync() -> Result<u32, ApiError> {
    let _ = (__call, __attempt, __last);
    Ok(n.number())
}

#[retry(
    Timeout = { let _ = (__error, __asked, __failed); 3 },
    on_retry = |_| { let _ = (__decided, __wait, __call); },
    policy = __policy,
)]
async fn asynchronous() -> Result<u32, ApiError> {
    let _ = __policy;
    Ok(1)
}

#[retry(TooManyRequests = field(retry_interval, or = __told))]
fn field() -> Result<u32, ApiError> {
    Ok(1)
}

fn main() {}
