//! Secrets in text that is for people: `password=..`, URLs, headers, keys.

use super::super::value::{Edit, group_end, text_end};
use super::shapes::{is_key_byte, key_length, looks_random};
use super::{REDACTED, Rules, names};

/// How far on an `@` is looked for that ends a password in a URL.
const URL_REACH: usize = 512;
/// URLs that are secrets as a whole, behind these.
const WEBHOOKS: &[&str] = &["hooks.slack.com/services/", "discord.com/api/webhooks/", "api.telegram.org/bot"];
/// The longest name of a setting in a connection string.
const MAX_SETTING: usize = 40;

/// A part of the text that has been looked at already.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) part: Part,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// It is replaced.
    Replaced,
    /// A text in quotes.
    Text,
    /// A text in quotes that is the name of a secret.
    SecretName,
}

/// The secrets in what has not been seen yet. `seen` is in order and apart; `cut`: the text may have lost its end.
pub(super) fn edits(rules: &Rules, text: &str, seen: &[Seen], cut: bool) -> Vec<Edit> {
    let mut scanner = Scanner { rules, text, bytes: text.as_bytes(), seen, cut, at: 0, edits: Vec::new() };
    scanner.scan();
    scanner.edits
}

struct Scanner<'a> {
    rules: &'a Rules,
    text: &'a str,
    bytes: &'a [u8],
    seen: &'a [Seen],
    cut: bool,
    at: usize,
    edits: Vec<Edit>,
}

/// A name, as it stands in the text.
struct Name<'a> {
    text: &'a str,
    start: usize,
    end: usize,
}

