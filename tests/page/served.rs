//! The pages that the viewer serves, clicked through.

use std::fs;
use std::path::PathBuf;

use retry_core::crash::Report;
use retry_tests::asked_for_peer;
use retry_tests::browser::{Browser, Look};
use retry_tests::viewer::Viewer;
use serde_json::json;

use crate::{anybody_can_use, crashed};

/// A folder of its own with three reports of two crashes, and a file that is none.
fn folder(name: &str) -> PathBuf {
    let folder = crashed::folder().join(name);
    fs::create_dir_all(&folder).unwrap();
    let report = Report::from_json(&fs::read_to_string(crashed::json()).unwrap()).unwrap();
    let put = |time: &str, fingerprint: &str, id: char, message: &str, occurrences| {
        let mut report = report.clone();
        report.time = format!("2026-04-{time}:00:00.000Z");
        report.id = id.to_string().repeat(32);
        report.fingerprint = fingerprint.repeat(16);
        report.message = message.into();
        report.occurrences = occurrences;
        let time = report.time.replace(['-', ':'], "");
        let file = folder.join(format!("{time}-{}-{}.json", report.fingerprint, report.id));
        fs::write(file, report.to_json()).unwrap();
    };
    put("15T10", "a", 'a', "attempt to divide by zero", 4);
    put("16T10", "a", 'b', "attempt to divide by zero", 1);
    put("17T10", "b", 'c', "<script>hacked = 1</script><img src=x onerror=\"hacked = 1\">", 2);
    let broken = format!("20260418T100000.000Z-{}-{}.json", "c".repeat(16), "d".repeat(32));
    fs::write(folder.join(broken), "{\"schema\": 7}").unwrap();
    folder
}

async fn viewer(name: &str, look: Look) -> Option<(Browser, Viewer)> {
    if !asked_for_peer("chromium") {
        return None;
    }
    let viewer = Viewer::serve(&folder(name));
    let browser = Browser::start(look).await;
    browser.open(viewer.address()).await;
    Some((browser, viewer))
}

const TITLES: &str = "[...document.querySelectorAll('.crashes .title')].map((each) => each.textContent)";

#[tokio::test]
async fn from_the_list_to_a_report_and_back() {
    let Some((browser, _viewer)) = viewer("list", Look { scripts: false, ..Look::DESKTOP }).await else {
        return;
    };
    let list = browser.text("main").await;
    for text in [
        "2 crashes",
        "attempt to divide by zero",
        "<script>hacked = 1</script>",
        "schema 7",
        "update retry-core",
    ] {
        assert!(list.contains(text), "{text} is not in {list}");
    }
    browser.click(".crashes tbody tr:nth-child(2) .title").await;
    let crash = browser.text("main").await;
    assert!(crash.contains('5') && crash.contains("attempt to divide by zero"), "{crash}");
    browser.click("main a[href*='/report/']").await;
    assert_eq!(browser.text("h1").await, "attempt to divide by zero");
    assert!(browser.sees(".fault .values").await, "it is the report's own page");
    browser.close().await;
}

#[tokio::test]
async fn words_in_values_are_found() {
    let Some((browser, _viewer)) = viewer("search", Look::DESKTOP).await else { return };
    assert_eq!(browser.eval(&format!("{TITLES}.length")).await, json!(2));
    browser.find("#q").await.send_keys("hacked lemon\u{e007}").await.unwrap();
    browser.wait_until("document.querySelector('#q').value === 'hacked lemon'").await;
    browser.wait_until(&format!("{TITLES}.length === 1")).await;
    browser.find("#q").await.send_keys(" nowhere\u{e007}").await.unwrap();
    browser.wait_until(&format!("{TITLES}.length === 0")).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
async fn hostile_messages_are_text_in_the_list() {
    let Some((browser, _viewer)) = viewer("hostile", Look::DESKTOP).await else { return };
    for page in [None, Some(".title")] {
        if let Some(link) = page {
            browser.click(link).await;
        }
        assert_eq!(browser.eval("typeof hacked").await, json!("undefined"));
        assert_eq!(browser.eval("document.querySelectorAll('script, img').length").await, json!(0));
        assert!(browser.text("main").await.contains("onerror=\"hacked = 1\""));
    }
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
async fn everybody_can_use_the_viewer() {
    let looks =
        [("light", Look::DESKTOP), ("dark", Look { dark: true, ..Look::DESKTOP }), ("phone", Look::PHONE)];
    for (name, look) in looks {
        let Some((browser, viewer)) = viewer(name, look).await else { return };
        anybody_can_use(&browser, name).await;
        let width = browser.eval("document.documentElement.scrollWidth").await;
        assert_eq!(width, json!(look.size.0), "nothing sticks out");
        browser.click(".title").await;
        anybody_can_use(&browser, &format!("{name}, a crash")).await;
        browser.open(&format!("{}no-such-page", viewer.address())).await;
        anybody_can_use(&browser, &format!("{name}, no such page")).await;
        browser.close().await;
    }
}
