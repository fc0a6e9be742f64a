//! What of a value fits. Sentry's server keeps so many bytes of all values of a frame, in the order of their names, and
//! deletes what comes behind: so we cut before it does, and choose what.
//!
//! Its count, as `sentry-relay` was seen to do it: a text is its bytes and three, a number or a word its characters and one,
//! a list or an object three and its parts; keys are nothing.

use super::marks::{FILTERED, Marked, Marks, cut_parts, cut_somewhere, cut_text, filtered, note};
use super::texts::ELLIPSIS;
use super::tree::{Length, Tree};
use serde_json::{Map, Value as Json};

/// What is smaller is not worth being cut: it is left out.
const WORTH_CUTTING: usize = 40;
const AROUND_TEXT: usize = 3;
const AROUND_PARTS: usize = 3;

/// A value as far as it fits, and what that counts.
#[derive(Debug)]
pub(super) struct Fitted {
    pub(super) marked: Marked<Json>,
    pub(super) cost: usize,
}

/// Named values of an object as far as they fit together.
#[derive(Debug, Default)]
pub(super) struct FittedParts {
    pub(super) values: Map<String, Json>,
    /// Of the parts that are there.
    pub(super) marks: Marks,
    pub(super) cost: usize,
    pub(super) left_out: usize,
}

impl Tree {
    /// What all of it counts.
    pub(super) fn cost(&self) -> usize {
        match self {
            Self::Plain(Json::Null) => "null".len() + 1,
            Self::Plain(json) => json.to_string().len() + 1,
            Self::Text { text, length: Length::All } => text.len() + AROUND_TEXT,
            Self::Text { text, .. } => text.len() + ELLIPSIS.len() + AROUND_TEXT,
            Self::Filtered => FILTERED.len() + AROUND_TEXT,
            Self::List { items, .. } => AROUND_PARTS + items.iter().map(Self::cost).sum::<usize>(),
            Self::Object { entries, .. } => {
                AROUND_PARTS + entries.iter().map(|(_, part)| part.cost()).sum::<usize>()
            }
        }
    }

    /// As much of it as counts no more than the room.
    pub(super) fn fit(self, room: usize) -> Fitted {
        match self {
            Self::Plain(json) => {
                let cost = json.to_string().len() + 1;
                Fitted { marked: Marked { value: json, marks: Marks::new() }, cost }
            }
            Self::Filtered => Fitted {
                marked: Marked { value: Json::from(FILTERED), marks: filtered() },
                cost: FILTERED.len() + AROUND_TEXT,
            },
            Self::Text { text, length } => fit_text(text, length, room),
            Self::List { items, length } => fit_list(items, length, room),
            Self::Object { entries, length } => fit_object(entries, length, room),
        }
    }
}

fn fit_text(text: String, length: Length, room: usize) -> Fitted {
    let inside = room.saturating_sub(AROUND_TEXT);
    if length == Length::All && text.len() <= inside {
        let cost = text.len() + AROUND_TEXT;
        return Fitted { marked: Marked { value: Json::String(text), marks: Marks::new() }, cost };
    }
    let kept = text.floor_char_boundary(inside.saturating_sub(ELLIPSIS.len()));
    let length = match length {
        Length::All => Some(text.chars().count()),
        Length::More => None,
        Length::Of(length) => Some(length),
    };
    let mut text = text;
    text.truncate(kept);
    text.push_str(ELLIPSIS);
    let cost = text.len() + AROUND_TEXT;
    Fitted { marked: Marked { value: Json::String(text), marks: cut_text(kept, length) }, cost }
}

/// The first items: a reader counts from the beginning. None of them takes all the room from those behind it.
fn fit_list(items: Vec<Tree>, length: Length, room: usize) -> Fitted {
    let count = items.len();
    let mut cost = AROUND_PARTS;
    let mut marks = Marks::new();
    let mut values = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        let left = room.saturating_sub(cost);
        let whole = item.cost();
        let is_last = index + 1 == count;
        let share = if is_last || whole <= WORTH_CUTTING { left } else { left.div_ceil(2) };
        if whole > share && share < WORTH_CUTTING {
            break;
        }
        let fitted = item.fit(share);
        cost += fitted.cost;
        values.push(fitted.marked.noted(&mut marks, &index.to_string()));
    }
    marks.extend(own_marks(length, count, count - values.len()));
    Fitted { marked: Marked { value: Json::Array(values), marks }, cost }
}

fn fit_object(entries: Vec<(String, Tree)>, length: Length, room: usize) -> Fitted {
    let count = entries.len();
    let mut parts = fit_parts(entries, |_, cost| cost, room.saturating_sub(AROUND_PARTS));
    parts.marks.extend(own_marks(length, count, parts.left_out));
    let marked = Marked { value: Json::Object(parts.values), marks: parts.marks };
    Fitted { marked, cost: parts.cost + AROUND_PARTS }
}

/// Those that count least, whole; the others share what is left; where that is too little, the largest are left out.
pub(super) fn fit_parts<K: Ord>(
    parts: Vec<(String, Tree)>,
    rank: impl Fn(&str, usize) -> K,
    room: usize,
) -> FittedParts {
    let mut ranked: Vec<(K, usize, String, Tree)> = parts
        .into_iter()
        .map(|(name, part)| {
            let cost = part.cost();
            (rank(&name, cost), cost, name, part)
        })
        .collect();
    ranked.sort_by(|one, other| one.0.cmp(&other.0));
    let all = ranked.len();
    let mut kept = all;
    let mut fitted = FittedParts::default();
    for (index, (_, cost, name, part)) in ranked.into_iter().enumerate() {
        let left = room.saturating_sub(fitted.cost);
        while index < kept && cost > left / (kept - index) && left / (kept - index) < WORTH_CUTTING {
            kept -= 1;
        }
        if index >= kept {
            break;
        }
        let part = part.fit(left / (kept - index));
        fitted.cost += part.cost;
        let value = part.marked.noted(&mut fitted.marks, &name);
        fitted.values.insert(name, value);
    }
    fitted.left_out = all - fitted.values.len();
    fitted
}

/// Of a list or an object of which not all parts are there.
fn own_marks(length: Length, known: usize, left_out: usize) -> Marks {
    match length {
        Length::Of(length) => cut_parts(length),
        Length::More => cut_somewhere(),
        Length::All if left_out > 0 => cut_parts(known),
        Length::All => Marks::new(),
    }
}

/// The marks of parts that were fitted, and of those that were left out.
pub(super) fn note_parts(all: &mut Marks, key: &str, parts: &mut FittedParts) {
    let mut marks = std::mem::take(&mut parts.marks);
    marks.extend(own_marks(Length::All, parts.values.len() + parts.left_out, parts.left_out));
    note(all, key, marks);
}
