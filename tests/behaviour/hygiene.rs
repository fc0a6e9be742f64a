//! The expansion and the user's code do not see each other's names.

use std::cell::Cell;
use std::time::Duration;

use retry_core::testing::record;
use retry_core::{Policy, retry, retry_policy, retry_with};

use crate::common::{Calls, Failure};

/// Every name that the expansion binds, as an argument, with every option in use.
#[tokio::test(start_paused = true)]
#[expect(clippy::too_many_arguments)]
async fn arguments_with_the_names_of_internals() {
    #[retry(
        Busy = __wait,
        SlowDown = field(wait, or = __decided, max = __asked),
        Refused = __told,
        when(|_| __error == 7) = __rule,
        policy = __policy,
        until = |__value| *__value == __done,
        attempt = __attempt,
        on_retry = |__failed| __call.set(__failed.attempt()),
        on_success = |__kept| __last.set(__kept.attempt()),
        timeout = __limit => Failure::Busy,
        sleep = __sleep,
    )]
    async fn internals(
        calls: &Calls,
        __wait: u32,
        __decided: Duration,
        __asked: Duration,
        __told: f64,
        __error: u32,
        __rule: u32,
        __policy: Policy,
        __done: u32,
        __call: &Cell<u32>,
        __last: &Cell<u32>,
        __limit: Duration,
        __sleep: fn(Duration) -> tokio::time::Sleep,
        __ended: u32,
        __attempted: u32,
    ) -> Result<u32, Failure> {
        assert_eq!((__wait, __error, __rule, __done, __ended, __attempted), (1, 7, 2, 3, 4, 5));
        assert_eq!((__decided, __asked, __limit), (Duration::ZERO, Duration::MAX, Duration::from_secs(9)));
        assert!(__told > 1.0 && __policy.max_attempts() == Some(3));
        let __call = calls.third_async().await?;
        Ok(__attempt.number())
    }
    let (calls, retried, succeeded) = (Calls::new(), Cell::new(0), Cell::new(0));
    let result = internals(
        &calls,
        1,
        Duration::ZERO,
        Duration::MAX,
        1.5,
        7,
        2,
        Policy::new().attempts(3),
        3,
        &retried,
        &succeeded,
        Duration::from_secs(9),
        tokio::time::sleep,
        4,
        5,
    );
    assert_eq!((result.await, calls.take()), (Ok(3), 3));
    assert_eq!((retried.get(), succeeded.get()), (2, 3));
}

#[test]
fn arguments_with_the_names_of_internals_sync() {
    #[retry(
        Busy = __wait,
        until = |__value| *__value == __done,
        attempt = __attempt,
        on_retry = |__failed| __call.set(__failed.attempt()),
        clone(__last),
        deadline = __decided,
    )]
    fn internals(
        calls: &Calls,
        __wait: u32,
        __done: u32,
        __call: &Cell<u32>,
        __last: String,
        __decided: Duration,
    ) -> Result<u32, Failure> {
        drop(__last);
        calls.third()?;
        Ok(__attempt.number())
    }
    let (_waits, calls, retried) = (record(), Calls::new(), Cell::new(0));
    assert_eq!(internals(&calls, 1, 3, &retried, String::new(), Duration::from_secs(60)), Ok(3));
    assert_eq!((calls.take(), retried.get()), (3, 2));
}

/// Names of internals that stand for something else around the function are still that in its body.
mod items_with_the_names_of_internals {
    use super::{Calls, Failure, record, retry};

    fn __call() -> u32 {
        1
    }
    macro_rules! __attempt {
        () => {
            2
        };
    }

    #[retry(Busy = __call(), attempt = n, until = |n| *n == 6)]
    fn uses(calls: &Calls) -> Result<u32, Failure> {
        assert_eq!(n.number(), calls.third()?);
        Ok(n.number() + __call() + __attempt!())
    }

