//! What Python's `email` reads in the drafts of mails.
//!
//! `bash tests/peers/run python -- cargo test -p retry-tests --test mail`

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use retry_core::crash::{self, App, Draft, Report, Shown};
use retry_core::crash_context;
use retry_tests::asked_for_peer;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/mail/check.py");
const TO: &str = "crashes@example.org";

/// A folder with what is to be read, and what is expected of it.
struct Mails(PathBuf);

impl Mails {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("retry-core-mails-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    fn add(&self, name: &str, report: &Report, to: &str) {
        let draft = Draft::new(report, to).unwrap();
        let put = |extension: &str, content: &[u8]| {
            fs::write(self.0.join(format!("{name}.{extension}")), content).unwrap();
        };
        put("eml", &draft.eml());
        put("to", to.as_bytes());
        put("subject", draft.subject().as_bytes());
        put("body", draft.body().as_bytes());
        put("mailto", draft.mailto().as_bytes());
        put("json", report.to_json().as_bytes());
        put("page", report.to_html().as_bytes());
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn check(&self) -> Output {
        Command::new("python3")
            .arg(SCRIPT)
            .arg(&self.0)
            .output()
            .expect("python3 is asked for, and does not run")
    }
}

impl Drop for Mails {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The terminal has no use for these reports.
static QUIET: LazyLock<crash::Guard> = LazyLock::new(|| crash::reporter().quiet().install());

/// With a frame that has values.
#[crash_context]
fn report(path: &Path, tries: u32) -> Report {
    LazyLock::force(&QUIET);
    let error = std::io::Error::other(format!("no more apples in {}, {tries} tries", path.display()));
    crash::report(&error).report
}

/// Says the same in whatever takes a text.
fn saying(said: &str) -> Report {
    let mut report = report(Path::new("/tmp/shop"), 3);
    report.app = Some(App { name: said.into(), version: said.into() });
    for text in [&mut report.message, &mut report.id, &mut report.time, &mut report.fingerprint] {
        *text = said.into();
    }
    report.thread.name = Some(said.into());
    report.causes = vec![said.into(), said.into()];
    report.notes = vec![said.into()];
    for frame in &mut report.frames {
        frame.function = said.into();
        for variable in &mut frame.variables {
            variable.name = said.into();
            variable.value = Shown::Value { text: said.into(), cut: false };
        }
    }
    report
}

#[test]
fn python_reads_what_was_written() {
    if !asked_for_peer("python") {
        return;
    }
    let mails = Mails::new("read");
    mails.add("plain", &report(Path::new("/tmp/shop"), 3), TO);
    mails.add("several", &report(Path::new("/tmp/Läden"), 3), "crashes@example.org,ada+shop@example.com");
    let hostile = [
        "",
        "\r\n\r\n",
        "a\r\nBcc: thief@example.com\r\n\r\n<html>",
        "a\nBcc: thief@example.com\n\nbody",
        "a\rBcc: thief@example.com\r\rbody",
        "nul \0 and \x1b[2J bell \x07",
        "=?utf-8?Q?=0D=0ABcc:_thief@example.com?=",
        "\u{202e}gnp.exe\u{202c} \u{2066}\u{2028}\u{85}\u{feff}",
        "Ein Würfel — 立方体 🎲",
        "\"<thief@example.com>\", (comment) ;:\\",
        ".\r\n.\r\nFrom me\r\n-- \r\n",
        "--\r\n--_\r\nContent-Type: text/html\r\n\r\n",
        " \t ",
        &"🎲".repeat(25_000),
        &"word ".repeat(20_000),
        &"=20".repeat(30_000),
    ]
    .map(saying);
    for (number, report) in hostile.iter().enumerate() {
        mails.add(&format!("hostile-{number}"), report, TO);
    }
    let mut huge = saying("one of very many frames");
    let last = huge.frames.last().unwrap().clone();
    huge.frames = vec![last; 20_000];
    assert!(huge.to_json().len() > 3_000_000, "{}", huge.to_json().len());
    mails.add("huge", &huge, TO);

    let checked = mails.check();
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(checked.status.success(), "{said}{}", String::from_utf8_lossy(&checked.stderr));
    assert_eq!(said, format!("{} mails are as they should be\n", hostile.len() + 3));
}

#[test]
fn python_would_notice() {
    if !asked_for_peer("python") {
        return;
    }
    for (extension, from, to, noticed) in [
        ("eml", "X-Unsent: 1", "X-Unsent: 0", "X-Unsent"),
        ("eml", "X-Unsent: 1", "X-Unsent: 1\r\nBcc: thief@example.com", "headers"),
        ("eml", "To: <crashes@", "To: <crashs@", "To"),
        ("eml", "Content-Type: application/json", "Content-Type: text/json", "attachments"),
        ("eml", "\r\n", "\n", "line ends"),
        ("subject", "no more apples", "no more pears", "Subject"),
        ("body", "no more apples", "no more pears", "body"),
        ("json", "no more apples", "no more pears", "content"),
        ("page", "no more apples", "no more pears", "content"),
        ("mailto", "apples", "pears", "mailto"),
    ] {
        let mails = Mails::new("noticed");
        mails.add("plain", &report(Path::new("/tmp/shop"), 3), TO);
        let file = mails.file(&format!("plain.{extension}"));
        let right = fs::read_to_string(&file).unwrap();
        let wrong = right.replacen(from, to, 1);
        assert_ne!(wrong, right, "{extension}: {from}");
        fs::write(&file, wrong).unwrap();
        let checked = mails.check();
        let said = String::from_utf8_lossy(&checked.stdout);
        assert!(
            !checked.status.success() && said.contains(&format!("plain: {noticed}")),
            "{noticed}: {said}"
        );
    }
}
