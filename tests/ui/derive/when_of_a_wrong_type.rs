use retry_core::RetryClassify;

#[derive(RetryClassify)]
enum ApiError {
    #[retry(when = 5)]
    Number,
    #[retry(when = |error| true)]
    Closure,
    #[retry(when = self.is_sft())]
    Method,
}

impl ApiError {
    fn is_soft(&self) -> bool {
        true
    }
}

fn main() {}
