//! The layer for `reqwest-middleware`.

use std::time::{Duration, Instant};

use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, Middleware, Next};
use retry_core::http::RetryMiddleware;
use retry_core::{Classification, Policy, RetryClassify, testing};

use crate::assert_told;
use crate::server::{Answer, Server, cut, reply, stalled};

fn with(middleware: RetryMiddleware) -> ClientWithMiddleware {
    ClientBuilder::new(crate::client()).with(middleware).build()
}

fn retrying() -> RetryMiddleware {
    RetryMiddleware::new(Policy::exponential().base(Duration::from_secs(3)))
}

#[tokio::test]
async fn a_request_gets_through_what_servers_say() {
    let limited =
        r#"{"error":{"details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"37s"}]}}"#;
    let server = Server::start(vec![
        Answer::Reset,
        reply("429 Slow Down", &[], limited),
        reply("503 Unavailable", &[("retry-after", "7")], ""),
        reply("200 Fine", &[], "hello"),
    ]);
    let recorder = testing::record();
    let response = with(retrying()).get(server.url("/")).send().await.unwrap();
    assert_eq!(response.text().await.unwrap(), "hello");
    assert_told(&recorder.delays(), &[3, 37, 7]);
}

#[tokio::test]
async fn the_last_response_is_handed_out_as_it_was() {
    let body = "x".repeat(100_000);
    let server = Server::start(vec![reply("503 Unavailable", &[("x-a", "b")], &body)]);
    let recorder = testing::record();
    let response = with(retrying()).get(server.url("/path?query")).send().await.unwrap();
    assert_eq!((recorder.delays().len(), server.requests().len()), (3, 4));
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["x-a"], "b");
    assert_eq!(response.url().as_str(), server.url("/path?query"));
    assert_eq!(response.content_length(), Some(100_000));
    assert!(response.remote_addr().is_some());
    assert_eq!(response.text().await.unwrap(), body);
}

