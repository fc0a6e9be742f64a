use retry_core::retry;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

fn spawn<F: Future + Send>(_: F) {}

#[retry(Timeout = 3)]
async fn asynchronous() -> Result<(), ApiError> {
    let local = std::rc::Rc::new(1);
    std::future::ready(()).await;
    let _ = local;
    Ok(())
}

fn main() {
    spawn(asynchronous());
}
