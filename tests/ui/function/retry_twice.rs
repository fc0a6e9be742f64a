use retry_core::retry;

enum Error {
    Busy,
    Slow,
}

#[retry(Busy = 1)]
#[retry(Slow = 2)]
fn twice() -> Result<(), Error> {
    Ok(())
}

fn main() {
    let _ = twice();
}
