use retry_core::retry;

#[retry(when(|_| true) = 3)]
fn sync(list: &mut Vec<u8>) -> Result<&mut u8, String> {
    list.first_mut().ok_or_else(String::new)
}

#[retry(when(|_| true) = 3)]
async fn asynchronous(list: &mut Vec<u8>) -> Result<&mut u8, String> {
    list.first_mut().ok_or_else(String::new)
}

struct Cache(Vec<u8>);

impl Cache {
    #[retry(when(|_| true) = 3)]
    fn method(&mut self) -> Result<&u8, String> {
        self.0.push(1);
        self.0.first().ok_or_else(String::new)
    }
}

fn main() {}
