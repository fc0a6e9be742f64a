//! The page of a report, clicked through in a real browser.

mod crashed;
mod served;

use std::fs;
use std::path::{Path, PathBuf};

use retry_core::crash::Report;
use retry_tests::asked_for_peer;
use retry_tests::browser::{Browser, Look};
use serde_json::json;

/// The page of a real crash, or nothing where no browser is asked for.
async fn page(look: Look) -> Option<(Browser, Report)> {
    if !asked_for_peer("chromium") {
        return None;
    }
    let json = crashed::json();
    let browser = Browser::start(look).await;
    browser.open_file(&json.with_extension("html")).await;
    let report = Report::from_json(&fs::read_to_string(json).unwrap()).unwrap();
    Some((browser, report))
}

/// A page with this report in the folder of this run.
fn saved(name: &str, report: &Report) -> PathBuf {
    let path = crashed::folder().join(name);
    fs::write(&path, report.to_html()).unwrap();
    path
}

async fn done(browser: Browser) {
    let complaints = browser.complaints().await;
    assert!(complaints.is_empty(), "{complaints:?}");
    browser.close().await;
}

const FAULT: &str = ".frame.fault";
const BILL: &str = ".frame[data-function=bill]";

/// Marks each frame with its function, to find it by.
async fn name_frames(browser: &Browser) {
    let mark = "document.querySelectorAll('.frame').forEach((each) => { each.dataset.function = each.querySelector('.function').textContent; })";
    browser.eval(mark).await;
}

#[tokio::test]
async fn the_frame_at_fault_is_open_with_its_values_beside_the_source() {
    let Some((browser, _)) = page(Look::DESKTOP).await else { return };
    assert_eq!(browser.text("h1").await, "attempt to divide by zero");
    assert_eq!(browser.eval("document.querySelectorAll('.frame[open]').length").await, json!(1));
    let frame = browser.text(FAULT).await;
    for text in [
        "divide",
        "crashed here",
        "(total + tip) / guests",
        "guests",
        "tip_percent",
        "1290",
        "order 42 of Ada",
    ] {
        assert!(frame.contains(text), "{text} is not in {frame}");
    }
    // Beside, not below.
    let beside = "(() => { const box = (css) => document.querySelector(css).getBoundingClientRect(); \
        const [source, values] = [box('.fault .source'), box('.fault .beside')]; \
        return source.right <= values.left + 1 && Math.abs(source.top - values.top) < 2; })()";
    assert_eq!(browser.eval(beside).await, json!(true));
    assert_eq!(browser.eval("document.querySelectorAll('.fault .line').length").await, json!(11));
    assert!(browser.text(".line.here").await.contains("guests"));
    done(browser).await;
}

#[tokio::test]
async fn frames_open_and_close_at_a_click() {
    let Some((browser, _)) = page(Look::DESKTOP).await else { return };
    name_frames(&browser).await;
    assert!(!browser.sees(&format!("{BILL} .values")).await);
    browser.click(&format!("{BILL} > summary")).await;
    let bill = browser.text(BILL).await;
    for text in [
        "attempt 3 of 5",
        "the price list is locked by till 2",
        "redacted",
        "not kept",
        "Debug panicked: no lock",
    ] {
        assert!(bill.contains(text), "{text} is not in {bill}");
    }
    browser.click(&format!("{BILL} > summary")).await;
    assert!(!browser.sees(&format!("{BILL} .values")).await);
    // A run of frames of libraries is one line until it is opened.
    assert!(!browser.sees(".libraries li").await);
    browser.click(".libraries > summary").await;
    assert!(browser.sees(".libraries li").await);
    // All of them, and back.
    browser.click("#unfold").await;
    assert_eq!(browser.eval("document.querySelectorAll('.frame:not([open])').length").await, json!(0));
    browser.click("#unfold").await;
    assert_eq!(browser.eval("document.querySelectorAll('.frame[open]').length").await, json!(0));
    done(browser).await;
}

