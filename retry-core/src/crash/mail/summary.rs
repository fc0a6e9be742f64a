//! What a mail says of a report: what a person wants to know first.

use super::super::render::{Lexer, attempt, block, in_line, mentioned, short_function};
use super::super::report::{Frame, Kind, Place, Report, Shown, Variable};
use std::collections::HashSet;
use std::fmt::Write as _;

/// The most characters of a subject's message.
const SUBJECT: usize = 80;
/// The most bytes of an application's name or version, of a function's, of a thread's; and of a file's, with its folders.
const NAME: usize = 100;
const FILE: usize = 250;
/// The most causes: the first ones say what was tried, the last one why it failed.
const CAUSES: usize = 8;
/// The most values of the frame at fault, and entries of context.
const VALUES: usize = 8;
const ENTRIES: usize = 12;

/// How much of each text there is room for, in bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    message: usize,
    value: usize,
}

impl Room {
    pub(super) const MAIL: Self = Self { message: 2000, value: 200 };
    pub(super) const LINK: Self = Self { message: 300, value: 60 };
}

/// `shop 1.2.3 crashed: attempt to divide by zero`.
pub(super) fn subject(report: &Report) -> String {
    let message = report.message.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    format!("{} {}: {}", program(report), verb(report), beginning(message.trim(), SUBJECT))
}

/// The application as it introduced itself, or the program's file.
pub(in super::super) fn program(report: &Report) -> String {
    if let Some(app) = &report.app {
        let name = format!("{} {}", beginning(&app.name, NAME), beginning(&app.version, NAME));
        return name.trim().to_owned();
    }
    let file = report.process.executable.as_deref().and_then(|path| path.rsplit(['/', '\\']).next());
    file.filter(|file| !file.is_empty()).map_or_else(|| "a program".to_owned(), |file| beginning(file, NAME))
}

/// What it did.
pub(in super::super) fn verb(report: &Report) -> &'static str {
    match report.kind {
        Kind::Panic => "crashed",
        Kind::Error => "reports an error",
    }
}

/// All but what becomes of the report.
pub(super) fn summary(report: &Report, room: Room) -> String {
    let mut out = String::from("What were you doing when it happened?\n\n\n\n\n");
    out.push_str("------------------------------------------------------------------------\n");
    _ = write!(out, "{} {}:\n\n    ", program(report), verb(report));
    out.push_str(&text(&report.message, room.message));
    out.push_str("\n\n");
    facts(&mut out, report);
    causes(&mut out, report, room);
    fault(&mut out, report, room);
    context(&mut out, report, room);
    out
}

fn facts(out: &mut String, report: &Report) {
    let mut fact = |name: &str, value: &str| _ = writeln!(out, "{name:7} {value}");
    let thread = report.thread.name.as_deref().map_or_else(
        || format!("thread {}", beginning(&report.thread.id, NAME)),
        |name| format!("thread '{}'", beginning(name, NAME)),
    );
    match &report.place {
        Some(place) => fact("Where", &format!("{}, {thread}", shown_place(place))),
        None => fact("Where", &thread),
    }
    fact("When", &time(&report.time));
    let process = &report.process;
    let build = if process.debug { ", debug build" } else { "" };
    fact("System", &format!("{} {}{build}", beginning(&process.os, NAME), beginning(&process.arch, NAME)));
    if report.occurrences > 1 {
        let first = report.first_seen.as_deref().map(|first| format!(", first at {}", time(first)));
        fact("Seen", &format!("{} times{}", report.occurrences, first.unwrap_or_default()));
    }
    let [id, fingerprint] = [&report.id, &report.fingerprint].map(|text| beginning(text, NAME));
    fact("Report", &format!("{id}, fingerprint {fingerprint}"));
}

fn causes(out: &mut String, report: &Report, room: Room) {
    let causes = report.further_causes();
    if causes.is_empty() {
        return;
    }
    out.push_str("\nCaused by\n");
    let (first, last) = match causes.len() > CAUSES {
        true => (&causes[..CAUSES - 1], &causes[causes.len() - 1..]),
        false => (causes, &[][..]),
    };
    for (number, cause) in first.iter().enumerate() {
        _ = writeln!(out, "  {}. {}", number + 1, beginning(cause, room.value));
    }
    for cause in last {
        _ = writeln!(out, "  ...\n  {}. {}", causes.len(), beginning(cause, room.value));
    }
}

/// The innermost frame of the application's own; where nothing is known of its values, the nearest one that has some.
fn fault(out: &mut String, report: &Report, room: Room) {
    let Some(at_fault) = report.frame_at_fault() else { return };
    out.push_str("\nIn ");
    frame(out, at_fault, room);
    if telling(at_fault).is_empty()
        && let Some(nearest) = report.frames.iter().rfind(|frame| !telling(frame).is_empty())
    {
        out.push_str("\nNearest values, in ");
        frame(out, nearest, room);
    }
}

