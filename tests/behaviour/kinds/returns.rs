//! Return types.

use std::sync::Arc;

use retry_core::retry;
use retry_core::testing::record;

use crate::common::{Calls, Failure};

#[tokio::test(start_paused = true)]
async fn alias_of_result() {
    type Fixed<T> = Result<T, Failure>;
    type Whole = Result<u32, Failure>;

    #[retry(error = Failure, Busy = 1)]
    fn fixed(calls: &Calls) -> Fixed<u32> {
        Ok(calls.third()?)
    }
    #[retry(Failure::Busy = 1)]
    async fn whole(calls: &Calls) -> Whole {
        calls.third_async().await
    }
    #[retry(when(|error: &std::io::Error| error.kind() == std::io::ErrorKind::TimedOut) = 1, attempt = n)]
    fn io(calls: &Calls) -> std::io::Result<u32> {
        assert_eq!(n.last_error().is_some(), n.number() > 1);
        Ok(calls.third().map_err(|_| std::io::ErrorKind::TimedOut)?)
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((fixed(&calls), calls.take()), (Ok(3), 3));
    assert_eq!((whole(&calls).await, calls.take()), (Ok(3), 3));
    assert_eq!((io(&calls).ok(), calls.take()), (Some(3), 3));
}

#[tokio::test(start_paused = true)]
async fn option_return() {
    #[retry(until = |n| *n == 3)]
    fn ready(calls: &Calls) -> Option<u32> {
        Some(calls.next())
    }
    #[retry(until = |_| true)]
    async fn there(calls: &Calls) -> Option<u32> {
        let n = calls.third_async().await.ok()?;
        Some(n)
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((ready(&calls), calls.take()), (Some(3), 3));
    assert_eq!((there(&calls).await, calls.take()), (Some(3), 3));
}

/// Types without values bring no warnings about code that cannot be reached.
#[tokio::test(start_paused = true)]
async fn results_that_are_always_or_never_ok() {
    #![deny(warnings)]
    use std::convert::Infallible;

    #[retry(until = |n| *n == 3)]
    fn always(calls: &Calls) -> Result<u32, Infallible> {
        Ok(calls.next())
    }
    #[retry(until = |n| *n == 3)]
    async fn always_async(calls: &Calls) -> Result<u32, Infallible> {
        Ok(calls.next())
    }
    #[retry(Busy = 1)]
    fn never(calls: &Calls) -> Result<Infallible, Failure> {
        Err(calls.third().map_or_else(|busy| busy, |_| Failure::Refused))
    }
    #[retry(Busy = 1)]
    async fn never_async(calls: &Calls) -> Result<Infallible, Failure> {
        Err(calls.third().map_or_else(|busy| busy, |_| Failure::Refused))
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((always(&calls), calls.take()), (Ok(3), 3));
    assert_eq!((always_async(&calls).await, calls.take()), (Ok(3), 3));
    assert_eq!((never(&calls), calls.take()), (Err(Failure::Refused), 3));
    assert_eq!((never_async(&calls).await, calls.take()), (Err(Failure::Refused), 3));
}

#[tokio::test(start_paused = true)]
async fn errors_that_are_no_enum() {
    #[retry(
        when(|error| error.starts_with("busy")) = 1,
        attempt = n,
        until = |_| true,
        on_retry = |event| assert!(event.error().is_some())
    )]
    fn borrowed<'t>(calls: &Calls, text: &'t str) -> Result<u32, &'t str> {
        assert!(n.last_error().is_none_or(|last| *last == text));
        calls.third().map_err(|_| text)
    }
    #[retry(
        when(|error| error.starts_with("busy")) = 1,
        attempt = n,
        until = |_| true,
        on_retry = |event| assert!(event.error().is_some())
    )]
    async fn owned(calls: &Calls, text: String) -> Result<u32, String> {
        assert!(n.last_error().is_none_or(|last| *last == text));
        calls.third_async().await.map_err(|_| text.clone())
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((borrowed(&calls, "busy!"), calls.take()), (Ok(3), 3));
    assert_eq!((borrowed(&calls, "gone"), calls.take()), (Err("gone"), 1));
    assert_eq!((owned(&calls, "busy!".to_owned()).await, calls.take()), (Ok(3), 3));
}

#[test]
fn an_error_that_is_self() {
    #[derive(Debug, PartialEq)]
    enum Own {
        Busy,
        Refused,
    }
    impl Own {
        #[retry(Busy = 1, Self::Refused = 2)]
        fn of_self(calls: &Calls) -> core::result::Result<u32, Self> {
            match calls.next() {
                1 => Err(Self::Refused),
                2 => Err(Self::Busy),
                n => Ok(n),
            }
        }
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((Own::of_self(&calls), calls.take()), (Ok(3), 3));
}

#[test]
fn impl_trait_return() {
    #[retry(Busy = 1)]
    fn numbers<'c>(calls: &'c Calls) -> Result<impl Iterator<Item = u32> + use<'c>, Failure> {
        let n = calls.third()?;
        Ok((0..n).chain([calls.next()]))
    }
    #[retry(Busy = 1)]
    fn nested(calls: &Calls) -> Result<(Vec<impl ToString + use<>>, impl Fn() -> u32 + use<>), Failure> {
        let n = calls.third()?;
        Ok((vec![n], move || n))
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!(numbers(&calls).map(Iterator::collect), Ok(vec![0, 1, 2, 4]));
    assert_eq!(calls.take(), 4);
    let shown = nested(&calls).map(|(numbers, f)| numbers[0].to_string() + &f().to_string());
    assert_eq!((shown, calls.take()), (Ok("33".to_owned()), 3));
}

#[test]
fn boxed_error() {
    #[retry(Busy = 1)]
    fn in_a_box(calls: &Calls) -> Result<u32, Box<Failure>> {
        Ok(calls.third()?)
    }
    #[retry(SlowDown = field(wait), Busy = 1)]
    fn in_an_arc(calls: &Calls) -> Result<u32, Arc<Failure>> {
        match calls.next() {
            1 => Err(Arc::new(Failure::SlowDown { wait: 7 })),
            2 => Err(Failure::Busy.into()),
            n => Ok(n),
        }
    }
    #[retry(when(|error: &Box<dyn std::error::Error>| error.is::<Failure>()) = 1)]
    fn dynamic(calls: &Calls) -> Result<u32, Box<dyn std::error::Error>> {
        Ok(calls.third()?)
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((in_a_box(&calls), calls.take()), (Ok(3), 3));
    assert_eq!((in_an_arc(&calls), calls.take()), (Ok(3), 3));
    assert_eq!((dynamic(&calls).ok(), calls.take()), (Some(3), 3));
}

#[test]
fn unusual_ok_types() {
    #[retry(Busy = 1)]
    fn unit(calls: &Calls) -> Result<(), Failure> {
        calls.third().map(drop)
    }
    #[retry(Busy = 1)]
    fn never(calls: &Calls) -> Result<std::convert::Infallible, Failure> {
        Err(calls.third().map_or_else(|busy| busy, |_| Failure::Refused))
    }
    #[retry(Busy = 1)]
    fn array<const N: usize>(calls: &Calls) -> Result<[u32; N], Failure> {
        calls.third().map(|n| [n; N])
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((unit(&calls), calls.take()), (Ok(()), 3));
    assert_eq!((never(&calls), calls.take()), (Err(Failure::Refused), 3));
    assert_eq!((array::<2>(&calls), calls.take()), (Ok([3, 3]), 3));
}
