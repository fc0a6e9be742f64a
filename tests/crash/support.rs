//! Reports as text, so that a test says in one block what is shown.
//!
//! ```text
//! order = Order { id: 42 }        the value as it is at the crash
//! name = "shop" @-3               as it was three lines before the crash
//! list = [1, 2, ...               there was more than is shown
//! function = 0x..                 an address
//! rest: Vec<Own>                  the type only
//! token = <redacted>
//! ```

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Condvar, Mutex, Once, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread::{self, ThreadId};
use std::time::Duration;

use retry_core::crash::{self, Frame, Report, Shown, Variable};

/// The crashes of this process that nobody asked for yet.
static CRASHES: Mutex<Vec<Report>> = Mutex::new(Vec::new());
static ARRIVED: Condvar = Condvar::new();

const LOOKED: &str = "looked at";

#[derive(Debug)]
struct Looked;

impl std::fmt::Display for Looked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(LOOKED)
    }
}

impl std::error::Error for Looked {}

/// One reporter for all tests.
fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let reporter = crash::reporter().quiet().on_report(|reported| {
            if reported.report.message == LOOKED {
                return;
            }
            let mut crashes = CRASHES.lock().unwrap_or_else(PoisonError::into_inner);
            crashes.push(reported.report.clone());
            ARRIVED.notify_all();
        });
        std::mem::forget(reporter.install());
    });
}

/// What is alive here.
#[track_caller]
pub(crate) fn look() -> Report {
    // Of many crashes at the same time only the first ones run the user's code.
    static TURN: Mutex<()> = Mutex::new(());
    install();
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let report = crash::report(&Looked).report;
        let variables = || report.frames.iter().flat_map(|frame| &frame.variables);
        if !variables().any(|variable| was_left_out(&variable.value)) {
            return report;
        }
    }
}

fn was_left_out(value: &Shown) -> bool {
    matches!(value, Shown::NotKept { hint } if hint.starts_with("too many threads"))
}

/// What was alive where this crashed, on this thread.
#[track_caller]
pub(crate) fn crash_of<T>(run: impl FnOnce() -> T) -> Report {
    install();
    let thread = thread_number(thread::current().id());
    let outcome = catch_unwind(AssertUnwindSafe(run));
    assert!(outcome.is_err(), "it does not panic");
    crash_where(|report| report.thread.id == thread)
}

/// The last crash of which this holds; the others of its kind are forgotten.
#[track_caller]
pub(crate) fn crash_where(holds: impl Fn(&Report) -> bool) -> Report {
    let crashes = CRASHES.lock().unwrap_or_else(PoisonError::into_inner);
    let long = Duration::from_secs(20);
    let waited = ARRIVED.wait_timeout_while(crashes, long, |crashes| !crashes.iter().any(&holds));
    let (mut crashes, _) = waited.unwrap_or_else(PoisonError::into_inner);
    crashes.extract_if(.., |report| holds(report)).last().expect("it is reported")
}

/// Polls it until it is there.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return value;
        }
    }
}

/// As reports tell it.
pub(crate) fn thread_number(id: ThreadId) -> String {
    format!("{id:?}").trim_start_matches("ThreadId(").trim_end_matches(')').to_owned()
}

/// The newest annotated frame of a function of this name.
#[track_caller]
pub(crate) fn frame<'r>(report: &'r Report, function: &str) -> &'r Frame {
    let of_it = |frame: &&Frame| frame.annotated && last_of_path(&frame.function) == function;
    report
        .frames
        .iter()
        .rfind(of_it)
        .unwrap_or_else(|| panic!("no annotated frame of `{function}` in\n{}", frames(report).join("\n")))
}

/// The annotated frames, oldest first.
pub(crate) fn frames(report: &Report) -> Vec<&str> {
    let annotated = report.frames.iter().filter(|frame| frame.annotated);
    annotated.map(|frame| last_of_path(&frame.function)).collect()
}

fn last_of_path(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// What is shown of each value in a frame.
#[track_caller]
pub(crate) fn values(report: &Report, function: &str) -> BTreeMap<String, String> {
    let variables = frame(report, function).variables.iter();
    variables.map(|variable| (variable.name.clone(), shown(report, variable))).collect()
}

/// That a frame shows this, in this order and nothing else.
#[track_caller]
pub(crate) fn assert_shows(report: &Report, function: &str, expected: &str) {
    let variables = frame(report, function).variables.iter();
    let lines = variables.map(|variable| format!("{}{}", variable.name, shown(report, variable)));
    let found: Vec<_> = lines.collect();
    let expected: Vec<_> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert!(
        found == expected,
        "`{function}` shows\n    {}\ninstead of\n    {}\n",
        found.join("\n    "),
        expected.join("\n    "),
    );
}

fn shown(report: &Report, variable: &Variable) -> String {
    let as_of = variable.as_of.map_or_else(String::new, |line| {
        let looked = report.place.as_ref().map_or(0, |place| i64::from(place.line));
        format!(" @{:+}", i64::from(line) - looked)
    });
    match &variable.value {
        Shown::Value { text, .. } if is_address(text) => format!(" = 0x..{as_of}"),
        Shown::Value { text, cut } => format!(" = {text}{}{as_of}", if *cut { "..." } else { "" }),
        Shown::Redacted => format!(" = <redacted>{as_of}"),
        Shown::NotKept { .. } => format!(": {}{as_of}", without_modules(&variable.type_name)),
        Shown::Failed { why, text } => format!(" = <{why}> {text}{as_of}"),
        other => format!(" = {other:?}"),
    }
}

/// Of something that is somewhere else each time.
fn is_address(text: &str) -> bool {
    text.starts_with("0x") && text.len() > 6
}

/// `a::b::C<d::E>` as `C<E>`.
fn without_modules(type_name: &str) -> String {
    let mut short = String::new();
    let mut rest = type_name;
    while let Some(at) = rest.find("::") {
        let before = &rest[..at];
        let word = before
            .rfind(|letter: char| !letter.is_alphanumeric() && letter != '_' && !"{}#".contains(letter));
        short.push_str(&before[..word.map_or(0, |word| word + 1)]);
        rest = &rest[at + 2..];
    }
    short + rest
}
