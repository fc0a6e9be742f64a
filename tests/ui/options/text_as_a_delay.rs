use retry_core::retry;

enum ApiError {
    Timeout,
}

#[retry(Timeout = "5s")]
fn with_a_unit() -> Result<(), ApiError> {
    Err(ApiError::Timeout)
}

// What is in it is no Rust, of which the compiler says nothing.
#[retry(Timeout = "'a")]
fn an_open_quote() -> Result<(), ApiError> {
    Err(ApiError::Timeout)
}

#[retry(Timeout = "/*")]
fn an_open_comment() -> Result<(), ApiError> {
    Err(ApiError::Timeout)
}

fn main() {
    let _ = (with_a_unit(), an_open_quote(), an_open_comment());
}
