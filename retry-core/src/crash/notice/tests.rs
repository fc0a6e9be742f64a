use super::super::delivery::Delivery;
use super::super::mail::Addresses;
use super::super::render::tests::full_report;
use super::super::reporter::Reported;
use super::Notice;
use std::path::PathBuf;

fn notice(report: Option<&str>, draft: Option<&str>, to: &[&str]) -> Notice {
    let mut addresses = Addresses::default();
    for to in to {
        addresses.add(Addresses::parse(to).unwrap());
    }
    let path = |path: Option<&str>| path.map(PathBuf::from);
    let path = path(report);
    let page = path.as_ref().map(|path| path.with_extension("html"));
    Notice::of(&Reported {
        report: full_report(),
        path,
        page,
        draft: draft.map(PathBuf::from),
        delivery: None,
        addresses,
    })
}

#[test]
fn each_thing_there_may_be_is_told() {
    let report = Some("/tmp/1.json");
    let told = |notice: &Notice| notice.to_string();
    let whole = told(&notice(report, Some("/tmp/1.eml"), &["a@example.org", "b@example.org"]));
    assert_eq!(
        whole,
        "\
shop 1.2.3 crashed: attempt to divide by zero

A report of it was saved on this computer. To look at it, open this page in a browser:
  /tmp/1.html

Nothing was sent. To help to get this fixed, please open this draft of a mail,
say what you were doing, look at what is attached, and send it:
  /tmp/1.eml
It goes to a@example.org, b@example.org.
"
    );
    let no_draft = told(&notice(report, None, &["a@example.org"]));
    assert!(no_draft.ends_with("what you were doing, to a@example.org:\n  /tmp/1.json\n"), "{no_draft}");
    let no_address = told(&notice(report, None, &[]));
    assert!(
        no_address.ends_with("needs this file, and what you were doing:\n  /tmp/1.json\n"),
        "{no_address}"
    );
    let no_page = told(&Notice { page: None, ..notice(report, None, &[]) });
    assert!(
        no_page.contains("\n\nA report of it was saved on this computer:\n  /tmp/1.json\n\n"),
        "{no_page}"
    );
    let no_report = told(&notice(None, None, &["a@example.org"]));
    assert!(
        no_report.contains("No report") && no_report.contains("please mail what happened"),
        "{no_report}"
    );
    let nothing = told(&notice(None, None, &[]));
    assert!(nothing.ends_with("\nNothing was sent.\n"), "{nothing}");
    for text in [whole, no_draft, no_address, no_page, no_report, nothing] {
        assert!(text.lines().all(|line| line.len() < 100), "{text}");
    }
}

#[test]
fn whether_it_was_sent_is_told_before_what_else_there_is_to_do() {
    let told = |delivery, draft, to: &[&str]| {
        Notice { delivery: Some(delivery), ..notice(Some("/tmp/1.json"), draft, to) }.how_to_send()
    };
    let sent = || Delivery::Sent { event_id: "0123".into() };
    let it_was = "It was sent to those who can fix it, as number 0123.\n";
    assert_eq!(told(sent(), None, &[]), it_was);
    assert_eq!(
        told(sent(), Some("/tmp/1.eml"), &["a@example.org"]),
        format!(
            "{it_was}If you can say what you were doing, please open this draft of a mail to\n\
             a@example.org, say it, and send it:\n  /tmp/1.eml\n"
        )
    );
    assert_eq!(
        told(sent(), None, &["a@example.org"]),
        format!("{it_was}If you can say what you were doing, please mail it to a@example.org.\n")
    );
    let why = || "the server is down".to_owned();
    let kept = told(Delivery::Kept { why: why() }, Some("/tmp/1.eml"), &["a@example.org"]);
    assert!(
        kept.starts_with(
            "It could not be sent to those who can fix it; that is tried again at the next start.\nTo help"
        ),
        "{kept}"
    );
    for delivery in [Delivery::Refused { why: why() }, Delivery::Lost { why: why() }] {
        let told = told(delivery, None, &[]);
        assert!(
            told.starts_with("It could not be sent to those who can fix it.\nWhoever is to help"),
            "{told}"
        );
    }
}

#[test]
fn the_link_tells_where_the_report_is() {
    let link = notice(Some("/tmp/1.json"), None, &["a@example.org"]).mailto.unwrap();
    assert!(link.starts_with("mailto:a@example.org?") && link.ends_with("%2Ftmp%2F1.json%0D%0A"), "{link}");
    assert_eq!(notice(Some("/tmp/1.json"), None, &[]).mailto, None);
}

#[test]
fn a_hostile_message_stays_one_short_line() {
    let mut report = full_report();
    report.message = "\u{202e}a\r\nb\x1b[2J\0".repeat(10_000);
    let addresses = Addresses::default();
    let reported = Reported { report, path: None, page: None, draft: None, delivery: None, addresses };
    let told = reported.notice().what_happened();
    assert!(
        told.len() < 3000 && !told.contains(|letter: char| letter.is_control() || letter == '\u{202e}'),
        "{told}"
    );
}

#[test]
fn what_is_not_there_is_not_opened() {
    let nothing = notice(None, None, &[]);
    let (draft, link) = (nothing.open_draft().unwrap_err(), nothing.open_mailto().unwrap_err());
    let page = nothing.open_page().unwrap_err();
    assert!(page.to_string().starts_with("there is no page to open; give the reporter"), "{page}");
    assert!(draft.to_string().starts_with("there is no mail draft to open; give the reporter"), "{draft}");
    assert!(link.to_string().starts_with("there is no address to write a mail to; give"), "{link}");
}
