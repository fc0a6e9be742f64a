//! Bugs that users have hit in such macros, by the project and the number of the issue. What has to be a compile
//! error is among the ui tests.

// In test functions a lint is switched on where it is the one that the bug was about.
#![deny(unused_braces, unused_parens, unreachable_code, unused_mut, unused_variables, unused_qualifications)]

use std::cell::RefCell;
use std::fmt::Display;
use std::sync::Arc;

use retry_core::testing::record;
use retry_core::{Classification, RetryClassify, retry};

use crate::common::{Calls, Failure};

/// What hooks do with what they are told.
fn note(told: impl std::fmt::Debug) {
    let _ = format!("{told:?}");
}

/// `?` and `return` left the loop along with the body, so that nothing was ever tried again.
mod retrying_0_1_0 {
    use super::*;

    /// One way to fail, sync and async.
    macro_rules! ways {
        ($($name:ident: |$calls:ident| $sync:block, $asynchronous:block;)*) => {$(
            #[tokio::test(start_paused = true)]
            async fn $name() {
                #[retry(Busy = 1)]
                fn sync($calls: &Calls) -> Result<u32, Failure> $sync
                #[retry(Busy = 1)]
                async fn asynchronous($calls: &Calls) -> Result<u32, Failure> $asynchronous

                let calls = Calls::new();
                {
                    let _waits = record();
                    assert_eq!((sync(&calls), calls.take()), (Ok(3), 3));
                }
                assert_eq!((asynchronous(&calls).await, calls.take()), (Ok(3), 3));
            }
        )*};
    }

    ways! {
        question_mark: |calls| { let n = calls.third()?; Ok(n) }, { let n = calls.third_async().await?; Ok(n) };
        return_err: |calls|
            { if let Err(error) = calls.third() { return Err(error); } Ok(3) },
            { if let Err(error) = calls.third_async().await { return Err(error); } Ok(3) };
        return_everything: |calls| { return calls.third(); }, { return calls.third_async().await; };
        tail: |calls| { calls.third() }, { calls.third_async().await };
        err_question_mark: |calls|
            { if calls.next() < 3 { Err(Failure::Busy)? } Ok(3) },
            { if calls.next() < 3 { Err(Failure::Busy)? } Ok(3) };
        in_format: |calls|
            { Ok(format!("{}", calls.third()?).len() as u32 + 2) },
            { Ok(format!("{}", calls.third_async().await?).len() as u32 + 2) };
        in_a_closure: |calls|
            { let call = || -> Result<u32, Failure> { Ok(calls.third()?) }; call() },
            { let call = async || -> Result<u32, Failure> { Ok(calls.third_async().await?) }; call().await };
        in_a_block: |calls|
            { let n = { let n = calls.third()?; n }; Ok(n) },
            { let n = async { Ok::<_, Failure>(calls.third_async().await?) }.await?; Ok(n) };
        in_a_match_in_a_loop: |calls|
            { loop { match calls.third() { Ok(n) => break Ok(n), Err(e) => return Err(e) } } },
            { loop { match calls.third_async().await { Ok(n) => break Ok(n), Err(e) => return Err(e) } } };
    }

    #[tokio::test(start_paused = true)]
    async fn in_select() {
        #[retry(Busy = 1)]
        async fn tokio_select(calls: &Calls) -> Result<u32, Failure> {
            tokio::select! {
                biased;
                () = std::future::pending() => unreachable!(),
                n = calls.third_async() => {
                    let n = n?;
                    return Ok(n);
                }
            }
        }
        #[retry(Busy = 1)]
        async fn futures_select(calls: &Calls) -> Result<u32, Failure> {
            use futures::FutureExt as _;
            let call = calls.third_async().fuse();
            futures::pin_mut!(call);
            let n = futures::select! { n = call => n? };
            Ok(n)
        }
        let calls = Calls::new();
        assert_eq!((tokio_select(&calls).await, calls.take()), (Ok(3), 3));
        assert_eq!((futures_select(&calls).await, calls.take()), (Ok(3), 3));
    }
}

/// Methods with `&mut self` and arguments, and more than one await.
#[tokio::test(start_paused = true)]
async fn backon_49_51() {
    struct Session {
        sent: Vec<String>,
    }
    impl Session {
        async fn connect(&mut self) -> Result<&mut Vec<String>, Failure> {
            tokio::task::yield_now().await;
            Ok(&mut self.sent)
        }

        #[retry(Busy = 1)]
        async fn send(
            &mut self,
            prefix: &str,
            mut body: String,
            buffer: &mut Vec<u8>,
        ) -> Result<usize, Failure> {
            let sent = self.connect().await?;
            sent.push(format!("{prefix}{body}"));
            body.push('!');
            tokio::task::yield_now().await;
            buffer.push(1);
            self.connect().await?;
            if self.sent.len() < 3 { Err(Failure::Busy) } else { Ok(buffer.len()) }
        }
    }
    let (mut session, mut buffer) = (Session { sent: vec![] }, vec![]);
    assert_eq!(session.send("a", "b".to_owned(), &mut buffer).await, Ok(3));
    assert_eq!(session.sent, ["ab", "ab!", "ab!!"]);
}

/// An argument that the body consumes.
#[tokio::test(start_paused = true)]
async fn rstest_154_tokio_retry_21() {
    #[retry(Busy = 1, clone(body, headers))]
    async fn post(calls: &Calls, url: String, body: Vec<u8>, headers: Arc<str>) -> Result<usize, Failure> {
        let sent = tokio::spawn(async move { body.len() + headers.len() });
        calls.third_async().await?;
        Ok(sent.await.expect("no panic") + url.len())
    }
    let calls = Calls::new();
    assert_eq!(post(&calls, "u".into(), vec![0; 10], "h".into()).await, Ok(12));
    assert_eq!(calls.take(), 3);
}

