//! The mail as a link.

use super::super::render::in_line;
use super::Draft;
use super::summary::{self, Room};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The most characters of a link: some systems open no longer ones.
const LONGEST: usize = 2000;
/// The most of them for addresses, for the subject, and for where the report is.
const ADDRESSES: usize = 800;
const SUBJECT: usize = 300;
const FILE: usize = 500;

/// What stands for itself everywhere (RFC 3986).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// RFC 6068 allows more, but a `+` is a space to some programs.
const ADDRESS: &AsciiSet = &UNRESERVED.remove(b'@');
const DOTS: &str = "...";

pub(super) fn link(draft: &Draft<'_>) -> String {
    let mut link = format!("mailto:{}?subject=", addresses(draft));
    link.push_str(&encoded(&draft.subject(), SUBJECT));
    link.push_str("&body=");
    let end = encoded(&end(draft), FILE);
    let body = summary::summary(draft.report, Room::LINK);
    link.push_str(&encoded(&body, LONGEST - link.len() - end.len()));
    link.push_str(&end);
    link
}

/// As many as there is room for, the first one in any case: the longest that there are fit.
fn addresses(draft: &Draft<'_>) -> String {
    let mut out = String::new();
    for address in draft.to.iter() {
        let address = utf8_percent_encode(address, ADDRESS).to_string();
        if !out.is_empty() && out.len() + 1 + address.len() > ADDRESSES {
            continue;
        }
        if !out.is_empty() {
            out.push(',');
        }
        out.push_str(&address);
    }
    out
}

/// In place of attachments.
fn end(draft: &Draft<'_>) -> String {
    let Some(path) = &draft.file else { return String::new() };
    let path = path.display().to_string();
    let whole = format!("\nPlease attach the report, after a look at it:\n{}\n", in_line(&path));
    match cost(&whole) <= FILE {
        true => whole,
        // The file's name is worth more than the folders before it.
        false => {
            let name = path.rsplit(std::path::MAIN_SEPARATOR).next().unwrap_or_default();
            format!("\nPlease attach the report, after a look at it:\n.../{}\n", in_line(name))
        }
    }
}

fn cost(text: &str) -> usize {
    text.chars().map(|letter| escape(letter).len()).sum()
}

/// Of what takes more characters than that, the beginning, with dots after it. Never half an escape, nor half a letter.
fn encoded(text: &str, room: usize) -> String {
    let mut out = String::new();
    // Where the dots still fit.
    let mut last = 0;
    for letter in text.chars() {
        let escaped = escape(letter);
        if out.len() + escaped.len() > room {
            out.truncate(last);
            out.push_str(DOTS);
            return out;
        }
        out.push_str(&escaped);
        if out.len() + DOTS.len() <= room {
            last = out.len();
        }
    }
    out
}

fn escape(letter: char) -> String {
    match letter {
        '\n' => "%0D%0A".to_owned(),
        letter => utf8_percent_encode(letter.encode_utf8(&mut [0; 4]), UNRESERVED).to_string(),
    }
}
