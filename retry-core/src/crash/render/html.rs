//! The report as one page of HTML, with nothing beside it: readable where no script runs, searchable where one does.
//!
//! Its markup escapes all that it is given; what can change how text is read, or is no text, is made visible before.

mod markup;
mod pretty;

use std::collections::{HashMap, HashSet};

use super::super::report::{
    Breadcrumb, BreadcrumbField, ContextEntry, Frame, Kind, Level, Report, Shown, Variable,
};
use super::code::{self, Lexer, mentioned};
use super::rows::{Row, rows};
use super::style::Style;
use super::words::{self, encoded, in_line, in_lines, seen, short_function, short_type};
use super::{markdown::markdown, text::text};

/// Of more rows the oldest and the newest are shown.
const OLDEST_FRAMES: usize = 20;
const NEWEST_FRAMES: usize = 60;
/// Of more earlier errors the last ones are shown.
const EARLIER_ERRORS: usize = 20;
/// Characters of the message that are its heading.
const HEADING: usize = 200;
/// Characters of a value that are shown before it is opened.
const SHORT_VALUE: usize = 100;
/// Parts of a value, or of a line of source, that have a colour of their own; and of all values, the newest frames' first.
const COLORED: usize = 120;
const COLORED_IN_ALL: usize = 20_000;

const STYLE: &str = include_str!("../../../templates/report/page.css");
const SCRIPT: &str = include_str!("../../../templates/report/page.js");

/// Nothing is loaded, and nothing runs or paints but what the hashes of these two files say: a value that found its way
/// out of the text would still be dead.
const POLICY: &str = "default-src 'none'; \
    style-src 'sha256-5RTsMnIUG5u2+DpSFFTCHS8T13wlcMFBKyVNc20q/Yw='; \
    script-src 'sha256-+KDYms8D1SjUJ6+a5t5wrLXbr6kdQiaRSedhW+uZ2DQ='; \
    base-uri 'none'; form-action 'none'";

pub(crate) fn html(report: &Report) -> String {
    markup::page(&Page::of(report)).into_string()
}

