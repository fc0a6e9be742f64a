use retry_core::retry;

enum Error {
    Busy,
}

#[retry(Busy = 1, max_retries = 3, delay = 5, on_error = drop)]
fn words() -> Result<(), Error> {
    Ok(())
}

#[retry(Busy = 1, attempts = never, jitter = 25)]
fn values() -> Result<(), Error> {
    Ok(())
}

#[retry(Busy = 10µs, attempt = url)]
fn names(url: &str) -> Result<(), Error> {
    let _ = url;
    Ok(())
}

fn main() {
    let _ = (words(), values(), names(""));
}
