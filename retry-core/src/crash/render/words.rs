//! How functions, types and texts are written for people, whatever the rendering.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::super::report::{AttemptInfo, Frame, Place, Report, Shown};

/// The application's own functions without their modules, which their places tell: `Order::total`.
pub(crate) fn short_function(frame: &Frame) -> &str {
    let function = frame.function.as_str();
    let place_tells = frame.place.is_some() && frame.is_own();
    if place_tells { without_modules(function) } else { function }
}

/// `Order::total` of `shop::orders::Order::total`.
pub(crate) fn without_modules(function: &str) -> &str {
    if function.starts_with(['<', '{']) {
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
pub(crate) fn short_type(type_name: &str) -> String {
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

/// `src/main.rs:82:5`
pub(super) fn place(place: &Place, with_column: bool) -> String {
    let column = place.column.filter(|_| with_column).map(|column| format!(":{column}"));
    format!("{}:{}{}", in_line(&place.file), place.line, column.unwrap_or_default())
}

/// `attempt 3 of 5`
pub(crate) fn attempt(attempt: &AttemptInfo) -> String {
    let max = attempt.max.map(|max| format!(" of {max}"));
    format!("attempt {}{}", attempt.number, max.unwrap_or_default())
}

/// When something happened before a crash: the time of the day, if it was on the same.
pub(super) fn time_before<'a>(time: &'a str, report: &Report) -> &'a str {
    match (time.split_once('T'), report.time.split_once('T')) {
        (Some((day, time)), Some((today, _))) if day == today => time.trim_end_matches('Z'),
        _ => time,
    }
}

/// A value in words alone.
pub(super) fn value(value: &Shown) -> String {
    match value {
        Shown::Value { text, cut } => format!("{text}{}", if *cut { "..." } else { "" }),
        Shown::Redacted => "<redacted>".to_owned(),
        Shown::NotKept { .. } => "<not kept>".to_owned(),
        Shown::Failed { why, text } => format!("{text}<{why}>"),
    }
}

/// `seen 4 times, first at ..`, if it was more than once.
pub(super) fn seen(report: &Report) -> Option<String> {
    let first = report.first_seen.as_ref().map(|first| format!(", first at {}", in_line(first)));
    (report.occurrences > 1)
        .then(|| format!("seen {} times{}", report.occurrences, first.unwrap_or_default()))
}

/// Text in one line, without what a terminal would obey.
pub(crate) fn in_line(text: &str) -> Cow<'_, str> {
    neutral(text, |letter| letter == '\n')
}

/// The same in as many lines as it has.
pub(crate) fn in_lines(text: &str) -> String {
    neutral(&text.replace("\r\n", "\n"), |_| false).into_owned()
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

/// As a part of a link.
pub(super) fn encoded(text: &str) -> String {
    const KEPT: AsciiSet =
        NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b':');
    utf8_percent_encode(text, &KEPT).to_string()
}
