//! The report for people: each frame with its values under it, the oldest frame first.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::super::report::{AttemptInfo, ContextEntry, Frame, Kind, Place, Report, Shown, Thread, Variable};
use super::style::Style;

/// Of more frames the oldest and the newest are shown: nobody reads a recursion of ten thousand.
const OLDEST_FRAMES: usize = 20;
const NEWEST_FRAMES: usize = 40;
/// Of more earlier errors the last ones are shown.
const EARLIER_ERRORS: usize = 5;
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
            Self::Name => "\x1b[34m",
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

/// What becomes of the frames in their list.
enum Row<'a> {
    Frame(&'a Frame),
    Libraries(usize),
    Left(usize),
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
        self.remarks(report);
    }

    fn causes(&mut self, report: &Report) {
        // The error itself may be the first of them.
        let causes = match report.causes.split_first() {
            Some((first, rest)) if *first == report.message => rest,
            _ => &report.causes,
        };
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
        let rows = rows(frames);
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
                Row::Libraries(1) => "  ... 1 frame of a library".to_owned(),
                Row::Libraries(count) => format!("  ... {count} frames of libraries"),
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
        let shown: Vec<(u32, Cow<'_, str>)> = (source.first_line..)
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
        _ = write!(self.out, "    attempt {}", attempt.number);
        if let Some(max) = attempt.max {
            _ = write!(self.out, " of {max}");
        }
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

    /// What is said once, at the end.
    fn remarks(&mut self, report: &Report) {
        let mut remarks: Vec<String> = Vec::new();
        for variable in report.frames.iter().flat_map(|frame| &frame.variables) {
            if let Shown::NotKept { hint } = &variable.value {
                let remark = format!("  not kept: {}", block(hint, 4));
                if !remarks.contains(&remark) {
                    remarks.push(remark);
                }
            }
        }
        remarks.extend(report.notes.iter().map(|note| format!("  note: {}", block(note, 4))));
        if report.occurrences > 1 {
            let since = report.first_seen.as_ref().map(|first| format!(", first at {}", in_line(first)));
            remarks.push(format!("  seen {} times{}", report.occurrences, since.unwrap_or_default()));
        }
        if !remarks.is_empty() {
            self.out.push('\n');
        }
        for remark in remarks {
            self.paint(Paint::Dim, &remark);
            self.out.push('\n');
        }
    }

    fn place(&mut self, place: &Place, with_column: bool) {
        let mut shown = format!("{}:{}", in_line(&place.file), place.line);
        if let Some(column) = place.column.filter(|_| with_column) {
            _ = write!(shown, ":{column}");
        }
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

/// Runs of library frames as one row, and the middle of very many left out.
fn rows(frames: &[Frame]) -> Vec<Row<'_>> {
    let is_shown = |frame: &Frame| {
        frame.in_app || frame.annotated || frame.attempt.is_some() || !frame.variables.is_empty()
    };
    // Without a frame of the application's own all are worth as much.
    let none_is_shown = !frames.iter().any(is_shown);
    let mut rows = Vec::new();
    for frame in frames {
        match rows.last_mut() {
            _ if none_is_shown || is_shown(frame) => rows.push(Row::Frame(frame)),
            Some(Row::Libraries(count)) => *count += 1,
            _ => rows.push(Row::Libraries(1)),
        }
    }
    let left = rows.len().saturating_sub(OLDEST_FRAMES + NEWEST_FRAMES);
    if left > 1 {
        let frames = |row| if let Row::Libraries(count) = row { count } else { 1 };
        let left = rows.drain(OLDEST_FRAMES..OLDEST_FRAMES + left).map(frames).sum();
        rows.insert(OLDEST_FRAMES, Row::Left(left));
    }
    rows
}

/// The application's own functions without their modules, which their places tell: `Order::total`.
fn short_function(frame: &Frame) -> &str {
    let function = frame.function.as_str();
    let place_tells = frame.place.is_some() && (frame.in_app || frame.annotated);
    if !place_tells || function.starts_with(['<', '{']) {
        return function;
    }
    let mut rest = function;
    while let Some((module, inner)) = rest.split_once("::") {
        let is_module = module.starts_with(|first: char| first.is_lowercase() || first == '_')
            && module.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'#');
        if !is_module || inner.starts_with(['{', '<']) {
            break;
        }
        rest = inner;
    }
    rest
}

/// A type without its modules: `Arc<Client>`.
fn short_type(type_name: &str) -> String {
    let mut out = String::with_capacity(type_name.len());
    let mut word_start = 0;
    let mut letters = type_name.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == ':' && letters.peek() == Some(&':') {
            letters.next();
            out.truncate(word_start);
            continue;
        }
        out.push(letter);
        if !letter.is_alphanumeric() && letter != '_' {
            word_start = out.len();
        }
    }
    out
}

/// Text in one line, without what a terminal would obey.
pub(crate) fn in_line(text: &str) -> Cow<'_, str> {
    neutral(text, |letter| letter == '\n')
}

/// Text in lines, of which all but the first are indented.
pub(crate) fn block(text: &str, indent: usize) -> String {
    let unix = text.replace("\r\n", "\n");
    let neutral = neutral(&unix, |_| false);
    let lines = neutral.trim_end_matches('\n').split('\n').enumerate();
    let indented = |(number, line): (usize, &str)| match number == 0 || line.trim().is_empty() {
        true => line.to_owned(),
        false => format!("{:indent$}{line}", ""),
    };
    lines.map(indented).collect::<Vec<_>>().join("\n")
}

/// Without control characters, and without those that change the direction of what is around them.
fn neutral(text: &str, also: impl Fn(char) -> bool) -> Cow<'_, str> {
    let is_hostile = |letter: char| {
        (letter.is_control() && letter != '\n')
            || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}')
            || also(letter)
    };
    if !text.contains(is_hostile) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\t' => out.push_str("    "),
            letter if is_hostile(letter) => out.extend(letter.escape_default()),
            letter => out.push(letter),
        }
    }
    Cow::Owned(out)
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

fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' | b':' => {
                out.push(byte.into());
            }
            byte => _ = write!(out, "%{byte:02X}"),
        }
    }
    out
}
