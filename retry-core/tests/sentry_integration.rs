//! Beside an application that uses the crate `sentry`: one event for each panic, and it is ours.
//!
//! Hooks and hubs are the process's: each test runs again as a process of its own, which says what its client was given.
#![allow(missing_docs)]

use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::time::{Duration, Instant};
use std::{env, fmt, fs, process, thread};

use retry_core::crash::{self, Delivery, Guard, Reported, Sentry, SentryIntegration};
use sentry::protocol::{EnvelopeItem, Event};
use sentry::test::TestTransport;
use sentry::{ClientInitGuard, ClientOptions, Envelope, Hub, SentryFutureExt, Transport};

const CHILD: &str = "RETRY_CORE_INTEGRATION_CHILD";

/// What happened in the child, in lines.
static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());
/// The reports of the child.
static REPORTED: Mutex<Vec<Reported>> = Mutex::new(Vec::new());

fn tell(line: impl fmt::Display) {
    TOLD.lock().unwrap().push(line.to_string());
}

/// Runs it in a process of its own, unless this is that process; and what is told there, sorted.
#[track_caller]
fn child(test: &str, run: impl FnOnce()) -> Option<Vec<String>> {
    let told = env::temp_dir().join(format!("sentry-integration-{test}-{}", process::id()));
    if let Some(told) = env::var_os(CHILD) {
        run();
        fs::write(PathBuf::from(told), TOLD.lock().unwrap().join("\n")).unwrap();
        return None;
    }
    let output = Command::new(env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture", "--test-threads=1"])
        .env(CHILD, &told)
        .env_remove("SENTRY_DSN")
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{:?}\n{}\n{shown}",
        output.status,
        String::from_utf8_lossy(&output.stdout)
    );
    let lines = fs::read_to_string(&told).unwrap_or_else(|error| panic!("{error}\n{shown}"));
    fs::remove_file(&told).unwrap();
    let mut lines: Vec<_> = lines.lines().map(str::to_owned).collect();
    lines.sort();
    Some(lines)
}

#[track_caller]
fn expect(told: Option<Vec<String>>, expected: &[&str]) {
    if let Some(told) = told {
        assert_eq!(told, expected);
    }
}

fn options(transport: &Arc<TestTransport>) -> ClientOptions {
    ClientOptions::new()
        .dsn("http://public@sentry.invalid/1")
        .transport(Arc::clone(transport))
        .add_integration(SentryIntegration::new())
}

fn client(transport: &Arc<TestTransport>) -> ClientInitGuard {
    sentry::init(options(transport))
}

fn reporter() -> Guard {
    let remember = |reported: &Reported| REPORTED.lock().unwrap().push(reported.clone());
    crash::reporter().app("shop", "1.2.3").quiet().on_report(remember).install()
}

fn boom(message: &'static str) {
    assert!(catch_unwind(|| panic::panic_any(message)).is_err());
}

/// Each event: whose it is, and what it is about.
fn tell_events(transport: &TestTransport) {
    transport.fetch_and_clear_events().iter().for_each(|event| tell(said(event)));
}

fn said(event: &Event<'_>) -> String {
    let reported = REPORTED.lock().unwrap();
    let of = reported.iter().find(|reported| reported.report.id == event.event_id.simple().to_string());
    let whose = if of.is_some() { "ours" } else { "theirs" };
    let last = event.exception.iter().last();
    format!("{whose}: {}", last.and_then(|exception| exception.value.as_deref()).unwrap_or("no exception"))
}

#[test]
fn the_client_before_the_reporter() {
    let told = child("the_client_before_the_reporter", || {
        let transport = TestTransport::new();
        let _sentry = client(&transport);
        let _crash = reporter();
        boom("one");
        boom("two");
        tell_events(&transport);
    });
    expect(told, &["ours: one", "ours: two"]);
}

#[test]
fn the_reporter_before_the_client() {
    let told = child("the_reporter_before_the_client", || {
        let transport = TestTransport::new();
        let _crash = reporter();
        let _sentry = client(&transport);
        boom("one");
        boom("two");
        tell_events(&transport);
    });
    expect(told, &["ours: one", "ours: two"]);
}

