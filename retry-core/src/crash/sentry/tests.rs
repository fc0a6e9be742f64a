use super::post::tests::server::{Server, answer, taken};
use super::sending::To;
use super::{KEEP, Resending, Sentry};
use crate::crash::delivery::Delivery;
use crate::crash::files::tests::{Scratch, report};
use crate::crash::files::{Saved, Wanted};
use crate::crash::report::Report;
use crate::crash::reporter::Settings;
use crate::crash::reporting::Disk;
use crate::crash::sentry::Outgoing;
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

fn now(id: char) -> Report {
    report(&humantime::format_rfc3339_millis(std::time::SystemTime::now()).to_string(), id)
}

fn settings(scratch: &Scratch, sentry: impl Into<Sentry>) -> Settings {
    let folder = Wanted::At { path: scratch.0.clone(), app: "test".into() };
    Settings { folder, sentry: Some(sentry.into()), ..Settings::default() }
}

/// As a crash leaves it.
fn kept(scratch: &Scratch, settings: &Settings, report: &Report) -> Outgoing {
    let saved: Saved = scratch.save(&mut report.clone(), None);
    let outgoing = Outgoing::new();
    outgoing.keep(settings, report, Some(&saved), Disk::new(true, Instant::now()));
    outgoing
}

fn files(scratch: &Scratch, extension: &str) -> usize {
    let entries = std::fs::read_dir(scratch.0.join("sentry")).into_iter().flatten().flatten();
    entries.filter(|entry| entry.path().extension().is_some_and(|its| its == extension)).count()
}

/// Of the listener.
type Told = Arc<Mutex<Vec<(char, Delivery)>>>;

fn listening(dsn: &str) -> (Sentry, Told) {
    let told = Told::default();
    let heard = Arc::clone(&told);
    let sentry = Sentry::new(dsn).on_later(move |report, delivery| {
        heard.lock().unwrap().push((report.id.chars().next().unwrap(), delivery.clone()));
    });
    (sentry, told)
}

#[test]
fn no_dsn_is_no_fault_and_a_wrong_one_is_told_with_the_remedy() {
    for off in [Sentry::new(""), Sentry::new(" \n"), None::<&str>.into(), Sentry::from(String::new())] {
        assert!(off.is_off() && off.check().is_ok());
    }
    assert!(Sentry::from(Some(" https://key@o1.ingest.sentry.io/7\n")).has_target());
    let wrong = |dsn: &str| Sentry::new(dsn).check().unwrap_err().to_string();
    assert_eq!(
        wrong("https://sentry.io/7"),
        "`https://sentry.io/7` is no DSN of Sentry's: username is empty; copy it from the project's settings, https://KEY@HOST/PROJECT"
    );
    let hostile = wrong(&"\u{1b}[31m\n".repeat(1000));
    assert!(hostile.len() < 1000 && !hostile.contains(char::is_control), "{hostile}");
}

#[test]
fn the_secret_key_of_an_old_dsn_is_told_to_nobody() {
    for text in ["https://key:s3cret@sentry.io/7", "https://key:s3cret@sentry.io", "key:s3cret@sentry.io/7"] {
        let sentry = Sentry::new(text);
        let told = format!("{sentry:?} {:?}", sentry.check().map_err(|error| error.to_string()));
        assert!(told.contains("key:***@sentry.io") && !told.contains("s3cret"), "{told}");
    }
}

#[test]
fn a_reporter_that_is_installed_again_sends_again() {
    let (scratch, server) = (Scratch::new("sentry-again"), Server::answering(taken()));
    let reporter = crate::crash::reporter().save_to(&scratch.0).sentry(server.dsn().to_string());
    let once = reporter.clone().settings();
    once.resending.start(&once);
    once.resending.finish(&once);
    drop(kept(&scratch, &once, &now('a')));

    let again = reporter.settings();
    again.resending.start(&again);
    again.resending.finish(&again);
    assert_eq!((files(&scratch, "unsent"), server.requests().len()), (0, 1));
}

