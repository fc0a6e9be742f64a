use super::*;
use crate::crash::report::{Kind, Process, SCHEMA, Thread};

const FINGERPRINT: &str = "0123456789abcdef";

pub(in crate::crash) fn report(time: &str, id: char) -> Report {
    Report {
        schema: SCHEMA,
        id: id.to_string().repeat(32),
        time: time.into(),
        kind: Kind::Panic,
        message: "a message".into(),
        type_name: None,
        place: None,
        thread: Thread { name: None, id: "1".into() },
        app: None,
        process: Process { pid: 1, executable: None, os: String::new(), arch: String::new(), debug: true },
        context: Vec::new(),
        breadcrumbs: Vec::new(),
        causes: Vec::new(),
        frames: Vec::new(),
        notes: Vec::new(),
        fingerprint: FINGERPRINT.into(),
        occurrences: 1,
        first_seen: None,
    }
}

pub(in crate::crash) struct Scratch(pub(in crate::crash) PathBuf);

impl Scratch {
    pub(in crate::crash) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("retry-core-files-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        Self(path)
    }

    pub(in crate::crash) fn save(&self, report: &mut Report, earlier: Option<&Saved>) -> Saved {
        let wanted = Wanted::At { path: self.0.clone(), app: "test".into() };
        let saving = save(report, &wanted, earlier, false);
        assert_eq!(saving.notes, Vec::<String>::new());
        saving.saved.unwrap()
    }

