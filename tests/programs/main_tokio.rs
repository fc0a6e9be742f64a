//! A program whose async `main` ends with an error, or with a panic in a task.

use retry_core::{crash, crash_context};

#[derive(Debug, PartialEq)]
enum Failure {
    Refused(u16),
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
#[crash_context]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let _crash = crash::reporter().app("program", "1").save_to(&arguments[0]).install();
    let status: u16 = arguments[1].parse().unwrap_or(500);
    if status == 0 {
        let task = tokio::spawn(share(12, status));
        let failed = task.await.unwrap_err();
        println!("task panicked: {}", failed.is_panic());
        return Ok(());
    }
    Err(Failure::Refused(status))
}

#[crash_context]
async fn share(total: u16, count: u16) -> u16 {
    let rest = total - 1;
    tokio::task::yield_now().await;
    rest / count
}
