use retry_core::retry;

struct Body;

fn consume<T>(_: T) -> Result<(), String> {
    Ok(())
}

#[retry(when(|_| true) = 3, clone(body))]
fn sync(body: Body) -> Result<(), String> {
    consume(body)
}

#[retry(when(|_| true) = 3, clone(body))]
async fn asynchronous<B>(body: B) -> Result<(), String> {
    consume(body)
}

#[retry(when(|_| true) = 3, clone(body))]
fn unnamed(body: impl Send) -> Result<(), String> {
    consume(body)
}

fn main() {}
