//! `show`, and how reports are named.

use crate::support::{Folder, program, report, run, stem, three};
use retry_core::crash::Report;
use serde_json::json;

fn said(folder: &Folder, name: &str) -> (i32, String) {
    folder.run(&["show", name]).badly()
}

#[test]
fn without_a_name_the_newest_is_shown() {
    let folder = Folder::with_three();
    let shown = folder.run(&["show"]).well();
    let newest = Report::from_json(&three()[2].to_string()).expect("a report");
    assert_eq!(shown, newest.to_text(false));
    assert!(shown.contains("guests = 0"), "{shown}");
}

#[test]
fn a_report_has_many_names() {
    let folder = Folder::with_three();
    let [oldest, ..] = three();
    let file = format!("{}.json", stem(&oldest));
    let path = folder.path().join(&file);
    let id = "a".repeat(32);
    for name in ["3", "aaaa", &id, "20260415", &stem(&oldest), &file, path.to_str().expect("text")] {
        let shown = folder.run(&["show", name, "--format", "json"]).well();
        let shown: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
        assert_eq!(shown["id"], oldest["id"], "{name}");
    }
}

#[test]
fn a_path_needs_no_folder_and_no_name_of_ours() {
    let folder = Folder::empty();
    let path = folder.write("sent by mail.txt", three()[0].to_string());
    let shown = run(program(&["show"]).arg(&path)).well();
    assert!(shown.contains("attempt to divide by zero"), "{shown}");
    let shown = run(program(&["show", "sent by mail.txt"]).current_dir(folder.path())).well();
    assert!(shown.contains("attempt to divide by zero"), "{shown}");
}

#[test]
fn a_name_of_no_report_or_of_several_is_said_so() {
    let folder = Folder::with_three();
    let text = "error: there is no report `7` among 3; `list` shows them with their numbers and ids\n";
    assert_eq!(said(&folder, "7"), (1, text.to_owned()));
    for name in ["0", "-1", "zzz", "", "A", "99999999999999999999999", "\u{1b}[2J", "..", "é"] {
        let (code, said) = folder.run(&["show", "--", name]).badly();
        assert!(code == 1 && said.starts_with("error: there is no report `"), "{name}: {said}");
        assert!(!said.contains('\u{1b}'), "{said:?}");
    }
    let (code, said) = said(&folder, "202604");
    assert!(code == 1 && said.contains("`202604` is the beginning of 3 reports; give more of it"), "{said}");
    let (code, said) = Folder::empty().run(&["show"]).badly();
    assert!(code == 1 && said.starts_with("error: there are no reports in "), "{said}");
}

#[test]
fn a_report_that_cannot_be_read_says_why() {
    let folder = Folder::with_three();
    let broken = report("2027-01-01T00:00:00.000Z", 'd', &json!({}));
    folder.write(&format!("{}.json", stem(&broken)), &broken.to_string()[..300]);
    let (code, said) = said(&folder, "1");
    assert!(code == 1 && said.contains("the crash report is cut off ("), "{said}");
    let (code, said) = run(&mut program(&["show", "/no/such\n/file"])).badly();
    assert!(code == 1 && said.contains("/no/such\\n/file: there is no such file"), "{said}");
    let (code, said) = run(program(&["show"]).arg(folder.path())).badly();
    assert!(code == 1 && said.contains("this is a folder, not a file"), "{said}");
}

#[test]
fn colors_are_as_the_user_says() {
    let folder = Folder::with_three();
    let forced = run(folder.command(&["show"]).env("CLICOLOR_FORCE", "1")).well();
    assert!(forced.contains("\u{1b}[1;31mattempt to divide by zero"), "{forced:?}");
    let refused = run(folder.command(&["show"]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1")).well();
    assert!(!refused.contains('\u{1b}'));
}
