//! What `{:?}` and `{:#?}` write, read back into a tree, whatever it is: also free text with values in it, also cut
//! off in the middle. Each node knows its place in the text, so that a text prints as it was but for what is replaced.

/// Deeper text is not looked into.
const MAX_DEPTH: usize = 96;
/// A text with more parts is not looked into any further.
const MAX_NODES: usize = 200_000;
/// How far on the end of a text in apostrophes is looked for.
const APOSTROPHE_REACH: usize = 512;

/// A value, as it stands in a text.
#[derive(Debug, PartialEq)]
pub(crate) struct Value<'a> {
    /// Where in the whole text.
    pub(crate) start: usize,
    /// Exactly as it was written.
    pub(crate) text: &'a str,
    pub(crate) shape: Shape<'a>,
}

/// What a value is made of. A group that lost its end is as complete as it came.
#[derive(Debug, PartialEq)]
pub(crate) enum Shape<'a> {
    /// A number, a name, a time, a `char`: anything without parts.
    Atom,
    /// `"text"`: what stands between the quotes, still escaped.
    Text { inner: &'a str },
    /// `Name { field: 1, .. }`; an entry without a value is what stands alone, such as `..`.
    Struct { name: &'a str, entries: Vec<Entry<'a>> },
    /// `Name(1, 2)`; the name of a plain tuple is empty.
    Tuple { name: &'a str, items: Vec<Value<'a>> },
    /// `[1, 2]`
    List { items: Vec<Value<'a>> },
    /// `{"key": 1}`
    Map { entries: Vec<Entry<'a>> },
    /// `{1, 2}`
    Set { items: Vec<Value<'a>> },
    /// Text with values in it: `error 5 in Order { id: 42 }`.
    Mixed { parts: Vec<Value<'a>> },
    /// Nested too deep, or after too many others, to be looked into.
    Unread,
}

/// `key: value`
#[derive(Debug, PartialEq)]
pub(crate) struct Entry<'a> {
    pub(crate) key: Value<'a>,
    /// None where there is no colon.
    pub(crate) value: Option<Value<'a>>,
}

impl<'a> Value<'a> {
    /// Any text, in one pass.
    pub(crate) fn parse(text: &'a str) -> Self {
        let mut parser = Parser { text, bytes: text.as_bytes(), at: 0, open: [0; 3], nodes: 0 };
        parser.item(None, 0).key
    }

    /// Behind its last byte.
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// Puts `with` in the place of each of the ranges, which are in order and apart; all else stays as it is.
pub(crate) fn replaced(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        out.push_str(text.get(done..edit.start).unwrap_or_default());
        out.push_str(edit.with);
        done = edit.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// Another text for a range of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) with: &'static str,
}

/// A text without its escapes.
pub(crate) struct Unescaped {
    pub(crate) text: String,
    /// For each byte of it, and for its end, where it was in the escaped text. Empty where nothing was escaped.
    origin: Vec<usize>,
}

impl Unescaped {
    /// Undoes the escapes of Rust and of JSON. What is no escape stays as it is.
    pub(crate) fn new(escaped: &str) -> Self {
        if !escaped.contains('\\') {
            return Self { text: escaped.to_owned(), origin: Vec::new() };
        }
        let mut unescaped = Self {
            text: String::with_capacity(escaped.len()),
            origin: Vec::with_capacity(escaped.len() + 1),
        };
        let mut rest = escaped;
        while let Some(first) = rest.chars().next() {
            let (read, length) = if first == '\\' { unescape(rest) } else { (first, first.len_utf8()) };
            unescaped.text.push(read);
            unescaped.origin.resize(unescaped.text.len(), escaped.len() - rest.len());
            rest = rest.get(length..).unwrap_or_default();
        }
        unescaped.origin.push(escaped.len());
        unescaped
    }

    /// Where in the escaped text this byte of the text was.
    pub(crate) fn origin(&self, at: usize) -> usize {
        self.origin.get(at).or(self.origin.last()).copied().unwrap_or(at)
    }
}

/// The character that an escape means, and the length of the escape in bytes.
fn unescape(escape: &str) -> (char, usize) {
    let as_it_is = ('\\', 1);
    match escape.as_bytes().get(1) {
        Some(b'n') => ('\n', 2),
        Some(b'r') => ('\r', 2),
        Some(b't') => ('\t', 2),
        Some(b'b') => ('\u{8}', 2),
        Some(b'f') => ('\u{c}', 2),
        Some(b'0') => ('\0', 2),
        Some(quoted @ (b'\\' | b'"' | b'\'' | b'/')) => (char::from(*quoted), 2),
        Some(b'x') => hexadecimal(escape, 2, 4).map_or(as_it_is, |read| (read, 4)),
        Some(b'u') if escape.as_bytes().get(2) == Some(&b'{') => {
            let close = escape.bytes().take(12).position(|byte| byte == b'}');
            close.and_then(|close| Some((hexadecimal(escape, 3, close)?, close + 1))).unwrap_or(as_it_is)
        }
        // Half of a pair is no character, and belongs to no secret's name.
        Some(b'u') if digits(escape, 2, 6).is_some() => (hexadecimal(escape, 2, 6).unwrap_or('\u{fffd}'), 6),
        _ => as_it_is,
    }
}

fn digits(escape: &str, from: usize, to: usize) -> Option<u32> {
    u32::from_str_radix(escape.get(from..to)?, 16).ok()
}

fn hexadecimal(escape: &str, from: usize, to: usize) -> Option<char> {
    char::from_u32(digits(escape, from, to)?)
}

/// Behind the text in double quotes that starts here; None where it has no end.
pub(crate) fn text_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    None
}

/// Whether a text starts at this double quote. One behind a letter or a digit (`5" wide`) is no start.
pub(crate) fn opens_text(bytes: &[u8], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|at| bytes.get(at)).copied();
    match before(1) {
        Some(b'b' | b'c' | b'r') => !before(2).is_some_and(|byte| byte.is_ascii_alphanumeric()),
        Some(byte) => !byte.is_ascii_alphanumeric(),
        None => true,
    }
}

/// Behind the `char`, or the text in apostrophes, that starts here, if one does.
pub(crate) fn apostrophes_end(bytes: &[u8], start: usize) -> Option<usize> {
    let alphanumeric = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    if start > 0 && alphanumeric(start - 1) {
        return None;
    }
    let mut at = start + 1;
    while at < start + APOSTROPHE_REACH {
        match bytes.get(at)? {
            b'\n' => return None,
            b'\\' => at += 2,
            // `'''` is how Rust's `Debug` never writes it; a `char` that is an apostrophe is `'\''`.
            b'\'' if !alphanumeric(at + 1) => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}

/// Behind the group that starts with the bracket here, or the end of the text.
pub(crate) fn group_end(bytes: &[u8], start: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' if opens_text(bytes, at) => {
                at = text_end(bytes, at).unwrap_or(bytes.len());
                continue;
            }
            b'\'' => {
                at = apostrophes_end(bytes, at).unwrap_or(at + 1);
                continue;
            }
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// One of the three pairs of brackets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bracket {
    Round,
    Square,
    Curly,
}

impl Bracket {
    fn opened(byte: u8) -> Option<Self> {
        match byte {
            b'(' => Some(Self::Round),
            b'[' => Some(Self::Square),
            b'{' => Some(Self::Curly),
            _ => None,
        }
    }

    fn closed(byte: u8) -> Option<Self> {
        match byte {
            b')' => Some(Self::Round),
            b']' => Some(Self::Square),
            b'}' => Some(Self::Curly),
            _ => None,
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// How many groups of each kind are open here.
    open: [usize; 3],
    nodes: usize,
}

impl<'a> Parser<'a> {
    /// What stands up to a comma or the end of the group; the whole text where there is no group.
    fn item(&mut self, group: Option<Bracket>, depth: usize) -> Entry<'a> {
        let mut start = self.at;
        let mut raw = self.at;
        let mut parts = Vec::new();
        let mut key = None;
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b',' if group.is_some() => break,
                b'"' if opens_text(self.bytes, self.at) => {
                    self.push_atom(&mut parts, raw);
                    let text = self.quoted();
                    parts.push(text);
                    raw = self.at;
                }
                b'\'' => self.apostrophe(parts.is_empty() && self.blank(raw)),
                b'(' | b'[' | b'{' => {
                    let named = self.name_before(raw);
                    self.push_atom_until(&mut parts, raw, named);
                    let value = self.group(named, depth + 1);
                    parts.push(value);
                    raw = self.at;
                }
                b')' | b']' | b'}' if self.ends_a_group(byte) => break,
                b':' if group == Some(Bracket::Curly) && key.is_none() && self.ends_a_key(&parts) => {
                    self.push_atom(&mut parts, raw);
                    key = Some(self.value(start, std::mem::take(&mut parts)));
                    self.at += 1;
                    start = self.at;
                    raw = self.at;
                }
                _ => self.at += 1,
            }
        }
        self.push_atom(&mut parts, raw);
        let last = self.value(start, parts);
        match key {
            Some(key) => Entry { key, value: Some(last) },
            None => Entry { key: last, value: None },
        }
    }

    fn group(&mut self, start: usize, depth: usize) -> Value<'a> {
        let opening = self.at;
        let bracket = self.bytes.get(opening).and_then(|byte| Bracket::opened(*byte));
        let Some(bracket) = bracket.filter(|_| depth <= MAX_DEPTH && self.nodes < MAX_NODES) else {
            self.at = group_end(self.bytes, opening);
            return self.node(start, self.at, Shape::Unread);
        };
        self.at += 1;
        let entries = self.entries(bracket, depth);
        let name = self.text.get(start..opening).unwrap_or_default().trim_end();
        let keys = |entries: Vec<Entry<'a>>| entries.into_iter().map(|entry| entry.key).collect();
        let shape = match bracket {
            Bracket::Round => Shape::Tuple { name, items: keys(entries) },
            Bracket::Square => Shape::List { items: keys(entries) },
            Bracket::Curly if !name.is_empty() => Shape::Struct { name, entries },
            Bracket::Curly if entries.iter().any(|entry| entry.value.is_some()) => Shape::Map { entries },
            Bracket::Curly => Shape::Set { items: keys(entries) },
        };
        self.node(start, self.at, shape)
    }

    /// Up to and with the closing bracket.
    fn entries(&mut self, bracket: Bracket, depth: usize) -> Vec<Entry<'a>> {
        self.open[bracket as usize] += 1;
        let mut entries = Vec::new();
        loop {
            let entry = self.item(Some(bracket), depth);
            if entry.value.is_some() || !entry.key.text.is_empty() {
                entries.push(entry);
            }
            match self.bytes.get(self.at) {
                Some(b',') => self.at += 1,
                Some(byte) if Bracket::closed(*byte) == Some(bracket) => {
                    self.at += 1;
                    break;
                }
                // The end of a group around this one, or of the text.
                _ => break,
            }
        }
        self.open[bracket as usize] -= 1;
        entries
    }

    /// A closing bracket that closes nothing is text.
    fn ends_a_group(&self, byte: u8) -> bool {
        Bracket::closed(byte).is_some_and(|bracket| self.open[bracket as usize] > 0)
    }

    /// `Debug` writes a blank behind the colon of a key; JSON needs none, but its keys are in quotes.
    fn ends_a_key(&self, parts: &[Value<'a>]) -> bool {
        let quoted = matches!(parts, [Value { shape: Shape::Text { .. }, .. }]);
        quoted || self.bytes.get(self.at + 1).is_none_or(u8::is_ascii_whitespace)
    }

    fn quoted(&mut self) -> Value<'a> {
        let start = self.at;
        let end = text_end(self.bytes, start);
        self.at = end.map_or(self.bytes.len(), |end| end.min(self.bytes.len()));
        let inner_end = if end.is_some() { self.at - 1 } else { self.at };
        let inner = self.text.get(start + 1..inner_end).unwrap_or_default();
        self.node(start, self.at, Shape::Text { inner })
    }

    /// Steps over a text in apostrophes, so that what is in it separates nothing.
    fn apostrophe(&mut self, starts_a_value: bool) {
        let cut = starts_a_value && self.bytes.len() < self.at + APOSTROPHE_REACH;
        self.at = match apostrophes_end(self.bytes, self.at) {
            Some(end) => end.min(self.bytes.len()),
            None if cut && !self.text.get(self.at + 1..).unwrap_or_default().contains(['\'', '\n']) => {
                self.bytes.len()
            }
            None => self.at + 1,
        };
    }

    /// Where the name of the group that opens here starts; here, if it has none.
    fn name_before(&self, from: usize) -> usize {
        let raw = self.text.get(from..self.at).unwrap_or_default();
        let before = match self.bytes.get(self.at) {
            Some(b'{') => raw.strip_suffix(' ').unwrap_or(raw),
            Some(b'(') => raw,
            _ => "",
        };
        if !before.ends_with(|last: char| last.is_alphanumeric() || last == '_') {
            return self.at;
        }
        let rest = before.trim_end_matches(|part: char| part.is_alphanumeric() || part == '_' || part == ':');
        let colons = before.get(rest.len()..).unwrap_or_default();
        from + rest.len() + (colons.len() - colons.trim_start_matches(':').len())
    }

    fn blank(&self, from: usize) -> bool {
        self.text.get(from..self.at).unwrap_or_default().trim().is_empty()
    }

    fn push_atom(&mut self, parts: &mut Vec<Value<'a>>, from: usize) {
        self.push_atom_until(parts, from, self.at);
    }

    fn push_atom_until(&mut self, parts: &mut Vec<Value<'a>>, from: usize, to: usize) {
        let raw = self.text.get(from..to).unwrap_or_default();
        let start = from + (raw.len() - raw.trim_start().len());
        if !raw.trim().is_empty() {
            parts.push(self.node(start, start + raw.trim().len(), Shape::Atom));
        }
    }

    fn value(&mut self, start: usize, mut parts: Vec<Value<'a>>) -> Value<'a> {
        match parts.len() {
            0 => self.node(start, start, Shape::Atom),
            1 => parts.remove(0),
            _ => {
                let start = parts.first().map_or(start, |first| first.start);
                let end = parts.last().map_or(start, Value::end);
                self.node(start, end, Shape::Mixed { parts })
            }
        }
    }

    fn node(&mut self, start: usize, end: usize, shape: Shape<'a>) -> Value<'a> {
        self.nodes += 1;
        Value { start, text: self.text.get(start..end).unwrap_or_default(), shape }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fmt::Write as _;

    use super::{Edit, MAX_DEPTH, Shape, Unescaped, Value, replaced};

    /// The tree in short, to compare it with.
    fn sketch(value: &Value<'_>) -> String {
        let list = |items: &[Value<'_>]| items.iter().map(sketch).collect::<Vec<_>>().join(" ");
        let entries = |entries: &[super::Entry<'_>]| {
            let mut out = String::new();
            for entry in entries {
                let value =
                    entry.value.as_ref().map(|value| format!("={}", sketch(value))).unwrap_or_default();
                let _ = write!(out, " {}{value}", sketch(&entry.key));
            }
            out
        };
        match &value.shape {
            Shape::Atom => value.text.to_owned(),
            Shape::Text { inner } => format!("`{inner}`"),
            Shape::Struct { name, entries: fields } => {
                format!("struct {name}<{}>", entries(fields).trim_start())
            }
            Shape::Map { entries: pairs } => format!("map<{}>", entries(pairs).trim_start()),
            Shape::Tuple { name, items } => format!("tuple {name}<{}>", list(items)),
            Shape::List { items } => format!("list<{}>", list(items)),
            Shape::Set { items } => format!("set<{}>", list(items)),
            Shape::Mixed { parts } => format!("mixed<{}>", list(parts)),
            Shape::Unread => "unread".to_owned(),
        }
    }

    fn parsed(text: &str) -> String {
        sketch(&Value::parse(text))
    }

    #[derive(Debug)]
    #[expect(dead_code, reason = "only its `Debug` is used")]
    struct Order<'a> {
        id: u32,
        names: Vec<&'a str>,
        sizes: BTreeMap<&'a str, (i8, Option<char>)>,
        tags: BTreeSet<u8>,
        unit: (),
        inner: Option<Box<Order<'a>>>,
    }

    fn order(inner: Option<Box<Order<'_>>>) -> Order<'_> {
        let sizes = BTreeMap::from([("a, {b", (-1, Some('"'))), ("c", (2, None))]);
        Order {
            id: 42,
            names: vec!["x", "it's \"y\" \\ \n é"],
            sizes,
            tags: BTreeSet::from([1, 2]),
            unit: (),
            inner,
        }
    }

    #[test]
    fn what_debug_writes_is_read() {
        let plain = r#"struct Order<id=42 names=list<`x` `it's \"y\" \\ \n é`> sizes=map<`a, {b`=tuple <-1 tuple Some<'"'>> `c`=tuple <2 None>> tags=set<1 2> unit=tuple <> inner="#;
        let expected = format!("{plain}tuple Some<{plain}None>>>");
        let value = order(Some(Box::new(order(None))));
        assert_eq!(parsed(&format!("{value:?}")), expected);
        assert_eq!(parsed(&format!("{value:#?}")), expected, "the alternate form is the same tree");
    }

    #[test]
    fn other_texts_are_read_as_well_as_can_be() {
        let table = [
            ("", ""),
            ("42", "42"),
            ("1.5s", "1.5s"),
            ("<locked>", "<locked>"),
            ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z"),
            ("{2024-01-01T00:00:00Z, ..}", "set<2024-01-01T00:00:00Z ..>"),
            (
                "Mutex { data: <locked>, poisoned: false, .. }",
                "struct Mutex<data=<locked> poisoned=false ..>",
            ),
            ("a::B { c: d::E(1) }", "struct a::B<c=tuple d::E<1>>"),
            (r#"{"a":1,"b":[true,null]}"#, "map<`a`=1 `b`=list<true null>>"),
            (r#"b"ab\x00""#, r"mixed<b `ab\x00`>"),
            ("error 5 in Order { id: 42 }", "mixed<error 5 in struct Order<id=42>>"),
            ("U(name='a, b', n=1)", "tuple U<name='a, b' n=1>"),
            ("it's (a) smiley :)", "mixed<it's tuple <a> smiley :)>"),
            ("a) b] c}", "a) b] c}"),
            ("(a, [b, c)", "tuple <a list<b c>>"),
            ("A { b: C { d: \"e", "struct A<b=struct C<d=`e`>>"),
            ("A { b: C { d: \"e\\", "struct A<b=struct C<d=`e\\`>>"),
            ("A { b:", "struct A<b=>"),
            ("A { b", "struct A<b>"),
            ("A {", "struct A<>"),
            ("{\"key\": Some(", "map<`key`=tuple Some<>>"),
            ("'", "'"),
            ("'\\", "'\\"),
            ("\"", "``"),
        ];
        for (text, expected) in table {
            assert_eq!(parsed(text), expected, "{text}");
        }
    }

    #[test]
    fn each_part_is_where_it_says() {
        fn check(text: &str, value: &Value<'_>) {
            assert_eq!(&text[value.start..value.end()], value.text);
            let children: Vec<&Value<'_>> = match &value.shape {
                Shape::Atom | Shape::Text { .. } | Shape::Unread => Vec::new(),
                Shape::Struct { entries, .. } | Shape::Map { entries } => entries
                    .iter()
                    .flat_map(|entry| [Some(&entry.key), entry.value.as_ref()])
                    .flatten()
                    .collect(),
                Shape::Tuple { items, .. } | Shape::List { items } | Shape::Set { items } => {
                    items.iter().collect()
                }
                Shape::Mixed { parts } => parts.iter().collect(),
            };
            let mut done = value.start;
            for child in children {
                assert!(done <= child.start && child.end() <= value.end(), "in order and inside: {text}");
                done = child.end();
                check(text, child);
            }
        }
        let whole = format!("first {:#?}, then {:?}", order(Some(Box::new(order(None)))), order(None));
        for (end, _) in whole.char_indices() {
            check(&whole[..end], &Value::parse(&whole[..end]));
        }
    }

    #[test]
    fn a_text_prints_as_it_was_but_for_what_is_replaced() {
        let text = "A { b: 1, c: \"é\" }";
        assert_eq!(replaced(text, &[]), text);
        let edits = [Edit { start: 7, end: 8, with: "2" }, Edit { start: 13, end: 17, with: "<redacted>" }];
        assert_eq!(replaced(text, &edits), "A { b: 2, c: <redacted> }");
    }

    #[test]
    fn escapes_of_rust_and_of_json_are_undone() {
        let texts = ["plain é", "a\"b\\c\n\r\t\0'd", "\u{7f}\u{200b}é\u{1f600}", ""];
        for text in texts {
            let written = format!("{text:?}");
            assert_eq!(Unescaped::new(&written[1..written.len() - 1]).text, text);
        }
        let unescaped = Unescaped::new(r"\u00e9\/\x41\u{zz}\q\u12");
        assert_eq!(unescaped.text, r"é/A\u{zz}\q\u12");
        let origins: Vec<usize> = [0, 2, 3, 4].map(|at| unescaped.origin(at)).into();
        assert_eq!(origins, [0, 6, 8, 12]);
        assert_eq!(unescaped.origin(unescaped.text.len()), r"\u00e9\/\x41\u{zz}\q\u12".len());
    }

    #[test]
    fn what_is_nested_too_deep_is_not_read() {
        let deep = format!("{}1{}", "(".repeat(100_000), ")".repeat(100_000));
        let sketch = parsed(&deep);
        assert_eq!(sketch.matches("tuple").count(), MAX_DEPTH);
        assert!(sketch.contains("unread"));
        assert!(parsed(&format!("({deep}, 2)")).ends_with(" 2>"), "what follows on it is");
    }
}
