use retry_core::{retry_policy, retry_with};

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

fn main() {
    let delays = retry_policy!(ApiError: Timeout = 120);
    let _: Result<(), ApiError> = retry_with!(delays, move |_| Ok(()));
    let _: Result<(), ApiError> = retry_with!(delays, |_| -> Result<(), ApiError> { Ok(()) });
    let _: Result<(), ApiError> = retry_with!(delays, |first, second| Ok(()));
    let _: Result<(), ApiError> = retry_with!(delays, |attempt: u32| Ok(()));
    let _: Result<(), ApiError> = retry_with!(crate = retry_core, delays, |_| Ok(()));
}
