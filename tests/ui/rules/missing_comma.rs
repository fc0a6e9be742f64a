use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(Timeout = 120 Conflict = 1)]
fn between_rules() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = 120, attempts = 3 jitter = none)]
fn between_options() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = 120; Conflict = 1)]
fn semicolon() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = 120,, Conflict = 1)]
fn two_commas() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = never Conflict = 1)]
fn behind_never() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (between_rules(), between_options(), semicolon(), two_commas(), behind_never());
}
