//! Ten thousand reports.

use crate::support::{Folder, report, stem};
use serde_json::{Value, json};

#[test]
fn ten_thousand_reports_are_listed_and_grouped() {
    let folder = Folder::empty();
    for number in 0_u32..10_000 {
        let time = format!("2026-04-15T{:02}:{:02}:{:02}.000Z", number / 3600, number / 60 % 60, number % 60);
        let fingerprint = format!("{:016x}", number % 7);
        let report = report(&time, 'a', &json!({"id": format!("{number:032x}"), "fingerprint": fingerprint}));
        folder.write(&format!("{}.json", stem(&report)), report.to_string());
    }
    let listed = folder.run(&["list"]).well();
    assert_eq!(listed.lines().count(), 10_001);
    assert!(
        listed.lines().nth(1).is_some_and(|line| line.contains("2026-04-15 02:46:39")),
        "{}",
        &listed[..400]
    );
    let grouped: Value =
        serde_json::from_str(&folder.run(&["list", "--group", "--json"]).well()).expect("JSON");
    let crashes = grouped["reports"].as_array().expect("a list");
    let counts: u64 = crashes.iter().filter_map(|crash| crash["count"].as_u64()).sum();
    assert_eq!((crashes.len(), counts), (7, 10_000));
}
