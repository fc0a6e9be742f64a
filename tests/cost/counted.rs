//! Instructions per call, counted by `valgrind`.

use std::process::{Command, Stdio};

const CALLS: u64 = 100_000;

/// The instructions that one call takes in `run CASE.. CALLS` of this very program.
pub fn instructions_per_call(case: &[&str]) -> Option<f64> {
    let [none, many] = [0, CALLS].map(|calls| instructions(case, calls));
    #[allow(clippy::cast_precision_loss)]
    Some(many?.saturating_sub(none?) as f64 / CALLS as f64)
}

fn instructions(case: &[&str], calls: u64) -> Option<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe().ok()?)
        .arg("run")
        .args(case)
        .arg(calls.to_string())
        .stdout(Stdio::null())
        .output()
        .ok()?;
    let report = String::from_utf8_lossy(&output.stderr);
    let count = report.lines().find_map(|line| line.split("Collected : ").nth(1))?;
    count.trim().parse().ok()
}
