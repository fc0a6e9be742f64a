use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(Timeout = 120, Conflict = 1, Timeout = 60)]
fn two_rules() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout | Timeout = 120)]
fn one_rule() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = never, ApiError::Timeout = 60)]
fn by_its_path() -> Result<(), ApiError> {
    Ok(())
}

#[retry(_ = 1, Timeout = 2, _ = never)]
fn rest() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (two_rules(), one_rule(), by_its_path(), rest());
}
