//! Annotated code builds under every lint that a careful crate turns on: what the expansion adds is never the
//! one that is warned of. Compiling this file is the test; `cargo clippy` adds its groups.
#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]
#![deny(
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    let_underscore_drop,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unused_lifetimes,
    unused_results,
    variant_size_differences,
    elided_lifetimes_in_paths,
    unsafe_op_in_unsafe_fn,
    missing_copy_implementations,
    missing_debug_implementations
)]
#![forbid(unsafe_code)]

mod crash;

use std::borrow::Cow;
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use retry_core::{Event, Policy, RetryClassify, StopToken, retry, retry_policy, retry_with};

/// An error with every kind of variant.
#[derive(Debug, thiserror::Error, RetryClassify)]
#[retry(default = permanent)]
pub(crate) enum ApiError {
    #[error("timed out")]
    #[retry(after = 120)]
    Timeout,
    #[error("slow down")]
    #[retry(after = field(retry_interval, or = 60, max = 10m))]
    TooManyRequests { retry_interval: Option<u64> },
    #[error("conflict")]
    #[retry(transient)]
    Conflict,
    #[error(transparent)]
    #[retry(forward)]
    Inner(#[from] InnerError),
    #[error("other {0}")]
    #[retry(when = self.is_soft())]
    Other(u8),
}

impl ApiError {
    const fn is_soft(&self) -> bool {
        matches!(self, Self::Other(0))
    }
}

/// An error that is a struct.
#[derive(Debug, Clone, Copy, thiserror::Error, RetryClassify)]
#[error("inner")]
#[retry(when = self.soft)]
pub(crate) struct InnerError {
    soft: bool,
}

#[retry]
fn bare() -> Result<(), ApiError> {
    Err(InnerError { soft: false })?;
    Ok(())
}

#[retry(Timeout = 120, TooManyRequests = field(retry_interval), backoff = exp(max = 5))]
fn one_line(value: u8) -> Result<u8, ApiError> {
    if value > 200 { Err(ApiError::Other(value)) } else { Ok(value) }
}

#[retry(Timeout = 1, Conflict | Other = 2, TooManyRequests = never, Inner = never)]
fn every_variant_named(value: &str) -> Result<&str, ApiError> {
    if value.is_empty() {
        return Err(ApiError::TooManyRequests { retry_interval: None });
    }
    Ok(value)
}

#[retry(Timeout = 500ms, _ = never, jitter = none, attempts = 2, deadline = 1m)]
async fn limits(values: &mut Vec<u8>) -> Result<usize, ApiError> {
    values.push(1);
    tokio::task::yield_now().await;
    Ok(values.len())
}

#[retry(when(ApiError::is_soft) = 1, when(|error| matches!(error, ApiError::Conflict)) = 2)]
async fn predicates() -> Result<(), ApiError> {
    std::future::ready(()).await;
    Ok(())
}

fn plain_hook(event: Event<'_, ApiError>) {
    assert!(event.attempt() > 0);
}

async fn async_hook(event: Event<'_, ApiError>) {
    std::future::ready(()).await;
    assert!(event.attempt() > 0);
}

#[retry(_ = 1, attempt = n, on_retry = plain_hook, on_give_up = async_hook, on_success = |_| (), timeout = 5s => ApiError::Timeout)]
async fn everything_told() -> Result<u32, ApiError> {
    std::future::ready(()).await;
    if n.last_error().is_some() && n.number() > 5 {
        return Err(ApiError::Conflict);
    }
    Ok(n.number())
}

#[retry(_ = 1, attempt = n, on_retry = plain_hook, on_give_up = |event| assert!(event.reason().is_some()), on_success = plain_hook)]
fn everything_told_sync() -> Result<u32, ApiError> {
    Ok(n.number())
}

#[retry(until = |value| !value.is_empty(), backoff = fixed(base = 1ms, max = 2))]
fn optional(value: &str) -> Option<Cow<'_, str>> {
    Some(Cow::Borrowed(value))
}

#[retry(until = |value| *value > 0)]
async fn polled(value: u8) -> Result<u8, Infallible> {
    std::future::ready(Ok(value)).await
}

#[retry(_ = 1s, clone(name, parts))]
fn cloned(mut name: String, parts: Vec<String>) -> Result<String, ApiError> {
    for part in parts {
        name.push_str(&part);
    }
    Ok(name)
}

#[retry(_ = 1s)]
fn iterated(values: &[u8]) -> Result<impl Iterator<Item = u8> + '_, ApiError> {
    Ok(values.iter().copied())
}

