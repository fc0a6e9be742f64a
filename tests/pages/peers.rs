//! `retry-core/docs/peers.md` names tests: each of them is there and is a test, and no test of a peer's defect is left out.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Where the tests are that a name on the page begins with.
const TARGETS: [(&str, &str); 3] =
    [("behaviour", "tests/behaviour"), ("waits", "tests/waits"), ("properties", "tests/properties")];

const PEERS: &str = "tests/peers/claims";

#[test]
fn every_test_that_the_page_names_is_there() {
    let names = names();
    assert!(names.len() > 60, "only {} names were found", names.len());
    for name in &names {
        let found = match name.split_once("::") {
            Some((target, rest)) => match TARGETS.iter().find(|(known, _)| *known == target) {
                Some((_, folder)) => is_test(folder, rest),
                None => is_test(PEERS, name),
            },
            None => is_file(name),
        };
        assert!(found, "the page names {name}, which is no test");
    }
}

#[test]
fn every_test_of_a_peers_defect_is_on_the_page() {
    let names = names();
    let mut tests = 0;
    for file in files(&crate::root().join(PEERS)) {
        let module = file.file_stem().unwrap().to_str().unwrap().to_owned();
        // What has been mended since, and what is no defect but another word.
        let elsewhere = ["backoff_0_4::the_next_wait_is_counted"];
        if ["main", "backon_words"].contains(&module.as_str()) {
            continue;
        }
        for test in tests_in(&crate::read(&file)) {
            let name = format!("{module}::{test}");
            tests += 1;
            assert!(names.contains(&name) || elsewhere.contains(&name.as_str()), "{name} is not on the page");
        }
    }
    assert!(tests >= 20, "only {tests} tests were found");
}

/// What stands in backticks and is a test's name, or a file of tests.
fn names() -> BTreeSet<String> {
    let page = crate::read(&crate::docs("peers.md"));
    let (_, tables) = page.split_once("\n# ").expect("a heading");
    let quoted = tables.split('`').skip(1).step_by(2);
    let is_name = |name: &&str| {
        let path = name.contains("::")
            && name.chars().all(|letter| letter.is_alphanumeric() || "_:".contains(letter));
        let path = path && name.starts_with(char::is_lowercase);
        path || name.starts_with("ui/") || name.ends_with(".py")
    };
    quoted.filter(is_name).map(ToOwned::to_owned).collect()
}

/// `ui/topic/case`, or a script that `tests/peers/claims/run` runs.
fn is_file(name: &str) -> bool {
    let root = crate::root();
    match name.strip_suffix(".py") {
        Some(script) => {
            crate::read(&root.join(PEERS).join("run")).contains(script)
                && root.join(PEERS).join(name).is_file()
        }
        None => root.join("tests").join(name).with_extension("rs").is_file(),
    }
}

/// `module::test`, or a module with tests in it, in one of the folder's files.
fn is_test(folder: &str, name: &str) -> bool {
    let (module, test) = name.split_once("::").expect("a module and a test");
    let file = crate::root().join(folder).join(module).with_extension("rs");
    if !file.is_file() {
        return false;
    }
    let source = crate::read(&file);
    tests_in(&source).contains(&test.to_owned())
        || source.split_once(&format!("\nmod {test} {{\n")).is_some_and(|(_, inner)| {
            let inner = inner.split("\n}\n").next().unwrap_or_default();
            inner.contains("#[test]") || inner.contains("#[tokio::test")
        })
}

/// The functions behind `#[test]`, `#[tokio::test]` and in `proptest!`, which has them in the same form.
fn tests_in(source: &str) -> Vec<String> {
    let mut tests = Vec::new();
    let mut is_test = false;
    for line in source.lines().map(str::trim_start) {
        let function = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            is_test = true;
        } else if let Some(rest) = function.filter(|_| is_test) {
            tests.push(rest.split(['(', '<']).next().unwrap_or_default().to_owned());
            is_test = false;
        } else if !line.starts_with("#[") {
            is_test = false;
        }
    }
    tests
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let files = entries.map(|entry| entry.expect("it can be read").path());
    files.filter(|file| file.extension() == Some("rs".as_ref())).collect()
}
