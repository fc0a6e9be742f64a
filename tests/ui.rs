//! Every compile error, as a user reads it.
//!
//! The expected texts stand beside the cases. `TRYBUILD=overwrite cargo test -p retry-tests --test ui` writes
//! them anew; read each before it is kept.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The compiler whose words the expected texts are.
const COMPILER: &str = "1.95.";

/// Programs that compile.
const PASS: &str = "pass";

#[test]
fn compile_errors_read_as_expected() {
    let cases = trybuild::TestCases::new();
    cases.pass(format!("ui/{PASS}/*.rs"));
    let compiler = compiler_version();
    if !compiler.starts_with(COMPILER) {
        // Not by `eprintln!`, which is not shown of a test that passes.
        let _ = writeln!(
            std::io::stderr(),
            "the compile errors are skipped: their texts are those of rustc {COMPILER}x, this is {compiler}"
        );
        return;
    }
    for topic in topics() {
        cases.compile_fail(format!("ui/{topic}/*.rs"));
    }
}

#[test]
fn every_case_has_its_expected_text_and_every_text_its_case() {
    let files = topics().into_iter().flat_map(|topic| entries(&cases().join(topic)));
    let (cases, texts): (Vec<_>, Vec<_>) = files.partition(|file| file.extension() == Some("rs".as_ref()));
    assert!(cases.len() >= 60, "only {} cases were found", cases.len());
    for case in &cases {
        assert!(texts.contains(&case.with_extension("stderr")), "{} has no expected text", case.display());
    }
    for text in &texts {
        assert!(cases.contains(&text.with_extension("rs")), "{} has no case", text.display());
    }
}

/// The version that the compiler in use says it is.
fn compiler_version() -> String {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = Command::new(rustc).arg("--version").output().expect("the compiler runs");
    let said = String::from_utf8_lossy(&said.stdout);
    said.split_whitespace().nth(1).unwrap_or_default().to_owned()
}

/// The folders of failing cases.
fn topics() -> Vec<String> {
    let folders = entries(&cases());
    let names = folders.iter().filter_map(|folder| folder.file_name()?.to_str());
    names.filter(|name| *name != PASS).map(ToOwned::to_owned).collect()
}

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("ui")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    paths.sort();
    paths
}
