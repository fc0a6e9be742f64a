//! The page as text; how it behaves in a browser is tested in one.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use super::super::super::report::{Frame, Report, Shown, Source, Variable};
use super::super::tests::{full_report, small_report};
use super::{POLICY, SCRIPT, STYLE, html};

/// What stands between the tags, without the words that are not for the eyes.
fn visible(page: &str) -> String {
    let mut out = String::new();
    let page = format!("{page}<>");
    let mut rest = page.split_once("<body>").expect("it has a body").1;
    while let Some((text, tag)) = rest.split_once('<') {
        out.push_str(text);
        if !tag.starts_with("span") && !tag.starts_with("/span") {
            out.push(' ');
        }
        rest = tag.split_once('>').expect("a tag ends").1;
        if tag.starts_with("textarea") || tag.starts_with("script") {
            rest = rest.split_once("</").expect("it ends").1.split_once('>').expect("it ends").1;
        }
    }
    let text = out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&amp;", "&").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// From this tag to the next of its kind.
fn part<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let start = page.find(from).unwrap_or_else(|| panic!("{from} is not there"));
    let rest = &page[start..];
    &rest[..rest.find(to).unwrap_or(rest.len())]
}

fn crashed_frame(report: &mut Report) -> &mut Frame {
    report.frames.last_mut().expect("it has frames")
}