/// What the page says, ready to be put into its elements.
struct Page {
    title: String,
    kind: &'static str,
    message: String,
    /// All of it, where the heading says not all.
    message_rest: Option<String>,
    function: Option<String>,
    place: Option<String>,
    thread: String,
    app: Option<String>,
    time: String,
    seen: Option<String>,
    attempts: Vec<String>,
    causes: Vec<String>,
    rows: Vec<RowView>,
    crumbs: Vec<CrumbView>,
    context: Vec<ValueView>,
    facts: Vec<(&'static str, String)>,
    notes: Vec<String>,
    hints: Vec<Vec<Piece>>,
    text: String,
    markdown: String,
}

enum RowView {
    Frame(Box<FrameView>),
    Libraries(Vec<LibraryView>),
    Left(usize),
}

struct LibraryView {
    function: String,
    place: Option<String>,
}

struct FrameView {
    /// In the report, counted from one.
    number: usize,
    function: String,
    full_function: String,
    place: Option<String>,
    own: bool,
    /// Where it crashed, as far as it is the application's.
    fault: bool,
    attempt: Option<String>,
    earlier: Vec<String>,
    /// The number of the first of them.
    earlier_from: usize,
    lines: Vec<LineView>,
    /// Those that the lines mention.
    values: Vec<ValueView>,
    others: Vec<ValueView>,
    /// Why there is no more to see.
    remark: Option<&'static str>,
    link: Option<LinkView>,
}

struct LineView {
    number: u32,
    here: bool,
    pieces: Vec<Piece>,
}

/// Something that happened before.
struct CrumbView {
    time: String,
    level: &'static str,
    bad: bool,
    target: String,
    message: String,
    fields: Vec<(String, String)>,
}

/// A part of a line, in a colour.
struct Piece {
    class: &'static str,
    text: String,
    /// The variable that it is, and its value.
    value: Option<(String, String)>,
}

/// What a link to the reader's editor is made of.
struct LinkView {
    file: String,
    path: String,
    line: u32,
    column: u32,
    /// Where the whole path is known.
    href: Option<String>,
}

struct ValueView {
    name: String,
    type_name: Option<String>,
    full_type: String,
    short: Vec<Piece>,
    /// Where the short text does not say it all.
    whole: Vec<Piece>,
    /// Instead of a value, or behind it: why there is not more.
    mark: Option<String>,
    note: Option<String>,
}

impl Page {
    fn of(report: &Report) -> Self {
        let rows = rows(&report.frames, OLDEST_FRAMES, NEWEST_FRAMES);
        let fault = report.frame_at_fault();
        let (message, message_rest) = heading(&report.message);
        let kind = match report.kind {
            Kind::Panic => "panic",
            Kind::Error => "error",
        };
        let app = report
            .app
            .as_ref()
            .map(|app| in_line(format!("{} {}", app.name, app.version).trim()).into_owned());
        let text = text(report, Style::default());
        let mut ink = Ink(COLORED_IN_ALL);
        let program = app.as_ref().map_or(String::new(), |app| format!(" – {app}"));
        Self {
            title: format!("{kind}: {message}{program}"),
            kind,
            message,
            message_rest,
            function: fault.map(|frame| in_line(short_function(frame)).into_owned()),
            place: report
                .place
                .as_ref()
                .or(fault.and_then(|frame| frame.place.as_ref()))
                .map(|place| words::place(place, true)),
            thread: in_line(report.thread.name.as_deref().unwrap_or("<unnamed>")).into_owned(),
            app,
            time: in_line(&report.time).into_owned(),
            seen: seen(report),
            attempts: report.frames.iter().filter_map(attempt_sentence).collect(),
            causes: report.further_causes().iter().map(|cause| in_lines(cause)).collect(),
            rows: rows.into_iter().rev().map(|row| RowView::of(&row, report, fault, &mut ink)).collect(),
            crumbs: report.breadcrumbs.iter().rev().map(|crumb| CrumbView::of(crumb, report)).collect(),
            context: report.context.iter().map(ValueView::of_context).collect(),
            facts: facts(report),
            notes: report.notes.iter().map(|note| in_lines(note)).collect(),
            hints: report.hints().map(quoting).collect(),
            markdown: markdown(report, &text),
            text,
        }
    }
}

/// The first line of the message, shortened, and the whole one if that is more.
fn heading(message: &str) -> (String, Option<String>) {
    let message = message.trim();
    let first = message.lines().next().unwrap_or_default();
    let heading = match first.char_indices().nth(HEADING) {
        Some((end, _)) => format!("{}…", in_line(first.get(..end).unwrap_or_default())),
        None => in_line(first).into_owned(),
    };
    let is_whole = first.len() == message.len() && !heading.ends_with('…');
    (heading, (!is_whole).then(|| in_lines(message)))
}

fn short_place(frame: &Frame) -> Option<String> {
    frame.place.as_ref().map(|place| words::place(place, false))
}

fn attempt_sentence(frame: &Frame) -> Option<String> {
    let attempt = frame.attempt.as_ref()?;
    let before =
        attempt.earlier.last().map(|last| format!("; the one before failed with: {}", in_line(last)));
    let function = in_line(short_function(frame));
    Some(format!("In {} of {function}{}", words::attempt(attempt), before.unwrap_or_default()))
}

fn facts(report: &Report) -> Vec<(&'static str, String)> {
    let process = &report.process;
    let shown = |text: &str| in_line(text).into_owned();
    let type_of = match report.kind {
        Kind::Panic => "Payload",
        Kind::Error => "Error type",
    };
    let mut facts = vec![
        ("System", shown(&format!("{}, {}", process.os, process.arch))),
        ("Build", if process.debug { "debug" } else { "release" }.to_owned()),
        ("Process", process.pid.to_string()),
        ("Thread", shown(&report.thread.id)),
    ];
    facts.extend(process.executable.as_deref().map(|program| ("Program", shown(program))));
    facts.extend(report.type_name.as_deref().map(|name| (type_of, shown(name))));
    facts.push(("Fingerprint", shown(&report.fingerprint)));
    facts.push(("Report", shown(&report.id)));
    facts
}

/// What stands between backticks is code.
fn quoting(text: &str) -> Vec<Piece> {
    let parts = text.split('`').enumerate();
    let piece = |(number, part)| Piece {
        class: if number % 2 == 1 { "code" } else { "" },
        text: in_lines(part),
        value: None,
    };
    parts.map(piece).collect()
}

impl RowView {
    fn of(row: &Row<'_>, report: &Report, fault: Option<&Frame>, ink: &mut Ink) -> Self {
        match row {
            Row::Frame(frame) => {
                let is_fault = fault.is_some_and(|fault| std::ptr::eq(fault, *frame));
                let number = report.frames.iter().position(|other| std::ptr::eq(other, *frame));
                let number = number.map_or(0, |number| number + 1);
                Self::Frame(Box::new(FrameView::of(frame, number, is_fault, ink)))
            }
            Row::Libraries(frames) => Self::Libraries(frames.iter().rev().map(LibraryView::of).collect()),
            Row::Left(count) => Self::Left(*count),
        }
    }
}

impl LibraryView {
    fn of(frame: &Frame) -> Self {
        Self { function: in_line(short_function(frame)).into_owned(), place: short_place(frame) }
    }
}

impl FrameView {
    fn of(frame: &Frame, number: usize, fault: bool, ink: &mut Ink) -> Self {
        let lines = lines(frame);
        let is_mentioned = |variable: &&Variable| lines.names.contains(variable.name.as_str());
        let (mut values, mut others): (Vec<&Variable>, Vec<_>) =
            frame.variables.iter().partition(is_mentioned);
        if values.is_empty() {
            // Without source, or without a word of them, none is worth more than another.
            std::mem::swap(&mut values, &mut others);
        }
        let attempt = frame.attempt.as_ref();
        let earlier = attempt.map(|attempt| attempt.earlier.as_slice()).unwrap_or_default();
        let skipped = earlier.len().saturating_sub(EARLIER_ERRORS);
        Self {
            number,
            function: in_line(short_function(frame)).into_owned(),
            full_function: in_line(&frame.function).into_owned(),
            place: short_place(frame),
            own: frame.is_own(),
            fault,
            attempt: attempt.map(words::attempt),
            earlier: earlier.iter().skip(skipped).map(|error| in_lines(error)).collect(),
            earlier_from: skipped + 1,
            remark: remark(frame),
            values: values.into_iter().map(|variable| ValueView::of(variable, ink)).collect(),
            others: others.into_iter().map(|variable| ValueView::of(variable, ink)).collect(),
            lines: lines.views,
            link: LinkView::of(frame),
        }
    }
}

fn remark(frame: &Frame) -> Option<&'static str> {
    match (frame.annotated, frame.in_app, &frame.source) {
        (false, true, _) => Some("No values: #[crash_context] on this function would keep them."),
        (true, _, None) => Some("Its source was not on the machine that crashed."),
        (false, false, _) if frame.variables.is_empty() => Some("A function of a library."),
        _ => None,
    }
}

