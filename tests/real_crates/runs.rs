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
    /// The lines that the compiler warned of, and what it said.
    warnings: BTreeMap<String, String>,
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
            outcome.warnings.insert(place.to_owned(), warning.to_owned());
        } else if line.starts_with("error") || line.contains(": error") {
            outcome.errors.push(line.to_owned());
        }
    }
    Ok(outcome)
}

/// What is no longer as it was. Of a line that the compiler warned of before it may now say something else: a variable
/// that is unused is unused in other words where it is assigned.
pub(crate) fn differences(bare: &Outcome, annotated: &Outcome) -> Vec<String> {
    let mut differences = annotated.errors.clone();
    differences.retain(|error| !bare.errors.contains(error));
    for (test, count) in &bare.passed {
        if annotated.passed.get(test).is_none_or(|passed| passed < count) {
            differences.push(format!("fails annotated: {test}"));
        }
    }
    for (place, warning) in &annotated.warnings {
        if !bare.warnings.contains_key(place) {
            differences.push(format!("warned of annotated: {place}: {warning}"));
        }
    }
    differences
}
