use retry_core::retry;

#[retry(attempts = 3)]
fn nothing() {}

#[retry(attempts = 3)]
async fn unit() -> () {}

#[retry(attempts = 3)]
fn boolean() -> bool {
    true
}

#[retry(attempts = 3)]
async fn text() -> String {
    String::new()
}

#[retry(attempts = 3)]
fn reference(of: &str) -> &str {
    of
}

#[retry(attempts = 3)]
fn tuple() -> (u8, u8) {
    (1, 2)
}

#[retry(attempts = 3)]
fn array() -> [u8; 2] {
    [1, 2]
}

#[retry(attempts = 3)]
fn never() -> ! {
    panic!()
}

#[retry(attempts = 3)]
fn vector() -> Vec<Result<u8, String>> {
    Vec::new()
}

#[retry(attempts = 3)]
fn iterator() -> impl Iterator<Item = u8> {
    std::iter::empty()
}

#[retry(attempts = 3)]
fn boxed() -> Box<dyn std::error::Error> {
    "text".into()
}

#[retry(attempts = 3)]
fn pointer() -> fn() -> Result<u8, String> {
    || Ok(1)
}

#[retry(attempts = 3)]
fn future() -> impl Future<Output = u8> {
    async { 1 }
}

#[retry(attempts = 3)]
fn dynamic() -> Box<dyn Future<Output = Result<u8, String>>> {
    Box::new(async { Ok(1) })
}

fn main() {
    let _ = (nothing(), unit(), boolean(), text(), reference("a"), tuple(), array(), vector());
    let _ = (iterator().count(), boxed(), pointer(), future(), dynamic());
}