#[test]
fn without_a_reporter_it_is_their_own_event() {
    let told = child("without_a_reporter_it_is_their_own_event", || {
        let transport = TestTransport::new();
        let _sentry = client(&transport);
        boom("one");
        tell_events(&transport);
    });
    expect(told, &["theirs: one"]);
}

#[test]
fn without_the_integration_each_goes_its_own_way() {
    let told = child("without_the_integration_each_goes_its_own_way", || {
        let transport = TestTransport::new();
        let _crash = reporter();
        let mut options = options(&transport);
        options.integrations.clear();
        let _sentry = sentry::init(options);
        boom("one");
        tell_events(&transport);
        tell(REPORTED.lock().unwrap().len());
    });
    expect(told, &["1", "theirs: one"]);
}

#[test]
fn when_the_reporter_is_gone_it_is_their_own_event_again() {
    let told = child("when_the_reporter_is_gone_it_is_their_own_event_again", || {
        let transport = TestTransport::new();
        let before = reporter();
        let _sentry = client(&transport);
        let after = reporter();
        boom("two reporters");
        drop(before);
        boom("the second");
        drop(after);
        boom("none");
        let _again = reporter();
        boom("another");
        tell_events(&transport);
    });
    expect(told, &["ours: another", "ours: the second", "ours: two reporters", "theirs: none"]);
}

#[test]
fn a_client_made_again_has_each_panic_once() {
    let told = child("a_client_made_again_has_each_panic_once", || {
        let (first, second) = (TestTransport::new(), TestTransport::new());
        let _crash = reporter();
        let sentry = client(&first);
        boom("one");
        drop(sentry);
        let _sentry = client(&second);
        boom("two");
        tell_events(&first);
        tell_events(&second);
        tell(REPORTED.lock().unwrap().len());
    });
    expect(told, &["2", "ours: one", "ours: two"]);
}

#[test]
fn a_hook_that_calls_no_other_is_no_matter() {
    let told = child("a_hook_that_calls_no_other_is_no_matter", || {
        let transport = TestTransport::new();
        let _crash = reporter();
        panic::set_hook(Box::new(|_| tell("their hook")));
        let _sentry = client(&transport);
        boom("one");
        tell_events(&transport);
    });
    expect(told, &["ours: one", "their hook"]);
}

#[test]
fn their_hook_before_ours_after_all_is_one_event() {
    let told = child("their_hook_before_ours_after_all_is_one_event", || {
        let transport = TestTransport::new();
        let _crash = reporter();
        let mut options = options(&transport);
        options.default_integrations = false;
        let _sentry =
            sentry::init(options.add_integration(sentry::integrations::panic::PanicIntegration::new()));
        boom("one");
        let deliveries: Vec<_> =
            REPORTED.lock().unwrap().iter().map(|reported| reported.delivery.clone()).collect();
        let events = transport.fetch_and_clear_events();
        let id = events[0].event_id.simple().to_string();
        tell(deliveries == [Some(Delivery::HandedOver { event_id: id })]);
        tell(said(&events[0]));
        tell(events.len());
    });
    expect(told, &["1", "theirs: one", "true"]);
}

#[test]
fn two_threads_at_once() {
    let told = child("two_threads_at_once", || {
        let transport = TestTransport::new();
        let _sentry = client(&transport);
        let _crash = reporter();
        let together = Barrier::new(2);
        thread::scope(|scope| {
            for message in ["one", "two"] {
                let together = &together;
                scope.spawn(move || {
                    together.wait();
                    boom(message);
                });
            }
        });
        tell_events(&transport);
    });
    expect(told, &["ours: one", "ours: two"]);
}

