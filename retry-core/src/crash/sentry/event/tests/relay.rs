//! What Sentry's own normaliser makes of our events: nothing that we have not chosen.
//!
//! `bash tests/peers/run relay -- cargo test -p retry-core --features sentry --lib sentry::event::tests::relay`

use super::hostile::{about_of, random_texts, report_of, texts};
use super::{about, frame, sent, variable};
use crate::crash::render::tests::full_report;
use crate::crash::report::{Frame, Report, Shown, Source};
use crate::crash::sentry::About;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// The normaliser, which takes one event a line.
struct Relay {
    child: Child,
    events: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Relay {
    /// None where the environment does not ask for it.
    fn start() -> Option<Self> {
        let (Some(python), Some(script)) =
            (env::var_os("RETRY_CORE_RELAY_PYTHON"), env::var_os("RETRY_CORE_RELAY_SCRIPT"))
        else {
            // Not captured, as `eprintln!` would be.
            let _ = io::stderr().write_all(
                b"left out, it needs a relay: bash tests/peers/run relay -- cargo test -p retry-core --features sentry\n",
            );
            return None;
        };
        let mut child = Command::new(python)
            .arg(script)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let events = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Some(Self { child, events, answers })
    }

    /// The event as it would be stored, and the same without what looks like a secret.
    fn ask(&mut self, event: &Json) -> (Json, Json) {
        let events = self.events.as_mut().unwrap();
        writeln!(events, "{event}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        let mut answer: Json = serde_json::from_str(&answer).unwrap();
        (answer["normalized"].take(), answer["scrubbed"].take())
    }

    /// Nothing of the event is cut, refused or changed.
    #[track_caller]
    fn takes_as_it_is(&mut self, report: &Report, about: &About) {
        let event = sent(report, about);
        let (stored, _) = self.ask(&event);
        assert_eq!(stored.get("errors"), None);
        assert_eq!(stored.get("_meta"), event.get("_meta"), "the marks are ours");
        let mut stored = stored;
        // What it does not know of a user it keeps apart.
        if let Some(Json::Object(others)) =
            stored["user"].as_object_mut().and_then(|user| user.remove("data"))
        {
            stored["user"].as_object_mut().unwrap().extend(others);
        }
        let exceptions = |event: &Json| event["exception"]["values"].clone();
        same(&exceptions(&event), &exceptions(&stored), "exception");
        for field in
            ["contexts", "user", "breadcrumbs", "fingerprint", "release", "environment", "threads", "level"]
        {
            let ours = event.get(field).cloned().unwrap_or(Json::Null);
            same(&ours, stored.get(field).unwrap_or(&Json::Null), field);
        }
        let mut tags: Map<String, Json> = stored["tags"]
            .as_array()
            .unwrap()
            .iter()
            .map(|tag| (tag[0].as_str().unwrap().to_owned(), tag[1].clone()))
            .collect();
        if let Some(name) = event.get("server_name") {
            assert_eq!(tags.remove("server_name").as_ref(), Some(name));
        }
        same(&event["tags"], &Json::Object(tags), "tags");
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        drop(self.events.take());
        let _ = self.child.wait();
    }
}

/// All that we sent is there as it was; the server may add to it.
#[track_caller]
fn same(sent: &Json, stored: &Json, path: &str) {
    match (sent, stored) {
        (Json::Object(sent), Json::Object(stored)) => {
            for (key, sent) in sent {
                // The server calls a context by its key.
                if key == "type" && sent == "unknown" {
                    continue;
                }
                let stored = stored.get(key).unwrap_or(&Json::Null);
                same(sent, stored, &format!("{path}.{key}"));
            }
        }
        (Json::Array(sent), Json::Array(stored)) => {
            assert_eq!(sent.len(), stored.len(), "{path}");
            for (index, (sent, stored)) in sent.iter().zip(stored).enumerate() {
                same(sent, stored, &format!("{path}.{index}"));
            }
        }
        // It writes them with and without a fraction.
        (Json::Number(sent), Json::Number(stored)) => assert_eq!(sent.as_f64(), stored.as_f64(), "{path}"),
        (sent, stored) => assert_eq!(sent, stored, "{path}"),
    }
}

/// Now, since the server does not take what is older than a month.
fn today(mut report: Report) -> Report {
    report.time = humantime::format_rfc3339_millis(std::time::SystemTime::now()).to_string();
    report
}

#[test]
fn a_whole_report_is_taken_as_it_is() {
    let Some(mut relay) = Relay::start() else { return };
    relay.takes_as_it_is(&today(full_report()), &About::default());
    relay.takes_as_it_is(&today(full_report()), &about());
}

#[test]
fn values_fill_the_room_that_there_is_and_none_is_cut_by_the_server() {
    let Some(mut relay) = Relay::start() else { return };
    let kinds: [fn(usize) -> String; 7] = [
        |size| format!("{:?}", "x".repeat(size)),
        |size| format!("{:?}", "é\"\\\n".repeat(size)),
        |size| format!("{:?}", (0..size).collect::<Vec<_>>()),
        |size| format!("{:?}", vec![Some(1.5); size]),
        |size| format!("{:?}", vec![("a", None::<u8>, true, -0.0, ()); size]),
        |size| format!("{:?}", (0..size).map(|key| (format!("k{key}"), [0; 1])).collect::<BTreeMap<_, _>>()),
        |size| format!("A {{ a: B {{ b: {:?} }} }}", vec![vec![vec![vec![7]]]; size]),
    ];
    for (number, kind) in kinds.into_iter().enumerate() {
        for size in [1, 10, 100, 500, 680, 700, 2_000, 2_040, 2_050, 5_000] {
            let mut report = today(full_report());
            let names = ["z", "a", "order", "b c", "n"];
            let variables = names.iter().take(1 + number % 5).map(|name| variable(name, "T", &kind(size)));
            let mut variables: Vec<_> = variables.chain([variable("last", "i32", "1")]).collect();
            variables[0].value = Shown::Value { text: kind(size), cut: number % 2 == 1 };
            report.frames.push(frame("shop::last", variables));
            relay.takes_as_it_is(&report, &About::default());
        }
    }
}

#[test]
fn frames_beyond_those_that_keep_their_values_are_sent_without() {
    let Some(mut relay) = Relay::start() else { return };
    let mut random = fastrand::Rng::with_seed(5);
    for count in [0, 1, 49, 50, 51, 52, 60, 99, 101, 150, 249, 250, 251, 256, 400] {
        for share in [0.0, 0.1, 0.5, 0.9, 1.0] {
            let mut report = today(full_report());
            report.frames = (0..count)
                .map(|number| Frame {
                    in_app: random.f64() < share,
                    annotated: false,
                    source: Some(Source { first_line: 2, lines: ["a", "b", "c"].map(str::to_owned).into() }),
                    ..frame(&format!("f{number}"), vec![variable("n", "i32", "1")])
                })
                .collect();
            relay.takes_as_it_is(&report, &About::default());
        }
    }
}

#[test]
fn hostile_reports_are_taken_as_they_are() {
    let Some(mut relay) = Relay::start() else { return };
    for text in texts() {
        let report = today(report_of(|| text.clone(), 3));
        relay.takes_as_it_is(&report, &about_of(|| text.clone()));
    }
    let mut next = random_texts(12);
    for _ in 0..200 {
        relay.takes_as_it_is(&today(report_of(&mut next, 4)), &about_of(&mut next));
    }
    let texts = texts();
    let mut turn = texts.iter().cycle();
    relay.takes_as_it_is(
        &today(report_of(|| turn.next().cloned().unwrap_or_default(), 60)),
        &About::default(),
    );
}

/// A text would be replaced as a whole.
#[test]
fn the_scrubber_takes_secrets_and_leaves_what_stands_beside_them() {
    let Some(mut relay) = Relay::start() else { return };
    let text = "Login { user: \"ada\", password: <redacted>, tries: 3, links: [\"a\", \"b\"] }";
    let mut report = today(full_report());
    report.frames = vec![frame("shop::login", vec![variable("login", "shop::Login", text)])];
    report.causes = Vec::new();
    let (_, scrubbed) = relay.ask(&sent(&report, &About::default()));
    let vars = &scrubbed["exception"]["values"][0]["stacktrace"]["frames"][0]["vars"];
    let expected =
        json!({ "login": { "user": "ada", "password": "[Filtered]", "tries": 3, "links": ["a", "b"] } });
    assert_eq!(vars, &expected);
    let (_, as_text) = relay.ask(&json!({
        "exception": { "values": [{ "type": "E", "stacktrace": { "frames": [{ "vars": { "login": text } }] } }] },
    }));
    let vars = &as_text["exception"]["values"][0]["stacktrace"]["frames"][0]["vars"];
    assert_eq!(vars, &json!({ "login": "[Filtered]" }), "so it would have been with a text");
}
