//! `response.error_for_retry().await?`

use retry_core::http::{ErrorForRetry, HttpError, Signal};
use retry_core::{Classification, RetryClassify, retry, testing};

use crate::server::{Server, cut, reply, stalled};
use crate::{ApiError, assert_told, client, seconds};

const RETRY_INFO: &str = r#"{"error":{"code":429,"details":[
    {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"37s"}]}}"#;

async fn answer(server: &Server, path: &str) -> Result<reqwest::Response, HttpError> {
    client().get(server.url(path)).send().await.unwrap().error_for_retry().await
}

#[retry(backoff = exp(base = 3, max = 6))]
async fn fetch(server: &Server) -> Result<String, ApiError> {
    let response = client().get(server.url("/events")).send().await?.error_for_retry().await?;
    Ok(response.text().await?)
}

#[tokio::test]
async fn a_response_that_is_no_error_is_as_it_was() {
    let server = Server::start(vec![reply("203 Fine", &[("x-a", "b")], "hello")]);
    let response = answer(&server, "/").await.unwrap();
    assert_eq!((response.status().as_u16(), response.headers()["x-a"].as_bytes()), (203, &b"b"[..]));
    assert_eq!(response.text().await.unwrap(), "hello");
}

#[tokio::test]
async fn an_error_keeps_status_headers_body_and_where_it_came_from() {
    let server = Server::start(vec![reply("429 Slow Down", &[("Retry-After", "7")], "one too many")]);
    let error = answer(&server, "/events?token=secret#there").await.unwrap_err();
    assert_eq!((error.status().as_u16(), &*error.text(), error.is_whole()), (429, "one too many", true));
    assert_eq!(error.headers()["retry-after"], "7");
    assert_eq!(error.classify(), seconds(7));
    let url = server.url("/events");
    assert_eq!(error.url(), Some(&*url));
    assert_eq!(error.to_string(), format!("429 Too Many Requests from {url}: one too many"));
}

#[tokio::test]
async fn a_function_gets_through_what_servers_say() {
    let server = Server::start(vec![
        reply("503 Unavailable", &[("retry-after", "20")], ""),
        reply("429 Slow Down", &[], RETRY_INFO),
        reply("502 Bad Gateway", &[], "<html>"),
        cut("200 Fine", &[], "hel"),
        reply("200 Fine", &[], "hello"),
    ]);
    let recorder = testing::record();
    assert_eq!(fetch(&server).await.unwrap(), "hello");
    // The reply was met for the third time when it was a 502.
    assert_told(&recorder.delays(), &[20, 37, 12, 3]);
    assert_eq!(server.requests(), ["GET /events"; 5]);
}

#[tokio::test]
async fn a_function_does_not_retry_what_no_retry_mends() {
    for status in ["400 Bad", "401 Who", "403 No", "404 Where", "422 What", "501 How"] {
        let server = Server::start(vec![reply(status, &[("retry-after-ms", "5")], "no")]);
        assert!(matches!(fetch(&server).await, Err(ApiError::Answered(_))), "{status}");
        assert_eq!(server.requests().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_large_body_is_read_up_to_the_limit() {
    let server = Server::start(vec![reply("500 Broken", &[], &"x".repeat(5_000_000))]);
    let error = answer(&server, "/").await.unwrap_err();
    assert_eq!((error.body().len(), error.is_whole()), (HttpError::BODY_LIMIT, false));
    assert_eq!(error.classify(), Classification::Transient);
}

#[tokio::test]
async fn of_a_body_that_breaks_off_what_came_is_kept() {
    let server = Server::start(vec![cut("503 Unavailable", &[("retry-after", "7")], "no capa")]);
    let error = answer(&server, "/").await.unwrap_err();
    assert_eq!((&*error.text(), error.is_whole(), error.classify()), ("no capa", false, seconds(7)));
}

#[tokio::test]
async fn a_body_that_never_ends_is_waited_for_a_second() {
    let server = Server::start(vec![stalled("503 Unavailable", &[("retry-after", "7")], "no capa")]);
    let response = client().get(server.url("/")).send().await.unwrap();
    tokio::time::pause();
    let began = tokio::time::Instant::now();
    let error = response.error_for_retry().await.unwrap_err();
    assert_eq!(began.elapsed().as_secs(), 1);
    assert_eq!((error.is_whole(), error.classify()), (false, seconds(7)));
}

#[tokio::test]
async fn a_status_that_no_standard_knows_is_an_error() {
    let server = Server::start(vec![reply("999 Denied", &[], "no")]);
    assert_eq!(answer(&server, "/").await.unwrap_err().classify(), Classification::Permanent);
}

#[test]
fn a_runtime_without_timers_is_enough_where_the_body_is_there() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
    let server = Server::start(vec![reply("503 Unavailable", &[("retry-after", "7")], "no")]);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let error = runtime.block_on(async {
        let response = client.get(server.url("/")).send().await.unwrap();
        response.error_for_retry().await.unwrap_err()
    });
    assert_eq!(error.classify(), seconds(7));
}

#[tokio::test]
async fn the_verdict_names_the_signal() {
    let server = Server::start(vec![reply("429 Slow Down", &[], RETRY_INFO)]);
    assert_eq!(answer(&server, "/").await.unwrap_err().verdict().signal(), Signal::RetryInfo);
}

#[tokio::test]
async fn the_future_is_send() {
    fn assert_send<T: Send>(value: T) -> T {
        value
    }
    let server = Server::start(vec![reply("200 Fine", &[], "")]);
    assert!(assert_send(fetch(&server)).await.is_ok());
}
