use retry_core::retry_policy;

enum Error {
    Busy,
}

fn main() {
    let delays = retry_policy!(
        Error: Busy = 1,
        on_retry = async |_| (),
        on_success = |_| (),
        on_give_up = async |event| drop(event.error()),
    );
    let _ = delays.run_blocking(|_| Ok(()));
}
