//! A crate's own tests, run, and what came of them.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use crate::crates::Crate;

/// What came of the tests of one copy.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Each test that passed, with how many there are of that name.
    passed: BTreeMap<String, usize>,
    /// What the compiler warned of, and where, but for the column.
    warnings: BTreeMap<String, usize>,
    /// Why it did not compile.
    pub(crate) errors: Vec<String>,
}

impl Outcome {
    pub(crate) fn passed(&self) -> usize {
        self.passed.values().sum()
    }
}

/// Runs them. Everything that cargo and the tests say is beside the copy.
pub(crate) fn run(of: &Crate, copy: &Path, target: &Path, command: &[&str]) -> io::Result<Outcome> {
    let mut cargo = Command::new("cargo");
    cargo.args(command).args(["--lib", "--tests", "--message-format", "short"]).current_dir(copy);
    for features in &of.features {
        cargo.args(["--features", features]);
    }
    if command[0] == "test" {
        cargo.args(["--no-fail-fast", "--"]);
        for test in &of.skipped_tests {
            cargo.args(["--skip", test]);
        }
    }
    cargo.env("CARGO_TARGET_DIR", target);
    for (name, value) in
        [("CARGO_INCREMENTAL", "0"), ("CARGO_PROFILE_DEV_DEBUG", "0"), ("CARGO_TERM_COLOR", "never")]
    {
        cargo.env(name, value);
    }
    for name in ["RUSTFLAGS", "RUST_BACKTRACE", "CARGO_ENCODED_RUSTFLAGS"] {
        cargo.env_remove(name);
    }
    let output = cargo.output()?;
    let (told, said) = (String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
    fs::write(copy.with_extension(format!("{}.log", command[0])), format!("{told}\n{said}"))?;
    let mut outcome = Outcome::default();
    for line in said.lines() {
        if let Some(test) = line.strip_prefix("test ").and_then(|line| line.strip_suffix(" ... ok")) {
            *outcome.passed.entry(test.to_owned()).or_default() += 1;
        }
    }
    for line in told.lines() {
        if let Some((place, warning)) = line.split_once(": warning: ").filter(|_| !line.starts_with('/')) {
            let place = place.rsplit_once(':').map_or(place, |(place, _)| place);
            *outcome.warnings.entry(format!("{place}: {warning}")).or_default() += 1;
        } else if line.starts_with("error") || line.contains(": error") {
            outcome.errors.push(line.to_owned());
        }
    }
    Ok(outcome)
}

/// What is no longer as it was.
pub(crate) fn differences(bare: &Outcome, annotated: &Outcome) -> Vec<String> {
    let mut differences = Vec::new();
    missing(&bare.passed, &annotated.passed, "fails only annotated", &mut differences);
    missing(&annotated.warnings, &bare.warnings, "a warning only annotated", &mut differences);
    missing(&bare.warnings, &annotated.warnings, "no warning any more", &mut differences);
    if !differences.is_empty() {
        differences.extend(annotated.errors.iter().take(20).cloned());
    }
    differences
}

fn missing(
    from: &BTreeMap<String, usize>,
    of: &BTreeMap<String, usize>,
    what: &str,
    differences: &mut Vec<String>,
) {
    for (name, count) in from {
        if of.get(name).is_none_or(|other| other < count) {
            differences.push(format!("{what}: {name}"));
        }
    }
}
