//! Whole reports, and what is written of them.

use super::super::report::{
    App, AttemptInfo, Breadcrumb, BreadcrumbField, ContextEntry, Frame, Kind, Level, Place, Process, Report,
    SCHEMA, Shown, Source, Thread, Variable,
};
use super::{Style, body, headline, text};

fn place(file: &str, line: u32, column: Option<u32>) -> Place {
    Place { file: file.into(), line, column }
}

fn value(text: &str) -> Shown {
    Shown::Value { text: text.into(), cut: false }
}

fn variable(name: &str, type_name: &str, value: Shown) -> Variable {
    Variable { name: name.into(), type_name: type_name.into(), value, as_of: None, argument: false }
}

fn argument(name: &str, type_name: &str, value: Shown) -> Variable {
    Variable { argument: true, ..variable(name, type_name, value) }
}

fn own(function: &str, place: Place) -> Frame {
    Frame { function: function.into(), place: Some(place), in_app: true, ..Frame::default() }
}

fn library(function: &str) -> Frame {
    Frame { function: function.into(), place: Some(place("/lib/a.rs", 1, None)), ..Frame::default() }
}

/// The article's example.
pub(super) fn small_report() -> Report {
    Report {
        schema: SCHEMA,
        id: "0123456789abcdef0123456789abcdef".into(),
        time: "2024-05-01T12:00:00.000Z".into(),
        kind: Kind::Panic,
        message: "attempt to divide by zero".into(),
        type_name: None,
        place: Some(place("src/main.rs", 82, Some(5))),
        thread: Thread { name: Some("main".into()), id: "1".into() },
        app: None,
        process: Process {
            pid: 77,
            executable: None,
            os: "linux".into(),
            arch: "x86_64".into(),
            debug: true,
        },
        context: Vec::new(),
        breadcrumbs: Vec::new(),
        causes: Vec::new(),
        frames: vec![
            Frame {
                annotated: true,
                variables: vec![variable("d", "i32", value("0"))],
                ..own("shop::run", place("src/main.rs", 86, None))
            },
            Frame {
                annotated: true,
                variables: vec![
                    argument("order", "&shop::Order", value("Order { id: 42 }")),
                    argument("d", "i32", value("0")),
                    variable("c", "i32", value("1")),
                ],
                ..own("shop::divide", place("src/main.rs", 82, None))
            },
        ],
        notes: Vec::new(),
        fingerprint: "0123456789abcdef".into(),
        occurrences: 1,
        first_seen: None,
    }
}

/// Every field, and every state of a value.
pub(in super::super) fn full_report() -> Report {
    let small = small_report();
    let mut divide = small.frames[1].clone();
    divide.function = "shop::orders::Order::share".into();
    divide.place = Some(place("src/orders.rs", 82, Some(22)));
    divide.path = Some("/home/ada/shop/src/orders.rs".into());
    divide.address = Some("0x55d0c0de1234".into());
    divide.source = Some(Source {
        first_line: 79,
        lines: vec![
            "impl Order {".into(),
            "    fn share(&self, d: i32) -> i32 {".into(),
            "        let c = 1;".into(),
            "        c / d".into(),
            "    }".into(),
        ],
    });
    divide.variables.extend([
        argument("token", "&str", Shown::Redacted),
        argument("client", "&reqwest::async_impl::client::Client", Shown::NotKept { hint: "list it".into() }),
        variable(
            "basket",
            "shop::Basket",
            Shown::Failed { why: "Debug panicked: no lock".into(), text: "Basket { items: ".into() },
        ),
        Variable {
            as_of: Some(80),
            ..variable("lines", "Vec<String>", Shown::Value { text: "[\"a\", \"b\", ".into(), cut: true })
        },
    ]);
    let mut run = small.frames[0].clone();
    run.source = Some(Source {
        first_line: 85,
        lines: vec!["    {".into(), "        divide(d);".into(), "    }".into()],
    });
    run.attempt =
        Some(AttemptInfo { number: 3, max: Some(5), earlier: vec!["timed out".into(), "slow down".into()] });
    Report {
        type_name: Some("&str".into()),
        app: Some(App { name: "shop".into(), version: "1.2.3".into() }),
        process: Process { executable: Some("/usr/bin/shop".into()), ..small.process.clone() },
        context: vec![ContextEntry { name: "project".into(), value: value("\"north\"") }],
        breadcrumbs: vec![
            Breadcrumb {
                time: "2024-04-30T23:59:59.000Z".into(),
                level: Level::Info,
                target: "shop".into(),
                message: "open".into(),
                fields: Vec::new(),
            },
            Breadcrumb {
                time: "2024-05-01T11:59:58.250Z".into(),
                level: Level::Warn,
                target: "retry_core".into(),
                message: "attempt failed".into(),
                fields: vec![
                    BreadcrumbField { name: "attempt".into(), value: value("2") },
                    BreadcrumbField { name: "token".into(), value: Shown::Redacted },
                ],
            },
        ],
        causes: vec!["attempt to divide by zero".into(), "no share is left".into()],
        frames: vec![
            library("tokio::runtime::run"),
            run,
            library("core::ops::call"),
            library("core::x"),
            divide,
        ],
        notes: vec!["the second context provider took too long".into()],
        occurrences: 4,
        first_seen: Some("2024-05-01T11:58:00.000Z".into()),
        ..small
    }
}

