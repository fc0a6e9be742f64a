//! tokio-retry2 0.9.1.

use std::time::Duration;

use tokio::time::Instant;
use tokio_retry2::strategy::{ExponentialBackoff, FixedInterval, jitter_range};
use tokio_retry2::{Notify, Retry, RetryError};

use crate::SECOND;

/// The error asks for 30 s. That is what `notify` is told; the strategy's own second is what is waited.
#[tokio::test(start_paused = true)]
async fn a_told_delay_is_not_waited() {
    struct Told(std::sync::mpsc::Sender<Duration>);
    impl Notify<&'static str> for Told {
        fn notify(&mut self, _: &&'static str, wait: Duration) {
            self.0.send(wait).unwrap();
        }
    }
    let (send, told) = std::sync::mpsc::channel();
    let started = Instant::now();
    let mut calls = 0;
    let result = Retry::spawn_notify(
        FixedInterval::new(SECOND),
        move || {
            calls += 1;
            let is_first = calls == 1;
            async move {
                if is_first {
                    Err(RetryError::retry_after("slow down", SECOND * 30))
                } else {
                    Ok(started.elapsed())
                }
            }
        },
        Told(send),
    );
    assert_eq!(result.await, Ok(SECOND));
    assert_eq!(told.recv(), Ok(SECOND * 30));
}

/// `jitter_range` draws when the strategy is made: all delays of a call share one multiplier.
#[test]
fn a_jitter_range_is_drawn_once() {
    let delays: Vec<_> = FixedInterval::new(SECOND).map(jitter_range(1..1_000_000)).take(50).collect();
    assert!(delays.iter().all(|delay| *delay == delays[0]), "{delays:?}");
}

/// `from_millis(base)` is raised to a power: one millisecond never grows, and 500 ms become 250 s.
#[test]
fn the_base_is_raised_to_a_power() {
    let delays = |base| ExponentialBackoff::from_millis(base).take(3).collect::<Vec<_>>();
    assert_eq!(delays(1), [1, 1, 1].map(Duration::from_millis));
    assert_eq!(delays(500), [500, 250_000, 125_000_000].map(Duration::from_millis));
}
