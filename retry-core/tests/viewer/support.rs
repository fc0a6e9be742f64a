//! A folder of reports, and the program run on it.

use retry_core::crash::Report;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A report as its JSON says it, with what is different from this one.
pub(crate) fn report(time: &str, id: char, different: &Value) -> Value {
    let value = |text: &str| json!({"state": "value", "text": text});
    let variable = |name: &str, text: &str| json!({"name": name, "type_name": "u32", "value": value(text), "argument": true});
    let frame = |function: &str, line: u32, variables: Vec<Value>| {
        json!({
            "function": function, "place": {"file": "src/main.rs", "line": line},
            "in_app": true, "annotated": true, "variables": variables,
        })
    };
    let mut report = json!({
        "schema": 1,
        "id": id.to_string().repeat(32),
        "time": time,
        "kind": "panic",
        "message": "attempt to divide by zero",
        "place": {"file": "src/main.rs", "line": 5, "column": 5},
        "thread": {"name": "main", "id": "1"},
        "app": {"name": "shop", "version": "1.2.3"},
        "process": {"pid": 7, "os": "linux", "arch": "x86_64", "debug": true},
        "context": [{"name": "project", "value": value("apollo")}],
        "frames": [
            frame("shop::main", 10, Vec::new()),
            frame("shop::share", 5, vec![variable("cents", "700"), variable("guests", "0")]),
        ],
        "fingerprint": "36af060f3228763c",
        "occurrences": 1,
    });
    for (key, value) in different.as_object().expect("fields") {
        report[key] = value.clone();
    }
    report
}

/// What the files of a report with this in it are called.
pub(crate) fn stem(report: &Value) -> String {
    let text = |key: &str| report[key].as_str().expect("text");
    let time: String = text("time").chars().filter(|letter| !"-:".contains(*letter)).collect();
    format!("{time}-{}-{}", text("fingerprint"), text("id"))
}

pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn empty() -> Self {
        Self(TempDir::new().expect("a folder"))
    }

    /// Two reports of one crash and one of another, the newest last.
    pub(crate) fn with_three() -> Self {
        let folder = Self::empty();
        for report in three() {
            folder.put(&report);
        }
        folder
    }

    /// The folder of an application's reports, in a folder of the user's data: that one is returned.
    #[cfg(target_os = "linux")]
    pub(crate) fn of_app(name: &str, reports: &[Value]) -> Self {
        let data = Self::empty();
        let folder = format!("{name}/crashes");
        fs::create_dir_all(data.path().join(&folder)).expect("a folder");
        for report in reports {
            for extension in ["json", "txt"] {
                data.write(&format!("{folder}/{}.{extension}", stem(report)), report.to_string());
            }
        }
        data
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The JSON and the text, as they are saved.
    pub(crate) fn put(&self, report: &Value) -> PathBuf {
        let read = Report::from_json(&report.to_string()).expect("it is a report");
        self.write(&format!("{}.txt", stem(report)), read.to_text(false));
        self.write(&format!("{}.json", stem(report)), report.to_string())
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, content).expect("a file");
        path
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).expect("a folder").flatten();
        let mut names: Vec<_> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// The program, for this folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program(&["--dir"]);
        command.arg(self.path()).args(arguments);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        run(&mut self.command(arguments))
    }
}

pub(crate) fn three() -> [Value; 3] {
    let other = json!({
        "message": "no answer from the payment service\nwithin 30 s",
        "kind": "error", "fingerprint": "5be1e26bbd26a7a3", "place": {"file": "src/pay.rs", "line": 51},
        "context": [{"name": "project", "value": {"state": "value", "text": "gemini"}}],
    });
    let counted = json!({"occurrences": 4, "first_seen": "2026-04-15T09:58:00.000Z"});
    [
        report("2026-04-15T10:11:12.123Z", 'a', &counted),
        report("2026-04-16T08:00:00.000Z", 'b', &other),
        report("2026-04-17T19:30:00.000Z", 'c', &json!({})),
    ]
}

pub(crate) fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crash-reports"));
    for variable in ["NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "RUST_BACKTRACE"] {
        command.env_remove(variable);
    }
    command.args(arguments).stdin(Stdio::null());
    command
}

/// What came of it.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) fn run(command: &mut Command) -> Ran {
    let Output { status, stdout, stderr } = command.output().expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    let ran = Ran { code: status.code(), stdout: text(stdout), stderr: text(stderr) };
    assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
    ran
}

impl Ran {
    /// The output of a command that is done without complaint.
    #[track_caller]
    pub(crate) fn well(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (Some(0), ""), "{}", self.stdout);
        self.stdout
    }

    /// The complaint of one that is not, and its exit code.
    #[track_caller]
    pub(crate) fn badly(self) -> (i32, String) {
        assert_eq!(self.stdout, "");
        (self.code.expect("it ended by itself"), self.stderr)
    }
}
