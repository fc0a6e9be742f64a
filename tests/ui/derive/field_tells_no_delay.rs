use retry_core::RetryClassify;

#[derive(RetryClassify)]
enum ApiError {
    #[retry(after = field(text))]
    Text { text: String },
    #[retry(after = field(0, or = 5))]
    Number(Option<bool>),
    #[retry(after = field(0.text))]
    Deep(Inner),
    #[retry(after = field(0.txt))]
    Unknown(Inner),
}

struct Inner {
    text: String,
}

#[derive(RetryClassify)]
enum Generic<T> {
    #[retry(after = field(0))]
    Busy(T),
}

fn classified(error: Generic<String>) {
    let _ = error.classify();
}

fn main() {}
