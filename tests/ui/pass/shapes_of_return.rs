#![deny(warnings)]

use retry_core::retry;
use std::io;
use std::pin::Pin;

type Alias<T> = Result<T, io::Error>;

fn is_soft(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::TimedOut
}

#[retry(when(is_soft) = 3)]
fn io_result() -> io::Result<u8> {
    Ok(1)
}

#[retry(when(is_soft) = 3)]
async fn alias() -> Alias<u8> {
    Ok(1)
}

#[retry(when(is_soft) = 3)]
fn iterator() -> Result<impl Iterator<Item = u8>, io::Error> {
    Ok([1, 2].into_iter())
}

#[retry(when(is_soft) = 3)]
fn coerced(first: bool) -> Result<Box<dyn std::fmt::Debug>, io::Error> {
    if first {
        return Ok(Box::new(1));
    }
    Ok(Box::new("two"))
}

#[retry(when(is_soft) = 3)]
fn future() -> impl Future<Output = io::Result<u8>> + Send {
    async { Ok(1) }
}

#[retry(when(is_soft) = 3)]
fn boxed(of: &u8) -> Pin<Box<dyn Future<Output = Result<u8, io::Error>> + Send + '_>> {
    Box::pin(async move { Ok(*of) })
}

#[retry(until = |value| *value > 1)]
fn option() -> Option<u8> {
    Some(2)
}

fn main() {
    let _ = (io_result(), iterator().map(Iterator::count), coerced(true), option());
    drop((alias(), future(), boxed(&1)));
}