#[test]
fn the_policy_knows_style_and_script() {
    let hash = |text: &str| {
        let digest = Sha256::digest(text);
        data_encoding::BASE64.encode(&digest)
    };
    let expected = [("style", hash(STYLE)), ("script", hash(SCRIPT))];
    for (kind, hash) in expected {
        assert!(POLICY.contains(&format!("{kind}-src 'sha256-{hash}'")), "{kind}: write {hash} into POLICY");
    }
    // Nothing of them ends the element that they stand in.
    assert!(!STYLE.contains("</") && !SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
    assert!(
        !STYLE.contains('\r') && !SCRIPT.contains('\r'),
        "the hash is of lines that end with a line feed"
    );
}

#[test]
fn everything_that_the_report_says_is_on_the_page() {
    let page = visible(&html(&full_report()));
    let said = [
        "panic shop 1.2.3 2024-05-01T12:00:00.000Z seen 4 times, first at 2024-05-01T11:58:00.000Z attempt to divide by zero",
        "in Order::share at src/main.rs:82:5 on thread main",
        "In attempt 3 of 5 of run; the one before failed with: slow down",
        "Caused by no share is left",
        "Order::share crashed here src/orders.rs:82",
        "79 impl Order { 80 fn share(&self, d: i32) -> i32 { 81 let c = 1; at 82 c / d 83 }",
        "d i32 0 c i32 1",
        "token &str redacted",
        "client &Client not kept",
        "basket Basket Basket { items: Debug panicked: no lock",
        "lines Vec<String> [\"a\", \"b\", cut off here as of line 80",
        "2 frames of libraries",
        "core::ops::call /lib/a.rs:1",
        "Attempts before timed out slow down",
        "project \"north\"",
        "Before it happened most recent first 11:59:58.250 WARN retry_core attempt failed attempt = 2 token = <redacted> \
         2024-04-30T23:59:59.000Z INFO shop open",
        "linux, x86_64",
        "/usr/bin/shop",
        "the second context provider took too long",
        "list it",
        "0123456789abcdef0123456789abcdef",
    ];
    for text in said {
        assert!(page.contains(text), "`{text}` is not in: {page}");
    }
}

#[test]
fn only_what_the_lines_mention_is_seen_first() {
    let page = html(&full_report());
    let frame = part(&page, "id=\"frame-5\"", "id=\"frame-2\"");
    let (first, others) = frame.split_once("class=\"others\"").expect("there are others");
    let names = |text: &str| -> Vec<String> {
        let parts = text.split("class=\"value\" data-name=\"").skip(1);
        parts.map(|part| part.split_once('"').expect("a name ends").0.to_owned()).collect()
    };
    assert_eq!(names(first), ["d", "c"]);
    assert_eq!(names(others), ["order", "token", "client", "basket", "lines"]);
    assert!(visible(&page).contains("5 more values, not in these lines"));
}

#[test]
fn without_source_all_values_are_seen() {
    let page = html(&small_report());
    assert!(!page.contains("class=\"others\""));
    assert!(visible(&page).contains("order &Order Order { id: 42 } d i32 0 c i32 1"));
}

#[test]
fn a_name_that_only_a_format_text_mentions_counts() {
    let mut report = full_report();
    let frame = crashed_frame(&mut report);
    frame.source = Some(Source { first_line: 82, lines: vec!["panic!(\"{order:?} of {{d}}\")".into()] });
    let page = html(&report);
    let frame = part(&page, "id=\"frame-5\"", "class=\"others\"");
    assert!(frame.contains("data-name=\"order\"") && !frame.contains("data-name=\"d\""));
}

#[test]
fn the_frame_at_fault_is_open_and_no_other() {
    let page = html(&full_report());
    let open: Vec<_> = page.match_indices(" open>").collect();
    assert_eq!(open.len(), 1);
    assert!(page.contains("<details class=\"frame fault\" id=\"frame-5\" open>"));
    // The most recent call is the first.
    assert!(page.find("id=\"frame-5\"") < page.find("id=\"frame-2\""));
}

#[test]
fn a_crash_inside_a_library_opens_the_last_frame_of_the_application() {
    let mut report = full_report();
    report.frames.push(Frame { function: "core::fmt::write".into(), ..Frame::default() });
    assert!(html(&report).contains("<details class=\"frame fault\" id=\"frame-5\" open>"));
}

#[test]
fn links_lead_to_the_line() {
    let mut report = full_report();
    let page = html(&report);
    assert!(page.contains("href=\"vscode://file/home/ada/shop/src/orders.rs:82\""));
    // Only the file's name is known: where it is, the reader may say.
    assert!(part(&page, "id=\"frame-2\"", "</details>").contains(" hidden>Open in editor"));
    crashed_frame(&mut report).path = Some("C:\\shop \"x\"\\a.rs".into());
    let page = html(&report);
    assert!(page.contains("href=\"vscode://file/C:/shop%20%22x%22/a.rs:82\""), "{page}");
}

/// Every text of a report, one after the other.
fn texts(report: &mut Report) -> Vec<&mut String> {
    let Report {
        id,
        time,
        message,
        type_name,
        place,
        thread,
        app,
        process,
        context,
        causes,
        frames,
        breadcrumbs,
        ..
    } = report;
    let mut texts = vec![id, time, message, &mut thread.id, &mut process.os, &mut process.arch];
    texts.extend(type_name);
    texts.extend(place.as_mut().map(|place| &mut place.file));
    texts.extend(&mut thread.name);
    texts.extend(app.as_mut().map(|app| [&mut app.name, &mut app.version]).into_iter().flatten());
    texts.extend(&mut process.executable);
    texts.extend(causes);
    for entry in context {
        texts.push(&mut entry.name);
        texts.extend(shown(&mut entry.value));
    }
    for breadcrumb in breadcrumbs {
        texts.extend([&mut breadcrumb.time, &mut breadcrumb.target, &mut breadcrumb.message]);
        for field in &mut breadcrumb.fields {
            texts.push(&mut field.name);
            texts.extend(shown(&mut field.value));
        }
    }
    for frame in frames {
        texts.push(&mut frame.function);
        texts.extend(frame.place.as_mut().map(|place| &mut place.file));
        texts.extend(&mut frame.path);
        texts.extend(&mut frame.address);
        texts.extend(frame.source.iter_mut().flat_map(|source| &mut source.lines));
        texts.extend(frame.attempt.iter_mut().flat_map(|attempt| &mut attempt.earlier));
        for variable in &mut frame.variables {
            texts.extend([&mut variable.name, &mut variable.type_name]);
            texts.extend(shown(&mut variable.value));
        }
    }
    texts.extend(&mut report.notes);
    texts.push(&mut report.fingerprint);
    texts.extend(&mut report.first_seen);
    texts
}

fn shown(value: &mut Shown) -> Vec<&mut String> {
    match value {
        Shown::Value { text, .. } => vec![text],
        Shown::Redacted => Vec::new(),
        Shown::NotKept { hint } => vec![hint],
        Shown::Failed { why, text } => vec![why, text],
    }
}

const HOSTILE: [&str; 12] = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</textarea></pre></code></style><svg onload=alert(1)>",
    "<!-- --><![CDATA[ ]]> &lt;b&gt; &#60;i&#62; &amp;",
    "javascript:alert(1)//",
    "{{ 7 * 7 }} {% include \"x\" %} ${7*7}",
    "\u{202e}gnp.exe\u{2066}\u{200f}\u{0}\u{1b}[31m\r\n\u{85}\u{2028}x",
    "&quot;&apos;`\\",
    "",
    "\n\n\t ",
];

