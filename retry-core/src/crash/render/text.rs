//! The report for people: each frame with its values under it, the oldest frame first.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::super::report::{
    AttemptInfo, Breadcrumb, ContextEntry, Frame, Kind, Place, Report, Shown, Thread, Variable,
};
use super::rows::{Row, rows};
use super::style::Style;
use super::words::{self, encoded, in_line, in_lines, seen, short_function, short_type};

/// Of more frames the oldest and the newest are shown: nobody reads a recursion of ten thousand.
const OLDEST_FRAMES: usize = 20;
const NEWEST_FRAMES: usize = 40;
/// Of more earlier errors the last ones are shown.
const EARLIER_ERRORS: usize = 5;
/// Of more events before the crash the last ones are shown.
const EVENTS_BEFORE: usize = 20;
/// Lines of source around the place of the crash.
const LINES_AROUND: u32 = 2;

/// The first lines: what there is to say before anything else is known.
pub(crate) fn headline(message: &str, place: Option<&Place>, thread: &Thread) -> String {
    let mut writer = Writer::new(Style::default());
    writer.panicked(message, place, thread);
    writer.out
}

/// The headline, and all else.
pub(crate) fn text(report: &Report, style: Style) -> String {
    let mut writer = Writer::new(style);
    match report.kind {
        Kind::Panic => writer.panicked(&report.message, report.place.as_ref(), &report.thread),
        Kind::Error => writer.failed(report),
    }
    writer.body(report);
    writer.out
}

/// All but the headline, where that has been printed.
pub(crate) fn body(report: &Report, style: Style) -> String {
    let mut writer = Writer::new(style);
    writer.body(report);
    writer.out
}

/// The colours, as the codes of a terminal.
#[derive(Clone, Copy)]
enum Paint {
    Message,
    Function,
    Place,
    Name,
    Missing,
    Dim,
}

impl Paint {
    fn code(self) -> &'static str {
        match self {
            Self::Message => "\x1b[1;31m",
            Self::Function => "\x1b[1m",
            Self::Place => "\x1b[36m",
            Self::Name => "\x1b[94m",
            Self::Missing => "\x1b[33m",
            Self::Dim => "\x1b[2m",
        }
    }
}

struct Writer {
    out: String,
    style: Style,
    links: Option<Links>,
}

impl Writer {
    fn new(style: Style) -> Self {
        Self { out: String::new(), style, links: style.hyperlinks.then(Links::of_this_machine) }
    }

    fn panicked(&mut self, message: &str, place: Option<&Place>, thread: &Thread) {
        self.thread(thread);
        self.out.push_str(" panicked");
        if let Some(place) = place {
            self.out.push_str(" at ");
            self.place(place, true);
        }
        self.out.push_str(":\n");
        self.block(Paint::Message, message, 0);
        self.out.push('\n');
    }

    fn failed(&mut self, report: &Report) {
        self.paint(Paint::Message, "error");
        self.out.push_str(": ");
        self.block(Paint::Message, &report.message, 0);
        self.out.push_str("\n  in ");
        self.thread(&report.thread);
        if let Some(place) = &report.place {
            self.out.push_str(" at ");
            self.place(place, true);
        }
        self.out.push('\n');
    }

    fn thread(&mut self, thread: &Thread) {
        match &thread.name {
            Some(name) => _ = write!(self.out, "thread '{}'", in_line(name)),
            None => _ = write!(self.out, "thread '<unnamed>' ({})", in_line(&thread.id)),
        }
    }

    fn body(&mut self, report: &Report) {
        if let Some(app) = &report.app {
            let line = format!("  {} {}", in_line(&app.name), in_line(&app.version));
            self.paint(Paint::Dim, line.trim_end());
            self.out.push('\n');
        }
        self.causes(report);
        self.frames(&report.frames);
        self.context(&report.context);
        self.before(report);
        self.remarks(report);
    }

    fn causes(&mut self, report: &Report) {
        let causes = report.further_causes();
        if causes.is_empty() {
            return;
        }
        self.out.push_str("\n  caused by\n");
        for (number, cause) in causes.iter().enumerate() {
            _ = write!(self.out, "    {}. ", number + 1);
            self.out.push_str(&block(cause, 7));
            self.out.push('\n');
        }
    }

