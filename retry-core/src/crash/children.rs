//! Real child processes that crash: what they print, what they leave on disk, and how they end.

mod run;
mod scenarios;

use crate::crash::report::{Kind, Shown};
use run::{bare, crash, crash_with};

#[test]
fn a_value_is_shown_and_saved() {
    let crashed = crash("a value");
    crashed.ended_like(&bare("a value")).printed("with a value").printed("all is well");
    assert_eq!(crashed.value("culprit"), Shown::Value { text: "Ok(\"all is well\")".into(), cut: false });
    let report = crashed.report();
    assert_eq!((report.kind, report.message.as_str()), (Kind::Panic, "with a value"));
    assert_eq!(report.app.unwrap().version, "1.2.3");
}

/// The values around the one that fails are there.
fn others_are_shown(crashed: &run::Crashed) {
    let shown = |text: &str| Shown::Value { text: text.into(), cut: false };
    assert_eq!(crashed.value("plain"), shown("1"));
    assert_eq!(crashed.value("before"), shown("\"a\""));
    assert_eq!(crashed.value("after"), shown("\"z\""), "{}", crashed.stderr);
}

#[test]
fn a_debug_that_fails_is_told_and_the_rest_goes_on() {
    let bare = bare("a value");
    for (scenario, why) in [
        ("a Debug that panics", "Debug panicked: the Debug is broken"),
        ("a Debug that panics half way", "Debug panicked: here"),
        ("a Debug that loops", "Debug took longer than 300 ms"),
        ("a Debug that sleeps", "Debug took longer than 300 ms"),
        ("a stack overflow", "Debug crashed (stack overflow)"),
        ("a Debug that allocates", "Debug took more than 256 MiB of memory"),
        ("a Debug that exits", "Debug ended the process with exit code 3"),
    ] {
        let crashed = crash(scenario);
        crashed.ended_like(&bare).printed("with a value").printed(why);
        assert_eq!(crashed.failure("culprit"), why, "{scenario}");
        others_are_shown(&crashed);
        for noise in ["overflowed", "memory allocation", "while processing panic"] {
            assert!(!crashed.stderr.contains(noise), "{scenario}: {}", crashed.stderr);
        }
    }
}