struct Lines<'a> {
    views: Vec<LineView>,
    /// What they speak of.
    names: HashSet<&'a str>,
}

fn lines(frame: &Frame) -> Lines<'_> {
    let mut names = HashSet::new();
    let (Some(place), Some(source)) = (&frame.place, &frame.source) else {
        return Lines { views: Vec::new(), names };
    };
    let indent = |line: &String| line.len() - line.trim_start_matches(' ').len();
    let common = source.lines.iter().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    // The one that was bound last hides the others.
    let variables: HashMap<&str, &Shown> =
        frame.variables.iter().map(|variable| (variable.name.as_str(), &variable.value)).collect();
    let mut lexer = Lexer::default();
    let mut views = Vec::new();
    for (number, line) in (source.first_line..=u32::MAX).zip(&source.lines) {
        let tokens = lexer.line(line.get(common..).unwrap_or_default());
        names.extend(tokens.iter().flat_map(|token| mentioned(*token)));
        let value_of = |token: &code::Token<'_>| {
            let name = mentioned(*token).next().filter(|_| token.kind == code::Kind::Name)?;
            Some((name.to_owned(), format!("{name} = {}", one_line(variables.get(name)?))))
        };
        let mut pieces: Vec<Piece> = Vec::new();
        for token in &tokens {
            let piece = Piece::of(*token);
            let count = pieces.len();
            match pieces.last_mut() {
                Some(last) if count > COLORED => last.text.push_str(&piece.text),
                _ if count == COLORED => pieces.push(Piece { class: "", ..piece }),
                _ => pieces.push(Piece { value: value_of(token), ..piece }),
            }
        }
        views.push(LineView { number, here: number == place.line, pieces });
    }
    Lines { views, names }
}

/// A value as it is told beside the pointer.
fn one_line(value: &Shown) -> String {
    match value {
        Shown::Value { text, cut } => {
            let (short, is_whole) = shortened(text);
            if is_whole && !cut { short } else { format!("{short}…") }
        }
        Shown::Redacted => "<redacted>".to_owned(),
        Shown::NotKept { .. } => "(not kept)".to_owned(),
        Shown::Failed { why, .. } => format!("<{}>", in_line(why)),
    }
}

