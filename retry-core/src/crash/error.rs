//! Errors that nobody handles, reported like panics.

use super::frames::Trace;
use super::isolate::{self, Budget, Task};
use super::mark::{self, Mark};
use super::report::{Kind, Place, Shown};
use super::reporter::{Reported, Settings};
use super::reporting::{self, Happening};
use super::{hook, print};
use std::error::Error;
use std::fmt::{self, Write};
use std::panic::Location;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

/// The most bytes of an error and its causes.
const LIMIT: usize = 16 << 10;
/// The most causes. An error may be its own source.
const CAUSES: usize = 64;
/// Stands between one cause and the next.
const SEPARATOR: char = '\u{1e}';

/// Reports an error like a panic: printed with its causes and with the values of the annotated frames that are alive,
/// saved where the last reporter that is installed saves its reports. If none is, the report is printed only.
///
/// ```
/// # let folder = std::env::temp_dir().join(format!("doc-of-report-{}", std::process::id()));
/// use retry_core::crash;
///
/// let _crash = crash::reporter().app("shop", "1.2.3").save_to(&folder).quiet().install();
///
/// if let Err(error) = "twelve".parse::<u32>() {
///     let reported = crash::report(&error);
///     assert_eq!(reported.report.causes, ["invalid digit found in string"]);
///     assert!(reported.path.is_some());
/// }
/// # std::fs::remove_dir_all(folder).unwrap();
/// ```
#[track_caller]
pub fn report(error: &dyn Error) -> Reported {
    report_as(error, hook::settings())
}

/// The error that `main` ends with, when the guard of its reporter has been dropped.
#[track_caller]
pub(crate) fn report_at_end(error: &dyn Error) {
    report_as(error, hook::last_settings());
}

#[track_caller]
fn report_as(error: &dyn Error, settings: Option<Arc<Settings>>) -> Reported {
    let started = Instant::now();
    let place = Place::from(Location::caller());
    let trace = Trace::take();
    let settings = settings.unwrap_or_default();
    let (causes, notes) = match mark::get() {
        Mark::Application | Mark::Listing | Mark::PassingOn => causes(error, started),
        Mark::Reporting | Mark::Helper | Mark::Child => without_isolation(error),
    };
    let message = causes.first().cloned().unwrap_or_else(|| "an error that could not be shown".to_owned());
    let thread = thread::current();
    let name = thread.name().unwrap_or("<unnamed>");
    let headline =
        format!("\nthread '{name}' reported an error at {}:{}:\n{message}\n", place.file, place.line);
    print::to_stderr(&settings.rules.scrub(&headline));
    let happening =
        Happening { kind: Kind::Error, message, type_name: None, place: Some(place), causes, notes, started };
    match mark::get() {
        Mark::Application | Mark::Listing | Mark::PassingOn => {
            mark::during(Mark::Reporting, || reporting::report(&settings, happening, trace))
        }
        Mark::Reporting | Mark::Helper | Mark::Child => {
            reporting::report_in_report(&settings, happening, trace)
        }
    }
}

/// What the error and its causes say, and why there is not more of it.
fn causes(error: &dyn Error, started: Instant) -> (Vec<String>, Vec<String>) {
    let budget = Budget { each: isolate::EACH, until: started + isolate::ALL };
    let write = |writer: &mut dyn Write| write_all(error, writer);
    let task = Task { what: "the error's Display", limit: LIMIT, write: &write };
    let shown = isolate::show(&[task], budget).pop();
    let split =
        |text: String| text.split(SEPARATOR).map(str::to_owned).filter(|cause| !cause.is_empty()).collect();
    match shown {
        Some(Shown::Value { text, cut: false }) => (split(text), Vec::new()),
        Some(Shown::Value { text, cut: true }) => (split(text), vec!["the causes are cut".to_owned()]),
        Some(Shown::Failed { why, text }) => (split(text), vec![why]),
        _ => without_isolation(error),
    }
}

/// Errors are made to be shown, and no panic is under way: where there is no isolation it is done without.
fn without_isolation(error: &dyn Error) -> (Vec<String>, Vec<String>) {
    let mut text = String::new();
    let result = write_all(error, &mut text);
    let causes = text.split(SEPARATOR).map(str::to_owned).collect();
    (causes, result.err().map(|_| "the error's Display returned an error".to_owned()).into_iter().collect())
}

fn write_all(error: &dyn Error, writer: &mut dyn Write) -> fmt::Result {
    write!(writer, "{error}")?;
    let mut source = error.source();
    for _ in 0..CAUSES {
        let Some(cause) = source else { break };
        write!(writer, "{SEPARATOR}{cause}")?;
        source = cause.source();
    }
    Ok(())
}
