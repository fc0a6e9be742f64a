//! Whether two crashes are the same one.
//!
//! What builds of the same source know differs: with line tables alone, what is inlined has neither its modules nor, if it is a
//! closure or an async function, a name; without any, what is inlined is no frame at all; stripped, no function has a name.
//! The message and its place, down to the column, are the same in all of them.

use super::super::report::{Frame, Place};

/// The newest functions that count.
const FUNCTIONS: usize = 8;

/// The same for the same crash on every machine: 16 hexadecimal digits. Of the message its first line counts, without
/// its values; of its place the file and the column; of the stack the names of the application's functions, without
/// modules and types, whatever their lines, however often they called themselves. Closures and async functions count only
/// where the crash is in one. Where that function has no name, its line stands for it.
pub(crate) fn fingerprint(kind: &str, message: &str, place: Option<&Place>, frames: &[Frame]) -> String {
    let mut hash = Fnv::new();
    hash.add(kind);
    hash.add(&without_values(message));
    let place = place.or(frames.last().and_then(|frame| frame.place.as_ref()));
    if let Some(place) = place {
        hash.add(&without_folder(&place.file));
        hash.add(&place.column.unwrap_or(0).to_string());
    }
    let mut own = frames.iter().rev().filter(|frame| frame.is_own());
    let newest = own.next();
    match newest.and_then(|frame| name(&frame.function)) {
        Some(Name { plain, .. }) => hash.add(plain),
        None => {
            let place = newest.and_then(|frame| frame.place.as_ref()).or(place);
            hash.add(&place.map_or(0, |place| place.line).to_string());
        }
    }
    let mut functions = Vec::new();
    for frame in newest.into_iter().chain(own) {
        match name(&frame.function) {
            Some(Name { plain, is_within: false }) if !functions.contains(&plain) => functions.push(plain),
            _ => {}
        }
        if functions.len() == FUNCTIONS {
            break;
        }
    }
    for function in functions {
        hash.add(function);
    }
    format!("{:016x}", hash.0)
}

/// How a function is called in every build that knows its name.
struct Name<'a> {
    /// Without modules, types and generics.
    plain: &'a str,
    /// Whether it is a closure in that function, or what an async function became.
    is_within: bool,
}

