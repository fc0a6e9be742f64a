use retry_core::RetryClassify;

#[derive(RetryClassify)]
enum Inner {}

#[derive(RetryClassify)]
enum ApiError {
    #[retry(forward)]
    Unit,
    #[retry(forward)]
    Two(Inner, Inner),
    #[retry(forward(innr))]
    Near { inner: Inner, other: u8 },
    #[retry(forward(1))]
    Number(Inner),
    #[retry(forward())]
    Empty(Inner),
    #[retry(forward = inner)]
    Equals { inner: Inner },
    #[retry(forward(inner, other))]
    Several { inner: Inner, other: Inner },
    Both(#[retry(forward)] Inner, #[retry(forward)] Inner),
}

fn main() {
    let _ = ApiError::Unit.classify();
}
