//! backoff 0.4.0.

use std::time::Duration;

use backoff::{Error, ExponentialBackoff};
use tokio::time::Instant;

const HOUR: Duration = Duration::from_secs(3600);

/// The limit is one second for the whole call; the error asks for five hours, and they are slept.
#[tokio::test(start_paused = true)]
async fn a_told_delay_gets_past_the_limit() {
    let limited = ExponentialBackoff {
        max_elapsed_time: Some(Duration::from_secs(1)),
        ..ExponentialBackoff::default()
    };
    let started = Instant::now();
    let mut calls = 0;
    let result = backoff::future::retry(limited, || {
        calls += 1;
        let is_first = calls == 1;
        async move {
            if is_first { Err(Error::retry_after("slow down", HOUR * 5)) } else { Ok(started.elapsed()) }
        }
    });
    let waited = result.await.unwrap();
    assert_eq!(waited.as_secs(), 5 * 3600, "{waited:?}");
}

/// A limit that nobody has set.
#[test]
fn after_a_quarter_of_an_hour_it_is_over() {
    let unless_said: ExponentialBackoff = ExponentialBackoff::default();
    assert_eq!(unless_said.max_elapsed_time, Some(HOUR / 4));
}

/// What the issue `ihrwein/backoff#42` asked for is there: the next wait counts. It is not on the page.
#[test]
fn the_next_wait_is_counted() {
    use backoff::backoff::Backoff;
    let mut limited = ExponentialBackoff {
        initial_interval: HOUR,
        current_interval: HOUR,
        max_interval: HOUR,
        max_elapsed_time: Some(Duration::from_secs(1)),
        ..ExponentialBackoff::default()
    };
    assert_eq!(limited.next_backoff(), None);
}
