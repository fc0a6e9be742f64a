use super::super::render::tests::full_report;
use super::super::report::{App, ContextEntry, Frame, Kind, Place, Report, Shown, Thread, Variable};
use super::Draft;
use mail_parser::{HeaderValue, Message, MessageParser, MimeHeaders};

const TO: &str = "crashes@example.org";

fn draft(report: &Report) -> Draft<'_> {
    Draft::new(report, TO).unwrap()
}

#[track_caller]
fn read(eml: &[u8]) -> Message<'_> {
    MessageParser::new().parse(eml).expect("it is a mail")
}

fn to(message: &Message<'_>) -> Vec<String> {
    let to = message.to().into_iter().flat_map(|to| to.clone().into_list());
    to.map(|address| address.address.unwrap().into_owned()).collect()
}

fn text(message: &Message<'_>) -> String {
    message.body_text(0).unwrap().replace("\r\n", "\n")
}

/// Says the same in every field that takes a text.
fn saying(said: &str) -> Report {
    let shown = || Shown::Value { text: said.into(), cut: true };
    let place = || Some(Place { file: said.into(), line: 80, column: Some(1) });
    let mut report = full_report();
    report.id = said.into();
    report.time = said.into();
    report.message = said.into();
    report.place = place();
    report.thread = Thread { name: Some(said.into()), id: said.into() };
    report.app = Some(App { name: said.into(), version: said.into() });
    report.process.executable = Some(said.into());
    report.process.os = said.into();
    report.context = vec![ContextEntry { name: said.into(), value: shown() }; 13];
    report.causes = vec![said.into(); 9];
    report.notes = vec![said.into()];
    report.fingerprint = said.into();
    report.first_seen = Some(said.into());
    for frame in &mut report.frames {
        frame.function = said.into();
        frame.place = place();
        frame.variables.truncate(1);
        for variable in &mut frame.variables {
            variable.name = said.into();
            variable.value = shown();
        }
    }
    report
}

fn hostile() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        "\r\n\r\n",
        "\n",
        "a\r\nBcc: thief@example.com\r\n\r\n<html>",
        "a\nBcc: thief@example.com\n\nbody",
        "a\rBcc: thief@example.com\r\rbody",
        "?subject=x&bcc=thief@example.com&attach=/etc/passwd",
        "%0D%0ABcc:thief@example.com",
        "nul \0 and \x1b[2J bell \x07",
        "=?utf-8?Q?=0D=0ABcc:_thief@example.com?=",
        "\u{202e}gnp.exe\u{202c} \u{2066}\u{2028}\u{feff}",
        "Ein Würfel — 立方体 🎲",
        "\"<thief@example.com>\", (comment) ;:\\",
        ".\r\n.\r\n",
        "../../etc/passwd",
        " \t ",
        "-----\n--_\n",
    ]
    .map(String::from)
    .into();
    let pieces = [
        "\r",
        "\n",
        "\r\n",
        "\0",
        " ",
        "\t",
        ":",
        ";",
        ",",
        "<",
        ">",
        "\"",
        "\\",
        "=",
        "=?",
        "?=",
        "--",
        "%",
        "&",
        "?",
        "a",
        "Bcc: x@y",
        "ü",
        "立",
        "🎲",
        "\u{202e}",
        "\u{2028}",
        "\u{feff}",
        "\u{301}",
        "word word word word ",
    ];
    let mut random = fastrand::Rng::with_seed(2026);
    for _ in 0..60 {
        let length = random.usize(1..120);
        texts.push((0..length).map(|_| random.choice(pieces).unwrap_or_default()).collect());
    }
    texts.push("🎲".repeat(25_000));
    texts.push("word ".repeat(2000));
    texts.push("\u{202e}\r\n".repeat(2000));
    texts
}

