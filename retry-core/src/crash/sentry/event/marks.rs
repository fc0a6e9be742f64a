//! `_meta`: what Sentry is told of values that are not as they were. It is a tree like the event, with the mark of each
//! value under an empty key.

use super::texts::ELLIPSIS;
use serde_json::{Map, Value, json};

/// The marks of a value and of what is in it.
pub(super) type Marks = Map<String, Value>;

/// What stands in the place of a secret: Sentry's own word for it.
pub(super) const FILTERED: &str = "[Filtered]";

/// A value with its marks.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Marked<T> {
    pub(super) value: T,
    pub(super) marks: Marks,
}

impl<T> Marked<T> {
    /// The value alone; its marks go under the key.
    pub(super) fn noted(self, all: &mut Marks, key: &str) -> T {
        note(all, key, self.marks);
        self.value
    }
}

/// Puts marks under a key, if there are any.
pub(super) fn note(all: &mut Marks, key: &str, marks: Marks) {
    if !marks.is_empty() {
        all.insert(key.to_owned(), Value::Object(marks));
    }
}

fn mark(of_it: Value) -> Marks {
    Map::from_iter([(String::new(), of_it)])
}

/// Of a text that ends with three dots since so many bytes; it had so many characters.
pub(super) fn cut_text(kept: usize, length: Option<usize>) -> Marks {
    let remark = json!([["!limit", "s", kept, kept + ELLIPSIS.len()]]);
    match length {
        Some(length) => mark(json!({ "rem": remark, "len": length })),
        None => mark(json!({ "rem": remark })),
    }
}

/// Of a list or an object that had so many parts.
pub(super) fn cut_parts(length: usize) -> Marks {
    mark(json!({ "len": length }))
}

/// Of a list or an object that had more parts than are known.
pub(super) fn cut_somewhere() -> Marks {
    mark(json!({ "rem": [["!limit", "x"]] }))
}

/// Of a secret.
pub(super) fn filtered() -> Marks {
    mark(json!({ "rem": [["!config", "s"]] }))
}
