use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(Timeout = "5s")]
fn quoted() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = "soon")]
fn text() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = true)]
fn boolean() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = '5')]
fn character() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = -5)]
fn negative() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = 5min)]
fn long_unit() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = 5parsecs)]
fn unknown_unit() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = 99999999999999999999999)]
fn too_long() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = 5 s)]
fn unit_apart() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = b"5")]
fn bytes() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (quoted(), text(), boolean(), character(), negative(), long_unit());
    let _ = (unknown_unit(), too_long(), unit_apart(), bytes());
}