/// A reference out of `&self`, whose lifetime is not written.
#[tokio::test(start_paused = true)]
async fn tracing_2857() {
    struct Table(Calls, Vec<String>);
    impl Table {
        #[retry(Busy = 1)]
        fn first(&self, _unused: &str) -> Result<&String, Failure> {
            self.0.third()?;
            self.1.first().ok_or(Failure::Refused)
        }

        #[retry(Busy = 1)]
        async fn first_async(&self, _unused: &str) -> Result<&str, Failure> {
            self.0.third_async().await?;
            self.1.first().map(|text| text.as_str()).ok_or(Failure::Refused)
        }

        #[retry(until = |text| !text.is_empty())]
        fn option(&self) -> Option<&String> {
            self.0.third().ok()?;
            self.1.first()
        }
    }
    let (_waits, table) = (record(), Table(Calls::new(), vec!["x".to_owned()]));
    assert_eq!((table.first(""), table.0.take()), (Ok(&"x".to_owned()), 3));
    assert_eq!((table.first_async("").await, table.0.take()), (Ok("x"), 3));
    assert_eq!((table.option(), table.0.take()), (Some(&"x".to_owned()), 3));
}

/// Two concrete types that the return type coerces, and a type that only the body knows.
#[tokio::test(start_paused = true)]
async fn tracing_1840_1227() {
    #[retry(Busy = 1)]
    fn boxed(calls: &Calls, text: bool) -> Result<Box<dyn Display>, Failure> {
        let n = calls.third()?;
        if text {
            return Ok(Box::new("text"));
        }
        Ok(Box::new(n))
    }
    #[retry(Busy = 1)]
    async fn boxed_async(calls: &Calls, text: bool) -> Result<Box<dyn Display + Send>, Failure> {
        let n = calls.third_async().await?;
        if text {
            return Ok(Box::new("text"));
        }
        Ok(Box::new(n))
    }
    #[retry(Busy = 1)]
    fn iterator(calls: &Calls) -> Result<impl Iterator<Item = u32> + use<>, Failure> {
        Ok(0..calls.third()?)
    }
    #[retry(Busy = 1)]
    async fn iterator_async(calls: &Calls) -> Result<impl Iterator<Item = u32> + use<>, Failure> {
        Ok(0..calls.third_async().await?)
    }
    #[retry(Busy = 1)]
    async fn inferred(calls: &Calls) -> Result<Vec<u8>, Failure> {
        calls.third_async().await?;
        // What these are parsed and collected to is known from the return type alone.
        Ok("1 2".split(' ').map(|n| n.parse()).collect::<Result<_, _>>()?)
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((boxed(&calls, true).map(|d| d.to_string()), calls.take()), (Ok("text".to_owned()), 3));
    assert_eq!((boxed(&calls, false).map(|d| d.to_string()), calls.take()), (Ok("3".to_owned()), 3));
    assert_eq!(
        (boxed_async(&calls, true).await.map(|d| d.to_string()), calls.take()),
        (Ok("text".to_owned()), 3)
    );
    assert_eq!(
        (boxed_async(&calls, false).await.map(|d| d.to_string()), calls.take()),
        (Ok("3".to_owned()), 3)
    );
    assert_eq!((iterator(&calls).map(Iterator::sum::<u32>), calls.take()), (Ok(3), 3));
    assert_eq!((iterator_async(&calls).await.map(Iterator::sum::<u32>), calls.take()), (Ok(3), 3));
    assert_eq!((inferred(&calls).await, calls.take()), (Ok(vec![1, 2]), 3));
}

/// The body brings names into scope that the return type uses for something else.
#[tokio::test(start_paused = true)]
async fn tracing_3306() {
    #[allow(dead_code)]
    enum Shadow {
        Failure,
        Result,
        Report,
    }
    struct Report(u32);

    #[retry(Busy = 1)]
    fn sync(calls: &Calls) -> Result<Report, Failure> {
        use Shadow::*;
        let _ = (Failure, Report);
        calls.third().map(report)
    }
    #[retry(Busy = 1)]
    async fn asynchronous(calls: &Calls) -> Result<Report, Failure> {
        use Shadow::*;
        let _ = (Failure, Report);
        calls.third_async().await.map(report)
    }
    fn report(n: u32) -> Report {
        Report(n)
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((sync(&calls).map(|report| report.0), calls.take()), (Ok(3), 3));
    assert_eq!((asynchronous(&calls).await.map(|report| report.0), calls.take()), (Ok(3), 3));
}

/// Lints that the expansion set off in code that had none, and the other way round.
mod tracing_1831_1284_1613_2503_2422_async_trait_129_183 {
    #![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]

    use super::{Calls, Failure, note, record, retry};

    #[retry(Busy = 1)]
    fn one_line(calls: &Calls) -> Result<u32, Failure> {
        calls.third()
    }

    #[retry(Busy = 1)]
    async fn one_line_async(calls: &Calls) -> Result<u32, Failure> {
        calls.third_async().await
    }

    #[retry(Busy = 1)]
    fn one_expression(calls: &Calls) -> Result<u32, Failure> {
        match calls.next() {
            3 => Ok(3),
            _ => Err(Failure::Busy),
        }
    }

    #[retry(Busy = 1)]
    async fn one_if(calls: &Calls) -> Result<u32, Failure> {
        if calls.next() == 3 { Ok(3) } else { Err(Failure::Busy) }
    }

    /// With every option that there is.
    #[retry(
        Busy | Refused = 1,
        SlowDown = field(wait, or = 60, max = 10m),
        Parse = never,
        when(|error| matches!(error, Failure::Refused)) = 2,
        _ = 3,
        backoff = exp(base = 100ms, factor = 2, cap = 10m, max = 5, jitter = none),
        deadline = 10m,
        timeout = 5s => Failure::Busy,
        until = |n| *n == 3,
        attempt = n,
        on_retry = |event| note(event.error()),
        on_give_up = |event| note(event.reason()),
        on_success = |event| note(event.attempt()),
        clone(text),
        sleep = tokio::time::sleep
    )]
    async fn everything(calls: &Calls, text: String) -> Result<u32, Failure> {
        drop(text);
        assert_eq!(n.number(), calls.third_async().await?);
        Ok(3)
    }

    #[tokio::test(start_paused = true)]
    async fn each_retries() {
        let calls = Calls::new();
        {
            let _waits = record();
            assert_eq!((one_line(&calls), calls.take()), (Ok(3), 3));
            assert_eq!((one_expression(&calls), calls.take()), (Ok(3), 3));
        }
        assert_eq!((one_line_async(&calls).await, calls.take()), (Ok(3), 3));
        assert_eq!((one_if(&calls).await, calls.take()), (Ok(3), 3));
        assert_eq!((everything(&calls, String::new()).await, calls.take()), (Ok(3), 3));
    }
}

