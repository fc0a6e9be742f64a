//! Behaviour.
use retry_core::retry;
use std::cell::Cell;
use std::time::Duration;

#[derive(Debug, PartialEq)]
enum ApiError {
    Timeout,
    TooManyRequests {
        retry_interval: u64,
    },
    #[allow(dead_code)]
    Conflict,
    BadRequest(String),
}

#[retry(Timeout = 120, TooManyRequests = field(retry_interval), backoff = exp(max = 5), jitter = none)]
fn sync(calls: &Cell<u32>, name: &str) -> Result<String, ApiError> {
    calls.set(calls.get() + 1);
    match calls.get() {
        1 | 2 => Err(ApiError::Timeout)?,
        3 => return Err(ApiError::TooManyRequests { retry_interval: 7 }),
        _ => {}
    }
    if name.is_empty() {
        return Err(ApiError::BadRequest(String::new()));
    }
    Ok(name.to_owned())
}

#[retry(Timeout = 120, TooManyRequests = field(retry_interval), backoff = exp(max = 5), jitter = none, attempt = n, on_retry = |e| println!("{e:?}"), on_success = async |e| println!("{e:?}"), deadline = 1h)]
async fn asynch(calls: &mut u32, name: &str) -> Result<String, ApiError> {
    *calls += 1;
    assert_eq!(n.number(), *calls);
    match calls {
        1 | 2 => Err(ApiError::Timeout)?,
        3 => {
            assert_eq!(n.last_error(), Some(&ApiError::Timeout));
            return Err(ApiError::TooManyRequests { retry_interval: 7 });
        }
        _ => {}
    }
    Ok(name.to_owned())
}

#[test]
fn basic() {
    let r = retry_core::testing::record();
    let c = Cell::new(0);
    assert_eq!(sync(&c, "x").unwrap(), "x");
    assert_eq!(r.delays(), [120, 240, 7].map(Duration::from_secs));
    assert_eq!(r.clock_reads(), 0);
}
#[tokio::test(start_paused = true)]
async fn basic_async() {
    let start = tokio::time::Instant::now();
    let mut c = 0;
    assert_eq!(asynch(&mut c, "x").await.unwrap(), "x");
    assert_eq!(start.elapsed(), Duration::from_secs(367));
}

use retry_core::{Classification, Policy, RetryClassify, retry_policy, retry_with};

