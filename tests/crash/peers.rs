//! Beside other attributes, above and below.

use std::panic::{AssertUnwindSafe, catch_unwind};

use retry_core::crash::Report;
use retry_core::crash_context;
use tokio::task::yield_now;
use tracing::instrument;

use crate::support::{assert_shows, block_on, crash_of, crash_where, frames, look, values};

mod async_trait {
    use super::{Report, assert_shows, block_on, crash_context, instrument, look, yield_now};

    #[async_trait::async_trait]
    trait Fetch {
        async fn fetch(&self, n: u8) -> Report;
        #[crash_context]
        async fn provided(&self, n: u8) -> Report {
            let m = n + 1;
            yield_now().await;
            look()
        }
        async fn traced(&mut self, text: &str) -> Report;
    }

    #[derive(Debug)]
    struct Client(u8);

    #[async_trait::async_trait]
    impl Fetch for Client {
        #[crash_context]
        async fn fetch(&self, n: u8) -> Report {
            let m = n + self.0;
            yield_now().await;
            look()
        }

        #[crash_context]
        #[instrument(skip(self))]
        async fn traced(&mut self, text: &str) -> Report {
            let length = text.len();
            yield_now().await;
            look()
        }
    }

    #[test]
    fn methods() {
        assert_shows(&block_on(Client(1).fetch(2)), "fetch", "self = Client(1)\nn = 2\nm = 3");
        let provided = block_on(Client(1).provided(2));
        assert!(crate::support::values(&provided, "provided")["m"].ends_with('3'));
        let traced = block_on(Client(1).traced("abc"));
        assert!(crate::support::values(&traced, "traced")["length"].ends_with('3'));
    }
}

#[test]
fn tokio_main_above_and_below() {
    #[tokio::main(flavor = "current_thread")]
    #[crash_context]
    async fn above(n: u8) -> Report {
        let m = n + 1;
        yield_now().await;
        look()
    }
    #[crash_context]
    #[tokio::main(flavor = "current_thread")]
    async fn below(n: u8) -> Report {
        let m = n + 1;
        yield_now().await;
        look()
    }
    #[tokio::main(flavor = "multi_thread", worker_threads = 2)]
    #[crash_context]
    async fn threads(n: u8) -> Report {
        let m = n + 1;
        yield_now().await;
        look()
    }
    assert_shows(&above(1), "above", "n = 1\nm = 2");
    assert_shows(&below(1), "below", "n = 1\nm = 2");
    assert_shows(&threads(1), "threads", "n = 1\nm = 2");
}

#[tokio::test]
#[crash_context]
async fn tokio_test_above() {
    let n = 1;
    yield_now().await;
    assert_shows(&look(), "tokio_test_above", "n = 1");
}

#[crash_context]
#[tokio::test]
async fn tokio_test_below() {
    let n = 1;
    yield_now().await;
    assert_shows(&look(), "tokio_test_below", "n = 1");
}

#[crash_context]
#[test]
fn test_below() {
    let n = 1;
    assert_shows(&look(), "test_below", "n = 1");
}

#[test]
#[crash_context]
fn test_above() {
    let n = 1;
    assert_shows(&look(), "test_above", "n = 1");
}

#[test]
fn instrument_above_and_below() {
    #[instrument(skip_all)]
    #[crash_context]
    fn above(n: u8) -> Report {
        let m = n + 1;
        look()
    }
    #[crash_context]
    #[instrument]
    fn below(n: u8) -> Report {
        let m = n + 1;
        look()
    }
    #[instrument]
    #[crash_context]
    async fn above_async(n: u8) -> Report {
        let m = n + 1;
        yield_now().await;
        look()
    }
    #[crash_context]
    #[instrument]
    async fn below_async(n: u8) -> Report {
        let m = n + 1;
        yield_now().await;
        look()
    }
    assert_shows(&above(1), "above", "n = 1\nm = 2");
    assert_shows(&below(1), "below", "n = 1\nm = 2");
    assert_shows(&block_on(above_async(1)), "above_async", "n = 1\nm = 2");
    assert_shows(&block_on(below_async(1)), "below_async", "n = 1\nm = 2");
}

