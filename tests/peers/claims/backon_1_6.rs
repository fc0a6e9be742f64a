//! Defects of backon 1.6.0.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder, Retryable};

use crate::SECOND;

fn delays(builder: ExponentialBuilder) -> Vec<Duration> {
    builder.build().collect()
}

/// `with_jitter` is added to what the maximum has already cut.
#[test]
fn jitter_goes_past_the_maximum() {
    let builder =
        ExponentialBuilder::new().with_jitter().with_jitter_seed(1).with_max_delay(SECOND).with_max_times(20);
    let delays = delays(builder);
    let most = delays.iter().max().unwrap();
    assert!(*most > SECOND * 3 / 2 && *most < SECOND * 2, "{delays:?}");
}

/// The first delay is not looked at.
#[test]
fn a_minimum_above_the_maximum_is_waited_first() {
    let builder = ExponentialBuilder::new().with_min_delay(SECOND * 10).with_max_delay(SECOND * 2);
    assert_eq!(delays(builder), [10, 2, 2].map(Duration::from_secs));
}

/// A delay as long as delays can be, and a limit for the sum: the sum overflows.
#[test]
fn a_saturated_delay_and_a_total_limit_panic() {
    let builder = ExponentialBuilder::new()
        .with_factor(1e30)
        .without_max_delay()
        .with_total_delay(Some(Duration::from_secs(3600)));
    let panic = std::panic::catch_unwind(|| delays(builder)).unwrap_err();
    let message = panic.downcast_ref::<&str>().copied().or_else(|| Some(panic.downcast_ref::<String>()?));
    assert_eq!(message, Some("overflow when adding durations"));
}

/// 100 ms doubled, by way of 32 bits of float.
#[test]
fn a_doubled_delay_is_not_exact() {
    let builder = ExponentialBuilder::new().with_min_delay(Duration::from_millis(100));
    assert_eq!(delays(builder), [100_000_000, 200_000_003, 400_000_006].map(Duration::from_nanos));
}

/// It makes the second delay the longest one allowed.
#[test]
fn a_factor_that_is_no_number_is_accepted() {
    assert_eq!(delays(ExponentialBuilder::new().with_factor(f32::NAN)), [1, 60, 60].map(Duration::from_secs));
}

/// `adjust` is asked after the last attempt allowed as well, and an answer is one more attempt. The example in its
/// documentation answers with what `Retry-After` says, without a look at whether any attempt is left.
#[tokio::test(start_paused = true)]
async fn an_adjusted_delay_gets_past_the_number_of_retries() {
    let mut calls = 0;
    let call = || {
        calls += 1;
        let calls = calls;
        async move { if calls > 20 { Ok(calls) } else { Err("slow down") } }
    };
    let result = call.retry(ExponentialBuilder::new().with_max_times(1)).adjust(|_, _| Some(SECOND)).await;
    assert_eq!(result, Ok(21));
}
