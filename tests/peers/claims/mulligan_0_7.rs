//! mulligan 0.7.1.

use std::time::Duration;

use mulligan::{Decorrelated, Jitter};

use crate::SECOND;

/// An even spread between the base and three times the delay: there is none where the base is the larger.
#[test]
fn decorrelated_jitter_panics_where_the_base_is_more_than_three_delays() {
    let jittered = |base| {
        std::panic::catch_unwind(move || Decorrelated::base(base).jitter(Duration::from_millis(100), None))
    };
    assert!(jittered(Duration::from_millis(300)).is_ok());
    let panic = jittered(SECOND).unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"cannot sample empty range"));
}
