use retry_core::retry;

#[retry(when(|_| true) = 3, clone(boddy))]
fn near(body: Vec<u8>) -> Result<usize, String> {
    Ok(body.len())
}

#[retry(when(|_| true) = 3, clone(body))]
fn unknown() -> Result<usize, String> {
    Ok(1)
}

#[retry(when(|_| true) = 3, clone(text))]
fn reference(text: &str) -> Result<usize, String> {
    Ok(text.len())
}

#[retry(when(|_| true) = 3, clone(text, text))]
fn twice(text: String) -> Result<usize, String> {
    Ok(text.len())
}

struct Client;

impl Client {
    #[retry(when(|_| true) = 3, clone(self))]
    fn receiver(self) -> Result<usize, String> {
        Ok(1)
    }
}

#[retry(when(|_| true) = 3, clone())]
fn empty(text: String) -> Result<usize, String> {
    Ok(text.len())
}

#[retry(when(|_| true) = 3, clone(5))]
fn number(text: String) -> Result<usize, String> {
    Ok(text.len())
}

#[retry(when(|_| true) = 3, clone = text)]
fn equals(text: String) -> Result<usize, String> {
    Ok(text.len())
}

#[retry(when(|_| true) = 3, clone(&text))]
fn ampersand(text: String) -> Result<usize, String> {
    Ok(text.len())
}

fn main() {
    let _ = (near(Vec::new()), unknown(), reference(""), twice(String::new()), Client.receiver());
    let _ = (empty(String::new()), number(String::new()), equals(String::new()));
    let _ = ampersand(String::new());
}
