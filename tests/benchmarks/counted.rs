//! Instructions per call, counted by `valgrind`.

use std::process::{Command, Stdio};

use crate::case::Case;

/// The instructions that one call takes in `run CASE.. CALLS` of this very program: what many calls take beyond what none
/// take is free of start-up.
pub(crate) fn instructions_per_call(case: &Case) -> Option<f64> {
    let [none, many] = [0, case.calls].map(|calls| instructions(case, calls));
    #[allow(clippy::cast_precision_loss)]
    Some(many?.saturating_sub(none?) as f64 / case.calls as f64)
}

fn instructions(case: &Case, calls: u64) -> Option<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe().ok()?)
        .args(["run", case.kind, case.form])
        .arg(calls.to_string())
        .stdout(Stdio::null())
        .output()
        .ok()?;
    let report = String::from_utf8_lossy(&output.stderr);
    let count = report.lines().find_map(|line| line.split("Collected : ").nth(1))?;
    count.trim().parse().ok()
}
