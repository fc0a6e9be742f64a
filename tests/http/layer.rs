//! The policy for `tower`'s retry layer.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Method, Request, Response};
use retry_core::http::HttpRetry;
use retry_core::{Classification, Policy, testing};
use tower::retry::{Retry, RetryLayer};
use tower::{Layer, Service, ServiceExt};

use crate::assert_told;

type Answer<E> = Result<Response<&'static str>, E>;

/// Answers in turn, and remembers what it was asked.
#[derive(Clone)]
struct Scripted<E> {
    answers: Arc<Mutex<VecDeque<Answer<E>>>>,
    asked: Arc<Mutex<Vec<Method>>>,
}

impl<E> Scripted<E> {
    fn new(answers: impl IntoIterator<Item = Answer<E>>) -> Self {
        Self { answers: Arc::new(Mutex::new(answers.into_iter().collect())), asked: Arc::default() }
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

impl<E> Service<Request<&'static str>> for Scripted<E> {
    type Response = Response<&'static str>;
    type Error = E;
    type Future = Ready<Result<Self::Response, E>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), E>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<&'static str>) -> Self::Future {
        self.asked.lock().unwrap().push(request.method().clone());
        ready(self.answers.lock().unwrap().pop_front().expect("no answer left"))
    }
}

fn answer(status: u16, retry_after: &str) -> Response<&'static str> {
    Response::builder().status(status).header("retry-after", retry_after).body("").unwrap()
}

fn request(method: Method) -> Request<&'static str> {
    Request::builder().method(method).body("").unwrap()
}

fn retrying() -> HttpRetry {
    HttpRetry::new(Policy::exponential().base(Duration::from_secs(3)))
}

type Answers = Scripted<Infallible>;

fn layered(service: &Answers, retry: HttpRetry) -> Retry<HttpRetry, Answers> {
    RetryLayer::new(retry).layer(service.clone())
}

#[tokio::test]
async fn a_request_gets_through_what_servers_say() {
    let service = Answers::new([Ok(answer(503, "7")), Ok(answer(429, "soon")), Ok(answer(200, ""))]);
    let recorder = testing::record();
    let response = layered(&service, retrying()).oneshot(request(Method::GET)).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_told(&recorder.delays(), &[7, 6]);
}

#[tokio::test]
async fn each_request_has_its_own_attempts() {
    let service = Answers::new((0..8).map(|_| Ok(answer(503, ""))));
    let mut layered = layered(&service, retrying());
    for asked in [4, 8] {
        let recorder = testing::record();
        let response = layered.ready().await.unwrap().call(request(Method::GET)).await.unwrap();
        assert_eq!((response.status().as_u16(), service.asked()), (503, asked));
        assert_told(&recorder.delays(), &[3, 6, 12]);
    }
}

#[tokio::test]
async fn a_post_is_sent_once_unless_the_user_says_otherwise() {
    let busy = || Answers::new((0..4).map(|_| Ok(answer(503, ""))));
    let _recorder = testing::record();
    for (retry, asked) in [(retrying(), 1), (retrying().all_methods(), 4)] {
        let service = busy();
        layered(&service, retry).oneshot(request(Method::POST)).await.unwrap();
        assert_eq!(service.asked(), asked);
    }
    let service = busy();
    let keyed = Request::post("/").header("idempotency-key", "1").body("").unwrap();
    layered(&service, retrying()).oneshot(keyed).await.unwrap();
    assert_eq!(service.asked(), 4);
}

#[tokio::test]
async fn the_services_errors_are_handed_on_unless_the_user_says_otherwise() {
    let broken = || Scripted::new((0..4).map(|_| Err("broken")));
    let recorder = testing::record();

    let service = broken();
    let handed_on = RetryLayer::new(retrying()).layer(service.clone());
    assert_eq!(handed_on.oneshot(request(Method::GET)).await.unwrap_err(), "broken");
    assert_eq!(service.asked(), 1);

    let service = broken();
    let retry = retrying().errors(|error: &&str| match *error {
        "broken" => Classification::Transient,
        _ => Classification::Permanent,
    });
    let retried = RetryLayer::new(retry).layer(service.clone());
    assert_eq!(retried.oneshot(request(Method::GET)).await.unwrap_err(), "broken");
    assert_eq!(service.asked(), 4);
    assert_told(&recorder.delays(), &[3, 6, 12]);
}

#[tokio::test(start_paused = true)]
async fn the_deadline_counts_the_first_attempt() {
    let calls = Arc::new(Mutex::new(0));
    let seen = Arc::clone(&calls);
    let slow = tower::service_fn(move |_: Request<&'static str>| {
        *seen.lock().unwrap() += 1;
        async {
            tokio::time::sleep(Duration::from_mins(1)).await;
            Ok::<_, Infallible>(answer(503, "1"))
        }
    });
    let retry = HttpRetry::new(Policy::new().unlimited_attempts().deadline(Duration::from_secs(30)));
    let mut layered = RetryLayer::new(retry).layer(slow);
    for request_number in 1..=2 {
        layered.ready().await.unwrap().call(request(Method::GET)).await.unwrap();
        assert_eq!(*calls.lock().unwrap(), request_number, "each request has its own deadline");
    }
}

type Classify = fn(&&'static str) -> Classification;

/// A struct that holds one.
struct Client {
    service: Retry<HttpRetry<Classify>, Scripted<&'static str>>,
}

#[tokio::test]
async fn its_type_has_a_name() {
    let retry = retrying().errors((|_| Classification::Permanent) as Classify);
    let client = Client { service: RetryLayer::new(retry).layer(Scripted::new([Err("broken")])) };
    assert_eq!(client.service.oneshot(request(Method::GET)).await.unwrap_err(), "broken");
}

#[tokio::test(start_paused = true)]
async fn the_deadline_counts_from_the_request() {
    let retry = HttpRetry::new(Policy::new().unlimited_attempts().deadline(Duration::from_secs(20)));
    let service = Answers::new((0..9).map(|_| Ok(answer(503, "6"))));
    let layered = layered(&service, retry);
    tokio::time::advance(Duration::from_secs(100)).await;
    layered.oneshot(request(Method::GET)).await.unwrap();
    assert_eq!(service.asked(), 4);
}