#[test]
fn tasks_with_hubs_of_their_own() {
    let told = child("tasks_with_hubs_of_their_own", || {
        let transport = TestTransport::new();
        let _sentry = client(&transport);
        let _crash = reporter();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        runtime.block_on(async {
            let task = |name: &'static str| {
                let hub = Arc::new(Hub::new_from_top(Hub::current()));
                hub.configure_scope(|scope| scope.set_tag("task", name));
                tokio::spawn(async move { panic::panic_any(name) }.bind_hub(hub))
            };
            for task in [task("one"), task("two"), task("three")] {
                assert!(task.await.unwrap_err().is_panic());
            }
            assert!(tokio::spawn(async { panic::panic_any("none") }).await.unwrap_err().is_panic());
        });
        for event in transport.fetch_and_clear_events() {
            tell(format!("{}, {}", said(&event), event.tags.get("task").map_or("-", String::as_str)));
        }
    });
    expect(told, &["ours: none, -", "ours: one, one", "ours: three, three", "ours: two, two"]);
}

#[test]
fn a_thread_whose_hub_knows_no_client_uses_the_main_one() {
    let told = child("a_thread_whose_hub_knows_no_client_uses_the_main_one", || {
        let transport = TestTransport::new();
        // As if it were `main` itself: the main hub belongs to the thread that asks first.
        let _main = Hub::current();
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let (there, is_there) = std::sync::mpsc::channel();
        let thread = thread::spawn(move || {
            let _without_client = Hub::current();
            there.send(()).unwrap();
            wait.recv().unwrap();
            boom("one");
        });
        is_there.recv().unwrap();
        let _sentry = client(&transport);
        let _crash = reporter();
        go.send(()).unwrap();
        thread.join().unwrap();
        tell_events(&transport);
    });
    expect(told, &["ours: one"]);
}

#[test]
fn what_the_application_told_its_client_is_in_our_event() {
    let told = child("what_the_application_told_its_client_is_in_our_event", || {
        let transport = TestTransport::new();
        let _sentry = sentry::init(options(&transport).release("their@9").environment("their-place"));
        let _crash = reporter();
        sentry::configure_scope(|scope| {
            scope.set_tag("site", "Oslo 3");
            scope.set_user(Some(sentry::User { id: Some("u7".into()), ..Default::default() }));
        });
        sentry::add_breadcrumb(sentry::Breadcrumb { message: Some("clicked".into()), ..Default::default() });
        boom("one");
        boom("two");
        for envelope in transport.fetch_and_clear_envelopes() {
            let event = envelope.event().expect("it is an event");
            let crumbs: Vec<_> =
                event.breadcrumbs.iter().filter_map(|crumb| crumb.message.as_deref()).collect();
            let user = event.user.as_ref().and_then(|user| user.id.as_deref());
            let attached: Vec<_> = envelope
                .items()
                .filter_map(|item| match item {
                    EnvelopeItem::Attachment(file) => Some((file.filename.as_str(), file.buffer.len() > 500)),
                    _ => None,
                })
                .collect();
            tell(format_args!(
                "{} {:?} {:?} {:?} {user:?} {crumbs:?} {attached:?}",
                said(event),
                event.release.as_deref(),
                event.environment.as_deref(),
                event.tags.get("site"),
            ));
        }
    });
    let rest = "Some(\"their@9\") Some(\"their-place\") Some(\"Oslo 3\") Some(\"u7\") [\"clicked\"] \
                [(\"report.json\", true), (\"report.html\", true)]";
    expect(told, &[&format!("ours: one {rest}"), &format!("ours: two {rest}")]);
}

#[test]
fn it_has_the_values_of_each_frame_and_ends_where_it_crashed() {
    #[retry_core::crash_context]
    fn share(cents: u32, guests: u32) -> u32 {
        cents / guests
    }
    let told = child("it_has_the_values_of_each_frame_and_ends_where_it_crashed", || {
        let transport = TestTransport::new();
        let _crash = reporter();
        let _sentry = client(&transport);
        assert!(catch_unwind(|| share(700, std::hint::black_box(0))).is_err());
        for event in transport.fetch_and_clear_events() {
            let exception = event.exception.iter().last().expect("there is one");
            let frames = &exception.stacktrace.as_ref().expect("there is one").frames;
            let last = frames.last().expect("there is one");
            // On a busy machine the symbols may not be read in time; then the annotated function is a frame of its own.
            let share = frames.iter().rfind(|frame| !frame.vars.is_empty()).expect("it is annotated");
            let is_share = share.function.as_deref().is_some_and(|function| function.ends_with("share"));
            let mut vars: Vec<_> =
                share.vars.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            vars.sort();
            tell(format_args!("{is_share} {:?} {vars:?}", last.context_line));
        }
    });
    let frame = "true Some(\"        cents / guests\") [\"cents = 700\", \"guests = 0\"]";
    expect(told, &[frame]);
}

