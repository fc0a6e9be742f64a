//! What happened before a crash: the last events of `tracing` in reports.
#![allow(missing_docs, unreachable_pub)]

#[path = "../../tests/counting.rs"]
mod counting;

use std::fmt;
use std::panic::catch_unwind;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use retry_core::crash::{self, Breadcrumb, Breadcrumbs, Level, Report, Shown};
use retry_core::{retry, testing};
use tracing::{debug, error, info, subscriber, trace, warn};
use tracing_subscriber::layer::SubscriberExt;

/// The process has one list: one test at a time.
static TURN: Mutex<()> = Mutex::new(());

fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the layer keeps of this. An event tells where it begins.
fn kept(layer: Breadcrumbs, run: impl FnOnce()) -> Vec<Breadcrumb> {
    let subscriber = tracing_subscriber::registry().with(layer);
    let report = subscriber::with_default(subscriber, || {
        error!("test begins");
        run();
        crash::report(&fmt::Error).report
    });
    let begins = report.breadcrumbs.iter().rposition(|crumb| crumb.message == "test begins");
    report.breadcrumbs.into_iter().skip(begins.map_or(0, |begins| begins + 1)).collect()
}

fn field<'a>(crumb: &'a Breadcrumb, name: &str) -> &'a Shown {
    let field = crumb.fields.iter().find(|field| field.name == name);
    &field.unwrap_or_else(|| panic!("there is no {name} in {crumb:?}")).value
}

fn whole(text: &str) -> Shown {
    Shown::Value { text: text.into(), cut: false }
}

