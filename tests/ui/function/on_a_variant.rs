use retry_core::*;

enum NoDerive {
    #[retry(transient)]
    Busy,
}

fn main() {
    let _ = NoDerive::Busy;
}
