//! A report as an event of Sentry's protocol: what its server keeps of it, chosen here and not there.

mod breadcrumbs;
mod contexts;
mod fit;
mod frames;
mod marks;
mod size;
#[cfg(test)]
mod tests;
mod texts;
mod tree;
mod who;

use self::marks::{Marks, note};
use self::size::LARGEST;
use self::texts::{clipped, clipped_line};
use super::About;
use crate::crash::render::short_type;
use crate::crash::report::{Kind, Report};
use sentry_types::Uuid;
use sentry_types::protocol::v7::{ClientSdkInfo, Event, Exception, Level, Mechanism, Thread, ThreadId};
use serde_json::{Value as Json, json};
use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::SystemTime;

/// Of more causes the outermost and the root are sent.
const MOST_CAUSES: usize = 50;
const LONGEST_MESSAGE: usize = 8192;
const LONGEST_CAUSE: usize = 1000;
const LONGEST_NAME: usize = 256;

/// The event, for a client that sends it itself.
#[cfg_attr(not(feature = "sentry-integration"), expect(dead_code, reason = "only the integration calls it"))]
pub(super) fn event(report: &Report, about: &About) -> Event<'static> {
    Made::new(report, about).within(LARGEST).event
}

/// The event as it is posted: with `_meta`, which says what was cut out of it.
pub(super) fn json(report: &Report, about: &About) -> Vec<u8> {
    Made::new(report, about).within(LARGEST).to_json()
}

/// The id under which the server knows the report.
pub(super) fn id(report: &Report) -> Uuid {
    Uuid::parse_str(&report.id).unwrap_or_else(|_| {
        // Reports have such an id, except those that somebody has changed; these have the same one each time, too.
        let hash = |salt: &str| {
            let mut hasher = DefaultHasher::new();
            (salt, &report.id, &report.time).hash(&mut hasher);
            hasher.finish()
        };
        Uuid::from_u64_pair(hash("first"), hash("second"))
    })
}

pub(super) fn sdk() -> ClientSdkInfo {
    ClientSdkInfo {
        name: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        integrations: Vec::new(),
        packages: Vec::new(),
    }
}

/// An event, and the marks on it.
struct Made {
    event: Event<'static>,
    marks: Marks,
}

impl Made {
    fn new(report: &Report, about: &About) -> Self {
        let mut marks = Marks::new();
        let time = humantime::parse_rfc3339(&report.time).unwrap_or_else(|_| SystemTime::now());
        let event = Event {
            event_id: id(report),
            level: match report.kind {
                Kind::Panic => Level::Fatal,
                Kind::Error => Level::Error,
            },
            fingerprint: Cow::Owned(vec![Cow::Owned(clipped_line(&report.fingerprint, LONGEST_NAME))]),
            platform: Cow::Borrowed("native"),
            timestamp: time,
            server_name: who::server_name(about).map(Cow::Owned),
            release: who::release(report, about).map(Cow::Owned),
            environment: Some(Cow::Owned(who::environment(report, about))),
            user: who::user(report, about),
            contexts: contexts::contexts(report, &mut marks),
            breadcrumbs: breadcrumbs::breadcrumbs(report, time, &mut marks).into(),
            exception: exceptions(report, &mut marks).into(),
            threads: vec![Thread {
                id: Some(thread_id(report)),
                name: report.thread.name.as_deref().map(|name| clipped_line(name, LONGEST_NAME)),
                crashed: true,
                current: true,
                ..Thread::default()
            }]
            .into(),
            tags: who::tags(report, about),
            sdk: Some(Cow::Owned(sdk())),
            ..Event::default()
        };
        Self { event, marks }
    }

    fn to_json(&self) -> Vec<u8> {
        // Nothing in it is what JSON cannot say.
        let mut event = serde_json::to_value(&self.event).unwrap_or_default();
        if let Some(Json::Array(exceptions)) = event.pointer_mut("/exception/values") {
            number_exceptions(exceptions);
        }
        if let (Json::Object(event), false) = (&mut event, self.marks.is_empty()) {
            event.insert("_meta".to_owned(), Json::Object(self.marks.clone()));
        }
        serde_json::to_vec(&event).unwrap_or_default()
    }
}

fn thread_id(report: &Report) -> ThreadId {
    match report.thread.id.parse() {
        Ok(id) => ThreadId::Int(id),
        Err(_) => ThreadId::String(clipped_line(&report.thread.id, LONGEST_NAME)),
    }
}

/// The root of an error first; what was raised, with the stack, last.
fn exceptions(report: &Report, marks: &mut Marks) -> Vec<Exception> {
    let causes = report.further_causes();
    let (first, rest) = causes.split_at(causes.len().min(MOST_CAUSES - 1));
    let causes: Vec<&String> = rest.last().into_iter().chain(first.iter().rev()).collect();
    let mut all = Marks::new();
    let mut exceptions = Vec::with_capacity(causes.len() + 1);
    for (index, cause) in causes.iter().enumerate() {
        let mut of_this = Marks::new();
        exceptions.push(Exception {
            ty: "Error".to_owned(),
            value: Some(clipped(cause, LONGEST_CAUSE).noted(&mut of_this, "value")),
            mechanism: Some(mechanism("chained")),
            ..Exception::default()
        });
        note(&mut all, &index.to_string(), of_this);
    }
    let mut of_this = Marks::new();
    let stacktrace = frames::stacktrace(report).map(|(stacktrace, marks)| {
        note(&mut of_this, "stacktrace", marks);
        stacktrace
    });
    let (ty, how) = match report.kind {
        Kind::Panic => ("panic".to_owned(), "panic"),
        Kind::Error => {
            let name = report.type_name.as_deref().map(short_type).filter(|name| !name.is_empty());
            (name.map_or_else(|| "Error".to_owned(), |name| clipped_line(&name, LONGEST_NAME)), "generic")
        }
    };
    exceptions.push(Exception {
        ty,
        value: Some(clipped(&report.message, LONGEST_MESSAGE).noted(&mut of_this, "value")),
        stacktrace,
        thread_id: Some(thread_id(report)),
        mechanism: Some(mechanism(how)),
        ..Exception::default()
    });
    note(&mut all, &causes.len().to_string(), of_this);
    let mut values = Marks::new();
    note(&mut values, "values", all);
    note(marks, "exception", values);
    exceptions
}

fn mechanism(ty: &str) -> Mechanism {
    Mechanism { ty: ty.to_owned(), handled: Some(false), ..Mechanism::default() }
}

/// Which is the cause of which. The protocol's types do not know it yet.
fn number_exceptions(exceptions: &mut [Json]) {
    if exceptions.len() < 2 {
        return;
    }
    for (id, exception) in exceptions.iter_mut().rev().enumerate() {
        let Some(Json::Object(mechanism)) = exception.get_mut("mechanism") else { continue };
        mechanism.insert("exception_id".to_owned(), json!(id));
        if let Some(parent) = id.checked_sub(1) {
            mechanism.insert("parent_id".to_owned(), json!(parent));
            mechanism.insert("source".to_owned(), json!("source()"));
        }
    }
}
