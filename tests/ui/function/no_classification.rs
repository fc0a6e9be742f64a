use retry_core::retry;

#[derive(Debug)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

#[retry]
fn no_derive() -> Result<(), ApiError> {
    Ok(())
}

#[retry(attempts = 5)]
async fn text() -> Result<(), String> {
    Ok(())
}

#[retry]
fn alias() -> std::io::Result<()> {
    Ok(())
}

#[retry]
fn parameter<E: std::error::Error>() -> Result<(), E> {
    Ok(())
}

#[retry]
fn boxed() -> Result<(), Box<dyn std::error::Error>> {
    Ok(())
}

fn main() {}
