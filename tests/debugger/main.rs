//! A debugger in the terminal of a crash: scripts that note what they are told stand in for it, and real ones where they
//! are asked for.
#![cfg(unix)]

mod gdb;
mod run;

use run::{Ended, Scratch};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

/// Notes what it is told, and that the report is there.
const NOTES: &str = r#"for argument; do echo "<$argument>"; done; ls "$REPORTS""#;

#[test]
fn it_is_told_the_process_and_the_place_when_the_report_is_saved() {
    let ended = run::with_debugger("main", NOTES);
    ended.crashed();
    let output = &*ended.output;
    let saved = output.find("report saved in").unwrap();
    let started = output.find("starting ").unwrap();
    assert!(saved < started, "{output}");
    assert!(output.contains(&format!("<-p>\n<{}>\n<-q>\n<-ex>\n", ended.pid)), "{output}");
    let report = ended.reports().remove(0);
    let address = report.frames.last().unwrap().address.as_deref().unwrap();
    let address = u64::from_str_radix(address.strip_prefix("0x").unwrap(), 16).unwrap();
    assert!(output.contains(&format!("== {address} ")), "{address}: {output}");
    assert!(output.contains(".json\n"), "it saw the report: {output}");
    assert!(output.contains("has been left: the crash goes on"), "{output}");
}

#[test]
fn lldb_is_told_in_its_own_words() {
    let ended = run::with_debugger_called("my-lldb", "main", NOTES);
    ended.crashed();
    assert!(ended.output.contains(&format!("<-p>\n<{}>\n<-o>\n<script ", ended.pid)), "{}", ended.output);
    assert!(ended.output.contains("`frame variable`") && !ended.output.contains("<-ex>"), "{}", ended.output);
}

#[test]
fn the_crash_ends_as_it_would_without() {
    let status = |scenario| {
        let (with, without) = (run::with_debugger(scenario, "echo here"), run::without(scenario));
        assert_eq!(with.output.matches("\nhere\n").count(), 1, "{}", with.output);
        assert!(!without.output.contains("starting"), "{}", without.output);
        assert_eq!(with.status, without.status, "{scenario}");
        with.status
    };
    assert_eq!(status("main").code(), Some(101));
    assert_eq!(status("thread").code(), Some(101));
    assert_eq!(status("abort").signal(), Some(6));
}

#[test]
fn only_the_first_panic_has_one() {
    for (scenario, panics) in [("while unwinding", 2), ("thread", 2), ("two threads", 3)] {
        let ended = run::with_debugger(scenario, "echo here");
        ended.crashed();
        assert_eq!(ended.output.matches("\nhere\n").count(), 1, "{scenario}: {}", ended.output);
        assert_eq!(ended.output.matches("panicked at").count(), panics, "{scenario}: {}", ended.output);
    }
}

#[test]
fn a_thread_that_panics_meanwhile_does_not_end_the_process() {
    let script = r#"while [ "$(ls "$REPORTS" | grep -c json)" != 2 ]; do sleep 0.05; done
        sleep 0.5; kill -0 $PPID && echo alive"#;
    let ended = run::with_debugger("main meanwhile", script);
    ended.crashed();
    assert!(ended.output.contains("\nalive\n"), "{}", ended.output);
}

#[test]
fn the_terminal_and_its_keys_are_put_back() {
    let ended = run::with_debugger(
        "caught",
        "stty -a | grep -o 'susp = [^;]*'; stty raw -echo; kill -INT $PPID; kill -QUIT $PPID",
    );
    assert!(ended.output.contains("susp = <undef>"), "{}", ended.output);
    assert!(ended.output.contains("the terminal is as before"), "{}", ended.output);
    // Ctrl-C is the process's own again.
    assert_eq!(ended.status.signal(), Some(2), "{}", ended.output);
}

#[test]
fn a_debugger_that_fails_is_told_and_the_crash_goes_on() {
    for (script, said) in [
        ("exit 3", "ended with exit status: 3; does it run by itself?"),
        ("kill -9 $$", "ended with signal: 9 (SIGKILL); does it run by itself?"),
        ("exit 83", "may not look into this process; the system must let it"),
    ] {
        let ended = run::with_debugger("main", script);
        ended.crashed();
        assert!(ended.output.contains("\nno debugger: "), "{}", ended.output);
        assert!(ended.output.contains(said), "{}", ended.output);
    }
}

