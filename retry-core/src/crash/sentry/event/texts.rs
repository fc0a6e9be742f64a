//! Texts as Sentry takes them: without control characters, and not longer than it keeps them.

use super::super::super::bounded::beginning;
use super::marks::{Marked, Marks, cut_text};
use std::borrow::Cow;
use std::collections::HashMap;

/// Stands at the end of a text that is cut.
pub(super) const ELLIPSIS: &str = "...";

/// Without control characters but for ends of lines and tabs: databases refuse some of them, and nobody sees them.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    let is_hostile = |letter: char| letter.is_control() && letter != '\n' && letter != '\t';
    if !text.contains(is_hostile) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match is_hostile(letter) {
            true => out.extend(letter.escape_default()),
            false => out.push(letter),
        }
    }
    Cow::Owned(out)
}

/// So many characters of a text at most, with a mark where there were more.
pub(super) fn clipped(text: &str, characters: usize) -> Marked<String> {
    let read = clean(start(text, characters));
    if read.chars().nth(characters).is_none() {
        return Marked { value: read.into_owned(), marks: Marks::new() };
    }
    let kept = read.char_indices().nth(characters.saturating_sub(ELLIPSIS.len()));
    let kept = read.get(..kept.map_or(0, |(at, _)| at)).unwrap_or_default();
    let marks = cut_text(kept.len(), Some(text.chars().count()));
    Marked { value: format!("{kept}{ELLIPSIS}"), marks }
}

/// The same in one line, where no mark can be set.
pub(super) fn clipped_line(text: &str, characters: usize) -> String {
    clipped(&start(text, characters).replace("\r\n", " ").replace(['\r', '\n'], " "), characters).value
}

/// Enough of a text to see whether it is longer.
fn start(text: &str, characters: usize) -> &str {
    beginning(text, (characters + 1) * 4)
}

/// Keys of one object: none empty, none too long, none twice.
#[derive(Debug, Default)]
pub(super) struct Keys(HashMap<String, usize>);

/// Characters of a key.
const LONGEST_KEY: usize = 100;

impl Keys {
    /// The key, if it is the first of its name, or else `key (again)`, `key (again 2)`.
    pub(super) fn add(&mut self, key: &str, again: &str) -> String {
        let key = match clipped_line(key, LONGEST_KEY) {
            // A mark's own key is the empty one.
            empty if empty.is_empty() => "\"\"".to_owned(),
            key => key,
        };
        loop {
            let count = self.0.entry(key.clone()).or_default();
            *count += 1;
            let named = match *count {
                1 => return key,
                2 => format!("{key} ({again})"),
                count => format!("{key} ({again} {})", count - 1),
            };
            if !self.0.contains_key(&named) {
                self.0.insert(named.clone(), 1);
                return named;
            }
        }
    }
}
