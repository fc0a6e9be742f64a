use super::super::tests::{Scratch, names, report};
use super::Reports;
use crate::crash::report::Report;
use std::error::Error;
use std::fs::{self, File};
use std::path::Path;

const TIME: &str = "20260415T101112.123Z";

/// A folder with nothing in it.
fn folder(name: &str) -> (Scratch, Reports) {
    let scratch = Scratch::new(&format!("saved-{name}"));
    fs::create_dir_all(&scratch.0).unwrap();
    let reports = Reports::in_folder(&scratch.0);
    (scratch, reports)
}

/// The JSON of a report's files that has this in it.
fn put(scratch: &Scratch, id: char, content: impl AsRef<[u8]>) {
    let [json, _] = names(TIME, id);
    fs::write(scratch.0.join(json), content).unwrap();
}

#[test]
fn what_was_saved_is_listed_the_newest_first_and_read() {
    let (scratch, reports) = folder("list");
    let mut old = report("2026-04-15T10:11:12.123Z", 'a');
    let mut new = report("2026-04-15T12:00:00.000Z", 'b');
    scratch.save(&mut old, None);
    scratch.save(&mut new, None);

    let listed = reports.list().unwrap();

    assert_eq!(reports.folder(), scratch.0);
    let read: Vec<Report> = listed.iter().map(|saved| saved.read().unwrap()).collect();
    assert_eq!(read, [new, old.clone()]);
    let saved = &listed[1];
    assert_eq!((saved.id(), saved.fingerprint(), saved.time()), (&*old.id, &*old.fingerprint, old.time));
    assert_eq!(saved.path().file_stem().unwrap(), saved.name());
    let extensions: Vec<_> =
        saved.files().iter().map(|path| path.extension().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(extensions[..2], ["json", "txt"]);
}

#[test]
fn the_folder_of_an_application_is_the_one_that_its_reports_are_saved_in() {
    let reports = Reports::of_app("shop/../x").expect("there is a home folder");
    assert!(reports.folder().ends_with("shop-..-x/crashes"), "{}", reports.folder().display());
}

#[test]
fn a_report_is_removed_with_all_its_files_and_nothing_else_is() {
    let (scratch, reports) = folder("remove");
    scratch.save(&mut report("2026-04-15T10:11:12.123Z", 'a'), None);
    let saved = reports.list().unwrap().remove(0);
    for extension in ["html", "eml", "log"] {
        fs::write(
            scratch.0.join(saved.name()).with_extension(format!("123Z{}.{extension}", &saved.name()[20..])),
            "",
        )
        .unwrap();
    }
    fs::write(scratch.0.join("notes.txt"), "").unwrap();
    assert!(saved.files().len() >= 4, "{:?}", saved.files());

    saved.remove().unwrap();

    let left = scratch.names();
    assert_eq!(left, [format!("{}.log", saved.name()), "notes.txt".to_owned()]);
    saved.remove().expect("what is not there is removed");
}

#[test]
fn a_folder_that_is_not_there_or_none_says_so() {
    let (scratch, _) = folder("none");
    let file = scratch.0.join("file");
    File::create(&file).unwrap();
    let missing = Reports::in_folder(scratch.0.join("missing\x1b[2J\n")).list().unwrap_err();
    assert!(missing.is_missing());
    let said = missing.to_string();
    assert!(said.ends_with("missing\\u{1b}[2J\\n: there is no such folder; nothing was saved there yet, or it has another name"), "{said}");
    let none = Reports::in_folder(&file).list().unwrap_err();
    assert!(!none.is_missing() && none.path() == file && none.source().is_some());
    assert!(none.to_string().ends_with("file: this is no folder; name the one with the reports"), "{none}");
}

#[test]
fn a_report_that_disappears_after_it_was_listed_says_so() {
    let (scratch, reports) = folder("gone");
    put(&scratch, 'a', "{}");
    let saved = reports.list().unwrap().remove(0);
    fs::remove_file(saved.path()).unwrap();
    let error = saved.read().unwrap_err();
    assert!(error.is_missing(), "{error}");
    assert!(error.to_string().ends_with(".json: there is no such file; list the reports anew"), "{error}");
}

#[test]
fn what_cannot_be_read_says_why_and_hides_nothing_else() {
    let (scratch, reports) = folder("broken");
    let good = report("2026-04-15T10:11:12.123Z", 'f');
    let json = good.to_json();
    put(&scratch, 'f', &json);
    put(&scratch, 'e', &json[..json.len() / 2]);
    put(&scratch, 'd', json.replacen("\"schema\":1", "\"schema\":2", 1));
    put(&scratch, 'c', "hello");
    put(&scratch, 'b', [0xff, 0xfe, 0]);
    put(&scratch, 'a', "");
    let [large, _] = names(TIME, '9');
    File::create(scratch.0.join(large)).unwrap().set_len(1 << 40).unwrap();
    let [folder, _] = names(TIME, '8');
    fs::create_dir(scratch.0.join(folder)).unwrap();
    // Not a report's names.
    fs::write(scratch.0.join("report.json"), &json).unwrap();
    fs::write(scratch.0.join("a\n\x1b[31m.json"), &json).unwrap();

    let listed = reports.list().unwrap();

    let ids: String = listed.iter().map(|saved| &saved.id()[..1]).collect();
    assert_eq!(ids, "fedcba98");
    assert_eq!(listed[0].read().unwrap(), good);
    let expected = [
        "the crash report is cut off (",
        "the crash report has schema 2, and this release reads those up to 1: update",
        "this is no crash report as this release knows it (",
        "this is no crash report, it is not even text;",
        "the crash report is empty: ",
        "this is no crash report, it is larger than 16777216 bytes",
        "this is a folder, not a file; name the crash report's own file",
    ];
    for (saved, expected) in listed[1..].iter().zip(expected) {
        let error = saved.read().unwrap_err();
        assert_eq!(error.path(), saved.path());
        assert!(error.to_string().contains(&format!("{}.json: {expected}", saved.name())), "{error}");
    }
    assert_eq!(scratch.names().len(), 10, "nothing was removed");
}

/// An overflow of the stack would end the process.
#[test]
fn brackets_nested_by_the_million_are_an_error() {
    let (scratch, reports) = folder("nested");
    let nested = |opening: &str| opening.repeat(15_000_000 / opening.len());
    let contents = [
        nested("["),
        nested("{\"a\":"),
        format!("{{\"schema\":1,\"later\":{}", nested("[")),
        format!("{{\"schema\":1,\"frames\":{}", nested("[")),
        format!("{{\"schema\":1,\"context\":[{{\"name\":\"a\",\"value\":{}", nested("{\"text\":")),
        format!("{{\"schema\":1,\"later\":{}", nested("[{\"a\":")),
    ];
    for content in contents {
        put(&scratch, 'a', &content);
        let saved = reports.list().unwrap().remove(0);
        // Half of what the smallest thread of std has.
        let reading = std::thread::Builder::new().stack_size(1 << 20).spawn(move || saved.read().map(drop));
        let error = reading.unwrap().join().unwrap().expect_err(&content[..40]);
        assert!(error.to_string().contains("no crash report as this release knows it"), "{error}");
    }
}

/// Bytes of a report are changed, left out, or its last.
#[test]
fn whatever_a_file_has_in_it_reading_ends_without_a_panic() {
    let json = crate::crash::render::tests::full_report().to_json().into_bytes();
    let mut random = fastrand::Rng::with_seed(7);
    let strange = b"\"\\{}[],:0-9nte.\x00\x7f\xff\xc3u";
    for _ in 0..20_000 {
        let mut changed = json.clone();
        for _ in 0..random.usize(1..4) {
            let at = random.usize(..changed.len());
            match random.u8(..3) {
                0 => changed[at] = strange[random.usize(..strange.len())],
                1 if changed.len() > 1 => _ = changed.remove(at),
                _ => changed.truncate(at.max(1)),
            }
        }
        if let Ok(text) = String::from_utf8(changed) {
            let _ = Report::from_json(&text);
        }
    }
}

#[cfg(unix)]
mod unix {
    use super::*;
    use nix::sys::stat::Mode;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn links_are_not_followed_and_pipes_not_waited_for() {
        let (scratch, reports) = folder("special");
        let elsewhere = scratch.0.join("elsewhere");
        fs::write(&elsewhere, report("2026-04-15T10:11:12.123Z", 'c').to_json()).unwrap();
        let path = |id| scratch.0.join(&names(TIME, id)[0]);
        symlink(&elsewhere, path('c')).unwrap();
        nix::unistd::mkfifo(&path('b'), Mode::S_IRWXU).unwrap();
        symlink("/dev/zero", path('a')).unwrap();

        let listed = reports.list().unwrap();

        let said: Vec<String> = listed.iter().map(|saved| saved.read().unwrap_err().to_string()).collect();
        for (said, what) in said.iter().zip(["a link", "a pipe or a device", "a link"]) {
            assert!(
                said.ends_with(&format!(
                    ".json: this is {what}, not a file; name the crash report's own file"
                )),
                "{said}"
            );
        }
        assert!(listed.iter().all(|saved| saved.files().is_empty()));
        assert!(Report::from_file(path('c')).is_ok(), "a link that the user names is followed");
        assert!(Report::from_file(path('a')).unwrap_err().to_string().contains("a pipe or a device"));
        listed[0].remove().unwrap();
        assert!(elsewhere.exists(), "it is the link that is removed");
    }

    #[test]
    fn what_the_user_may_not_read_says_so() {
        if nix::unistd::geteuid().is_root() {
            eprintln!("root may read everything: tested by others");
            return;
        }
        let (scratch, reports) = folder("forbidden");
        put(&scratch, 'a', "{}");
        let saved = reports.list().unwrap().remove(0);
        let forbid = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        forbid(&saved.path(), 0);
        let error = saved.read().unwrap_err().to_string();
        assert!(error.contains("cannot be read: Permission denied"), "{error}");
        forbid(&scratch.0, 0);
        let error = reports.list().unwrap_err().to_string();
        forbid(&scratch.0, 0o700);
        assert!(error.contains("the folder cannot be read: Permission denied"), "{error}");
    }
}