#[test]
fn breadcrumbs_of_tracing_and_of_the_client_are_each_there_once_and_in_order() {
    use tracing_subscriber::layer::SubscriberExt;
    let told = child("breadcrumbs_of_tracing_and_of_the_client_are_each_there_once_and_in_order", || {
        let transport = TestTransport::new();
        let _sentry = client(&transport);
        let _crash = reporter();
        let clicked = |message: &str, category: Option<&str>| {
            let (message, category) = (Some(message.into()), category.map(Into::into));
            sentry::add_breadcrumb(sentry::Breadcrumb { message, category, ..Default::default() });
        };
        tracing::subscriber::set_global_default(tracing_subscriber::registry().with(crash::breadcrumbs()))
            .unwrap();
        clicked("first", None);
        thread::sleep(Duration::from_millis(2));
        tracing::info!(target: "shop", "second");
        // As the client's own layer for `tracing` would.
        clicked("second", Some("shop"));
        thread::sleep(Duration::from_millis(2));
        clicked("third", None);
        boom("one");
        for event in transport.fetch_and_clear_events() {
            let crumbs: Vec<_> =
                event.breadcrumbs.iter().filter_map(|crumb| crumb.message.as_deref()).collect();
            tell(format_args!("{} {crumbs:?}", said(&event)));
        }
    });
    expect(told, &["ours: one [\"first\", \"second\", \"third\"]"]);
}

#[test]
fn what_they_capture_otherwise_stays_theirs() {
    let told = child("what_they_capture_otherwise_stays_theirs", || {
        let transport = TestTransport::new();
        let _sentry = client(&transport);
        let _crash = reporter();
        sentry::capture_error(&fmt::Error);
        sentry::capture_message("hello", sentry::Level::Info);
        crash::report(&fmt::Error);
        boom("one");
        tell_events(&transport);
    });
    let error = fmt::Error.to_string();
    let (ours, theirs) = (format!("ours: {error}"), format!("theirs: {error}"));
    expect(told, &[&ours, "ours: one", &theirs, "theirs: no exception"]);
}

#[test]
fn an_error_is_an_event_without_a_reporter_too() {
    let told = child("an_error_is_an_event_without_a_reporter_too", || {
        let transport = TestTransport::new();
        let _sentry = client(&transport);
        let reported = crash::report(&fmt::Error);
        let events = transport.fetch_and_clear_events();
        let ids: Vec<_> = events.iter().map(|event| event.event_id.simple().to_string()).collect();
        tell(ids == [reported.report.id]);
    });
    expect(told, &["true"]);
}

#[test]
fn before_send_is_asked_once_and_may_drop_it() {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    let told = child("before_send_is_asked_once_and_may_drop_it", || {
        let transport = TestTransport::new();
        let _sentry = sentry::init(options(&transport).before_send(|_| {
            ASKED.fetch_add(1, Ordering::Relaxed);
            None
        }));
        let _crash = reporter();
        boom("one");
        tell_events(&transport);
        tell(format_args!("asked {}", ASKED.load(Ordering::Relaxed)));
        tell(format_args!("{:?}", REPORTED.lock().unwrap()[0].delivery));
    });
    expect(told, &["Some(Dropped)", "asked 1"]);
}

#[test]
fn the_sample_rate_is_heeded() {
    let told = child("the_sample_rate_is_heeded", || {
        let transport = TestTransport::new();
        let _sentry = sentry::init(options(&transport).sample_rate(0.0));
        let _crash = reporter();
        boom("one");
        tell_events(&transport);
        tell(format_args!("{:?}", REPORTED.lock().unwrap()[0].delivery));
    });
    expect(told, &["Some(Dropped)"]);
}