#[retry(_ = 1s)]
fn boxed_error(value: u8) -> Result<Box<dyn std::fmt::Debug + Send>, ApiError> {
    if value > 3 { Ok(Box::new(value)) } else { Ok(Box::new("small")) }
}

#[retry(when(|error: &std::io::Error| error.kind() == std::io::ErrorKind::TimedOut) = 1s)]
fn aliased() -> std::io::Result<()> {
    Ok(())
}

#[retry(_ = 1s)]
fn manual_future(value: &u8) -> Pin<Box<dyn Future<Output = Result<u8, ApiError>> + Send + '_>> {
    Box::pin(async move { Ok(*value) })
}

#[retry(_ = 1s)]
fn opaque_future(value: &u8) -> impl Future<Output = Result<u8, ApiError>> + Send {
    let twice = value.wrapping_mul(2);
    async move { Ok(twice) }
}

struct Client {
    policy: Policy,
    stop: StopToken,
    delay: Duration,
}

impl Client {
    #[retry(Conflict = self.delay, policy = self.policy)]
    fn by_ref(&self, (left, right): (u8, u8)) -> Result<u8, ApiError> {
        Ok(left.wrapping_add(right).wrapping_add(u8::from(self.stop.is_stopped())))
    }

    #[retry(Conflict = self.delay, sleep = |wait| self.stop.sleep(wait))]
    fn by_mut(&mut self, _: u8) -> Result<(), ApiError> {
        self.delay = Duration::from_secs(2);
        Ok(())
    }

    #[retry(Conflict = 1s, sleep = tokio::time::sleep)]
    async fn by_arc(self: Arc<Self>) -> Result<Duration, ApiError> {
        std::future::ready(Ok(self.delay)).await
    }

    #[retry(_ = 1s)]
    #[must_use = "a test"]
    #[inline]
    fn attributes(&self) -> Result<Duration, ApiError> {
        #![allow(clippy::missing_const_for_fn)]
        Ok(self.delay)
    }
}

trait Fetch {
    async fn fetch(&self) -> Result<u8, ApiError>;
}

impl Fetch for Client {
    #[retry(_ = 1s)]
    async fn fetch(&self) -> Result<u8, ApiError> {
        std::future::ready(Ok(7)).await
    }
}

#[async_trait::async_trait]
trait FetchDyn {
    async fn fetch_dyn(&mut self, name: String) -> Result<String, ApiError>;
}

#[async_trait::async_trait]
impl FetchDyn for Client {
    #[retry(_ = 1s, clone(name))]
    async fn fetch_dyn(&mut self, name: String) -> Result<String, ApiError> {
        self.delay = Duration::ZERO;
        Ok(name)
    }
}

#[tokio::test(start_paused = true)]
#[allow(unused_results)]
async fn the_annotated_code_runs() {
    bare().unwrap_err();
    one_line(1).unwrap();
    one_line(250).unwrap_err();
    every_variant_named("x").unwrap();
    limits(&mut Vec::new()).await.unwrap();
    predicates().await.unwrap();
    everything_told().await.unwrap();
    everything_told_sync().unwrap();
    optional("x").unwrap();
    polled(1).await.unwrap();
    cloned("a".to_owned(), vec!["b".to_owned()]).unwrap();
    assert_eq!(iterated(&[1]).unwrap().count(), 1);
    boxed_error(1).unwrap();
    aliased().unwrap();
    manual_future(&1).await.unwrap();
    opaque_future(&1).await.unwrap();
    let mut client = Client { policy: Policy::new(), stop: StopToken::new(), delay: Duration::ZERO };
    client.by_ref((1, 2)).unwrap();
    client.by_mut(1).unwrap();
    client.attributes().unwrap();
    client.fetch().await.unwrap();
    client.fetch_dyn("x".to_owned()).await.unwrap();
    Arc::new(client).by_arc().await.unwrap();
}

#[tokio::test(start_paused = true)]
#[allow(unused_results)]
async fn the_block_forms_run() {
    let delays = retry_policy!(ApiError: Timeout = 120, TooManyRequests = field(retry_interval), backoff = exp(max = 5));
    delays.run(async |_| one_line(1)).await.unwrap();
    delays.run_blocking(|_| one_line(1)).unwrap();
    retry_with!(delays, async |_| limits(&mut Vec::new()).await).unwrap();
    retry_with!(delays, |attempt| one_line(u8::from(attempt.is_last()))).unwrap();
}
