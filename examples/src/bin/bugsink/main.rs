//! Sends twelve events to a real server that takes ten in five minutes, reads them back through an API that answers ten
//! requests a minute, and gets all of them through: it waits as long as the server says. A wrong key it tries once.
//!
//! The server is Bugsink, which receives what Sentry's clients send. The script starts one, and stops it again:
//!
//! ```text
//! bash tests/peers/run bugsink -- cargo run -p retry-examples --features reqwest --bin bugsink
//! ```
//!
//! It says `X-Sentry-Rate-Limits: 60::key` to too many events, and `Retry-After: 60` to too many requests of its API. That is
//! minutes to wait, which this program does not sleep through: that Bugsink's clock can be put forward (see `clock.rs`).

mod clock;

use std::env;
use std::error::Error;
use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap};
use reqwest::{Client, Url};
use retry_core::http::{ErrorForRetry, HttpError};
use retry_core::{Event, RetryClassify, retry};
use serde_json::{Value, json};

/// An answer that is an error, or none: both know whether another try is worth it.
#[derive(Debug, thiserror::Error, RetryClassify)]
enum BugsinkError {
    #[error(transparent)]
    #[retry(forward)]
    Answered(#[from] HttpError),

    #[error(transparent)]
    #[retry(forward)]
    Failed(#[from] reqwest::Error),
}

struct Bugsink {
    client: Client,
    server: String,
    project: String,
    key: String,
    token: String,
}

impl Bugsink {
    fn from_environment() -> Result<Self, Box<dyn Error>> {
        let dsn = Url::parse(&variable("RETRY_CORE_BUGSINK_DSN")?)?;
        Ok(Self {
            // No proxy: it could not reach a server on this machine.
            client: Client::builder().timeout(Duration::from_secs(30)).no_proxy().build()?,
            server: dsn.origin().ascii_serialization(),
            project: dsn.path().trim_matches('/').to_owned(),
            key: dsn.username().to_owned(),
            token: variable("RETRY_CORE_BUGSINK_LIMITED_TOKEN")?,
        })
    }

    /// Sends an event. To do that twice does no harm: Bugsink knows an event by its id.
    #[retry(backoff = exp(base = 1s, max = 8), on_retry = refused, sleep = clock::wait)]
    async fn send(&self, key: &str, id: &str, event: &Value) -> Result<HeaderMap, BugsinkError> {
        let envelope = format!("{}\n{}\n{event}\n", json!({ "event_id": id }), json!({ "type": "event" }));
        let request = self
            .client
            .post(format!("{}/api/{}/envelope/", self.server, self.project))
            .header("content-type", "application/x-sentry-envelope")
            .header("x-sentry-auth", format!("Sentry sentry_version=7, sentry_key={key}"))
            .body(envelope);
        Ok(request.send().await?.error_for_retry().await?.headers().clone())
    }

    /// What Bugsink has made of an event.
    #[retry(backoff = exp(base = 1s, max = 8), on_retry = refused, sleep = clock::wait)]
    async fn read_back(&self, id: &str) -> Result<Value, BugsinkError> {
        let (server, project) = (&self.server, &self.project);
        let url = format!("{server}/api/canonical/0/events/lookup/?project={project}&event_id={id}");
        let response = self.client.get(url).bearer_auth(&self.token).send().await?;
        Ok(response.error_for_retry().await?.json().await?)
    }
}

/// An attempt was in vain, and there will be another one.
fn refused(event: Event<'_, BugsinkError>) {
    let Some(error) = event.error() else { return };
    let at = match error {
        BugsinkError::Answered(answer) => date(answer.headers()),
        BugsinkError::Failed(_) => "no answer",
    };
    let (asked, delay) = (event.asked().as_secs_f64(), event.delay().as_secs_f64());
    print(format_args!("  {error}, {at}\n    asks for {asked:.3} s, waits {delay:.3} s\n"));
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where even this cannot be written, the exit code has to do.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let bugsink = Bugsink::from_environment()?;
    let ids: Vec<_> = (1..=12).map(|number| (number, format!("{:032x}", fastrand::u128(..)))).collect();

    print(format_args!("Twelve events to {}\n", bugsink.server));
    for (number, id) in &ids {
        let headers = bugsink.send(&bugsink.key, id, &event(*number, id)?).await?;
        print(format_args!("  event {number}: accepted, {}\n", date(&headers)));
    }

    print("\nAre they there?\n");
    for (number, id) in &ids {
        let event = bugsink.read_back(id).await?;
        let error = &event["data"]["exception"]["values"][0]["value"];
        print(format_args!("  event {number}: {}\n", error.as_str().unwrap_or("not what was sent")));
    }

    print("\nWith a wrong key\n");
    let (number, id) = &ids[0];
    match bugsink.send("00000000000000000000000000000000", id, &event(*number, id)?).await {
        Ok(_) => Err("a wrong key was accepted".into()),
        Err(error) => {
            print(format_args!("  {error}\n"));
            Ok(())
        }
    }
}

fn event(number: u32, id: &str) -> Result<Value, Box<dyn Error>> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let error = json!({ "type": "ImportError", "value": format!("order {number} has no price") });
    Ok(json!({
        "event_id": id,
        "timestamp": now.as_secs_f64(),
        "platform": "native",
        "level": "error",
        "exception": { "values": [error] },
    }))
}

/// The server's own time.
fn date(headers: &HeaderMap) -> &str {
    headers.get(DATE).and_then(|date| date.to_str().ok()).unwrap_or("no date")
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name)
        .map_err(|_| format!("{name} is not set; run this by `bash tests/peers/run bugsink -- ...`"))
}

/// Unlike `print!` it ends the program quietly when nobody reads on.
fn print(what: impl Display) {
    let mut stdout = io::stdout();
    if write!(stdout, "{what}").and_then(|()| stdout.flush()).is_err() {
        std::process::exit(1);
    }
}
