use retry_core::{Event, retry};

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(Timeout = 3, on_retry = 5)]
fn number() -> Result<(), ApiError> {
    Ok(())
}

fn of_text(_: Event<'_, String>) {}

#[retry(Timeout = 3, on_give_up = of_text)]
fn other_error() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = 3, on_success = |first, second| {})]
async fn two_arguments() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = 3, on_retry = |event| event.atempt())]
async fn method() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = 3, on_retry = lg)]
fn unknown() -> Result<(), ApiError> {
    Ok(())
}

fn main() {}