impl Scanner<'_> {
    fn scan(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            if let Some(seen) = self.seen_at(self.at) {
                self.at = seen.end;
                if seen.part == Part::SecretName
                    && let Some((value, colon)) = self.value_after(seen.end)
                {
                    self.redact_value(value, Extent { colon, ..Extent::default() });
                }
                continue;
            }
            match byte {
                b'-' if self.rest(self.at).starts_with(b"-----BEGIN ") => self.private_key(),
                _ if is_word_byte(byte) && !self.is_word_before(self.at) => self.word(),
                _ => self.at += 1,
            }
        }
    }

    fn word(&mut self) {
        let start = self.at;
        let end = self.name_end(start);
        for from in start..end {
            let begins =
                from == start || self.bytes.get(from - 1).is_some_and(|byte| !byte.is_ascii_alphanumeric());
            if begins && let Some(length) = key_length(self.rest(from), self.cut) {
                self.redact(from, from + length);
                return;
            }
        }
        let text = self.text.get(start..end).unwrap_or_default();
        let name = Name { text, start, end };
        if self.rest(end).starts_with(b"://") {
            self.url(&name);
        } else if !self.user_info(&name) && !self.scheme_of_authorization(&name) && !self.named_value(&name) {
            self.at = self.at.max(end);
        }
    }

    /// `-----BEGIN .. PRIVATE KEY-----` up to its end, whatever is between.
    fn private_key(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let label_end = rest.get(11..).and_then(|label| label.find("-----")).map(|end| 11 + end);
        let label = label_end.and_then(|end| rest.get(..end)).unwrap_or(rest);
        if !label.contains("PRIVATE") {
            self.at += label.len();
            return;
        }
        let body = label_end.map_or(rest.len(), |end| end + 5);
        let end =
            rest.get(body..).and_then(|rest| rest.find("-----END")).map_or(rest.len(), |end| body + end);
        let after = rest.get(end..).and_then(|rest| Some(end + 8 + rest.get(8..)?.find("-----")? + 5));
        let start = self.at;
        self.redact(start + body, start + end);
        self.at = start + after.unwrap_or(rest.len());
    }

    /// `scheme://user:password@host`
    fn url(&mut self, scheme: &Name<'_>) {
        let start = scheme.end + 3;
        let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'<' | b'>' | b'`');
        let reach = self.rest(start).iter().take(URL_REACH).position(ends);
        let whole = reach.unwrap_or_else(|| self.rest(start).len().min(URL_REACH));
        let is_cut = reach.is_none() && self.cut;
        let url = self.text.as_bytes().get(start..start + whole).unwrap_or_default();
        let authority = url.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#' | b'\\' | b'\'' | b','));
        let authority = authority.unwrap_or(url.len());
        let last_at = |part: &[u8]| part.iter().rposition(|byte| *byte == b'@');
        let host = url.get(..authority).unwrap_or_default();
        let bracketed = host.first() == Some(&b'[');
        let colon = host.iter().position(|byte| *byte == b':').filter(|_| !bracketed);
        let port = colon.and_then(|colon| host.get(colon + 1..)).unwrap_or_default();
        let port_like = port.iter().all(u8::is_ascii_digit) && port.len() <= 5;
        // A password may hold what ends an authority, or have lost its end.
        let user_info = match (last_at(host), colon) {
            (Some(at), _) => Some(at),
            (None, Some(_)) if !port_like => last_at(url).or(is_cut.then_some(url.len())),
            (None, _) => None,
        };
        self.at = start + authority;
        if let Some(webhook) = WEBHOOKS.iter().find(|webhook| url.starts_with(webhook.as_bytes())) {
            self.redact(start + webhook.len(), start + whole);
            return;
        }
        match (user_info, colon) {
            (Some(at), Some(colon)) if colon < at => self.redact(start + colon + 1, start + at),
            (Some(at), _) if is_key(host.get(..at).unwrap_or_default()) => self.redact(start, start + at),
            (None, _) if is_cut && authority == url.len() && begins_key(host) => {
                self.redact(start, start + authority);
            }
            _ => {}
        }
    }

    /// `user:password@host`, without a scheme.
    fn user_info(&mut self, user: &Name<'_>) -> bool {
        let other =
            ["mailto", "email", "mail", "from", "to", "cc", "contact", "author", "sip", "acct", "xmpp"];
        let is_user = user.text.starts_with(|first: char| first.is_ascii_alphabetic())
            && !other.iter().any(|other| user.text.eq_ignore_ascii_case(other));
        if !is_user || self.bytes.get(user.end) != Some(&b':') {
            return false;
        }
        let start = user.end + 1;
        let ends = |byte: &u8| {
            byte.is_ascii_whitespace()
                || matches!(byte, b'@' | b':' | b'/' | b'"' | b'\'' | b'<' | b',' | b'(' | b'{')
        };
        let length = self.rest(start).iter().take(URL_REACH).position(ends).unwrap_or_default();
        let at_host = matches!(self.rest(start + length), [b'@', host, ..] if is_word_byte(*host));
        let found = length > 0 && at_host && self.seen_at(start).is_none();
        if found {
            self.redact(start, start + length);
        }
        found
    }

    /// `Bearer ..` and `Basic ..`, wherever they stand.
    fn scheme_of_authorization(&mut self, name: &Name<'_>) -> bool {
        let basic = name.text == "Basic" || name.text == "BASIC";
        if !basic && !name.text.eq_ignore_ascii_case("bearer") {
            return false;
        }
        let start = self.skip_blanks(name.end);
        if start == name.end || self.seen_at(start).is_some() {
            return false;
        }
        let length = self.rest(start).iter().take_while(|byte| is_credential_byte(**byte)).count();
        let word = self.text.get(start..start + length).unwrap_or_default();
        let cut = self.is_cut_at(start + length);
        let padded = word.ends_with('=');
        let secret = match basic {
            true => (length >= 8 || cut) && (looks_random(word) || padded),
            false => length > 0 && (looks_random(word) || (cut && !is_plain(word))),
        };
        if secret {
            self.redact(start, start + length);
        }
        secret
    }

    /// `password=..`, `Authorization: ..`, `--token ..`, `password "..."`
    fn named_value(&mut self, name: &Name<'_>) -> bool {
        let before = name.start.checked_sub(1).and_then(|at| self.bytes.get(at)).copied();
        let query = matches!(before, Some(b'?' | b'&' | b'#'));
        // Of a path, a host or a field of a field, the last part.
        let last = name.text.rsplit('.').next().unwrap_or(name.text);
        let by_query = query && names::is_secret_in_query(last) && !self.rules.is_allowed(last);
        let two_words = || self.word_before(name.start).filter(|pair| self.rules.is_secret_phrase(pair));
        let last = match by_query || self.rules.is_secret(last) {
            true => last,
            false => match two_words() {
                Some(pair) => pair,
                None => return false,
            },
        };
        let option = name.start >= 2 && self.rest(name.start - 2).starts_with(b"--");
        let Some((value, colon)) = self.value_after(name.end) else {
            return self.value_beside(name, option);
        };
        if colon && (before == Some(b'/') || self.is_of_a_parser(name)) {
            return false;
        }
        let quote = before.filter(|byte| matches!(byte, b'"' | b'\'' | b'`'));
        let form = match () {
            () if colon && is_header(last) => Form::Header,
            () if query => Form::Query,
            () if !colon && self.follows_semicolon(name) => Form::Setting,
            () => Form::Sentence,
        };
        self.redact_value(value, Extent { colon, form, vague: names::is_vague(last), quote });
        true
    }

    /// The name together with the word before it: `seed phrase`.
    fn word_before(&self, name_start: usize) -> Option<&str> {
        let gap = name_start.checked_sub(1).filter(|at| self.bytes.get(*at) == Some(&b' '))?;
        let word = self
            .bytes
            .get(..gap)?
            .iter()
            .rev()
            .take(MAX_SETTING)
            .take_while(|byte| is_word_byte(**byte))
            .count();
        let end = self.name_end(name_start);
        self.text.get(gap - word..end).filter(|_| word > 0)
    }

    /// A value with no sign between it and its name.
    fn value_beside(&mut self, name: &Name<'_>, option: bool) -> bool {
        let start = self.skip_blanks(name.end);
        if start == name.end {
            return false;
        }
        let quoted = matches!(self.bytes.get(start), Some(b'"' | b'\'' | b'`'));
        if option && self.bytes.get(start).is_some_and(|byte| *byte != b'-') {
            self.redact_value(start, Extent::default());
            return true;
        }
        if names::is_vague(name.text) || self.is_of_a_parser(name) {
            return false;
        }
        if quoted {
            self.redact_value(start, Extent::default());
            return true;
        }
        let is = ["is ", "was "].iter().find(|is| self.rest(start).starts_with(is.as_bytes()));
        let told = start + is.map_or(0, |is| is.len());
        let end = self.unquoted_end(told, Extent { colon: true, ..Extent::default() });
        let found = is_mixed(self.text.get(told..end).unwrap_or_default());
        if found {
            self.redact(told, end);
        }
        found
    }

    /// Where the value starts of the name that ends here, and whether a colon is between.
    fn value_after(&self, name_end: usize) -> Option<(usize, bool)> {
        let mut at = name_end;
        while let Some(closes) = self.closing_quote(at) {
            at = closes;
        }
        at = self.skip_blanks(at);
        let rest = self.rest(at);
        let (length, colon) = match rest {
            [b'=', b'=' | b'~', ..] | [b':', b':', ..] => return None,
            [b'=', b'>', ..] | [b':', b'=', ..] => (2, false),
            [b'=', ..] => (1, false),
            [b':', ..] => (1, true),
            [b'%', b'3', b'D' | b'd', ..] => (3, false),
            [b'%', b'3', b'A' | b'a', ..] => (3, true),
            _ => return None,
        };
        Some((self.skip_blanks(at + length), colon))
    }

    fn closing_quote(&self, at: usize) -> Option<usize> {
        match self.rest(at) {
            [b'\\' | b'"' | b'\'' | b'`' | b']' | b'*', ..] => Some(at + 1),
            [b'%', b'2', b'2' | b'7', ..] => Some(at + 3),
            _ => None,
        }
    }

    fn redact_value(&mut self, start: usize, extent: Extent) {
        if let Some(seen) = self.seen_at(start) {
            match seen.part {
                Part::Replaced => self.at = seen.end,
                Part::Text | Part::SecretName => self.redact(start, seen.end),
            }
            return;
        }
        if self.rest(start).starts_with(REDACTED.as_bytes()) {
            self.at = start + REDACTED.len();
            return;
        }
        let end = self.value_end(start, extent);
        let value = self.text.get(start..end).unwrap_or_default();
        let cut = self.is_cut_at(end);
        let is_word = extent.vague && extent.form != Form::Header && !cut && !looks_random(value);
        if end <= start || extent.colon && (is_word || is_plain(value)) {
            self.at = self.at.max(start);
            return;
        }
        self.redact(start, end);
    }

    fn value_end(&self, start: usize, extent: Extent) -> usize {
        let rest = self.rest(start);
        let line = || {
            let ends = |byte: &u8| matches!(byte, b'\n' | b'\r') || Some(*byte) == extent.quote;
            rest.iter().position(ends).map_or(self.bytes.len(), |end| start + end)
        };
        if let Some(end) = self.quoted_end(start) {
            return end;
        }
        if let Some(opening) = self.bracket_after_name(start) {
            return group_end(self.bytes, opening);
        }
        let word_end = self.unquoted_end(start, extent);
        let word = self.text.get(start..word_end).unwrap_or_default();
        if is_scheme(word) {
            let credential = self.skip_blanks(word_end);
            let with_one_word =
                ["bearer", "basic", "token", "apikey"].iter().any(|scheme| word.eq_ignore_ascii_case(scheme));
            return if with_one_word || extent.form != Form::Header {
                self.unquoted_end(credential, extent)
            } else {
                line()
            };
        }
        if extent.form == Form::Header { line() } else { word_end }
    }

    /// Behind the text in quotes that starts here, in quotes that may be escaped themselves.
    fn quoted_end(&self, start: usize) -> Option<usize> {
        let escapes = self.rest(start).iter().take_while(|byte| **byte == b'\\').count();
        let quote = *self.bytes.get(start + escapes)?;
        if quote == b'"' && escapes == 0 {
            return Some(
                text_end(self.bytes, start).map_or(self.bytes.len(), |end| end.min(self.bytes.len())),
            );
        }
        if !matches!(quote, b'"' | b'\'' | b'`') {
            return None;
        }
        let mut before = 0;
        for (offset, byte) in self.rest(start + escapes + 1).iter().enumerate() {
            if *byte == quote && before <= escapes {
                return Some(start + escapes + 1 + offset + 1);
            }
            before = if *byte == b'\\' { before + 1 } else { 0 };
        }
        Some(self.bytes.len())
    }

    /// The bracket of `Some(`, `Name {`, `[` that starts here.
    fn bracket_after_name(&self, start: usize) -> Option<usize> {
        let name = self.rest(start).iter().take_while(|byte| is_word_byte(**byte) || **byte == b':').count();
        match self.rest(start + name) {
            [b'(' | b'{' | b'[', ..] => Some(start + name),
            [b' ', b'{', ..] if name > 0 => Some(start + name + 1),
            _ => None,
        }
    }

    fn unquoted_end(&self, start: usize, extent: Extent) -> usize {
        let rest = self.rest(start);
        // `Password=a b,c;` in a connection string.
        if !extent.colon && extent.form != Form::Query {
            let line =
                rest.iter().take_while(|byte| !matches!(byte, b'\n' | b'\r' | b'"' | b'&' | b'=')).count();
            let end = rest.iter().take(line).position(|byte| *byte == b';');
            if let Some(end) = end.filter(|end| begins_setting(rest.get(end + 1..).unwrap_or_default())) {
                return start + end;
            }
            if extent.form == Form::Setting {
                let ends = |byte: &u8| matches!(byte, b';' | b'\n' | b'\r' | b'"');
                return rest.iter().position(ends).map_or(self.bytes.len(), |end| start + end);
            }
        }
        let ends = |(offset, byte): (usize, &u8)| match byte {
            b',' | b';' | b'&' | b'"' | b'\'' | b'`' | b'<' | b'>' => true,
            b'#' => extent.form == Form::Query,
            // At the end of a word they close what was opened before it.
            b')' | b']' | b'}' => rest.get(offset + 1).is_none_or(|next| {
                next.is_ascii_whitespace()
                    || matches!(next, b',' | b';' | b'.' | b':' | b')' | b']' | b'}' | b'"' | b'\'')
            }),
            b'\\' => matches!(rest.get(offset + 1), Some(b'"' | b'n' | b'r')),
            byte => byte.is_ascii_whitespace(),
        };
        let end = rest.iter().enumerate().position(|(offset, byte)| ends((offset, byte)));
        let end = end.map_or(self.bytes.len(), |end| start + end);
        // What has been replaced already is no part of it.
        let next = self.seen.partition_point(|seen| seen.start < start);
        self.seen.get(next).map_or(end, |seen| end.min(seen.start))
    }

    fn follows_semicolon(&self, name: &Name<'_>) -> bool {
        self.text.get(..name.start).unwrap_or_default().trim_end_matches(' ').ends_with(';')
    }

    /// `unexpected token: "}"` is about no secret.
    fn is_of_a_parser(&self, name: &Name<'_>) -> bool {
        let before = self.text.get(..name.start).unwrap_or_default().trim_end_matches(' ');
        name.text.eq_ignore_ascii_case("token")
            && ["expected", "found", "next", "syntax"].iter().any(|word| ends_with_word(before, word))
    }

    fn redact(&mut self, start: usize, end: usize) {
        if start < end {
            self.edits.push(Edit { start, end, with: REDACTED });
        }
        self.at = self.at.max(end);
    }

    fn seen_at(&self, at: usize) -> Option<Seen> {
        let next = self.seen.partition_point(|seen| seen.end <= at);
        self.seen.get(next).filter(|seen| seen.start <= at).copied()
    }

    /// Whether what ends here may have gone on.
    fn is_cut_at(&self, end: usize) -> bool {
        self.cut && end >= self.bytes.len()
    }

    fn skip_blanks(&self, from: usize) -> usize {
        from + self.rest(from).iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
    }

    fn name_end(&self, start: usize) -> usize {
        let mut end = start;
        while let Some(&byte) = self.bytes.get(end) {
            let joins = matches!(byte, b'-' | b'.')
                && self.bytes.get(end + 1).is_some_and(|next| is_word_byte(*next));
            if !is_word_byte(byte) && !joins {
                break;
            }
            end += 1;
        }
        end
    }

    fn is_word_before(&self, at: usize) -> bool {
        at.checked_sub(1).and_then(|at| self.bytes.get(at)).is_some_and(|byte| is_word_byte(*byte))
    }

    fn rest(&self, from: usize) -> &[u8] {
        self.bytes.get(from..).unwrap_or_default()
    }
}

