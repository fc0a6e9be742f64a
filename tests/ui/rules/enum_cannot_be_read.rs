use retry_core::retry;

use std::io;

#[retry(Busy = 2)]
fn alias() -> io::Result<()> {
    Ok(())
}

#[retry(Busy = 2, Full = 3)]
fn parameter<E>() -> Result<(), E> {
    Ok(())
}

trait Service {
    type Error;
    fn call(&self) -> Result<(), Self::Error>;
}

struct Client;

#[derive(Debug, retry_core::RetryClassify)]
enum ApiError {
    Timeout,
    TooManyRequests { retry_interval: u64 },
    Conflict(u64, String),
}

impl Service for Client {
    type Error = ApiError;

    #[retry(Timeout = 2)]
    fn call(&self) -> Result<(), Self::Error> {
        Ok(())
    }
}

#[retry(Timeout = 2)]
fn qualified() -> Result<(), <Client as Service>::Error> {
    Ok(())
}

#[retry(Timeout = 2)]
fn dynamic() -> Result<(), Box<dyn std::error::Error>> {
    Ok(())
}

#[retry(Timeout = 2)]
fn tuple() -> Result<(), (u8, ApiError)> {
    Ok(())
}

fn main() {
    let _ = (alias(), parameter::<u8>(), Client.call(), qualified(), dynamic(), tuple());
}