#[test]
fn a_crash_while_others_are_sent_is_sent_later() {
    let scratch = Scratch::new("sentry-meanwhile");
    let (asked, is_asked) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    let (asked, may_go_on) = (Mutex::new(asked), Mutex::new(may_go_on));
    let server = Server::new(move |connection, _| {
        connection.request();
        asked.lock().unwrap().send(()).unwrap();
        let _ = may_go_on.lock().unwrap().recv();
        connection.write(taken());
    });
    let mut settings = settings(&scratch, server.dsn().to_string());
    settings.resending = Arc::new(Resending::trying_again_after(Duration::from_millis(10)));
    drop(kept(&scratch, &settings, &now('a')));
    settings.resending.start(&settings);
    is_asked.recv_timeout(Duration::from_secs(10)).unwrap();

    drop(kept(&scratch, &settings, &now('b')));
    settings.resending.start_later(&settings);
    go_on.send(()).unwrap();
    is_asked.recv_timeout(Duration::from_secs(10)).expect("the new one is sent, too");
    go_on.send(()).unwrap();
    settings.resending.finish(&settings);
    assert_eq!(files(&scratch, "unsent"), 0);
}

#[test]
fn what_a_slow_disk_writes_after_the_report_was_sent_does_not_stay() {
    let server = Server::answering(taken());
    for is_there in [true, false] {
        let scratch = Scratch::new("sentry-slow-disk");
        let settings = settings(&scratch, server.dsn().to_string());
        let report = now('a');
        let outgoing = if is_there { kept(&scratch, &settings, &report) } else { Outgoing::new() };
        // On the thread that the crash has left to itself.
        let (late, saved) = (Arc::clone(&outgoing.place), scratch.save(&mut report.clone(), None));
        assert_eq!(outgoing.send(&settings, &report), Some(Delivery::Sent { event_id: report.id.clone() }));
        late.keep(&report, &saved, &To::default(), KEEP, true);
        assert_eq!(files(&scratch, "unsent"), 0, "it would be sent again by the next start");
    }
}

#[test]
fn a_report_that_arrives_leaves_the_spool() {
    let (scratch, server) = (Scratch::new("sentry-sent"), Server::answering(taken()));
    let settings = settings(&scratch, server.dsn().to_string());
    let report = now('a');
    let outgoing = kept(&scratch, &settings, &report);
    assert_eq!(files(&scratch, "unsent"), 1, "it is there before it is sent");
    let delivery = outgoing.send(&settings, &report);
    assert_eq!(delivery, Some(Delivery::Sent { event_id: report.id }));
    assert_eq!((files(&scratch, "unsent"), server.requests().len()), (0, 1));
}

#[test]
fn where_nothing_can_be_kept_it_is_sent_all_the_same() {
    let (scratch, server) = (Scratch::new("sentry-nowhere"), Server::answering(taken()));
    let report = now('a');
    let here = settings(&scratch, server.dsn().to_string());
    assert_eq!(Outgoing::new().send(&here, &report), Some(Delivery::Sent { event_id: report.id.clone() }));
    let nobody = settings(&scratch, "http://key@127.0.0.1:9/7");
    assert!(matches!(Outgoing::new().send(&nobody, &report), Some(Delivery::Lost { .. })));
}

#[test]
fn without_a_right_dsn_reports_wait_for_one() {
    let (scratch, server) = (Scratch::new("sentry-broken"), Server::answering(taken()));
    let broken = settings(&scratch, "sentry");
    let report = now('a');
    let delivery = kept(&scratch, &broken, &report).send(&broken, &report).unwrap();
    assert!(delivery.to_string().contains("`sentry` is no DSN of Sentry's"), "{delivery}");
    assert_eq!(files(&scratch, "unsent"), 1);

    let right = settings(&scratch, server.dsn().to_string());
    right.resending.start(&right);
    right.resending.finish(&right);
    assert_eq!((files(&scratch, "unsent"), server.requests().len()), (0, 1));
}

