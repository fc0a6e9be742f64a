//! With a real gdb: `bash tests/peers/run gdb -- cargo test -p retry-tests --test debugger`

use retry_tests::asked_for_peer;

use crate::run::{self, PROGRAM, Running};
use pty_process::blocking::Command;
use std::os::unix::process::ExitStatusExt;

/// Ends by itself.
const BATCH: &str = r#"exec rust-gdb -batch "$@""#;

#[test]
fn the_frame_at_fault_is_selected_and_its_values_are_shown() {
    if !asked_for_peer("gdb") {
        return;
    }
    for (scenario, values) in [
        ("main", &["debugged::share (order=0x", "guests = 0", "tip = 11"][..]),
        ("thread", &["debugged::share (order=0x", "guests = 0", "tip = 11"]),
        ("abort", &["debugged::share (order=0x", "guests = 0", "tip = 11"]),
        ("without attribute", &["debugged::without_attribute (order=0x", "guests = 0", "tip = 12"]),
        ("inlined", &["debugged::inlined (order=", "tip = 13"]),
    ] {
        let (ended, without) = (run::with_debugger(scenario, BATCH), run::without(scenario));
        assert_eq!(ended.status, without.status, "{scenario}: {}", ended.output);
        let (_, shown) = ended.output.rsplit_once("\n#").unwrap();
        for value in values {
            assert!(shown.contains(value), "{scenario}: {value} is not in: {}", ended.output);
        }
        assert!(!shown.contains("__"), "what the attribute adds is not shown: {shown}");
        let in_worker = ended.reports().iter().any(|report| report.thread.name.as_deref() == Some("worker"));
        assert_eq!(in_worker, scenario == "thread");
        assert!(ended.output.contains("has been left: the crash goes on"), "{}", ended.output);
    }
}

#[test]
fn it_is_used_like_any_gdb_and_left() {
    if !asked_for_peer("gdb") {
        return;
    }
    let mut running = Running::start(|scratch| {
        let command = Command::new(PROGRAM).arg("thread").arg(scratch.reports());
        command.env("RETRY_CRASH_DEBUGGER", "rust-gdb").env("HOME", scratch.path())
    });
    running.until("(gdb) ");
    // Neither key ends or stops the process that waits.
    for key in ["\x03", "\x1a\n"] {
        running.type_in(key);
        running.until("(gdb) ");
    }
    running.type_in("print order.id + tip\n");
    running.until("$1 = 18");
    running.type_in("up\n");
    running.until("in_thread");
    running.until("(gdb) ");
    // The process goes on waiting, and is interrupted for the debugger alone.
    running.type_in("continue\n");
    running.until("Continuing.");
    running.type_in("\x03");
    running.until("received signal SIGINT");
    running.until("(gdb) ");
    running.type_in("quit\n");
    running.until("(y or n)");
    running.type_in("y\n");
    let ended = running.end();
    assert_eq!((ended.status.code(), ended.status.signal()), (Some(101), None), "{}", ended.output);
    assert!(ended.output.contains("the crash goes on"), "{}", ended.output);
}

#[test]
fn one_that_may_not_look_into_the_process_is_left_at_once() {
    if !asked_for_peer("gdb") {
        return;
    }
    let ended = run::with_debugger("main", r#"shift 2; exec rust-gdb -p 99999999 "$@""#);
    ended.crashed();
    assert!(ended.output.contains("may not look into this process"), "{}", ended.output);
}
