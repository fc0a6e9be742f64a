use retry_core::retry;

fn send(body: Vec<u8>, headers: String) -> Result<usize, String> {
    Ok(body.len() + headers.len())
}

#[retry(when(|_| true) = 3)]
fn sync(body: Vec<u8>, headers: String) -> Result<usize, String> {
    send(body, headers.clone())
}

#[retry(when(|_| true) = 3, clone(headers))]
async fn asynchronous(body: Vec<u8>, headers: String) -> Result<usize, String> {
    send(body, headers)
}

struct Client(String);

impl Client {
    #[retry(when(|_| true) = 3)]
    fn receiver(self) -> Result<usize, String> {
        send(Vec::new(), self.0)
    }
}

fn main() {}
