use retry_core::RetryClassify;

#[derive(RetryClassify)]
enum ApiError {
    #[retry]
    Bare,
    #[retry()]
    Empty,
    #[retry = "transient"]
    Equals,
}

fn main() {
    let _ = ApiError::Bare.classify();
}
