//! What servers say, and what becomes of it on disk.

use super::*;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

const NOW: u64 = 1_445_412_480;
const DATE: &str = "Wed, 21 Oct 2015 07:28:00 GMT";
const DAY: u64 = 24 * 60 * 60;

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn dsn(text: &str) -> Dsn {
    text.parse().unwrap()
}

fn ours() -> Dsn {
    dsn("https://key@sentry.example.com/4")
}

/// Kinds and seconds, as an answer that was given at `DATE` tells them; `*` is everything.
fn says(status: u16, lines: &[(&str, &str)]) -> Vec<(String, u64)> {
    let mut headers = HeaderMap::new();
    for (name, value) in lines.iter().chain(&[("date", DATE)]) {
        let value = http::HeaderValue::from_bytes(value.as_bytes()).unwrap();
        headers.append(http::HeaderName::try_from(*name).unwrap(), value);
    }
    let limits = told(StatusCode::from_u16(status).unwrap(), &headers, at(NOW));
    let seconds = |limit: &Limit| limit.until.duration_since(at(NOW)).unwrap().as_secs();
    limits
        .iter()
        .map(|limit| (limit.category.clone().unwrap_or_else(|| "*".into()), seconds(limit)))
        .collect()
}

fn sentry(value: &str) -> Vec<(String, u64)> {
    says(200, &[("X-Sentry-Rate-Limits", value)])
}

fn expected(limits: &[(&str, u64)]) -> Vec<(String, u64)> {
    limits.iter().map(|(kind, seconds)| ((*kind).to_owned(), *seconds)).collect()
}

#[test]
fn limits_are_read_from_an_answer_of_any_status() {
    for (value, limits) in [
        ("60::key", &[("*", 60)][..]),
        ("60", &[]),
        ("60:", &[("*", 60)]),
        ("60:error:organization:quota_exceeded", &[("error", 60)]),
        ("60:default:organization", &[("error", 60)]),
        ("60:ERROR:key", &[("error", 60)]),
        ("60:transaction;error;attachment:key", &[("error", 60), ("attachment", 60)]),
        (
            "2700:default;error;security:organization, 60:attachment:key",
            &[("error", 2700), ("attachment", 60)],
        ),
        ("30:error:key,60:error:organization", &[("error", 60)]),
        ("60:error:key,30::organization", &[("*", 30), ("error", 60)]),
        ("1.5::key", &[("*", 1)]),
        (" 60 : error : key ", &[("error", 60)]),
        ("60:;error;:key", &[("error", 60)]),
        // Bugsink says so in every answer.
        ("86400:transaction;span:organization", &[]),
        ("60:metric_bucket:organization:quota:custom", &[]),
        // Nothing that a server would say.
        ("", &[]),
        (":", &[]),
        (":::::", &[]),
        (",,,", &[]),
        ("::key", &[]),
        ("0::key", &[]),
        ("-60::key", &[]),
        ("1e18::key", &[]),
        ("NaN::key", &[]),
        ("sixty::key", &[]),
        ("60::key,nonsense,-1::key", &[("*", 60)]),
        ("1000000000000000000::key", &[("*", DAY)]),
        ("99999999999999999999999999999999::key", &[("*", DAY)]),
        ("60:errors:key", &[]),
        ("60:\u{e9}:key", &[]),
    ] {
        for status in [200, 403, 503] {
            assert_eq!(
                says(status, &[("X-Sentry-Rate-Limits", value)]),
                expected(limits),
                "{status} {value}"
            );
        }
    }
}

#[test]
fn a_header_of_a_hundred_thousand_limits_is_no_more_than_three() {
    let many =
        (0..100_000).map(|n| format!("{n}:error;k{n};attachment:key,{n}::key")).collect::<Vec<_>>().join(",");
    assert_eq!(sentry(&many), expected(&[("*", DAY), ("error", DAY), ("attachment", DAY)]));
}