#[test]
fn a_before_send_that_panics_brings_nothing_down() {
    let told = child("a_before_send_that_panics_brings_nothing_down", || {
        let transport = TestTransport::new();
        let _sentry = sentry::init(options(&transport).before_send(|_| panic!("no mood")));
        let _crash = reporter();
        boom("one");
        tell_events(&transport);
        let reported = REPORTED.lock().unwrap();
        tell(format_args!("{} {:?}", reported[0].report.message, reported[0].delivery));
    });
    expect(told, &["one None"]);
}

#[test]
fn a_before_send_that_hangs_is_left_behind() {
    let told = child("a_before_send_that_hangs_is_left_behind", || {
        let transport = TestTransport::new();
        let _sentry = std::mem::ManuallyDrop::new(sentry::init(options(&transport).before_send(|_| {
            loop {
                thread::park();
            }
        })));
        let _crash = reporter();
        let started = Instant::now();
        boom("one");
        let took = started.elapsed();
        assert!(took < Duration::from_secs(5), "{took:?}");
        tell(REPORTED.lock().unwrap().len());
    });
    expect(told, &["1"]);
}

#[test]
fn a_panic_while_the_hub_is_locked_comes_to_an_end() {
    let told = child("a_panic_while_the_hub_is_locked_comes_to_an_end", || {
        let transport = TestTransport::new();
        let mut options = options(&transport);
        // Their own hook would wait for the lock for ever.
        options.default_integrations = false;
        let options = options.before_breadcrumb(|_| panic!("in the lock"));
        let _sentry = std::mem::ManuallyDrop::new(sentry::init(options));
        let _crash = reporter();
        assert!(catch_unwind(|| sentry::add_breadcrumb(sentry::Breadcrumb::default())).is_err());
        tell(REPORTED.lock().unwrap().len());
    });
    expect(told, &["1"]);
}

#[test]
fn a_disabled_client_takes_nothing_and_is_in_nobody_s_way() {
    let told = child("a_disabled_client_takes_nothing_and_is_in_nobody_s_way", || {
        let transport = TestTransport::new();
        let mut options = options(&transport);
        options.dsn = None;
        let _sentry = sentry::init(options);
        let _crash = reporter();
        boom("one");
        tell_events(&transport);
        tell(format_args!("{:?}", REPORTED.lock().unwrap()[0].delivery));
    });
    expect(told, &["None"]);
}

/// How many files of the spool have the first report.
fn kept(folder: &Path) -> usize {
    let id = REPORTED.lock().unwrap()[0].report.id.clone();
    let files = fs::read_dir(folder.join("sentry")).unwrap().map(|file| file.unwrap().path());
    files.filter(|file| fs::read_to_string(file).unwrap().contains(&id)).count()
}

/// Takes envelopes, and never says that they are sent.
#[derive(Default)]
struct Slow(Mutex<Vec<Envelope>>);

impl Transport for Slow {
    fn send_envelope(&self, envelope: Envelope) {
        self.0.lock().unwrap().push(envelope);
    }

    fn flush(&self, timeout: Duration) -> bool {
        thread::sleep(timeout);
        false
    }
}