#[tokio::test]
async fn what_the_lines_do_not_mention_is_a_click_away() {
    let Some((browser, _)) = page(Look::DESKTOP).await else { return };
    name_frames(&browser).await;
    browser.click(".frame[data-function=run] > summary").await;
    let others = ".frame[data-function=run] .others";
    let hidden = format!("{others} .value[data-name=spare]");
    assert!(!browser.sees(&hidden).await);
    browser.click(&format!("{others} > summary")).await;
    assert!(browser.sees(&hidden).await);
    // A long value opens in several lines.
    let long = ".fault .value[data-name=order] .long";
    assert!(!browser.sees(&format!("{long} pre")).await);
    browser.click(&format!("{long} > summary")).await;
    let whole = browser.text(&format!("{long} pre")).await;
    assert!(
        whole.contains("\n    customer: Customer {\n") && whole.contains("password: <redacted>"),
        "{whole}"
    );
    done(browser).await;
}

#[tokio::test]
async fn search_shows_what_matches_and_leaves_no_trace() {
    let Some((browser, _)) = page(Look::DESKTOP).await else { return };
    name_frames(&browser).await;
    browser.press("/").await;
    assert_eq!(browser.eval("document.activeElement.id").await, json!("search"));
    browser.press("spare").await;
    assert!(browser.sees(".frame[data-function=run] .value[data-name=spare]").await, "it is opened");
    assert!(!browser.sees(FAULT).await, "the others are hidden");
    let found = browser.text("#found").await;
    assert!(found.ends_with(" match"), "{found}");
    assert_eq!(browser.eval("CSS.highlights.get('found').size > 0").await, json!(true));
    browser.press(" zzz").await;
    assert_eq!(browser.text("#found").await, "nothing matches");
    browser.press("\u{e00c}").await;
    assert_eq!(browser.text("#found").await, "");
    assert_eq!(
        browser
            .eval("[...document.querySelectorAll('.frame[open]')].map((each) => each.dataset.function)")
            .await,
        json!(["divide"])
    );
    assert!(browser.sees(FAULT).await);
    // The context is searched, too.
    browser.press("tea room").await;
    assert!(browser.sees("aside .value[data-name=project]").await && !browser.sees(FAULT).await);
    done(browser).await;
}

#[tokio::test]
async fn the_order_turns_around() {
    let Some((browser, report)) = page(Look::DESKTOP).await else { return };
    let order = "[...document.querySelectorAll('.frame .function')].map((each) => each.title)";
    let newest = browser.eval(order).await;
    let own = |frame: &&retry_core::crash::Frame| frame.in_app;
    let expected: Vec<_> =
        report.frames.iter().rev().filter(own).map(|frame| frame.function.clone()).collect();
    assert_eq!(newest, json!(expected));
    browser.click("#turn").await;
    let oldest: Vec<_> = expected.into_iter().rev().collect();
    assert_eq!(browser.eval(order).await, json!(oldest));
    assert_eq!(browser.text("#order").await, "most recent call last");
    done(browser).await;
}

#[tokio::test]
async fn copies_are_what_the_report_says() {
    let Some((browser, report)) = page(Look::DESKTOP).await else { return };
    let paste = "(() => { const area = document.createElement('textarea'); area.id = 'paste'; document.body.append(area); })()";
    browser.eval(paste).await;
    for (button, expected) in [("as-text", report.to_text(false)), ("as-markdown", report.to_markdown())] {
        browser.click(&format!("[data-copy={button}]")).await;
        browser
            .wait_until(&format!("document.querySelector('[data-copy={button}]').textContent === 'Copied'"))
            .await;
        browser
            .eval(
                "(() => { const area = document.querySelector('#paste'); area.value = ''; area.focus(); })()",
            )
            .await;
        browser.press_with_control('v').await;
        assert_eq!(browser.eval("document.querySelector('#paste').value").await, json!(expected));
    }
    done(browser).await;
}