#[test]
fn a_program_that_does_not_hear_of_its_children_waits_as_well() {
    let script = "sleep 0.3; echo here";
    let ended = run::shell_in_terminal(r#"trap '' CHLD; exec "$PROGRAM" main "$REPORTS""#, script);
    ended.crashed();
    let (_, left) = ended.output.split_once("\nhere\n").unwrap();
    assert!(left.contains("has been left: the crash goes on"), "{}", ended.output);
}

#[test]
fn one_that_is_not_there_is_told() {
    let ended =
        run::in_terminal("main", |command, _| command.env("RETRY_CRASH_DEBUGGER", "no-such-debugger"));
    ended.crashed();
    let said = "no debugger: no-such-debugger cannot be started: No such file or directory (os error 2); \
                set RETRY_CRASH_DEBUGGER to one that is there\n";
    assert!(ended.output.contains(said), "{}", ended.output);
}

#[test]
fn the_first_one_is_taken_that_works() {
    let first = |there: &[(&str, &str)]| {
        let ended = run::in_terminal("main", |command, scratch| {
            for (name, script) in there {
                scratch.script(&format!("bin/{name}"), script);
            }
            command.env("RETRY_CRASH_DEBUGGER", "1").env("PATH", scratch.path().join("bin"))
        });
        ended.crashed();
        ended.output
    };
    // Rust brings `rust-gdb` along; where there is no gdb it fails.
    let (works, fails) = ("echo $0 is run", "exit 127");
    let output = first(&[("rust-gdb", fails), ("gdb", works), ("lldb", works)]);
    assert!(output.contains("starting gdb ") && output.contains("bin/gdb is run"), "{output}");
    let output = first(&[("rust-gdb", works), ("gdb", works)]);
    assert!(output.contains("starting rust-gdb "), "{output}");
    let output = first(&[("rust-gdb", fails), ("rust-lldb", works)]);
    assert!(output.contains("starting rust-lldb "), "{output}");
    let output = first(&[]);
    let said = "no debugger: there is none of rust-gdb, rust-lldb, gdb, lldb; install gdb, or set \
                RETRY_CRASH_DEBUGGER to a program\n";
    assert!(output.contains(said), "{output}");
}

#[test]
fn where_nobody_looks_a_line_says_why_there_is_none() {
    let scratch = Scratch::new();
    let debugger = scratch.script("debugger", "echo here");
    let mut command = Command::new(run::PROGRAM);
    command.arg("main").arg(scratch.reports()).env("RETRY_CRASH_DEBUGGER", debugger).stdin(Stdio::null());
    let output = command.output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.ends_with("no debugger: the standard input is no terminal; run the program in one\n"),
        "{stderr}"
    );
    assert_eq!(output.status.code(), Some(101));
}

#[test]
fn one_in_the_background_does_not_take_the_terminal() {
    let ended = run::in_terminal("main", |command, scratch| {
        let debugger = scratch.script("debugger", "echo here");
        command.env("RETRY_CRASH_DEBUGGER", debugger)
    });
    ended.crashed();
    let in_background =
        run::shell_in_terminal(r#"set -m; "$PROGRAM" main "$REPORTS" & wait $!"#, "echo here");
    in_background.crashed();
    assert!(
        in_background
            .output
            .contains("no debugger: the program runs in the background; run it in the foreground"),
        "{}",
        in_background.output
    );
    assert!(!in_background.output.contains("\nhere\n"), "{}", in_background.output);
}

#[test]
fn a_program_with_more_rights_than_its_user_starts_none() {
    // Only root can give a program to somebody else.
    let id = Command::new("id").arg("-u").output().unwrap();
    if id.stdout != b"0\n" {
        return;
    }
    let script = r#"cp "$PROGRAM" "$REPORTS.program"; chown 12345 "$REPORTS.program"; chmod u+s "$REPORTS.program"
        chmod 755 "${REPORTS%/*}"; exec "$REPORTS.program" main "$REPORTS""#;
    let ended = run::shell_in_terminal(script, "echo here");
    ended.crashed();
    let said =
        "no debugger: this program has more rights than its user; RETRY_CRASH_DEBUGGER is not heeded\n";
    assert!(ended.output.contains(said), "{}", ended.output);
}

#[test]
fn nothing_is_started_unless_it_is_asked_for() {
    for asked in ["", "0"] {
        let ended = run::in_terminal("main", |command, _| command.env("RETRY_CRASH_DEBUGGER", asked));
        ended.crashed();
        assert!(
            !ended.output.contains("starting") && !ended.output.contains("no debugger"),
            "{}",
            ended.output
        );
    }
}

#[test]
fn what_the_program_wrote_elsewhere_is_not_what_the_debugger_says() {
    let ended = run::shell_in_terminal(r#""$PROGRAM" main "$REPORTS" > "$REPORTS.out""#, "echo here");
    ended.crashed();
    assert!(ended.output.contains("\nhere\n"), "{}", ended.output);
}

impl Ended {
    /// With the exit code of a panic.
    #[track_caller]
    fn crashed(&self) {
        assert_eq!(self.status.code(), Some(101), "{}", self.output);
    }
}
