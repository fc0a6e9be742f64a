//! Whole events, and what is in them of a report.

mod hostile;
mod relay;
mod values;

use super::super::About;
use super::{Made, id};
use crate::crash::render::tests::full_report;
use crate::crash::report::{ContextEntry, Frame, Kind, Place, Report, Shown, Source, Variable};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// The event as it is posted.
pub(super) fn sent(report: &Report, about: &About) -> Json {
    let json = super::json(report, about);
    assert!(json.len() <= super::LARGEST, "{} bytes", json.len());
    serde_json::from_slice(&json).unwrap()
}

fn about() -> About {
    let texts = |pairs: &[(&str, &str)]| {
        pairs
            .iter()
            .map(|(name, text)| ((*name).into(), (*text).into()))
            .collect::<BTreeMap<String, String>>()
    };
    About {
        release: Some("shop-server@7.0".into()),
        environment: Some("staging".into()),
        server_name: Some("north-1".into()),
        tags: texts(&[("team", "orders")]),
        user: texts(&[("id", "17"), ("email", "ada@example.org"), ("plan", "gold")]),
    }
}

pub(super) fn variable(name: &str, type_name: &str, text: &str) -> Variable {
    Variable {
        name: name.into(),
        type_name: type_name.into(),
        value: Shown::Value { text: text.into(), cut: false },
        as_of: None,
        argument: false,
    }
}

pub(super) fn frame(function: &str, variables: Vec<Variable>) -> Frame {
    Frame {
        function: function.into(),
        place: Some(Place { file: "src/main.rs".into(), line: 3, column: None }),
        in_app: true,
        annotated: true,
        variables,
        ..Frame::default()
    }
}

fn stack(event: &Json) -> &Vec<Json> {
    let last = event["exception"]["values"].as_array().unwrap().last().unwrap();
    last["stacktrace"]["frames"].as_array().unwrap()
}

#[test]
fn a_report_becomes_an_event() {
    let event = sent(&full_report(), &About::default());
    let head = [
        "event_id",
        "platform",
        "level",
        "release",
        "environment",
        "fingerprint",
        "timestamp",
        "server_name",
    ]
    .map(|field| event[field].clone());
    let expected = json!([
        "0123456789abcdef0123456789abcdef",
        "native",
        "fatal",
        "shop@1.2.3",
        "development",
        ["0123456789abcdef"],
        1_714_564_800,
        null
    ]);
    assert_eq!(json!(head), expected);
    let tags = json!({
        "kind": "panic", "arch": "x86_64", "build": "debug", "thread": "main", "attempt": "3"
    });
    assert_eq!(event["tags"], tags);
    assert_eq!(
        event["threads"]["values"],
        json!([{ "id": 1, "name": "main", "crashed": true, "current": true }])
    );
    assert_eq!(event["sdk"], json!({ "name": "retry-core", "version": env!("CARGO_PKG_VERSION") }));
}

#[test]
fn what_is_raised_comes_last_with_the_stack_and_its_root_first() {
    let event = sent(&full_report(), &About::default());
    let exceptions = event["exception"]["values"].as_array().unwrap();
    let root = json!({
        "type": "Error",
        "value": "no share is left",
        "mechanism": {
            "type": "chained", "handled": false, "exception_id": 1, "parent_id": 0, "source": "source()",
        },
    });
    assert_eq!(exceptions[0], root);
    assert_eq!(
        (&exceptions[1]["type"], &exceptions[1]["value"], &exceptions[1]["thread_id"]),
        (&json!("panic"), &json!("attempt to divide by zero"), &json!(1))
    );
    assert_eq!(exceptions[1]["mechanism"], json!({ "type": "panic", "handled": false, "exception_id": 0 }));
    assert_eq!(exceptions.len(), 2);
}