#[test]
fn a_server_that_lets_one_crash_wait_in_vain_lets_no_other_wait() {
    let scratch = Scratch::new("sentry-silence");
    let server = Server::new(|connection, _| {
        connection.request();
        connection.hang();
    });
    let dsn = server.dsn().to_string();
    let settings = settings(&scratch, Sentry::new(dsn).deadline(Duration::from_millis(300)));
    let (one, other) = (now('a'), now('b'));
    let first = kept(&scratch, &settings, &one).send(&settings, &one);
    assert!(matches!(first, Some(Delivery::Kept { .. })), "{first:?}");

    let outgoing = kept(&scratch, &settings, &other);
    let started = Instant::now();
    let second = outgoing.send(&settings, &other);
    assert!(started.elapsed() < Duration::from_millis(200));
    assert_eq!(second, Some(Delivery::Kept { why: "the server did not answer a moment ago".into() }));
    assert_eq!((files(&scratch, "unsent"), server.connections()), (2, 1));
    settings.resending.finish(&settings);
}

#[test]
fn the_next_start_sends_what_was_left_the_oldest_first_with_a_pause_between() {
    let (scratch, server) = (Scratch::new("sentry-later"), Server::answering(taken()));
    let (sentry, told) = listening(&server.dsn().to_string());
    let settings = settings(&scratch, sentry);
    for id in ['a', 'b', 'c'] {
        drop(kept(&scratch, &settings, &now(id)));
        std::thread::sleep(Duration::from_millis(2));
    }
    let started = Instant::now();
    settings.resending.start(&settings);
    settings.resending.finish(&settings);
    assert!(started.elapsed() >= Duration::from_millis(200), "100 ms between one and the next");
    assert_eq!((files(&scratch, "unsent"), server.requests().len()), (0, 3));
    let sent = |id: char| (id, Delivery::Sent { event_id: id.to_string().repeat(32) });
    assert_eq!(*told.lock().unwrap(), [sent('a'), sent('b'), sent('c')]);
}

#[test]
fn the_end_of_a_program_waits_for_what_is_being_sent_no_longer_than_the_deadline() {
    let scratch = Scratch::new("sentry-end");
    let (asked, is_asked) = mpsc::channel();
    let asked = Mutex::new(asked);
    let server = Server::new(move |connection, _| {
        connection.request();
        asked.lock().unwrap().send(()).unwrap();
        connection.hang();
    });
    let sentry = Sentry::new(server.dsn().to_string()).deadline(Duration::from_millis(300));
    let settings = settings(&scratch, sentry);
    drop(kept(&scratch, &settings, &now('a')));
    settings.resending.start(&settings);
    is_asked.recv_timeout(Duration::from_secs(10)).unwrap();
    let end = |resending: &Arc<Resending>| {
        let started = Instant::now();
        resending.finish(&settings);
        started.elapsed()
    };
    let waited = end(&settings.resending);
    assert!(waited >= Duration::from_millis(299) && waited < Duration::from_secs(2), "{waited:?}");
    assert_eq!(files(&scratch, "unsent"), 1);
    assert!(scratch.0.join("sentry/silent").exists());

    // The same again and again would make a tool slow that is run often.
    drop(kept(&scratch, &settings, &now('b')));
    let next = Arc::new(Resending::default());
    next.start(&settings);
    is_asked.recv_timeout(Duration::from_secs(10)).expect("it is tried all the same");
    let waited = end(&next);
    assert!(waited < Duration::from_millis(250), "{waited:?}");

    let up = Server::answering(taken());
    let report = now('c');
    let settings = Settings { sentry: Some(up.dsn().to_string().into()), ..settings.clone() };
    kept(&scratch, &settings, &report).send(&settings, &report);
    assert!(!scratch.0.join("sentry/silent").exists(), "it answers again");
}

