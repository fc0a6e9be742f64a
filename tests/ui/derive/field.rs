use retry_core::RetryClassify;

#[derive(RetryClassify)]
enum ApiError {
    #[retry(after = field(retry_aftr))]
    Near { retry_after: u64 },
    #[retry(after = field(1))]
    Number(u64),
    #[retry(after = field(0))]
    Unit,
    #[retry(after = field(a, of = 60))]
    Key { a: u64 },
    #[retry(after = field)]
    Word { a: u64 },
}

#[derive(RetryClassify)]
#[retry(after = field(retry_aftr))]
struct Status {
    retry_after: u64,
}

fn main() {
    let _ = ApiError::Unit.classify();
    let _ = Status { retry_after: 1 }.classify();
}
