//! What the application has to say about itself in a report.

use super::bounded::Bounded;
use super::capture::Secrecy;
use super::isolate::{self, Budget};
use super::redact::Rules;
use super::report::{ContextEntry, Shown};
use super::variables;
use std::fmt::{self, Debug, Display, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// The most bytes of one entry.
const LIMIT: usize = 4096;
/// The most entries of one provider.
const ENTRIES: usize = 100;

/// A function that says something about the application.
pub(crate) type Provider = Arc<dyn Fn(&mut Context) + Send + Sync>;

/// Takes what a context provider has to say: see [`Reporter::context`](super::Reporter::context).
#[derive(Debug)]
pub struct Context {
    entries: Arc<Mutex<Vec<ContextEntry>>>,
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
        let mut text = String::new();
        let mut bounded = Bounded::new(&mut text, LIMIT);
        let result = bounded.write_fmt(value);
        let cut = bounded.was_cut();
        let value = match result {
            Err(_) if !cut => Shown::Failed { why: "its formatting returned an error".into(), text },
            _ => Shown::Value { text, cut },
        };
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() < ENTRIES {
            entries.push(ContextEntry { name, value });
        }
        drop(entries);
        self
    }
}

/// Asks every provider. What one said before it failed stays.
pub(crate) fn ask(
    providers: &[Provider],
    rules: &Rules,
    budget: Budget,
    notes: &mut Vec<String>,
) -> Vec<ContextEntry> {
    let mut all = Vec::new();
    for (index, provider) in providers.iter().enumerate() {
        let entries = Arc::default();
        let mut context = Context { entries: Arc::clone(&entries) };
        let provider = Arc::clone(provider);
        let limit = budget.each.min(budget.until.saturating_duration_since(Instant::now()));
        if let Err(failure) = isolate::guarded(limit, move || provider(&mut context)) {
            notes.push(rules.scrub(&format!("context provider {} {failure}", index + 1)));
        }
        all.append(&mut entries.lock().unwrap_or_else(PoisonError::into_inner));
    }
    for ContextEntry { name, value } in &mut all {
        let shown = std::mem::replace(value, Shown::Redacted);
        if !rules.is_secret(name) {
            *value = variables::scrubbed(shown, Secrecy::ByName, rules);
        }
    }
    all
}
