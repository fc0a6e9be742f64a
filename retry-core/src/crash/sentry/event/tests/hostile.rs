//! Whatever a report says, the event is one that a server takes, and it is made in time.

use super::super::Made;
use super::{frame, sent, variable};
use crate::crash::render::tests::full_report;
use crate::crash::report::{AttemptInfo, ContextEntry, Report, Shown, Source, Variable};
use crate::crash::sentry::About;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Texts that have broken readers of values.
pub(super) fn texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        " ",
        "\"",
        "'",
        "\\",
        "\"\\",
        "{",
        "}",
        "[",
        ")",
        "({[",
        "]})",
        ",",
        ":",
        "a:",
        "{:",
        "{: }",
        "{,}",
        "..",
        "...",
        "[...]",
        "\0",
        "\u{1b}[31m",
        "\u{202e}",
        "\u{feff}",
        "\u{10ffff}",
        "NaN",
        "-",
        "1e999",
        "<redacted>",
        "\"\\u{d800}\"",
        "\"\\ud800\"",
        "r#\"",
        "[] (5 items)",
        "\"\"... (x bytes)",
        "{\"\": {\"\": {\"\": 1}}}",
        "$type { $type: 1, $type: 2 }",
        "A { type: 1, type: 2 }",
        "é(é)",
        "((),)",
        "\u{2028}",
    ]
    .map(str::to_owned)
    .into();
    texts.extend([
        "(".repeat(100_000),
        "[".repeat(3_000) + &"]".repeat(3_000),
        "A { a: ".repeat(20_000),
        "\"".repeat(50_001),
        "\\\"".repeat(50_000),
        "\0".repeat(20_000),
        "é".repeat(40_000),
        "x".repeat(1_000_000),
        format!("[{}]", "{\"k\": 1}, ".repeat(30_000)),
        format!("{{{}}}", "\"k\": 1, ".repeat(30_000)),
        format!("{:?}", (0..5000).map(|key| (key, 0)).collect::<BTreeMap<u32, u8>>()),
        "a, ".repeat(30_000),
        format!("Rc({}", "RefCell { value: Node { next: Rc(".repeat(5_000)),
    ]);
    texts
}

/// A report in which each text is the one that is given next.
pub(super) fn report_of(mut next: impl FnMut() -> String, frames: usize) -> Report {
    let mut report = full_report();
    let shown = |text: String, number: usize| match number % 5 {
        0 => Shown::Redacted,
        1 => Shown::NotKept { hint: text },
        2 => Shown::Failed { why: text.clone(), text },
        3 => Shown::Value { text, cut: true },
        _ => Shown::Value { text, cut: false },
    };
    (report.message, report.fingerprint, report.process.os) = (next(), next(), next());
    (report.thread.name, report.thread.id, report.first_seen) = (Some(next()), next(), Some(next()));
    (report.type_name, report.process.executable) = (Some(next()), Some(next()));
    report.causes = (0..3).map(|_| next()).collect();
    report.notes = (0..3).map(|_| next()).collect();
    report.context =
        (0..8).map(|number| ContextEntry { name: next(), value: shown(next(), number) }).collect();
    for breadcrumb in report.breadcrumbs.iter_mut().take(2) {
        (breadcrumb.time, breadcrumb.target, breadcrumb.message) = (next(), next(), next());
        for field in &mut breadcrumb.fields {
            (field.name, field.value) = (next(), shown(next(), 3));
        }
    }
    report.frames = (0..frames)
        .map(|number| {
            let variables = (0..7).map(|number| Variable {
                argument: number < 3,
                as_of: (number == 4).then_some(9),
                ..variable(&next(), &next(), "")
            });
            let mut frame = frame("", variables.collect());
            for (number, variable) in frame.variables.iter_mut().enumerate() {
                variable.value = shown(next(), number + 2);
            }
            (frame.function, frame.in_app, frame.annotated) = (next(), number % 3 > 0, false);
            frame.source = Some(Source { first_line: 1, lines: (0..7).map(|_| next()).collect() });
            if let (Some(place), 1) = (&mut frame.place, number % 4) {
                place.file = next();
            }
            frame.path = Some(next());
            frame.address = Some(next());
            frame.attempt = (number % 5 == 4).then(|| AttemptInfo {
                number: 9,
                max: None,
                earlier: vec![next(), next()],
            });
            frame
        })
        .collect();
    report
}

