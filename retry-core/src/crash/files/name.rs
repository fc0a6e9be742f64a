//! The names of a report's files.

use crate::crash::report::Report;
use std::fmt;

/// `<time>-<fingerprint>-<id>`, of which the order is that of the times.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stem(String);

const TIME: &str = "20260415T101112.123Z";
const FINGERPRINT: usize = 16;
const ID: usize = 32;

impl Stem {
    pub(super) fn of(report: &Report) -> Self {
        let time: String = report.time.chars().filter(|char| !matches!(char, '-' | ':')).collect();
        Self(format!("{time}-{}-{}", hex(&report.fingerprint, FINGERPRINT), hex(&report.id, ID)))
    }

    /// Of a file, if it is a report's.
    pub(super) fn parse_file(name: &str) -> Option<Self> {
        let (stem, extension) = name.rsplit_once('.')?;
        super::EXTENSIONS.contains(&extension).then(|| Self::parse(stem)).flatten()
    }

    pub(super) fn parse(stem: &str) -> Option<Self> {
        let mut parts = stem.split('-');
        let (time, fingerprint, id) = (parts.next()?, parts.next()?, parts.next()?);
        let is_hex = |text: &str, length| text.len() == length && hex(text, length) == text;
        let ours = looks_like_a_time(time) && is_hex(fingerprint, FINGERPRINT) && is_hex(id, ID);
        (ours && parts.next().is_none()).then(|| Self(stem.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn fingerprint(&self) -> &str {
        self.part(1)
    }

    pub(super) fn id(&self) -> &str {
        self.part(2)
    }

    /// As the report says it.
    pub(super) fn time(&self) -> String {
        let mut time = self.part(0).to_owned();
        for (at, sign) in [(4, '-'), (7, '-'), (13, ':'), (16, ':')] {
            time.insert(at, sign);
        }
        time
    }

    fn part(&self, number: usize) -> &str {
        self.0.split('-').nth(number).unwrap_or_default()
    }
}

impl fmt::Display for Stem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn looks_like_a_time(text: &str) -> bool {
    let same_kind = |(a, b): (char, char)| a == b || (a.is_ascii_digit() && b.is_ascii_digit());
    text.len() == TIME.len() && text.chars().zip(TIME.chars()).all(same_kind)
}

/// So many lower-case hexadecimal digits, whatever the text is.
fn hex(text: &str, digits: usize) -> String {
    let is_digit = |char: &char| matches!(char, '0'..='9' | 'a'..='f');
    let text: String = text.chars().filter(is_digit).take(digits).collect();
    format!("{text:0>digits$}")
}
