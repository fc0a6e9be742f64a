//! Rust as it is read at a glance: which parts of a line are words, text, numbers, comments. A line of source, or what a
//! `Debug` wrote: both are torn out of their context, so this guesses, and never fails.

/// A part of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Other,
    Comment,
    Text,
    Number,
    Keyword,
    Name,
}

/// Reads line after line: text and comments go on behind the end of a line.
#[derive(Debug, Default)]
pub(crate) struct Lexer {
    inside: Inside,
    /// In what `Debug` wrote there are no comments, and few keywords.
    is_value: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Inside {
    #[default]
    Code,
    /// So many comments, one in the other.
    Comment(usize),
    Text,
    /// With so many `#`.
    RawText(usize),
}

const KEYWORDS: [&str; 40] = [
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern", "false",
    "fn", "for", "gen", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref",
    "return", "self", "Self", "static", "struct", "super", "trait", "true", "type", "union", "unsafe", "use",
    "where", "while",
];

impl Lexer {
    /// For what `Debug` wrote.
    pub(crate) fn of_value() -> Self {
        Self { is_value: true, ..Self::default() }
    }

    pub(crate) fn line<'a>(&mut self, line: &'a str) -> Vec<Token<'a>> {
        let mut tokens = Vec::new();
        let mut rest = line;
        while !rest.is_empty() {
            let (kind, length) = self.next(rest);
            // At least one character, so that it comes to an end.
            let first = rest.chars().next().map_or(1, char::len_utf8);
            let (text, behind) = rest.split_at_checked(length.max(first)).unwrap_or((rest, ""));
            tokens.push(Token { kind, text });
            rest = behind;
        }
        tokens
    }

    /// The kind of the next token, and its length in bytes.
    fn next(&mut self, rest: &str) -> (Kind, usize) {
        match self.inside {
            Inside::Comment(depth) => self.comment(rest, 0, depth),
            Inside::Text => self.text(rest, 0),
            Inside::RawText(signs) => self.raw_text(rest, 0, signs),
            Inside::Code => self.code(rest),
        }
    }

    fn code(&mut self, rest: &str) -> (Kind, usize) {
        let bytes = rest.as_bytes();
        match bytes {
            [b'/', b'/', ..] if !self.is_value => (Kind::Comment, rest.len()),
            [b'/', b'*', ..] if !self.is_value => self.comment(rest, 2, 1),
            [b'"', ..] => self.text(rest, 1),
            [b'b' | b'c', b'"', ..] => self.text(rest, 2),
            [b'r', ..] | [b'b' | b'c', b'r', ..] if raw_start(bytes).is_some() => {
                let (start, signs) = raw_start(bytes).unwrap_or_default();
                self.raw_text(rest, start, signs)
            }
            [b'\'', ..] => quoted(rest),
            [b'0'..=b'9', ..] => {
                (Kind::Number, length(rest, |char| char.is_alphanumeric() || "_.".contains(char)))
            }
            _ if rest.starts_with(is_word_start) => {
                let raw = if rest.starts_with("r#") { 2 } else { 0 };
                let end = raw + length(rest.get(raw..).unwrap_or_default(), is_word);
                match rest.get(..end) {
                    Some("true" | "false") => (Kind::Keyword, end),
                    Some(word) if !self.is_value && KEYWORDS.contains(&word) => (Kind::Keyword, end),
                    _ => (Kind::Name, end),
                }
            }
            _ => (Kind::Other, length(rest, |char| !is_word(char) && !"\"'/".contains(char))),
        }
    }

    fn comment(&mut self, rest: &str, from: usize, mut depth: usize) -> (Kind, usize) {
        let bytes = rest.as_bytes();
        let mut at = from;
        while depth > 0 && at < bytes.len() {
            match bytes.get(at..at + 2) {
                Some(b"*/") => (depth, at) = (depth - 1, at + 2),
                Some(b"/*") => (depth, at) = (depth + 1, at + 2),
                _ => at += 1,
            }
        }
        self.inside = if depth > 0 { Inside::Comment(depth) } else { Inside::Code };
        (Kind::Comment, at)
    }

    fn text(&mut self, rest: &str, from: usize) -> (Kind, usize) {
        let mut at = from;
        while let Some(byte) = rest.as_bytes().get(at) {
            match byte {
                b'"' => {
                    self.inside = Inside::Code;
                    return (Kind::Text, at + 1);
                }
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        self.inside = Inside::Text;
        (Kind::Text, rest.len())
    }

    fn raw_text(&mut self, rest: &str, from: usize, signs: usize) -> (Kind, usize) {
        let end = format!("\"{}", "#".repeat(signs));
        match rest.get(from..).and_then(|inner| inner.find(&end)) {
            Some(at) => {
                self.inside = Inside::Code;
                (Kind::Text, from + at + end.len())
            }
            None => {
                self.inside = Inside::RawText(signs);
                (Kind::Text, rest.len())
            }
        }
    }
}

/// Where the inside of a raw text begins, and how many `#` it has.
fn raw_start(bytes: &[u8]) -> Option<(usize, usize)> {
    let prefix = if bytes.first() == Some(&b'r') { 1 } else { 2 };
    let signs = bytes.get(prefix..)?.iter().take_while(|byte| **byte == b'#').count();
    (bytes.get(prefix + signs) == Some(&b'"')).then_some((prefix + signs + 1, signs))
}

/// A character, or the name of a lifetime.
fn quoted(rest: &str) -> (Kind, usize) {
    let mut chars = rest.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), _) => {
            let end = rest.char_indices().skip(3).find(|(_, char)| *char == '\'');
            (Kind::Text, end.map_or(rest.len(), |(at, _)| at + 1))
        }
        (Some(_), Some((at, '\''))) => (Kind::Text, at + 1),
        _ => (Kind::Other, 1 + length(rest.get(1..).unwrap_or_default(), is_word)),
    }
}