#[test]
fn the_body_says_what_a_person_wants_to_know_first() {
    let report = full_report();
    let draft = draft(&report);
    assert_eq!(draft.subject(), "shop 1.2.3 crashed: attempt to divide by zero");
    let expected = "\
What were you doing when it happened?




------------------------------------------------------------------------
shop 1.2.3 crashed:

    attempt to divide by zero

Where   src/main.rs:82:5, thread 'main'
When    2024-05-01 12:00:00 UTC
System  linux x86_64, debug build
Seen    4 times, first at 2024-05-01 11:58:00 UTC
Report  0123456789abcdef0123456789abcdef, fingerprint 0123456789abcdef

Caused by
  1. no share is left

In Order::share, src/orders.rs:82:22
  > 82 | c / d
  d = 0
  c = 1
  lines = [\"a\", \"b\", ...
  basket = <Debug panicked: no lock>
  token = <redacted>
  order = Order { id: 42 }

Context
  project = \"north\"

------------------------------------------------------------------------
The whole report is attached:
  shop-crash-20240501T120000.html
  shop-crash-20240501T120000.json (for programs)
The report has notes on what could not be found out.
It holds values and names of files that the program was working with. What looks
like a password, a key or another secret was taken out, as far as it could be
recognised. Please look at it before you send it.
";
    assert_eq!(draft.body(), expected, "\n{}", draft.body());
    assert!(draft.body().lines().all(|line| line.len() <= 80));
}

#[test]
fn the_file_is_a_draft_with_the_report_attached() {
    let report = full_report();
    let eml = draft(&report).eml();
    let mail = read(&eml);
    assert_eq!(mail.header("X-Unsent").and_then(HeaderValue::as_text), Some("1"));
    assert_eq!(to(&mail), [TO]);
    assert_eq!(mail.subject(), Some("shop 1.2.3 crashed: attempt to divide by zero"));
    assert_eq!(mail.date().unwrap().to_rfc3339(), "2024-05-01T12:00:00Z");
    let mut names: Vec<_> = mail.headers().iter().map(mail_parser::Header::name).collect();
    names.sort_unstable();
    assert_eq!(names, ["Content-Type", "Date", "MIME-Version", "Subject", "To", "X-Unsent"]);
    assert_eq!(text(&mail), draft(&report).body());
    let [json, page] = [0, 1].map(|number| mail.attachment(number).unwrap());
    assert_eq!(json.attachment_name(), Some("shop-crash-20240501T120000.json"));
    assert_eq!(json.content_type().unwrap().ctype(), "application");
    assert_eq!(json.contents(), report.to_json().as_bytes());
    assert_eq!(page.attachment_name(), Some("shop-crash-20240501T120000.html"));
    assert_eq!(page.contents(), report.to_html().as_bytes());
    assert_eq!(mail.attachment_count(), 2);
}

#[test]
fn no_text_adds_a_header_an_address_or_a_part() {
    for said in hostile() {
        let beginning: String = said.chars().take(40).collect();
        let report = saying(&said);
        let draft = draft(&report);
        let eml = draft.eml();
        let mail = read(&eml);
        assert_eq!(mail.headers().len(), 6, "{beginning:?}");
        assert_eq!(to(&mail), [TO], "{beginning:?}");
        assert_eq!(mail.subject().unwrap_or_default().trim_end(), draft.subject().trim_end());
        assert_eq!(text(&mail), draft.body(), "{beginning:?}");
        assert_eq!((mail.attachment_count(), mail.parts.len()), (2, 4), "{beginning:?}");
        assert_eq!(mail.attachment(0).unwrap().contents(), report.to_json().as_bytes());
        assert_eq!(mail.attachment(1).unwrap().contents(), report.to_html().as_bytes());
        // Line ends are those of mail, everywhere.
        let lone = |at: usize| {
            (eml[at] == b'\n' && eml[at - 1] != b'\r')
                || (eml[at] == b'\r' && eml.get(at + 1) != Some(&b'\n'))
        };
        assert_eq!((1..eml.len()).find(|at| lone(*at)), None, "{beginning:?}");
        assert!(eml.is_ascii() && !eml.contains(&0), "{beginning:?}");
        assert!(eml.split(|byte| *byte == b'\n').all(|line| line.len() <= 999), "{beginning:?}");
        for text in [draft.subject(), draft.body()] {
            let bad = |letter: char| (letter.is_control() && letter != '\n') || letter == '\u{202e}';
            assert_eq!(text.find(bad), None, "{beginning:?}");
        }
        assert!(!draft.subject().contains('\n'));
        assert!(draft.subject().len() < 3000, "{}", draft.subject().len());
        assert!(draft.body().len() < 100_000, "{}", draft.body().len());
    }
}

#[test]
fn a_report_that_knows_nothing_is_a_mail_all_the_same() {
    let mut report = full_report();
    report.kind = Kind::Error;
    report.message = String::new();
    report.time = "yesterday".into();
    (report.app, report.process.executable, report.place) = (None, None, None);
    (report.frames, report.context, report.causes, report.notes) = (vec![], vec![], vec![], vec![]);
    let draft = draft(&report);
    assert_eq!(draft.subject(), "a program reports an error: ");
    let eml = draft.eml();
    let mail = read(&eml);
    assert!(mail.date().is_some());
    assert_eq!(mail.attachment(0).unwrap().attachment_name(), Some("crash-yesterday.json"));
    report.process.executable = Some("C:\\Programs\\shop.exe".into());
    assert_eq!(super::summary::subject(&report), "shop.exe reports an error: ");
}

#[test]
fn the_values_that_the_line_speaks_of_come_first_and_not_all_of_them() {
    let mut report = full_report();
    let frame = report.frames.last_mut().unwrap();
    let variable = |number: usize| Variable {
        name: format!("v{number}"),
        value: Shown::Value { text: number.to_string(), cut: false },
        ..frame.variables[0].clone()
    };
    frame.variables = (0..30).map(variable).collect();
    frame.source.as_mut().unwrap().lines[3] = "v3 / (v17 + v1)".into();
    let body = draft(&report).body();
    let values: Vec<_> = body.lines().filter(|line| line.starts_with("  v")).collect();
    let expected =
        ["v1 = 1", "v3 = 3", "v17 = 17", "v29 = 29", "v28 = 28", "v27 = 27", "v26 = 26", "v25 = 25"];
    assert_eq!(values, expected.map(|value| format!("  {value}")));
}

#[test]
fn where_the_frame_at_fault_kept_nothing_the_nearest_values_are_told() {
    let mut report = full_report();
    let innermost = Frame { function: "shop::inner".into(), in_app: true, ..Frame::default() };
    report.frames.push(innermost);
    let body = draft(&report).body();
    assert!(
        body.contains("\nIn shop::inner\n\nNearest values, in Order::share, src/orders.rs:82:22\n"),
        "{body}"
    );
}

#[test]
fn several_addresses_are_written_as_several() {
    let report = full_report();
    let draft = Draft::new(&report, "crashes@example.org, ada+shop@example.com").unwrap();
    assert_eq!(to(&read(&draft.eml())), ["crashes@example.org", "ada+shop@example.com"]);
    assert!(draft.mailto().starts_with("mailto:crashes@example.org,ada%2Bshop@example.com?subject="));
}

#[test]
fn what_is_no_address_is_refused() {
    let report = full_report();
    let long = "x".repeat(10_000);
    for address in [
        "",
        " ",
        ",",
        "ada",
        "@example.org",
        "ada@",
        "a@b@c",
        "a b@example.org",
        "ada@example.org,",
        "ada@exämple.org",
        "ada@example.org\r\nBcc: thief@example.com",
        "ada@example.org\0",
        "ada@example.org>, <thief@example.com",
        "Ada <ada@example.org>",
        "\"a, thief@example.com\"@example.org",
        "ada@[127.0.0.1]",
        "ada@example.org?bcc=thief@example.com",
        "ada@example.org&x",
        "\u{202e}ada@example.org",
        &long,
    ] {
        let error = Draft::new(&report, address).expect_err(address).to_string();
        assert!(error.contains("no mail address; write it as"), "{error}");
        assert!(error.len() < 1000 && !error.contains(['\n', '\r', '\0', '\u{202e}']), "{error:?}");
    }
}

/// What a mail program makes of the link: the addresses, the subject and the body.
fn followed(link: &str) -> (String, String, String) {
    let decoded = |text: &str| {
        percent_encoding::percent_decode_str(text)
            .decode_utf8()
            .expect("no letter is cut in two")
            .into_owned()
    };
    let (to, rest) = link.strip_prefix("mailto:").unwrap().split_once('?').unwrap();
    let (subject, body) = rest.split_once('&').unwrap();
    let [subject, body] = [(subject, "subject="), (body, "body=")].map(|(text, name)| {
        let text = text.strip_prefix(name).unwrap();
        // Each escape is whole.
        for escape in text.split('%').skip(1) {
            assert!(
                escape.len() >= 2 && escape.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()),
                "{text}"
            );
        }
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)), "{text}");
        decoded(text)
    });
    (decoded(to), subject, body)
}