#[tokio::test]
async fn places_are_links_into_the_readers_editor() {
    let Some((browser, report)) = page(Look::DESKTOP).await else { return };
    let frame = report.frames.last().unwrap();
    let (path, line) = (frame.path.clone().unwrap(), frame.place.as_ref().unwrap().line);
    let href = "document.querySelector('.fault .editor').getAttribute('href')";
    assert_eq!(browser.eval(href).await, json!(format!("vscode://file{path}:{line}")));
    browser.click(".settings > summary").await;
    browser.find("#editor").await.select_by_label("IntelliJ IDEA").await.unwrap();
    assert_eq!(browser.eval(href).await, json!(format!("idea://open?file={path}&line={line}")));
    // The sources are somewhere else on this machine.
    browser.find("#root").await.send_keys("/home/ada/my shop/").await.unwrap();
    let file = &frame.place.as_ref().unwrap().file;
    assert_eq!(
        browser.eval(href).await,
        json!(format!("idea://open?file=/home/ada/my%20shop/{file}&line={line}"))
    );
    // A template that is more than a link to a place is none.
    for template in
        ["javascript:alert(1)//{path}", " JavaScript:alert(1)", "data:text/html,{path}", "no link"]
    {
        browser.eval(&format!("(() => {{ const input = document.querySelector('#template'); input.value = {template:?}; input.dispatchEvent(new Event('input')); }})()")).await;
        assert_eq!(browser.eval(href).await, json!(null), "{template}");
        assert!(!browser.sees(".fault .editor").await);
    }
    // The browser keeps it.
    browser.eval("localStorage.setItem('retry-core editor', 'zed://file/{path}:{line}')").await;
    let address = browser.eval("location.href").await;
    browser.open(address.as_str().unwrap()).await;
    let expected = format!("zed://file/home/ada/my%20shop/{file}:{line}");
    assert_eq!(browser.eval(href).await, json!(expected));
    assert_eq!(
        browser.eval("document.querySelector('#editor').selectedOptions[0].label").await,
        json!("Zed")
    );
    browser.eval("localStorage.clear()").await;
    done(browser).await;
}

#[tokio::test]
async fn a_name_tells_its_value_under_the_pointer() {
    let Some((browser, _)) = page(Look::DESKTOP).await else { return };
    assert_eq!(
        browser.eval("document.querySelector('.fault .here .v[data-name=guests]').title").await,
        json!("guests = 0")
    );
    let over = "document.querySelector('.fault .here .v[data-name=guests]').dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))";
    browser.eval(over).await;
    assert_eq!(
        browser
            .eval("document.querySelector('.fault .value[data-name=guests]').classList.contains('lit')")
            .await,
        json!(true)
    );
    browser.eval(&over.replace("over'", "out'")).await;
    assert_eq!(browser.eval("document.querySelectorAll('.lit').length").await, json!(0));
    done(browser).await;
}

#[tokio::test]
async fn all_of_it_works_without_a_mouse() {
    let Some((browser, _)) = page(Look::DESKTOP).await else { return };
    let focus = "document.activeElement.textContent.trim().split(/\\s+/)[0]";
    browser.press("\u{e004}").await;
    assert_eq!(browser.eval(focus).await, json!("To"), "the first stop leads past the head");
    browser.press("\u{e007}").await;
    assert_eq!(browser.eval("document.activeElement.id").await, json!("frames"));
    browser.press("j").await;
    assert_eq!(browser.eval(focus).await, json!("divide"));
    browser.press("j").await;
    assert_eq!(browser.eval(focus).await, json!("bill"));
    browser.press("\u{e007}").await;
    assert_eq!(browser.eval("document.activeElement.parentElement.open").await, json!(true));
    browser.press("k").await;
    assert_eq!(browser.eval(focus).await, json!("divide"));
    browser.press(" ").await;
    assert_eq!(browser.eval("document.activeElement.parentElement.open").await, json!(false));
    // Where the focus is can be seen.
    let outline = "getComputedStyle(document.activeElement).outlineStyle";
    assert_eq!(browser.eval(outline).await, json!("solid"));
    done(browser).await;
}

