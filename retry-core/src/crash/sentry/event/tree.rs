//! What `Debug` wrote as a tree of what JSON knows. Sentry's server replaces a whole text in which it sees a secret's name,
//! and its page folds and unfolds parts: so values are sent in parts.

use super::super::super::bounded::beginning;
use super::super::super::redact::REDACTED;
use super::super::super::report::Shown;
use super::super::super::value::{Entry, Shape, Unescaped, Value};
use super::texts::{Keys, clean, clipped_line};
use serde_json::{Number, Value as Json};

/// Bytes of a value that are looked at: more would not fit in any case.
const LOOKED_AT: usize = 16 << 10;
/// The name of a struct or a variant, where the variable's type does not say it.
pub(super) const TYPE: &str = "$type";
/// Numbers that are larger are not exact where a browser reads them.
const EXACT: u64 = 1 << 53;

/// A value in parts.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tree {
    /// A number, true, false or null.
    Plain(Json),
    /// A text, or what has no parts.
    Text {
        text: String,
        length: Length,
    },
    /// A secret.
    Filtered,
    List {
        items: Vec<Tree>,
        length: Length,
    },
    Object {
        entries: Vec<(String, Tree)>,
        length: Length,
    },
}

/// Whether a value is there with all its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    All,
    /// There were more.
    More,
    /// There were so many.
    Of(usize),
}

impl Tree {
    /// A text as it is.
    pub(super) fn text(text: &str) -> Self {
        let looked_at = beginning(text, LOOKED_AT);
        let is_whole = looked_at.len() == text.len();
        let length = if is_whole { Length::All } else { Length::Of(text.chars().count()) };
        Self::Text { text: clean(looked_at).into_owned(), length }
    }

    pub(super) fn count(count: u64) -> Self {
        match count <= EXACT {
            true => Self::Plain(count.into()),
            false => Self::text(&count.to_string()),
        }
    }

    /// An object with these parts.
    pub(super) fn object<'a>(entries: impl IntoIterator<Item = (&'a str, Tree)>) -> Self {
        let mut keys = Keys::default();
        let entries = entries.into_iter().map(|(key, tree)| (keys.add(key, "again"), tree)).collect();
        Self::Object { entries, length: Length::All }
    }

    /// A value of this type, with at most so many objects and lists around one another.
    pub(super) fn shown(shown: &Shown, type_name: &str, levels: usize) -> Self {
        match shown {
            Shown::Value { text, cut } => Self::of(text, *cut, type_name, levels),
            Shown::Redacted => Self::Filtered,
            Shown::NotKept { .. } => Self::text(&format!("<{}>", clipped_line(type_name, 200))),
            Shown::Failed { why, text } => {
                Self::text(&format!("{}<{}>", beginning(text, LOOKED_AT), clipped_line(why, 500)))
            }
        }
    }

    /// What `Debug` wrote.
    fn of(text: &str, cut: bool, type_name: &str, levels: usize) -> Self {
        let looked_at = beginning(text, LOOKED_AT);
        let end = (cut || looked_at.len() < text.len()).then_some(looked_at.len());
        let mut tree = Reader { end, type_name }.tree(&Value::parse(looked_at), levels);
        if end.is_some() {
            tree.lacks_parts();
        }
        tree
    }

    fn lacks_parts(&mut self) {
        let (Self::Text { length, .. } | Self::List { length, .. } | Self::Object { length, .. }) = self
        else {
            return;
        };
        if *length == Length::All {
            *length = Length::More;
        }
    }
}

struct Reader<'a> {
    /// Where the text was cut off.
    end: Option<usize>,
    type_name: &'a str,
}

