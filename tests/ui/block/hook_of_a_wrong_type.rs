use retry_core::retry_policy;

enum Error {
    Busy,
}

fn main() {
    let delays = retry_policy!(Error: Busy = 1, on_give_up = |_| 5);
    let _ = delays.run_blocking(|_| Ok(()));
}