#[test]
fn the_link_has_the_most_important_lines_and_where_the_report_is() {
    let report = full_report();
    let draft = draft(&report).report_file("/home/ada/my reports/1.json");
    let (to, subject, body) = followed(&draft.mailto());
    assert_eq!((to.as_str(), subject), (TO, draft.subject()));
    let (expected, _) =
        draft.body().split_once("\nThe whole report").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let summary = expected.rsplit_once("\n---").unwrap().0.replace('\n', "\r\n");
    let end = "\r\nPlease attach the report, after a look at it:\r\n/home/ada/my reports/1.json\r\n";
    assert_eq!(body, format!("{summary}{end}"));
    assert!(!followed(&self::draft(&report).mailto()).2.contains("attach"));
}

#[test]
fn the_link_is_short_whatever_it_says() {
    let many = (0..500).map(|number| format!("+++{number}@example.org")).collect::<Vec<_>>().join(",");
    let longest = format!("{}@{}.org", "+".repeat(64), vec!["x".repeat(60); 3].join("."));
    for said in hostile() {
        let report = saying(&said);
        for address in [TO, &many, &longest] {
            for file in ["", "/home/ada/1.json", &format!("/{}", said.replace('\0', ""))] {
                let draft = Draft::new(&report, address).unwrap().report_file(file);
                let link = draft.mailto();
                assert!(link.len() <= 2000, "{}", link.len());
                let (to, subject, body) = followed(&link);
                assert!(to.split(',').all(|to| address.split(',').any(|address| address == to)), "{to}");
                assert!(body.starts_with("What were you doing when it happened?\r\n"));
                assert!(body.contains("Please attach the report"), "{body}");
                assert!(!subject.contains(['\r', '\n', '\0', '\u{202e}']));
                assert_eq!(body.replace("\r\n", "").find(char::is_control), None);
            }
        }
    }
}

