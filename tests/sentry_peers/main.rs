//! Real crashes on a real server that speaks Sentry's protocol, read back by its API and in a browser.
//!
//! `bash tests/peers/run bugsink chromium -- cargo test -p retry-tests-sentry-peers --features peers`
#![cfg(unix)]

mod bugsink;
mod compared;
mod crash;

use bugsink::{Bugsink, variable};
use crash::{Client, Machine};
use retry_tests::asked_for_peer;
use retry_tests::browser::{Browser, Look};
use serde_json::{Value, json};

/// The frames of what was raised, oldest first.
fn frames(event: &Value) -> &Vec<Value> {
    let last = event["data"]["exception"]["values"].as_array().unwrap().last().unwrap();
    last["stacktrace"]["frames"].as_array().unwrap()
}

#[track_caller]
fn frame<'a>(event: &'a Value, function: &str) -> &'a Value {
    let found = frames(event).iter().find(|frame| frame["function"] == json!(function));
    found.unwrap_or_else(|| panic!("{function} is not among {:#?}", frames(event)))
}

#[test]
fn a_crash_arrives_with_its_frames_values_lines_and_all_that_is_known() {
    if !asked_for_peer("bugsink") {
        return;
    }
    let bugsink = Bugsink::from_environment();
    let project = bugsink.new_project("a crash");
    let machine = Machine::new("north-1");
    let said = machine.crash(Client::Ours, &project.dsn, "line", 7);
    let event = project.event();
    let data = &event["data"];
    let report = machine.report();
    assert!(said.contains(&format!("report sent to Sentry as event {}", report.id)), "{said}");
    assert_eq!(data["event_id"], json!(report.id));

    let raised = data["exception"]["values"].as_array().unwrap().last().unwrap();
    let message = "index out of bounds: the len is 2 but the index is 7";
    assert_eq!((&raised["type"], &raised["value"]), (&json!("panic"), &json!(message)));
    let last = frames(&event).last().unwrap();
    assert_eq!(last["function"], json!("sentry_ours::shop::line"), "nothing of the machinery behind it");
    let own: Vec<_> = frames(&event).iter().filter(|frame| frame["in_app"] == json!(true)).collect();
    let functions: Vec<_> = own.iter().map(|frame| frame["function"].as_str().unwrap()).collect();
    assert!(
        functions.ends_with(&["sentry_ours::shop::checkout", "sentry_ours::shop::line"]),
        "{functions:?}"
    );

    assert_eq!(last["filename"], json!("tests/sentry_peers/program/shop.rs"));
    assert_eq!(last["context_line"], json!("    let text = order.lines[number];"));
    assert_eq!(last["pre_context"].as_array().unwrap().len(), 5);
    let order = json!({
        "id": 42,
        "customer": { "$type": "Customer", "name": "Ada", "password": "[Filtered]" },
        "lines": ["tea", "lemons"],
    });
    assert_eq!(last["vars"], json!({ "order": order, "number": 7, "first (as of line 85)": "tea" }));
    let checkout = frame(&event, "sentry_ours::shop::checkout");
    let mut values = checkout["vars"].clone();
    assert!(values.as_object_mut().unwrap().remove("report").is_some(), "the address of a function");
    assert_eq!(values, json!({ "crash": "line", "order": order, "number": 7, "guests": 8 }));
    assert!(!data.to_string().contains("hunter2"));

    let known =
        ["level", "platform", "release", "environment", "server_name"].map(|field| data[field].clone());
    assert_eq!(json!(known), json!(["fatal", "native", "shop@1.2.3", "kiosk", "north-1"]));
    assert_eq!(data["user"], json!({ "id": "17", "email": "ada@example.org" }));
    assert_eq!(data["contexts"]["app context"]["project"], json!("north"));
    assert_eq!(data["contexts"]["app"]["app_name"], json!("shop"));
    for (tag, value) in [("kind", "panic"), ("thread", "main"), ("site", "Oslo 3")] {
        assert_eq!(data["tags"][tag], json!(value), "{tag}");
    }
    let shown = event["stacktrace_md"].as_str().unwrap();
    for text in ["# panic", message, "#### Locals", "* `number` = `7`", "let text = order.lines[number];"] {
        assert!(shown.contains(text), "{text} is not in {shown}");
    }
}