#[test]
fn a_frame_has_its_place_its_lines_and_its_values() {
    let event = sent(&full_report(), &About::default());
    let functions: Vec<_> = stack(&event).iter().map(|frame| &frame["function"]).collect();
    let expected =
        ["tokio::runtime::run", "shop::run", "core::ops::call", "core::x", "shop::orders::Order::share"];
    assert_eq!(json!(functions), json!(expected), "oldest first");
    let frame = json!({
        "function": "shop::orders::Order::share",
        "module": "shop::orders",
        "filename": "src/orders.rs",
        "abs_path": "/home/ada/shop/src/orders.rs",
        "lineno": 82,
        "colno": 22,
        "instruction_addr": "0x55d0c0de1234",
        "in_app": true,
        "pre_context": ["impl Order {", "    fn share(&self, d: i32) -> i32 {", "        let c = 1;"],
        "context_line": "        c / d",
        "post_context": ["    }"],
        "vars": {
            "order": { "id": 42 },
            "d": 0,
            "c": 1,
            "token": "[Filtered]",
            "client": "<&reqwest::async_impl::client::Client>",
            "basket": "Basket { items: <Debug panicked: no lock>",
            "lines (as of line 80)": ["a", "b"],
        },
    });
    assert_eq!(stack(&event)[4], frame);
    let marks = json!({
        "token": { "": { "rem": [["!config", "s"]] } },
        "lines (as of line 80)": { "": { "rem": [["!limit", "x"]] } },
    });
    let frames = &event["_meta"]["exception"]["values"]["1"]["stacktrace"]["frames"];
    assert_eq!(frames["4"]["vars"], marks);
    assert_eq!(frames.as_object().unwrap().len(), 1);
    assert_eq!(stack(&event)[0]["in_app"], json!(false));
}

#[test]
fn retries_the_machine_and_the_report_are_contexts() {
    let mut report = full_report();
    report.context.push(ContextEntry {
        name: "workers".into(),
        value: Shown::Value { text: "Pool { busy: 3, type: \"a\" }".into(), cut: false },
    });
    report.context.push(ContextEntry { name: "type".into(), value: Shown::Redacted });
    let event = sent(&report, &About::default());
    let contexts = json!({
        "os": { "type": "os", "name": "linux" },
        "device": { "type": "device", "arch": "x86_64" },
        "app": { "type": "app", "app_name": "shop", "app_version": "1.2.3", "build_type": "debug" },
        "app context": {
            "type": "unknown",
            "project": "north",
            "workers": { "$type": "Pool", "busy": 3, "type": "a" },
            "type (again)": "[Filtered]",
        },
        "process": { "type": "unknown", "pid": 77, "executable": "/usr/bin/shop" },
        "report": {
            "type": "unknown",
            "id": "0123456789abcdef0123456789abcdef",
            "fingerprint": "0123456789abcdef",
            "occurrences": 4,
            "first seen": "2024-05-01T11:58:00.000Z",
            "type name": "&str",
            "notes": ["the second context provider took too long"],
        },
        "retry": {
            "type": "unknown",
            "shop::run": { "attempt": 3, "of at most": 5, "errors before": ["timed out", "slow down"] },
        },
    });
    assert_eq!(event["contexts"], contexts);
}

#[test]
fn what_tracing_told_and_what_attempts_failed_with_are_breadcrumbs() {
    let mut report = full_report();
    let told = |message: &str, fields: Vec<(&str, &str)>| {
        let fields = fields
            .into_iter()
            .map(|(name, text)| json!({ "name": name, "value": { "state": "value", "text": text } }));
        let breadcrumb = json!({
            "time": "2024-05-01T11:59:59.500Z", "level": "warn", "target": "shop::db", "message": message,
            "fields": fields.collect::<Vec<_>>(),
        });
        serde_json::from_value(breadcrumb).unwrap()
    };
    report.breadcrumbs =
        vec![told("connected", vec![("pool", "Pool { size: 4 }"), ("host", "north")]), told("", vec![])];
    let event = sent(&report, &About::default());
    let of_attempt = |message: &str| {
        json!({
            "timestamp": 1_714_564_800, "type": "error", "category": "retry", "level": "warning", "message": message,
        })
    };
    let expected = json!([
        {
            "timestamp": 1_714_564_799.5, "category": "shop::db", "level": "warning", "message": "connected",
            "data": { "pool": { "$type": "Pool", "size": 4 }, "host": "north" },
        },
        { "timestamp": 1_714_564_799.5, "category": "shop::db", "level": "warning" },
        of_attempt("attempt 1 of shop::run failed: timed out"),
        of_attempt("attempt 2 of shop::run failed: slow down"),
    ]);
    assert_eq!(event["breadcrumbs"]["values"], expected);
}

