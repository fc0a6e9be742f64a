//! `list`

use crate::support::{Folder, program, report, run, stem, three};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

#[test]
fn the_newest_report_is_the_first() {
    let listed = Folder::with_three().run(&["list"]).well();
    let expected = "\
#  id        when (UTC)           seen  app         where          message
1  cccccccc  2026-04-17 19:30:00  1x    shop 1.2.3  src/main.rs:5  attempt to divide by zero
2  bbbbbbbb  2026-04-16 08:00:00  1x    shop 1.2.3  src/pay.rs:51  no answer from the payment service\\nwithin 30 s
3  aaaaaaaa  2026-04-15 10:11:12  4x    shop 1.2.3  src/main.rs:5  attempt to divide by zero
";
    assert_eq!(listed, expected);
}

#[test]
fn each_crash_is_one_row_if_asked() {
    let listed = Folder::with_three().run(&["list", "--group"]).well();
    let rows: Vec<&str> = listed.lines().skip(1).collect();
    assert_eq!(rows.len(), 2, "{listed}");
    assert!(
        rows[0].starts_with("1  cccccccc  2026-04-17 19:30:00  2026-04-15 09:58:00  5x    shop"),
        "{listed}"
    );
    assert!(
        rows[1].starts_with("2  bbbbbbbb  2026-04-16 08:00:00  2026-04-16 08:00:00  1x    shop"),
        "{listed}"
    );
}

#[test]
fn programs_get_json() {
    let folder = Folder::with_three();
    folder.write("20260415T101112.123Z-0123456789abcdef-0123456789abcdef0123456789abcdef.json", "{");
    let ran = folder.run(&["list", "--json"]);
    assert_eq!(ran.code, Some(0));
    let listed: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let newest = &listed["reports"][0];
    let of = |key: &str| newest[key].clone();
    assert_eq!((of("number"), of("time")), (json!(1), json!("2026-04-17T19:30:00.000Z")));
    assert_eq!((of("function"), of("kind")), (json!("shop::share"), json!("panic")));
    assert_eq!(of("place"), json!({"file": "src/main.rs", "line": 5, "column": 5}));
    assert_eq!(of("app"), json!({"name": "shop", "version": "1.2.3"}));
    assert_eq!(listed["reports"][1]["message"], "no answer from the payment service\nwithin 30 s");
    let path = folder.path().join(format!("{}.json", stem(&three()[2])));
    assert_eq!(of("path"), json!(path.to_str()));
    let error = listed["unreadable"][0]["error"].as_str().expect("an error");
    assert!(error.contains("cut off"), "{error}");

    let ran = folder.run(&["list", "--json", "--group"]);
    let listed: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let crash = &listed["reports"][0];
    assert_eq!((&crash["count"], &crash["reports"]), (&json!(5), &json!(2)));
    assert_eq!(crash["newest"]["number"], 1);
}

#[test]
fn those_that_cannot_be_read_are_told_and_hide_nothing() {
    let folder = Folder::with_three();
    let [newest, ..] = three();
    folder.write(&format!("2027{}.json", &stem(&newest)[4..]), "{");
    let newer = report("2028-01-01T00:00:00.000Z", 'd', &json!({"schema": 2}));
    folder.write(&format!("{}.json", stem(&newer)), newer.to_string());
    let ran = folder.run(&["list"]);
    assert_eq!(ran.code, Some(0), "the folder could be read");
    assert_eq!(ran.stdout.lines().count(), 4, "{}", ran.stdout);
    assert!(ran.stdout.contains("\n3  cccccccc"), "numbers are those of all: {}", ran.stdout);
    let said: Vec<&str> = ran.stderr.lines().collect();
    assert!(said[0].starts_with("1: ") && said[0].contains("has schema 2"), "{}", ran.stderr);
    assert!(said[1].starts_with("2: ") && said[1].contains("cut off"), "{}", ran.stderr);
}