#[test]
fn time_level_target_message_and_fields_are_kept() {
    let _turn = turn();
    let crumbs = kept(crash::breadcrumbs(), || {
        info!(target: "shop", guests = 4, name = "Ada", list = ?[1, 2], price = 1.5, shown = %"x y", "laid {}", 1);
        warn!(error = &fmt::Error as &(dyn std::error::Error + 'static));
        info!(r#type = 1u8, message = "text");
    });
    let [laid, failed, keyword] = &crumbs[..] else { panic!("{crumbs:?}") };
    assert_eq!((laid.level, &*laid.target, &*laid.message), (Level::Info, "shop", "laid 1"));
    let names: Vec<_> = laid.fields.iter().map(|field| &*field.name).collect();
    assert_eq!(names, ["guests", "name", "list", "price", "shown"]);
    let values: Vec<_> = laid.fields.iter().map(|field| field.value.clone()).collect();
    assert_eq!(values, ["4", "\"Ada\"", "[1, 2]", "1.5", "x y"].map(whole));
    let time = humantime_like(&laid.time);
    assert!(time, "{}", laid.time);
    assert_eq!((failed.level, &*failed.message), (Level::Warn, ""));
    assert_eq!(field(failed, "error"), &whole(&fmt::Error.to_string()));
    assert!(failed.target.starts_with("breadcrumbs"), "{}", failed.target);
    assert_eq!((&*keyword.message, field(keyword, "type")), ("text", &whole("1")));
}

/// `2024-05-01T12:00:00.000Z`
fn humantime_like(time: &str) -> bool {
    time.len() == 24
        && time.char_indices().all(|(at, char)| match at {
            4 | 7 => char == '-',
            10 => char == 'T',
            13 | 16 => char == ':',
            19 => char == '.',
            23 => char == 'Z',
            _ => char.is_ascii_digit(),
        })
}

#[test]
fn what_is_below_the_level_is_not_kept() {
    let _turn = turn();
    let all = || {
        trace!("trace");
        debug!("debug");
        info!("info");
        error!("error");
    };
    let messages =
        |crumbs: Vec<Breadcrumb>| -> Vec<_> { crumbs.into_iter().map(|crumb| crumb.message).collect() };
    assert_eq!(messages(kept(crash::breadcrumbs(), all)), ["info", "error"]);
    assert_eq!(
        messages(kept(crash::breadcrumbs().level(tracing::Level::DEBUG), all)),
        ["debug", "info", "error"]
    );
    assert_eq!(messages(kept(crash::breadcrumbs().level(tracing::Level::TRACE), all)).len(), 4);
}

#[test]
fn the_last_ones_are_kept_and_no_more() {
    let _turn = turn();
    let many = || (0..5000).for_each(|number| info!(number));
    for (layer, expected) in [
        (crash::breadcrumbs(), 100),
        (crash::breadcrumbs().keep(3), 3),
        (crash::breadcrumbs().keep(0), 1),
        (crash::breadcrumbs().keep(usize::MAX), 1000),
    ] {
        let crumbs = kept(layer, many);
        assert_eq!(crumbs.len(), expected);
        let first = (5000 - expected).to_string();
        assert_eq!(field(&crumbs[0], "number"), &whole(&first));
        assert_eq!(field(&crumbs[expected - 1], "number"), &whole("4999"));
    }
}

#[test]
fn a_huge_event_is_kept_in_part() {
    struct Endless;
    impl fmt::Debug for Endless {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            loop {
                f.write_str("again and ")?;
            }
        }
    }
    let _turn = turn();
    let megabytes = "ü".repeat(1 << 20);
    let crumbs = kept(crash::breadcrumbs(), || {
        info!(
            a = ?megabytes, b = megabytes, c = ?Endless, d = ?Endless, e = ?Endless, f = ?Endless, g = 1, "{megabytes}"
        );
    });
    let [crumb] = &crumbs[..] else { panic!("{crumbs:?}") };
    assert_eq!(crumb.message, format!("{}...", "ü".repeat(512)));
    let lengths: Vec<_> = crumb
        .fields
        .iter()
        .map(|field| match &field.value {
            Shown::Value { text, cut: true } => text.len(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(lengths.iter().all(|length| *length <= 512), "{lengths:?}");
    assert!(lengths.iter().sum::<usize>() <= 2048, "{lengths:?}");
    assert!(lengths[2] > 500, "{lengths:?}");
}

#[test]
fn many_huge_events_are_reported_as_far_as_a_crash_has_time_for_them() {
    let _turn = turn();
    let text = "a".repeat(4096);
    let crumbs = kept(crash::breadcrumbs().keep(1000), || {
        (0..1000).for_each(|number| info!(number, a = text, b = text, c = text, d = text, "{text}"));
    });
    // 1024 bytes of the message and 2048 of the fields each.
    assert_eq!(crumbs.len(), (128 << 10) / 3072);
    assert_eq!(crumbs.last().map(|crumb| field(crumb, "number")), Some(&whole("999")));
}

#[test]
fn secrets_are_redacted_by_the_rules_of_the_reporter() {
    let _turn = turn();
    let log = || {
        info!(password = "hunter2", iban = "DE12", token = "t0ps3cret", user = ?Some(("api_key", "k3y")), "with password=hunter2");
    };
    let _crash = crash::reporter().quiet().redact("iban").allow("token").install();
    let crumbs = kept(crash::breadcrumbs(), log);
    let [crumb] = &crumbs[..] else { panic!("{crumbs:?}") };
    assert_eq!(field(crumb, "password"), &Shown::Redacted);
    assert_eq!(field(crumb, "iban"), &Shown::Redacted);
    assert_eq!(field(crumb, "token"), &whole("\"t0ps3cret\""));
    assert_eq!(field(crumb, "user"), &whole("Some((\"api_key\", <redacted>))"));
    assert_eq!(crumb.message, "with password=<redacted>");
}

#[test]
fn a_debug_that_panics_is_noted_and_the_event_goes_on() {
    struct Panics;
    impl fmt::Debug for Panics {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("before ")?;
            panic!("no lock")
        }
    }
    struct Fails;
    impl fmt::Debug for Fails {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            Err(fmt::Error)
        }
    }
    let _turn = turn();
    let (send, heard) = std::sync::mpsc::channel();
    let send = Mutex::new(send);
    let reporter = crash::reporter().quiet().on_report(move |reported| {
        send.lock().unwrap().send(reported.report.message.clone()).unwrap();
    });
    let _crash = reporter.install();
    let crumbs = kept(crash::breadcrumbs(), || info!(bad = ?Panics, worse = ?Fails, good = 1, "said"));
    let [crumb] = &crumbs[..] else { panic!("{crumbs:?}") };
    assert_eq!(crumb.message, "said");
    let failed = |why: &str, text: &str| Shown::Failed { why: why.into(), text: text.into() };
    assert_eq!(field(crumb, "bad"), &failed("its formatting panicked", "before "));
    assert_eq!(field(crumb, "worse"), &failed("its formatting returned an error", ""));
    assert_eq!(field(crumb, "good"), &whole("1"));
    // The one report is that of the error which `kept` reports.
    assert_eq!(heard.try_iter().collect::<Vec<_>>(), [fmt::Error.to_string()]);
}

#[test]
fn a_report_made_while_an_event_is_written_comes_to_an_end() {
    struct Reports(Mutex<Vec<Breadcrumb>>);
    impl fmt::Debug for Reports {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            *self.0.lock().unwrap() = crash::report(&fmt::Error).report.breadcrumbs;
            f.write_str("reported")
        }
    }
    let _turn = turn();
    let reports = Reports(Mutex::default());
    let crumbs = kept(crash::breadcrumbs(), || {
        info!("first");
        info!(value = ?reports, "second");
    });
    let messages: Vec<_> = crumbs.iter().map(|crumb| &*crumb.message).collect();
    assert_eq!(messages, ["first", "second"]);
    assert_eq!(reports.0.lock().unwrap().last().map(|crumb| crumb.message.clone()), Some("first".into()));
}

fn folder(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("breadcrumbs-{name}-{}", std::process::id()))
}

#[test]
fn they_are_in_every_file_of_a_panic_and_read_again() {
    let _turn = turn();
    let folder = folder("files");
    let _crash = crash::reporter().app("shop", "1").save_to(&folder).quiet().install();
    let subscriber = tracing_subscriber::registry().with(crash::breadcrumbs());
    subscriber::with_default(subscriber, || {
        info!(item = "<b>pear</b>", "picked");
        let _ = catch_unwind(|| panic!("no more apples"));
    });
    let json = crash::last_report_path().expect("it is saved");
    let read = |extension| std::fs::read_to_string(json.with_extension(extension)).unwrap();
    let report = Report::from_json(&read("json")).unwrap();
    assert_eq!(report.breadcrumbs.last().map(|crumb| &*crumb.message), Some("picked"));
    assert!(read("txt").contains("INFO breadcrumbs: picked; item = \"<b>pear</b>\"\n"), "{}", read("txt"));
    assert!(read("html").contains("item = &quot;&lt;b&gt;pear&lt;/b&gt;&quot;"));
    assert!(report.to_markdown().contains("INFO breadcrumbs: picked"));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn each_retry_is_one_as_any_event() {
    #[derive(Debug)]
    enum Error {
        Busy,
    }
    #[retry(Busy = 1, attempts = 2)]
    fn fails() -> Result<(), Error> {
        Err(Error::Busy)
    }
    let _turn = turn();
    let _recorder = testing::record();
    let crumbs = kept(crash::breadcrumbs(), || assert!(fails().is_err()));
    let said: Vec<_> = crumbs.iter().map(|crumb| (crumb.level, &*crumb.target, &*crumb.message)).collect();
    let expected = [
        (Level::Warn, "retry_core", "attempt failed; trying again after the wait"),
        (Level::Error, "retry_core", "attempt failed; giving up"),
    ];
    assert_eq!(said, expected);
    assert_eq!(field(&crumbs[0], "function"), &whole("\"fails\""));
}

#[test]
fn records_of_the_crate_log_have_their_own_target() {
    let _turn = turn();
    // As `tracing-log` passes them on.
    let crumbs = kept(crash::breadcrumbs(), || {
        tracing::event!(
            target: "log",
            tracing::Level::INFO,
            { log.target = "hyper::client", log.line = 7, log.file = "a.rs", n = 1 },
            "connected"
        );
    });
    let [crumb] = &crumbs[..] else { panic!("{crumbs:?}") };
    assert_eq!((&*crumb.target, &*crumb.message), ("hyper::client", "connected"));
    assert_eq!(crumb.fields.len(), 1);
}

#[test]
fn once_the_list_is_full_an_event_allocates_nothing() {
    let _turn = turn();
    let subscriber = tracing_subscriber::registry().with(crash::breadcrumbs().keep(10));
    subscriber::with_default(subscriber, || {
        let log = |number: u64| {
            info!(number, text = "some text", list = ?[number; 8], "said {number}");
            debug!(number, "below the level");
        };
        (1_000_000..1_000_100).for_each(log);
        let before = counting::so_far();
        (1_000_000..1_001_000).for_each(log);
        assert_eq!(counting::so_far() - before, 0);
    });
}

#[test]
fn crashes_beside_threads_that_log_without_end_have_their_events_and_do_not_wait() {
    let _turn = turn();
    let _crash = crash::reporter().quiet().install();
    let stop = AtomicBool::new(false);
    let crumbs = std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let subscriber = tracing_subscriber::registry().with(crash::breadcrumbs());
                subscriber::with_default(subscriber, || {
                    while !stop.load(Ordering::Relaxed) {
                        info!(text = "some text", "busy");
                    }
                });
            });
        }
        let started = Instant::now();
        let lengths: Vec<_> = (0..20).map(|_| crash::report(&fmt::Error).report.breadcrumbs.len()).collect();
        stop.store(true, Ordering::Relaxed);
        assert!(started.elapsed() < Duration::from_secs(20));
        lengths
    });
    // At most one event of each thread is under way.
    assert!(crumbs.iter().all(|length| (90..=100).contains(length)), "{crumbs:?}");
}