#[derive(Debug, thiserror::Error, RetryClassify)]
pub enum HttpError {
    #[error("x")]
    #[retry(transient)]
    Conn,
    #[error("bad")]
    Bad,
}
#[derive(Debug, thiserror::Error, RetryClassify)]
pub enum Derived {
    #[error("t")]
    #[retry(after = 120)]
    Timeout,
    #[error("s")]
    #[retry(after = field(retry_interval, or = 60))]
    TooManyRequests { retry_interval: Option<u64> },
    #[error("c")]
    #[retry(transient)]
    Conflict,
    #[error("b")]
    #[retry(permanent)]
    BadRequest(String),
    #[error("h")]
    #[retry(forward)]
    Http(#[from] HttpError),
    #[error("o")]
    #[retry(when = self.is_soft())]
    Other(u8),
}
impl Derived {
    fn is_soft(&self) -> bool {
        matches!(self, Self::Other(1))
    }
}
#[test]
fn derive() {
    assert_eq!(Derived::Timeout.classify(), Classification::After(Duration::from_secs(120)));
    assert_eq!(
        Derived::TooManyRequests { retry_interval: None }.classify(),
        Classification::After(Duration::from_secs(60))
    );
    assert_eq!(Derived::Conflict.classify(), Classification::Transient);
    assert_eq!(Derived::BadRequest("".into()).classify(), Classification::Permanent);
    assert_eq!(Derived::Http(HttpError::Conn).classify(), Classification::Transient);
    assert_eq!(Derived::Http(HttpError::Bad).classify(), Classification::Permanent);
    assert_eq!(Derived::Other(1).classify(), Classification::Transient);
    assert_eq!(Derived::Other(2).classify(), Classification::Permanent);
}
#[retry]
fn bare(c: &Cell<u32>) -> Result<(), Derived> {
    c.set(c.get() + 1);
    Err(HttpError::Conn)?
}
#[retry(until = |v| *v > 2)]
fn opt(c: &Cell<u32>) -> Option<u32> {
    c.set(c.get() + 1);
    Some(c.get())
}
#[retry(when(|e: &std::io::Error| e.kind() == std::io::ErrorKind::TimedOut) = 2)]
fn io(c: &Cell<u32>) -> std::io::Result<()> {
    c.set(c.get() + 1);
    Err(std::io::ErrorKind::TimedOut.into())
}
struct S {
    policy: Policy,
}
impl S {
    #[retry(policy = self.policy, Conflict = 1, sleep = tokio::time::sleep)]
    async fn m(&mut self, v: Vec<u8>) -> Result<usize, Derived> {
        self.policy = self.policy;
        if v.len() > 1 { Err(Derived::Conflict) } else { Ok(1) }
    }
    #[retry(Conflict = 1, clone(v), timeout = 5s => Derived::Timeout)]
    async fn consumed(&self, mut v: Vec<u8>) -> Result<Vec<u8>, Derived> {
        v.push(1);
        if v.len() > 1 { Err(Derived::Conflict) } else { Ok(v) }
    }
    #[retry(Conflict = 1)]
    fn boxed(&mut self) -> std::pin::Pin<Box<dyn Future<Output = Result<u8, Derived>> + Send + '_>> {
        Box::pin(async move {
            self.policy = Policy::new();
            Ok(1)
        })
    }
    #[retry(Conflict = 1)]
    fn imp(&self) -> impl Future<Output = Result<u8, Derived>> + Send {
        let x = 1;
        async move {
            let _ = self.policy;
            Ok(x)
        }
    }
}
#[async_trait::async_trait]
trait T {
    async fn go(&mut self, s: String) -> Result<String, Derived>;
}
#[async_trait::async_trait]
impl T for S {
    #[retry(Conflict = 1, clone(s))]
    async fn go(&mut self, s: String) -> Result<String, Derived> {
        self.policy = Policy::new();
        if s.is_empty() {
            return Err(Derived::Conflict);
        }
        Ok(s)
    }
}

#[tokio::test(start_paused = true)]
async fn more() {
    let c = Cell::new(0);
    {
        let r = retry_core::testing::record();
        bare(&c).unwrap_err();
        assert_eq!(r.delays().len(), 3);
    }
    {
        let _r = retry_core::testing::record();
        c.set(0);
        assert_eq!(opt(&c), Some(3));
        io(&c).unwrap_err();
        assert_eq!(c.get(), 7);
    }
    let mut s = S { policy: Policy::exponential().attempts(2) };
    s.m(vec![1, 2]).await.unwrap_err();
    s.consumed(vec![]).await.unwrap();
    s.consumed(vec![1]).await.unwrap_err();
    s.boxed().await.unwrap();
    s.imp().await.unwrap();
    s.go(String::new()).await.unwrap_err();
    let delays = retry_policy!(Derived: Timeout = 120, TooManyRequests = field(retry_interval), backoff = exp(max = 5));
    tokio::spawn(async move {
        let mut n = 0;
        let name = String::from("x");
        let v = retry_with!(delays, |attempt| {
            n += 1;
            tokio::task::yield_now().await;
            if attempt.number() < 3 {
                Err(Derived::Timeout)?
            }
            Ok((n, name.as_str()))
        });
        assert_eq!(v.unwrap(), (3, "x"));
        assert_eq!(
            delays
                .run(async |a| { if a.number() < 3 { Err(Derived::Timeout) } else { Ok(a.number()) } })
                .await
                .unwrap(),
            3
        );
    })
    .await
    .unwrap();
}

#[retry(Timeout = 1, timeout = 2s => ApiError::Timeout, sleep = |wait| tokio::time::sleep(wait), jitter = none)]
fn by_hand_future(c: &Cell<u32>) -> impl Future<Output = Result<(), ApiError>> {
    c.set(c.get() + 1);
    std::future::pending()
}
#[tokio::test(start_paused = true)]
async fn limited_future() {
    let c = Cell::new(0);
    let start = tokio::time::Instant::now();
    assert_eq!(by_hand_future(&c).await, Err(ApiError::Timeout));
    assert_eq!(start.elapsed(), Duration::from_secs(11));
}