#[tokio::test]
async fn it_is_readable_on_a_phone() {
    let Some((browser, _)) = page(Look::PHONE).await else { return };
    browser.click("#unfold").await;
    assert_eq!(browser.eval("document.documentElement.scrollWidth").await, json!(390), "nothing sticks out");
    let below = "document.querySelector('.fault .source').getBoundingClientRect().bottom <= document.querySelector('.fault .beside').getBoundingClientRect().top + 1";
    assert_eq!(browser.eval(below).await, json!(true));
    let small = "[...document.querySelectorAll('button, .settings > summary, .frame > summary')].filter((each) => each.getBoundingClientRect().height < 36).length";
    assert_eq!(browser.eval(small).await, json!(0), "fingers are not pointers");
    done(browser).await;
}

#[tokio::test]
async fn without_scripts_it_is_a_page_that_opens_and_closes() {
    let Some((browser, _)) = page(Look { scripts: false, ..Look::DESKTOP }).await else { return };
    assert!(!browser.sees(".tools").await);
    assert!(browser.sees(".fault .values").await);
    assert!(browser.sees(".fault .editor").await);
    browser.click(".fault > summary").await;
    assert!(!browser.sees(".fault .values").await);
    browser.click(".libraries > summary").await;
    assert!(browser.sees(".libraries li").await);
    browser.close().await;
}

/// What [axe](https://github.com/dequelabs/axe-core) finds on the page that is open: contrast of colours, names, landmarks.
async fn anybody_can_use(browser: &Browser, what: &str) {
    let axe = fs::read_to_string(std::env::var("RETRY_CORE_AXE").unwrap()).unwrap();
    let found = browser.eval_later(&axe, "axe.run(document, { resultTypes: ['violations'] })").await;
    let mut violations = Vec::new();
    for rule in found["violations"].as_array().unwrap_or_else(|| panic!("{found}")) {
        for node in rule["nodes"].as_array().unwrap() {
            violations.push(format!("{}: {} {}", rule["help"], node["html"], node["failureSummary"]));
        }
    }
    assert!(violations.is_empty(), "{what}: {violations:#?}");
    assert!(found["passes"].as_array().is_some_and(|passes| passes.len() > 15), "axe has looked");
}

