//! retry-policies 0.5.2.

use std::time::{Duration, SystemTime};

use retry_policies::policies::ExponentialBackoff;
use retry_policies::{RetryDecision, RetryPolicy};

const MINUTE: Duration = Duration::from_secs(60);

/// The limit is a minute, and the time is that of the wall clock. If that is set back by an hour, the start lies an hour
/// ahead, and the limit counts for nothing until it is there again.
#[test]
fn the_limit_moves_with_the_wall_clock() {
    let policy = ExponentialBackoff::builder().build_with_total_retry_duration(MINUTE);
    let retries = |started| matches!(policy.should_retry(started, 0), RetryDecision::Retry { .. });
    assert!(!retries(SystemTime::now() - 2 * MINUTE));
    assert!(retries(SystemTime::now() + 58 * MINUTE), "two minutes after it was set back by an hour");
}
