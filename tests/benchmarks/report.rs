//! What is written: Markdown, and the limits that were to be kept.

use std::fmt::Write;

/// The text so far, and the limits.
#[derive(Default)]
pub(crate) struct Report {
    text: String,
    limits: Vec<Limit>,
}

struct Limit {
    name: String,
    is: f64,
    at_most: f64,
}

impl Limit {
    fn is_kept(&self) -> bool {
        self.is <= self.at_most
    }
}

impl Report {
    pub(crate) fn heading(&mut self, heading: &str) {
        let _ = writeln!(self.text, "\n## {heading}");
    }

    pub(crate) fn paragraph(&mut self, paragraph: &str) {
        let _ = writeln!(self.text, "\n{paragraph}");
    }

    /// The first `named` columns are words, the others numbers.
    pub(crate) fn table(&mut self, named: usize, head: &[&str], rows: &[Vec<String>]) {
        let widths: Vec<usize> = head
            .iter()
            .enumerate()
            .map(|(column, name)| {
                let cells = rows.iter().filter_map(|row| row.get(column));
                cells.map(|cell| cell.chars().count()).fold(name.chars().count(), usize::max)
            })
            .collect();
        self.text.push('\n');
        let mut line = |cells: &mut dyn Iterator<Item = &str>| {
            for (column, (cell, width)) in cells.zip(&widths).enumerate() {
                let _ = match column < named {
                    true => write!(self.text, "| {cell:<width$} "),
                    false => write!(self.text, "| {cell:>width$} "),
                };
            }
            self.text.push_str("|\n");
        };
        line(&mut head.iter().copied());
        let rules: Vec<String> = widths
            .iter()
            .enumerate()
            .map(|(column, width)| match column < named {
                true => "-".repeat(*width),
                false => format!("{}:", "-".repeat(width.saturating_sub(1))),
            })
            .collect();
        line(&mut rules.iter().map(String::as_str));
        for row in rows {
            line(&mut row.iter().map(String::as_str));
        }
    }

    pub(crate) fn at_most(&mut self, at_most: f64, name: impl Into<String>, is: f64) {
        self.limits.push(Limit { name: name.into(), is, at_most });
    }

    pub(crate) fn are_limits_kept(&self) -> bool {
        self.limits.iter().all(Limit::is_kept)
    }

    /// The whole of it, the limits last.
    pub(crate) fn finish(mut self) -> String {
        let row = |limit: &Limit| {
            let kept = if limit.is_kept() { "yes" } else { "**no**" };
            vec![
                limit.name.clone(),
                format!("{:.2}", limit.is),
                format!("{:.2}", limit.at_most),
                kept.to_owned(),
            ]
        };
        let rows: Vec<_> = self.limits.iter().map(row).collect();
        if rows.is_empty() {
            return self.text;
        }
        self.heading("Limits");
        self.table(1, &["", "is", "at most", "kept"], &rows);
        self.text
    }
}
