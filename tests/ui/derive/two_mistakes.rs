use retry_core::RetryClassify;

#[derive(RetryClassify)]
#[retry(defalt = transient)]
enum ApiError {
    #[retry(transiant, after = "5s")]
    One,
    #[retry(forward)]
    Two,
}

fn main() {
    let _ = ApiError::One.classify();
}