/// Each tag with the names of its attributes: what a browser would obey.
fn skeleton(page: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some((_, tag)) = rest.split_once('<') {
        let mut names = String::new();
        let (mut is_quoted, mut end) = (false, tag.len());
        for (at, char) in tag.char_indices() {
            match char {
                '"' => is_quoted = !is_quoted,
                '>' if !is_quoted => {
                    end = at;
                    break;
                }
                char if !is_quoted => names.push(char),
                _ => {}
            }
        }
        rest = &tag[end..];
        // The page's own style and script are no tags.
        for own in ["style", "script"] {
            if names == own {
                rest = &rest[rest.find(&format!("</{own}")).expect("it ends")..];
            }
        }
        tags.push(names.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    tags
}

#[test]
fn no_text_of_a_report_leaves_its_place() {
    let usual: HashSet<String> = skeleton(&html(&full_report())).into_iter().collect();
    let long = [
        "pre class= tabindex= role= aria-label=",
        "details class=",
        "/pre",
        "pre tabindex= role= aria-label=",
    ];
    let hidden = "a class= data-file= data-path= data-line= data-column= hidden";
    let also: HashSet<&str> = long.into_iter().chain([hidden]).collect();
    for hostile in HOSTILE {
        let count = texts(&mut full_report()).len();
        assert!(count > 60);
        for at in 0..count {
            let mut report = full_report();
            hostile.clone_into(texts(&mut report)[at]);
            let page = html(&report);
            // A text may be cut, coloured and folded, but it brings nothing of its own.
            let foreign: Vec<_> = skeleton(&page)
                .into_iter()
                .filter(|tag| !usual.contains(tag) && !also.contains(tag.as_str()))
                .collect();
            assert!(foreign.is_empty(), "{foreign:?} by {hostile:?} in text {at}");
            assert_eq!(page.matches("<script").count(), 1, "{hostile:?} in text {at}");
            assert!(!page.contains("href=\"javascript"), "{hostile:?} in text {at}");
            let sign = |char: char| {
                (char.is_control() && char != '\n') || "\u{202e}\u{2066}\u{200f}\u{2028}".contains(char)
            };
            assert!(!page.contains(sign), "{hostile:?} in text {at} changes how the page is read");
        }
    }
}

#[test]
fn a_report_of_nothing_but_hostile_texts_is_shown_as_text() {
    for hostile in HOSTILE.iter().filter(|hostile| !hostile.trim().is_empty() && hostile.is_ascii()) {
        let mut report = full_report();
        for text in texts(&mut report) {
            (*hostile).clone_into(text);
        }
        let page = visible(&html(&report));
        let words: Vec<_> = hostile.split_whitespace().collect();
        assert!(page.contains(&words.join(" ")), "{hostile} is not in: {page}");
    }
}

#[test]
fn long_values_open_and_long_messages_are_told_whole() {
    let mut report = small_report();
    let long = format!("Order {{ id: 42, name: \"{}\", lines: [1, 2, 3] }}", "Ada ".repeat(40));
    report.message = format!("{}\nsecond line", "word ".repeat(60));
    let frame = crashed_frame(&mut report);
    frame.variables[0].value = Shown::Value { text: long, cut: false };
    let page = html(&report);
    assert!(part(&page, "<h1>", "</h1>").ends_with('…'));
    assert!(part(&page, "<pre class=\"message\"", "</pre>").contains("second line"));
    let value = part(&page, "class=\"long\"", "</details>");
    assert!(visible(&format!("<body>{value}<")).contains("name: \"Ada"));
    assert!(value.contains("\n    "), "it is broken into lines: {value}");
}

#[test]
fn a_deep_recursion_is_not_a_deep_page() {
    let mut report = small_report();
    let frame = crashed_frame(&mut report).clone();
    report.frames.splice(1..1, std::iter::repeat_n(frame, 10_000));
    let page = html(&report);
    assert_eq!(page.matches("<details class=\"frame").count(), 80);
    assert!(visible(&page).contains("9922 frames more are not shown on this page"));
    assert!(page.len() < 1_000_000, "{}", page.len());
}

#[test]
fn many_values_take_no_more_than_their_share() {
    let mut report = small_report();
    let variable = |number: usize| Variable {
        name: format!("v{number}"),
        type_name: "Vec<u8>".into(),
        value: Shown::Value { text: format!("[{}]", "1, ".repeat(300)), cut: false },
        as_of: None,
        argument: false,
    };
    crashed_frame(&mut report).variables = (0..500).map(variable).collect();
    let page = html(&report);
    assert!(page.contains("data-name=\"v499\""));
    // A span for each word of a list would be twenty times the text.
    assert!(page.len() < 12 * report.to_json().len(), "{} for {}", page.len(), report.to_json().len());
}

#[test]
fn markdown_quotes_what_it_is_given() {
    let mut report = full_report();
    report.message = "no `key` in <b>map</b>\nsecond".into();
    crashed_frame(&mut report).function = "a```b````c".into();
    let markdown = report.to_markdown();
    assert!(
        markdown.starts_with(
            "**Panic:** ``no `key` in <b>map</b>``\n\n- at: `src/main.rs:82`\n- in: `shop 1.2.3`\n"
        ),
        "{markdown}"
    );
    let fence = "`".repeat(5);
    assert_eq!(markdown.matches(&format!("\n{fence}")).count(), 2, "{markdown}");
    assert!(markdown.contains(report.to_text(false).trim_end()));
}

#[test]
fn a_line_at_the_end_of_all_numbers_does_not_overflow() {
    let mut report = full_report();
    let frame = crashed_frame(&mut report);
    frame.source = Some(Source { first_line: u32::MAX, lines: vec!["last".into(), "none".into()] });
    frame.place.as_mut().expect("it has a place").line = u32::MAX;
    let page = visible(&html(&report));
    assert!(page.contains("at 4294967295 last"), "{page}");
    assert!(report.to_text(false).contains("> 4294967295 | last"));
}

#[test]
fn a_line_of_a_hundred_thousand_names_has_few_parts() {
    let mut report = full_report();
    let frame = crashed_frame(&mut report);
    frame.source = Some(Source { first_line: 82, lines: vec!["d ".repeat(100_000)] });
    let page = html(&report);
    let frame = part(&page, "id=\"frame-5\"", "class=\"beside\"");
    assert!(frame.len() < 250_000, "{}", frame.len());
    assert!(frame.contains(&"d ".repeat(99_000)), "all of it is shown");
}
