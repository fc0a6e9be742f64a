use retry_core::RetryClassify;

const DELAY: &str = "5s";

#[derive(RetryClassify)]
enum ApiError {
    #[retry(after = DELAY)]
    Constant,
    #[retry(after = self.delay())]
    Method,
    #[retry(after = self.dely())]
    Unknown,
}

impl ApiError {
    fn delay(&self) -> Option<u64> {
        None
    }
}

fn main() {}
