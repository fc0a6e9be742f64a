use retry_core::retry;

#[allow(dead_code)]
enum Error {
    Busy,
    Bad(u32),
    Slow { wait: u64 },
}

#[retry(Bad(5) = 1, Slow { .. } = 2, Busy => 3)]
fn patterns() -> Result<(), Error> {
    Ok(())
}

#[retry(Busy: 1, Bad if true = 2, _ => 3)]
fn signs() -> Result<(), Error> {
    Ok(())
}

#[retry(TimedOut = 1)]
fn alias() -> std::io::Result<()> {
    Ok(())
}

fn main() {
    let _ = (patterns(), signs(), alias());
}
