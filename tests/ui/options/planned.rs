use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(budget = BUDGET)]
fn budget() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = 3, reschedule)]
fn reschedule() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (budget(), reschedule());
}