#[tokio::test]
async fn a_body_that_breaks_off_breaks_off_for_the_caller_too() {
    let server = Server::start(vec![cut("404 Where", &[], "hel")]);
    let mut response = with(retrying()).get(server.url("/")).send().await.unwrap();
    assert_eq!(response.chunk().await.unwrap().unwrap(), "hel");
    assert!(response.chunk().await.is_err());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_body_that_never_ends_does_not_keep_a_request_from_being_retried() {
    let server = Server::start(vec![stalled("503 Unavailable", &[], "hel"), reply("200 Fine", &[], "hello")]);
    let _recorder = testing::record();
    let sent = with(retrying()).get(server.url("/")).send();
    let response = tokio::time::timeout(Duration::from_secs(20), sent).await.unwrap().unwrap();
    assert_eq!(response.text().await.unwrap(), "hello");
}

#[tokio::test]
async fn a_body_that_decides_nothing_is_not_waited_for() {
    let server = Server::start(vec![stalled("404 Where", &[], "hel")]);
    let sent = with(retrying()).get(server.url("/")).send();
    let response = tokio::time::timeout(Duration::from_secs(4), sent).await.unwrap().unwrap();
    assert_eq!(response.status(), 404);

    // What it tells in milliseconds counts before anything that a body says.
    let told = [("retry-after-ms", "10")];
    let server = Server::start(vec![stalled("503 Unavailable", &told, "hel")]);
    let began = Instant::now();
    let _recorder = testing::record();
    let response = with(retrying()).get(server.url("/")).send().await.unwrap();
    assert_eq!((response.status().as_u16(), server.requests().len()), (503, 4));
    assert!(began.elapsed() < Duration::from_secs(3), "four bodies were waited for");
}

/// A crate's own error enum.
#[derive(Debug, thiserror::Error, RetryClassify)]
enum ApiError {
    #[error(transparent)]
    #[retry(forward)]
    Failed(#[from] reqwest_middleware::Error),
}

#[tokio::test]
async fn its_error_classifies_itself() {
    let error = |url: &'static str| async move {
        let client = ClientBuilder::new(crate::client()).build();
        ApiError::from(client.get(url).send().await.unwrap_err()).classify()
    };
    assert_eq!(error("http://127.0.0.1:1/").await, Classification::Transient);
    assert_eq!(error("http://").await, Classification::Permanent);
    let other = reqwest_middleware::Error::middleware(std::io::Error::other("no"));
    assert_eq!(ApiError::from(other).classify(), Classification::Permanent);
}

#[tokio::test]
async fn a_server_that_asks_for_no_time_at_all_gets_the_policys_own_delay() {
    let server = Server::start(vec![reply("503 Unavailable", &[("retry-after", "0")], "")]);
    let recorder = testing::record();
    with(retrying()).get(server.url("/")).send().await.unwrap();
    assert_told(&recorder.delays(), &[3, 6, 12]);
}

#[tokio::test]
async fn the_failed_response_is_let_go_before_the_wait() {
    let body = "x".repeat(50_000_000); // More than fits into the sockets between.
    let server = Server::start(vec![reply("503 Unavailable", &[("retry-after", "3600")], &body)]);
    let sent = tokio::spawn(with(retrying()).get(server.url("/")).send());
    while server.ended() == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!(!sent.is_finished());
    sent.abort();
}

#[tokio::test]
async fn githubs_limit_is_read_in_the_body_and_the_body_is_as_it_was() {
    let text = r#"{"message":"You have exceeded a secondary rate limit."}"#;
    let github = [("x-github-request-id", "1")];
    let server = Server::start(vec![reply("403 No", &github, text), reply("403 No", &github, "forbidden")]);
    let recorder = testing::record();
    let response = with(retrying()).get(server.url("/")).send().await.unwrap();
    assert_eq!(response.text().await.unwrap(), "forbidden");
    assert_told(&recorder.delays(), &[60]);
}

#[tokio::test]
async fn a_post_is_sent_once_unless_the_user_says_otherwise() {
    let busy = || Server::start(vec![reply("503 Unavailable", &[], "")]);
    let _recorder = testing::record();

    let server = busy();
    let response = with(retrying()).post(server.url("/")).body("order").send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(server.requests(), ["POST / order"]);

    let server = busy();
    let keyed = with(retrying()).post(server.url("/")).header("Idempotency-Key", "1").body("order");
    assert_eq!(keyed.send().await.unwrap().status(), 503);
    assert_eq!(server.requests(), ["POST / order"; 4]);

    let server = busy();
    assert_eq!(
        with(retrying().all_methods()).patch(server.url("/")).body("x").send().await.unwrap().status(),
        503
    );
    assert_eq!(server.requests(), ["PATCH / x"; 4]);

    for method in
        [reqwest::Method::PUT, reqwest::Method::DELETE, reqwest::Method::HEAD, reqwest::Method::OPTIONS]
    {
        let server = busy();
        with(retrying()).request(method.clone(), server.url("/")).send().await.unwrap();
        assert_eq!(server.requests().len(), 4, "{method}");
    }
}

#[tokio::test]
async fn a_body_that_is_a_stream_is_sent_once() {
    let server = Server::start(vec![reply("503 Unavailable", &[], "")]);
    let body = reqwest::Body::wrap(String::from("streamed"));
    let response =
        with(retrying()).put(server.url("/")).header("content-length", "8").body(body).send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(server.requests(), ["PUT / streamed"]);
}

#[tokio::test]
async fn an_error_of_another_middleware_is_not_retried() {
    struct Refuses;

    #[async_trait::async_trait]
    impl Middleware for Refuses {
        async fn handle(
            &self,
            _: reqwest::Request,
            _: &mut http::Extensions,
            _: Next<'_>,
        ) -> reqwest_middleware::Result<reqwest::Response> {
            Err(reqwest_middleware::Error::middleware(std::io::Error::other("no")))
        }
    }

    let recorder = testing::record();
    let client = ClientBuilder::new(crate::client()).with(retrying()).with(Refuses).build();
    assert!(client.get("http://127.0.0.1:1/").send().await.is_err());
    assert!(recorder.delays().is_empty());
}

#[tokio::test]
async fn the_last_error_is_handed_out_as_it_was() {
    let recorder = testing::record();
    let error = with(retrying()).get("http://127.0.0.1:1/").send().await.unwrap_err();
    assert!(error.is_connect());
    assert_told(&recorder.delays(), &[3, 6, 12]);
}

#[tokio::test]
async fn the_deadline_holds() {
    let server = Server::start(vec![reply("503 Unavailable", &[("retry-after", "100")], "")]);
    let recorder = testing::record();
    let policy = Policy::new().deadline(Duration::from_secs(99));
    let response = with(RetryMiddleware::new(policy)).get(server.url("/")).send().await.unwrap();
    assert_eq!((response.status().as_u16(), recorder.delays().len(), server.requests().len()), (503, 0, 1));
}