    #[test]
    fn are_the_users() {
        let (_waits, calls) = (record(), Calls::new());
        assert_eq!((uses(&calls), calls.take()), (Ok(6), 3));
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_shadows_the_prelude() {
    #[retry(Busy = 1, attempt = attempt, clone(text), on_retry = |event| assert!(event.error().is_some()))]
    #[allow(dead_code, non_snake_case, clippy::items_after_statements)]
    async fn shadows(calls: &Calls, text: String) -> Result<u32, Failure> {
        enum Result {
            Ok,
            Err,
        }
        enum Option {
            Some,
            None,
        }
        struct String;
        struct Box;
        trait Clone {}
        trait Future {}
        use Option::*;
        use Result::*;
        fn drop() {}
        let _ = (Result::Ok, Option::None, Some, Err, text.len(), attempt.number());
        drop();
        match calls.third_async().await {
            std::result::Result::Ok(n) => std::result::Result::Ok(n),
            std::result::Result::Err(error) => std::result::Result::Err(error)?,
        }
    }
    let calls = Calls::new();
    assert_eq!((shadows(&calls, String::new()).await, calls.take()), (Ok(3), 3));
}

/// A module in which the usual names are something else altogether.
mod shadowed {
    #![allow(dead_code, non_camel_case_types, non_snake_case, non_upper_case_globals, unused_macros)]

    use crate::common::{Calls, Failure};
    use ::retry_core::{RetryClassify as derived, retry as again};

    mod std {}
    mod core {}
    mod alloc {}
    mod retry_core {}
    mod tokio {}
    struct Option;
    struct Box;
    struct String;
    struct Duration;
    struct Policy;
    struct Call;
    struct Event;
    enum Classification {
        Permanent,
    }
    trait RetryClassify {}
    trait Clone {}
    trait Future {}
    trait Into {}
    type Infallible = u8;
    type u32 = ::std::primitive::u32;
    fn Ok() {}
    fn Err() {}
    fn Some() {}
    const None: () = ();
    macro_rules! module_path {
        () => {
            compile_error!("not this one")
        };
    }
    macro_rules! unreachable {
        () => {
            compile_error!("not this one")
        };
    }
    macro_rules! pin {
        () => {
            compile_error!("not this one")
        };
    }

    #[derive(Debug, derived)]
    pub(super) enum Error {
        #[retry(after = field(0, or = 1))]
        Ok(::std::option::Option<u64>),
        #[retry(transient)]
        Err,
        #[retry(when = true)]
        Some { None: bool },
        #[retry(permanent)]
        None,
    }

    type Result<T> = ::std::result::Result<T, Failure>;

    #[again(
        Failure::Busy = 1,
        Failure::SlowDown = field(wait, or = 1, max = 2),
        attempt = n,
        until = |n| *n == 3,
        on_retry = |event| assert!(event.reason().is_none()),
        timeout = 1s => Failure::Busy,
        deadline = 1h,
        clone(text),
        backoff = linear(step = 1s),
    )]
    pub(super) async fn asynchronous(calls: &Calls, text: ::std::string::String) -> Result<u32> {
        ::std::mem::drop(text);
        assert_eq!(calls.third_async().await?, n.number());
        ::std::result::Result::Ok(n.number())
    }

    #[again]
    pub(super) fn sync(calls: &Calls) -> ::std::result::Result<u32, Error> {
        calls.third().map_err(|_| Error::Ok(::std::option::Option::None))
    }

    #[again(until = |n| *n == 3)]
    pub(super) fn option(calls: &Calls) -> ::std::option::Option<u32> {
        ::std::option::Option::Some(calls.next())
    }
}

#[tokio::test(start_paused = true)]
async fn a_module_that_shadows_everything() {
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((shadowed::asynchronous(&calls, String::new()).await, calls.take()), (Ok(3), 3));
    assert_eq!((shadowed::sync(&calls).ok(), calls.take()), (Some(3), 3));
    assert_eq!((shadowed::option(&calls), calls.take()), (Some(3), 3));
}

/// Traits for every type whose methods are called like ours.
mod blanket_traits {
    #![allow(dead_code)]

    use super::{Calls, Failure, record, retry, retry_policy, retry_with};

    /// By reference and by value: method calls look for both.
    macro_rules! blanket {
        ($($by_ref:ident $by_value:ident: $($method:ident)*;)*) => {$(
            trait $by_ref {
                $(fn $method(&self) -> Never { unreachable!("the user's method") })*
            }
            impl<T: ?Sized> $by_ref for T {}
            mod $by_value {
                use super::Never;
                pub(super) trait ByValue: Sized {
                    $(fn $method(self) -> Never { unreachable!("the user's method") })*
                }
                impl<T> ByValue for T {}
            }
        )*};
    }
    struct Never;
    blanket! { ByRef by_value:
        ask shown awaited done failed succeeded attempt attempt_begins failure_event success_event stopped
        classify told delay as_policy into_result from_result ended waited timer limit outcome sleep block
        run holds key typed;
    }

    #[derive(Debug)]
    enum Plain {
        Busy,
    }

    mod with_by_ref {
        use super::*;

