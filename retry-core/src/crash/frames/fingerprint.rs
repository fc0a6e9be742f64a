//! Whether two crashes are the same one.

use super::super::report::Frame;

/// The newest functions that count.
const FUNCTIONS: usize = 8;

/// The same for the same crash on every machine: 16 hexadecimal digits. Of the message its first line counts, without
/// its values; of the stack the application's functions, whatever their lines, however often they called themselves.
pub(crate) fn fingerprint(kind: &str, message: &str, frames: &[Frame]) -> String {
    let mut hash = Fnv::new();
    hash.add(kind);
    hash.add(&without_values(message));
    let mut functions: Vec<&str> = Vec::new();
    let known = frames.iter().rev().filter(|frame| frame.is_own());
    for frame in
        known.filter(|frame| !frame.function.starts_with(['.', '<']) || frame.function.contains("::"))
    {
        let function = frame.function.trim_end_matches("::{closure}");
        if !functions.contains(&function) {
            functions.push(function);
        }
        if functions.len() == FUNCTIONS {
            break;
        }
    }
    for function in functions {
        hash.add(function);
    }
    if let Some(place) = frames.last().and_then(|frame| frame.place.as_ref()) {
        hash.add(&without_folder(&place.file));
    }
    format!("{:016x}", hash.0)
}

/// `src/main.rs`, wherever that is.
fn without_folder(file: &str) -> String {
    let mut parts: Vec<&str> = file.rsplit(['/', '\\']).take(2).collect();
    parts.reverse();
    parts.join("/")
}

/// The first line without numbers and what is quoted.
fn without_values(message: &str) -> String {
    let mut rest = message.lines().next().unwrap_or_default();
    let mut kept = String::new();
    while let Some(first) = rest.chars().next() {
        let in_word = kept.ends_with(char::is_alphanumeric);
        let taken = if is_uuid(rest) {
            kept.push('#');
            UUID
        } else if is_word(first) {
            let end = rest.find(|character| !is_word(character)).unwrap_or(rest.len());
            let (word, _) = rest.split_at(end);
            if is_number(word) {
                kept.truncate(kept.trim_end_matches(['-', '+']).len());
                // `1.5` and `2` are both a number.
                if kept.ends_with("#.") {
                    kept.pop();
                } else {
                    kept.push('#');
                }
            } else {
                kept.extend(word.chars().filter(|character| !character.is_ascii_digit()));
            }
            end
        } else if let Some(end) = (!in_word).then(|| end_of_quoted(rest, first)).flatten() {
            kept.push('"');
            end
        } else {
            kept.push(first);
            first.len_utf8()
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    kept
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

const UUID: usize = 36;

fn is_uuid(text: &str) -> bool {
    text.get(..UUID).is_some_and(|text| {
        text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
    })
}

/// Numbers, with units too, and hexadecimal ones.
fn is_number(word: &str) -> bool {
    let hexadecimal = word.len() >= 8 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    word.starts_with(|first: char| first.is_ascii_digit())
        || (hexadecimal && word.bytes().any(|byte| byte.is_ascii_digit()))
}

fn end_of_quoted(text: &str, quote: char) -> Option<usize> {
    if !['"', '\'', '`'].contains(&quote) {
        return None;
    }
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        if character == quote && !escaped {
            return Some(at + character.len_utf8());
        }
        escaped = character == '\\' && !escaped;
    }
    None
}

/// FNV-1a: the same everywhere, and for ever.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// With an end, so that two texts are not one.
    fn add(&mut self, text: &str) {
        text.bytes().chain([0xff]).for_each(|byte| self.add_byte(byte));
    }

    fn add_byte(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
}

#[cfg(test)]
mod tests {
    use super::{Fnv, fingerprint, without_values};
    use crate::crash::report::{Frame, Place};

    fn frame(function: &str, in_app: bool, file: &str, line: u32) -> Frame {
        let place = Some(Place { file: file.to_owned(), line, column: None });
        Frame { function: function.to_owned(), in_app, place, ..Frame::default() }
    }

    #[test]
    fn values_do_not_count() {
        for (one, other) in [
            (
                "index out of bounds: the len is 3 but the index is 99",
                "index out of bounds: the len is 0 but the index is 1",
            ),
            ("no file \"a b.txt\"", "no file \"\""),
            ("no file \"a \\\" b\"", "no file \"c\""),
            ("at 0xdeadbeef", "at 0x7ff0"),
            ("took -1.5ms", "took 20s"),
            ("id 550e8400-e29b-41d4-a716-446655440000", "id fedcbaab-abcd-41d4-dead-446655440000"),
            ("user42 is out", "user7 is out"),
            ("byte index 1 of `é`", "byte index 2 of `hello`"),
            ("assertion `left == right` failed\n  left: 1", "assertion `left == right` failed\n  left: 2"),
        ] {
            assert_eq!(without_values(one), without_values(other));
        }
        assert_ne!(without_values("can't open it, won't try"), without_values("can't close it, won't try"));
        assert_ne!(without_values("timed out"), without_values("not found"));
        assert_eq!(without_values("it's 'half open"), "it's 'half open");
        assert_eq!(without_values(""), "");
    }

    #[test]
    fn the_application_s_functions_count_and_nothing_else_of_the_stack() {
        let stack = [
            frame("shop::main", true, "src/main.rs", 3),
            frame("core::iter::map", false, "/rustc/x/map.rs", 1),
            frame("shop::run", true, "src/main.rs", 9),
            frame("shop::divide", true, "src/orders.rs", 12),
        ];
        let print = |frames: &[Frame]| fingerprint("panic", "divided by 0", frames);
        let expected = print(&stack);
        assert_eq!(expected.len(), 16);
        assert!(expected.bytes().all(|byte| byte.is_ascii_hexdigit()));

        let mut elsewhere = stack.to_vec();
        elsewhere[3] = Frame {
            address: Some("0x1".to_owned()),
            ..frame("shop::divide", true, r"C:\a\src\orders.rs", 99)
        };
        elsewhere.remove(1);
        elsewhere.insert(1, elsewhere[1].clone());
        assert_eq!(print(&elsewhere), expected);

        elsewhere[3].function = "shop::multiply".to_owned();
        assert_ne!(print(&elsewhere), expected);
        assert_ne!(fingerprint("error", "divided by 0", &stack), expected);
        assert_ne!(fingerprint("panic", "not found", &stack), expected);
        assert_eq!(print(&[]).len(), 16);
    }

    #[test]
    fn the_sum_is_the_published_one() {
        let mut hash = Fnv::new();
        b"foobar".iter().for_each(|byte| hash.add_byte(*byte));
        assert_eq!(hash.0, 0x8594_4171_f739_67e8);
    }
}
