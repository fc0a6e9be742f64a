use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(attempt = 3)]
fn a_number_for_the_name() -> Result<(), ApiError> {
    Ok(())
}

#[retry(backof = exp)]
fn near() -> Result<(), ApiError> {
    Ok(())
}

#[retry(colour = 3)]
fn far() -> Result<(), ApiError> {
    Ok(())
}

#[retry(retries = 3)]
fn retries() -> Result<(), ApiError> {
    Ok(())
}

#[retry(max = 3)]
fn max() -> Result<(), ApiError> {
    Ok(())
}

#[retry(base = 3)]
fn base() -> Result<(), ApiError> {
    Ok(())
}

#[retry(never)]
fn never() -> Result<(), ApiError> {
    Ok(())
}

#[retry(exp(max = 5))]
fn exp() -> Result<(), ApiError> {
    Ok(())
}

#[retry(transient)]
fn of_the_derive() -> Result<(), ApiError> {
    Ok(())
}

fn main() {
    let _ = (a_number_for_the_name(), near(), far(), retries(), max(), base(), never(), exp());
    let _ = of_the_derive();
}
