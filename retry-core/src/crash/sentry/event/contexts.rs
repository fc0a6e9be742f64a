//! What is said of the application, the machine, the retries, and what the application itself had to say.

use super::super::super::report::{Frame, Report};
use super::fit::{fit_parts, note_parts};
use super::marks::{Marks, note};
use super::texts::{Keys, clipped_line};
use super::tree::{Length, Tree};
use super::who;
use sentry_types::protocol::v7::{AppContext, Context, DeviceContext, Map, OsContext};

/// What the server counts of a context, but for a rest of safety.
const CONTEXT: usize = 8000;
/// Objects and lists around one another in it.
const LEVELS: usize = 4;
const LONGEST_FACT: usize = 200;

pub(super) fn contexts(report: &Report, marks: &mut Marks) -> Map<String, Context> {
    let fact = |text: &str| Some(clipped_line(text, LONGEST_FACT));
    let process = &report.process;
    let mut contexts = Map::new();
    let os = OsContext { name: fact(&process.os), ..OsContext::default() };
    contexts.insert("os".to_owned(), Context::from(os));
    let device = DeviceContext { arch: fact(&process.arch), ..DeviceContext::default() };
    contexts.insert("device".to_owned(), Context::from(device));
    let app = AppContext {
        app_name: report.app.as_ref().and_then(|app| fact(&app.name)),
        app_version: report.app.as_ref().and_then(|app| fact(&app.version)),
        build_type: Some(build(report).to_owned()),
        ..AppContext::default()
    };
    contexts.insert("app".to_owned(), Context::from(app));

    let mut all = Marks::new();
    for (name, entries) in [
        ("app context", said(report)),
        ("process", process_of(report)),
        ("report", report_itself(report)),
        ("retry", retries(report)),
    ] {
        if entries.is_empty() {
            continue;
        }
        let mut keys = Keys::default();
        // The server has a meaning of its own for it.
        keys.add("type", "again");
        let entries = entries.into_iter().map(|(key, value)| (keys.add(&key, "again"), value)).collect();
        let mut parts = fit_parts(entries, |key, cost| (cost, key.to_owned()), CONTEXT);
        note_parts(&mut all, name, &mut parts);
        contexts.insert(name.to_owned(), Context::Other(parts.values.into_iter().collect()));
    }
    note(marks, "contexts", all);
    contexts
}

pub(super) fn build(report: &Report) -> &'static str {
    if report.process.debug { "debug" } else { "release" }
}

type Entries = Vec<(String, Tree)>;

fn said(report: &Report) -> Entries {
    let entries = report.context.iter().filter(|entry| !who::is_user(entry));
    entries.map(|entry| (entry.name.clone(), Tree::shown(&entry.value, "", LEVELS))).collect()
}

fn process_of(report: &Report) -> Entries {
    let process = &report.process;
    let mut entries = vec![("pid".to_owned(), Tree::count(process.pid.into()))];
    entries.extend(process.executable.as_deref().map(|file| ("executable".to_owned(), Tree::text(file))));
    entries
}

fn report_itself(report: &Report) -> Entries {
    let text = |name: &str, text: &str| (name.to_owned(), Tree::text(text));
    let mut entries = vec![
        text("fingerprint", &report.fingerprint),
        text("id", &report.id),
        ("occurrences".to_owned(), Tree::count(report.occurrences)),
    ];
    entries.extend(report.first_seen.as_deref().map(|time| text("first seen", time)));
    entries.extend(report.type_name.as_deref().map(|name| text("type name", name)));
    if !report.notes.is_empty() {
        entries.push(("notes".to_owned(), texts(&report.notes)));
    }
    entries
}

fn texts(texts: &[String]) -> Tree {
    Tree::List { items: texts.iter().map(|text| Tree::text(text)).collect(), length: Length::All }
}

fn retries(report: &Report) -> Entries {
    let of_frame = |frame: &Frame| {
        let attempt = frame.attempt.as_ref()?;
        let mut entries = vec![("attempt", Tree::count(attempt.number.into()))];
        entries.extend(attempt.max.map(|max| ("of at most", Tree::count(max.into()))));
        if !attempt.earlier.is_empty() {
            entries.push(("errors before", texts(&attempt.earlier)));
        }
        Some((frame.function.clone(), Tree::object(entries)))
    };
    report.frames.iter().filter_map(of_frame).collect()
}