/// A function that nobody calls is as dead as before, no more and no less.
mod tracing_3108 {
    #![deny(unfulfilled_lint_expectations, dead_code)]

    use super::{Failure, retry};

    #[expect(dead_code)]
    #[retry(Busy = 1)]
    fn above() -> Result<(), Failure> {
        Ok(())
    }

    #[retry(Busy = 1)]
    #[expect(dead_code)]
    async fn below() -> Result<(), Failure> {
        Ok(())
    }

    #[expect(unused_variables, unused_mut)]
    #[retry(Busy = 1)]
    fn variables(unused: u32) -> Result<(), Failure> {
        let mut unneeded = 1;
        if unneeded == 1 { Ok(()) } else { Err(Failure::Busy) }
    }

    #[test]
    fn the_expectations_are_met() {
        assert_eq!(variables(1), Ok(()));
    }
}

/// Attributes inside the body, on arguments, and on generics.
#[tokio::test(start_paused = true)]
async fn tracing_2294_3320_async_trait_226_288() {
    #[retry(Busy = 1)]
    async fn inner(calls: &Calls) -> Result<u32, Failure> {
        #![allow(unused_variables, clippy::no_effect_underscore_binding)]
        //! An inner doc comment.
        let unused = 1;
        calls.third_async().await
    }
    #[retry(Busy = 1)]
    fn generic<#[cfg(test)] T: Into<u32>, #[cfg(not(test))] U, #[allow(dead_code)] const N: usize>(
        calls: &Calls,
        #[cfg(test)] value: [T; N],
        #[cfg(not(test))] value: [U; N],
    ) -> Result<u32, Failure>
    where
        T: Copy,
    {
        #[cfg(not(test))]
        compile_error!("not in a test");
        #[cfg(test)]
        calls.third()?;
        Ok(value.into_iter().map(Into::into).sum())
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((inner(&calls).await, calls.take()), (Ok(3), 3));
    assert_eq!((generic(&calls, [1_u8, 2]), calls.take()), (Ok(3), 3));
}

/// A body that ends in a boxed future, with or without something before it; a trait's function without a body.
#[tokio::test(start_paused = true)]
async fn tracing_3179_1296() {
    use std::pin::Pin;

    trait Fetch {
        fn fetch<'s>(
            &'s mut self,
            name: &'s str,
        ) -> Pin<Box<dyn Future<Output = Result<String, Failure>> + Send + 's>>;
        fn named(&self) -> impl Future<Output = Result<u32, Failure>> + Send;
    }
    struct Client(Calls, Vec<u32>);
    impl Fetch for Client {
        #[retry(Busy = 1)]
        fn fetch<'s>(
            &'s mut self,
            name: &'s str,
        ) -> Pin<Box<dyn Future<Output = Result<String, Failure>> + Send + 's>> {
            Box::pin(async move {
                self.1.push(self.0.third_async().await?);
                Ok(name.to_owned())
            })
        }

        #[retry(Busy = 1)]
        fn named(&self) -> impl Future<Output = Result<u32, Failure>> + Send {
            async { self.0.third_async().await }
        }
    }
    #[retry(Busy = 1)]
    fn prepared(calls: Arc<Calls>) -> Pin<Box<dyn Future<Output = Result<u32, Failure>> + Send>> {
        let calls = calls.clone();
        Box::pin(async move { calls.third_async().await })
    }
    let mut client = Client(Calls::new(), Vec::new());
    assert_eq!((client.fetch("x").await, client.0.take()), (Ok("x".to_owned()), 3));
    assert_eq!(client.1, [3]);
    assert_eq!((client.named().await, client.0.take()), (Ok(3), 3));
    let calls = Arc::new(Calls::new());
    assert_eq!((prepared(calls.clone()).await, calls.take()), (Ok(3), 3));
}

