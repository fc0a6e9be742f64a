//! An event, as it is kept while nothing crashes.

use crate::crash::bounded::Bounded;
use crate::crash::mark;
use crate::crash::report::{Breadcrumb, BreadcrumbField, Level, Shown};
use std::error::Error;
use std::fmt::{self, Debug, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::SystemTime;
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata};

/// The most bytes of the message, of one field, and of all fields.
const MESSAGE: usize = 1024;
const FIELD: usize = 512;
const FIELDS: usize = 2048;

/// The field that is the message.
const IS_MESSAGE: &str = "message";
/// The target of what comes from the crate `log`, whose own target is a field.
const OF_LOG: &str = "log";
const TARGET_IN_LOG: &str = "log.target";
const ALL_OF_LOG: &str = "log.";

/// An event.
pub(super) struct Kept {
    time: SystemTime,
    metadata: &'static Metadata<'static>,
    buffers: Buffers,
}

/// What an event's fields wrote; used again for later events.
#[derive(Default)]
pub(super) struct Buffers {
    text: String,
    fields: Vec<Written>,
}

struct Written {
    name: &'static str,
    /// Where its text ends; it begins where the one before ends.
    end: usize,
    how: How,
}

#[derive(Clone, Copy)]
enum How {
    Whole,
    Cut,
    Failed,
    Panicked,
}

impl Kept {
    /// Has its fields write themselves, which runs code of the user's.
    pub(super) fn of(event: &Event<'_>, mut buffers: Buffers) -> Self {
        buffers.text.clear();
        buffers.fields.clear();
        let time = SystemTime::now();
        event.record(&mut Writing { buffers: &mut buffers, left: FIELDS });
        Self { time, metadata: event.metadata(), buffers }
    }

    pub(super) fn into_buffers(self) -> Buffers {
        self.buffers
    }

    /// In bytes of text.
    pub(super) fn size(&self) -> usize {
        self.buffers.text.len()
    }

    pub(super) fn breadcrumb(&self) -> Breadcrumb {
        let mut breadcrumb = Breadcrumb {
            time: humantime::format_rfc3339_millis(self.time).to_string(),
            level: level(*self.metadata.level()),
            target: self.metadata.target().to_owned(),
            message: String::new(),
            fields: Vec::new(),
        };
        let is_of_log = self.metadata.target() == OF_LOG;
        let mut start = 0;
        for Written { name, end, how } in &self.buffers.fields {
            let text = self.buffers.text.get(start..*end).unwrap_or_default();
            start = *end;
            match *name {
                IS_MESSAGE => breadcrumb.message = message(text, *how),
                TARGET_IN_LOG if is_of_log => text.trim_matches('"').clone_into(&mut breadcrumb.target),
                name if is_of_log && name.starts_with(ALL_OF_LOG) => {}
                name => {
                    let name = name.strip_prefix("r#").unwrap_or(name).to_owned();
                    breadcrumb.fields.push(BreadcrumbField { name, value: shown(text, *how) });
                }
            }
        }
        breadcrumb
    }
}

fn level(level: tracing::Level) -> Level {
    match level {
        tracing::Level::ERROR => Level::Error,
        tracing::Level::WARN => Level::Warn,
        tracing::Level::INFO => Level::Info,
        tracing::Level::DEBUG => Level::Debugging,
        tracing::Level::TRACE => Level::Trace,
    }
}

fn message(text: &str, how: How) -> String {
    match how {
        How::Whole => text.to_owned(),
        How::Cut => format!("{text}..."),
        How::Failed | How::Panicked => format!("{text}<{}>", why(how)),
    }
}

fn shown(text: &str, how: How) -> Shown {
    let text = text.to_owned();
    match how {
        How::Whole => Shown::Value { text, cut: false },
        How::Cut => Shown::Value { text, cut: true },
        How::Failed | How::Panicked => Shown::Failed { why: why(how).to_owned(), text },
    }
}

fn why(how: How) -> &'static str {
    if matches!(how, How::Panicked) { "its formatting panicked" } else { "its formatting returned an error" }
}

struct Writing<'a> {
    buffers: &'a mut Buffers,
    /// So many bytes for the fields that are not written yet.
    left: usize,
}

impl Writing<'_> {
    fn write(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        let is_message = field.name() == IS_MESSAGE;
        let limit = if is_message { MESSAGE } else { FIELD.min(self.left) };
        let text = &mut self.buffers.text;
        let start = text.len();
        let mut bounded = Bounded::new(text, limit);
        // A `Debug` may not expect that it is stopped.
        let write = AssertUnwindSafe(|| bounded.write_fmt(value));
        let outcome = mark::during_listing(|| catch_unwind(write));
        let how = match outcome {
            _ if bounded.was_cut() => How::Cut,
            Ok(Ok(())) => How::Whole,
            Ok(Err(_)) => How::Failed,
            Err(payload) => {
                // Dropping it may run user code, which may panic.
                std::mem::forget(payload);
                How::Panicked
            }
        };
        let end = text.len();
        if !is_message {
            self.left = self.left.saturating_sub(end - start);
        }
        self.buffers.fields.push(Written { name: field.name(), end, how });
    }
}

impl Visit for Writing<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            IS_MESSAGE => self.write(field, format_args!("{value}")),
            _ => self.write(field, format_args!("{value:?}")),
        }
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.write(field, format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.write(field, format_args!("{value:?}"));
    }
}