#[test]
fn a_client_that_does_not_send_in_time_leaves_the_report_in_the_spool() {
    let told = child("a_client_that_does_not_send_in_time_leaves_the_report_in_the_spool", || {
        let slow = Arc::new(Slow::default());
        let mut options = ClientOptions::new()
            .dsn("http://public@sentry.invalid/1")
            .transport(Arc::clone(&slow))
            .add_integration(SentryIntegration::new());
        options.shutdown_timeout = Duration::from_millis(10);
        let _sentry = sentry::init(options);
        let remember = |reported: &Reported| REPORTED.lock().unwrap().push(reported.clone());
        let folder = env::temp_dir().join(format!("sentry-integration-spool-{}", process::id()));
        let to = Sentry::new("http://public@127.0.0.1:9/1").deadline(Duration::from_millis(200));
        let reporter =
            crash::reporter().app("shop", "1").save_to(&folder).sentry(to).quiet().on_report(remember);
        let crash = reporter.install();
        boom("one");
        drop(crash);
        let events: Vec<_> = slow.0.lock().unwrap().iter().filter_map(|e| e.event().map(said)).collect();
        tell(format_args!("{events:?}"));
        tell(matches!(REPORTED.lock().unwrap()[0].delivery, Some(Delivery::Kept { .. })));
        tell(format_args!("kept {}", kept(&folder)));
        fs::remove_dir_all(folder).unwrap();
    });
    expect(told, &["[\"ours: one\"]", "kept 1", "true"]);
}

#[test]
fn with_a_dsn_of_the_reporter_s_too_it_is_sent_once() {
    let told = child("with_a_dsn_of_the_reporter_s_too_it_is_sent_once", || {
        let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        server.set_nonblocking(true).unwrap();
        let transport = TestTransport::new();
        let _sentry = client(&transport);
        let remember = |reported: &Reported| REPORTED.lock().unwrap().push(reported.clone());
        let folder = env::temp_dir().join(format!("sentry-integration-both-{}", process::id()));
        let to = Sentry::new(format!("http://public@{}/1", server.local_addr().unwrap()));
        let reporter =
            crash::reporter().app("shop", "1").save_to(&folder).sentry(to).quiet().on_report(remember);
        let crash = reporter.install();
        boom("one");
        drop(crash);
        tell_events(&transport);
        tell(matches!(REPORTED.lock().unwrap()[0].delivery, Some(Delivery::HandedOver { .. })));
        tell(format_args!("kept {}", kept(&folder)));
        tell(format_args!("asked {}", server.accept().is_ok()));
        fs::remove_dir_all(folder).unwrap();
    });
    expect(told, &["asked false", "kept 0", "ours: one", "true"]);
}

#[test]
fn a_panic_while_another_unwinds_is_an_event_of_its_own() {
    let told = child("a_panic_while_another_unwinds_is_an_event_of_its_own", || {
        struct Bad;
        impl Drop for Bad {
            fn drop(&mut self) {
                let caught = catch_unwind(|| panic::panic_any("in the drop"));
                assert!(caught.is_err());
            }
        }
        let transport = TestTransport::new();
        let _sentry = client(&transport);
        let _crash = reporter();
        let caught = catch_unwind(AssertUnwindSafe(|| {
            let _bad = Bad;
            panic::panic_any("one");
        }));
        assert!(caught.is_err());
        tell_events(&transport);
    });
    expect(told, &["ours: in the drop", "ours: one"]);
}

/// Says at once what it is given.
struct Loud;

impl Transport for Loud {
    fn send_envelope(&self, envelope: Envelope) {
        let said =
            envelope.event().map(|event| event.exception.iter().last().and_then(|last| last.value.clone()));
        eprintln!("EVENT {said:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_panic_that_cannot_go_on_is_one_event() {
    extern "C" fn no_way_out() {
        panic::panic_any("one");
    }
    const TEST: &str = "a_panic_that_cannot_go_on_is_one_event";
    if env::var_os(CHILD).is_some() {
        let options = ClientOptions::new()
            .dsn("http://public@sentry.invalid/1")
            .transport(Arc::new(Loud))
            .add_integration(SentryIntegration::new());
        let _sentry = sentry::init(options);
        let _crash = reporter();
        no_way_out();
    }
    let output = Command::new(env::current_exe().unwrap())
        .args([TEST, "--exact", "--nocapture"])
        .env(CHILD, "")
        .env_remove("SENTRY_DSN")
        .output()
        .unwrap();
    assert!(!output.status.success(), "it aborts");
    let said = String::from_utf8_lossy(&output.stderr);
    let events: Vec<_> = said.lines().filter(|line| line.starts_with("EVENT")).collect();
    assert_eq!(events, ["EVENT Some(Some(\"one\"))"], "{said}");
}