#[test]
fn a_429_that_says_nothing_of_reports_is_a_limit_all_the_same() {
    for (lines, limits) in [
        (&[][..], &[("*", 60)][..]),
        (&[("Retry-After", "37")], &[("*", 37)]),
        (&[("Retry-After", "Wed, 21 Oct 2015 07:29:00 GMT")], &[("*", 60)]),
        (&[("Retry-After", "Wed, 21 Oct 2015 07:28:10 GMT")], &[("*", 10)]),
        (&[("Retry-After", "Wed, 21 Oct 2014 07:28:10 GMT")], &[("*", 60)]),
        (&[("Retry-After", "0")], &[("*", 60)]),
        (&[("Retry-After", "-5")], &[("*", 60)]),
        (&[("Retry-After", "soon")], &[("*", 60)]),
        (&[("Retry-After", "1e18")], &[("*", 60)]),
        (&[("Retry-After", "1000000000000000000")], &[("*", DAY)]),
        (&[("Retry-After-Ms", "5000")], &[("*", 5)]),
        (&[("X-Sentry-Rate-Limits", "86400:transaction:key")], &[("*", 60)]),
        (&[("X-Sentry-Rate-Limits", "86400:transaction:key"), ("Retry-After", "7")], &[("*", 7)]),
        (&[("X-Sentry-Rate-Limits", "5:error:key"), ("Retry-After", "100")], &[("error", 5)]),
        (&[("X-Sentry-Rate-Limits", "5:attachment:key"), ("Retry-After", "100")], &[("attachment", 5)]),
        (&[("X-Sentry-Rate-Limits", "0::key")], &[("*", 60)]),
    ] {
        assert_eq!(says(429, lines), expected(limits), "{lines:?}");
    }
    assert_eq!(says(503, &[("Retry-After", "37")]), []);
    assert_eq!(says(200, &[("Retry-After", "37")]), []);
}

#[test]
fn what_is_limited_to_attachments_is_no_pause() {
    let limit = |kind: Option<&str>| until(kind, Duration::from_secs(9), at(NOW)).unwrap();
    assert_eq!(pause(&[limit(Some(ATTACHMENT))], at(NOW)), None);
    assert_eq!(pause(&[limit(Some(ATTACHMENT)), limit(None)], at(NOW)), Some(Duration::from_secs(9)));
    assert_eq!(pause(&[limit(Some(ERROR))], at(NOW)), Some(Duration::from_secs(9)));
    assert_eq!(pause(&[limit(Some(ERROR))], at(NOW + 10)), None);
}

