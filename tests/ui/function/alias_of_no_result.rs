use retry_core::retry;

type Answer = u32;

#[retry(attempts = 3)]
fn sync() -> Answer {
    1
}

#[retry(attempts = 3)]
async fn asynchronous() -> Answer {
    1
}

struct Done;

#[retry(when(|_: &String| true) = 3, on_retry = |event| println!("{event:?}"))]
fn structure() -> Done {
    Done
}

fn main() {
    let _ = (sync(), asynchronous(), structure());
}
