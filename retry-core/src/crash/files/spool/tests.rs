use super::super::tests::{Scratch, report};
use super::{Claim, Keep, Spool, Which};
use crate::crash::report::Report;
use humantime::format_rfc3339_millis;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct To {
    address: String,
}

const KEEP: Keep = Keep { reports: 30, bytes: 1 << 20, age: Duration::from_hours(1) };

fn to(address: &str) -> To {
    To { address: address.into() }
}

/// So many minutes ago.
fn minutes_ago(minutes: u64, id: char) -> Report {
    let time = SystemTime::now() - Duration::from_mins(minutes);
    report(&format_rfc3339_millis(time).to_string(), id)
}

fn put(scratch: &Scratch, report: &Report) -> Claim {
    let saved = scratch.save(&mut report.clone(), None);
    Spool::put(&saved, report, &to("x"), true).unwrap()
}

fn spool(scratch: &Scratch) -> Spool {
    Spool::in_folder_of(&scratch.0)
}

/// The files that wait.
fn files(scratch: &Scratch) -> Vec<PathBuf> {
    let names = spool(scratch).list(Which::Unsent).unwrap();
    names.iter().map(|name| spool(scratch).path(name, Which::Unsent)).collect()
}

/// The ids' first signs.
fn ids(scratch: &Scratch, which: Which) -> String {
    let names = spool(scratch).list(which).unwrap();
    names.iter().map(|name| name.rsplit_once('-').unwrap().1.chars().next().unwrap()).collect()
}

fn age(path: &Path, age: Duration) {
    File::options().write(true).open(path).unwrap().set_modified(SystemTime::now() - age).unwrap();
}

#[test]
fn what_is_put_in_can_be_read_by_the_next_start_and_is_gone_when_it_is_sent() {
    let scratch = Scratch::new("spool-read");
    let (old, new) = (minutes_ago(2, 'a'), minutes_ago(1, 'b'));
    drop((put(&scratch, &new), put(&scratch, &old)));

    assert_eq!(ids(&scratch, Which::Unsent), "ab");
    let names = spool(&scratch).list(Which::Unsent).unwrap();
    let claim = spool(&scratch).claim(&names[0], Which::Unsent).unwrap().unwrap();
    assert_eq!(claim.read::<To>().unwrap(), (to("x"), old));
    claim.remove();

    assert_eq!(ids(&scratch, Which::Unsent), "b");
    assert_eq!(files(&scratch).len(), 1);
    let left = fs::read_dir(spool(&scratch).folder()).unwrap().count();
    assert_eq!(left, 2, "the other one and its lock");
}

#[test]
fn one_at_a_time_has_a_report() {
    let scratch = Scratch::new("spool-claim");
    let crashing = put(&scratch, &minutes_ago(1, 'a'));
    let name = spool(&scratch).list(Which::Unsent).unwrap().remove(0);
    assert!(spool(&scratch).claim(&name, Which::Unsent).unwrap().is_none(), "its crash has it");

    crashing.write(&minutes_ago(1, 'a'), &to("y"), true).unwrap();
    drop(crashing);
    let claim = spool(&scratch).claim(&name, Which::Unsent).unwrap().expect("nobody has it");
    assert_eq!(claim.read::<To>().unwrap().0, to("y"));
    assert!(spool(&scratch).claim(&name, Which::Unsent).unwrap().is_none());
    claim.remove();
    assert!(spool(&scratch).claim(&name, Which::Unsent).unwrap().is_none(), "it is not there any more");
}

#[test]
fn what_is_refused_is_kept_apart() {
    let scratch = Scratch::new("spool-refused");
    let report = minutes_ago(1, 'a');
    put(&scratch, &report).refuse(&report, &to("refused")).unwrap();
    assert_eq!((ids(&scratch, Which::Unsent), ids(&scratch, Which::Refused)), (String::new(), "a".into()));
    let name = spool(&scratch).list(Which::Refused).unwrap().remove(0);
    let claim = spool(&scratch).claim(&name, Which::Refused).unwrap().unwrap();
    assert_eq!(claim.read::<To>().unwrap(), (to("refused"), report.clone()));
    claim.refuse(&report, &to("again")).unwrap();
    assert_eq!(ids(&scratch, Which::Refused), "a");
}

#[test]
fn the_oldest_are_dropped_when_there_are_too_many_too_large_or_too_old_ones() {
    let scratch = Scratch::new("spool-clean");
    for (minutes, id) in [(50, 'a'), (40, 'b'), (30, 'c'), (20, 'd'), (10, 'e')] {
        drop(put(&scratch, &minutes_ago(minutes, id)));
    }
    spool(&scratch).clean(KEEP);
    assert_eq!(ids(&scratch, Which::Unsent), "abcde");
    spool(&scratch).clean(Keep { age: Duration::from_mins(45), ..KEEP });
    assert_eq!(ids(&scratch, Which::Unsent), "bcde");
    spool(&scratch).clean(Keep { reports: 3, ..KEEP });
    assert_eq!(ids(&scratch, Which::Unsent), "cde");
    let size = files(&scratch)[0].metadata().unwrap().len();
    spool(&scratch).clean(Keep { bytes: size * 2, ..KEEP });
    assert_eq!(ids(&scratch, Which::Unsent), "de");
}

#[test]
fn what_is_being_sent_is_not_dropped() {
    let scratch = Scratch::new("spool-sending");
    let sending = put(&scratch, &minutes_ago(3, 'a'));
    drop((put(&scratch, &minutes_ago(2, 'b')), put(&scratch, &minutes_ago(1, 'c'))));
    spool(&scratch).clean(Keep { reports: 1, ..KEEP });
    assert_eq!(ids(&scratch, Which::Unsent), "ac");
    drop(sending);
}

