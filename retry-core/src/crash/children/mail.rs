//! The draft beside the report, and what the user is told.

use super::run::{Crashed, Scratch, bare, crash, crash_with, files, mount};
use mail_parser::{HeaderValue, MessageParser};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

fn draft(crashed: &Crashed) -> PathBuf {
    let mut drafts = files(&crashed.scratch.reports(), "eml");
    assert_eq!(drafts.len(), 1, "{}", crashed.stderr);
    drafts.remove(0)
}

/// What is printed of the draft, after all else.
fn told(crashed: &Crashed) -> &str {
    let (_, told) = crashed.stderr.split_once("report saved in ").expect("it is saved");
    told.split_once('\n').unwrap().1
}

#[test]
fn the_draft_is_beside_the_report_and_the_user_is_told() {
    let crashed = crash("mail");
    crashed.ended_like(&bare("mail"));
    let draft = draft(&crashed);
    let json = files(&crashed.scratch.reports(), "json").remove(0);
    assert_eq!(draft, json.with_extension("eml"));
    assert_eq!(fs::metadata(&draft).unwrap().permissions().mode() & 0o777, 0o600);
    let eml = fs::read(&draft).unwrap();
    let mail = MessageParser::new().parse(&eml).unwrap();
    assert_eq!(mail.header("X-Unsent").and_then(HeaderValue::as_text), Some("1"));
    assert_eq!(mail.subject(), Some("shop 1.2.3 crashed: to be mailed"));
    assert_eq!(mail.attachment(0).unwrap().contents(), fs::read(&json).unwrap());
    let expected = format!(
        "
shop 1.2.3 crashed: to be mailed

A report of it was saved on this computer. To look at it, open this page in a browser:
  {}

Nothing was sent. To help to get this fixed, please open this draft of a mail,
say what you were doing, look at what is attached, and send it:
  {}
It goes to crashes@example.org.
",
        json.with_extension("html").display(),
        draft.display()
    );
    assert!(told(&crashed).starts_with(&expected), "{}", crashed.stderr);
}

#[test]
fn quiet_still_tells_the_user() {
    let crashed = crash("mail in silence");
    assert!(!crashed.stderr.contains("scenarios::play"), "{}", crashed.stderr);
    crashed.printed("report saved in ").printed("It goes to crashes@example.org.\n");
}

#[test]
fn a_crash_that_is_counted_has_one_draft_that_says_so() {
    let crashed = crash("mail in a loop");
    let eml = fs::read(draft(&crashed)).unwrap();
    let mail = MessageParser::new().parse(&eml).unwrap();
    assert!(mail.body_text(0).unwrap().contains("Seen    10 times"), "{:?}", mail.body_text(0));
    assert_eq!(mail.attachment(0).unwrap().contents(), crashed.report().to_json().as_bytes());
}

#[test]
fn drafts_go_with_their_reports() {
    let crashed = crash("mail of many crashes");
    let stems = |extension| {
        let stem = |path: PathBuf| path.with_extension("");
        files(&crashed.scratch.reports(), extension).into_iter().map(stem).collect::<Vec<_>>()
    };
    assert_eq!(stems("eml").len(), 20);
    assert_eq!(stems("eml"), stems("json"));
}

#[test]
fn what_is_no_address_is_told_twice_and_the_rest_goes_on() {
    let crashed = crash("mail to nobody");
    let error = "is no mail address; write it as `name@example.org`, several with commas between them";
    for wrong in ["nobody", "x"] {
        crashed.printed(&format!("crash reports cannot be mailed as wanted: `{wrong}` {error}\n"));
        assert!(
            crashed.report().notes.contains(&format!("`{wrong}` {error}")),
            "{:?}",
            crashed.report().notes
        );
    }
    crashed.printed("It goes to crashes@example.org.\n");
    draft(&crashed);
}

#[test]
fn without_a_folder_the_user_is_told_whom_to_write_to() {
    let crashed = crash("mail and no folder");
    crashed.printed("No report of it could be saved").printed("doing to crashes@example.org.\n");
    assert_eq!(files(&crashed.scratch.reports(), "eml"), [] as [PathBuf; 0]);
}

#[test]
fn a_draft_that_cannot_be_saved_costs_nothing_else() {
    let crashed = crash("mail and small files");
    crashed.ended_like(&bare("mail and small files"));
    crashed.printed("the mail draft is not saved in ").printed("report saved in ");
    crashed.printed("what you were doing, to crashes@example.org:\n");
    assert_eq!(crashed.report().message, "long ".repeat(4000));
    assert_eq!(files(&crashed.scratch.reports(), "eml"), [] as [PathBuf; 0]);
    assert_eq!(files(&crashed.scratch.reports(), "tmp"), [] as [PathBuf; 0]);
}

#[test]
fn a_disk_that_the_report_has_filled_costs_no_more_than_the_draft() {
    let mut mounted = false;
    let crashed = crash_with("a long mail", |_, scratch| {
        // For the report as JSON and as text, of 20 kB each; not for a draft with both.
        mounted = mount(&scratch.reports(), "56k");
    });
    if !mounted {
        return;
    }
    let left =
        ["json", "txt", "eml", "tmp"].map(|extension| files(&crashed.scratch.reports(), extension).len());
    Command::new("umount").arg(crashed.scratch.reports()).status().unwrap();
    assert_eq!(left, [1, 1, 0, 0], "{}", crashed.stderr);
    crashed
        .ended_like(&bare("a long mail"))
        .printed("the mail draft is not saved in ")
        .printed("No space left");
    crashed.printed("report saved in ").printed("what you were doing, to crashes@example.org:\n");
}