/// `self` and macros of the body's own.
#[tokio::test(start_paused = true)]
async fn async_trait_17_68_161() {
    #[derive(Debug)]
    struct Client(Calls);
    impl Client {
        #[retry(Busy = 1)]
        async fn shown(&self) -> Result<String, Failure> {
            macro_rules! calls {
                () => {
                    self.0
                };
                ($name:ident) => {
                    let $name = &calls!();
                };
            }
            let text = format!("{self:?} {:?} {}", self, stringify!(self));
            calls!(calls);
            tokio::select! {
                n = calls.third_async() => { n?; }
                () = std::future::pending() => {}
            }
            assert!(self.0.next() > 3, "{self:?}");
            Ok(text.replace(char::is_numeric, ""))
        }

        #[retry(Busy = 1)]
        fn local_macro(&self) -> Result<u32, Failure> {
            macro_rules! attempt {
                ($($call:tt)*) => { $($call)*? };
            }
            let n = attempt!(self.0.third());
            Ok(n)
        }
    }
    let (_waits, client) = (record(), Client(Calls::new()));
    assert_eq!(client.shown().await, Ok("Client(Calls()) Client(Calls()) self".to_owned()));
    assert_eq!(client.0.take(), 4);
    assert_eq!((client.local_macro(), client.0.take()), (Ok(3), 3));
}

/// The attribute on what a `macro_rules!` makes, of every kind of fragment.
mod async_trait_46_104 {
    use super::*;

    macro_rules! fragments {
        (
            $(#[$meta:meta])* $vis:vis fn $name:ident($calls:ident: $calls_ty:ty $(, $arg:ident: $ty:ty)*)
                -> Result<$ok:ty, $error:ty> $body:block,
            $variant:ident = $delay:literal, $other:path = $expr:expr, attempts = $attempts:expr,
            clone = $clone:ident
        ) => {
            $(#[$meta])*
            #[retry(
                $variant = $delay,
                $other = $expr,
                attempts = $attempts,
                jitter = none,
                clone($clone),
            )]
            $vis fn $name($calls: $calls_ty $(, $arg: $ty)*) -> Result<$ok, $error> $body
        };
    }

    fragments! {
        /// Documented.
        #[inline]
        pub(super) fn fragments(calls: &Calls, text: String) -> Result<String, Failure> {
            let text = text;
            match calls.next() {
                1 => return Err(Failure::Busy),
                2 => Err(Failure::Refused)?,
                _ => Ok(text)
            }
        },
        Busy = 1.5s, Failure::Refused = 1 + 1, attempts = 2 + 1, clone = text
    }

    macro_rules! item {
        ($item:item) => {
            #[retry(Busy = 1)]
            $item
        };
    }
    item! {
        async fn item(calls: &Calls) -> Result<u32, Failure> { calls.third_async().await }
    }

    macro_rules! whole_type {
        ($name:ident, $returns:ty, $error:path, $expr:expr) => {
            #[retry(error = $error, Busy = 1)]
            async fn $name(calls: &Calls) -> $returns {
                calls.third_async().await?;
                $expr
            }
        };
    }
    whole_type!(whole_type, Result<u32, Failure>, Failure, Ok(7));

    macro_rules! from_tokens {
        ($($options:tt)*) => {
            #[retry($($options)*)]
            fn from_tokens(calls: &Calls) -> Result<u32, Failure> { calls.third() }
        };
    }
    from_tokens!(Busy | Refused = 500ms, backoff = exp(max = 5));

    // The attempt is named by the macro, and used by the caller's block.
    macro_rules! named_attempt {
        ($attempt:ident, $calls:ident, $told:ident, $hook:expr, $until:expr, $limit:expr => $timeout:expr, $($body:tt)*) => {
            #[retry(
                Busy = 1,
                attempt = $attempt,
                on_retry = $hook,
                until = $until,
                timeout = $limit => $timeout,
                deadline = $limit,
            )]
            async fn named_attempt($calls: &Calls, $told: &RefCell<Vec<u32>>) -> Result<u32, Failure> { $($body)* }
        };
    }
    named_attempt!(
        n, calls, told,
        |event| told.borrow_mut().push(event.attempt()),
        |n| *n == 3,
        60 => Failure::Refused,
        assert_eq!(calls.third_async().await?, n.number()); Ok(n.number())
    );

    macro_rules! methods {
        ($ty:ident: $($name:ident($self:ident) $body:block)*) => {
            impl $ty {$(
                #[retry(Busy = 1)]
                async fn $name(&mut $self) -> Result<u32, Failure> $body
            )*}
        };
    }
    struct Client(Calls);
    methods! { Client: get(self) { self.0.third_async().await } put(self) { Ok(self.0.third()? + 1) } }

    macro_rules! with_text {
        ($text:ident) => {
            #[retry(Busy = 1)]
            fn with_text<'t>(calls: &Calls, ($text, _): (&'t str, u8)) -> Result<&'t str, Failure> {
                calls.third()?;
                Ok($text)
            }
        };
    }
    with_text!(anything);
    #[tokio::test(start_paused = true)]
    async fn each_retries() {
        let (waits, calls) = (record(), Calls::new());
        assert_eq!((fragments(&calls, "x".to_owned()), calls.take()), (Ok("x".to_owned()), 3));
        assert_eq!(waits.delays(), [1500, 2000].map(std::time::Duration::from_millis));
        assert_eq!((from_tokens(&calls), calls.take()), (Ok(3), 3));
        assert_eq!((with_text(&calls, ("x", 0)), calls.take()), (Ok("x"), 3));
        assert_eq!((item(&calls).await, calls.take()), (Ok(3), 3));
        assert_eq!((whole_type(&calls).await, calls.take()), (Ok(7), 3));
        let told = RefCell::new(Vec::new());
        assert_eq!((named_attempt(&calls, &told).await, calls.take()), (Ok(3), 3));
        assert_eq!(told.into_inner(), [1, 2]);
        let mut client = Client(calls);
        assert_eq!((client.get().await, client.0.take()), (Ok(3), 3));
        assert_eq!((client.put().await, client.0.take()), (Ok(4), 3));
    }
}

