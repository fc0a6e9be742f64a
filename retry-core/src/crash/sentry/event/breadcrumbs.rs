//! What happened before the crash.

use super::super::super::report::{Breadcrumb, Level, Report};
use super::fit::{fit_parts, note_parts};
use super::marks::{Marked, Marks, note};
use super::texts::{Keys, clipped, clipped_line};
use super::tree::Tree;
use sentry_types::protocol::v7::{Breadcrumb as Sent, Level as SentLevel, Map};
use std::time::SystemTime;

/// The newest are sent.
const MOST: usize = 100;
const LONGEST_MESSAGE: usize = 500;
const LONGEST_CATEGORY: usize = 128;
/// What the server counts of the fields of one, but for a rest of safety.
const FIELDS: usize = 2040;
const LEVELS: usize = 3;

/// Events of `tracing`, and then what the attempts before the crash failed with.
pub(super) fn breadcrumbs(report: &Report, crashed: SystemTime, marks: &mut Marks) -> Vec<Sent> {
    let told = report.breadcrumbs.iter().map(|breadcrumb| event(breadcrumb, crashed));
    let all: Vec<Marked<Sent>> = told.chain(attempts(report, crashed)).collect();
    let newest = all.len().saturating_sub(MOST);
    let mut of_all = Marks::new();
    let sent = all.into_iter().skip(newest).enumerate();
    let sent = sent.map(|(index, breadcrumb)| breadcrumb.noted(&mut of_all, &index.to_string())).collect();
    let mut values = Marks::new();
    note(&mut values, "values", of_all);
    note(marks, "breadcrumbs", values);
    sent
}

fn event(breadcrumb: &Breadcrumb, crashed: SystemTime) -> Marked<Sent> {
    let mut marks = Marks::new();
    let mut keys = Keys::default();
    let fields = breadcrumb.fields.iter();
    let fields = fields.map(|field| (keys.add(&field.name, "again"), Tree::shown(&field.value, "", LEVELS)));
    let mut fields = fit_parts(fields.collect(), |key, cost| (cost, key.to_owned()), FIELDS);
    note_parts(&mut marks, "data", &mut fields);
    let message = clipped(&breadcrumb.message, LONGEST_MESSAGE).noted(&mut marks, "message");
    let value = Sent {
        timestamp: humantime::parse_rfc3339(&breadcrumb.time).unwrap_or(crashed),
        ty: "default".to_owned(),
        category: Some(clipped_line(&breadcrumb.target, LONGEST_CATEGORY))
            .filter(|target| !target.is_empty()),
        level: match breadcrumb.level {
            Level::Error => SentLevel::Error,
            Level::Warn => SentLevel::Warning,
            Level::Info => SentLevel::Info,
            Level::Debugging | Level::Trace => SentLevel::Debug,
        },
        message: Some(message).filter(|message| !message.is_empty()),
        data: fields.values.into_iter().collect(),
    };
    Marked { value, marks }
}

/// When they failed is not known.
fn attempts(report: &Report, crashed: SystemTime) -> impl Iterator<Item = Marked<Sent>> {
    let retried = report.frames.iter().filter_map(|frame| Some((frame, frame.attempt.as_ref()?)));
    retried.flat_map(move |(frame, attempt)| {
        attempt.earlier.iter().zip(1..).map(move |(error, number): (&String, u32)| {
            let function = clipped_line(&frame.function, LONGEST_MESSAGE / 2);
            let mut marks = Marks::new();
            let message = format!("attempt {number} of {function} failed: {error}");
            let value = Sent {
                timestamp: crashed,
                ty: "error".to_owned(),
                category: Some("retry".to_owned()),
                level: SentLevel::Warning,
                message: Some(clipped(&message, LONGEST_MESSAGE).noted(&mut marks, "message")),
                data: Map::new(),
            };
            Marked { value, marks }
        })
    })
}