#[test]
fn instrument_with_err_and_ret() {
    #[instrument(err, ret)]
    #[crash_context]
    fn above(n: u8, found: &mut Option<Report>) -> Result<u8, String> {
        let m = n + 1;
        *found = Some(look());
        let parsed: u8 = "7".parse().map_err(|_| "no".to_owned())?;
        Ok(m + parsed)
    }
    #[crash_context]
    #[instrument(err, ret)]
    fn below(n: u8, found: &mut Option<Report>) -> Result<u8, String> {
        let m = n + 1;
        *found = Some(look());
        let parsed: u8 = "7".parse().map_err(|_| "no".to_owned())?;
        Ok(m + parsed)
    }
    #[instrument(err(Debug), ret)]
    #[crash_context]
    async fn above_async(n: u8, found: &mut Option<Report>) -> Result<u8, String> {
        let m = n + 1;
        yield_now().await;
        *found = Some(look());
        Ok(m)
    }
    #[crash_context]
    #[instrument(err, ret)]
    async fn below_async(n: u8, found: &mut Option<Report>) -> Result<u8, String> {
        let m = n + 1;
        yield_now().await;
        *found = Some(look());
        Ok(m)
    }
    let mut found = None;
    assert_eq!(above(1, &mut found), Ok(9));
    assert_shows(&found.take().unwrap(), "above", "n = 1\nfound: &mut Option<Report>\nm = 2");
    assert_eq!(below(1, &mut found), Ok(9));
    assert_eq!(values(&found.take().unwrap(), "below")["m"], " = 2");
    assert_eq!(block_on(above_async(1, &mut found)), Ok(2));
    assert_eq!(values(&found.take().unwrap(), "above_async")["m"], " = 2");
    assert_eq!(block_on(below_async(1, &mut found)), Ok(2));
    assert_eq!(values(&found.take().unwrap(), "below_async")["m"], " = 2");
}

#[test]
fn conditional_attributes_and_others() {
    /// Documented.
    #[cfg_attr(all(), crash_context(n))]
    #[cfg_attr(any(), crash_context(no_such_name))]
    #[inline]
    #[allow(clippy::needless_return)]
    fn f(n: u8, m: u8) -> Report {
        #![allow(unused_mut)]
        let mut local = 1;
        return look();
    }
    assert_shows(&f(1, 2), "f", "n = 1 @-3");
}

/// Each named `main`, as only that one is reported.
mod ends {
    use super::{crash_context, crash_where, frames, look, yield_now};

    mod with_box {
        #[super::crash_context]
        pub(super) fn main() -> Result<u8, Box<dyn std::error::Error + Send + Sync>> {
            let n = 1;
            let parsed: u8 = "x1".parse()?;
            Ok(parsed + n)
        }
    }
    mod with_enum {
        #[derive(Debug)]
        pub(super) enum Failure {
            Missing { id: u8 },
        }
        #[super::crash_context]
        pub(super) fn main() -> Result<(), Failure> {
            let id = 7;
            Err(Failure::Missing { id })
        }
    }
    mod asynchronous {
        #[super::crash_context]
        #[tokio::main(flavor = "current_thread")]
        pub(super) async fn main() -> Result<(), String> {
            super::yield_now().await;
            Err("async main ends".to_owned())
        }
    }
    mod well {
        #[super::crash_context]
        pub(super) fn main() -> Result<u8, String> {
            let n = 1;
            Ok(n)
        }
        pub(super) mod with_code {
            #[super::super::crash_context]
            pub(in super::super) fn main() -> std::process::ExitCode {
                let code = std::process::ExitCode::SUCCESS;
                code
            }
        }
    }

    #[test]
    fn main_that_ends_with_an_error() {
        look();
        assert!(with_box::main().is_err());
        crash_where(|report| report.message == "invalid digit found in string");
        assert!(with_enum::main().is_err());
        crash_where(|report| report.message == "Missing { id: 7 }");
        assert!(asynchronous::main().is_err());
        crash_where(|report| report.message.contains("async main ends"));
        assert_eq!(well::main(), Ok(1));
        well::with_code::main();
        assert_eq!(frames(&look()), [""; 0]);
    }
}

#[test]
fn a_panic_in_a_task_with_instrument() {
    #[instrument]
    #[crash_context]
    async fn above(n: u8) {
        yield_now().await;
        panic!("instrumented {n}");
    }
    let report = crash_of(|| block_on(above(1)));
    assert_shows(&report, "above", "n = 1");
    let _ = catch_unwind(AssertUnwindSafe(|| block_on(above(2))));
    assert_eq!(frames(&crash_where(|report| report.message == "instrumented 2")), ["above"]);
}
