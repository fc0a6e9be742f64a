//! Which values are secrets, by their names and by the look of what stands in a text.
//!
//! A text is looked at twice. First as what `{:?}` writes: the value of a secret's name is replaced whatever it is, in
//! structs, maps, pairs and JSON, and texts in quotes are looked into without their escapes. Then as text for people:
//! `password=..`, URLs, headers, keys that are known by their look. A text may be cut off anywhere: what could be the
//! beginning of a secret at its end is taken for one.

mod free_text;
mod names;
mod shapes;

use self::free_text::{Part, Seen};
use super::report::{Report, Shown, Variable};
use super::value::{Edit, Entry, Shape, Unescaped, Value, replaced};

/// What stands in the place of a secret.
pub(crate) const REDACTED: &str = "<redacted>";
/// What stands in the place of what is nested too deep to be looked into.
const UNREAD: &str = "<nested too deep>";
/// Texts in texts in texts: JSON that quotes JSON. Deeper ones are looked at as text for people alone.
const MAX_QUOTED: usize = 5;
/// A longer text in quotes is no name.
const MAX_NAME: usize = 64;

/// Which names are secrets.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {
    /// Beside those that everybody means; as part of a longer name too.
    pub(crate) also: Vec<String>,
    /// Not to be taken for secrets; whole names only, so that `token` does not allow `access_token`.
    pub(crate) allowed: Vec<String>,
}

impl Rules {
    /// Whether a variable, field or key of this name is a secret.
    pub(crate) fn is_secret(&self, name: &str) -> bool {
        !self.is_allowed(name) && (names::is_secret(name) || self.is_also_secret(name))
    }

    /// What a `Debug` or a message wrote, without the secrets in it. It may have been cut off.
    pub(crate) fn scrub(&self, text: &str) -> String {
        self.scrub_text(text, true)
    }

    /// A value that has a name.
    pub(crate) fn scrub_shown(&self, name: &str, shown: &mut Shown) {
        match shown {
            Shown::Value { .. } | Shown::Failed { .. } if self.is_secret(name) => *shown = Shown::Redacted,
            Shown::Value { text, cut } => *text = self.scrub_text(text, *cut),
            Shown::Failed { why, text } => {
                *why = self.scrub(why);
                *text = self.scrub(text);
            }
            Shown::Redacted | Shown::NotKept { .. } => {}
        }
    }

    /// A variable that its function did not allow: its name, its type, and what is in its value.
    pub(crate) fn scrub_variable(&self, variable: &mut Variable) {
        let type_name = variable.type_name.trim_start_matches('&').trim_start_matches("mut ");
        if self.is_secret_type(type_name, false) && !matches!(variable.value, Shown::NotKept { .. }) {
            variable.value = Shown::Redacted;
        }
        self.scrub_shown(&variable.name, &mut variable.value);
    }

    /// All that is text in a report, except the values of variables, which are scrubbed where they are taken: only
    /// there is it known which of them are allowed; and except what happened before, which is scrubbed there, too.
    /// Lines of source code stay as they are.
    pub(crate) fn scrub_report(&self, report: &mut Report) {
        let scrub = |text: &mut String| *text = self.scrub(text);
        scrub(&mut report.message);
        report.thread.name.iter_mut().for_each(scrub);
        report.causes.iter_mut().for_each(scrub);
        report.notes.iter_mut().for_each(scrub);
        for entry in &mut report.context {
            self.scrub_shown(&entry.name, &mut entry.value);
            scrub(&mut entry.name);
        }
        for frame in &mut report.frames {
            frame.attempt.iter_mut().flat_map(|attempt| &mut attempt.earlier).for_each(scrub);
            for variable in &mut frame.variables {
                if let Shown::Failed { why, .. } = &mut variable.value {
                    scrub(why);
                }
            }
        }
    }

    fn scrub_text(&self, text: &str, cut: bool) -> String {
        replaced(text, &self.edits(text, cut, 0))
    }

