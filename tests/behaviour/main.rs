//! Behaviour.
use retry_core::retry;
use std::time::Duration;
use std::cell::Cell;

#[derive(Debug, PartialEq)]
enum ApiError { Timeout, TooManyRequests { retry_interval: u64 }, #[allow(dead_code)] Conflict, BadRequest(String) }

#[retry(Timeout = 120, TooManyRequests = field(retry_interval), backoff = exp(max = 5), jitter = none)]
fn sync(calls: &Cell<u32>, name: &str) -> Result<String, ApiError> {
    calls.set(calls.get() + 1);
    match calls.get() {
        1 | 2 => Err(ApiError::Timeout)?,
        3 => return Err(ApiError::TooManyRequests { retry_interval: 7 }),
        _ => {}
    }
    if name.is_empty() { return Err(ApiError::BadRequest(String::new())); }
    Ok(name.to_owned())
}

#[retry(Timeout = 120, TooManyRequests = field(retry_interval), backoff = exp(max = 5), jitter = none, attempt = n, on_retry = |e| println!("{e:?}"), on_success = async |e| println!("{e:?}"), deadline = 1h)]
async fn asynch(calls: &mut u32, name: &str) -> Result<String, ApiError> {
    *calls += 1;
    assert_eq!(n.number(), *calls);
    match calls {
        1 | 2 => Err(ApiError::Timeout)?,
        3 => { assert_eq!(n.last_error(), Some(&ApiError::Timeout)); return Err(ApiError::TooManyRequests { retry_interval: 7 }) },
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