/// Arguments are dropped in the order in which the bare function drops them.
#[tokio::test(start_paused = true)]
async fn async_trait_199() {
    struct Noisy<'l>(&'static str, &'l RefCell<Vec<&'static str>>);
    impl Drop for Noisy<'_> {
        fn drop(&mut self) {
            self.1.borrow_mut().push(self.0);
        }
    }
    /// The same function four times.
    macro_rules! both {
        ($bare:ident, $retried:ident, [$($asynchronous:tt)?], [$($wait:tt)*]) => {
            both!(@ $bare, [], [$($asynchronous)?], [$($wait)*]);
            both!(@ $retried, [#[retry(Busy = 1, attempts = 2)]], [$($asynchronous)?], [$($wait)*]);
        };
        (@ $name:ident, [$($attribute:tt)*], [$($asynchronous:tt)?], [$($wait:tt)*]) => {
            $($attribute)*
            $($asynchronous)? fn $name<'l>(
                first: Noisy<'l>,
                _: Noisy<'l>,
                _unused: Noisy<'l>,
                (a, _b): (Noisy<'l>, Noisy<'l>),
                last: Noisy<'l>,
            ) -> Result<(), Failure> {
                let _local = Noisy("local", first.1);
                $($wait)*
                assert_eq!((a.0, last.0), ("a", "last"));
                Ok(())
            }
        };
    }
    both!(bare, retried, [], []);
    both!(bare_async, retried_async, [async], [tokio::task::yield_now().await;]);

    let log = RefCell::new(Vec::new());
    let noisy = |name| Noisy(name, &log);
    macro_rules! run {
        ($name:ident) => {
            $name(noisy("first"), noisy("_"), noisy("unused"), (noisy("a"), noisy("b")), noisy("last"))
        };
    }
    assert_eq!(run!(bare), Ok(()));
    let expected = log.take();
    assert_eq!(expected.len(), 7);
    assert_eq!(run!(retried), Ok(()));
    assert_eq!(log.take(), expected);

    assert_eq!(run!(bare_async).await, Ok(()));
    let expected = log.take();
    assert_eq!(expected.len(), 7);
    assert_eq!(run!(retried_async).await, Ok(()));
    assert_eq!(log.take(), expected);

    // Where the future is dropped halfway, too.
    assert_eq!(futures::poll!(Box::pin(run!(bare_async))), std::task::Poll::Pending);
    let expected = log.take();
    assert_eq!(futures::poll!(Box::pin(run!(retried_async))), std::task::Poll::Pending);
    assert_eq!(log.take(), expected);
}

/// Unusual receivers.
#[tokio::test(start_paused = true)]
async fn async_trait_277_210() {
    struct Client(Calls);
    impl Client {
        #[retry(Busy = 1)]
        async fn mut_ref(mut self: &Self, other: &Self) -> Result<u32, Failure> {
            let n = self.0.third_async().await;
            self = other;
            self.0.next();
            n
        }

        #[retry(Busy = 1)]
        async fn arc(self: Arc<Self>) -> Result<Arc<Self>, Failure> {
            self.0.third_async().await?;
            Ok(Arc::clone(&self))
        }

        #[retry(Busy = 1)]
        async fn long_ref(self: &'_ Self) -> Result<u32, Failure> {
            self.0.third_async().await
        }
    }
    let (client, other) = (Client(Calls::new()), Client(Calls::new()));
    // As any `mut` argument, it keeps what an attempt has made of it: the other's third call is the last.
    assert_eq!(client.mut_ref(&other).await, Err(Failure::Busy));
    assert_eq!((client.0.take(), other.0.take()), (1, 7));
    assert_eq!((client.long_ref().await, client.0.take()), (Ok(3), 3));
    let client = Arc::new(client);
    assert!(client.clone().arc().await.is_ok_and(|same| Arc::ptr_eq(&same, &client)));
    assert_eq!(client.0.take(), 3);
}

/// Lifetimes, generics and their conditions stay what they are.
#[tokio::test(start_paused = true)]
async fn cached_48_211_217_139() {
    trait Store {
        type Key: ?Sized;
        type Value<'v>
        where
            Self: 'v;
        fn get<'s>(&'s self, key: &Self::Key) -> Result<Self::Value<'s>, Failure>;
    }
    struct Memory<'a, T>(&'a Calls, Vec<T>);
    impl<'a, T> Store for Memory<'a, T>
    where
        T: PartialEq,
        T: 'a,
    {
        type Key = T;
        type Value<'v>
            = &'v T
        where
            Self: 'v;

        #[retry(Failure::Busy = 1)]
        fn get<'s>(&'s self, key: &Self::Key) -> Result<Self::Value<'s>, Failure> {
            self.0.third()?;
            self.1.iter().find(|known| *known == key).ok_or(Failure::Refused)
        }
    }
    #[retry(Busy = 1)]
    async fn longest<'a: 'b, 'b, F, R>(calls: &Calls, a: &'a str, b: &'b str, f: F) -> Result<R, Failure>
    where
        F: for<'f> Fn(&'f str) -> &'f str,
        R: From<&'b str>,
    {
        calls.third_async().await?;
        Ok(R::from(if f(a).len() > f(b).len() { a } else { b }))
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((Memory(&calls, vec![1, 2]).get(&2), calls.take()), (Ok(&2), 3));
    assert_eq!((Memory(&calls, vec![1, 2]).get(&3), calls.take()), (Err(Failure::Refused), 3));
    let text: Result<String, _> = longest(&calls, "abc", "ab", |text| text).await;
    assert_eq!((text, calls.take()), (Ok("abc".to_owned()), 3));
}

