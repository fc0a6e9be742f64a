//! A value in several lines, as `{:#?}` would write it, from the line that `{:?}` wrote.

use super::super::super::value::{Entry, Shape, Value};

/// What is not longer stays in one line.
const IN_ONE_LINE: usize = 48;
const INDENT: &str = "    ";

/// The text, broken into lines where it is long; as it was, where it has lines already.
pub(super) fn pretty(text: &str) -> String {
    if text.contains('\n') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() * 2);
    write(&Value::parse(text), 0, &mut out);
    out
}

fn write(value: &Value<'_>, depth: usize, out: &mut String) {
    if value.text.len() <= IN_ONE_LINE {
        out.push_str(value.text);
        return;
    }
    match &value.shape {
        Shape::Atom | Shape::Text { .. } | Shape::Unread => out.push_str(value.text),
        Shape::Struct { name, entries } => {
            group(value, &format!("{name} {{"), '}', depth, out, entries, entry);
        }
        Shape::Map { entries } => group(value, "{", '}', depth, out, entries, entry),
        Shape::Tuple { name, items } => group(value, &format!("{name}("), ')', depth, out, items, write),
        Shape::List { items } => group(value, "[", ']', depth, out, items, write),
        Shape::Set { items } => group(value, "{", '}', depth, out, items, write),
        Shape::Mixed { parts } => {
            // What stands between them belongs to the text.
            let mut done = value.start;
            for part in parts {
                out.push_str(
                    value.text.get(done - value.start..part.start - value.start).unwrap_or_default(),
                );
                write(part, depth, out);
                done = part.end();
            }
            out.push_str(value.text.get(done - value.start..).unwrap_or_default());
        }
    }
}

fn group<T>(
    value: &Value<'_>,
    opening: &str,
    closing: char,
    depth: usize,
    out: &mut String,
    items: &[T],
    write: impl Fn(&T, usize, &mut String),
) {
    out.push_str(opening);
    // Where it was cut off, the last item has no end either.
    let is_whole = value.text.ends_with(closing);
    for (number, item) in items.iter().enumerate() {
        line(depth + 1, out);
        write(item, depth + 1, out);
        if (is_whole || number + 1 < items.len()) && !out.ends_with("..") {
            out.push(',');
        }
    }
    if is_whole {
        line(depth, out);
        out.push(closing);
    }
}

fn entry(entry: &Entry<'_>, depth: usize, out: &mut String) {
    write(&entry.key, depth, out);
    if let Some(value) = &entry.value {
        out.push_str(": ");
        write(value, depth, out);
    }
}

fn line(depth: usize, out: &mut String) {
    out.push('\n');
    // Deeper, a line would be nothing but blanks.
    (0..depth.min(16)).for_each(|_| out.push_str(INDENT));
}

#[cfg(test)]
mod tests {
    use super::pretty;

    #[test]
    fn long_values_are_broken_as_debug_would() {
        #[derive(Debug)]
        #[expect(dead_code, reason = "only its `Debug` is used")]
        struct Order {
            id: u32,
            customer: (&'static str, Option<&'static str>),
            lines: Vec<&'static str>,
        }
        let order = Order {
            id: 42,
            customer: ("Ada Lovelace, of Ockham Park in Surrey", Some("ada@example.org, and a second one")),
            lines: vec![
                "a quarter of a pound of green tea",
                "two lemons",
                "sugar, a spoon of it, or better two",
            ],
        };
        // What fits into a line stays in one, other than with `{:#?}`.
        let some = "Some(\n            \"ada@example.org, and a second one\",\n        )";
        let expected = format!("{order:#?}").replace(some, "Some(\"ada@example.org, and a second one\")");
        assert_eq!(pretty(&format!("{order:?}")), expected);
        assert_eq!(pretty("Order { id: 42 }"), "Order { id: 42 }");
        assert_eq!(pretty(&expected), expected);
    }

    #[test]
    fn no_part_of_a_value_is_lost() {
        let long = "x".repeat(80);
        let texts = [
            format!("{{\"a\": \"{long}\", \"b\": [1, 2, {{3}}]}}"),
            format!("failed with Error(\"{long}\") in Order {{ id: {long} }} at last"),
            format!("Order {{ id: {long}, name: \"Ad"),
            format!("({long}, .., {long}"),
            long,
        ];
        let bare = |text: &str| text.chars().filter(|char| !" \n,".contains(*char)).collect::<String>();
        for text in texts {
            assert_eq!(bare(&pretty(&text)), bare(&text));
        }
    }

    #[test]
    fn deep_values_stay_small() {
        let deep = format!("{}1{}", "[".repeat(500), "]".repeat(500));
        assert!(pretty(&deep).len() < 20_000);
    }
}
