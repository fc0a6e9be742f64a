//! What a report says, whatever it is rendered to. Serialised, it is the JSON report: its schema is versioned, and
//! described field by field here.

use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// The version of the schema that this release writes.
pub const SCHEMA: u32 = 1;

/// One crash: what happened, where, and with which values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The version of the schema, [`SCHEMA`].
    pub schema: u32,
    /// 32 hexadecimal digits, different for each report.
    pub id: String,
    /// When it happened: RFC 3339, in UTC, to the millisecond.
    pub time: String,
    /// Whether it was a panic or an error.
    pub kind: Kind,
    /// What the panic or the error says.
    pub message: String,
    /// The type of the payload or of the error, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub type_name: Option<String>,
    /// Where it was raised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The thread that crashed.
    pub thread: Thread,
    /// The application, as it introduced itself to the reporter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<App>,
    /// The process and the machine.
    pub process: Process,
    /// What the application's context providers said, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub context: Vec<ContextEntry>,
    /// What happened before, the oldest first: the last events that `crash::breadcrumbs()`, of the feature
    /// `tracing`, kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breadcrumbs: Vec<Breadcrumb>,
    /// The causes of an error, from the error itself to its root.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<String>,
    /// The stack, oldest frame first: the last one is where it crashed.
    pub frames: Vec<Frame>,
    /// What could not be found out, or could not be shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The same for the same crash on every machine: 16 hexadecimal digits. What counts is the kind; the first line of the
    /// message, without its values; the file and the column of the place; and the names of the application's functions on
    /// the stack, without modules and types. So it stays the same when lines move, in debug builds and in release builds with
    /// line tables, and with and without full debug information.
    ///
    /// It is another one where a build knows less. With line tables alone the name of a closure or an async function that is
    /// inlined is not known: if the crash is in it, its line counts in place of the name. Without debug information, as in a
    /// release build by default, functions that are inlined are not known at all. In a stripped build, and where
    /// the symbols cannot be read in time, no function is known but the annotated ones: the line of the crash counts, and
    /// moves with the source.
    pub fingerprint: String,
    /// How often this crash was seen in a row, this time included.
    pub occurrences: u64,
    /// When it was seen first, if it was seen before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_seen: Option<String>,
}

impl Report {
    /// The frame to look at first: the newest one of the application's own, or else the newest of all.
    ///
    /// ```
    /// use retry_core::crash::report;
    ///
    /// let mut report = report(&std::fmt::Error).report;
    /// report.frames.clear();
    /// assert_eq!(report.frame_at_fault(), None);
    /// ```
    #[must_use]
    pub fn frame_at_fault(&self) -> Option<&Frame> {
        self.frames.iter().rfind(|frame| frame.is_own()).or(self.frames.last())
    }

    /// The causes behind the message: the error itself may be the first of them.
    pub(super) fn further_causes(&self) -> &[String] {
        match self.causes.split_first() {
            Some((first, rest)) if *first == self.message => rest,
            _ => &self.causes,
        }
    }

    /// How to have kept what was not, each once.
    pub(super) fn hints(&self) -> impl Iterator<Item = &str> {
        let mut seen = HashSet::new();
        let variables = self.frames.iter().flat_map(|frame| &frame.variables);
        let hints = variables.filter_map(|variable| match &variable.value {
            Shown::NotKept { hint } => Some(hint.as_str()),
            _ => None,
        });
        hints.filter(move |hint| seen.insert(*hint))
    }
}

/// What a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// A panic.
    Panic,
    /// An error that nobody handled.
    Error,
}

/// A place in source code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The file, as the compiler was given it.
    pub file: String,
    /// Counted from one.
    pub line: u32,
    /// Counted from one, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

/// A thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// Its name, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its number within the process.
    pub id: String,
}

/// The application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct App {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The process and the machine it ran on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// The number of the process.
    pub pid: u32,
    /// The program's file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executable: Option<String>,
    /// The operating system, as Rust calls it.
    pub os: String,
    /// The kind of processor, as Rust calls it.
    pub arch: String,
    /// Whether it was built with debug assertions.
    pub debug: bool,
}

/// One thing that a context provider said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContextEntry {
    /// What it is.
    pub name: String,
    /// Its value.
    pub value: Shown,
}

/// Something that happened before the crash: an event of `tracing`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Breadcrumb {
    /// When: RFC 3339, in UTC, to the millisecond.
    pub time: String,
    /// How much it matters.
    pub level: Level,
    /// Where it comes from: mostly the module.
    pub target: String,
    /// What it says; a long one ends with `...`. Empty where it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// Its fields, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<BreadcrumbField>,
}

/// A field of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreadcrumbField {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Shown,
}

/// How much an event matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Something went wrong.
    Error,
    /// Something may be wrong.
    Warn,
    /// Something that is good to know.
    Info,
    /// `DEBUG` of `tracing`: for those who look for a mistake.
    // Another `Debug` that can be seen from everywhere would have the compiler call the trait `std::fmt::Debug`.
    #[serde(rename = "debug")]
    Debugging,
    /// For those who look at every step.
    Trace,
}

impl Level {
    /// As logs write it: `WARN`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "ERROR",
            Self::Warn => "WARN",
            Self::Info => "INFO",
            Self::Debugging => "DEBUG",
            Self::Trace => "TRACE",
        }
    }
}

/// One frame of the stack.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Frame {
    /// The function, with the modules it stands in, without hashes: `shop::orders::divide`.
    pub function: String,
    /// Where in its source the frame was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The whole path of that file, on the machine that built it or the one that crashed, where it is known and the place
    /// does not say it already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Whether it is the application's own code, and not a library's.
    pub in_app: bool,
    /// Whether it has `#[crash_context]`.
    pub annotated: bool,
    /// The address in memory, `0x..`, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The lines around its place, where the source is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Of a frame inside a retried function: which attempt it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<AttemptInfo>,
    /// Its arguments and locals, in the order in which they were bound.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<Variable>,
}

impl Frame {
    /// Whether it is the application's own, and not a library's that it calls: its code, or a function that somebody
    /// annotated.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.in_app || self.annotated
    }
}

/// Lines of source code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The number of the first line, counted from one.
    pub first_line: u32,
    /// The lines, without their ends.
    pub lines: Vec<String>,
}

/// How far a retried call had come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptInfo {
    /// The number of the attempt that crashed, counted from one.
    pub number: u32,
    /// The most that there would have been, where it is known and there is a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
    /// What the attempts before it failed with, the first one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<String>,
}

/// An argument or a local.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its type.
    pub type_name: String,
    /// Its value.
    pub value: Shown,
    /// The line at which it had this value, where it may have changed since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<u32>,
    /// Whether it is an argument.
    pub argument: bool,
}

/// A value, as far as it can be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Shown {
    /// As its `Debug` writes it, without secrets.
    Value {
        /// What is shown.
        text: String,
        /// Whether there was more than the limit allowed.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        cut: bool,
    },
    /// Its name says that it is a secret.
    Redacted,
    /// It was not kept.
    NotKept {
        /// How to have it kept.
        hint: String,
    },
    /// Its `Debug` failed.
    Failed {
        /// How: `Debug panicked: ...`.
        why: String,
        /// What it wrote before.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        text: String,
    },
}
