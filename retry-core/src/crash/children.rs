//! Real child processes that crash: what they print, what they leave on disk, and how they end.

mod abort;
mod mail;
mod run;
mod scenarios;

use crate::crash::report::{Kind, Shown};
use run::{Crashed, Scratch, bare, command, crash, crash_with, files, mount};
use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::time::Duration;

fn whole(text: &str) -> Shown {
    Shown::Value { text: text.into(), cut: false }
}

#[test]
fn of_a_message_of_ten_megabytes_the_beginning_is_told() {
    let crashed = crash("a message of ten megabytes");
    let message = crashed.report().message;
    assert!(message.starts_with("x y x y") && message.ends_with("... (10000000 bytes)"));
    assert!(message.len() < 40_000 && crashed.stderr.len() < 100_000);
}

// ---- values ----

#[test]
fn a_value_is_shown_and_saved() {
    let crashed = crash("a value");
    crashed.ended_like(&bare("a value")).printed("with a value").printed("all is well");
    assert_eq!(crashed.value("culprit"), whole("Ok(\"all is well\")"));
    let report = crashed.report();
    assert_eq!((report.kind, report.message.as_str()), (Kind::Panic, "with a value"));
    assert_eq!(report.app.unwrap().version, "1.2.3");
}

/// The values around the one that fails are there, and nothing of the child's own complaints is heard.
fn others_are_shown(crashed: &Crashed) {
    assert_eq!(crashed.value("plain"), whole("1"));
    assert_eq!(crashed.value("before"), whole("\"a\""));
    assert_eq!(crashed.value("after"), whole("\"z\""), "{}", crashed.stderr);
    for noise in ["overflowed", "memory allocation", "while processing panic", "to the standard"] {
        assert!(!crashed.stderr.contains(noise), "{}", crashed.stderr);
    }
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
    }
}

