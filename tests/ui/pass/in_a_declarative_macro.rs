#![deny(warnings)]

use retry_core::{RetryClassify, retry, retry_policy, retry_with};

macro_rules! errors {
    ($name:ident { $($variant:ident = $delay:expr),* }) => {
        #[derive(Debug, RetryClassify)]
        enum $name {
            $(#[retry(after = $delay)] $variant,)*
        }
    };
}

errors!(ApiError { Timeout = 120, Busy = 5 });

macro_rules! retried {
    ($name:ident, $error:ty, $variant:path, $delay:expr, $count:literal, $body:block) => {
        #[retry($variant = $delay, backoff = exp(max = $count, base = $delay))]
        fn $name() -> Result<u32, $error> $body
    };
}

retried!(call, ApiError, ApiError::Timeout, 30, 3, {
    if false {
        return Err(ApiError::Timeout);
    }
    Ok(1)
});

macro_rules! block {
    ($error:ty, $variant:ident, $delay:literal, $value:expr) => {{
        let delays = retry_policy!($error: $variant = $delay);
        retry_with!(delays, |attempt| {
            let _ = attempt.number();
            $value
        })
    }};
}

fn main() {
    let _ = call();
    let _ = block!(ApiError, Busy, 2, Err::<(), _>(ApiError::Busy));
}
