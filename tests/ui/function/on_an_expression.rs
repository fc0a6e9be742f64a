use retry_core::retry;

fn main() {
    #[retry(attempts = 3)]
    let closure = || Ok::<u8, String>(1);
    let _ = closure();
}
