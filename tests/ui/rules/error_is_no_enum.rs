use retry_core::retry;

#[retry(Timeout = 2)]
fn text() -> Result<(), String> {
    Ok(())
}

struct Status {
    code: u16,
}

#[retry(Timeout = field(retry_after))]
fn structure() -> Result<(), Status> {
    Err(Status { code: 3 })
}

#[retry(_ = field(retry_after))]
async fn rest() -> Result<(), Status> {
    Ok(())
}

fn main() {}