/// What stands around a value says how far it goes.
#[derive(Debug, Clone, Copy, Default)]
struct Extent {
    /// A colon is between it and its name.
    colon: bool,
    form: Form,
    /// Its name has other meanings too.
    vague: bool,
    /// What its name stands behind.
    quote: Option<u8>,
}

/// What kind of text a value stands in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Form {
    #[default]
    Sentence,
    /// It goes to the end of the line.
    Header,
    /// Of a URL.
    Query,
    /// It follows on a semicolon, as in a connection string.
    Setting,
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_credential_byte(byte: u8) -> bool {
    is_key_byte(byte) || matches!(byte, b'~' | b'+' | b'/' | b'=')
}

/// Whether it could be a key before the host of a URL, and not a user: long, one word, with a digit.
fn is_key(user: &[u8]) -> bool {
    user.len() >= 20 && is_one_word_with_digit(user)
}

/// The same where its end may be lost. A host such as `web12` has its digits at its end.
fn begins_key(user: &[u8]) -> bool {
    let number = user.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    user.len() >= 4 && is_one_word_with_digit(user.get(..user.len() - number).unwrap_or_default())
}

fn is_one_word_with_digit(user: &[u8]) -> bool {
    user.iter().all(|byte| is_word_byte(*byte) || *byte == b'-') && user.iter().any(u8::is_ascii_digit)
}

