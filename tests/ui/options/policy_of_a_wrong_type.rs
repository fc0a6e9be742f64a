use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry(policy = 5)]
fn number() -> Result<(), ApiError> {
    Ok(())
}

struct Client {
    policy: Option<retry_core::Policy>,
    name: String,
}

impl Client {
    #[retry(policy = self.policy)]
    fn optional(&self) -> Result<(), ApiError> {
        Ok(())
    }

    #[retry(policy = &self.name)]
    async fn text(&self) -> Result<(), ApiError> {
        Ok(())
    }

    #[retry(policy = self.polcy)]
    async fn unknown(&self) -> Result<(), ApiError> {
        Ok(())
    }
}

fn main() {}
