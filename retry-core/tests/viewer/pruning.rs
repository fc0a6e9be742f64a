//! `prune`

use crate::support::{Folder, report, stem, three};
use serde_json::json;

const BROKEN: &str = "20200101T000000.000Z-0123456789abcdef-dddddddddddddddddddddddddddddddd.json";

/// With what must not be touched.
fn folder() -> Folder {
    let folder = Folder::with_three();
    let [oldest, ..] = three();
    folder.write(&format!("{}.html", stem(&oldest)), "");
    folder.write(&format!("{}.eml", stem(&oldest)), "");
    folder.write(&format!("{}.log", stem(&oldest)), "mine");
    folder.write("notes.json", "mine");
    folder.write(BROKEN, "{");
    folder
}

/// How many files there are of each of the three.
fn left(folder: &Folder) -> Vec<usize> {
    let names = folder.names();
    let beside = format!("{}.log", stem(&three()[0]));
    assert!(names.contains(&beside) && names.contains(&"notes.json".to_owned()), "{names:?}");
    let is_of = |name: &String, report| name.starts_with(&stem(report)) && *name != beside;
    three().iter().map(|report| names.iter().filter(|name| is_of(name, report)).count()).collect()
}

#[test]
fn what_is_too_much_goes_with_all_its_files() {
    let folder = folder();
    let said = folder.run(&["prune", "--keep", "2"]).well();
    assert_eq!(said, format!("removed {} (json, txt, html, eml)\n", stem(&three()[0])));
    assert_eq!(left(&folder), [0, 2, 2]);
    assert!(folder.path().join(BROKEN).exists(), "what cannot be read stays");
    assert_eq!(folder.run(&["prune", "--keep", "2"]).well(), "nothing to remove\n");
}

#[test]
fn what_is_too_old_goes() {
    let folder = folder();
    folder.put(&report("2199-01-01T00:00:00.000Z", 'e', &json!({})));
    let now = humantime::format_rfc3339_millis(std::time::SystemTime::now()).to_string();
    folder.put(&report(&now, 'f', &json!({})));
    let said = folder.run(&["prune", "--older-than", "1h"]).well();
    assert_eq!(said.lines().count(), 3, "{said}");
    assert_eq!(left(&folder), [0, 0, 0]);
    let listed = folder.run(&["list"]).stdout;
    assert_eq!(listed.lines().count(), 3, "those of the last hour and of the future stay: {listed}");
}

#[test]
fn a_trial_removes_nothing() {
    let folder = folder();
    let before = folder.names();
    let said = folder.run(&["prune", "--keep", "1", "--older-than", "1s", "--dry-run"]).well();
    assert_eq!(said.lines().filter(|line| line.starts_with("would remove 2026041")).count(), 3, "{said}");
    assert_eq!(folder.names(), before);
}

#[test]
fn what_cannot_be_read_goes_if_it_is_named() {
    let folder = folder();
    assert_eq!(
        folder.run(&["prune", "dddd"]).well(),
        format!("removed {} (json)\n", BROKEN.trim_end_matches(".json"))
    );
    assert_eq!(left(&folder), [4, 2, 2]);
    assert!(!folder.path().join(BROKEN).exists());
}

#[test]
fn numbers_are_those_of_the_list_before_anything_is_removed() {
    let folder = folder();
    folder.run(&["prune", "1", "2", "1"]).well();
    assert_eq!(left(&folder), [4, 0, 0]);
}

#[test]
fn nothing_is_removed_where_the_wish_is_not_clear() {
    let folder = folder();
    let before = folder.names();
    for (arguments, code, expected) in [
        (&["prune"][..], 2, "error: nothing says what to remove; give `--keep N`"),
        (&["prune", "--keep", "-1"], 2, "error: "),
        (&["prune", "--keep", "many"], 2, "error: invalid value 'many'"),
        (&["prune", "--older-than", "soon"], 2, "error: invalid value 'soon'"),
        (&["prune", "1", "zzzz"], 1, "error: there is no report `zzzz`"),
        (&["prune", "notes.json"], 1, "error: there is no report `notes.json`"),
        (&["prune", "../notes"], 1, "error: there is no report `../notes`"),
    ] {
        let (exit, said) = folder.run(arguments).badly();
        assert!(exit == code && said.starts_with(expected), "{arguments:?}: {exit} {said}");
        assert_eq!(folder.names(), before);
    }
}

#[test]
fn what_cannot_be_removed_is_said_and_the_rest_goes() {
    let folder = folder();
    let directory = "20300101T000000.000Z-0123456789abcdef-eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee.json";
    std::fs::create_dir(folder.path().join(directory)).expect("a folder");
    let ran = folder.run(&["prune", "eeee", "aaaa"]);
    assert_eq!((ran.code, ran.stdout.lines().count()), (Some(1), 1), "{}", ran.stderr);
    assert!(ran.stderr.contains(&format!("{directory} is not removed")), "{}", ran.stderr);
    assert!(
        ran.stderr.ends_with("error: 1 of 2 reports stay; see who may write to the folder\n"),
        "{}",
        ran.stderr
    );
    assert_eq!(left(&folder), [0, 2, 2]);
}