#[test]
fn what_a_dead_process_left_half_done_goes_when_it_is_old_and_nothing_else() {
    let scratch = Scratch::new("spool-dead");
    drop(put(&scratch, &minutes_ago(1, 'a')));
    let folder = spool(&scratch).folder().to_owned();
    let name = spool(&scratch).list(Which::Unsent).unwrap().remove(0);
    let dead = name.replace("aaaa", "dddd");
    let files =
        [format!(".{dead}.lock"), format!(".{dead}.unsent.1.tmp"), "notes.txt".into(), "x.lock".into()];
    for file in &files {
        File::create(folder.join(file)).unwrap();
    }
    let left = || files.iter().filter(|file| folder.join(file).exists()).count();
    spool(&scratch).clean(KEEP);
    assert_eq!(left(), 4, "they may belong to a process that lives");
    for file in &files {
        age(&folder.join(file), Duration::from_hours(2));
    }
    age(&folder.join(format!(".{name}.lock")), Duration::from_hours(2));
    spool(&scratch).clean(KEEP);
    assert_eq!(left(), 2);
    assert!(folder.join(format!(".{name}.lock")).exists(), "its report is there");
}

#[test]
fn what_somebody_broke_is_an_error_that_names_the_file_which_stays() {
    let scratch = Scratch::new("spool-broken");
    drop(put(&scratch, &minutes_ago(1, 'a')));
    let file = files(&scratch).remove(0);
    let name = spool(&scratch).list(Which::Unsent).unwrap().remove(0);
    let whole = fs::read_to_string(&file).unwrap();
    for (content, said) in [
        (String::new(), "its first line does not say where the report goes"),
        ("{}".into(), "its first line does not say where the report goes"),
        ("{\"address\":\"x\"}".into(), "the crash report is empty"),
        (whole[..whole.len() / 2].into(), "the crash report is cut off"),
        (whole.replace("\"schema\":1", "\"schema\":99"), "the crash report has schema 99"),
        ("\0\u{1b}[31m".into(), "its first line does not say"),
    ] {
        fs::write(&file, &content).unwrap();
        let claim = spool(&scratch).claim(&name, Which::Unsent).unwrap().unwrap();
        let error = claim.read::<To>().unwrap_err().to_string();
        assert!(
            error.starts_with(&file.display().to_string()) && error.contains(said),
            "{content:?}: {error}"
        );
        assert_eq!(fs::read_to_string(&file).unwrap(), content);
    }
}

#[test]
fn what_cannot_be_locked_is_an_error_that_names_the_file() {
    let scratch = Scratch::new("spool-lock");
    let report = minutes_ago(1, 'a');
    drop(put(&scratch, &report));
    let name = spool(&scratch).list(Which::Unsent).unwrap().remove(0);
    let lock = spool(&scratch).folder().join(format!(".{name}.lock"));
    fs::remove_file(&lock).unwrap();
    // No user can write to it, root included.
    fs::create_dir(&lock).unwrap();
    let error = spool(&scratch).claim(&name, Which::Unsent).unwrap_err().to_string();
    let file = files(&scratch).remove(0);
    assert!(error.starts_with(&format!("{}: the crash report cannot be locked", file.display())), "{error}");
    fs::remove_file(file).unwrap();
    assert!(spool(&scratch).claim(&name, Which::Unsent).unwrap().is_none(), "there is nothing to lock");
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_what_is_in_it() {
    use std::os::unix::fs::PermissionsExt;

    let scratch = Scratch::new("spool-mode");
    drop(put(&scratch, &minutes_ago(1, 'a')));
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(spool(&scratch).folder()), 0o700);
    assert_eq!(mode(&files(&scratch)[0]), 0o600);
}

#[test]
fn what_another_process_has_sent_in_the_meantime_leaves_no_lock() {
    let scratch = Scratch::new("spool-meantime");
    let ours = put(&scratch, &minutes_ago(1, 'a'));
    let names = spool(&scratch).list(Which::Unsent).unwrap();
    ours.remove();
    assert!(spool(&scratch).claim(&names[0], Which::Unsent).unwrap().is_none());
    assert_eq!(fs::read_dir(spool(&scratch).folder()).unwrap().count(), 0);
}

#[test]
fn reports_of_a_time_to_come_do_not_push_out_those_of_today() {
    let scratch = Scratch::new("spool-to-come");
    for id in ['a', 'b', 'c'] {
        drop(put(&scratch, &report("2099-01-01T00:00:00.000Z", id)));
    }
    drop((put(&scratch, &minutes_ago(2, 'd')), put(&scratch, &minutes_ago(1, 'e'))));
    spool(&scratch).clean(Keep { reports: 3, ..KEEP });
    assert_eq!(ids(&scratch, Which::Unsent), "dec");
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_the_spool_is_not_followed() {
    let (scratch, elsewhere) = (Scratch::new("spool-link"), Scratch::new("spool-elsewhere"));
    fs::create_dir_all(&elsewhere.0).unwrap();
    let report = minutes_ago(1, 'a');
    let saved = scratch.save(&mut report.clone(), None);
    std::os::unix::fs::symlink(&elsewhere.0, spool(&scratch).folder()).unwrap();
    let error = Spool::put(&saved, &report, &to("x"), false).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::NotADirectory);
    assert!(spool(&scratch).list(Which::Unsent).is_err());
    assert_eq!(fs::read_dir(&elsewhere.0).unwrap().count(), 0);
}
