//! Calls an HTTP API that fails in four ways before it answers; then crashes, and reports that with the values of every
//! frame. Run it: `cargo run --bin quickstart`.

mod crash;
mod server;
mod show;

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use reqwest::header::RETRY_AFTER;
use reqwest::{Client, StatusCode, Url};
use retry_core::{RetryClassify, retry};
use serde::Deserialize;

/// What can go wrong, and which of it is worth another try.
#[derive(Debug, thiserror::Error, RetryClassify)]
enum ApiError {
    #[error("no answer in time")]
    Timeout,

    #[error("429 Too Many Requests")]
    TooManyRequests { retry_interval: Option<u64> },

    #[error("{status}")]
    #[retry(after = field(retry_after, or = 1s))]
    Unavailable { status: StatusCode, retry_after: Option<u64> },

    #[error("409 Conflict")]
    #[retry(transient)]
    Conflict,

    #[error("{0}")]
    #[retry(permanent)]
    Refused(StatusCode),

    #[error(transparent)]
    #[retry(forward)]
    Http(HttpError),
}

/// No answer at all, or not a whole one; where the request did not get through, the next one may.
#[derive(Debug, thiserror::Error, RetryClassify)]
#[error("the request failed")]
#[retry(when = self.0.is_request())]
struct HttpError(#[source] reqwest::Error);

impl From<reqwest::Error> for ApiError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() { Self::Timeout } else { Self::Http(HttpError(error)) }
    }
}

/// Fetches the events, trying again where that may help: first by the rules right here, then by what the
/// error type above says of the rest.
#[retry(
    Timeout = 1s,
    TooManyRequests = field(retry_interval, or = 1s),
    backoff = exp(base = 250ms, max = 5),
    deadline = 30s,
    on_retry = show::failed,
    on_give_up = show::gave_up,
    on_success = show::answered,
    sleep = show::countdown,
)]
async fn events(client: &Client, url: &Url) -> Result<String, ApiError> {
    #[derive(Deserialize)]
    struct SlowDown {
        retry_interval: u64,
    }

    let response = client.get(url.clone()).send().await?;
    match response.status() {
        status if status.is_success() => Ok(response.text().await?),
        StatusCode::CONFLICT => Err(ApiError::Conflict),
        StatusCode::TOO_MANY_REQUESTS => {
            let told = response.json::<SlowDown>().await.ok();
            Err(ApiError::TooManyRequests { retry_interval: told.map(|body| body.retry_interval) })
        }
        status if status.is_server_error() => {
            let told =
                response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
            Err(ApiError::Unavailable { status, retry_after: told })
        }
        status => Err(ApiError::Refused(status)),
    }
}

/// Calls an HTTP API that fails in four ways before it answers, and shows each attempt and each wait; then crashes, and
/// shows the report
#[derive(Parser)]
struct Arguments {
    /// Call this instead of the server that the program brings along
    #[arg(long, value_parser = http_url)]
    url: Option<Url>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            show::error(&*error);
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let url = match arguments.url {
        Some(url) => url,
        None => server::start().await?,
    };
    // No proxy: it could not reach a server on this machine.
    let client = Client::builder().timeout(Duration::from_secs(1)).no_proxy().build()?;

    show::start(&url);
    let outcome = events(&client, &url).await;
    show::table();
    let events = outcome?;
    show::result(&events);
    crash::show(&events);
    Ok(())
}

fn http_url(text: &str) -> Result<Url, String> {
    match Url::parse(text) {
        Ok(url) if url.scheme() == "http" => Ok(url),
        Ok(_) => Err("it has to begin with http://".into()),
        Err(error) => Err(format!("{error}; it has to look like http://host:port/path")),
    }
}