fn name(function: &str) -> Option<Name<'_>> {
    let mut whole = function;
    while let Some(outer) = whole.strip_suffix("::{closure}") {
        whole = outer;
    }
    let mut depth = 0_i32;
    let mut last = 0;
    for (at, letter) in whole.char_indices() {
        match letter {
            '<' | '{' => depth += 1,
            '>' | '}' => depth -= 1,
            ':' if depth == 0 => last = at + 1,
            _ => {}
        }
    }
    let plain = whole.get(last..)?;
    let plain = plain.split_once('<').map_or(plain, |(plain, _)| plain);
    let is_name = plain.starts_with(|first: char| first.is_alphabetic() || first == '_');
    is_name.then_some(Name { plain, is_within: whole.len() < function.len() })
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
    use std::collections::HashSet;

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
        let print = |frames: &[Frame]| fingerprint("panic", "divided by 0", None, frames);
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
        assert_ne!(fingerprint("error", "divided by 0", None, &stack), expected);
        assert_ne!(fingerprint("panic", "not found", None, &stack), expected);
        assert_eq!(print(&[]).len(), 16);
    }

    /// A program of eleven crashes, as its reports were when it was built in these ways: the message, the line and column of
    /// the place, and the own frames, oldest first.
    struct Crash {
        message: &'static str,
        at: (u32, u32),
        full: &'static str,
        symbols: &'static str,
        lines: &'static str,
        release: &'static str,
        stripped: &'static str,
    }

    const BY_ZERO: &str = "attempt to divide by zero";
    const MAIN: &str = "shop::main, shop::main::{closure}, shop::main::{closure}";
    const MAIN_IN_LINES: &str = "main, {closure#2}::{closure}, {closure#3}::{closure}";
    const RELEASE: &str = "shop::main, shop::main::{closure}";

    const CRASHES: [Crash; 9] = [
        Crash {
            message: BY_ZERO,
            at: (5, 50),
            full: "MAIN, shop::orders::run, shop::orders::divide",
            symbols: "MAIN, shop::orders::run, shop::orders::divide",
            lines: "LINES, run, divide",
            release: "RELEASE",
            stripped: "<unknown>",
        },
        Crash {
            message: "index out of bounds: the len is 2 but the index is 7",
            at: (6, 61),
            full: "MAIN, shop::orders::index",
            symbols: "MAIN, shop::orders::index",
            lines: "LINES, index",
            release: "RELEASE",
            stripped: "<unknown>",
        },
        Crash {
            message: "index out of bounds: the len is 1 but the index is 3",
            at: (8, 65),
            full: "MAIN, shop::orders::generic",
            symbols: "MAIN, shop::orders::generic",
            lines: "main, shop::main::{closure}, {closure#6}::{closure}, shop::orders::generic",
            release: "RELEASE",
            stripped: "<unknown>",
        },
        Crash {
            message: "assertion `left != right` failed: no id\n  left: 0\n right: 0",
            at: (10, 69),
            full: "MAIN, shop::orders::Order::total, shop::orders::Order::inner",
            symbols: "MAIN, shop::orders::Order::total, shop::orders::Order::inner",
            lines: "LINES, total, inner",
            release: "RELEASE",
            stripped: "<unknown>",
        },
        Crash {
            message: "no sum for 0",
            at: (12, 40),
            full: "MAIN, shop::orders::dispatch, <shop::orders::Order as Total>::sum",
            symbols: "MAIN, shop::orders::dispatch, <shop::orders::Order as Total>::sum",
            lines: "LINES, dispatch, <shop::orders::Order as Total>::sum",
            release: "RELEASE, <shop::orders::Order as Total>::sum",
            stripped: "<unknown>",
        },
        Crash {
            message: "two",
            at: (14, 76),
            full: "MAIN, shop::orders::closure, shop::orders::closure::{closure}",
            symbols: "MAIN, shop::orders::closure, shop::orders::closure::{closure}",
            lines: "LINES, closure, {closure#0}::{closure}",
            release: "RELEASE",
            stripped: "<unknown>",
        },
        Crash {
            message: BY_ZERO,
            at: (16, 43),
            full: "MAIN, shop::orders::annotated",
            symbols: "MAIN, shop::orders::annotated",
            lines: "LINES, annotated",
            release: "RELEASE, shop::orders::annotated",
            stripped: "shop::orders::annotated, <unknown>",
        },
        Crash {
            message: BY_ZERO,
            at: (17, 65),
            full: "MAIN, shop::orders::mapped, shop::orders::mapped::{closure}",
            symbols: "MAIN, shop::orders::mapped, shop::orders::mapped::{closure}",
            lines: "LINES, mapped, {closure#0}::{closure}",
            release: "RELEASE",
            stripped: "<unknown>",
        },
        Crash {
            message: BY_ZERO,
            at: (18, 33),
            full: "MAIN, shop::orders::blocked, shop::orders::outer::{closure}, shop::orders::inner::{closure}",
            symbols: "MAIN, shop::orders::blocked, shop::orders::outer::{closure}, shop::orders::inner::{closure}",
            lines: "LINES, blocked, {async_fn#0}::{closure}, {async_fn#0}::{closure}",
            release: "RELEASE",
            stripped: "<unknown>",
        },
    ];

    fn in_build(crash: &Crash, functions: &str) -> String {
        let functions = functions.replace("MAIN", MAIN).replace("LINES", MAIN_IN_LINES);
        let functions = functions.replace("RELEASE", RELEASE);
        let place = Place { file: "src/orders.rs".into(), line: crash.at.0, column: Some(crash.at.1) };
        let mut frames: Vec<_> = functions
            .split(", ")
            .map(|function| Frame { function: function.into(), in_app: true, ..Frame::default() })
            .collect();
        frames.last_mut().expect("there is one").place = Some(Place { column: None, ..place.clone() });
        fingerprint("panic", crash.message, Some(&place), &frames)
    }

    #[test]
    fn builds_that_know_the_functions_have_the_same_fingerprints() {
        for crash in &CRASHES {
            assert_eq!(in_build(crash, crash.symbols), in_build(crash, crash.full), "{}", crash.full);
            let is_closure = crash.lines.ends_with("{closure}");
            let same = in_build(crash, crash.lines) == in_build(crash, crash.full);
            assert_eq!(same, !is_closure, "{}", crash.full);
        }
    }

    #[test]
    fn no_build_takes_one_crash_for_another() {
        let builds: [fn(&Crash) -> &'static str; 4] =
            [|crash| crash.full, |crash| crash.lines, |crash| crash.release, |crash| crash.stripped];
        for build in builds {
            let all: HashSet<_> = CRASHES.iter().map(|crash| in_build(crash, build(crash))).collect();
            assert_eq!(all.len(), CRASHES.len());
        }
    }

    #[test]
    fn names_are_without_modules_types_and_generics() {
        let named = |function| super::name(function).map(|name| (name.plain, name.is_within));
        for (function, expected) in [
            ("shop::orders::divide", Some(("divide", false))),
            ("divide", Some(("divide", false))),
            ("<shop::Order as core::fmt::Debug>::fmt", Some(("fmt", false))),
            ("shop::sum::<shop::Order>", None),
            ("shop::sum<shop::Order>", Some(("sum", false))),
            ("shop::run::{closure}::{closure}", Some(("run", true))),
            ("{closure#2}::{closure}", None),
            ("{async_fn#0}::{closure}", None),
            ("{closure#0}<shop::run::{closure_env#0}>::{closure}", None),
            ("<unknown>", None),
            ("", None),
            (">>::a", None),
        ] {
            assert_eq!(named(function), expected, "{function}");
        }
    }

    #[test]
    fn the_sum_is_the_published_one() {
        let mut hash = Fnv::new();
        b"foobar".iter().for_each(|byte| hash.add_byte(*byte));
        assert_eq!(hash.0, 0x8594_4171_f739_67e8);
    }
}