#[tokio::test]
async fn everybody_can_use_it() {
    for (look, name) in
        [(Look::DESKTOP, "light"), (Look { dark: true, ..Look::DESKTOP }, "dark"), (Look::PHONE, "phone")]
    {
        let Some((browser, _)) = page(look).await else { return };
        for opened in [false, true] {
            if opened {
                browser
                    .eval("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
                    .await;
            }
            anybody_can_use(&browser, &format!("{name}, opened: {opened}")).await;
        }
        done(browser).await;
    }
}

/// The report with what happened before.
fn with_breadcrumbs(report: &Report) -> Report {
    let value = |text: &str| json!({ "state": "value", "text": text });
    let mut report: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
    report["breadcrumbs"] = json!([
        { "time": "2024-04-30T23:59:59.000Z", "level": "info", "target": "shop::till", "message": "the till is open" },
        {
            "time": "2024-05-01T11:59:58.250Z", "level": "error", "target": "retry_core", "message": "attempt failed",
            "fields": [
                { "name": "error", "value": value("the price list is locked by till 2") },
                { "name": "long", "value": value(&"x".repeat(512)) },
                { "name": "token", "value": { "state": "redacted" } },
            ],
        },
    ]);
    Report::from_json(&report.to_string()).unwrap()
}

#[tokio::test]
async fn what_happened_before_is_there_for_everybody() {
    for (look, name) in
        [(Look::DESKTOP, "light"), (Look { dark: true, ..Look::DESKTOP }, "dark"), (Look::PHONE, "phone")]
    {
        let Some((browser, report)) = page(look).await else { return };
        browser.open_file(&saved("before.html", &with_breadcrumbs(&report))).await;
        let crumbs = browser.text(".crumbs").await;
        assert!(
            crumbs.find("attempt failed") < crumbs.find("the till is open"),
            "the last one first: {crumbs}"
        );
        anybody_can_use(&browser, name).await;
        if name == "phone" {
            assert_eq!(
                browser.eval("document.documentElement.scrollWidth").await,
                json!(390),
                "nothing sticks out"
            );
        }
        browser.click("#search").await;
        browser.press("till::open").await;
        assert!(!browser.sees(".crumb").await);
        browser.press("\u{e003}".repeat(10).as_str()).await;
        browser.press("shop::till").await;
        assert!(browser.sees(".crumb:last-child").await && !browser.sees(".crumb:first-child").await);
        done(browser).await;
    }
}

/// Puts a text in the place of each text of a report.
fn hostile(value: &mut serde_json::Value, with: &str) {
    match value {
        serde_json::Value::String(text) => with.clone_into(text),
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| hostile(item, with)),
        serde_json::Value::Object(fields) => {
            // What decides what a value is stays.
            for (_, value) in
                fields.iter_mut().filter(|(name, _)| !["state", "kind"].contains(&name.as_str()))
            {
                hostile(value, with);
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn hostile_values_are_text() {
    if !asked_for_peer("chromium") {
        return;
    }
    let attack = "hacked = 1; document.title = 'hacked'";
    let texts = [
        format!("<script>{attack}</script>"),
        format!("</script></textarea></pre></code></title></style><script>{attack}</script>"),
        format!("\"><img src=x onerror=\"{attack}\">"),
        format!("' onmouseover='{attack}' autofocus onfocus='{attack}' x='"),
        format!("<svg onload=\"{attack}\"><a href=\"javascript:{attack}\">"),
        format!("javascript:{attack}//"),
        "<iframe src=\"http://127.0.0.1:9/\"></iframe><link rel=stylesheet href=http://127.0.0.1:9/>".into(),
        "<meta http-equiv=refresh content=\"0;url=http://127.0.0.1:9/\"><base href=http://127.0.0.1:9/>"
            .into(),
        "<!-- <![CDATA[ &lt;b&gt; &#60;i&#62; {{7*7}} ${7*7}".into(),
    ];
    let report = Report::from_json(&fs::read_to_string(crashed::json()).unwrap()).unwrap();
    let browser = Browser::start(Look::DESKTOP).await;
    for (number, text) in texts.iter().enumerate() {
        let mut value = serde_json::from_str(&report.to_json()).unwrap();
        hostile(&mut value, text);
        let report = Report::from_json(&value.to_string()).unwrap();
        browser.open_file(&saved(&format!("hostile-{number}.html"), &report)).await;
        browser.click("#unfold").await;
        browser.press("/").await;
        browser.press(text.get(..12).unwrap()).await;
        assert_eq!(browser.eval("typeof hacked").await, json!("undefined"), "{text}");
        assert_eq!(browser.eval("document.scripts.length").await, json!(1), "{text}");
        let foreign = "document.querySelectorAll('img, svg, iframe, link, base, meta[http-equiv=refresh], [onerror], [onload], [onfocus]').length";
        assert_eq!(browser.eval(foreign).await, json!(0), "{text}");
        let heading = browser.eval("document.querySelector('h1').textContent").await;
        assert_eq!(heading, json!(text), "as it was written");
        let links = "[...document.links].filter((each) => !each.hash && each.protocol !== 'vscode:').length";
        assert_eq!(browser.eval(links).await, json!(0), "{text}");
        assert_eq!(
            browser.eval("performance.getEntriesByType('resource').length").await,
            json!(0),
            "nothing is loaded"
        );
        let complaints = browser.complaints().await;
        assert!(complaints.is_empty(), "the policy had nothing to forbid: {complaints:?}");
    }
    browser.close().await;
}

/// Even if a text came through, nothing would run.
#[tokio::test]
async fn the_policy_stops_what_is_not_the_pages_own() {
    if !asked_for_peer("chromium") {
        return;
    }
    let page = fs::read_to_string(crashed::json().with_extension("html")).unwrap();
    let broken = page.replacen(
        "<main>",
        "<main><script>hacked = 1</script><img src=x onerror=\"hacked = 1\"><style>body { display: none }</style>",
        1,
    );
    let path: &Path = &crashed::folder().join("broken.html");
    fs::write(path, broken).unwrap();
    let browser = Browser::start(Look::DESKTOP).await;
    browser.open_file(path).await;
    assert_eq!(browser.eval("typeof hacked").await, json!("undefined"));
    assert!(browser.sees("h1").await);
    assert!(browser.complaints().await.len() >= 3, "it says so");
    browser.close().await;
}
