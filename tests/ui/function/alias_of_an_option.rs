use retry_core::retry;

type Found = Option<u8>;

#[retry(attempts = 3)]
fn no_until() -> Found {
    None
}

#[retry(until = |found| *found > 1)]
fn until() -> Found {
    None
}

fn main() {
    let _ = (no_until(), until());
}
