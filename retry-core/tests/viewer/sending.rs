//! `send`

use crate::support::{Folder, report, stem};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

/// A server that answers each request with this status and body, and hands its path on.
struct Server {
    dsn: String,
    asked: Receiver<String>,
}

fn server(status: u16, body: &'static str) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (tell, asked) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.expect("a connection"));
            let (mut first, mut length) = (String::new(), 0);
            stream.read_line(&mut first).expect("a line");
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).expect("a header");
                let line = line.trim().to_ascii_lowercase();
                if let Some(value) = line.strip_prefix("content-length:") {
                    length = value.trim().parse().expect("a length");
                }
                if line.is_empty() {
                    break;
                }
            }
            stream.read_exact(&mut vec![0; length]).expect("a body");
            let answer = format!(
                "HTTP/1.1 {status} x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.get_mut().write_all(answer.as_bytes()).expect("it is read");
            let path = first.split(' ').nth(1).expect("a path").to_owned();
            if tell.send(path).is_err() {
                return;
            }
        }
    });
    Server { dsn: format!("http://key@127.0.0.1:{port}/7"), asked }
}

impl Server {
    fn requests(&self) -> usize {
        self.asked.try_iter().inspect(|path| assert_eq!(path, "/api/7/envelope/")).count()
    }
}

const TAKEN: &str = "{\"id\":\"x\"}";

fn two() -> [Value; 2] {
    [
        report("2026-04-15T10:11:12.123Z", 'a', &json!({})),
        report("2026-04-16T10:11:12.123Z", 'b', &json!({"message": "no more apples"})),
    ]
}

fn put(folder: &Folder, report: &Value, extension: &str, dsn: &str) -> PathBuf {
    fs::create_dir_all(folder.path().join("sentry")).expect("a folder");
    let head = json!({"dsn": dsn, "about": {"environment": "kiosk"}});
    folder.write(&format!("sentry/{}.{extension}", stem(report)), format!("{head}\n{report}"))
}

#[test]
fn what_waits_is_sent_and_gone() {
    let (folder, server) = (Folder::empty(), server(200, TAKEN));
    let [a, b] = two();
    let files = [put(&folder, &a, "unsent", &server.dsn), put(&folder, &b, "unsent", &server.dsn)];
    let trial = folder.run(&["send", "--dry-run"]).well();
    assert_eq!(trial, format!("would send {}.unsent\nwould send {}.unsent\n", stem(&a), stem(&b)));
    assert_eq!(server.requests(), 0);

    let said = folder.run(&["send"]).well();

    let (a, b) = ("a".repeat(32), "b".repeat(32));
    assert_eq!(said, format!("{a} sent to Sentry as event {a}\n{b} sent to Sentry as event {b}\n"));
    assert_eq!(server.requests(), 2);
    assert!(files.iter().all(|file| !file.exists()));
    assert_eq!(folder.run(&["send"]).well(), "nothing waits to be sent\n");
}

#[test]
fn what_cannot_be_sent_is_said_and_stays() {
    let folder = Folder::empty();
    let [a, b] = two();
    let waiting = put(&folder, &a, "unsent", "http://key@127.0.0.1:9/7");
    let ran = folder.run(&["send"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    let id = "a".repeat(32);
    assert!(ran.stderr.starts_with(&format!("error: {id} not sent to Sentry yet: ")), "{}", ran.stderr);
    assert!(
        ran.stderr.ends_with("error: 1 of 1 reports wait on; see what is said of them, or send them later\n")
    );
    assert!(waiting.exists());

    let refusing = server(403, "{\"detail\":\"no such key\"}");
    let refused = put(&folder, &b, "unsent", &refusing.dsn);
    let ran = folder.run(&["send", "bbbb"]);
    assert_eq!(ran.code, Some(1), "no report of that name is saved");
    folder.put(&b);
    let ran = folder.run(&["send", "bbbb"]);
    assert!(ran.code == Some(1) && ran.stderr.contains("no such key"), "{}", ran.stderr);
    assert!(!refused.exists() && refused.with_extension("refused").exists());
    assert_eq!(refusing.requests(), 1);
}

#[test]
fn what_was_refused_is_sent_again_only_if_that_is_wanted() {
    let (folder, server) = (Folder::empty(), server(200, TAKEN));
    let [a, _] = two();
    let refused = put(&folder, &a, "refused", "http://wrong@127.0.0.1:9/7");
    assert_eq!(folder.run(&["send"]).well(), "nothing waits to be sent\n");
    folder.run(&["send", "--refused", "--dsn", &server.dsn]).well();
    assert!(!refused.exists());
    assert_eq!(server.requests(), 1);
}

#[test]
fn one_that_was_never_to_be_sent_goes_where_it_is_told() {
    let (folder, server) = (Folder::empty(), server(200, TAKEN));
    let [a, b] = two();
    let file = folder.put(&a);
    folder.put(&b);
    let (code, said) = folder.run(&["send", "2"]).badly();
    let id = "a".repeat(32);
    assert_eq!((code, said), (2, format!("error: the report {id} was not to be sent; give `--dsn DSN`\n")));
    assert_eq!(
        folder.run(&["send", "2", "--dsn", &server.dsn, "--dry-run"]).well(),
        format!("would send {id}\n")
    );
    for name in ["2", &file.display().to_string()] {
        let said = folder.run(&["send", name, "--dsn", &server.dsn]).well();
        assert_eq!(said, format!("{id} sent to Sentry as event {id}\n"));
    }
    assert_eq!(server.requests(), 2);
    assert!(file.exists());
}

#[test]
fn what_is_no_dsn_is_said_before_anything_is_done() {
    let folder = Folder::empty();
    let [a, _] = two();
    let file = put(&folder, &a, "unsent", "http://key@127.0.0.1:9/7");
    for (dsn, why) in
        [("sentry", "no valid url"), ("ftp://key@host/1", "scheme"), ("http://host/1", "username")]
    {
        let (code, said) = folder.run(&["send", "--dsn", dsn]).badly();
        assert!(code == 2 && said.starts_with(&format!("error: `{dsn}` is no DSN of Sentry's: ")), "{said}");
        assert!(said.contains(why) && said.contains("; copy it from the project's settings"), "{said}");
    }
    assert!(file.exists());
}

#[test]
fn broken_files_and_those_of_later_releases_are_named_and_stay_and_the_rest_is_sent() {
    let (folder, server) = (Folder::empty(), server(200, TAKEN));
    let [a, b] = two();
    let good = put(&folder, &a, "unsent", &server.dsn);
    let newer =
        put(&folder, &report("2026-04-14T10:11:12.123Z", 'c', &json!({"schema": 99})), "unsent", &server.dsn);
    let broken = put(&folder, &b, "unsent", &server.dsn);
    fs::write(&broken, "{\"dsn\":").expect("a file");
    folder.write("sentry/notes.txt", "mine");

    let ran = folder.run(&["send"]);

    assert_eq!(ran.code, Some(1));
    let line = |file: &PathBuf, why: &str| {
        let begin = format!("error: {}: ", file.display());
        assert!(
            ran.stderr.lines().any(|line| line.starts_with(&begin) && line.contains(why)),
            "{}",
            ran.stderr
        );
        assert!(file.exists());
    };
    line(&newer, "schema 99");
    line(&broken, "does not say where the report goes");
    assert!(!good.exists());
    assert_eq!(server.requests(), 1);
    assert!(folder.path().join("sentry/notes.txt").exists());
}
