use retry_core::retry_policy;

#[derive(Debug)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

async fn asynchronous() {
    let delays = retry_policy!(backoff = exp(max = 5));
    let _ = delays.run(async |_| Err::<(), _>(ApiError::Timeout)).await;
}

fn main() {}