    fn is_allowed(&self, name: &str) -> bool {
        let name = names::folded(name);
        self.allowed.iter().any(|allowed| names::folded(allowed) == name)
    }

    fn is_also_secret(&self, name: &str) -> bool {
        let words = names::words(name);
        let folded = names::folded(name);
        self.also
            .iter()
            .any(|also| names::folded(also) == folded || names::holds(&words, &names::words(also)))
    }

    /// Whether two words of a sentence are the name of a secret together.
    fn is_secret_phrase(&self, pair: &str) -> bool {
        !self.is_allowed(pair) && (names::is_phrase(pair) || self.is_also_secret(pair))
    }

    fn is_secret_type(&self, name: &str, around_text: bool) -> bool {
        !name.is_empty() && !self.is_allowed(name) && names::is_secret_type(name, around_text)
    }

    /// In order and apart. `cut`: whether the text may have lost its end.
    fn edits(&self, text: &str, cut: bool, quoted: usize) -> Vec<Edit> {
        let mut walk =
            Walk { rules: self, cut, quoted, edits: Vec::new(), seen: Vec::new(), in_doubt: false };
        if quoted <= MAX_QUOTED {
            walk.visit(text, &Value::parse(text), false);
        }
        let Walk { mut edits, mut seen, in_doubt, .. } = walk;
        if in_doubt {
            seen.retain(|seen| seen.part == Part::Replaced);
        }
        seen.sort_by_key(|seen| seen.start);
        edits.extend(free_text::edits(self, text, &seen, cut));
        united(edits)
    }
}

/// In order, and those that overlap as one.
fn united(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort_by_key(|edit| (edit.start, edit.end));
    let mut united: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits {
        match united.last_mut() {
            Some(last) if edit.start < last.end => last.end = last.end.max(edit.end),
            _ => united.push(edit),
        }
    }
    united
}

/// Through what `{:?}` wrote.
struct Walk<'r> {
    rules: &'r Rules,
    cut: bool,
    /// How many texts in quotes are around this one.
    quoted: usize,
    edits: Vec<Edit>,
    seen: Vec<Seen>,
    /// Whether a quote may have been taken for the end of a text that is its beginning.
    in_doubt: bool,
}

