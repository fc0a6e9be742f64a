use retry_core::retry;

#[retry(when(|_| true) = 3)]
const fn constant() -> Result<u8, String> {
    Ok(1)
}

const ONE: Result<u8, String> = constant();

fn main() {
    let _ = ONE;
}