#[test]
fn what_a_debug_wrote_before_it_failed_is_kept() {
    for (scenario, before) in
        [("a Debug that panics half way", "half of it"), ("a Debug that loops", "before")]
    {
        match crash(scenario).value("culprit") {
            Shown::Failed { text, .. } => assert_eq!(text, before),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_debug_that_writes_too_much_is_cut() {
    let bare = bare("a value");
    for (scenario, beginning) in [
        ("a cycle", "Node(RefCell { value: [Node(RefCell"),
        ("ten megabytes", "\"xxxx"),
        ("a Debug that ignores errors", "on and on on and on "),
        ("a Debug that unwraps errors", "on and on on and on "),
    ] {
        let crashed = crash(scenario);
        crashed.ended_like(&bare).printed("with a value");
        others_are_shown(&crashed);
        match crashed.value("culprit") {
            Shown::Value { text, cut: true } => {
                assert!(text.starts_with(beginning), "{text}");
                // What is nested very deep is not searched for secrets, and so not shown.
                assert!(text.len() == 1000 || text.contains("<nested too deep>"), "{text}");
            }
            other => panic!("{scenario}: {other:?}"),
        }
    }
}

#[test]
fn values_that_all_hang_take_no_longer_than_the_time_for_all() {
    let crashed = crash("ten Debugs that sleep");
    crashed.ended_like(&bare("ten Debugs that sleep")).printed("with ten of them");
    assert_eq!(crashed.failure("a"), "Debug took longer than 300 ms");
    assert_eq!(crashed.failure("j"), "not shown: the time for showing values was used up before");
}

#[test]
fn what_a_debug_prints_is_not_heard() {
    let crashed = crash("a Debug that prints");
    assert_eq!(crashed.value("culprit"), whole("printed"));
    others_are_shown(&crashed);
}

#[test]
fn what_a_debug_does_has_no_effect_on_the_process() {
    let crashed = crash("a Debug with an effect");
    let report = crashed.report();
    assert_eq!(report.occurrences, 2);
    assert_eq!(crashed.value("culprit"), whole("shown 0 times"));
}

#[test]
fn a_report_from_within_a_report_ends() {
    let crashed = crash("a Debug that reports");
    crashed.ended_like(&bare("a Debug that reports"));
    assert_eq!(crashed.value("culprit"), whole("from within"));
    others_are_shown(&crashed);
}

#[test]
fn a_secret_is_not_asked_for() {
    let crashed = crash("secrets");
    crashed.printed("with a secret");
    // The rules have tests of their own.
    assert!(matches!(crashed.value("culprit"), Shown::Redacted | Shown::Value { .. }));
}

// ---- context and listeners ----

#[test]
fn providers_that_panic_or_hang_do_not_keep_the_others_from_being_asked() {
    let crashed = crash("providers");
    crashed.ended_like(&bare("providers")).printed("with providers");
    let report = crashed.report();
    let context: Vec<_> = report.context.iter().map(|entry| (entry.name.as_str(), &entry.value)).collect();
    let (before, one) = (whole("it panics"), whole("1"));
    let (quoted, last) = (whole("\"a\""), whole("but not least"));
    assert_eq!(
        context,
        [("before", &before), ("before it hangs", &one), ("in quotes", &quoted), ("last", &last)]
    );
    assert_eq!(
        report.notes,
        ["context provider 1 panicked: no context today", "context provider 2 took longer than 300 ms"]
    );
}

#[test]
fn a_provider_that_needs_what_the_crash_holds_is_left_behind() {
    let crashed = crash("a provider that needs a lock");
    crashed.ended_like(&bare("a provider that needs a lock")).printed("while it holds the lock");
    assert_eq!(crashed.report().notes, ["context provider 1 took longer than 300 ms"]);
}

#[test]
fn listeners_hear_of_the_saved_report_and_can_do_no_harm() {
    let crashed = crash("a listener");
    crashed.ended_like(&bare("a listener")).printed("heard of: heard");
    crashed.printed("`on_report` panicked: not listening").printed("`on_report` took longer than");
}

// ---- panics ----

#[test]
fn the_message_comes_first_and_the_path_last() {
    let crashed = crash("a panic");
    crashed.ended_like(&bare("a panic")).printed("as plain as can be");
    let report = crashed.report();
    let place = report.place.unwrap();
    assert!(place.file.ends_with("scenarios.rs") && place.column.is_some());
    let (first, rest) = crashed.stderr.trim_start().split_once('\n').unwrap();
    assert!(first.contains(&format!("panicked at {}:{}:", place.file, place.line)), "{first}");
    assert!(rest.starts_with("as plain as can be\n"), "{rest}");
    let json = files(&crashed.scratch.reports(), "json").remove(0);
    let saved = crashed.stderr.lines().find(|line| line.starts_with("report saved in ")).unwrap();
    assert_eq!(saved, format!("report saved in {}", json.display()));
    assert!(json.with_extension("txt").exists());
}

#[test]
fn a_thread_is_told() {
    let crashed = crash("a thread");
    crashed.printed("thread 'worker' panicked at");
    assert_eq!(crashed.reports()[0].thread.name.as_deref(), Some("worker"));
}

#[test]
fn fifty_threads_that_panic_at_once_are_all_heard() {
    let crashed = crash("fifty threads");
    crashed.ended_like(&bare("fifty threads"));
    for number in 0..50 {
        crashed.printed(&format!(":\nthread number {number} of 50\n"));
    }
    let reports = crashed.reports();
    // Those that had to go on without their turn may not be counted.
    let most = reports.iter().map(|report| report.occurrences).max().unwrap();
    assert!((2..=50).contains(&most), "{most}");
    assert!(reports.len() <= 20, "{}", reports.len());
}

#[test]
fn a_payload_that_is_no_text_is_shown_where_it_can_be() {
    let crashed = crash("panic_any");
    crashed.ended_like(&bare("panic_any")).printed(":\n42\n");
    let report = crashed.report();
    assert_eq!((report.message.as_str(), report.type_name.as_deref()), ("42", Some("i32")));
    let crashed = crash("panic_any of no known type");
    crashed.ended_like(&bare("panic_any of no known type")).printed("Box<dyn Any>");
    assert!(crashed.report().place.is_some());
}

#[test]
fn resume_unwind_runs_no_hook() {
    let crashed = crash("resume_unwind");
    crashed.ended_like(&bare("resume_unwind"));
    assert_eq!(crashed.reports(), []);
}

#[test]
fn a_panic_in_a_thread_locals_destructor_is_reported() {
    let crashed = crash("a thread-local's destructor");
    crashed.ended_like(&bare("a thread-local's destructor")).printed("at the very end");
    assert_eq!(crashed.value("value"), whole("\"shown\""));
}

#[test]
fn without_a_reporter_it_is_as_it_was() {
    let crashed = crash("before install");
    crashed.ended_like(&bare("before install")).printed("too early").printed("note: run with");
    assert_eq!(crashed.reports(), []);
    let crashed = crash("after the guard");
    crashed.ended_like(&bare("after the guard")).printed("too late").printed("note: run with");
    assert_eq!(crashed.reports(), []);
}

#[test]
fn a_panic_that_aborts_is_reported_once_for_each_that_was_raised() {
    let messages = |crashed: &Crashed| {
        let mut messages: Vec<_> = crashed.reports().into_iter().map(|report| report.message).collect();
        messages.sort();
        messages
    };
    let crashed = crash("an escaping Drop panic");
    crashed.ended_like(&bare("an escaping Drop panic")).printed("the process aborts");
    assert_eq!(messages(&crashed), ["the first", "the second"]);
    let crashed = crash("extern C");
    crashed.ended_like(&bare("extern C")).printed("the process aborts");
    assert_eq!(messages(&crashed), ["towards C"]);
    let crashed = crash("a caught Drop panic");
    crashed.ended_like(&bare("a caught Drop panic"));
    assert_eq!(messages(&crashed), ["the first", "the second"]);
}

#[test]
fn a_caught_panic_lets_the_process_go_on() {
    let crashed = crash("caught");
    crashed.ended_like(&bare("caught")).printed("caught");
    assert!(crashed.status.success());
    assert_eq!(crashed.report().message, "caught");
}

#[test]
fn a_lock_of_the_standard_error_output_holds_nothing_up() {
    let crashed = crash("a lock of stderr");
    crashed.ended_like(&bare("a lock of stderr")).printed("while writing").printed("report saved in");
    let crashed = crash("another thread's lock of stderr");
    crashed.printed("locked out").printed("report saved in");
    assert!(crashed.took < Duration::from_secs(1));
}

// ---- hooks ----

#[test]
fn an_earlier_hook_still_runs_and_is_put_back() {
    let crashed = crash("an earlier hook");
    crashed.printed("earlier: panicked at");
    assert_eq!(crashed.stderr.matches("earlier: panicked at").count(), 2);
    assert_eq!(crashed.report().message, "one");
    assert!(!crashed.stderr.contains("note: run with"));
}

#[test]
fn a_later_hook_stays_and_what_it_calls_is_std_again() {
    let crashed = crash("a later hook");
    assert_eq!(crashed.stderr.matches("later\n").count(), 2);
    assert_eq!(crashed.stderr.matches("note: run with").count(), 1);
    assert_eq!(crashed.report().message, "one");
}

#[test]
fn of_two_reporters_the_last_one_reports() {
    let crashed = crash("two guards");
    let mut reports = crashed.reports();
    reports.sort_by(|a, b| a.message.cmp(&b.message));
    let told =
        reports.iter().map(|report| (report.message.as_str(), report.app.as_ref().unwrap().name.as_str()));
    assert_eq!(told.collect::<Vec<_>>(), [("both", "second"), ("the second alone", "second")]);
    assert_eq!(crashed.stderr.matches("note: run with").count(), 1, "{}", crashed.stderr);
}

#[test]
fn a_guard_dropped_while_panicking_reports_no_more() {
    let crashed = crash("the guard dropped while panicking");
    let mut messages: Vec<_> = crashed.reports().into_iter().map(|report| report.message).collect();
    messages.sort();
    assert_eq!(messages, ["one", "three"]);
    assert_eq!(crashed.stderr.matches("note: run with").count(), 1, "{}", crashed.stderr);
}

#[test]
fn a_reporter_within_anothers_time_gives_it_back() {
    let crashed = crash("a guard within another's time");
    let report = crashed.report();
    assert_eq!((report.message.as_str(), report.app.unwrap().name.as_str()), ("the first again", "shop"));
    assert_eq!(crashed.stderr.matches("note: run with").count(), 1, "{}", crashed.stderr);
}

#[test]
fn installing_while_panicking_does_nothing_and_says_so() {
    let crashed = crash("installed while panicking");
    crashed.ended_like(&bare("installed while panicking")).printed("on its way").printed("is not installed");
}

#[test]
fn installing_from_several_threads_leaves_everything_as_it_was() {
    let crashed = crash("installed everywhere");
    crashed.printed("std again");
    assert_eq!(crashed.stderr.matches("note: run with").count(), 1, "{}", crashed.stderr);
    assert_eq!(crashed.report().message, "ours");
}

// ---- the standard error output ----

#[test]
fn nobody_has_to_listen() {
    for to in ["closed", "full", "broken"] {
        let change = |command: &mut std::process::Command, _: &Scratch| match to {
            "full" => {
                command.stderr(File::options().write(true).open("/dev/full").unwrap());
            }
            "broken" => {
                let (reader, writer) = std::io::pipe().unwrap();
                drop(reader);
                command.stderr(writer);
            }
            _ => {}
        };
        let scenario = if to == "closed" { "stderr closed" } else { "a value" };
        let crashed = crash_with(scenario, change);
        let bare = crash_with(scenario, |command, scratch| {
            change(command, scratch);
            command.env("RETRY_CORE_SCENARIO_BARE", "1");
        });
        crashed.ended_like(&bare);
        assert_eq!(crashed.report().occurrences, 1, "{to}");
    }
}

#[test]
fn a_pipe_that_nobody_reads_is_not_waited_for() {
    let (_reader, writer) = std::io::pipe().unwrap();
    fill(&writer);
    let crashed = crash_with("a value", |command, _| {
        command.stderr(writer);
    });
    assert!(crashed.took < Duration::from_millis(2500), "{:?}", crashed.took);
    assert_eq!(crashed.report().message, "with a value");
}

fn fill(pipe: &std::io::PipeWriter) {
    use nix::fcntl::{FcntlArg, OFlag, fcntl};
    let set = |flags| fcntl(pipe, FcntlArg::F_SETFL(flags)).unwrap();
    set(OFlag::O_NONBLOCK);
    while nix::unistd::write(pipe, &[b'x'; 4096]).is_ok() {}
    set(OFlag::empty());
}

#[test]
fn quiet_prints_the_message_and_the_path() {
    let crashed = crash("quiet");
    let lines: Vec<_> = crashed.stderr.trim().lines().collect();
    assert!(lines[0].contains("panicked at") && lines[1] == "in silence", "{lines:?}");
    assert!(lines[2].starts_with("report saved in ") && lines.len() == 3, "{lines:?}");
}

// ---- files ----

#[test]
fn only_the_user_can_read_the_files() {
    let crashed = crash("a panic");
    let folder = crashed.scratch.reports();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let entries: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(entries.len(), 3, "{entries:?}");
    assert!(entries.iter().all(|path| mode(path) == 0o600));
}

#[test]
fn a_crash_loop_is_one_report() {
    let crashed = crash("a crash loop");
    let report = crashed.report();
    assert_eq!(report.occurrences, 100);
    assert!(report.first_seen.unwrap() < report.time);
    assert_eq!(files(&crashed.scratch.reports(), "txt").len(), 1);
    assert_eq!(crashed.stderr.matches("panicked at").count(), 100);
}

#[test]
fn of_many_crashes_the_newest_twenty_are_kept() {
    let crashed = crash_with("thirty crashes", |_, scratch| {
        fs::create_dir(scratch.reports()).unwrap();
        fs::write(scratch.reports().join("mine.json"), "{}").unwrap();
    });
    let folder = crashed.scratch.reports();
    fs::remove_file(folder.join("mine.json")).expect("files that are no reports are left alone");
    let lengths: Vec<_> = crashed.reports().iter().map(|report| report.message.len()).collect();
    assert_eq!(lengths, (10..30).map(|number| number * "different ".len()).collect::<Vec<_>>());
    assert_eq!(files(&folder, "txt").len(), 20);
}

#[test]
fn processes_that_crash_at_once_break_no_file() {
    let scratch = Scratch::new();
    let spawn = |_| command("a crash loop", &scratch).stderr(std::process::Stdio::null()).spawn().unwrap();
    let children: Vec<_> = (0..4).map(spawn).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let reports: Vec<_> = files(&scratch.reports(), "json");
    assert!(!reports.is_empty());
    for path in &reports {
        serde_json::from_slice::<crate::crash::Report>(&fs::read(path).unwrap()).unwrap();
    }
    assert!(reports.len() <= 20, "{}", reports.len());
    assert_eq!(files(&scratch.reports(), "tmp").len(), 0);
}

/// The reports that a child saved among the temporary files.
fn in_temporary(crashed: &Crashed) -> usize {
    let entries = fs::read_dir(crashed.scratch.path()).unwrap().flatten();
    let folders = entries.filter(|entry| entry.file_name().to_string_lossy().contains("-crashes"));
    let private = |folder: &fs::DirEntry| folder.metadata().unwrap().mode() & 0o777 == 0o700;
    folders.inspect(|folder| assert!(private(folder))).map(|folder| files(&folder.path(), "json").len()).sum()
}

#[test]
fn a_folder_that_is_a_file_is_told_and_another_one_is_found() {
    let crashed = crash_with("a panic", |_, scratch| fs::write(scratch.reports(), "not a folder").unwrap());
    crashed.ended_like(&bare("a panic")).printed("as plain as can be").printed("not saved in ");
    crashed.printed("report saved in ");
    assert_eq!(in_temporary(&crashed), 1);
    assert_eq!(fs::read_to_string(crashed.scratch.reports()).unwrap(), "not a folder");
}

#[test]
fn a_folder_of_another_users_is_not_written_to() {
    if !nix::unistd::geteuid().is_root() {
        return;
    }
    let crashed = crash_with("a panic", |_, scratch| {
        fs::create_dir(scratch.reports()).unwrap();
        chown(scratch.reports(), Some(12345), None).unwrap();
    });
    crashed.printed("as plain as can be").printed("belongs to another user (12345)");
    assert_eq!((crashed.reports(), in_temporary(&crashed)), (vec![], 1));
}

#[test]
fn where_nothing_can_be_saved_it_is_printed() {
    let crashed = crash_with("a value", |command, scratch| {
        fs::write(scratch.reports(), "not a folder").unwrap();
        command.env("TMPDIR", scratch.reports());
    });
    crashed.ended_like(&bare("a value")).printed("with a value").printed("all is well");
    crashed.printed("not saved in ");
    assert!(!crashed.stderr.contains("report saved in "), "{}", crashed.stderr);
}

#[test]
fn a_limit_of_the_size_of_files_is_heeded() {
    let crashed = crash("a file-size limit");
    crashed
        .ended_like(&bare("a file-size limit"))
        .printed("no file is small enough")
        .printed("not saved in ");
    let left = fs::read_dir(crashed.scratch.reports()).unwrap().count();
    assert_eq!(left, 0);
}

#[test]
fn a_full_disk_costs_no_more_than_the_file() {
    let mut mounted = false;
    let crashed = crash_with("a panic", |command, scratch| {
        mounted = mount(&scratch.reports(), "4k");
        if mounted {
            // Its one page is taken.
            fs::write(scratch.reports().join("filler"), "x").unwrap();
            command.env("TMPDIR", scratch.reports());
        }
    });
    if mounted {
        let left = fs::read_dir(crashed.scratch.reports()).unwrap().flatten();
        let left = left.filter(|entry| entry.file_type().unwrap().is_file());
        let left: Vec<_> = left.map(|entry| entry.file_name()).collect();
        std::process::Command::new("umount").arg(crashed.scratch.reports()).status().unwrap();
        assert_eq!(left.len(), 1, "{left:?}");
        crashed.ended_like(&bare("a panic")).printed("as plain as can be").printed("not saved in ");
    }
}

#[test]
fn the_default_folder_is_the_applications_own() {
    let crashed = crash("the default folder");
    let folder = crashed.scratch.path().join(".local/share/my-shop/crashes");
    let linux = cfg!(target_os = "linux");
    assert!(!linux || files(&folder, "json").len() == 1, "{}", crashed.stderr);
    crashed.printed("report saved in ");
}

#[test]
fn without_a_home_it_is_saved_all_the_same() {
    let crashed = crash_with("all defaults", |command, scratch| {
        // Where the user has a home all the same, nothing is to be left in it.
        command.env_remove("HOME").env("XDG_DATA_HOME", scratch.path().join("data"));
    });
    crashed.printed("to the default folder").printed("report saved in ");
}

#[test]
fn with_nothing_left_of_memory_and_threads_the_message_is_there() {
    let crashed = crash("no more threads");
    crashed.ended_like(&bare("no more threads")).printed("out of everything");
    crashed.printed("as there is no thread for it");
    let report = crashed.report();
    assert!(report.notes.iter().any(|note| note.contains("no thread")), "{:?}", report.notes);
}

// ---- errors ----

#[test]
fn an_error_is_reported_with_its_causes() {
    let crashed = crash("an error");
    crashed.ended_like(&bare("caught")).printed("the order is not saved").printed("the disk is full");
    let report = crashed.report();
    assert_eq!((report.kind, report.message.as_str()), (Kind::Error, "the order is not saved"));
    assert_eq!(report.causes, ["the order is not saved", "the disk is full"]);
    assert!(report.place.unwrap().file.ends_with("scenarios.rs"));
}

#[test]
fn an_error_without_a_reporter_is_printed_alone() {
    let crashed = crash("an error with no reporter");
    assert!(crashed.status.success());
    crashed.printed("alone");
}

#[test]
fn an_error_that_cannot_be_shown_is_reported_all_the_same() {
    let report = crash("an error that panics").report();
    assert_eq!(report.message, "an error that could not be shown");
    assert!(report.notes[0].contains("an error that cannot be shown"), "{:?}", report.notes);
    assert_eq!(crash("an error that is its own cause").report().causes.len(), 65);
}