/// Headers whose value is the rest of the line, and secrets of many words.
fn is_header(name: &str) -> bool {
    let name = names::folded(name);
    name.ends_with("authorization")
        || name.ends_with("cookie")
        || name.ends_with("phrase")
        || name == "mnemonic"
}

fn is_scheme(word: &str) -> bool {
    ["bearer", "basic", "token", "digest", "negotiate", "ntlm", "apikey", "aws4-hmac-sha256", "hawk"]
        .iter()
        .any(|scheme| word.eq_ignore_ascii_case(scheme))
}

/// Whether a word of a sentence has letters and digits: `hunter2`, but not `3rd`.
fn is_mixed(word: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| word.as_bytes().iter().any(kind);
    word.len() >= 6 && has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic)
}

/// Words that a sentence about a secret goes on with: `token: expired`.
fn is_plain(value: &str) -> bool {
    const PLAIN: &[&str] = &[
        "must",
        "should",
        "is",
        "was",
        "not",
        "no",
        "too",
        "the",
        "a",
        "an",
        "cannot",
        "missing",
        "required",
        "invalid",
        "expired",
        "unexpected",
        "failed",
        "unknown",
        "wrong",
        "empty",
        "expected",
        "of",
        "for",
        "and",
        "or",
        "in",
        "token",
        "tokens",
        "auth",
        "authentication",
        "authorization",
        "scheme",
        "header",
        "does",
        "did",
        "has",
        "denied",
        "error",
    ];
    PLAIN.contains(&value.trim_end_matches(['.', '!', '?', ':']))
}

/// Whether this is `Name=..`, as it follows on a semicolon in a connection string, or nothing more.
fn begins_setting(rest: &[u8]) -> bool {
    let name =
        rest.iter().take(MAX_SETTING).take_while(|byte| is_word_byte(**byte) || **byte == b' ').count();
    matches!(rest.get(name), None | Some(b'=' | b'"'))
}

fn ends_with_word(text: &str, word: &str) -> bool {
    let start = text.len().saturating_sub(word.len());
    text.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(word))
}
