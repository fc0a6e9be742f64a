//! Which errors of `reqwest` are worth another try.

use std::net::TcpListener;
use std::time::Duration;

use retry_core::Classification::{self, Permanent, Transient};
use retry_core::RetryClassify;

use crate::client;
use crate::server::{Answer, Server, cut, reply, stalled};

async fn failure(answer: Answer) -> reqwest::Error {
    let server = Server::start(vec![answer]);
    client().get(server.url("/")).send().await.unwrap_err()
}

#[tokio::test]
async fn nobody_listens() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = client().get(format!("http://127.0.0.1:{port}/")).send().await.unwrap_err();
    assert!(error.is_connect());
    assert_eq!(error.classify(), Transient);
}

#[tokio::test]
async fn a_name_that_does_not_resolve() {
    let error = client().get("http://nowhere.invalid/").send().await.unwrap_err();
    assert!(error.is_connect());
    assert_eq!(error.classify(), Transient);
}

#[tokio::test]
async fn the_connection_breaks_before_the_answer() {
    for answer in [Answer::Reset, Answer::Bytes(Vec::new()), Answer::Bytes(b"HTTP/1.1 200 Fi".to_vec())] {
        assert_eq!(failure(answer).await.classify(), Transient);
    }
}

#[tokio::test]
async fn the_answer_does_not_come_in_time() {
    let server = Server::start(vec![Answer::Stall(Vec::new())]);
    let error = client().get(server.url("/")).timeout(Duration::from_millis(20)).send().await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(error.classify(), Transient);
}

#[tokio::test]
async fn the_body_does_not_come_in_time() {
    let server = Server::start(vec![stalled("200 Fine", &[], "hel")]);
    let response = client().get(server.url("/")).timeout(Duration::from_millis(200)).send().await.unwrap();
    let error = response.text().await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(error.classify(), Transient);
}

#[tokio::test]
async fn the_body_breaks_off() {
    let response = async || {
        let server = Server::start(vec![cut("200 Fine", &[], "{")]);
        client().get(server.url("/")).send().await.unwrap()
    };
    // `reqwest` calls each of these an error in decoding.
    assert_eq!(response().await.text().await.unwrap_err().classify(), Transient);
    assert_eq!(response().await.bytes().await.unwrap_err().classify(), Transient);
    assert_eq!(response().await.json::<u8>().await.unwrap_err().classify(), Transient);
}

#[tokio::test]
async fn a_compressed_body_breaks_off() {
    // The beginning of what gzip makes of "hello".
    let beginning = "HTTP/1.1 200 Fine\r\ncontent-encoding: gzip\r\ncontent-length: 99\r\n\r\n\x1f\u{8b}\x08";
    let bytes = beginning.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let server = Server::start(vec![Answer::Bytes(bytes)]);
    let error = client().get(server.url("/")).send().await.unwrap().text().await.unwrap_err();
    assert_eq!(error.classify(), Transient, "{error:?}");
}

/// With a timeout, which wraps what is wrong once more, and without one.
fn clients() -> [reqwest::Client; 3] {
    let plain = || reqwest::Client::builder().no_proxy();
    let long = Duration::from_secs(30);
    [plain(), plain().timeout(long), plain().read_timeout(long)].map(|client| client.build().unwrap())
}

#[tokio::test]
async fn the_content_is_wrong() {
    for client in clients() {
        let server = Server::start(vec![reply("200 Fine", &[], "{")]);
        let error = client.get(server.url("/")).send().await.unwrap().json::<u8>().await.unwrap_err();
        assert!(error.is_decode());
        assert_eq!(error.classify(), Permanent);

        let not_compressed = reply("200 Fine", &[("content-encoding", "gzip")], "not compressed at all");
        let not_chunked =
            Answer::Bytes(b"HTTP/1.1 200 Fine\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n".to_vec());
        for answer in [not_compressed, not_chunked] {
            let server = Server::start(vec![answer]);
            let error = client.get(server.url("/")).send().await.unwrap().text().await.unwrap_err();
            assert_eq!(error.classify(), Permanent, "{error:?}");
        }

        let server = Server::start(vec![cut("200 Fine", &[], "hel")]);
        let error = client.get(server.url("/")).send().await.unwrap().text().await.unwrap_err();
        assert_eq!(error.classify(), Transient, "{error:?}");
    }
}

#[tokio::test]
async fn the_answer_is_no_http() {
    for answer in
        ["garbage\r\n\r\n", "HTTP/9.9 200 Fine\r\n\r\n", "HTTP/1.1 200\r\ncontent-length: x\r\n\r\n"]
    {
        let error = failure(Answer::Bytes(answer.as_bytes().to_vec())).await;
        assert_eq!(error.classify(), Permanent, "{answer:?}: {error:?}");
    }
}

#[tokio::test]
async fn the_client_knows_no_such_scheme() {
    // This crate's `reqwest` is built without TLS.
    let error = client().get("https://127.0.0.1:1/").send().await.unwrap_err();
    assert_eq!(error.classify(), Permanent, "{error:?}");
}

#[tokio::test]
async fn the_request_is_wrong() {
    for url in ["", "http://", "nothing", "ftp://127.0.0.1/"] {
        let error = client().get(url).send().await.unwrap_err();
        assert!(error.is_builder(), "{url}: {error:?}");
        assert_eq!(error.classify(), Permanent, "{url}");
    }
}

#[tokio::test]
async fn redirects_go_in_circles() {
    let error = failure(reply("302 There", &[("location", "/")], "")).await;
    assert!(error.is_redirect());
    assert_eq!(error.classify(), Permanent);
}

#[tokio::test]
async fn the_status_of_error_for_status() {
    let classified = async |status: &'static str| -> Classification {
        let server = Server::start(vec![reply(status, &[], "")]);
        client().get(server.url("/")).send().await.unwrap().error_for_status().unwrap_err().classify()
    };
    assert_eq!(classified("503 Unavailable").await, Transient);
    assert_eq!(classified("404 Where").await, Permanent);
}