/// Attributes below and above still act.
mod leptos_4597_jolt_588 {
    #![deny(unfulfilled_lint_expectations, unused_must_use, deprecated)]

    use super::{Calls, Failure, record, retry};

    #[must_use = "it counts"]
    #[retry(until = |_| true)]
    fn above(calls: &Calls) -> Option<u32> {
        calls.third().ok()
    }

    #[retry(until = |_| true)]
    #[must_use]
    async fn below(calls: &Calls) -> Option<u32> {
        calls.third().ok()
    }

    #[retry(Busy = 1)]
    #[allow(clippy::needless_pass_by_value, unused_variables, non_snake_case)]
    #[inline(always)]
    #[cold]
    fn Several(calls: &Calls, unused: String) -> Result<u32, Failure> {
        #[allow(unused_mut)]
        let mut unneeded = calls.third()?;
        Ok(unneeded)
    }

    #[cfg(not(test))]
    #[retry(NoSuchVariant = 1)]
    fn not_compiled() -> Result<(), NoSuchType> {}

    #[retry(Busy = 1)]
    #[unsafe(export_name = "retry_tests_exported")]
    #[allow(improper_ctypes_definitions)]
    pub extern "C" fn exported(calls: &Calls) -> Result<u32, Failure> {
        calls.third()
    }

    #[tokio::test(start_paused = true)]
    async fn they_act() {
        let (_waits, calls) = (record(), Calls::new());
        #[expect(unused_must_use)]
        {
            above(&calls);
        }
        assert_eq!(calls.take(), 3);
        #[expect(unused_must_use)]
        {
            below(&calls).await;
        }
        assert_eq!(calls.take(), 3);
        assert_eq!((Several(&calls, String::new()), calls.take()), (Ok(3), 3));
        assert_eq!((exported(&calls), calls.take()), (Ok(3), 3));
    }
}

/// The derive is quiet under a lint against paths that are longer than they have to be.
mod thiserror_91_darling_435 {
    #![deny(unused_qualifications, warnings, clippy::all, clippy::pedantic, clippy::nursery)]

    use retry_core::__private::{Duration, RetryPolicy};
    use retry_core::{Classification, Policy, RetryClassify, retry, retry_policy};

    use super::{Calls, record};

    #[derive(Debug, RetryClassify)]
    #[retry(default = permanent)]
    enum Error<T> {
        #[retry(after = 2)]
        Timeout,
        #[retry(after = field(wait, or = 60))]
        SlowDown {
            wait: Option<u64>,
        },
        #[retry(forward)]
        Inner(T),
        #[retry(when = matches!(self, Self::Soft(_, true)))]
        Soft(Other, bool),
        Fatal,
    }

    #[derive(Debug, RetryClassify)]
    #[retry(transient)]
    struct Other;

    #[retry(Timeout = 1)]
    fn timeout(calls: &Calls) -> Result<u32, Error<Other>> {
        calls.third().map_err(|_| Error::Timeout)
    }

    #[test]
    fn no_lint() {
        let (_waits, calls) = (record(), Calls::new());
        let _: RetryPolicy<Other> = RetryPolicy::new(Policy::new());
        assert_eq!((timeout(&calls).ok(), calls.take()), (Some(3), 3));
        let after = |seconds| Classification::After(Duration::from_secs(seconds));
        assert_eq!(Error::<Other>::Timeout.classify(), after(2));
        assert_eq!(Error::<Other>::SlowDown { wait: None }.classify(), after(60));
        assert_eq!(Error::Inner(Other).classify(), Classification::Transient);
        assert_eq!(Error::<Other>::Soft(Other, true).classify(), Classification::Transient);
        assert_eq!(Error::<Other>::Soft(Other, false).classify(), Classification::Permanent);
        assert_eq!(Error::<Other>::Fatal.classify(), Classification::Permanent);
        let policy = retry_policy!(Error<Other>: Timeout = 1);
        let result = policy.run_blocking(|_| calls.third().map_err(|_| Error::Timeout));
        assert_eq!((result.ok(), calls.take()), (Some(3), 3));
    }
}

/// The runtime under another name, and re-exported from a module.
mod derive_more_338_cached_157 {
    use super::{Calls, note, record};

    pub(crate) mod facade {
        pub(crate) use retry_core as retrying;
    }
    use facade::retrying::{Classification, RetryClassify as _, retry, retry_policy, retry_with};

    // A name that only the paths given can find.
    mod retry_core {}

    #[derive(Debug, PartialEq, facade::retrying::RetryClassify)]
    #[retry(crate = crate::bugs::derive_more_338_cached_157::facade::retrying)]
    enum Error {
        #[retry(after = field(0, or = 1))]
        Busy(Option<u64>),
    }

