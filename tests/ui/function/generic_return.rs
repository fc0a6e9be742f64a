use retry_core::retry;

#[retry(attempts = 3)]
fn parameter<T: Default>() -> T {
    T::default()
}

trait Service {
    type Response;
    fn call(&self) -> Self::Response;
}

impl Service for u8 {
    type Response = Result<u8, String>;

    #[retry(when(|_| true) = 3)]
    fn call(&self) -> Self::Response {
        Ok(*self)
    }
}

impl Service for u16 {
    type Response = u16;

    #[retry(attempts = 3)]
    fn call(&self) -> Self::Response {
        *self
    }
}

fn main() {}