const PLAIN: Style = Style { colors: false, hyperlinks: false };
const COLORS: Style = Style { colors: true, hyperlinks: false };

#[track_caller]
fn same(written: &str, expected: &str) {
    assert_eq!(written, expected, "\n{}\n{}", written.escape_debug(), expected.escape_debug());
}

#[test]
fn the_articles_shape() {
    let expected = "\
thread 'main' panicked at src/main.rs:82:5:
attempt to divide by zero

  run, src/main.rs:86
    d = 0
  divide, src/main.rs:82
    order = Order { id: 42 }
    d = 0
    c = 1
";
    same(&text(&small_report(), PLAIN), expected);
    same(&small_report().to_text(false), expected);
}

#[test]
fn everything_there_is_to_say() {
    let expected = "\
thread 'main' panicked at src/main.rs:82:5:
attempt to divide by zero
  shop 1.2.3

  caused by
    1. no share is left

  ... 1 frame of a library
  run, src/main.rs:86
    > 86 | divide(d);
    attempt 3 of 5; before it: 1. timed out, 2. slow down
    d = 0
  ... 2 frames of libraries
  Order::share, src/orders.rs:82
      80 | fn share(&self, d: i32) -> i32 {
      81 |     let c = 1;
    > 82 |     c / d
      83 | }
    order = Order { id: 42 }
    d = 0
    c = 1
    token = <redacted>
    client: &Client (not kept)
    basket = Basket { items: <Debug panicked: no lock>
    lines = [\"a\", \"b\", ... (as of line 80)

  context
    project = \"north\"

  before it happened
    2024-04-30T23:59:59.000Z INFO shop: open
    11:59:58.250 WARN retry_core: attempt failed; attempt = 2, token = <redacted>

  not kept: list it
  note: the second context provider took too long
  seen 4 times, first at 2024-05-01T11:58:00.000Z
";
    same(&text(&full_report(), PLAIN), expected);
}

#[test]
fn the_same_in_colors() {
    let expected = "\
thread 'main' panicked at \x1b[36msrc/main.rs:82:5\x1b[0m:
\x1b[1;31mattempt to divide by zero\x1b[0m

  \x1b[1mrun\x1b[0m, \x1b[36msrc/main.rs:86\x1b[0m
    \x1b[94md\x1b[0m = 0
  \x1b[1mdivide\x1b[0m, \x1b[36msrc/main.rs:82\x1b[0m
    \x1b[94morder\x1b[0m = Order { id: 42 }
    \x1b[94md\x1b[0m = 0
    \x1b[94mc\x1b[0m = 1
";
    same(&text(&small_report(), COLORS), expected);
}

#[test]
fn colors_change_nothing_but_colors() {
    let colored = text(&full_report(), COLORS);
    let mut plain = String::new();
    for (number, part) in colored.split("\x1b[").enumerate() {
        plain.push_str(if number == 0 {
            part
        } else {
            part.split_once('m').expect("each code has an end").1
        });
    }
    same(&plain, &text(&full_report(), PLAIN));
}

#[test]
fn the_headline_and_the_rest_are_the_whole() {
    let report = full_report();
    let first = headline(&report.message, report.place.as_ref(), &report.thread);
    same(&first, "thread 'main' panicked at src/main.rs:82:5:\nattempt to divide by zero\n");
    same(&format!("{first}{}", body(&report, PLAIN)), &text(&report, PLAIN));
    let nameless = Thread { name: None, id: "7".into() };
    same(&headline("out", None, &nameless), "thread '<unnamed>' (7) panicked:\nout\n");
}

#[test]
fn an_error_with_its_causes() {
    let report = Report {
        kind: Kind::Error,
        message: "cannot read the settings".into(),
        causes: vec!["shop.toml is broken".into(), "expected `]`\nat line 3".into()],
        frames: Vec::new(),
        ..small_report()
    };
    let expected = "\
error: cannot read the settings
  in thread 'main' at src/main.rs:82:5

  caused by
    1. shop.toml is broken
    2. expected `]`
       at line 3
";
    same(&text(&report, PLAIN), expected);
}

#[test]
fn values_of_several_lines_stay_under_their_names() {
    let mut report = small_report();
    report.message = "first\r\nsecond".into();
    report.frames.truncate(1);
    report.frames[0].variables = vec![variable("order", "Order", value("Order {\n    id: 42,\n}"))];
    let expected = "\
thread 'main' panicked at src/main.rs:82:5:
first
second

  run, src/main.rs:86
    order = Order {
        id: 42,
    }
";
    same(&text(&report, PLAIN), expected);
}

#[test]
fn nothing_gives_orders_to_the_terminal() {
    let hostile = "a\x1b]0;title\x07\x1b[2Jb\u{9b}31m\r\x08c\u{202e}d\te\n  f";
    let mut report = full_report();
    report.message = hostile.into();
    report.thread.name = Some(hostile.into());
    report.app = Some(App { name: hostile.into(), version: hostile.into() });
    report.place = Some(place(hostile, 1, None));
    report.causes = vec![hostile.into()];
    report.notes = vec![hostile.into()];
    report.first_seen = Some(hostile.into());
    report.context = vec![ContextEntry { name: hostile.into(), value: value(hostile) }];
    for frame in &mut report.frames {
        frame.function = hostile.into();
        frame.place = Some(place(hostile, 80, None));
        frame.source = Some(Source { first_line: 79, lines: vec![hostile.into(), hostile.into()] });
        frame.attempt = Some(AttemptInfo { number: 1, max: None, earlier: vec![hostile.into()] });
        frame.variables = vec![
            variable(hostile, hostile, value(hostile)),
            variable(hostile, hostile, Shown::NotKept { hint: hostile.into() }),
            variable(hostile, hostile, Shown::Failed { why: hostile.into(), text: hostile.into() }),
        ];
    }
    let written = text(&report, PLAIN);
    let bad: Vec<char> = written.chars().filter(|letter| letter.is_control() && *letter != '\n').collect();
    assert!(bad.is_empty(), "{bad:?} in {written}");
    assert!(!written.contains('\u{202e}'));
    assert!(written.contains(r"a\u{1b}]0;title\u{7}\u{1b}[2Jb\u{9b}31m\r\u{8}c\u{202e}d    e"));
    // A line of a value's own never looks like a frame.
    let body = body(&report, PLAIN);
    assert!(!body.lines().any(|line| line == "  f"), "{body}");
    let links = text(&report, Style { colors: true, hyperlinks: true });
    assert!(!links.contains("\x1b]0;") && !links.contains("\x1b[2J"));
}

#[test]
fn places_are_links_where_the_terminal_has_them() {
    let mut report = small_report();
    report.frames.truncate(1);
    report.place = Some(place("/home/bob/my shop/é.rs", 7, None));
    report.frames[0].place = Some(place("no/such/file.rs", 8, None));
    let written = text(&report, Style { colors: false, hyperlinks: true });
    let (before, link) = written.split_once("\x1b]8;;file://").expect("a link");
    assert_eq!(before, "thread 'main' panicked at ");
    let (host, path) = link.split_once('/').expect("a path");
    assert!(!host.contains(['\x1b', ' ']));
    let expected = "home/bob/my%20shop/%C3%A9.rs\x1b\\/home/bob/my shop/é.rs:7\x1b]8;;\x1b\\:\n";
    assert!(path.starts_with(expected), "{path:?}");
    assert!(path.contains("run, no/such/file.rs:8\n"), "what is not there is no link: {path:?}");
}

#[test]
fn libraries_alone_are_shown_and_long_recursions_are_not() {
    let mut report = small_report();
    report.frames = vec![library("a::one"), library("a::two")];
    assert!(text(&report, PLAIN).ends_with("\n  a::one, /lib/a.rs:1\n  a::two, /lib/a.rs:1\n"));
    report.frames =
        (0..10_000).map(|line| own("shop::Tree::walk", place("src/tree.rs", line, None))).collect();
    let written = text(&report, PLAIN);
    assert_eq!(written.lines().count(), 2 + 1 + 60 + 1);
    assert!(written.contains("src/tree.rs:19\n  ... 9940 frames more\n  Tree::walk, src/tree.rs:9960\n"));
}

#[test]
fn functions_lose_the_modules_that_their_places_tell() {
    let table = [
        ("shop::orders::divide", "divide"),
        ("shop::orders::Order::total", "Order::total"),
        ("shop::run::{{closure}}", "run::{{closure}}"),
        ("<shop::Order as core::fmt::Debug>::fmt", "<shop::Order as core::fmt::Debug>::fmt"),
        ("shop::sum::<shop::Order>", "sum::<shop::Order>"),
        ("main", "main"),
        ("", ""),
    ];
    for (function, shown) in table {
        let mut report = small_report();
        report.frames = vec![own(function, place("a.rs", 1, None))];
        assert!(text(&report, PLAIN).ends_with(&format!("\n  {shown}, a.rs:1\n")), "{function}");
    }
}

#[test]
fn many_earlier_errors_and_hints_are_said_short() {
    let mut report = small_report();
    report.frames.truncate(1);
    report.frames[0].attempt = Some(AttemptInfo {
        number: 9,
        max: None,
        earlier: (1..9).map(|number| format!("e{number}")).collect(),
    });
    let not_kept =
        |name| variable(name, "std::sync::Arc<shop::Client>", Shown::NotKept { hint: "list it".into() });
    report.frames[0].variables = vec![not_kept("a"), not_kept("b")];
    let expected = "\
thread 'main' panicked at src/main.rs:82:5:
attempt to divide by zero

  run, src/main.rs:86
    attempt 9; before it: ..., 4. e4, 5. e5, 6. e6, 7. e7, 8. e8
    a: Arc<Client> (not kept)
    b: Arc<Client> (not kept)

  not kept: list it
";
    same(&text(&report, PLAIN), expected);
}

#[test]
fn our_own_words_are_ascii() {
    assert!(text(&full_report(), PLAIN).is_ascii());
}

#[test]
fn the_markdown_of_a_long_message_is_what_a_tracker_takes() {
    let mut report = full_report();
    report.message = "<b>".repeat(1_000_000);
    let markdown = report.to_markdown();
    assert!(markdown.chars().count() < 65_536, "{}", markdown.chars().count());
    assert!(markdown.starts_with("**Panic:** `<b><b>"));
}

#[test]
fn many_hints_are_each_said_once_in_their_order() {
    let mut report = small_report();
    let hints = (0..3).flat_map(|_| ["list b", "list a"]);
    let not_kept = |hint: &str| variable("x", "X", Shown::NotKept { hint: hint.into() });
    report.frames[1].variables = hints.map(not_kept).collect();
    let written = report.to_text(false);
    assert!(written.ends_with("\n\n  not kept: list b\n  not kept: list a\n"), "{written}");
}
