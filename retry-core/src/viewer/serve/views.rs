//! What the pages show.

use crate::list::{app, moment, place};
use crate::listing::Head;
use indicatif::HumanDuration;
use retry_core::crash::terminal::{in_line, in_lines};
use retry_core::crash::{Group, Kind};
use std::time::SystemTime;

/// A list says no more of a message.
const TITLE: usize = 300;

pub(super) struct CrashesPage {
    pub(super) base: String,
    pub(super) folder: String,
    pub(super) query: String,
    pub(super) orders: Vec<Order>,
    pub(super) shown: String,
    pub(super) crashes: Vec<CrashRow>,
    pub(super) previous: Option<usize>,
    pub(super) next: Option<usize>,
    pub(super) unreadable: Vec<String>,
}

pub(super) struct Order {
    pub(super) name: &'static str,
    pub(super) said: &'static str,
    pub(super) chosen: bool,
}

pub(super) struct CrashRow {
    pub(super) fingerprint: String,
    pub(super) title: String,
    pub(super) kind: &'static str,
    pub(super) function: Option<String>,
    pub(super) place: String,
    pub(super) app: String,
    pub(super) count: u64,
    pub(super) reports: usize,
    pub(super) first: Moment,
    pub(super) last: Moment,
}

/// A time, as it is and for people.
pub(super) struct Moment {
    pub(super) exact: String,
    pub(super) utc: String,
    pub(super) ago: String,
}

pub(super) struct CrashPage {
    pub(super) base: String,
    /// Where the title is not all of it.
    pub(super) message: Option<String>,
    pub(super) crash: CrashRow,
    pub(super) reports: Vec<ReportRow>,
}

pub(super) struct ReportRow {
    pub(super) name: String,
    pub(super) seen: Moment,
    pub(super) occurrences: u64,
    pub(super) app: String,
    pub(super) thread: String,
}

impl CrashRow {
    pub(super) fn of(crash: &Group<Head>) -> Self {
        let report = &crash.newest.report;
        Self {
            fingerprint: crash.newest.saved.fingerprint().to_owned(),
            title: title(&report.message),
            kind: match report.kind {
                Kind::Error => "error",
                _ => "panic",
            },
            function: crash.newest.function.as_deref().map(|function| in_line(function).into_owned()),
            place: place(report),
            app: app(report),
            count: crash.count,
            reports: crash.reports,
            first: Moment::of(&crash.first_seen),
            last: Moment::of(&crash.last_seen),
        }
    }
}

impl ReportRow {
    pub(super) fn of(head: &Head) -> Self {
        let thread = &head.report.thread;
        Self {
            name: head.saved.name().to_owned(),
            seen: Moment::of(&head.report.time),
            occurrences: head.report.occurrences,
            app: app(&head.report),
            thread: in_line(thread.name.as_ref().unwrap_or(&thread.id)).into_owned(),
        }
    }
}

impl Moment {
    pub(super) fn of(time: &str) -> Self {
        let parsed = humantime::parse_rfc3339(time).ok();
        let age = parsed.and_then(|time| SystemTime::now().duration_since(time).ok());
        Self {
            exact: in_line(time).into_owned(),
            utc: moment(time),
            ago: age.map_or_else(|| moment(time), |age| format!("{} ago", HumanDuration(age))),
        }
    }
}

/// The message, where its title does not say it all.
pub(super) fn whole_message(message: &str) -> Option<String> {
    let whole = in_lines(message.trim());
    (whole != title(message) && !whole.is_empty()).then_some(whole)
}

fn title(message: &str) -> String {
    let line = message.trim().lines().next().unwrap_or_default();
    let title = in_line(line);
    match title.char_indices().nth(TITLE) {
        Some((end, _)) => format!("{}...", title.get(..end).unwrap_or_default()),
        None if title.is_empty() => "(no message)".to_owned(),
        None => title.into_owned(),
    }
}