#[test]
fn where_nothing_can_be_saved_the_user_is_told_whom_to_write_to() {
    let crashed = crash_with("mail", |command, scratch| {
        fs::write(scratch.reports(), "not a folder").unwrap();
        command.env("TMPDIR", scratch.reports());
    });
    crashed.ended_like(&bare("mail")).printed("not saved in ").printed("No report of it could be saved");
    crashed.printed("doing to crashes@example.org.\n");
}

#[test]
fn the_application_tells_in_its_own_way() {
    let crashed = crash("the application tells");
    crashed.ended_like(&bare("the application tells"));
    crashed.printed("told: shop 1.2.3 crashed: in its own words true\nheard: true\n");
    assert!(!crashed.stderr.contains("Nothing was sent"), "{}", crashed.stderr);
    let crashed = crash("the application tells without mail");
    crashed.printed("told: None None\n");
}

#[test]
fn where_the_application_cannot_tell_the_text_is_printed_after_all() {
    for (scenario, why) in [
        ("the application panics when it tells", "panicked: speechless"),
        ("the application hangs when it tells", "took longer than 500 ms"),
    ] {
        let crashed = crash(scenario);
        crashed.ended_like(&bare(scenario)).printed(&format!("the application's `tell_user` {why}\n"));
        crashed.printed("It goes to crashes@example.org.\n");
        draft(&crashed);
    }
}

/// A program that writes down what it is to open, before it goes on as that says.
pub(super) fn opener(scratch: &Scratch, name: &str, then: &str) -> PathBuf {
    let folder = scratch.path().join("bin");
    fs::create_dir_all(&folder).unwrap();
    let (opener, written) = (folder.join(name), scratch.path().join(format!("{name}.arguments")));
    let [new, written] = [written.with_extension("new"), written].map(|path| path.display().to_string());
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$@\" > '{new}'\n/bin/mv '{new}' '{written}'\n{then}\n");
    fs::write(&opener, script).unwrap();
    fs::set_permissions(&opener, Permissions::from_mode(0o755)).unwrap();
    written.into()
}

pub(super) fn on_path(command: &mut Command, scratch: &Scratch) {
    command.env("PATH", scratch.path().join("bin"));
}

/// The opener may be busy when the process is gone.
pub(super) fn arguments(written: &Path) -> String {
    let begin = Instant::now();
    loop {
        match fs::read_to_string(written) {
            Ok(arguments) => return arguments,
            Err(error) => assert!(begin.elapsed() < Duration::from_secs(20), "{error}"),
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_draft_is_opened_with_the_desktops_own_program() {
    // One that stays, as where the mail program is started by it, does not hold up the crash.
    for then in ["", "exec /bin/sleep 3"] {
        let mut written = PathBuf::new();
        let crashed = crash_with("the application opens the draft", |command, scratch| {
            written = opener(scratch, "xdg-open", then);
            on_path(command, scratch);
        });
        crashed.ended_like(&bare("the application opens the draft")).printed("opened: Ok(())\n");
        assert_eq!(arguments(&written), format!("{}\n", draft(&crashed).display()));
        assert!(!crashed.stderr.contains("`tell_user`"), "{}", crashed.stderr);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_page_is_opened_with_the_desktops_own_program() {
    let mut written = PathBuf::new();
    let crashed = crash_with("the application opens the page", |command, scratch| {
        written = opener(scratch, "xdg-open", "");
        on_path(command, scratch);
    });
    crashed.printed("opened: Ok(())\n");
    let page = files(&crashed.scratch.reports(), "html").remove(0);
    assert_eq!(arguments(&written), format!("{}\n", page.display()));
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_opened_that_the_application_does_not_open() {
    let mut written = PathBuf::new();
    let crashed = crash_with("mail", |command, scratch| {
        written = opener(scratch, "xdg-open", "");
        on_path(command, scratch);
    });
    draft(&crashed);
    assert!(!written.exists());
}

#[cfg(target_os = "linux")]
#[test]
fn the_link_is_opened_with_the_desktops_own_program_and_if_it_fails_with_the_next() {
    let mut written = PathBuf::new();
    let crashed = crash_with("the application opens the link", |command, scratch| {
        opener(scratch, "xdg-open", "exit 3");
        written = opener(scratch, "gio", "");
        on_path(command, scratch);
    });
    crashed.printed("opened: Ok(())\n");
    let arguments = arguments(&written);
    assert!(arguments.starts_with("open\nmailto:crashes@example.org?subject=shop%201.2.3"), "{arguments}");
    assert_eq!(arguments.lines().count(), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn where_the_desktop_opens_nothing_the_error_says_what_to_do() {
    let nothing = crash_with("the application opens the draft", |command, scratch| {
        command.env("PATH", scratch.path());
    });
    let draft = draft(&nothing).display().to_string();
    nothing.printed(&format!(
        "opened: Err(\"{draft} cannot be opened: the desktop has no program that opens things"
    ));
    nothing.printed("install `xdg-utils`, or open it by hand");
    let failing = crash_with("the application opens the draft", |command, scratch| {
        opener(scratch, "xdg-open", "exit 3");
        on_path(command, scratch);
    });
    failing.printed("cannot be opened: Launcher").printed("; open it by hand");
}
