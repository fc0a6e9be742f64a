use retry_core::retry;

trait Service {
    #[retry(when(|_| true) = 3)]
    fn call(&self) -> Result<u8, String>;

    #[retry]
    async fn later(&self) -> Result<u8, String>;
}

impl Service for u8 {
    fn call(&self) -> Result<u8, String> {
        Ok(*self)
    }

    async fn later(&self) -> Result<u8, String> {
        Ok(*self)
    }
}

fn main() {
    let _ = (1.call(), 1.later());
}
