//! A real browser, steered by WebDriver: `bash tests/peers/run chromium -- ...` starts it.

use std::env;
use std::path::Path;

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::{Locator, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// A browser with one window. Dropped, it stays until the run of the peers ends; [`close`](Self::close) ends it.
pub struct Browser {
    client: Client,
}

/// How the window looks, and what it allows.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// In pixels of the page.
    pub size: (u32, u32),
    pub dark: bool,
    pub scripts: bool,
}

impl Look {
    pub const DESKTOP: Self = Self { size: (1360, 900), dark: false, scripts: true };
    pub const PHONE: Self = Self { size: (390, 844), ..Self::DESKTOP };
}

/// A command of Chromium's own protocol.
#[derive(Debug)]
struct Cdp {
    name: &'static str,
    arguments: Value,
}

impl WebDriverCompatibleCommand for Cdp {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "cmd": self.name, "params": self.arguments }).to_string()))
    }
}

impl Browser {
    /// # Panics
    /// Where there is none.
    pub async fn start(look: Look) -> Self {
        let server = env::var("RETRY_CORE_CHROMIUM_URL")
            .expect("bash tests/peers/run chromium -- ... says where it is");
        let scripts = if look.scripts { 1 } else { 2 };
        let options = json!({
            // Without a sandbox, since in containers there is often only root, whom it refuses.
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--lang=en-US"],
            "prefs": { "profile.managed_default_content_settings.javascript": scripts },
        });
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("goog:chromeOptions".into(), options);
        capabilities.insert("goog:loggingPrefs".into(), json!({ "browser": "ALL" }));
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder.capabilities(capabilities).connect(&server).await.expect("the browser starts");
        let browser = Self { client };
        browser.resize(look.size).await;
        let scheme = if look.dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        browser.cdp("Emulation.setEmulatedMedia", media).await;
        browser
    }

    /// To a page of so many pixels; as a phone's where it is narrow.
    pub async fn resize(&self, (width, height): (u32, u32)) {
        let phone = width < 500;
        let scale = if phone { 2 } else { 1 };
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": phone });
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    async fn cdp(&self, name: &'static str, arguments: Value) -> Value {
        self.client.issue_cmd(Cdp { name, arguments }).await.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub async fn open(&self, address: &str) {
        self.client.goto(address).await.unwrap_or_else(|error| panic!("{address}: {error}"));
    }

    pub async fn open_file(&self, path: &Path) {
        self.open(url::Url::from_file_path(path).expect("the path is absolute").as_str()).await;
    }

    /// # Panics
    /// Where there is no such element.
    pub async fn find(&self, css: &str) -> Element {
        self.client.find(Locator::Css(css)).await.unwrap_or_else(|error| panic!("{css}: {error}"))
    }

    /// Scrolls to it, as a person would, and clicks on it.
    pub async fn click(&self, css: &str) {
        self.eval(&format!("document.querySelector({css:?})?.scrollIntoView({{ block: 'center' }})")).await;
        self.find(css).await.click().await.unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// The text that is to be seen.
    pub async fn text(&self, css: &str) -> String {
        self.find(css).await.text().await.expect("an element has a text")
    }

    /// What a person sees of it: neither hidden nor folded.
    pub async fn sees(&self, css: &str) -> bool {
        match self.client.find(Locator::Css(css)).await {
            Ok(element) => element.is_displayed().await.expect("it is there"),
            Err(CmdError::Standard(_)) => false,
            Err(error) => panic!("{css}: {error}"),
        }
    }

    /// Presses keys, one after the other, wherever the focus is.
    pub async fn press(&self, keys: &str) {
        let actions = keys.chars().fold(KeyActions::new("keys".into()), |actions, value| {
            actions.then(KeyAction::Down { value }).then(KeyAction::Up { value })
        });
        self.client.perform_actions(actions).await.expect("keys can be pressed");
    }

    /// Presses a key while the control key is down.
    pub async fn press_with_control(&self, value: char) {
        let control = char::from(fantoccini::key::Key::Control);
        let actions = KeyActions::new("keys".into())
            .then(KeyAction::Down { value: control })
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value })
            .then(KeyAction::Up { value: control });
        self.client.perform_actions(actions).await.expect("keys can be pressed");
    }

    /// The value of an expression in the page.
    pub async fn eval(&self, expression: &str) -> Value {
        let script = format!("return ({expression});");
        self.client.execute(&script, Vec::new()).await.unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    /// Runs the source, then waits for the promise that the expression is.
    pub async fn eval_later(&self, source: &str, expression: &str) -> Value {
        let script = format!(
            "{source}; const done = arguments[0]; ({expression}).then(done, (error) => done(String(error)));"
        );
        self.client
            .execute_async(&script, Vec::new())
            .await
            .unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    /// Waits until the expression is true in the page.
    pub async fn wait_until(&self, expression: &str) {
        for _ in 0..100 {
            if self.eval(expression).await == json!(true) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("it never is so: {expression}");
    }

    /// A picture of what is to be seen, as WebP.
    pub async fn picture(&self) -> Vec<u8> {
        let shot = self.cdp("Page.captureScreenshot", json!({ "format": "webp", "quality": 90 })).await;
        let data = shot["data"].as_str().expect("a picture is a text");
        data_encoding::BASE64.decode(data.as_bytes()).expect("it is encoded")
    }

    /// What the browser complained of since it was asked last: errors of scripts, what the page's policy forbade.
    pub async fn complaints(&self) -> Vec<String> {
        #[derive(Debug)]
        struct Log;
        impl WebDriverCompatibleCommand for Log {
            fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
                base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
            }

            fn method_and_body(&self, _: &url::Url) -> (Method, Option<String>) {
                (Method::POST, Some(json!({ "type": "browser" }).to_string()))
            }
        }
        let log = self.client.issue_cmd(Log).await.expect("the browser has a log");
        log.as_array().into_iter().flatten().map(|entry| entry["message"].to_string()).collect()
    }

    pub async fn close(self) {
        self.client.close().await.expect("the browser ends");
    }
}
