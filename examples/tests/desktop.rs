//! Runs the program `desktop` as its user would: it crashes, says so, and speaks of it when it is started again.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use retry_core::crash::{Report, Reports, Shown};

const PROGRAM: &str = env!("CARGO_BIN_EXE_desktop");

/// The secret that it is started with.
const CODE: &str = "9313-2024";

#[test]
fn a_crash_three_functions_deep_is_reported_with_the_bench_and_the_values() {
    let folder = Folder::new();
    let run = folder.run("unplugged");
    assert_eq!(run.code, Some(101), "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.starts_with("programmed block 0\n"), "{}", run.stdout);
    assert!(run.stdout.contains("channel 2: 707 mV\n\n┌"), "{}", run.stdout);

    let report = folder.report();
    assert_eq!(report.message, "attempt to divide by zero");
    let context: Vec<_> =
        report.context.iter().map(|entry| (entry.name.as_str(), shown(&entry.value))).collect();
    let expected = [
        ("project", "motor control, board 7"),
        ("tool", "voltmeter"),
        ("last reading", "Some(Reading { channel: 2, millivolts: 707 })"),
    ];
    assert_eq!(context, expected);

    let frame = |end: &str| report.frames.iter().find(|frame| frame.function.ends_with(end)).expect(end);
    let value = |function: &str, name: &str| {
        let mut variables = frame(function).variables.iter();
        shown(&variables.find(|variable| variable.name == name).expect(name).value)
    };
    assert_eq!(value("::work_with", "unlock_code"), "<redacted>");
    assert_eq!(value("::read", "frame"), "[126, 5, 82, 19, 32, 0, 0]");
    assert_eq!(value("::read", "counts"), "Counts { input: 4896, reference: 0 }");
    assert_eq!(value("::millivolts", "scaled"), "12240000");
}

#[test]
fn a_frame_that_is_too_short_crashes_where_it_is_decoded() {
    let folder = Folder::new();
    let run = folder.run("noisy");
    assert_eq!(run.code, Some(101), "{}{}", run.stdout, run.stderr);
    let report = folder.report();
    assert_eq!(report.message, "range end index 7 out of range for slice of length 4");
    assert!(report.frames.last().unwrap().function.ends_with("::decode"), "{report:?}");
}

#[test]
fn the_unlock_code_is_in_no_file_and_nowhere_on_the_screen() {
    let folder = Folder::new();
    let run = folder.run("unplugged");
    assert!(!run.stdout.contains(CODE) && !run.stderr.contains(CODE), "{}", run.stderr);
    let files: Vec<_> = fs::read_dir(folder.reports()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 4, "{files:?}");
    for file in files {
        assert!(!fs::read_to_string(&file).unwrap().contains(CODE), "{}", file.display());
    }
}

#[test]
fn the_user_is_told_where_the_report_and_the_draft_of_a_mail_are() {
    let folder = Folder::new();
    let run = folder.run("unplugged");
    let report = folder.only("json");
    let draft = folder.only("eml");
    for said in [
        "bench 0.1.0 crashed: attempt to divide by zero",
        &report.display().to_string(),
        &draft.display().to_string(),
        "It goes to crashes@example.org.",
    ] {
        assert!(run.stdout.contains(said), "{said} is not in {}", run.stdout);
    }
    // Nobody is there to answer.
    assert!(!run.stdout.contains("[Enter]"), "{}", run.stdout);
    let draft = fs::read_to_string(draft).unwrap();
    assert!(draft.contains("To: <crashes@example.org>\r\n"), "{draft}");
    assert!(draft.contains("Subject: bench 0.1.0 crashed: attempt to divide by zero\r\n"), "{draft}");
}

#[test]
fn the_next_start_speaks_of_it_once() {
    let folder = Folder::new();
    let first = folder.run("unplugged");
    assert!(!first.stdout.contains("The last run crashed"), "{}", first.stdout);
    let report = folder.only("json");

    let second = folder.run("good");
    assert_eq!(second.code, Some(0), "{}{}", second.stdout, second.stderr);
    let mut lines = second.stdout.lines();
    let said = lines.next().unwrap();
    assert!(said.starts_with(
        "The last run crashed: attempt to divide by zero, in desktop::probe::millivolts, at 20"
    ));
    assert_eq!(lines.next().unwrap(), format!("Its report: {}", report.display()));
    assert!(second.stdout.ends_with("channel 4: 786 mV\ndone\n"), "{}", second.stdout);

    let third = folder.run("good");
    assert!(third.stdout.starts_with("programmed block 0\n"), "{}", third.stdout);
}

#[test]
fn a_report_that_cannot_be_read_is_no_obstacle() {
    let folder = Folder::new();
    folder.run("unplugged");
    fs::write(folder.only("json"), "{").unwrap();
    let run = folder.run("good");
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    assert!(
        run.stdout.starts_with("The last run crashed, and its report cannot be read: "),
        "{}",
        run.stdout
    );
}

#[test]
fn tells_what_it_can_do() {
    let help = Command::new(PROGRAM).arg("--help").output().unwrap();
    assert!(help.status.success());
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(help.contains("--reports <DIR>") && help.contains("unplugged"), "{help}");
}

#[cfg(unix)]
mod in_a_terminal {
    use super::{Folder, PROGRAM, env};
    use std::io::{Read, Write};

    /// Answers the dialog; gives what the terminal showed.
    fn answer(folder: &Folder, answers: &str) -> String {
        let (mut terminal, other_end) = pty_process::blocking::open().unwrap();
        terminal.resize(pty_process::Size::new(50, 200)).unwrap();
        let command = pty_process::blocking::Command::new(PROGRAM).arg("--reports").arg(folder.reports());
        let path = format!("{}:{}", folder.0.display(), env::var("PATH").unwrap());
        let command = command.env("PATH", path).env("NO_COLOR", "1").env_remove("RETRY_CRASH_DEBUGGER");
        let mut child = command.spawn(other_end).unwrap();
        // A terminal keeps what is typed until it is read.
        terminal.write_all(answers.as_bytes()).unwrap();
        let mut shown = Vec::new();
        // Linux ends a terminal that nobody writes to any more with an error.
        let _ = terminal.read_to_end(&mut shown);
        assert_eq!(child.wait().unwrap().code(), Some(101));
        String::from_utf8_lossy(&shown).replace("\r\n", "\n")
    }

    /// A desktop that notes what it is to open.
    #[cfg(target_os = "linux")]
    fn desktop() -> Folder {
        use std::os::unix::fs::PermissionsExt;

        let folder = Folder::new();
        let opener = folder.0.join("xdg-open");
        std::fs::write(&opener, format!("#!/bin/sh\necho \"$@\" >> {}\n", folder.0.join("opened").display()))
            .unwrap();
        std::fs::set_permissions(opener, std::fs::Permissions::from_mode(0o700)).unwrap();
        folder
    }

    #[test]
    fn the_dialog_asks_what_to_do() {
        let folder = Folder::new();
        let shown = answer(&folder, "what?\n\n");
        assert!(
            shown.contains("│ [r] look at the report    [m] write a mail about it    [Enter] close"),
            "{shown}"
        );
        assert!(shown.contains("\n> r, m or Enter\n> "), "{shown}");
    }

    #[test]
    #[cfg(target_os = "linux")] // Elsewhere what opens files is not looked for in `PATH`.
    fn the_report_and_the_draft_are_opened_if_the_user_says_so() {
        let folder = desktop();
        let shown = answer(&folder, "r\nm\n\n");
        assert!(shown.contains("the report is opened\n"), "{shown}");
        assert!(shown.contains("the draft of a mail is opened\n"), "{shown}");
        let opened = std::fs::read_to_string(folder.0.join("opened")).unwrap();
        let (page, draft) = (folder.only("html"), folder.only("eml"));
        assert_eq!(opened, format!("{}\n{}\n", page.display(), draft.display()));

        let folder = desktop();
        answer(&folder, "\n");
        assert!(!folder.0.join("opened").exists(), "nothing is opened unless the user says so");
    }
}

/// A folder that is gone when the test is.
struct Folder(PathBuf);

struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("retry-examples-desktop-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn reports(&self) -> PathBuf {
        self.0.join("reports")
    }

    /// Where nobody can answer.
    fn run(&self, probe: &str) -> Run {
        let mut command = Command::new(PROGRAM);
        command
            .args(["--unlock-code", CODE, "--probe", probe, "--reports"])
            .arg(self.reports())
            .stdin(Stdio::null());
        let output = command.env_remove("RETRY_CRASH_DEBUGGER").output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    fn only(&self, extension: &str) -> PathBuf {
        let files = fs::read_dir(self.reports()).unwrap().map(|entry| entry.unwrap().path());
        let is_one = |path: &PathBuf| Path::new(path).extension().is_some_and(|other| other == extension);
        let files: Vec<_> = files.filter(is_one).collect();
        assert_eq!(files.len(), 1, "{files:?}");
        files.into_iter().next().unwrap()
    }

    fn report(&self) -> Report {
        let saved = Reports::in_folder(self.reports()).list().unwrap();
        assert_eq!(saved.len(), 1);
        saved[0].read().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn shown(value: &Shown) -> &str {
    match value {
        Shown::Value { text, cut: false } => text,
        Shown::Redacted => "<redacted>",
        other => panic!("{other:?}"),
    }
}