#[test]
fn retries_and_causes_arrive() {
    if !asked_for_peer("bugsink") {
        return;
    }
    let bugsink = Bugsink::from_environment();
    let project = bugsink.new_project("retries");
    let machine = Machine::new("north-2");
    machine.crash(Client::Ours, &project.dsn, "retried", 0);
    let event = project.event();
    let retry = &event["data"]["contexts"]["retry"]["sentry_ours::shop::prices"];
    let before = ["the price list is locked by till 1", "the price list is locked by till 2"];
    assert_eq!(retry, &json!({ "attempt": 3, "of at most": 5, "errors before": before }));
    let crumbs = event["data"]["breadcrumbs"]["values"].as_array().unwrap();
    assert_eq!(
        crumbs[1]["message"],
        json!(format!("attempt 2 of sentry_ours::shop::prices failed: {}", before[1]))
    );
    assert_eq!(event["data"]["tags"]["attempt"], json!("3"));

    let project = bugsink.new_project("causes");
    machine.crash(Client::Ours, &project.dsn, "error", 0);
    let event = project.event();
    let exceptions = event["data"]["exception"]["values"].as_array().unwrap();
    let values: Vec<_> = exceptions.iter().map(|exception| exception["value"].as_str().unwrap()).collect();
    assert_eq!(values, ["invalid digit found in string", "the price list is broken", "no price for tea"]);
    let ids: Vec<_> = exceptions.iter().map(|exception| &exception["mechanism"]["exception_id"]).collect();
    assert_eq!(json!(ids), json!([2, 1, 0]));
    assert_eq!(frame(&event, "sentry_ours::shop::price")["vars"]["list (as of line 115)"], json!("twelve"));
}

#[test]
fn the_same_crash_from_another_machine_is_the_same_issue() {
    if !asked_for_peer("bugsink") {
        return;
    }
    let bugsink = Bugsink::from_environment();
    let project = bugsink.new_project("grouping");
    let machines = [Machine::new("east"), Machine::new("west")];
    machines[0].crash(Client::Ours, &project.dsn, "line", 7);
    machines[1].crash(Client::Ours, &project.dsn, "line", 1234);
    machines[1].crash(Client::Ours, &project.dsn, "share", 1);
    let issues = project.issues();
    let counts: Vec<usize> = issues.iter().map(Vec::len).collect();
    assert_eq!(counts.iter().sum::<usize>(), 3);
    let same = issues.iter().find(|events| events.len() == 2).expect("two of three are the same");
    let field = |field: &str| same.iter().map(|event| event["data"][field].clone()).collect::<Vec<_>>();
    assert_eq!(field("server_name"), [json!("east"), json!("west")]);
    let addresses: Vec<_> =
        same.iter().map(|event| &frames(event).last().unwrap()["instruction_addr"]).collect();
    assert_ne!(addresses[0], addresses[1], "they are at other addresses");
}

#[tokio::test]
async fn the_server_s_page_shows_the_values() {
    if !asked_for_peer("bugsink") || !asked_for_peer("chromium") {
        return;
    }
    let bugsink = Bugsink::from_environment();
    let project = bugsink.new_project("page");
    Machine::new("south").crash(Client::Ours, &project.dsn, "line", 7);
    let event = project.event();
    let browser = Browser::start(Look::DESKTOP).await;
    browser.open(&format!("{}/accounts/login/", bugsink.url)).await;
    browser.find("input[name=username]").await.send_keys(&variable("USER")).await.unwrap();
    browser.find("input[name=password]").await.send_keys(&variable("PASSWORD")).await.unwrap();
    browser.click("form button").await;
    browser.wait_until("!location.pathname.includes('login')").await;
    let (issue, id) = (event["issue"].as_str().unwrap(), event["id"].as_str().unwrap());
    browser.open(&format!("{}/issues/issue/{issue}/event/{id}/", bugsink.url)).await;
    let page = browser.text(".js-raising-frame").await;
    for text in
        ["let text = order.lines[number];", "number\n7", "first (as of line 85)\ntea", "lemons", "[Filtered]"]
    {
        assert!(page.contains(text), "{text:?} is not in {page}");
    }
    assert!(browser.text("body").await.contains("index out of bounds: the len is 2 but the index is 7"));
    browser.close().await;
}