    fn frames(&mut self, frames: &[Frame]) {
        let rows = rows(frames, OLDEST_FRAMES, NEWEST_FRAMES);
        let last = rows.iter().rposition(|row| matches!(row, Row::Frame(_)));
        if !rows.is_empty() {
            self.out.push('\n');
        }
        for (number, row) in rows.iter().enumerate() {
            let folded = match row {
                Row::Frame(frame) => {
                    self.frame(frame, last == Some(number));
                    continue;
                }
                Row::Libraries([_]) => "  ... 1 frame of a library".to_owned(),
                Row::Libraries(frames) => format!("  ... {} frames of libraries", frames.len()),
                Row::Left(count) => format!("  ... {count} frames more"),
            };
            self.paint(Paint::Dim, &folded);
            self.out.push('\n');
        }
    }

    fn frame(&mut self, frame: &Frame, is_last: bool) {
        self.out.push_str("  ");
        self.paint(Paint::Function, &in_line(short_function(frame)));
        if let Some(place) = &frame.place {
            self.out.push_str(", ");
            self.place(place, false);
        }
        self.out.push('\n');
        self.source(frame, if is_last { LINES_AROUND } else { 0 });
        if let Some(attempt) = &frame.attempt {
            self.attempt(attempt);
        }
        frame.variables.iter().for_each(|variable| self.variable(variable));
    }