#[test]
fn nothing_in_a_report_gives_orders_to_the_terminal() {
    let folder = Folder::empty();
    let hostile = "\u{1b}[2J\u{202e}\r\n\u{7}x";
    folder.put(&report(
        "2026-04-15T10:11:12.123Z",
        'a',
        &json!({
            "message": hostile, "app": {"name": hostile, "version": hostile}, "thread": {"name": hostile, "id": hostile},
            "place": {"file": hostile, "line": 1}, "first_seen": hostile, "type_name": hostile,
        }),
    ));
    for arguments in [&["list"][..], &["list", "--group"], &["show"], &["prune", "--keep", "0", "--dry-run"]]
    {
        let written = folder.run(arguments).well();
        let hostile = |letter: char| letter.is_control() && letter != '\n' || letter == '\u{202e}';
        assert!(!written.contains(hostile), "{arguments:?}: {written:?}");
    }
    assert_eq!(folder.run(&["list"]).well().lines().count(), 2);
}

#[test]
fn what_is_longer_than_anybody_reads_is_cut() {
    let folder = Folder::empty();
    let long = "é".repeat(100_000);
    let place = json!({"file": long, "line": 1});
    folder.put(&report(
        "2026-04-15T10:11:12.123Z",
        'a',
        &json!({"message": long, "app": {"name": long, "version": "1"}, "place": place}),
    ));
    let listed = folder.run(&["list"]).well();
    assert!(listed.lines().all(|line| line.chars().count() < 800), "{}", listed.len());
    assert!(listed.trim_end().ends_with("..."));
}

#[test]
fn a_folder_without_reports_is_an_empty_list() {
    let folder = Folder::empty();
    folder.write("notes.txt", "mine");
    let listed = folder.run(&["list"]).well();
    assert_eq!(listed.lines().count(), 1, "{listed}");
    assert_eq!(folder.run(&["list", "--json"]).well(), "{\"reports\":[],\"unreadable\":[]}\n");
}

#[test]
fn a_folder_has_to_be_named_and_to_be_there() {
    let folder = Folder::empty();
    let (code, said) = run(&mut program(&["list"])).badly();
    assert_eq!((code, said.as_str()), (2, "error: no folder is named; give `--app NAME` or `--dir PATH`\n"));
    let missing = folder.path().join("missing");
    let (code, said) = run(program(&["list", "--dir"]).arg(&missing)).badly();
    assert!(
        code == 1 && said.contains("missing: there is no such folder; nothing was saved there yet"),
        "{said}"
    );
    let file = folder.write("file", "");
    let (code, said) = run(program(&["list", "--dir"]).arg(&file)).badly();
    assert!(code == 1 && said.contains("file: this is no folder"), "{said}");
    let (code, said) = run(&mut program(&["list", "--dir", "a", "--app", "b"])).badly();
    assert!(code == 2 && said.contains("cannot be used with"), "{said}");
    assert_eq!(run(&mut program(&["lost"])).code, Some(2));
    assert_eq!(run(&mut program(&["--help"])).code, Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn an_application_is_found_where_it_saves() {
    let home = Folder::of_app("shop", &three()[..1]);
    let ran = run(program(&["list", "--app", "shop"]).env("XDG_DATA_HOME", home.path()));
    let listed = ran.well();
    assert_eq!(listed.lines().count(), 2, "{listed}");
}

#[test]
fn whoever_has_read_enough_may_close_the_pipe() {
    let folder = Folder::empty();
    for number in 0..3000 {
        let id = format!("{number:032x}");
        folder.put(&report("2026-04-15T10:11:12.123Z", 'a', &json!({"id": id})));
    }
    let mut command = folder.command(&["list"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    let mut first = String::new();
    let mut stdout = BufReader::with_capacity(16, child.stdout.take().expect("a pipe"));
    stdout.read_line(&mut first).expect("a line");
    drop(stdout);
    let mut said = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("text");
    assert_eq!((child.wait().expect("it ends").code(), said.as_str()), (Some(0), ""));
    assert!(first.starts_with('#'), "{first}");
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_takes_nothing_is_an_error_and_no_panic() {
    let folder = Folder::with_three();
    let full = std::fs::File::options().write(true).open("/dev/full").expect("a device");
    let ran = run(folder.command(&["list"]).stdout(full));
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.starts_with("error: the output cannot be written: No space left"), "{}", ran.stderr);
    let full = std::fs::File::options().write(true).open("/dev/full").expect("a device");
    let status = program(&["list"]).stderr(full).status().expect("it runs");
    assert_eq!(status.code(), Some(2));
}
