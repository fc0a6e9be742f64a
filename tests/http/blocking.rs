//! `reqwest::blocking`.

use std::time::{Duration, Instant};

use retry_core::http::{ErrorForRetryBlocking, HttpError};
use retry_core::{Classification, RetryClassify, retry, testing};

use crate::server::{Server, cut, dripping, reply};
use crate::{ApiError, assert_told, seconds};

fn client() -> reqwest::blocking::Client {
    reqwest::blocking::Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap()
}

#[retry(backoff = exp(base = 3, max = 5))]
fn fetch(client: &reqwest::blocking::Client, server: &Server) -> Result<String, ApiError> {
    Ok(client.get(server.url("/")).send()?.error_for_retry()?.text()?)
}

#[test]
fn a_blocking_function_gets_through_what_servers_say() {
    let server = Server::start(vec![
        reply("429 Slow Down", &[("retry-after", "7")], "slow down"),
        cut("200 Fine", &[], "hel"),
        reply("200 Fine", &[], "hello"),
    ]);
    let recorder = testing::record();
    assert_eq!(fetch(&client(), &server).unwrap(), "hello");
    assert_told(&recorder.delays(), &[7, 3]);
}

#[test]
fn a_blocking_error_keeps_a_piece_of_the_body() {
    let get = |answer| {
        let server = Server::start(vec![answer]);
        client().get(server.url("/a?b")).send().unwrap().error_for_retry().unwrap_err()
    };
    let error = get(reply("503 Unavailable", &[("retry-after", "7")], "no"));
    assert_eq!((&*error.text(), error.is_whole(), error.classify()), ("no", true, seconds(7)));
    assert!(error.url().unwrap().ends_with("/a"));
    let error = get(reply("500 Broken", &[], &"x".repeat(1_000_000)));
    assert_eq!((error.body().len(), error.is_whole()), (HttpError::BODY_LIMIT, false));
    let error = get(reply("500 Broken", &[], &"x".repeat(HttpError::BODY_LIMIT)));
    assert_eq!((error.body().len(), error.is_whole()), (HttpError::BODY_LIMIT, true));
    let error = get(cut("500 Broken", &[], "hel"));
    assert_eq!((&*error.text(), error.is_whole()), ("hel", false));
}

#[test]
fn a_body_that_drips_does_not_keep_a_blocking_call() {
    let server = Server::start(vec![dripping("503 Unavailable", &[("retry-after", "7")])]);
    let response = client().get(server.url("/")).send().unwrap();
    let began = Instant::now();
    let error = response.error_for_retry().unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(10), "it would drip for a minute");
    assert_eq!((error.is_whole(), error.classify()), (false, seconds(7)));
}

#[test]
fn blocking_errors_classify_themselves() {
    let refused = client().get("http://127.0.0.1:1/").send().unwrap_err();
    assert_eq!(refused.classify(), Classification::Transient);
    let wrong = client().get("http://").send().unwrap_err();
    assert_eq!(wrong.classify(), Classification::Permanent);
}