    fn source(&mut self, frame: &Frame, around: u32) {
        let (Some(place), Some(source)) = (&frame.place, &frame.source) else { return };
        let shown: Vec<(u32, Cow<'_, str>)> = (source.first_line..=u32::MAX)
            .zip(&source.lines)
            .filter(|(number, _)| number.abs_diff(place.line) <= around)
            .map(|(number, line)| (number, in_line(line)))
            .collect();
        if !shown.iter().any(|(number, _)| *number == place.line) {
            return;
        }
        let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
        let common =
            shown.iter().filter(|(_, line)| !line.trim().is_empty()).map(|(_, line)| indent(line)).min();
        let width = shown.last().map_or(0, |(number, _)| number.to_string().len());
        for (number, line) in &shown {
            let is_place = *number == place.line;
            let mark = if is_place { '>' } else { ' ' };
            let code = line.get(common.unwrap_or(0)..).unwrap_or_default();
            let whole = format!("    {mark} {number:width$} | {code}");
            match is_place {
                true => self.out.push_str(whole.trim_end()),
                false => self.paint(Paint::Dim, whole.trim_end()),
            }
            self.out.push('\n');
        }
    }

    fn attempt(&mut self, attempt: &AttemptInfo) {
        _ = write!(self.out, "    {}", words::attempt(attempt));
        let skipped = attempt.earlier.len().saturating_sub(EARLIER_ERRORS);
        for (number, error) in attempt.earlier.iter().enumerate().skip(skipped) {
            let separator = match number == skipped {
                true if skipped > 0 => "; before it: ..., ",
                true => "; before it: ",
                false => ", ",
            };
            _ = write!(self.out, "{separator}{}. {}", number + 1, in_line(error));
        }
        self.out.push('\n');
    }

    fn variable(&mut self, variable: &Variable) {
        if matches!(variable.value, Shown::NotKept { .. }) {
            self.out.push_str("    ");
            self.paint(Paint::Name, &in_line(&variable.name));
            _ = write!(self.out, ": {} ", in_line(&short_type(&variable.type_name)));
            self.paint(Paint::Dim, "(not kept)");
        } else {
            self.value(&variable.name, &variable.value);
        }
        if let Some(line) = variable.as_of.filter(|_| variable.value != Shown::Redacted) {
            self.out.push(' ');
            self.paint(Paint::Dim, &format!("(as of line {line})"));
        }
        self.out.push('\n');
    }

    /// `name = value`, without the end of the line.
    fn value(&mut self, name: &str, value: &Shown) {
        self.out.push_str("    ");
        self.paint(Paint::Name, &in_line(name));
        self.out.push_str(" = ");
        match value {
            Shown::Value { text, cut } => {
                self.out.push_str(&block(text, 4));
                if *cut {
                    self.paint(Paint::Missing, "...");
                }
            }
            Shown::Redacted => self.paint(Paint::Missing, "<redacted>"),
            Shown::NotKept { .. } => self.paint(Paint::Missing, "<not kept>"),
            Shown::Failed { why, text } => {
                self.out.push_str(&block(text, 4));
                self.paint(Paint::Missing, &format!("<{}>", in_line(why)));
            }
        }
    }

    fn context(&mut self, context: &[ContextEntry]) {
        if context.is_empty() {
            return;
        }
        self.out.push_str("\n  context\n");
        for entry in context {
            self.value(&entry.name, &entry.value);
            self.out.push('\n');
        }
    }

    fn before(&mut self, report: &Report) {
        if report.breadcrumbs.is_empty() {
            return;
        }
        self.out.push_str("\n  before it happened\n");
        let skipped = report.breadcrumbs.len().saturating_sub(EVENTS_BEFORE);
        if skipped > 0 {
            self.paint(Paint::Dim, &format!("    ... {skipped} earlier"));
            self.out.push('\n');
        }
        for breadcrumb in report.breadcrumbs.iter().skip(skipped) {
            self.out.push_str("    ");
            self.paint(Paint::Dim, &in_line(words::time_before(&breadcrumb.time, report)));
            _ = write!(self.out, " {} ", breadcrumb.level.as_str());
            self.paint(Paint::Place, &in_line(&breadcrumb.target));
            self.out.push_str(&block(&said(breadcrumb), 4));
            self.out.push('\n');
        }
    }

    /// What is said once, at the end.
    fn remarks(&mut self, report: &Report) {
        let mut remarks: Vec<String> =
            report.hints().map(|hint| format!("  not kept: {}", block(hint, 4))).collect();
        remarks.extend(report.notes.iter().map(|note| format!("  note: {}", block(note, 4))));
        remarks.extend(seen(report).map(|seen| format!("  {seen}")));
        if !remarks.is_empty() {
            self.out.push('\n');
        }
        for remark in remarks {
            self.paint(Paint::Dim, &remark);
            self.out.push('\n');
        }
    }

    fn place(&mut self, place: &Place, with_column: bool) {
        let shown = words::place(place, with_column);
        match self.links.as_ref().and_then(|links| links.to(&place.file)) {
            Some(link) => {
                _ = write!(self.out, "\x1b]8;;{link}\x1b\\");
                self.paint(Paint::Place, &shown);
                self.out.push_str("\x1b]8;;\x1b\\");
            }
            None => self.paint(Paint::Place, &shown),
        }
    }

    fn block(&mut self, paint: Paint, text: &str, indent: usize) {
        self.paint(paint, &block(text, indent));
    }

    fn paint(&mut self, paint: Paint, text: &str) {
        match self.style.colors {
            true => _ = write!(self.out, "{}{text}\x1b[0m", paint.code()),
            false => self.out.push_str(text),
        }
    }
}

/// `: message; name = value, name = value`, as far as there are such.
fn said(breadcrumb: &Breadcrumb) -> String {
    let mut said = String::new();
    if !breadcrumb.message.is_empty() {
        _ = write!(said, ": {}", breadcrumb.message);
    }
    for (number, field) in breadcrumb.fields.iter().enumerate() {
        let separator = match number {
            0 if breadcrumb.message.is_empty() => ":",
            0 => ";",
            _ => ",",
        };
        _ = write!(said, "{separator} {} = {}", field.name, words::value(&field.value));
    }
    said
}

/// Text in lines, of which all but the first are indented.
pub(crate) fn block(text: &str, indent: usize) -> String {
    let text = in_lines(text);
    let lines = text.trim_end_matches('\n').split('\n').enumerate();
    let indented = |(number, line): (usize, &str)| match number == 0 || line.trim().is_empty() {
        true => line.to_owned(),
        false => format!("{:indent$}{line}", ""),
    };
    lines.map(indented).collect::<Vec<_>>().join("\n")
}

/// To files, for terminals that open them at a click.
struct Links {
    host: String,
    directory: Option<PathBuf>,
}

impl Links {
    fn of_this_machine() -> Self {
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        Self { host: host.trim().to_owned(), directory: std::env::current_dir().ok() }
    }

    /// The compiler was often given a path from another folder than this process runs in: then there is no link.
    fn to(&self, file: &str) -> Option<String> {
        let path = match Path::new(file).is_absolute() {
            true => PathBuf::from(file),
            false => {
                self.directory.as_ref().map(|directory| directory.join(file)).filter(|path| path.is_file())?
            }
        };
        let path = path.to_str()?.replace('\\', "/");
        let mut link = format!("file://{}/", encoded(&self.host));
        link.push_str(&encoded(path.trim_start_matches('/')));
        Some(link)
    }
}