#[test]
fn a_limit_is_heeded_by_all_that_come_after() {
    let scratch = Scratch::new("sentry-limited");
    let server = Server::answering(answer("429 Too Many", "retry-after: 1000\r\n", "{}"));
    let settings = settings(&scratch, server.dsn().to_string());
    for id in ['a', 'b'] {
        drop(kept(&scratch, &settings, &now(id)));
    }
    for _ in 0..2 {
        let start = Arc::new(Resending::default());
        start.start(&settings);
        start.finish(&settings);
    }
    let report = now('c');
    let delivery = kept(&scratch, &settings, &report).send(&settings, &report).unwrap();
    assert!(
        delivery.to_string().starts_with("not sent to Sentry yet: the server takes no reports for another")
    );
    assert_eq!((files(&scratch, "unsent"), server.requests().len()), (3, 1));
    settings.resending.finish(&settings);
}

#[test]
fn what_the_server_refuses_is_told_and_kept_apart_and_not_sent_again() {
    let scratch = Scratch::new("sentry-refused");
    let server = Server::answering(answer("400 Bad Request", "", "{\"detail\":\"bad event\"}"));
    let (sentry, told) = listening(&server.dsn().to_string());
    let settings = settings(&scratch, sentry);
    drop(kept(&scratch, &settings, &now('a')));
    for _ in 0..2 {
        let start = Arc::new(Resending::default());
        start.start(&settings);
        start.finish(&settings);
    }
    assert_eq!((files(&scratch, "unsent"), files(&scratch, "refused"), server.requests().len()), (0, 1, 1));
    let told = told.lock().unwrap();
    let [('a', Delivery::Refused { why })] = &told[..] else { panic!("{told:?}") };
    assert!(why.contains("bad event"), "{why}");
}

#[test]
fn what_is_too_large_is_sent_without_attachments() {
    let scratch = Scratch::new("sentry-large");
    let server = Server::new(|connection, number| {
        connection.request();
        connection.write(if number == 0 { answer("413 Too Large", "", "") } else { taken() });
    });
    let settings = settings(&scratch, server.dsn().to_string());
    let report = now('a');
    let delivery = kept(&scratch, &settings, &report).send(&settings, &report);
    assert_eq!(delivery, Some(Delivery::Sent { event_id: report.id }));
    let requests = server.requests();
    assert!(requests[1].body.len() < requests[0].body.len() / 2);
}

#[test]
fn a_program_that_crashes_at_each_start_sends_what_earlier_starts_left() {
    /// What is dropped while the main thread panics.
    struct Guard(Settings);
    impl Drop for Guard {
        fn drop(&mut self) {
            self.0.resending.finish(&self.0);
        }
    }

    let scratch = Scratch::new("sentry-loop");
    let server = Server::new(|connection, _| {
        connection.request();
        std::thread::sleep(Duration::from_millis(50));
        connection.write(taken());
    });
    let down = settings(&scratch, "http://key@127.0.0.1:9/7");
    for id in ['a', 'b'] {
        drop(kept(&scratch, &down, &now(id)));
    }
    let dsn = server.dsn().to_string();
    let up = settings(&scratch, Sentry::new(dsn).deadline(Duration::from_secs(10)));
    let outgoing = kept(&scratch, &up, &now('c'));
    let crash = std::thread::spawn(move || {
        let guard = Guard(up);
        guard.0.resending.start(&guard.0);
        assert!(matches!(outgoing.send(&guard.0, &now('c')), Some(Delivery::Sent { .. })));
        std::panic::resume_unwind(Box::new("the crash"));
    });
    crash.join().unwrap_err();
    assert_eq!((files(&scratch, "unsent"), server.requests().len()), (0, 3));
}

#[test]
fn a_limit_of_attachments_never_makes_a_report_undeliverable() {
    let scratch = Scratch::new("sentry-no-attachments");
    let limited = "x-sentry-rate-limits: 60:attachment:key\r\n";
    let server = Server::answering(answer("429 Too Many", limited, "{}"));
    let settings = settings(&scratch, server.dsn().to_string());
    let report = now('a');
    let delivery = kept(&scratch, &settings, &report).send(&settings, &report);
    assert_eq!(delivery, Some(Delivery::Kept { why: "the server takes no attachments for now".into() }));
    assert_eq!((files(&scratch, "unsent"), server.requests().len()), (1, 2));
    settings.resending.finish(&settings);
}