#[test]
fn a_link_that_is_cut_says_so() {
    let report = saying(&"word ".repeat(20_000));
    let (_, subject, body) = followed(&draft(&report).report_file("/tmp/1.json").mailto());
    assert!(subject.ends_with("..."), "{subject}");
    assert!(
        body.contains("...\r\nPlease attach the report, after a look at it:\r\n/tmp/1.json\r\n"),
        "{body}"
    );
}

#[test]
fn of_a_huge_report_the_mail_is_no_more_than_its_attachments_need() {
    let mut report = full_report();
    let value = Shown::Value { text: "0123456789 ".repeat(100), cut: true };
    let variable = Variable { value, ..report.frames[1].variables[0].clone() };
    let frame = Frame { variables: vec![variable; 20], ..report.frames[1].clone() };
    report.frames = vec![frame; 200];
    let (json, page) = (report.to_json(), report.to_html());
    assert!(json.len() > 4_000_000);
    let draft = draft(&report);
    let eml = draft.eml();
    assert!(eml.len() < 3 * usize::midpoint(json.len(), page.len()) + 20_000, "{}", eml.len());
    assert!(draft.body().len() < 10_000);
    assert_eq!(read(&eml).attachment(0).unwrap().contents(), json.as_bytes());
}

#[test]
fn a_line_of_a_hundred_thousand_words_is_not_compared_with_each_of_as_many_values() {
    let mut report = full_report();
    let frame = report.frames.last_mut().unwrap();
    let variable = |number: u32| Variable { name: format!("v{number}"), ..frame.variables[0].clone() };
    frame.variables = (0..100_000).map(variable).collect();
    // Each compared with each would take minutes.
    frame.source.as_mut().unwrap().lines[3] =
        (0..100_000).map(|number| format!("w{number}")).collect::<Vec<_>>().join(" ") + " v7";
    let body = draft(&report).body();
    assert!(body.contains("\n  v7 = ") && body.len() < 10_000, "{}", body.len());
}
