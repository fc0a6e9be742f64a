use retry_core::RetryClassify;

#[derive(RetryClassify)]
enum ApiError {
    #[retry(transient, permanent)]
    One,
    #[retry(after = 3)]
    #[retry(transient)]
    Two,
    #[retry(transient, transient)]
    Same,
    #[retry(when = true, when = false)]
    When,
    #[retry(permanent, when = true)]
    WhenOnPermanent,
    #[retry(transient)]
    Field(#[retry(forward)] Inner),
}

#[derive(RetryClassify)]
enum Inner {}

fn main() {
    let _ = ApiError::One.classify();
}
