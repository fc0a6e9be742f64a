use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(Conflict = field(1))]
fn text() -> Result<(), ApiError> {
    Err(ApiError::Timeout)
}

enum Other {
    Busy { until: Option<Vec<u8>> },
}

#[retry(Busy = field(until, or = 3))]
async fn optional() -> Result<(), Other> {
    Err(Other::Busy { until: None })
}

struct Inner {
    text: String,
}

enum Deep {
    Busy(Inner),
}

#[retry(Busy = field(0.text))]
fn deep() -> Result<(), Deep> {
    Err(Deep::Busy(Inner { text: String::new() }))
}

fn main() {}
