use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

mod other {
    pub enum Error {
        Busy,
    }
}

#[retry(other::Error::Busy = 2)]
fn of_another_type() -> Result<(), ApiError> {
    Ok(())
}

#[retry(error = other::Error, Busy = 2)]
fn said_once() -> Result<(), ApiError> {
    Ok(())
}

#[retry(error = other::Eror, Busy = 2)]
fn unknown() -> Result<(), ApiError> {
    Ok(())
}

fn main() {}
