//! Values in parts, and what of them fits.

use super::super::fit::{Fitted, fit_parts};
use super::super::marks::FILTERED;
use super::super::tree::Tree;
use crate::crash::report::Shown;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Debug;

fn tree(text: &str, cut: bool, type_name: &str) -> Tree {
    Tree::shown(&Shown::Value { text: text.into(), cut }, type_name, 3)
}

fn sent(text: &str, type_name: &str) -> Json {
    let Fitted { marked, cost } = tree(text, false, type_name).fit(10_000);
    assert_eq!(cost, tree(text, false, type_name).cost(), "all of it fits: {text}");
    marked.value
}

fn debug(value: &impl Debug) -> Json {
    let written = sent(&format!("{value:?}"), "");
    assert_eq!(sent(&format!("{value:#?}"), ""), written, "the alternate form is the same");
    written
}

#[derive(Debug)]
#[expect(dead_code, reason = "only its `Debug` is used")]
enum Shape {
    Point,
    Circle(f64),
    Line(i8, i8),
    Named { name: &'static str },
}

#[test]
fn values_are_sent_in_parts() {
    assert_eq!(debug(&(1, "a", 'b', true, ())), json!([1, "a", "'b'", true, "()"]));
    assert_eq!(debug(&[Some(1), None]), json!([1, null]));
    assert_eq!(debug(&Ok::<u8, String>(5)), json!({ "Ok": 5 }));
    assert_eq!(debug(&Shape::Point), json!("Point"));
    assert_eq!(debug(&Shape::Circle(1.5)), json!({ "Circle": 1.5 }));
    assert_eq!(debug(&Shape::Line(-1, 2)), json!({ "Line": [-1, 2] }));
    assert_eq!(debug(&Shape::Named { name: "n" }), json!({ "$type": "Named", "name": "n" }));
    assert_eq!(debug(&BTreeSet::from([1, 2])), json!([1, 2]));
    assert_eq!(debug(&BTreeMap::from([("a b", 1), ("\"", 2)])), json!({ "a b": 1, "\"": 2 }));
    assert_eq!(debug(&HashMap::from([(7, [0; 2])])), json!({ "7": [0, 0] }));
    assert_eq!(debug(&"line\n\tsecond \"é\" \0\u{1b}"), json!("line\n\tsecond \"é\" \\u{0}\\u{1b}"));
    assert_eq!(debug(&std::time::Duration::from_millis(1500)), json!("1.5s"));
    assert_eq!(debug(&std::sync::Mutex::new(1)), json!({ "$type": "Mutex", "data": 1, "poisoned": false }));
}

#[test]
fn a_name_that_the_type_says_is_not_said_again() {
    assert_eq!(sent("Order { id: 42 }", "&shop::Order"), json!({ "id": 42 }));
    assert_eq!(sent("[Order { id: 42 }]", "alloc::vec::Vec<shop::Order>"), json!([{ "id": 42 }]));
    assert_eq!(sent("UserId(42)", "shop::UserId"), json!(42));
    assert_eq!(sent("Order { id: 42 }", "shop::Orders"), json!({ "$type": "Order", "id": 42 }));
}

#[test]
fn numbers_are_numbers_only_where_a_browser_reads_the_same_number() {
    for exact in ["0", "-7", "9007199254740992", "-9007199254740992", "1.5", "-0.25", "0.0001"] {
        let sent = sent(exact, "");
        assert!(sent.is_number() && format!("{sent}") == exact, "{exact}");
    }
    for text in [
        "9007199254740993",
        "18446744073709551615",
        "170141183460469231731687303715884105727",
        "NaN",
        "inf",
        "-inf",
        "007",
        "1_000",
        "1e400",
        "1e-7",
        "3.4028235e38",
        "0x1f",
        "1.5s",
        "-",
        "2024-01-01",
    ] {
        assert_eq!(sent(text, ""), json!(text));
    }
}

#[test]
fn what_is_nested_deeper_than_the_server_keeps_is_a_text() {
    assert_eq!(sent("[[[[1, 2], 3]]]", ""), json!([[["[1, 2]", 3]]]));
    assert_eq!(sent("[[[[]]]]", ""), json!([[["[]"]]]));
    assert_eq!(
        sent("A { b: B { c: C { d: D { e: 1 } } } }", "A"),
        json!({ "b": { "$type": "B", "c": { "$type": "C", "d": "D { e: 1 }" } } })
    );
    assert_eq!(sent("Some(Some(Some(Some([1]))))", ""), json!([1]), "these are none for the server");
    assert_eq!(sent("[[Ok((1, 2))]]", ""), json!([[{ "Ok": "(1, 2)" }]]));
    assert_eq!(sent("[[Line(1, 2)]]", ""), json!([["Line(1, 2)"]]));
}

#[test]
fn secrets_in_values_are_filtered_and_marked() {
    let text = "Login { user: \"ada\", password: <redacted>, keys: [\"<redacted>\"] }";
    let Fitted { marked, .. } = tree(text, false, "Login").fit(1000);
    assert_eq!(marked.value, json!({ "user": "ada", "password": FILTERED, "keys": [FILTERED] }));
    let mark = json!({ "": { "rem": [["!config", "s"]] } });
    assert_eq!(Json::Object(marked.marks), json!({ "password": mark, "keys": { "0": mark } }));
}

#[test]
fn what_was_cut_when_it_was_captured_is_marked() {
    let table = [
        (
            "[1, 2, 3",
            json!([1, 2, "3..."]),
            json!({ "": { "rem": [["!limit", "x"]] }, "2": { "": { "rem": [["!limit", "s", 1, 4]] } } }),
        ),
        ("[\"a\", \"b\", ", json!(["a", "b"]), json!({ "": { "rem": [["!limit", "x"]] } })),
        ("\"abc", json!("abc..."), json!({ "": { "rem": [["!limit", "s", 3, 6]] } })),
        (
            "A { n: 5, s: \"x",
            json!({ "n": 5, "s": "x..." }),
            json!({ "": { "rem": [["!limit", "x"]] }, "s": { "": { "rem": [["!limit", "s", 1, 4]] } } }),
        ),
        ("None", json!("None..."), json!({ "": { "rem": [["!limit", "s", 4, 7]] } })),
        ("[[1]", json!([[1]]), json!({ "": { "rem": [["!limit", "x"]] } })),
    ];
    for (text, value, marks) in table {
        let Fitted { marked, .. } = tree(text, true, "A").fit(1000);
        assert_eq!((marked.value, Json::Object(marked.marks)), (value, marks), "{text}");
    }
    let snapshots = [
        ("[1, 2, ...] (300 items)", json!([1, 2]), json!({ "": { "len": 300 } })),
        ("{\"a\": 1, ...} (9 items)", json!({ "a": 1 }), json!({ "": { "len": 9 } })),
        (
            "\"ab\"... (70 bytes)",
            json!("ab..."),
            json!({ "": { "rem": [["!limit", "s", 2, 5]], "len": 70 } }),
        ),
        ("[1] (only)", json!("[1] (only)"), json!({})),
    ];
    for (text, value, marks) in snapshots {
        let Fitted { marked, .. } = tree(text, false, "").fit(1000);
        assert_eq!((marked.value, Json::Object(marked.marks)), (value, marks), "{text}");
    }
}

#[test]
fn what_does_not_fit_is_cut_at_its_end_and_marked() {
    let text = "é".repeat(100);
    let Fitted { marked, cost } = tree(&format!("{text:?}"), false, "").fit(50);
    assert_eq!(marked.value, json!(format!("{}...", "é".repeat(22))));
    assert_eq!(Json::Object(marked.marks), json!({ "": { "rem": [["!limit", "s", 44, 47]], "len": 100 } }));
    assert_eq!(cost, 50);

    let list: Vec<u32> = (0..1000).collect();
    let Fitted { marked, cost } = tree(&format!("{list:?}"), false, "").fit(50);
    assert_eq!(marked.value, json!((0..19).collect::<Vec<u32>>()));
    assert_eq!(Json::Object(marked.marks), json!({ "": { "len": 1000 } }));
    assert!((45..=50).contains(&cost), "{cost}");
}

#[test]
fn a_large_value_takes_nothing_from_small_ones() {
    let large = "x".repeat(50_000);
    let values = [("a", large.as_str()), ("b", "1"), ("z", "[1, 2]"), ("m", &large)];
    let parts = values.map(|(name, text)| (name.to_owned(), tree(text, false, ""))).into();
    let fitted = fit_parts(parts, |name, cost| (cost, name.to_owned()), 2040);
    assert_eq!((&fitted.values["b"], &fitted.values["z"]), (&json!(1), &json!([1, 2])));
    let length = |name: &str| fitted.values[name].as_str().unwrap().len();
    assert_eq!((length("a"), length("m")), (1012, 1013), "the two share what is left");
    assert_eq!((fitted.cost, fitted.left_out), (2040, 0));
}

#[test]
fn of_too_many_values_the_largest_are_left_out() {
    let parts = (0..500).map(|number| (format!("v{number}"), tree(&"x".repeat(number), false, ""))).collect();
    let fitted = fit_parts(parts, |name, cost| (cost, name.to_owned()), 2040);
    assert_eq!(fitted.values.len() + fitted.left_out, 500);
    let names: Vec<usize> = fitted.values.keys().map(|name| name[1..].parse().unwrap()).collect();
    assert_eq!(names.iter().max(), Some(&(names.len() - 1)), "the smallest are there");
    assert!((1990..=2040).contains(&fitted.cost), "{}", fitted.cost);
    assert!(names.len() > 55, "{}", names.len());
}

#[test]
fn keys_are_apart_and_never_empty() {
    let text = "{\"\": 1, \"a\": 2, \"a\": 3, \"a (again)\": 4, \"a\": 5}";
    let expected = json!({ "\"\"": 1, "a": 2, "a (again)": 3, "a (again) (again)": 4, "a (again 2)": 5 });
    assert_eq!(sent(text, ""), expected);
}
