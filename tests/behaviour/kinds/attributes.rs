//! Beside other attributes, and where functions can stand.

use retry_core::retry;
use retry_core::testing::record;

use crate::common::{Calls, Failure};

/// `#[tokio::test]` above makes a sync function of the test, runtime included, and that is what is tried again.
#[tokio::test(start_paused = true)]
#[retry(Busy = 1, sleep = |_| ())]
async fn tokio_test_above() -> Result<(), Failure> {
    static CALLS: Calls = Calls::new();
    CALLS.third_async().await.map(drop)
}

#[retry(Busy = 1)]
#[tokio::test(start_paused = true)]
async fn tokio_test_below() -> Result<(), Failure> {
    static CALLS: Calls = Calls::new();
    CALLS.third_async().await.map(drop)
}

#[test]
fn doc_comments_and_other_attributes_are_kept() {
    /// Documented.
    #[doc = "Twice."]
    #[inline(never)]
    #[deprecated(note = "for the test")]
    #[retry(Busy = 1)]
    #[cfg_attr(all(), allow(clippy::needless_return))]
    fn attributed(calls: &Calls) -> Result<u32, Failure> {
        return calls.third();
    }
    let (_waits, calls) = (record(), Calls::new());
    // That the deprecation is kept is what fulfils the expectation.
    #[deny(unfulfilled_lint_expectations)]
    #[expect(deprecated)]
    let result = attributed(&calls);
    assert_eq!((result, calls.take()), (Ok(3), 3));
}

#[test]
fn where_a_condition_brings_it() {
    #[cfg_attr(all(), retry(Busy = 1))]
    #[cfg_attr(any(), retry(NoSuchVariant = 1))]
    fn conditional(calls: &Calls) -> Result<u32, Failure> {
        calls.third()
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((conditional(&calls), calls.take()), (Ok(3), 3));
}

#[test]
fn as_a_function_pointer() {
    #[retry(Busy = 1)]
    fn plain(calls: &Calls) -> Result<u32, Failure> {
        calls.third()
    }
    // The signature is the same, late-bound lifetimes included.
    let pointer: for<'c> fn(&'c Calls) -> Result<u32, Failure> = plain;
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((pointer(&calls), calls.take()), (Ok(3), 3));
}

#[test]
fn in_a_const_context_block() {
    // Items in a block that is a constant's value.
    const FUNCTION: fn(&Calls) -> Result<u32, Failure> = {
        #[retry(Busy = 1)]
        fn inner(calls: &Calls) -> Result<u32, Failure> {
            calls.third()
        }
        inner
    };
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((FUNCTION(&calls), calls.take()), (Ok(3), 3));
}
