//! A program that is built with `panic = "abort"`: nothing unwinds, so that nothing can be caught.

use super::mail::{arguments, on_path, opener};
use super::run::{Crashed, Scratch, files, run};
use crate::crash::report::Shown;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

const PROGRAM: &str = r#"
use retry_core::crash::{self, feed::{Code, feed}};
use std::fmt;

struct Broken(&'static str);
impl fmt::Debug for Broken {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.0;
        match name { "text" => panic!("as it is"), _ => panic!("formatted {name}") }
    }
}
impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{self:?}") }
}
impl std::error::Error for Broken {}

fn main() {
    let (what, folder) = (std::env::args().nth(1).unwrap(), std::env::args_os().nth(2));
    let mut reporter = crash::reporter().app("aborting", "1");
    if what == "providers" || what == "error" {
        reporter = reporter.context(|c| { c.set("before", 1); panic!("no context {}", "today"); });
        reporter = reporter.context(|c| { c.set("last", 2); });
        reporter = reporter.on_report(|_| panic!("not listening"));
    }
    if what == "mail" {
        reporter = reporter.mail("crashes@example.org").tell_user(|_| panic!("speechless"));
    }
    if what == "open" {
        reporter = reporter.mail("crashes@example.org").tell_user(|notice| eprintln!("opened: {:?}", notice.open_draft()));
    }
    let _crash = folder.map(|folder| reporter.save_to(folder).install());
    feed(vec![
        ("before", Code::Users, Box::new("a")),
        ("text", Code::Users, Box::new(Broken("text"))),
        ("formatted", Code::Users, Box::new(Broken("that"))),
        ("after", Code::Users, Box::new("z")),
    ]);
    if what == "listing" {
        crash::feed::listed(&Broken("formatted"));
    }
    if what == "error" {
        crash::report(&Broken("text"));
        return;
    }
    panic!("aborted by {what}");
}
"#;

const MANIFEST: &str = r#"
[package]
name = "aborting"
version = "0.0.0"
edition = "2024"

[dependencies]
retry-core = { path = "CORE", default-features = false, features = ["crash"] }

[profile.dev]
panic = "abort"
debug = false

[workspace]
"#;

/// Built once, beside this test's own executable, so that later runs find its dependencies there.
fn program() -> &'static Path {
    static PROGRAM_FILE: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM_FILE.get_or_init(|| {
        let core = Path::new(env!("CARGO_MANIFEST_DIR"));
        let exe = env::current_exe().unwrap();
        let home = exe.parent().unwrap().join("aborting");
        fs::create_dir_all(home.join("src")).unwrap();
        fs::write(home.join("src/main.rs"), PROGRAM).unwrap();
        fs::write(home.join("Cargo.toml"), MANIFEST.replace("CORE", &core.display().to_string())).unwrap();
        // The same versions, so that nothing has to be fetched.
        fs::copy(core.join("../Cargo.lock"), home.join("Cargo.lock")).unwrap();
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--offline", "--quiet"]).current_dir(&home);
        cargo.env("CARGO_TARGET_DIR", home.join("target")).env("RUSTFLAGS", "--cfg retry_core_feed");
        cargo.env_remove("CARGO_ENCODED_RUSTFLAGS");
        let built = cargo.output().unwrap();
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        home.join("target/debug/aborting")
    })
}

fn abort(what: &str, reports: bool) -> Crashed {
    abort_with(what, reports, |_, _| {})
}

fn abort_with(what: &str, reports: bool, change: impl FnOnce(&mut Command, &Scratch)) -> Crashed {
    let scratch = Scratch::new();
    let mut command = Command::new(program());
    change(&mut command, &scratch);
    command.arg(what);
    if reports {
        command.arg(scratch.reports());
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    run(command, scratch)
}

#[test]
fn values_are_shown_and_those_that_panic_are_told() {
    let crashed = abort("values", true);
    crashed.ended_like(&abort("values", false)).printed("aborted by values");
    assert_eq!(crashed.value("before"), Shown::Value { text: "\"a\"".into(), cut: false });
    assert_eq!(crashed.value("after"), Shown::Value { text: "\"z\"".into(), cut: false });
    let told = crashed.failure("text");
    assert!(told.starts_with("Debug panicked: as it is, at src/main.rs:"), "{told}");
    // std does not dare to format a message at this point.
    let told = crashed.failure("formatted");
    assert!(told.starts_with("Debug panicked at src/main.rs:"), "{told}");
    assert!(!crashed.stderr.contains("while processing panic"));
}

#[test]
fn providers_and_listeners_that_panic_do_not_end_it_early() {
    let crashed = abort("providers", true);
    crashed.ended_like(&abort("providers", false)).printed("aborted by providers");
    let report = crashed.report();
    assert_eq!(report.notes, ["context provider 1 panicked: no context today"]);
    let names: Vec<_> = report.context.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["before", "last"]);
    crashed.printed("`on_report` panicked: not listening");
}

#[test]
fn an_error_that_cannot_be_shown_does_not_end_it() {
    let crashed = abort("error", true);
    assert!(crashed.status.success(), "{}", crashed.stderr);
    let notes = crashed.report().notes;
    assert!(notes[0].contains("as it is"), "{notes:?}");
}

#[test]
fn a_value_that_panics_while_it_is_kept_is_a_crash_like_any_other() {
    let crashed = abort("listing", true);
    crashed.ended_like(&abort("listing", false)).printed("formatted formatted");
    assert_eq!(crashed.report().message, "formatted formatted");
}

#[test]
fn the_mail_is_drafted_and_told_though_the_application_panics() {
    let crashed = abort("mail", true);
    crashed.ended_like(&abort("mail", false)).printed("aborted by mail");
    crashed.printed("`tell_user` panicked: speechless").printed("It goes to crashes@example.org.\n");
    assert_eq!(files(&crashed.scratch.reports(), "eml").len(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn the_draft_is_opened_and_what_opens_it_stays() {
    let mut written = PathBuf::new();
    let crashed = abort_with("open", true, |command, scratch| {
        written = opener(scratch, "xdg-open", "exec /bin/sleep 3");
        on_path(command, scratch);
    });
    crashed.ended_like(&abort("open", false)).printed("opened: Ok(())\n");
    assert_eq!(arguments(&written), format!("{}\n", files(&crashed.scratch.reports(), "eml")[0].display()));
}

#[test]
fn a_debugger_runs_in_its_terminal_before_it_ends() {
    use std::io::Read;
    use std::os::unix::process::ExitStatusExt;

    let scratch = Scratch::new();
    let (mut terminal, other_end) = pty_process::blocking::open().unwrap();
    let command = pty_process::blocking::Command::new(program()).arg("values").arg(scratch.reports());
    // It prints what a debugger is told.
    let mut child = command.env("RETRY_CRASH_DEBUGGER", "echo").spawn(other_end).unwrap();
    let mut shown = Vec::new();
    // Linux ends a terminal that nobody writes to any more with an error.
    let _ = terminal.read_to_end(&mut shown);
    let shown = String::from_utf8_lossy(&shown);
    assert_eq!(child.wait().unwrap().signal(), Some(6), "{shown}");
    assert!(shown.contains(&format!("\r\n-p {} ", child.id())), "{shown}");
    assert!(shown.trim_end().ends_with("echo has been left: the crash goes on"), "{shown}");
}
