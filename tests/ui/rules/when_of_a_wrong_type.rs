use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

fn of_text(_: &String) -> bool {
    true
}

#[retry(when(of_text) = 30)]
fn argument() -> Result<(), ApiError> {
    Ok(())
}

fn by_value(_: ApiError) -> bool {
    true
}

#[retry(when(by_value) = 30)]
async fn value() -> Result<(), ApiError> {
    Ok(())
}

#[retry(when(|_| 1) = 30)]
fn returns() -> Result<(), ApiError> {
    Ok(())
}

#[retry(when(true) = 30)]
fn no_function() -> Result<(), ApiError> {
    Ok(())
}

#[retry(when(|error| error.is_sft()) = 30)]
fn method() -> Result<(), ApiError> {
    Ok(())
}

fn main() {}