impl Walk<'_> {
    fn visit(&mut self, whole: &str, value: &Value<'_>, in_list: bool) {
        match &value.shape {
            Shape::Atom => {}
            Shape::Text { inner } => self.look_into(whole, value, inner),
            Shape::Unread => self.replace(value.start, value.end(), UNREAD),
            Shape::Mixed { parts: items } | Shape::Set { items } => {
                for item in items {
                    self.visit(whole, item, false);
                }
            }
            Shape::Struct { name, entries } if self.rules.is_secret_type(name, false) => {
                self.redact_from_to(entries.first().map(|first| &first.key), entries.last().map(last_part));
            }
            Shape::Struct { entries, .. } | Shape::Map { entries } => self.entries(whole, entries),
            Shape::Tuple { name, items } => {
                let around_text = matches!(items.as_slice(), [Value { shape: Shape::Text { .. }, .. }]);
                if self.rules.is_secret_type(name, around_text) {
                    self.redact_from_to(items.first(), items.last());
                } else {
                    self.row(whole, items, true);
                }
            }
            Shape::List { items } => self.row(whole, items, in_list && items.len() == 2),
        }
    }

    /// `("password", "hunter2")`, also as `["password", "hunter2"]` in a list of such; `["--password", "hunter2"]`.
    fn row(&mut self, whole: &str, items: &[Value<'_>], may_be_pair: bool) {
        // `("invalid token", 5)` is a sentence, and no pair.
        let names_a_secret = |item: &Value<'_>| {
            let name = name_of(item);
            let is_name = !name.contains(char::is_whitespace) && self.rules.is_secret(&name);
            is_name || self.rules.is_secret_phrase(&name)
        };
        if let [first, second, ..] = items
            && may_be_pair
            && !matches!(first.shape, Shape::Atom)
            && names_a_secret(first)
        {
            self.redact_from_to(Some(second), items.last());
            return;
        }
        let mut after_option = false;
        for item in items {
            let name = name_of(item);
            let is_option = is_text(item) && name.starts_with('-');
            if after_option && !is_option {
                self.redact_from_to(Some(item), Some(item));
            } else {
                self.visit(whole, item, true);
            }
            let option =
                name.strip_prefix("--").filter(|option| !option.contains(['=', ' ', '\n']) && is_option);
            after_option = option.is_some_and(|option| self.rules.is_secret(option));
        }
    }

    fn entries(&mut self, whole: &str, entries: &[Entry<'_>]) {
        let named_by_entry = entries.iter().any(|entry| {
            let says_name =
                matches!(name_of(&entry.key).as_str(), "name" | "key" | "header" | "field" | "param" | "k");
            let value = entry.value.as_ref().filter(|_| says_name);
            value.is_some_and(|value| self.rules.is_secret(&name_of(value)))
        });
        let mut after_secret = false;
        for Entry { key, value } in entries {
            let name = name_of(key);
            let secret = self.rules.is_secret(&name)
                || named_by_entry
                    && matches!(name.as_str(), "value" | "val" | "values" | "v" | "data" | "content");
            match value {
                Some(value) if secret => {
                    self.mark_name(key);
                    self.redact_from_to(Some(value), Some(value));
                }
                Some(value) => {
                    self.visit(whole, key, false);
                    self.visit(whole, value, false);
                }
                // What a value that is written without quotes has behind a comma.
                None if after_secret && key.text != ".." => self.redact_from_to(Some(key), Some(key)),
                None => self.visit(whole, key, false),
            }
            after_secret = secret && value.is_some() || after_secret && value.is_none();
        }
    }

    fn look_into(&mut self, whole: &str, value: &Value<'_>, inner: &str) {
        let unescaped = Unescaped::new(inner);
        let closed = value.text.len() == inner.len() + 2;
        let start = value.start + 1;
        for edit in self.rules.edits(&unescaped.text, self.cut && !closed, self.quoted + 1) {
            let origin = |at| start + unescaped.origin(at);
            self.edits.push(Edit { start: origin(edit.start), end: origin(edit.end), with: edit.with });
        }
        self.in_doubt |= whole.as_bytes().get(value.end()).is_some_and(u8::is_ascii_alphanumeric);
        self.mark_name(value);
    }

    /// So that it is not looked at as text for people, except for what it names.
    fn mark_name(&mut self, value: &Value<'_>) {
        if is_text(value) {
            let secret = value.text.len() <= MAX_NAME && self.rules.is_secret(&name_of(value));
            let part = if secret { Part::SecretName } else { Part::Text };
            self.seen.push(Seen { start: value.start, end: value.end(), part });
        }
    }

    fn redact_from_to(&mut self, first: Option<&Value<'_>>, last: Option<&Value<'_>>) {
        if let (Some(first), Some(last)) = (first, last) {
            self.replace(first.start, last.end(), REDACTED);
        }
    }

    fn replace(&mut self, start: usize, end: usize, with: &'static str) {
        if start < end {
            self.edits.push(Edit { start, end, with });
            self.seen.push(Seen { start, end, part: Part::Replaced });
        }
    }
}

fn last_part<'v, 'a>(entry: &'v Entry<'a>) -> &'v Value<'a> {
    entry.value.as_ref().unwrap_or(&entry.key)
}

fn is_text(value: &Value<'_>) -> bool {
    matches!(value.shape, Shape::Text { .. })
}

/// What a key or the first of a pair says: `"password"`, `'password'`, `HeaderName("password")`, `password`.
fn name_of(value: &Value<'_>) -> String {
    match &value.shape {
        Shape::Text { inner } => Unescaped::new(inner).text,
        Shape::Tuple { items, .. } => match items.as_slice() {
            [Value { shape: Shape::Text { inner }, .. }] => Unescaped::new(inner).text,
            _ => String::new(),
        },
        Shape::Atom => value.text.trim_matches(['\'', '`']).trim_start_matches("r#").to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests;
