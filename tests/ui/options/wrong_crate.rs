use retry_core::retry;

#[retry(crate = ::somewhere_else, attempts = 3)]
fn unknown() -> Result<(), std::convert::Infallible> {
    Ok(())
}

fn main() {}
