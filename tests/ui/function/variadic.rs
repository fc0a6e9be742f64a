use retry_core::retry;

#[retry(when(|_| true) = 3)]
unsafe extern "C" fn variadic(_: u8, _: ...) -> Result<u8, String> {
    Ok(1)
}

fn main() {}
