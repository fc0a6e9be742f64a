use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

macro_rules! retried {
    ($name:ident, $variant:ident, $delay:expr, $error:ty) => {
        #[retry($variant = $delay, backoff = exp(max = 5))]
        fn $name() -> Result<(), $error> {
            Ok(())
        }
    };
}

retried!(unknown_variant, Timout, 120, ApiError);
retried!(text, Timeout, "5s", ApiError);
retried!(wrong_type, Timeout, String::new(), ApiError);

macro_rules! misspelt {
    ($name:ident) => {
        #[retry(Timeout = 3, backof = exp(max = 5))]
        fn $name() -> Result<(), ApiError> {
            Ok(())
        }
    };
}

misspelt!(option);

fn main() {
    let _ = (unknown_variant(), text(), wrong_type(), option());
}