    pub(in crate::crash) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap().flatten();
        let mut names: Vec<_> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(in crate::crash) fn names(time: &str, id: char) -> [String; 2] {
    ["json", "txt"].map(|ext| format!("{time}-{FINGERPRINT}-{}.{ext}", id.to_string().repeat(32)))
}

#[test]
fn a_report_is_two_files_with_names_that_sort_by_time() {
    let scratch = Scratch::new("two");
    scratch.save(&mut report("2026-04-15T10:11:12.123Z", 'a'), None);
    assert_eq!(scratch.names(), names("20260415T101112.123Z", 'a'));
}

#[test]
fn the_same_crash_within_an_hour_takes_the_place_of_the_one_before() {
    let scratch = Scratch::new("same");
    scratch.save(&mut report("2026-04-15T10:00:00.000Z", 'a'), None);
    let mut second = report("2026-04-15T10:59:00.000Z", 'b');
    scratch.save(&mut second, None);
    let mut third = report("2026-04-15T11:58:00.000Z", 'c');
    scratch.save(&mut third, None);
    assert_eq!((second.occurrences, third.occurrences), (2, 3));
    assert_eq!(third.first_seen.as_deref(), Some("2026-04-15T10:00:00.000Z"));
    assert_eq!(scratch.names(), names("20260415T115800.000Z", 'c'));
}

#[test]
fn the_same_crash_later_is_a_report_of_its_own() {
    let scratch = Scratch::new("later");
    scratch.save(&mut report("2026-04-15T10:00:00.000Z", 'a'), None);
    let mut second = report("2026-04-15T11:00:00.001Z", 'b');
    scratch.save(&mut second, None);
    assert_eq!((second.occurrences, second.first_seen, scratch.names().len()), (1, None, 4));
}

#[test]
fn another_crash_is_a_report_of_its_own() {
    let scratch = Scratch::new("other");
    scratch.save(&mut report("2026-04-15T10:00:00.000Z", 'a'), None);
    let mut second = report("2026-04-15T10:00:01.000Z", 'b');
    second.fingerprint = "fedcba9876543210".into();
    scratch.save(&mut second, None);
    assert_eq!((second.occurrences, scratch.names().len()), (1, 4));
}

#[test]
fn a_report_that_nobody_can_read_any_more_is_not_counted() {
    let scratch = Scratch::new("broken");
    let saved = scratch.save(&mut report("2026-04-15T10:00:00.000Z", 'a'), None);
    fs::write(saved.json, "{").unwrap();
    let mut second = report("2026-04-15T10:00:01.000Z", 'b');
    scratch.save(&mut second, None);
    assert_eq!((second.occurrences, scratch.names().len()), (1, 4));
}

#[test]
fn the_second_version_is_written_over_the_first_and_not_counted() {
    let scratch = Scratch::new("version");
    let mut first = report("2026-04-15T10:00:00.000Z", 'a');
    let saved = scratch.save(&mut first, None);
    first.message = "the second version".into();
    let saved = scratch.save(&mut first, Some(&saved));
    assert_eq!((first.occurrences, scratch.names().len()), (1, 2));
    assert!(fs::read_to_string(saved.json).unwrap().contains("the second version"));
}

#[test]
fn two_that_crash_at_once_end_as_one_report_that_counts_both() {
    let scratch = Scratch::new("once");
    let mut first = report("2026-04-15T10:00:00.000Z", 'a');
    let mut second = report("2026-04-15T10:00:00.001Z", 'b');
    let first_saved = scratch.save(&mut first, None);
    let second_saved = scratch.save(&mut second, None);
    scratch.save(&mut first, Some(&first_saved));
    scratch.save(&mut second, Some(&second_saved));
    assert_eq!((second.occurrences, scratch.names().len()), (2, 2));
}

#[test]
fn a_draft_goes_with_its_report_and_does_not_come_after_it() {
    let scratch = Scratch::new("draft");
    let first = scratch.save(&mut report("2026-04-15T10:00:00.000Z", 'a'), None);
    let draft = save_beside(&first, "eml", b"first").unwrap().unwrap();
    assert_eq!((fs::read(&draft).unwrap(), draft), (b"first".into(), first.json.with_extension("eml")));
    let second = scratch.save(&mut report("2026-04-15T10:00:01.000Z", 'b'), None);
    assert_eq!(scratch.names(), names("20260415T100001.000Z", 'b'));
    assert_eq!(save_beside(&first, "eml", b"too late"), Ok(None));
    assert_eq!(scratch.names(), names("20260415T100001.000Z", 'b'));
    save_beside(&second, "eml", b"second").unwrap().unwrap();
    assert_eq!(scratch.names().len(), 3);
}

#[test]
fn what_is_left_of_a_write_long_ago_is_removed_and_nothing_else() {
    let scratch = Scratch::new("left");
    fs::create_dir(&scratch.0).unwrap();
    let [json, _] = names("20260415T101112.123Z", 'a');
    let (fresh, old) = (format!(".{json}.1.tmp"), format!(".{json}.2.tmp"));
    for name in [&fresh, &old, ".mine.json.2.tmp", "notes.txt"] {
        let file = File::create(scratch.0.join(name)).unwrap();
        if name != fresh {
            file.set_modified(SystemTime::now() - 2 * LOOP).unwrap();
        }
    }
    scratch.save(&mut report("2026-04-15T10:11:12.123Z", 'b'), None);
    let left = scratch.names();
    assert!(left.contains(&fresh) && !left.contains(&old), "{left:?}");
    assert_eq!(left.len(), 5, "{left:?}");
}

#[test]
fn only_our_names_are_ours() {
    let [json, _] = names("20260415T101112.123Z", 'a');
    assert!(Stem::parse_file(&json).is_some());
    for other in [
        "report.json".to_owned(),
        json.replace(".json", ".log"),
        json.replace("20260415T", "20260415-"),
        json.replace('a', "A"),
        json.replace('a', "aa"),
        format!("x{json}"),
    ] {
        assert_eq!(Stem::parse_file(&other), None, "{other}");
    }
}

#[test]
fn whatever_the_report_says_its_name_is_one_of_ours() {
    let mut strange = report("2026-04-15T10:00:00.000Z", 'a');
    strange.fingerprint = "../../etc/passwd".into();
    strange.id = String::new();
    assert!(Stem::parse(&Stem::of(&strange).to_string()).is_some());
}
