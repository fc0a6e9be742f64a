use retry_core::RetryClassify;

#[derive(RetryClassify)]
enum ApiError {
    #[retry]
    Bare,
    #[retry()]
    Empty,
    #[retry = "transient"]
    Equals,
    #[retry[transient]]
    Brackets,
}

fn main() {
    let _ = ApiError::Bare.classify();
}
