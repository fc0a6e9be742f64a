use retry_core::RetryClassify;

#[derive(RetryClassify)]
enum ApiError {
    #[retry(after)]
    After,
    #[retry(after =)]
    Nothing,
    #[retry(after = "5s")]
    Text,
    #[retry(after = -5)]
    Negative,
    #[retry(after = 5min)]
    Unit,
    #[retry(after = never)]
    Never,
    #[retry(after = true)]
    Bool,
    #[retry(when)]
    When,
    #[retry(transient = 5)]
    Transient,
    #[retry(permanent(5))]
    Permanent,
    #[retry(after 5)]
    NoEquals,
    #[retry(after(5))]
    Parentheses,
    #[retry(5)]
    Number,
    #[retry("transient")]
    Quoted,
    #[retry(after = 5 when = true)]
    NoComma,
}

fn main() {
    let _ = ApiError::After.classify();
}