    #[retry(
        crate = crate::bugs::derive_more_338_cached_157::facade::retrying,
        Busy = field(0, or = 1),
        attempt = n,
        on_retry = |event| note(event.error()),
        deadline = 1h,
    )]
    async fn by_module(calls: &Calls) -> Result<u32, Error> {
        calls.third_async().await.map_err(|_| Error::Busy(None)).map(|_| n.number())
    }

    #[retry(crate = ::renamed_retry_core)]
    fn by_another_name(calls: &Calls) -> Result<u32, Error> {
        calls.third().map_err(|_| Error::Busy(Some(1)))
    }

    #[tokio::test(start_paused = true)]
    async fn found() {
        let (_waits, calls) = (record(), Calls::new());
        assert_eq!((by_module(&calls).await, calls.take()), (Ok(3), 3));
        assert_eq!((by_another_name(&calls), calls.take()), (Ok(3), 3));
        assert_eq!(Error::Busy(None).classify(), Classification::After(std::time::Duration::from_secs(1)));
        let policy = retry_policy!(Error: crate = ::renamed_retry_core, Busy = 1);
        let result = retry_with!(crate = ::renamed_retry_core, policy, |_attempt| {
            calls.third().map_err(|_| Error::Busy(None))
        });
        assert_eq!((result, calls.take()), (Ok(3), 3));
    }
}

/// Functions that await each other, fourteen deep. The compiler's limit of 128 layers allows 31 bare ones, four
/// layers each; with the attribute there is a future in the future, eight layers, and so 15 of them. Options may
/// not cost another layer.
mod lance_8416 {
    use super::{Arc, Calls, Failure, note, retry};

    macro_rules! chain {
        ([$($options:tt)*] $name:ident $next:ident $($rest:ident)*) => {
            #[retry($($options)*)]
            async fn $name(calls: &Calls) -> Result<u32, Failure> {
                let n = $next(calls).await?;
                Ok(n)
            }
            chain!([$($options)*] $next $($rest)*);
        };
        ([$($options:tt)*] $last:ident) => {
            #[retry($($options)*)]
            async fn $last(calls: &Calls) -> Result<u32, Failure> {
                calls.third_async().await
            }
        };
    }

    mod plain {
        use super::*;
        chain!([Busy = 1] f0 f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 f11 f12 f13);

        #[tokio::test(start_paused = true)]
        async fn fourteen() {
            let calls = Arc::new(Calls::new());
            let task = tokio::spawn({
                let calls = calls.clone();
                async move { f0(&calls).await }
            });
            assert_eq!((task.await.expect("no panic"), calls.take()), (Ok(3), 3));
        }
    }

    mod with_options {
        use super::*;
        chain!(
            [Busy = 1, attempt = _n, deadline = 1h, timeout = 1h => Failure::Refused, on_retry = |event| note(event.error())]
            f0 f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 f11 f12 f13
        );

        #[tokio::test(start_paused = true)]
        async fn fourteen() {
            let calls = Arc::new(Calls::new());
            let task = tokio::spawn({
                let calls = calls.clone();
                async move { f0(&calls).await }
            });
            assert_eq!((task.await.expect("no panic"), calls.take()), (Ok(3), 3));
        }
    }
}

/// Arguments without a name or with one of the macro's, and types that cannot be shown.
#[tokio::test(start_paused = true)]
async fn tracing_1407_1318() {
    /// Neither `Debug` nor `Display` nor `Clone`.
    enum Opaque {
        Busy,
    }
    struct Value(u32);

    #[retry(Busy = 1)]
    fn unnamed(calls: &Calls, _: u32, _: &mut Value, (_, _): (u32, Value)) -> Result<Value, Opaque> {
        calls.third().map(Value).map_err(|_| Opaque::Busy)
    }
    #[retry(Busy = 1, attempt = __attempt, until = |__value| __value.0 == 3, on_retry = |_| ())]
    async fn named(__calls: &Calls, __wait: Value, __call: u32, __failed: u32) -> Result<Value, Opaque> {
        assert_eq!((__wait.0, __call, __failed), (1, 2, 3));
        __calls.third_async().await.map_err(|_| Opaque::Busy)?;
        Ok(Value(__attempt.number()))
    }
    let (_waits, calls) = (record(), Calls::new());
    let value = unnamed(&calls, 0, &mut Value(0), (0, Value(0)));
    assert!(matches!((value, calls.take()), (Ok(Value(3)), 3)));
    let value = named(&calls, Value(1), 2, 3).await;
    assert!(matches!((value, calls.take()), (Ok(Value(3)), 3)));
}

/// `#[tracing::instrument]` in either order; above, its own loop-free body is what is tried again.
mod instrumented {
    use super::*;
    use tracing::instrument;

    struct Client(Calls, Vec<u32>);

    impl Client {
        #[instrument(skip_all)]
        #[retry(Busy = 1)]
        async fn above(&self, name: &str) -> Result<usize, Failure> {
            self.0.third_async().await?;
            Ok(name.len())
        }

        #[retry(Busy = 1)]
        #[instrument(skip(self), err, ret)]
        async fn below(&mut self, name: String) -> Result<usize, Failure> {
            self.1.push(self.0.third_async().await?);
            Ok(name.len())
        }

        #[instrument(skip_all)]
        #[retry(Busy = 1)]
        fn above_sync(&mut self, name: String) -> Result<usize, Failure> {
            self.1.push(self.0.third()?);
            Ok(name.len())
        }

        #[retry(Busy = 1)]
        #[instrument(skip_all, fields(name))]
        fn below_sync(&mut self, name: String) -> Result<usize, Failure> {
            self.1.push(self.0.third()?);
            Ok(name.len())
        }

        #[instrument(skip_all)]
        #[retry(Busy = 1, clone(name))]
        async fn above_owned(&self, name: String) -> Result<String, Failure> {
            self.0.third_async().await?;
            Ok(name)
        }
    }

    // What `instrument` makes of the body takes the arguments with it, which only works once.
    impl Client {
        #[instrument(skip_all)]
        #[retry(Busy = 1)]
        async fn above_mut(&mut self, buffer: &mut Vec<u32>) -> Result<usize, Failure> {
            self.1.push(self.0.third_async().await?);
            buffer.push(1);
            Ok(buffer.len())
        }