impl Reader<'_> {
    fn tree(&self, value: &Value<'_>, levels: usize) -> Tree {
        match &value.shape {
            Shape::Atom => self.atom(value),
            Shape::Text { inner } => self.quoted(value, inner),
            Shape::Unread => self.as_it_is(value),
            Shape::Mixed { parts } => self.mixed(value, parts, levels),
            Shape::Tuple { name, items } => match items.as_slice() {
                [] => self.as_it_is(value),
                [item] if *name == "Some" || self.is_known(name) => self.tree(item, levels),
                _ if levels == 0 => self.as_it_is(value),
                items if name.is_empty() || self.is_known(name) => self.list(value, items, levels),
                [item] => Tree::object([(*name, self.tree(item, levels - 1))]),
                _ if levels == 1 => self.as_it_is(value),
                items => Tree::object([(*name, self.list(value, items, levels - 1))]),
            },
            _ if levels == 0 => self.as_it_is(value),
            Shape::List { items } | Shape::Set { items } => self.list(value, items, levels),
            Shape::Map { entries } => self.object(value, "", entries, levels),
            Shape::Struct { name, entries } => self.object(value, name, entries, levels),
        }
    }

    fn atom(&self, value: &Value<'_>) -> Tree {
        match value.text {
            _ if self.ends_in(value) => self.as_it_is(value),
            "true" => Tree::Plain(Json::Bool(true)),
            "false" => Tree::Plain(Json::Bool(false)),
            "None" => Tree::Plain(Json::Null),
            REDACTED => Tree::Filtered,
            text => match number(text) {
                Some(number) => Tree::Plain(Json::Number(number)),
                None => self.as_it_is(value),
            },
        }
    }

    fn quoted(&self, value: &Value<'_>, inner: &str) -> Tree {
        let is_closed = value.text.len() == inner.len() + 2;
        match Unescaped::new(inner).text {
            text if text == REDACTED => Tree::Filtered,
            text => Tree::Text {
                text: clean(&text).into_owned(),
                length: if self.ends_in(value) && !is_closed { Length::More } else { Length::All },
            },
        }
    }

    fn as_it_is(&self, value: &Value<'_>) -> Tree {
        let length = if self.ends_in(value) { Length::More } else { Length::All };
        Tree::Text { text: clean(value.text).into_owned(), length }
    }

    /// Text with values in it, or what was cut when it was captured: `[1, 2, ...] (300 items)`, `"ab"... (300 bytes)`.
    fn mixed(&self, value: &Value<'_>, parts: &[Value<'_>], levels: usize) -> Tree {
        let (first, count) = match parts {
            [first, count] => (first, count_of(count, " items")),
            [first, dots, count] if dots.text == "..." => (first, count_of(count, " bytes")),
            _ => return self.as_it_is(value),
        };
        let Some(count) = count else { return self.as_it_is(value) };
        let mut tree = self.tree(first, levels);
        if let Tree::Text { length, .. } | Tree::List { length, .. } | Tree::Object { length, .. } = &mut tree
        {
            *length = Length::Of(count);
        }
        tree
    }

    fn list(&self, value: &Value<'_>, items: &[Value<'_>], levels: usize) -> Tree {
        let (items, length) = match items {
            [items @ .., last] if last.text == "..." => (items, Length::More),
            items => (items, self.length(value, items.last())),
        };
        Tree::List { items: items.iter().map(|item| self.tree(item, levels - 1)).collect(), length }
    }

    fn object(&self, value: &Value<'_>, name: &str, entries: &[Entry<'_>], levels: usize) -> Tree {
        let last = entries.last().map(|entry| entry.value.as_ref().unwrap_or(&entry.key));
        let mut length = self.length(value, last);
        let mut keys = Keys::default();
        let mut parts = Vec::with_capacity(entries.len() + 1);
        if !name.is_empty() && !self.is_known(name) {
            parts.push((keys.add(TYPE, "again"), Tree::text(name)));
        }
        for Entry { key, value } in entries {
            match value {
                Some(value) => parts.push((keys.add(&name_of(key), "again"), self.tree(value, levels - 1))),
                // How `Debug` says that there are other fields, and how it was cut.
                None if key.text == ".." => {}
                None if key.text == "..." => length = Length::More,
                None => parts.push((keys.add(&name_of(key), "again"), Tree::text(""))),
            }
        }
        Tree::Object { entries: parts, length }
    }

    fn length(&self, value: &Value<'_>, last: Option<&Value<'_>>) -> Length {
        let is_closed =
            value.text.ends_with([')', ']', '}']) && last.is_none_or(|last| last.end() < value.end());
        if self.ends_in(value) && !is_closed { Length::More } else { Length::All }
    }

    /// Whether it goes on where the text was cut off.
    fn ends_in(&self, value: &Value<'_>) -> bool {
        self.end == Some(value.end())
    }

    /// Whether the variable's type says this name.
    fn is_known(&self, name: &str) -> bool {
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
        !name.is_empty() && self.type_name.split(|letter| !is_part(letter)).any(|part| part == name)
    }
}

fn count_of(value: &Value<'_>, unit: &str) -> Option<usize> {
    match &value.shape {
        Shape::Tuple { name: "", items } => match items.as_slice() {
            [count] => count.text.strip_suffix(unit)?.parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

fn name_of(key: &Value<'_>) -> String {
    match &key.shape {
        Shape::Text { inner } => Unescaped::new(inner).text,
        _ => key.text.to_owned(),
    }
}

/// A number that is the same number wherever the JSON is read.
fn number(text: &str) -> Option<Number> {
    if !text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
        return None;
    }
    if let Ok(whole) = text.parse::<i64>() {
        return (whole.unsigned_abs() <= EXACT && whole.to_string() == text).then(|| whole.into());
    }
    // With an exponent it is not known how long the server writes it.
    let number =
        text.parse().ok().filter(|number: &f64| format!("{number:?}") == text && !text.contains('e'))?;
    Number::from_f64(number)
}
