use retry_core::{retry_policy, retry_with};

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

fn main() {
    let delays = retry_policy!(ApiError: Timeout = 120);
    let _: Result<(), ApiError> = retry_with!();
    let _: Result<(), ApiError> = retry_with!(delays);
    let _: Result<(), ApiError> = retry_with!(delays,);
    let _: Result<(), ApiError> = retry_with!(|_| Ok(()));
    let _: Result<(), ApiError> = retry_with!(delays, Ok(()));
    let _: Result<(), ApiError> = retry_with!(delays, { Ok(()) });
    let _: Result<(), ApiError> = retry_with!(delays |_| Ok(()));
    let _: Result<(), ApiError> = retry_with!(delays, |_| Ok(()), 5);
    let _: Result<(), ApiError> = retry_with!(delays, async { Ok(()) });
}