        #[instrument(skip_all, err)]
        #[retry(Busy = 1)]
        async fn above_err(&mut self, name: String) -> Result<usize, Failure> {
            self.1.push(self.0.third_async().await?);
            Ok(name.len())
        }

        #[instrument(skip_all, ret)]
        #[retry(Busy = 1)]
        async fn above_ret(&mut self, name: String) -> Result<usize, Failure> {
            self.1.push(self.0.third_async().await?);
            Ok(async { name.len() }.await)
        }

        #[instrument(skip_all, err, ret)]
        #[retry(Busy = 1, clone(name))]
        async fn above_both(&mut self, name: String) -> Result<String, Failure> {
            self.1.push(self.0.third_async().await?);
            // The body's own `move` is left alone.
            let name = async move { name };
            Ok(name.await)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn above_retries_and_borrows() {
        let (mut client, mut buffer) = (Client(Calls::new(), Vec::new()), Vec::new());
        assert_eq!((client.above_mut(&mut buffer).await, client.0.take()), (Ok(1), 3));
        assert_eq!((client.above_err("ab".to_owned()).await, client.0.take()), (Ok(2), 3));
        assert_eq!((client.above_ret("ab".to_owned()).await, client.0.take()), (Ok(2), 3));
        assert_eq!((client.above_both("ab".to_owned()).await, client.0.take()), (Ok("ab".to_owned()), 3));
        assert_eq!((client.1, buffer), (vec![3, 3, 3, 3], vec![1]));
    }

    #[async_trait::async_trait]
    trait Fetch {
        async fn fetch(&mut self, name: &str) -> Result<usize, Failure>;
    }

    #[async_trait::async_trait]
    impl Fetch for Client {
        #[retry(Busy = 1)]
        #[instrument(skip(self))]
        async fn fetch(&mut self, name: &str) -> Result<usize, Failure> {
            self.1.push(self.0.third_async().await?);
            Ok(name.len())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn each_retries() {
        let (_waits, mut client) = (record(), Client(Calls::new(), Vec::new()));
        assert_eq!((client.above("ab").await, client.0.take()), (Ok(2), 3));
        assert_eq!((client.below("ab".to_owned()).await, client.0.take()), (Ok(2), 3));
        assert_eq!((client.above_sync("ab".to_owned()), client.0.take()), (Ok(2), 3));
        assert_eq!((client.below_sync("ab".to_owned()), client.0.take()), (Ok(2), 3));
        assert_eq!((client.above_owned("ab".to_owned()).await, client.0.take()), (Ok("ab".to_owned()), 3));
        assert_eq!((client.fetch("ab").await, client.0.take()), (Ok(2), 3));
        assert_eq!(client.1, [3, 3, 3, 3]);
    }
}

/// An error's own word is asked where no rule names it, also behind a generic parameter.
#[test]
fn classified_by_a_parameter() {
    struct Soft;
    impl RetryClassify for Soft {
        fn classify(&self) -> Classification {
            Classification::Transient
        }
    }
    #[retry]
    fn any<E: RetryClassify>(calls: &Calls, error: fn() -> E) -> Result<u32, E> {
        calls.third().map_err(|_| error())
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((any(&calls, || Soft).ok(), calls.take()), (Some(3), 3));
}

/// `#[async_trait]` and `#[instrument]` above, which both take the arguments with them.
mod async_trait_and_instrument {
    use super::*;
    use tracing::instrument;

    struct Client {
        calls: Calls,
        log: Vec<u32>,
    }

    #[async_trait::async_trait]
    trait Fetch {
        async fn plain(&mut self, name: String) -> Result<usize, Failure>;
        async fn told(&mut self, name: String, (left, right): (u8, u8)) -> Result<usize, Failure>;
        async fn shared(&self, name: &str) -> Result<usize, Failure>;
        async fn free() -> Result<u32, Failure>;
    }

    #[async_trait::async_trait]
    impl Fetch for Client {
        #[instrument(skip_all)]
        #[retry(Busy = 1)]
        async fn plain(&mut self, name: String) -> Result<usize, Failure> {
            self.log.push(self.calls.third_async().await?);
            Ok(name.len())
        }

        #[instrument(skip(self), err, ret)]
        #[retry(Busy = 1, clone(name))]
        async fn told(&mut self, mut name: String, (left, right): (u8, u8)) -> Result<usize, Failure> {
            name.push('!');
            self.log.push(self.calls.third_async().await?);
            Ok(name.len() + usize::from(left + right))
        }

        #[instrument(skip(self))]
        #[retry(Busy = 1)]
        async fn shared(&self, name: &str) -> Result<usize, Failure> {
            self.calls.third_async().await?;
            Ok(name.len())
        }

        #[instrument]
        #[retry(Busy = 1)]
        async fn free() -> Result<u32, Failure> {
            let owned = String::from("owned");
            let moved = async move { owned.len() };
            assert_eq!(moved.await, 5);
            Ok(3)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn each_attempt_has_its_arguments() {
        let mut client = Client { calls: Calls::new(), log: Vec::new() };
        assert_eq!((client.plain("abc".to_owned()).await, client.calls.take()), (Ok(3), 3));
        assert_eq!((client.told("abc".to_owned(), (1, 2)).await, client.calls.take()), (Ok(7), 3));
        assert_eq!((client.shared("ab").await, client.calls.take()), (Ok(2), 3));
        assert_eq!((Client::free().await, client.log), (Ok(3), vec![3, 3]));
    }
}