#[test]
fn what_the_application_says_of_itself_comes_first() {
    let mut report = full_report();
    let said = |name: &str, text: &str| ContextEntry {
        name: name.into(),
        value: Shown::Value { text: text.into(), cut: false },
    };
    report.context = vec![
        said("user.id", "3"),
        said("user.username", "\"ada\""),
        said("user.ip_address", "127.0.0.1"),
        said("user", "User { email: \"x@example.org\", level: 5 }"),
    ];
    let user = |about: &About| sent(&report, about)["user"].clone();
    let of_context = json!({
        "id": "3", "username": "ada", "ip_address": "127.0.0.1", "email": "x@example.org", "level": "5",
        "$type": "User",
    });
    assert_eq!(user(&About::default()), of_context);
    let mut expected = of_context.clone();
    expected["id"] = json!("17");
    expected["email"] = json!("ada@example.org");
    expected["plan"] = json!("gold");
    assert_eq!(user(&about()), expected);

    let event = sent(&report, &about());
    assert_eq!(event["contexts"].get("app context"), None);
    let said = ["release", "environment", "server_name"].map(|field| event[field].clone());
    assert_eq!(json!(said), json!(["shop-server@7.0", "staging", "north-1"]));
    assert_eq!(event["tags"]["team"], json!("orders"));
}

#[test]
fn names_are_such_as_the_server_takes() {
    let release = |release: &str| {
        let about = About { release: Some(release.into()), ..About::default() };
        sent(&full_report(), &about).get("release").cloned()
    };
    for (given, sent) in [
        ("team/shop@1.0\n", Some("team-shop@1.0-")),
        (" ", Some("shop@1.2.3")),
        ("latest", None),
        ("..", None),
    ] {
        assert_eq!(release(given), sent.map(Json::from), "{given:?}");
    }
    assert_eq!(release(&"1".repeat(300)), Some(json!("1".repeat(200))));

    let environment = |environment: &str| {
        let about = About { environment: Some(environment.into()), ..About::default() };
        sent(&full_report(), &about)["environment"].clone()
    };
    for (given, sent) in [("a/b", "a-b"), ("None", "development"), ("", "development"), ("east 1", "east 1")]
    {
        assert_eq!(environment(given), json!(sent));
    }
    let tags = [
        ("größe/1", "5"),
        ("long name of a tag that goes on and on", "x"),
        ("lines", " a\r\nb "),
        ("nothing", "\n"),
        ("", "x"),
        ("release", "x"),
    ];
    let tags = tags.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect();
    let event = sent(&full_report(), &About { tags, ..About::default() });
    let mut tags = event["tags"].clone();
    tags.as_object_mut()
        .unwrap()
        .retain(|name, _| !["kind", "arch", "build", "thread", "attempt"].contains(&name.as_str()));
    let expected = json!({
        "gr--e-1": "5",
        "long-name-of-a-tag-that-goes-on-": "x",
        "lines": "a b",
        "app.release": "x",
    });
    assert_eq!(tags, expected);
}

#[test]
fn an_error_is_no_panic() {
    let mut report = full_report();
    report.kind = Kind::Error;
    report.type_name = Some("shop::orders::ShareError<alloc::string::String>".into());
    report.causes = Vec::new();
    report.process.debug = false;
    let event = sent(&report, &About::default());
    assert_eq!(event.get("level"), None, "which means `error`");
    assert_eq!(event["environment"], json!("production"));
    let exception = &event["exception"]["values"][0];
    assert_eq!(exception["type"], json!("ShareError<String>"));
    assert_eq!(exception["mechanism"], json!({ "type": "generic", "handled": false }));
}

#[test]
fn files_are_called_the_same_on_every_machine() {
    for (file, sent) in [
        ("src/main.rs", "src/main.rs"),
        (
            "/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/tokio-1.45.0/src/time.rs",
            "tokio-1.45.0/src/time.rs",
        ),
        (r"C:\Users\a\.cargo\registry\src\index-1\tokio-1.45.0\src\time.rs", "tokio-1.45.0/src/time.rs"),
        (
            "/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/option.rs",
            "library/core/src/option.rs",
        ),
        ("/x/lib/rustlib/src/rust/library/core/src/option.rs", "library/core/src/option.rs"),
        ("/home/ada/shop/src/main.rs", "/home/ada/shop/src/main.rs"),
    ] {
        assert_eq!(super::frames::file_name(file), sent);
    }
}

