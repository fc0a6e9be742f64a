use retry_core::{RetryClassify, retry};

enum NoDerive {
    #[retry(transient)]
    Busy,
}

fn main() {
    let _ = NoDerive::Busy;
}