/// A folder of its own, which is gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("limits-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    /// Whether this kind can be sent then, by what is on disk: for how many seconds not.
    fn seconds(&self, dsn: &Dsn, kind: &str, now: u64) -> Option<u64> {
        let until = Limits::load(&self.0).until(dsn, kind, at(now))?;
        Some(until.duration_since(at(now)).unwrap().as_secs())
    }

    fn add(&self, dsn: &Dsn, kind: Option<&str>, seconds: u64, now: u64) {
        let told = [Limit { category: kind.map(str::to_owned), until: at(now + seconds) }];
        Limits::default().add(&self.0, dsn, &told, at(now));
    }

    fn file(&self) -> PathBuf {
        self.0.join(FILE)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

#[test]
fn limits_hold_across_restarts_until_they_have_passed() {
    let folder = Folder::new();
    assert_eq!(folder.seconds(&ours(), ERROR, NOW), None);
    folder.add(&ours(), Some(ERROR), 60, NOW);
    assert_eq!(folder.seconds(&ours(), ERROR, NOW), Some(60));
    assert_eq!(folder.seconds(&ours(), ATTACHMENT, NOW), None);
    assert_eq!(folder.seconds(&ours(), ERROR, NOW + 59), Some(1));
    assert_eq!(folder.seconds(&ours(), ERROR, NOW + 60), None);
    folder.add(&ours(), None, 30, NOW);
    assert_eq!(folder.seconds(&ours(), ATTACHMENT, NOW), Some(30));
    assert_eq!(folder.seconds(&ours(), ERROR, NOW), Some(60));
}

#[test]
fn limits_are_of_one_key_one_server_and_one_project() {
    let folder = Folder::new();
    folder.add(&ours(), None, 60, NOW);
    for other in [
        "https://other@sentry.example.com/4",
        "https://key@sentry.example.org/4",
        "https://key@sentry.example.com/5",
        "https://key@sentry.example.com:8443/4",
        "https://key@sentry.example.com/team/4",
    ] {
        assert_eq!(folder.seconds(&dsn(other), ERROR, NOW), None, "{other}");
    }
    assert_eq!(folder.seconds(&dsn("https://key:secret@sentry.example.com:443/4"), ERROR, NOW), Some(60));
}

#[test]
fn what_several_processes_hear_is_kept_together_and_the_longest_counts() {
    let folder = Folder::new();
    let mut one = Limits::load(&folder.0);
    folder.add(&ours(), Some(ERROR), 60, NOW);
    folder.add(&dsn("https://key@sentry.example.org/4"), None, 20, NOW);
    let told = [Limit { category: Some(ERROR.into()), until: at(NOW + 10) }];
    one.add(&folder.0, &ours(), &told, at(NOW));
    assert_eq!(one.until(&ours(), ERROR, at(NOW)), Some(at(NOW + 60)));
    assert_eq!(folder.seconds(&ours(), ERROR, NOW), Some(60));
    assert_eq!(folder.seconds(&dsn("https://key@sentry.example.org/4"), ERROR, NOW), Some(20));
}

#[test]
fn threads_that_add_at_once_lose_nothing() {
    let folder = Folder::new();
    std::thread::scope(|scope| {
        for number in 0..8 {
            let folder = &folder;
            scope.spawn(move || {
                for round in 0..5 {
                    let dsn = dsn(&format!("https://key@host/{number}{round}"));
                    folder.add(&dsn, None, 60, NOW);
                }
            });
        }
    });
    assert_eq!(Limits::load(&folder.0).kept.len(), 40);
}

#[test]
fn a_clock_that_was_set_back_mutes_nobody() {
    let folder = Folder::new();
    folder.add(&ours(), None, 60, NOW);
    // By a little: clocks differ.
    assert_eq!(folder.seconds(&ours(), ERROR, NOW - 10), Some(70));
    assert_eq!(folder.seconds(&ours(), ERROR, NOW - 3600), None);
    assert_eq!(folder.seconds(&ours(), ERROR, 0), None);
    // What is heard then takes its place.
    folder.add(&ours(), None, 5, NOW - 3600);
    assert_eq!(folder.seconds(&ours(), ERROR, NOW - 3600), Some(5));
}

#[test]
fn a_limit_of_an_age_is_no_longer_than_a_day() {
    let folder = Folder::new();
    let entry = |until: u64| {
        format!(
            r#"[{{"project":"key@sentry.example.com:443/4","category":null,"heard":{},"until":{until}}}]"#,
            NOW * 1000
        )
    };
    fs::write(folder.file(), entry(u64::MAX)).unwrap();
    assert_eq!(folder.seconds(&ours(), ERROR, NOW), None);
    fs::write(folder.file(), entry((NOW + 60) * 1000)).unwrap();
    assert_eq!(folder.seconds(&ours(), ERROR, NOW), Some(60));
}

#[test]
fn a_broken_file_is_none_and_is_replaced() {
    let deep = "[".repeat(100_000);
    for broken in ["", "{", "[]]", "null", "{\"limits\":[]}", "[1]", "[{\"project\":1}]", "\u{0}\u{1}", &deep]
    {
        let folder = Folder::new();
        fs::write(folder.file(), broken).unwrap();
        assert_eq!(folder.seconds(&ours(), ERROR, NOW), None, "{broken:.20}");
        folder.add(&ours(), None, 60, NOW);
        assert_eq!(folder.seconds(&ours(), ERROR, NOW), Some(60), "{broken:.20}");
    }
    let folder = Folder::new();
    fs::write(folder.file(), [0xff, 0xfe, 0x00]).unwrap();
    folder.add(&ours(), None, 60, NOW);
    assert_eq!(folder.seconds(&ours(), ERROR, NOW), Some(60));
}

#[test]
fn what_is_no_file_at_all_is_no_obstacle() {
    let folder = Folder::new();
    fs::create_dir(folder.file()).unwrap();
    let mut limits = Limits::load(&folder.0);
    limits.add(&folder.0, &ours(), &[Limit { category: None, until: at(NOW + 60) }], at(NOW));
    assert_eq!(limits.until(&ours(), ERROR, at(NOW)), Some(at(NOW + 60)));

    let nowhere = folder.0.join("nowhere");
    let mut limits = Limits::load(&nowhere);
    limits.add(&nowhere, &ours(), &[Limit { category: None, until: at(NOW + 60) }], at(NOW));
    assert_eq!(limits.until(&ours(), ERROR, at(NOW)), Some(at(NOW + 60)));
    assert!(!nowhere.exists());
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_the_lock_is_not_waited_for() {
    let folder = Folder::new();
    nix::unistd::mkfifo(&folder.0.join(LOCK), nix::sys::stat::Mode::S_IRWXU).unwrap();
    let (done, is_done) = std::sync::mpsc::channel();
    let path = folder.0.clone();
    std::thread::spawn(move || {
        Limits::default().add(&path, &ours(), &[Limit { category: None, until: at(NOW + 60) }], at(NOW));
        done.send(()).unwrap();
    });
    is_done.recv_timeout(Duration::from_secs(10)).expect("it would hang for ever");
    assert_eq!(folder.seconds(&ours(), ERROR, NOW), Some(60));
}

#[test]
fn the_file_does_not_grow() {
    let folder = Folder::new();
    for number in 0..300 {
        folder.add(&dsn(&format!("https://key@host/{number}")), None, 60 + number, NOW);
    }
    assert_eq!(Limits::load(&folder.0).kept.len(), MOST);
    assert_eq!(folder.seconds(&dsn("https://key@host/299"), ERROR, NOW), Some(359));
    folder.add(&ours(), None, 60, NOW + 1000);
    assert_eq!(Limits::load(&folder.0).kept.len(), 1);
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_it() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    folder.add(&ours(), None, 60, NOW);
    for name in [FILE, LOCK] {
        assert_eq!(fs::metadata(folder.0.join(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
}