#[test]
fn of_too_many_frames_libraries_in_the_middle_are_left_out_and_the_newest_keep_their_values() {
    let mut report = full_report();
    report.frames = (0..400)
        .map(|number| Frame {
            in_app: number % 4 == 0,
            annotated: false,
            source: Some(Source {
                first_line: 2,
                lines: ["before", "here", "after"].map(str::to_owned).into(),
            }),
            ..frame(&format!("f{number}"), vec![variable("n", "i32", &number.to_string())])
        })
        .collect();
    report.frames.iter_mut().filter(|frame| !frame.in_app).for_each(|frame| frame.variables.clear());
    let event = sent(&report, &About::default());
    let frames = stack(&event);
    assert_eq!(frames.len(), 250);
    let own = frames.iter().filter(|frame| frame["in_app"] == json!(true));
    assert_eq!(own.count(), 100, "none of the application's own");
    assert_eq!((&frames[0]["function"], &frames[249]["function"]), (&json!("f0"), &json!("f399")));
    let with = |field: &str| frames.iter().filter(|frame| frame.get(field).is_some()).count();
    assert_eq!((with("vars"), with("pre_context"), with("context_line")), (50, 51, 250));
    let last_own = frames.iter().rfind(|frame| frame["in_app"] == json!(true)).unwrap();
    assert_eq!(last_own["vars"], json!({ "n": 396 }));
    let marks = &event["_meta"]["exception"]["values"]["1"]["stacktrace"]["frames"];
    assert_eq!(marks, &json!({ "": { "len": 400 } }));
}

#[test]
fn the_only_frame_of_its_own_keeps_its_values_among_many_of_libraries() {
    for at in [0, 30, 58] {
        let mut report = full_report();
        report.frames = (0..60)
            .map(|number| Frame {
                in_app: number == at,
                annotated: false,
                ..frame(&format!("f{number}"), vec![variable("n", "i32", &number.to_string())])
            })
            .collect();
        let event = sent(&report, &About::default());
        let frames = stack(&event);
        let own: Vec<_> = frames.iter().filter(|frame| frame["in_app"] == json!(true)).collect();
        assert_eq!(own.iter().map(|frame| &frame["vars"]).collect::<Vec<_>>(), [&json!({ "n": at })]);
        assert!(frames.len() <= 50, "the server takes values from stacks of more: {}", frames.len());
        assert_eq!(
            (&frames[0]["function"], &frames.last().unwrap()["function"]),
            (&json!("f0"), &json!("f59"))
        );
    }
}

#[test]
fn what_is_far_from_the_crash_is_left_out_of_an_event_that_is_too_large() {
    let mut report = full_report();
    report.causes = Vec::new();
    report.frames = (0..50)
        .map(|number| {
            let long = "x".repeat(300);
            Frame {
                source: Some(Source { first_line: 1, lines: vec![long.clone(); 5] }),
                ..frame(&format!("f{number}"), vec![variable("n", "i32", "7"), variable("s", "&str", &long)])
            }
        })
        .collect();
    let whole = Made::new(&report, &About::default());
    let size = whole.to_json().len();
    let counts = |made: &Made| {
        let frames = &made.event.exception.values[0].stacktrace.as_ref().unwrap().frames;
        let with_source = frames.iter().filter(|frame| frame.context_line.is_some()).count();
        let with_values = frames.iter().filter(|frame| !frame.vars.is_empty()).count();
        assert!(frames.last().unwrap().function.as_deref() == Some("f49"));
        (frames.len(), with_source, with_values)
    };
    let fitted = |largest: usize| {
        let made = Made::new(&report, &About::default()).within(largest);
        assert!(made.to_json().len() <= largest);
        counts(&made)
    };
    assert_eq!(fitted(size), (50, 50, 50));
    assert_eq!(fitted(size - 1), (50, 30, 50));
    assert_eq!(fitted(size / 3), (50, 5, 50));
    assert_eq!(fitted(size / 6), (50, 0, 30));
    assert_eq!(fitted(4_000), (30, 0, 0));
}

#[test]
fn an_id_that_somebody_changed_stays_one() {
    let mut report = full_report();
    report.id = "no id".into();
    assert_eq!(id(&report), id(&report));
    assert_ne!(id(&report), id(&full_report()));
}
