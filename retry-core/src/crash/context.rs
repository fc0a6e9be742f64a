//! What the application has to say about itself in a report.

use super::bounded;
use super::isolate::{self, Failure, Running};
use super::redact::Rules;
use super::report::ContextEntry;
use std::fmt::{self, Debug, Display};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The most bytes of one entry.
const LIMIT: usize = 4096;
/// The most entries of one provider.
const ENTRIES: usize = 100;

/// A function that says something about the application.
pub(crate) type Provider = Arc<dyn Fn(&mut Context) + Send + Sync>;

type Entries = Arc<Mutex<Vec<ContextEntry>>>;

/// Takes what a context provider has to say: see [`Reporter::context`](super::Reporter::context).
///
/// An entry's value has at most 4096 bytes, a provider at most 100 entries; what is more is left out. Secrets are
/// redacted by the entries' names and inside their values.
///
/// ```
/// let reporter = retry_core::crash::reporter().context(|context| {
///     context.set("project", "apollo").set_debug("workers", Some(4));
/// });
/// ```
#[derive(Debug)]
pub struct Context {
    entries: Entries,
}

impl Context {
    /// Adds a value, as its `Display` shows it.
    pub fn set(&mut self, name: impl Into<String>, value: impl Display) -> &mut Self {
        self.add(name.into(), format_args!("{value}"))
    }

    /// Adds a value, as its `Debug` shows it.
    pub fn set_debug(&mut self, name: impl Into<String>, value: impl Debug) -> &mut Self {
        self.add(name.into(), format_args!("{value:?}"))
    }

    fn add(&mut self, name: String, value: fmt::Arguments<'_>) -> &mut Self {
        let value = bounded::shown(value, LIMIT, "its formatting");
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() < ENTRIES {
            entries.push(ContextEntry { name, value });
        }
        drop(entries);
        self
    }
}

/// A provider that has been asked.
pub(crate) struct Asked {
    /// What it has said so far.
    entries: Entries,
    running: Result<Running<()>, Failure>,
    since: Instant,
}

/// Asks every provider, each on a thread of its own.
pub(crate) fn ask(providers: &[Provider]) -> Vec<Asked> {
    let ask = |provider: &Provider| {
        let entries = Entries::default();
        let mut context = Context { entries: Arc::clone(&entries) };
        let provider = Arc::clone(provider);
        let running = isolate::start(move || provider(&mut context));
        Asked { entries, running, since: Instant::now() }
    };
    providers.iter().map(ask).collect()
}

/// What they say, each within its time. What one said before it failed stays.
pub(crate) fn answers(
    asked: Vec<Asked>,
    rules: &Rules,
    limit: Duration,
    notes: &mut Vec<String>,
) -> Vec<ContextEntry> {
    let mut all = Vec::new();
    for (index, Asked { entries, running, since }) in asked.into_iter().enumerate() {
        let left = limit.saturating_sub(since.elapsed());
        if let Err(failure) = running.and_then(|running| running.wait(left)) {
            let failure = if let Failure::TooLong(_) = failure { Failure::TooLong(limit) } else { failure };
            notes.push(rules.scrub(&format!("context provider {} {failure}", index + 1)));
        }
        all.append(&mut entries.lock().unwrap_or_else(PoisonError::into_inner));
    }
    for ContextEntry { name, value } in &mut all {
        rules.scrub_shown(name, value);
    }
    all
}
