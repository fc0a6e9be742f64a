//! Every comparison in one go.
//!
//! ```text
//! cargo run --release -p retry-tests --features benchmarks --bin benchmarks             # all of it, into RESULTS.md
//! cargo run --release -p retry-tests --features benchmarks --bin benchmarks -- retry    # one part, printed
//! cargo run --release -p retry-tests --features benchmarks --bin benchmarks -- check    # fails where a limit is exceeded
//! ```
//!
//! The parts are `retry`, `crash-context` and `build`. `check` without a part is quick, and the same on a busy machine: it
//! counts instructions, allocations and bytes; with parts it looks at all their limits, times too. Counting needs
//! `valgrind`.
//!
//! Each case runs in processes of its own: instructions are counted under `valgrind --tool=callgrind`; times are those of
//! many short runs, all the cases in turn, and again.

mod build;
mod case;
mod counted;
#[path = "../counting.rs"]
mod counting;
mod crash;
mod machine;
mod measured;
mod report;
mod retry;
mod spread;

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use case::Case;
use measured::{What, allocations, time};
use report::Report;

/// A part of what is measured.
type Part = (&'static str, fn(&mut Report, What) -> Result<(), String>);

const PARTS: [Part; 3] =
    [("retry", retry::write), ("crash-context", crash::write), ("build", |report, _| build::write(report))];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["run", kind, form, calls] => one(kind, form, |case| case.repeat(calls.parse().unwrap_or_default())),
        ["time", kind, form] => one(kind, form, time),
        ["allocations", kind, form] => one(kind, form, |case| println!("{}", allocations(case))),
        ["check"] => quick(),
        ["check", ref parts @ ..] => some(parts),
        [] => all(),
        ref parts => some(parts).map(|_| true),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("a limit is exceeded");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// One case, in a process of its own.
fn one(kind: &str, form: &str, with: impl FnOnce(&Case)) -> Result<bool, String> {
    let cases = retry::cases().into_iter().chain(crash::cases());
    let case = cases.into_iter().find(|case| case.kind == kind && case.form == form);
    let case = case.ok_or("there is no such case")?;
    (case.prepare)();
    with(&case);
    Ok(true)
}

/// What is counted; whether its limits are kept.
fn quick() -> Result<bool, String> {
    let mut report = Report::default();
    retry::write(&mut report, What::Counted)?;
    crash::write(&mut report, What::Counted)?;
    Ok(printed(report))
}

/// Some parts; whether their limits are kept.
fn some(parts: &[&str]) -> Result<bool, String> {
    let mut report = Report::default();
    for part in parts {
        let known = PARTS.iter().find(|(name, _)| name == part);
        let (_, write) = known.ok_or_else(|| {
            format!("there is no part `{part}`; there are `retry`, `crash-context` and `build`")
        })?;
        write(&mut report, What::Timed)?;
    }
    Ok(printed(report))
}

fn printed(report: Report) -> bool {
    let are_kept = report.are_limits_kept();
    println!("{}", report.finish());
    are_kept
}

/// Everything, into the file that is kept. An exceeded limit is written there, and is no failure.
fn all() -> Result<bool, String> {
    let (begin, load) = (Instant::now(), machine::load());
    let mut report = Report::default();
    for (name, write) in PARTS {
        eprintln!("{name} ..");
        write(&mut report, What::Timed)?;
    }
    let mut head = Report::default();
    machine::describe(&mut head);
    let text = format!(
        "# What it costs\n\n\
         Made by `cargo run --release -p retry-tests --features benchmarks --bin benchmarks` in {:.0} s; a load of {load} when \
         it began, {} when it ended. Ranks and ratios count: times are those of one machine, and the same figure differs from \
         one run to the next. Below 10 ns compare instructions.\n{}{}",
        begin.elapsed().as_secs_f64(),
        machine::load(),
        head.finish(),
        report.finish(),
    );
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("benchmarks/RESULTS.md");
    std::fs::write(&file, &text).map_err(|error| format!("{}: {error}", file.display()))?;
    println!("{text}");
    Ok(true)
}
