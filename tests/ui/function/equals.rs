use retry_core::retry;

#[retry = 3]
fn equals() -> Result<u8, String> {
    Ok(1)
}

fn main() {
    let _ = equals();
}
