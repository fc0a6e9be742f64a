use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

const DELAY: &str = "5s";

#[retry(Timeout = DELAY)]
fn constant() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Timeout = String::from("5s"))]
async fn call() -> Result<(), ApiError> {
    Ok(())
}

struct Client {
    delay: Option<u64>,
}

impl Client {
    #[retry(_ = self.delay)]
    fn field(&self) -> Result<(), ApiError> {
        Ok(())
    }
}

#[retry(Timeout = || 5)]
fn closure() -> Result<(), ApiError> {
    Ok(())
}

fn main() {}