        #[retry(
            Busy = 1,
            attempt = n,
            on_retry = |event| assert_eq!(event.attempt(), n_before.replace(event.attempt()) + 1),
            on_success = async |_| (),
            deadline = 1h,
            sleep = tokio::time::sleep,
        )]
        async fn asynchronous(calls: &Calls, n_before: &std::cell::Cell<u32>) -> Result<u32, Plain> {
            calls.third_async().await.map_err(|_| Plain::Busy)?;
            Ok(n.number())
        }
        #[retry(Busy = 1, on_retry = |_| ())]
        fn sync(calls: &Calls) -> Result<u32, Failure> {
            calls.third()
        }

        #[tokio::test(start_paused = true)]
        async fn are_not_called() {
            let (_waits, calls) = (record(), Calls::new());
            assert_eq!((asynchronous(&calls, &Default::default()).await.ok(), calls.take()), (Some(3), 3));
            assert_eq!((sync(&calls), calls.take()), (Ok(3), 3));
            let policy = retry_policy!(Failure: Busy = 1);
            assert_eq!((retry_with!(policy, || calls.third()), calls.take()), (Ok(3), 3));
        }
    }

    mod with_by_value {
        // Unused, as it should be.
        #[allow(unused_imports)]
        use super::by_value::ByValue as _;
        use super::{Calls, Failure, Plain, record, retry, retry_policy, retry_with};

        #[retry(
            Busy = 1,
            attempt = _n,
            on_retry = |_| (),
            on_success = async |_| (),
            deadline = 1h,
            sleep = tokio::time::sleep,
        )]
        async fn asynchronous(calls: &Calls) -> Result<u32, Plain> {
            calls.third_async().await.map_err(|_| Plain::Busy)
        }
        #[retry(Busy = 1, on_retry = |_| ())]
        fn sync(calls: &Calls) -> Result<u32, Failure> {
            calls.third()
        }

        #[tokio::test(start_paused = true)]
        async fn are_not_called() {
            let (_waits, calls) = (record(), Calls::new());
            assert_eq!((asynchronous(&calls).await.ok(), calls.take()), (Some(3), 3));
            assert_eq!((sync(&calls), calls.take()), (Ok(3), 3));
            let policy = retry_policy!(Failure: Busy = 1);
            assert_eq!((retry_with!(policy, || calls.third()), calls.take()), (Ok(3), 3));
        }
    }
}

/// In the block form, too.
#[tokio::test(start_paused = true)]
async fn blocks() {
    let (_waits, calls) = (record(), Calls::new());
    let (__policy, __running, __attempt, __done) = (retry_policy!(Failure: Busy = 1), 1, 2, 3);
    let result = retry_with!(__policy, |__unfinished| {
        assert_eq!((__running, __attempt, __done), (1, 2, 3));
        let __outcome = calls.third()?;
        Ok(__outcome + __unfinished.number())
    });
    assert_eq!((result, calls.take()), (Ok(6), 3));
    let result = retry_with!(__policy, |__unfinished| {
        let __outcome = calls.third_async().await?;
        Ok(__outcome + __unfinished.number() + __running)
    });
    assert_eq!((result, calls.take()), (Ok(7), 3));
}

/// Labels are names, too; and a `break` inside the body's own loop stays there.
#[test]
fn labels() {
    #[retry(Busy = 1)]
    fn labelled(calls: &Calls) -> Result<u32, Failure> {
        '__retry: loop {
            loop {
                if calls.third()? == 3 {
                    break '__retry;
                }
            }
        }
        Ok(3)
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((labelled(&calls), calls.take()), (Ok(3), 3));
}

/// Whatever stands in scope, this is the one.
#[test]
fn a_variant_by_a_path_from_the_root() {
    #[retry(::std::io::ErrorKind::TimedOut | std::io::ErrorKind::NotFound = 1, ::std::io::ErrorKind::Other = never)]
    fn by_path(calls: &Calls) -> Result<u32, std::io::ErrorKind> {
        match calls.next() {
            1 => Err(std::io::ErrorKind::TimedOut),
            2 => Err(std::io::ErrorKind::NotFound),
            _ => Err(std::io::ErrorKind::Other),
        }
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((by_path(&calls), calls.take()), (Err(std::io::ErrorKind::Other), 3));
}

/// Raw identifiers and names beyond ASCII.
#[test]
fn unusual_names() {
    #[derive(Debug, PartialEq)]
    enum Größe {
        Überlastet { r#in: u64 },
        r#Try,
    }
    #[retry(Überlastet = field(r#in), r#Try = 1, attempt = r#final, clone(r#type))]
    fn r#match(r#fn: &Calls, r#type: String) -> Result<String, Größe> {
        match r#fn.next() {
            1 => Err(Größe::Überlastet { r#in: 7 }),
            2 => Err(Größe::r#Try),
            n => Ok(r#type + &format!("{}", n + r#final.number())),
        }
    }
    let (waits, calls) = (record(), Calls::new());
    assert_eq!((r#match(&calls, "x".to_owned()), calls.take()), (Ok("x6".to_owned()), 3));
    assert_eq!(waits.delays().len(), 2);
}