fn frame(out: &mut String, frame: &Frame, room: Room) {
    out.push_str(&beginning(short_function(frame), NAME));
    if let Some(place) = &frame.place {
        _ = write!(out, ", {}", shown_place(place));
    }
    out.push('\n');
    if let (Some(line), Some(place)) = (line_at_fault(frame), &frame.place) {
        _ = writeln!(out, "  > {} | {}", place.line, beginning(line.trim(), room.value));
    }
    if let Some(info) = &frame.attempt {
        _ = writeln!(out, "  {}", attempt(info));
    }
    for variable in telling(frame) {
        value(out, &variable.name, &variable.value, room);
    }
}

fn line_at_fault(frame: &Frame) -> Option<&str> {
    let (place, source) = (frame.place.as_ref()?, frame.source.as_ref()?);
    let line = usize::try_from(place.line.checked_sub(source.first_line)?).ok()?;
    source.lines.get(line).map(String::as_str)
}

/// The values that the line at fault speaks of, then the others, the last ones bound first; none that were not kept.
fn telling(frame: &Frame) -> Vec<&Variable> {
    let line = line_at_fault(frame).unwrap_or_default();
    let mut lexer = Lexer::default();
    let words: HashSet<_> = lexer.line(line).into_iter().flat_map(mentioned).collect();
    let kept = frame.variables.iter().filter(|variable| !matches!(variable.value, Shown::NotKept { .. }));
    let (spoken_of, others): (Vec<_>, Vec<_>) = kept.partition(|kept| words.contains(kept.name.as_str()));
    spoken_of.into_iter().chain(others.into_iter().rev()).take(VALUES).collect()
}

fn context(out: &mut String, report: &Report, room: Room) {
    if report.context.is_empty() {
        return;
    }
    out.push_str("\nContext\n");
    for entry in report.context.iter().take(ENTRIES) {
        value(out, &entry.name, &entry.value, room);
    }
    if report.context.len() > ENTRIES {
        _ = writeln!(out, "  ... {} more", report.context.len() - ENTRIES);
    }
}

/// `  name = value`, in one line.
fn value(out: &mut String, name: &str, value: &Shown, room: Room) {
    let shown = match value {
        Shown::Value { text, cut: false } => beginning(text, room.value),
        Shown::Value { text, cut: true } => beginning(&format!("{text}..."), room.value),
        Shown::Redacted => "<redacted>".to_owned(),
        Shown::NotKept { .. } => "<not kept>".to_owned(),
        Shown::Failed { why, .. } => format!("<{}>", beginning(why, room.value)),
    };
    _ = writeln!(out, "  {} = {shown}", beginning(name, NAME));
}

/// That the report comes with the mail.
pub(super) fn attached(report: &Report, json: &str, page: &str) -> String {
    let page = format!("  {page}\n  {json} (for programs)\n");
    let notes = match report.notes.len() {
        0 => "",
        _ => "The report has notes on what could not be found out.\n",
    };
    format!(
        "\
------------------------------------------------------------------------
The whole report is attached:
{page}{notes}It holds values and names of files that the program was working with. What looks
like a password, a key or another secret was taken out, as far as it could be
recognised. Please look at it before you send it.
"
    )
}

fn shown_place(place: &Place) -> String {
    let column = place.column.map(|column| format!(":{column}"));
    format!("{}:{}{}", beginning(&place.file, FILE), place.line, column.unwrap_or_default())
}

/// To the second, as people write it.
fn time(rfc3339: &str) -> String {
    match humantime::parse_rfc3339(rfc3339) {
        Ok(time) => {
            humantime::format_rfc3339_seconds(time).to_string().replace('T', " ").replace('Z', " UTC")
        }
        Err(_) => beginning(rfc3339, NAME),
    }
}

/// In one line, and of more than so many bytes the beginning.
pub(in super::super) fn beginning(text: &str, room: usize) -> String {
    cut(text, room, |text| in_line(text).into_owned())
}

/// In lines, and of more than so many bytes the beginning.
fn text(text: &str, room: usize) -> String {
    cut(text, room, |text| block(text, 4))
}

/// Cut before it is made harmless: a hundred megabytes are not looked at for the sake of their first line.
fn cut(text: &str, room: usize, harmless: impl Fn(&str) -> String) -> String {
    match text.get(..text.floor_char_boundary(room)) {
        Some(kept) if kept.len() < text.len() => harmless(kept) + "...",
        _ => harmless(text),
    }
}