/// The first line, or what is shown of it; and whether that is all.
fn shortened(text: &str) -> (String, bool) {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = if text.contains(['\n', '\r']) { one_line.as_str() } else { text };
    let is_whole = line.len() == text.len();
    match line.char_indices().nth(SHORT_VALUE) {
        Some((end, _)) => (in_line(line.get(..end).unwrap_or_default()).into_owned(), false),
        None => (in_line(line).into_owned(), is_whole),
    }
}

impl Piece {
    fn of(token: code::Token<'_>) -> Self {
        let class = match token.kind {
            code::Kind::Other | code::Kind::Name => "",
            code::Kind::Comment => "c",
            code::Kind::Text => "s",
            code::Kind::Number => "n",
            code::Kind::Keyword => "k",
        };
        Self { class, text: in_line(token.text).into_owned(), value: None }
    }
}

/// How many parts may still have colours: a page of a hundred thousand of them is slow to make and slow to read.
struct Ink(usize);

/// What `Debug` wrote looks like source. In colours as far as anybody reads it.
fn colored(text: &str, ink: &mut Ink) -> Vec<Piece> {
    if ink.0 == 0 {
        return vec![Piece { class: "", text: in_lines(text), value: None }];
    }
    let mut lexer = Lexer::of_value();
    let mut pieces: Vec<Piece> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let end = (number > 0).then(|| Piece { class: "", text: "\n".to_owned(), value: None });
        let tokens = lexer.line(line).into_iter().map(Piece::of);
        for piece in end.into_iter().chain(tokens) {
            let is_colored = pieces.len() < COLORED;
            match pieces.last_mut() {
                Some(last) if !is_colored || last.class == piece.class => last.text.push_str(&piece.text),
                _ => pieces.push(piece),
            }
        }
    }
    ink.0 = ink.0.saturating_sub(pieces.len());
    pieces
}

impl CrumbView {
    fn of(crumb: &Breadcrumb, report: &Report) -> Self {
        let field = |field: &BreadcrumbField| {
            let value = words::value(&field.value);
            (in_line(&field.name).into_owned(), in_lines(&value))
        };
        Self {
            time: in_line(words::time_before(&crumb.time, report)).into_owned(),
            level: crumb.level.as_str(),
            bad: matches!(crumb.level, Level::Error | Level::Warn),
            target: in_line(&crumb.target).into_owned(),
            message: in_lines(&crumb.message),
            fields: crumb.fields.iter().map(field).collect(),
        }
    }
}

impl ValueView {
    fn of(variable: &Variable, ink: &mut Ink) -> Self {
        let note = variable.as_of.filter(|_| variable.value != Shown::Redacted);
        Self {
            type_name: Some(in_line(&short_type(&variable.type_name)).into_owned()),
            full_type: in_line(&variable.type_name).into_owned(),
            note: note.map(|line| format!("as of line {line}")),
            ..Self::shown(&variable.name, &variable.value, ink)
        }
    }

    /// In words, mostly, which have no colours.
    fn of_context(entry: &ContextEntry) -> Self {
        Self::shown(&entry.name, &entry.value, &mut Ink(0))
    }

    fn shown(name: &str, value: &Shown, ink: &mut Ink) -> Self {
        let (text, mark) = match value {
            Shown::Value { text, cut } => (text.as_str(), cut.then(|| "cut off here".to_owned())),
            Shown::Redacted => ("", Some("redacted".to_owned())),
            Shown::NotKept { .. } => ("", Some("not kept".to_owned())),
            Shown::Failed { why, text } => (text.as_str(), Some(in_line(why).into_owned())),
        };
        let (short, is_whole) = shortened(text);
        let short = if is_whole { short } else { format!("{short}…") };
        Self {
            name: in_line(name).into_owned(),
            type_name: None,
            full_type: String::new(),
            short: colored(&short, ink),
            whole: if is_whole { Vec::new() } else { colored(&pretty::pretty(text), ink) },
            mark,
            note: None,
        }
    }
}

impl LinkView {
    fn of(frame: &Frame) -> Option<Self> {
        let place = frame.place.as_ref()?;
        let is_whole = |path: &&String| path.starts_with(['/', '\\']) || path.get(1..2) == Some(":");
        let path = frame.path.as_ref().or(Some(&place.file)).filter(is_whole).cloned().unwrap_or_default();
        let slashed = path.replace('\\', "/");
        let href = || format!("vscode://file/{}:{}", encoded(slashed.trim_start_matches('/')), place.line);
        Some(Self {
            href: (!path.is_empty()).then(href),
            file: in_line(&place.file).into_owned(),
            line: place.line,
            column: place.column.unwrap_or(1),
            path: in_line(&path).into_owned(),
        })
    }
}

#[cfg(test)]
mod tests;
