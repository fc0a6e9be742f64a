use retry_core::retry;

struct Info {
    retry_after: u64,
}

enum ApiError {
    Busy(Info),
}

#[retry(Busy = field(0.retry_aftr))]
fn sync() -> Result<(), ApiError> {
    Err(ApiError::Busy(Info { retry_after: 1 }))
}

#[retry(Busy = field(0.retry_aftr, or = 5))]
async fn asynchronous() -> Result<(), ApiError> {
    Ok(())
}

fn main() {}
