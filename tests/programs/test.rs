//! Whole programs, run as their users run them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use retry_core::crash::{Kind, Report, Shown};

const MAIN_ERROR: &str = env!("CARGO_BIN_EXE_main-error");
const MAIN_TOKIO: &str = env!("CARGO_BIN_EXE_main-tokio");

#[test]
fn an_error_that_main_ends_with_is_reported_with_its_causes() {
    let run = run(MAIN_ERROR, "an-error", "eighty");
    assert_eq!(run.code, Some(1));
    let report = run.report();
    assert_eq!(report.kind, Kind::Error);
    assert_eq!(report.message, "the configuration is broken");
    assert_eq!(report.causes, ["the configuration is broken", "invalid digit found in string"]);
    // What std says stays.
    assert!(run.stderr.contains("Error: Config(ParseIntError"), "{}", run.stderr);
}

#[test]
fn a_main_that_ends_well_reports_nothing() {
    let run = run(MAIN_ERROR, "well", "80");
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (Some(0), "port 80\n", ""));
    assert_eq!(run.reports(), [] as [PathBuf; 0]);
}

#[test]
fn an_async_main_reports_an_error_that_has_only_a_debug() {
    let run = run(MAIN_TOKIO, "async", "403");
    assert_eq!(run.code, Some(1));
    assert_eq!(run.report().message, "Refused(403)");
}

#[test]
fn a_panic_in_a_task_has_its_frame_and_the_program_goes_on() {
    let run = run(MAIN_TOKIO, "task", "0");
    assert_eq!((run.code, &*run.stdout), (Some(0), "task panicked: true\n"), "{}", run.stderr);
    let report = run.report();
    let frame = report.frames.last().unwrap();
    assert!(frame.function.ends_with("share") && frame.annotated, "{frame:?}");
    let values: Vec<_> =
        frame.variables.iter().map(|value| (value.name.as_str(), shown(&value.value))).collect();
    assert_eq!(values, [("total", "12"), ("count", "0"), ("rest", "11")]);
}

fn shown(value: &Shown) -> &str {
    match value {
        Shown::Value { text, cut: false } => text,
        other => panic!("{other:?}"),
    }
}

struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
    folder: PathBuf,
}

fn run(program: &str, name: &str, argument: &str) -> Run {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("programs-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    let Output { status, stdout, stderr } =
        Command::new(program).arg(&folder).arg(argument).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: status.code(), stdout: text(stdout), stderr: text(stderr), folder }
}

impl Run {
    fn reports(&self) -> Vec<PathBuf> {
        let files = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let json = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "json");
        files.map(|file| file.path()).filter(json).collect()
    }

    fn report(&self) -> Report {
        let reports = self.reports();
        let [report] = &reports[..] else { panic!("{reports:?}\n{}", self.stderr) };
        Report::from_json(&std::fs::read_to_string(report).unwrap()).unwrap()
    }
}