fn length(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|char| !belongs(char)).unwrap_or(text.len())
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

fn is_word_start(char: char) -> bool {
    char.is_alphabetic() || char == '_'
}

/// The names that a token mentions: itself, or those that a format text takes from around it.
pub(crate) fn mentioned(token: Token<'_>) -> impl Iterator<Item = &str> {
    let name = (token.kind == Kind::Name).then(|| token.text.trim_start_matches("r#"));
    let text = if token.kind == Kind::Text { token.text } else { "" };
    // Two are one that is meant as it is.
    let inserted = text.split("{{").flat_map(|part| part.split('{').skip(1));
    let formatted = inserted.filter_map(|behind| {
        let name = behind.get(..length(behind, is_word))?;
        let ends = behind.get(name.len()..).is_some_and(|end| end.starts_with(['}', ':']));
        (ends && name.starts_with(is_word_start)).then_some(name)
    });
    name.into_iter().chain(formatted)
}

#[cfg(test)]
mod tests {
    use super::{Kind, Lexer, mentioned};

    /// Each token behind the first letter of its kind.
    fn sketch(lexer: &mut Lexer, line: &str) -> String {
        let tokens = lexer.line(line);
        assert_eq!(tokens.iter().map(|token| token.text).collect::<String>(), line, "nothing is lost");
        let parts = tokens.iter().filter(|token| !token.text.trim().is_empty()).map(|token| {
            let kind = match token.kind {
                Kind::Other => '.',
                Kind::Comment => 'c',
                Kind::Text => 't',
                Kind::Number => 'n',
                Kind::Keyword => 'k',
                Kind::Name => 'w',
            };
            format!("{kind}<{}>", token.text.trim())
        });
        parts.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn lines_are_taken_apart() {
        let table = [
            ("let x = 1;", "k<let> w<x> .<=> n<1> .<;>"),
            ("c / d // by \"d\"", "w<c> .</> w<d> c<// by \"d\">"),
            (
                "f(\"a \\\" b\", 'x', '\\'', &'a str)",
                "w<f> .<(> t<\"a \\\" b\"> .<,> t<'x'> .<,> t<'\\''> .<, &> .<'a> w<str> .<)>",
            ),
            ("r#type + r#\"a\"b\"# + br\"x\"", "w<r#type> .<+> t<r#\"a\"b\"#> .<+> t<br\"x\">"),
            ("0x1f_u8 1.5e3 ..", "n<0x1f_u8> n<1.5e3> .<..>"),
            ("\"\\\\\" x", "t<\"\\\\\"> w<x>"),
            ("größe é", "w<größe> w<é>"),
            ("'", ".<'>"),
            ("'\\", "t<'\\>"),
            ("b'a' b\"a\"", "w<b> t<'a'> t<b\"a\">"),
        ];
        for (line, expected) in table {
            assert_eq!(sketch(&mut Lexer::default(), line), expected, "{line}");
        }
    }

    #[test]
    fn values_have_no_comments_and_few_keywords() {
        let line = "{ url: https://a/b, in use: true }";
        let expected =
            ".<{> w<url> .<:> w<https> .<:> .</> .</> w<a> .</> w<b> .<,> w<in> w<use> .<:> k<true> .<}>";
        assert_eq!(sketch(&mut Lexer::of_value(), line), expected);
    }

    #[test]
    fn text_and_comments_go_on_in_the_next_line() {
        let mut lexer = Lexer::default();
        assert_eq!(sketch(&mut lexer, "a /* b /* c */"), "w<a> c</* b /* c */>");
        assert_eq!(sketch(&mut lexer, "d */ e \"f"), "c<d */> w<e> t<\"f>");
        assert_eq!(sketch(&mut lexer, "g\" h r#\"i\""), "t<g\"> w<h> t<r#\"i\">");
        assert_eq!(sketch(&mut lexer, "j\"# k"), "t<j\"#> w<k>");
    }

    #[test]
    fn format_texts_mention_names() {
        let mut lexer = Lexer::default();
        let line = r#"println!("{order:?} {} {{no}} {0} {d} {x.y}", c, r#in) // e"#;
        let tokens = lexer.line(line);
        let names: Vec<_> = tokens.iter().flat_map(|token| mentioned(*token)).collect();
        assert_eq!(names, ["println", "order", "d", "c", "in"]);
    }

    #[test]
    fn it_comes_to_an_end_on_any_line() {
        let mut random = fastrand::Rng::with_seed(7);
        let signs: Vec<char> = "\"'/*\\#rbc{}a1é \t.\u{202e}".chars().collect();
        let mut lexer = Lexer::default();
        for _ in 0..20_000 {
            let line: String = (0..random.usize(..30)).map(|_| signs[random.usize(..signs.len())]).collect();
            let tokens = lexer.line(&line);
            assert_eq!(tokens.iter().map(|token| token.text).collect::<String>(), line);
        }
    }
}
