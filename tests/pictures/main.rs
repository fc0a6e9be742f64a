//! Makes the pictures of the docs, of what the program `desktop` of the examples leaves when it crashes:
//!
//! ```text
//! bash tests/peers/run chromium -- cargo run -p retry-tests --features browser --bin pictures [FOLDER]
//! ```
//!
//! Without a folder they are put where the docs have them, with a file beside them that has them as links of Markdown, since
//! a page of rustdoc cannot show a file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use retry_core::crash::{Report, Reports};
use retry_tests::browser::{Browser, Look};
use retry_tests::viewer::Viewer;
use serde_json::json;

/// Where the reports would be on a user's machine.
const FOLDER: &str = "/home/ada/.local/share/bench/crashes";
const PROGRAM: &str = "/home/ada/bin/desktop";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned();
    let docs = root.join("retry-core/docs/pictures");
    let pictures = env::args_os().nth(1).map_or(docs, PathBuf::from);
    fs::create_dir_all(&pictures).expect("the folder of the pictures");
    let reports = env::temp_dir().join(format!("retry-core-pictures-{}", std::process::id()));

    let printed = crash(&root, &reports, "unplugged");
    let browser = Browser::start(Look::DESKTOP).await;
    let shots = [
        ("terminal", terminal(&browser, &printed).await),
        ("page", page(&browser, &reports).await),
        ("viewer", viewer(&browser, &root, &reports).await),
    ];
    browser.close().await;

    let mut embedded = String::new();
    for (name, picture) in &shots {
        fs::write(pictures.join(format!("{name}.webp")), picture).expect("a picture can be written");
        let data = data_encoding::BASE64.encode(picture);
        _ = writeln!(embedded, "[{name}]: data:image/webp;base64,{data}");
    }
    fs::write(pictures.join("embedded.md"), embedded).expect("the links can be written");
    fs::remove_dir_all(reports).expect("the reports can be removed");
    println!("{}", pictures.display());
}

/// What the program prints, in colours, up to where it tells its user.
fn crash(root: &Path, reports: &Path, probe: &str) -> String {
    let mut desktop = Command::new(env!("CARGO"));
    desktop.current_dir(root).args([
        "run",
        "-q",
        "-p",
        "retry-examples",
        "--bin",
        "desktop",
        "--",
        "--probe",
        probe,
    ]);
    let desktop = desktop.arg("--reports").arg(reports).env("FORCE_COLOR", "1");
    let output = desktop.output().expect("the program runs");
    let printed = String::from_utf8(output.stderr).expect("it prints text");
    assert!(printed.contains("report saved in"), "{printed}");
    printed.trim_start().replace(&reports.display().to_string(), FOLDER)
}

/// As a terminal shows it.
async fn terminal(browser: &Browser, printed: &str) -> Vec<u8> {
    let report = printed.split_inclusive('\n').take_while(|line| !line.starts_with("report saved in"));
    let svg =
        anstyle_svg::Term::new().palette(anstyle_svg::WIN10_CONSOLE).render_svg(&report.collect::<String>());
    let file = env::temp_dir().join(format!("retry-core-terminal-{}.html", std::process::id()));
    fs::write(&file, format!("<!doctype html><body style=\"margin: 0\">{svg}")).expect("the picture's page");
    browser.open_file(&file).await;
    let size = browser.eval("(() => { const box = document.querySelector('svg').getBoundingClientRect(); return [Math.ceil(box.width), Math.ceil(box.height)]; })()").await;
    let pixels = |at: usize| size[at].as_u64().and_then(|size| u32::try_from(size).ok()).expect("a size");
    browser.resize((pixels(0), pixels(1))).await;
    fs::remove_file(file).expect("the picture's page can be removed");
    browser.picture().await
}

/// With the paths of a user's machine.
async fn page(browser: &Browser, reports: &Path) -> Vec<u8> {
    let report = Reports::in_folder(reports).list().expect("the reports are listed").remove(0);
    let mut report: Report = report.read().expect("the report is read");
    report.process.executable = Some(PROGRAM.into());
    let file = reports.join("page.html");
    fs::write(&file, report.to_html()).expect("the page can be written");
    browser.resize((1240, 800)).await;
    browser.open_file(&file).await;
    browser.picture().await
}

/// The list of crashes, as the viewer serves it.
async fn viewer(browser: &Browser, root: &Path, reports: &Path) -> Vec<u8> {
    crash(root, reports, "noisy");
    crash(root, reports, "unplugged");
    let served = Viewer::serve(reports);
    browser.resize((1240, 520)).await;
    browser.open(served.address()).await;
    let folder = "document.querySelector('.folder').textContent";
    assert_eq!(browser.eval(folder).await, json!(reports.display().to_string()));
    browser.eval(&format!("{folder} = {FOLDER:?}")).await;
    browser.picture().await
}
