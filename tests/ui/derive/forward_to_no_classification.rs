use retry_core::RetryClassify;

struct Inner;

#[derive(RetryClassify)]
enum ApiError {
    #[retry(forward)]
    Http(Inner),
    #[retry(forward)]
    Io {
        source: std::io::Error,
        path: String,
    },
    #[retry(forward)]
    Boxed(Box<Inner>),
}

#[derive(RetryClassify)]
struct Wrapper(#[retry(forward)] Inner);

#[derive(RetryClassify)]
enum Generic<T> {
    #[retry(forward)]
    Inner(T),
}

fn classified(error: Generic<Inner>) {
    let _ = error.classify();
}

fn main() {}