pub(super) fn about_of(mut next: impl FnMut() -> String) -> About {
    let mut pairs = |names: &[&str]| -> BTreeMap<String, String> {
        let mut pairs: BTreeMap<_, _> = names.iter().map(|name| ((*name).to_owned(), next())).collect();
        pairs.insert(next(), next());
        pairs
    };
    About {
        tags: pairs(&["a", "environment", "b c"]),
        user: pairs(&["id", "email", "ip_address", "username", "plan"]),
        release: Some(next()),
        environment: Some(next()),
        server_name: Some(next()),
    }
}

/// As `sentry-relay` counts it.
pub(super) fn cost(value: &Json) -> usize {
    match value {
        Json::String(text) => text.len() + 3,
        Json::Array(items) => 3 + items.iter().map(cost).sum::<usize>(),
        Json::Object(parts) => 3 + parts.values().map(cost).sum::<usize>(),
        plain => plain.to_string().len() + 1,
    }
}

fn depth(value: &Json) -> usize {
    match value {
        Json::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Json::Object(parts) => 1 + parts.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Whether a mark stands where there is something, or where something was.
fn check_marks(value: &Json, marks: &Json, path: &str) {
    for (key, marks) in marks.as_object().unwrap() {
        if key.is_empty() {
            let remark = &marks["rem"][0];
            if let (Some(text), Some(end)) = (value.as_str(), remark[3].as_u64()) {
                let end = usize::try_from(end).unwrap();
                assert!(text.len() == end && text.ends_with("..."), "{path}: {marks} on {text:?}");
            }
            continue;
        }
        let part = match value {
            Json::Array(items) => &items[key.parse::<usize>().unwrap()],
            part => part.get(key).unwrap_or_else(|| panic!("{path}: there is no {key:?}")),
        };
        check_marks(part, marks, &format!("{path}.{key}"));
    }
}

fn check(report: &Report, about: &About) {
    let event = sent(report, about);
    let exceptions = event["exception"]["values"].as_array().unwrap();
    let frames = exceptions.last().unwrap()["stacktrace"]["frames"].as_array();
    for frame in frames.into_iter().flatten() {
        let Some(vars) = frame.get("vars") else { continue };
        let all: usize = vars.as_object().unwrap().values().map(cost).sum();
        assert!(all <= 2048, "{all}");
        assert!(depth(vars) <= 4, "{vars}");
    }
    if let Some(marks) = event.get("_meta") {
        check_marks(&event, marks, "");
    }
    assert!(!event.to_string().contains("\\u0000"), "databases refuse it");
}

#[test]
fn hostile_texts_everywhere_make_an_event() {
    let texts = texts();
    for text in &texts {
        check(&report_of(|| text.clone(), 3), &about_of(|| text.clone()));
    }
    let mut turn = texts.iter().cycle();
    check(&report_of(|| turn.next().cloned().unwrap_or_default(), 60), &About::default());
}

#[test]
fn random_texts_everywhere_make_an_event() {
    let mut next = random_texts(11);
    for _ in 0..300 {
        check(&report_of(&mut next, 4), &about_of(&mut next));
    }
}

/// Made of pieces that mean something where values are read.
pub(super) fn random_texts(seed: u64) -> impl FnMut() -> String {
    const PIECES: [&str; 31] = [
        "\"",
        "'",
        "\\",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        ", ",
        ": ",
        " ",
        "..",
        "...",
        "Some",
        "None",
        "A",
        "1",
        "-2.5",
        "true",
        "é",
        "\n",
        "\t",
        "\0",
        "<redacted>",
        " items)",
        "user",
        "password",
        "\\u{1f600}",
        "type",
        "\u{7f}",
    ];
    let mut random = fastrand::Rng::with_seed(seed);
    move || (0..random.usize(..25)).map(|_| PIECES[random.usize(..PIECES.len())]).collect()
}

/// Were it quadratic anywhere, this would take hours.
#[test]
fn a_huge_report_makes_an_event_that_is_not_too_large() {
    let huge = "Order { id: 42, name: \"é\\n\", lines: [1, 2, 3] }, ".repeat(20_000);
    let report = report_of(|| huge.clone(), 40);
    check(&report, &about_of(|| huge.clone()));

    let mut many = report_of(|| "é\\\"".repeat(500), 2_000);
    many.causes = vec!["é".repeat(9_000); 500];
    many.notes = vec!["é".repeat(9_000); 500];
    let frame = &mut many.frames[1_999];
    frame.in_app = true;
    frame.variables = (0..3_000).map(|number| variable(&format!("v{number}"), "i32", "[1, 2]")).collect();
    check(&many, &About::default());
    assert!(Made::new(&many, &About::default()).within(100_000).to_json().len() <= 400_000);
}
