//! Every kind of function that such an attribute is known to break on, and every other one that the contract
//! names: three calls where the first two fail.

use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use retry_core::retry;
use retry_core::testing::record;

use crate::common::{Calls, Failure};

/// What methods are called on.
#[derive(Debug, Default)]
struct Client {
    calls: Calls,
    log: Vec<u32>,
    name: String,
}

impl Client {
    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }
}

// Arguments.

#[test]
fn owned_argument_consumed() {
    #[retry(Busy = 1, clone(text))]
    fn take(calls: &Calls, text: String) -> Result<String, Failure> {
        let taken = text;
        calls.third()?;
        Ok(taken)
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!(take(&calls, "x".to_owned()), Ok("x".to_owned()));
    assert_eq!(calls.take(), 3);
}

#[tokio::test(start_paused = true)]
async fn owned_argument_consumed_async() {
    #[retry(Busy = 1, clone(text))]
    async fn take(calls: &Calls, text: String) -> Result<String, Failure> {
        let taken = text;
        calls.third_async().await?;
        Ok(taken)
    }
    let calls = Calls::new();
    assert_eq!(take(&calls, "x".to_owned()).await, Ok("x".to_owned()));
    assert_eq!(calls.take(), 3);
}

#[test]
fn owned_argument_only_borrowed() {
    #[retry(Busy = 1)]
    fn measure(calls: &Calls, text: String) -> Result<usize, Failure> {
        calls.third()?;
        Ok(text.len())
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!(measure(&calls, "abc".to_owned()), Ok(3));
    assert_eq!(calls.take(), 3);
}

#[tokio::test(start_paused = true)]
async fn owned_argument_only_borrowed_async() {
    #[retry(Busy = 1)]
    async fn measure(calls: &Calls, text: String) -> Result<usize, Failure> {
        calls.third_async().await?;
        Ok(text.len())
    }
    let calls = Calls::new();
    assert_eq!(measure(&calls, "abc".to_owned()).await, Ok(3));
    assert_eq!(calls.take(), 3);
}

#[test]
fn str_argument() {
    #[retry(Busy = 1)]
    fn trimmed<'t>(calls: &Calls, text: &'t str) -> Result<&'t str, Failure> {
        calls.third()?;
        Ok(text.trim())
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!(trimmed(&calls, " x "), Ok("x"));
    assert_eq!(calls.take(), 3);
}

#[tokio::test(start_paused = true)]
async fn str_argument_async() {
    #[retry(Busy = 1)]
    async fn trimmed<'t>(calls: &Calls, text: &'t str) -> Result<&'t str, Failure> {
        calls.third_async().await?;
        Ok(text.trim())
    }
    let calls = Calls::new();
    assert_eq!(trimmed(&calls, " x ").await, Ok("x"));
    assert_eq!(calls.take(), 3);
}

#[test]
fn mut_reference_argument() {
    #[retry(Busy = 1)]
    fn push(calls: &Calls, seen: &mut Vec<u32>) -> Result<usize, Failure> {
        seen.push(calls.next());
        if seen.len() < 3 { Err(Failure::Busy) } else { Ok(seen.len()) }
    }
    let (_waits, calls, mut seen) = (record(), Calls::new(), Vec::new());
    assert_eq!(push(&calls, &mut seen), Ok(3));
    assert_eq!(seen, [1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn mut_reference_argument_async() {
    #[retry(Busy = 1)]
    async fn push(calls: &Calls, seen: &mut Vec<u32>) -> Result<usize, Failure> {
        seen.push(calls.next());
        tokio::task::yield_now().await;
        if seen.len() < 3 { Err(Failure::Busy) } else { Ok(seen.len()) }
    }
    let (calls, mut seen) = (Calls::new(), Vec::new());
    assert_eq!(push(&calls, &mut seen).await, Ok(3));
    assert_eq!(seen, [1, 2, 3]);
}

#[test]
fn pattern_arguments() {
    struct Point {
        x: u32,
        y: u32,
    }
    #[retry(Busy = 1)]
    fn sum(
        calls: &Calls,
        (a, mut b): (u32, u32),
        Point { x, y: renamed }: Point,
        [first, .., last]: [u32; 3],
        &inner: &u32,
        _: u32,
        _unused: u32,
    ) -> Result<u32, Failure> {
        b += 1;
        calls.third()?;
        Ok(a + b + x + renamed + first + last + inner)
    }
    let (_waits, calls) = (record(), Calls::new());
    // `b` is bound once for the call, so that each of the three attempts adds to it.
    assert_eq!(sum(&calls, (1, 10), Point { x: 100, y: 1000 }, [10_000, 7, 100_000], &1_000_000, 0, 0), {
        Ok(1_111_114)
    });
    assert_eq!(calls.take(), 3);
}

#[tokio::test(start_paused = true)]
async fn pattern_arguments_async() {
    #[retry(Busy = 1, clone(text))]
    async fn pair(calls: &Calls, (a, text): (u32, String), [b]: [u32; 1]) -> Result<(u32, String), Failure> {
        let taken = text;
        calls.third_async().await?;
        Ok((a + b, taken))
    }
    let calls = Calls::new();
    assert_eq!(pair(&calls, (1, "x".to_owned()), [2]).await, Ok((3, "x".to_owned())));
    assert_eq!(calls.take(), 3);
}

#[test]
fn mut_argument() {
    // Documented: what an attempt does to a `mut` argument stays for the next, unless the argument is cloned.
    #[retry(Busy = 1)]
    fn kept(calls: &Calls, mut n: u32) -> Result<u32, Failure> {
        n += 1;
        calls.third()?;
        Ok(n)
    }
    #[retry(Busy = 1, clone(n))]
    fn fresh(calls: &Calls, mut n: u32) -> Result<u32, Failure> {
        n += 1;
        calls.third()?;
        Ok(n)
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((kept(&calls, 0), calls.take()), (Ok(3), 3));
    assert_eq!((fresh(&calls, 0), calls.take()), (Ok(1), 3));
}

#[tokio::test(start_paused = true)]
async fn mut_argument_async() {
    #[retry(Busy = 1)]
    async fn kept(calls: &Calls, mut n: u32) -> Result<u32, Failure> {
        n += 1;
        calls.third_async().await?;
        Ok(n)
    }
    #[retry(Busy = 1, clone(seen))]
    async fn fresh(calls: &Calls, mut seen: Vec<u32>) -> Result<Vec<u32>, Failure> {
        seen.push(1);
        calls.third_async().await?;
        Ok(seen)
    }
    let calls = Calls::new();
    assert_eq!((kept(&calls, 0).await, calls.take()), (Ok(3), 3));
    assert_eq!((fresh(&calls, vec![]).await, calls.take()), (Ok(vec![1]), 3));
}

#[test]
fn impl_trait_argument() {
    #[retry(Busy = 1)]
    fn apply(calls: &Calls, f: impl Fn(u32) -> u32, name: impl AsRef<str>) -> Result<String, Failure> {
        let n = calls.third()?;
        Ok(format!("{}{}", name.as_ref(), f(n)))
    }
    #[retry(Busy = 1, clone(text))]
    fn consumed(calls: &Calls, text: impl Into<String> + Clone) -> Result<String, Failure> {
        let text = text.into();
        calls.third()?;
        Ok(text)
    }
    #[retry(Busy = 1)]
    fn mutated(calls: &Calls, mut f: impl FnMut()) -> Result<u32, Failure> {
        f();
        calls.third()
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((apply(&calls, |n| n * 2, "x"), calls.take()), (Ok("x6".to_owned()), 3));
    assert_eq!((consumed(&calls, "x"), calls.take()), (Ok("x".to_owned()), 3));
    let mut ran = 0;
    assert_eq!(mutated(&calls, || ran += 1), Ok(3));
    assert_eq!(ran, 3);
}

#[tokio::test(start_paused = true)]
async fn impl_trait_argument_async() {
    #[retry(Busy = 1)]
    async fn apply(
        calls: &Calls,
        f: impl AsyncFn(u32) -> u32,
        name: impl AsRef<str>,
    ) -> Result<String, Failure> {
        let n = calls.third_async().await?;
        Ok(format!("{}{}", name.as_ref(), f(n).await))
    }
    let calls = Calls::new();
    assert_eq!(apply(&calls, async |n| n * 2, "x").await, Ok("x6".to_owned()));
    assert_eq!(calls.take(), 3);
}

#[test]
fn dyn_arguments() {
    #[retry(Busy = 1)]
    fn each(calls: &Calls, f: &dyn Fn() -> u32, boxed: Box<dyn Fn() -> u32>) -> Result<u32, Failure> {
        calls.third()?;
        Ok(f() + boxed())
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((each(&calls, &|| 1, Box::new(|| 2)), calls.take()), (Ok(3), 3));
}

// Receivers.

impl Client {
    #[retry(Busy = 1)]
    fn by_ref(&self, suffix: &str) -> Result<String, Failure> {
        self.calls.third()?;
        Ok(format!("{}{suffix}", self.name))
    }

    #[retry(Busy = 1)]
    async fn by_ref_async(&self, suffix: &str) -> Result<String, Failure> {
        self.calls.third_async().await?;
        Ok(format!("{}{suffix}", self.name))
    }

    #[retry(Busy = 1)]
    fn by_mut(&mut self) -> Result<usize, Failure> {
        self.log.push(self.calls.next());
        if self.log.len() < 3 { Err(Failure::Busy) } else { Ok(self.log.len()) }
    }

    #[retry(Busy = 1)]
    async fn by_mut_async(&mut self) -> Result<usize, Failure> {
        self.log.push(self.calls.next());
        tokio::task::yield_now().await;
        if self.log.len() < 3 { Err(Failure::Busy) } else { Ok(self.log.len()) }
    }

    #[retry(Busy = 1)]
    fn by_value(self) -> Result<String, Failure> {
        self.calls.third()?;
        Ok(self.name.clone())
    }

    #[retry(Busy = 1)]
    async fn by_value_async(self) -> Result<String, Failure> {
        self.calls.third_async().await?;
        Ok(self.name.clone())
    }

    #[retry(Busy = 1)]
    fn by_mut_value(mut self) -> Result<Vec<u32>, Failure> {
        self.log.push(self.calls.next());
        if self.log.len() < 3 { Err(Failure::Busy) } else { Ok(std::mem::take(&mut self.log)) }
    }

    #[retry(Busy = 1)]
    fn by_arc(self: Arc<Self>) -> Result<String, Failure> {
        let this = Arc::clone(&self);
        this.calls.third()?;
        Ok(self.name.clone())
    }

    #[retry(Busy = 1)]
    async fn by_arc_async(self: Arc<Self>) -> Result<String, Failure> {
        let this = Arc::clone(&self);
        tokio::spawn(async move { this.calls.third_async().await }).await.expect("no panic")?;
        Ok(self.name.clone())
    }

    #[retry(Busy = 1)]
    fn by_arc_ref(self: &Arc<Self>) -> Result<Arc<Self>, Failure> {
        self.calls.third()?;
        Ok(Arc::clone(self))
    }

    #[retry(Busy = 1)]
    fn by_rc(self: Rc<Self>) -> Result<u32, Failure> {
        self.calls.third()
    }

    #[retry(Busy = 1)]
    async fn by_rc_async(self: Rc<Self>) -> Result<u32, Failure> {
        self.calls.third_async().await
    }

    #[retry(Busy = 1)]
    fn by_box(mut self: Box<Self>) -> Result<usize, Failure> {
        self.log.push(self.calls.next());
        if self.log.len() < 3 { Err(Failure::Busy) } else { Ok(self.log.len()) }
    }

    #[retry(Busy = 1)]
    async fn by_box_async(self: Box<Self>) -> Result<u32, Failure> {
        self.calls.third_async().await
    }

    #[retry(Busy = 1)]
    fn by_pin(mut self: Pin<&mut Self>) -> Result<usize, Failure> {
        let next = self.calls.next();
        self.as_mut().log.push(next);
        if self.log.len() < 3 { Err(Failure::Busy) } else { Ok(self.log.len()) }
    }

    #[retry(Busy = 1)]
    async fn by_pin_async(mut self: Pin<&mut Self>) -> Result<usize, Failure> {
        let next = self.calls.next();
        self.as_mut().get_mut().log.push(next);
        tokio::task::yield_now().await;
        if self.log.len() < 3 { Err(Failure::Busy) } else { Ok(self.log.len()) }
    }

    #[retry(Busy = 1)]
    fn associated(calls: &Calls) -> Result<Self, Failure> {
        calls.third()?;
        Ok(Self::default())
    }
}

#[test]
fn receiver_ref() {
    let (_waits, client) = (record(), Client::named("x"));
    assert_eq!(client.by_ref("!"), Ok("x!".to_owned()));
    assert_eq!(client.calls.take(), 3);
}

#[tokio::test(start_paused = true)]
async fn receiver_ref_async() {
    let client = Client::named("x");
    assert_eq!(client.by_ref_async("!").await, Ok("x!".to_owned()));
    assert_eq!(client.calls.take(), 3);
}

#[test]
fn receiver_mut() {
    let (_waits, mut client) = (record(), Client::default());
    assert_eq!(client.by_mut(), Ok(3));
    assert_eq!(client.log, [1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn receiver_mut_async() {
    let mut client = Client::default();
    assert_eq!(client.by_mut_async().await, Ok(3));
    assert_eq!(client.log, [1, 2, 3]);
}

#[test]
fn receiver_value() {
    let _waits = record();
    // Anything but the third call is an error.
    assert_eq!(Client::named("x").by_value(), Ok("x".to_owned()));
    assert_eq!(Client::default().by_mut_value(), Ok(vec![1, 2, 3]));
}

#[tokio::test(start_paused = true)]
async fn receiver_value_async() {
    assert_eq!(Client::named("x").by_value_async().await, Ok("x".to_owned()));
}

#[test]
fn receiver_arc() {
    let (_waits, client) = (record(), Arc::new(Client::named("x")));
    assert_eq!((Arc::clone(&client).by_arc(), client.calls.take()), (Ok("x".to_owned()), 3));
    assert_eq!(client.by_arc_ref().map(|this| Arc::ptr_eq(&this, &client)), Ok(true));
    assert_eq!(client.calls.take(), 3);
}

#[tokio::test(start_paused = true)]
async fn receiver_arc_async() {
    let client = Arc::new(Client::named("x"));
    assert_eq!(Arc::clone(&client).by_arc_async().await, Ok("x".to_owned()));
    assert_eq!(client.calls.take(), 3);
}

#[test]
fn receiver_rc() {
    let (_waits, client) = (record(), Rc::new(Client::default()));
    assert_eq!((Rc::clone(&client).by_rc(), client.calls.take()), (Ok(3), 3));
    assert_eq!(Rc::strong_count(&client), 1);
}

#[tokio::test(start_paused = true)]
async fn receiver_rc_async() {
    let client = Rc::new(Client::default());
    assert_eq!((Rc::clone(&client).by_rc_async().await, client.calls.take()), (Ok(3), 3));
    assert_eq!(Rc::strong_count(&client), 1);
}

#[test]
fn receiver_box() {
    let _waits = record();
    assert_eq!(Box::new(Client::default()).by_box(), Ok(3));
}

#[tokio::test(start_paused = true)]
async fn receiver_box_async() {
    assert_eq!(Box::new(Client::default()).by_box_async().await, Ok(3));
}

#[test]
fn receiver_pin() {
    let (_waits, mut client) = (record(), Client::default());
    assert_eq!(Pin::new(&mut client).by_pin(), Ok(3));
    assert_eq!(client.log, [1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn receiver_pin_async() {
    let mut client = Client::default();
    assert_eq!(Pin::new(&mut client).by_pin_async().await, Ok(3));
    assert_eq!(client.log, [1, 2, 3]);
}

#[test]
fn associated_function() {
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!(Client::associated(&calls).map(|client| client.name), Ok(String::new()));
    assert_eq!(calls.take(), 3);
}

// Generics.

#[test]
fn generics_and_where() {
    #[retry(Busy = 1, clone(value))]
    fn convert<'c, T, U: From<T>, const N: usize>(calls: &'c Calls, value: [T; N]) -> Result<Vec<U>, Failure>
    where
        T: Clone,
        [T; N]: Clone,
        'c: 'c,
    {
        let converted = value.into_iter().map(U::from).collect();
        calls.third()?;
        Ok(converted)
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!(convert::<u8, u32, 2>(&calls, [1, 2]), Ok(vec![1, 2]));
    assert_eq!(calls.take(), 3);
}

#[tokio::test(start_paused = true)]
async fn generics_and_where_async() {
    #[retry(Busy = 1)]
    async fn convert<T, U: From<T>, const N: usize>(calls: &Calls, value: [T; N]) -> Result<[U; N], Failure>
    where
        T: Copy,
    {
        calls.third_async().await?;
        Ok(value.map(U::from))
    }
    let calls = Calls::new();
    assert_eq!(convert::<u8, u32, 2>(&calls, [1, 2]).await, Ok([1, 2]));
    assert_eq!(calls.take(), 3);
}

#[test]
fn generic_error() {
    #[derive(Debug, PartialEq)]
    enum Either<A, B> {
        Left(A),
        Right(B),
    }
    // The variants are named without the enum's arguments.
    #[retry(Left = 1)]
    fn fail<A: Clone, B>(calls: &Calls, left: &A, right: fn() -> B) -> Result<(), Either<A, B>> {
        Err(calls.third().map_or_else(|_| Either::Left(left.clone()), |_| Either::Right(right())))
    }
    // An error type that is a parameter has no variants, but predicates.
    #[retry(when(|error: &E| *error == E::default()) = 1)]
    fn parameter<E: PartialEq + Default>(calls: &Calls, last: fn() -> E) -> Result<(), E> {
        Err(calls.third().map_or_else(|_| E::default(), |_| last()))
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((fail(&calls, &1_u8, || "end"), calls.take()), (Err(Either::Right("end")), 3));
    assert_eq!((parameter(&calls, || 7_u8), calls.take()), (Err(7), 3));
}

#[test]
fn generic_impl() {
    struct Holder<'a, T: ?Sized, const N: usize> {
        calls: &'a Calls,
        value: &'a T,
    }
    impl<'a, T: ?Sized + ToString, const N: usize> Holder<'a, T, N> {
        const SIZE: usize = N;

        #[retry(Busy = 1)]
        fn get(&self) -> Result<(&'a T, usize), Failure> {
            self.calls.third()?;
            Ok((self.value, Self::SIZE))
        }
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!(Holder::<str, 4> { calls: &calls, value: "x" }.get(), Ok(("x", 4)));
    assert_eq!(calls.take(), 3);
}

// Bodies.

#[test]
fn question_mark() {
    #[retry(Busy = 1, Parse = never)]
    fn parse(calls: &Calls, text: &str) -> Result<u32, Failure> {
        calls.third()?;
        Ok(text.parse::<u32>()?)
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((parse(&calls, "7"), calls.take()), (Ok(7), 3));
    assert!(matches!((parse(&calls, "x"), calls.take()), (Err(Failure::Parse(_)), 3)));
}

#[tokio::test(start_paused = true)]
async fn question_mark_async() {
    #[retry(Busy = 1)]
    async fn parse(calls: &Calls, text: &str) -> Result<u32, Failure> {
        calls.third_async().await?;
        Ok(text.parse::<u32>()?)
    }
    let calls = Calls::new();
    assert_eq!((parse(&calls, "7").await, calls.take()), (Ok(7), 3));
    assert!(matches!((parse(&calls, "x").await, calls.take()), (Err(Failure::Parse(_)), 3)));
}

#[test]
fn early_return() {
    #[retry(Busy = 1)]
    fn early(calls: &Calls) -> Result<u32, Failure> {
        loop {
            match calls.next() {
                1 => return Err(Failure::Busy),
                2 => {
                    for _ in 0..9 {
                        return Err(Failure::Busy);
                    }
                }
                n => return Ok(n),
            }
        }
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((early(&calls), calls.take()), (Ok(3), 3));
}

#[tokio::test(start_paused = true)]
async fn early_return_async() {
    #[retry(Busy = 1)]
    async fn early(calls: &Calls) -> Result<u32, Failure> {
        if calls.next() < 3 {
            tokio::task::yield_now().await;
            return Err(Failure::Busy);
        }
        return Ok(3);
    }
    let calls = Calls::new();
    assert_eq!((early(&calls).await, calls.take()), (Ok(3), 3));
}

#[test]
fn question_mark_in_a_closure() {
    #[retry(Busy = 1)]
    fn inner(calls: &Calls) -> Result<u32, Failure> {
        // The closure's `?` leaves the closure; its result decides nothing here.
        let failed = (|| -> Result<u32, Failure> { Err(Failure::Refused)? })();
        assert_eq!(failed, Err(Failure::Refused));
        (|| Ok(calls.third()?))()
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((inner(&calls), calls.take()), (Ok(3), 3));
}

#[tokio::test(start_paused = true)]
async fn question_mark_in_an_async_block() {
    #[retry(Busy = 1)]
    async fn inner(calls: &Calls) -> Result<u32, Failure> {
        let failed = async {
            Err::<u32, _>(Failure::Refused)?;
            Ok::<u32, Failure>(1)
        }
        .await;
        assert_eq!(failed, Err(Failure::Refused));
        async { Ok(calls.third_async().await?) }.await
    }
    let calls = Calls::new();
    assert_eq!((inner(&calls).await, calls.take()), (Ok(3), 3));
}

#[test]
fn question_mark_in_format() {
    #[retry(Busy = 1)]
    fn text(calls: &Calls) -> Result<String, Failure> {
        Ok(format!("{}{}", calls.third()?, vec![calls.next()].len()))
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((text(&calls), calls.take()), (Ok("31".to_owned()), 4));
}

#[tokio::test(start_paused = true)]
async fn question_mark_in_select() {
    #[retry(Busy = 1)]
    async fn tokio_select(calls: &Calls) -> Result<u32, Failure> {
        tokio::select! {
            n = calls.third_async() => Ok(n?),
            () = std::future::pending() => Err(Failure::Refused),
        }
    }
    #[retry(Busy = 1)]
    async fn futures_select(calls: &Calls) -> Result<u32, Failure> {
        use futures::FutureExt as _;
        futures::select! {
            n = Box::pin(calls.third_async().fuse()) => Ok(n?),
            _ = futures::future::pending::<()>() => return Err(Failure::Refused),
        }
    }
    #[retry(Busy = 1)]
    async fn futures_try_join(calls: &Calls) -> Result<u32, Failure> {
        let (n, ()) = futures::try_join!(calls.third_async(), async { Ok(()) })?;
        Ok(n)
    }
    let calls = Calls::new();
    assert_eq!((tokio_select(&calls).await, calls.take()), (Ok(3), 3));
    assert_eq!((futures_select(&calls).await, calls.take()), (Ok(3), 3));
    assert_eq!((futures_try_join(&calls).await, calls.take()), (Ok(3), 3));
}

#[test]
fn labelled_blocks_and_loops() {
    #[retry(Busy = 1)]
    fn looped(calls: &Calls) -> Result<u32, Failure> {
        let n = 'outer: {
            for n in 0.. {
                if n == 2 {
                    break 'outer n;
                }
            }
            0
        };
        Ok(calls.third()? + n)
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((looped(&calls), calls.take()), (Ok(5), 3));
}

#[test]
fn recursion_retries_too() {
    // Every level fails once: a self-call that went round the retries would end with the first failure.
    #[retry(Busy = 1, attempts = 2)]
    fn down(calls: &Calls, failed: &mut Vec<u32>, level: u32) -> Result<u32, Failure> {
        calls.next();
        if !failed.contains(&level) {
            failed.push(level);
            return Err(Failure::Busy);
        }
        if level == 0 { Ok(0) } else { Ok(down(calls, failed, level - 1)? + 1) }
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((down(&calls, &mut Vec::new(), 4), calls.take()), (Ok(4), 10));
}

#[tokio::test(start_paused = true)]
async fn recursion_retries_too_async() {
    #[retry(Busy = 1, attempts = 2)]
    async fn down(calls: Arc<Calls>, failed: &mut Vec<u32>, level: u32) -> Result<u32, Failure> {
        calls.next();
        if !failed.contains(&level) {
            failed.push(level);
            return Err(Failure::Busy);
        }
        if level == 0 { Ok(0) } else { Ok(Box::pin(down(calls.clone(), failed, level - 1)).await? + 1) }
    }
    let calls = Arc::new(Calls::new());
    assert_eq!((down(calls.clone(), &mut Vec::new(), 4).await, calls.take()), (Ok(4), 10));
}

#[test]
fn nested_functions() {
    #[retry(Busy = 1, attempts = 3)]
    fn outer(calls: &Calls, inner_calls: &Calls) -> Result<u32, Failure> {
        #[retry(Refused = 1, attempts = 2)]
        fn inner(calls: &Calls) -> Result<u32, Failure> {
            if calls.next() % 2 == 1 { Err(Failure::Refused) } else { Ok(1) }
        }
        let one = inner(inner_calls)?;
        Ok(calls.third()? + one)
    }
    let (_waits, calls, inner_calls) = (record(), Calls::new(), Calls::new());
    assert_eq!((outer(&calls, &inner_calls), calls.take(), inner_calls.take()), (Ok(4), 3, 6));
}

#[test]
fn items_and_statements_in_the_body() {
    #[retry(Busy = 1)]
    fn items(calls: &Calls) -> Result<u32, Failure> {
        use std::collections::HashMap;
        const TWO: u32 = 2;
        static ONE: u32 = 1;
        struct Local(u32);
        impl Local {
            fn get(&self) -> u32 {
                self.0
            }
        }
        let map: HashMap<u32, Local> = HashMap::from([(1, Local(TWO + ONE))]);
        let Some(local) = map.get(&1) else { return Err(Failure::Refused) };
        calls.third()?;
        Ok(local.get())
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((items(&calls), calls.take()), (Ok(3), 3));
}

// Qualifiers.

#[test]
fn plain_sync_function() {
    #[retry(Busy = 1)]
    fn plain(calls: &Calls) -> Result<u32, Failure> {
        calls.third()
    }
    let (waits, calls) = (record(), Calls::new());
    assert_eq!((plain(&calls), calls.take()), (Ok(3), 3));
    assert_eq!(waits.delays().len(), 2);
}

#[test]
fn unsafe_function() {
    /// # Safety
    /// `n` points to a number.
    #[retry(Busy = 1)]
    unsafe fn deref(calls: &Calls, n: *const u32) -> Result<u32, Failure> {
        calls.third()?;
        // SAFETY: the caller's word.
        Ok(unsafe { *n })
    }
    let (_waits, calls) = (record(), Calls::new());
    let pointer: unsafe fn(&Calls, *const u32) -> Result<u32, Failure> = deref;
    // SAFETY: it points to a number.
    assert_eq!((unsafe { pointer(&calls, &7) }, calls.take()), (Ok(7), 3));
}

#[tokio::test(start_paused = true)]
async fn async_unsafe_function() {
    /// # Safety
    /// `n` points to a number.
    #[retry(Busy = 1)]
    async unsafe fn deref(calls: &Calls, n: *const u32) -> Result<u32, Failure> {
        calls.third_async().await?;
        // SAFETY: the caller's word.
        Ok(unsafe { *n })
    }
    let calls = Calls::new();
    // SAFETY: it points to a number.
    assert_eq!((unsafe { deref(&calls, &7) }.await, calls.take()), (Ok(7), 3));
}

#[test]
fn extern_functions() {
    #[retry(Busy = 1)]
    #[allow(improper_ctypes_definitions)]
    extern "C" fn c(calls: &Calls) -> Result<u32, Failure> {
        calls.third()
    }
    /// # Safety
    /// None is needed.
    #[retry(Busy = 1)]
    #[allow(improper_ctypes_definitions)]
    unsafe extern "system" fn system(calls: &Calls) -> Result<u32, Failure> {
        calls.third()
    }
    let (_waits, calls) = (record(), Calls::new());
    let pointer: extern "C" fn(&Calls) -> Result<u32, Failure> = c;
    assert_eq!((pointer(&calls), calls.take()), (Ok(3), 3));
    // SAFETY: none is needed.
    assert_eq!((unsafe { system(&calls) }, calls.take()), (Ok(3), 3));
}

mod visibility {
    use super::{Calls, Failure, retry};

    pub(super) mod deeper {
        use super::{Calls, Failure, retry};

        #[retry(Busy = 1)]
        pub(crate) fn in_crate(calls: &Calls) -> Result<u32, Failure> {
            calls.third()
        }

        #[retry(Busy = 1)]
        pub(in crate::kinds) async fn in_path(calls: &Calls) -> Result<u32, Failure> {
            calls.third_async().await
        }

        #[retry(Busy = 1)]
        pub fn public(calls: &Calls) -> Result<u32, Failure> {
            calls.third()
        }

        #[retry(Busy = 1)]
        pub(super) fn in_parent(calls: &Calls) -> Result<u32, Failure> {
            calls.third()
        }
    }

    pub(super) fn in_parent(calls: &Calls) -> Result<u32, Failure> {
        deeper::in_parent(calls)
    }
}

#[tokio::test(start_paused = true)]
async fn visibilities() {
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((visibility::deeper::in_crate(&calls), calls.take()), (Ok(3), 3));
    assert_eq!((visibility::deeper::in_path(&calls).await, calls.take()), (Ok(3), 3));
    assert_eq!((visibility::deeper::public(&calls), calls.take()), (Ok(3), 3));
    assert_eq!((visibility::in_parent(&calls), calls.take()), (Ok(3), 3));
}

#[test]
fn cfg_arguments() {
    #[retry(Busy = 1)]
    fn conditional(
        calls: &Calls,
        #[cfg(test)] here: u32,
        #[cfg(not(test))] not_here: NoSuchType,
        #[allow(unused_variables)] unused: u32,
    ) -> Result<u32, Failure> {
        calls.third()?;
        #[cfg(not(test))]
        return not_here;
        Ok(here)
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((conditional(&calls, 7, 0), calls.take()), (Ok(7), 3));
}

// Functions that return a future.

impl Client {
    #[retry(Busy = 1)]
    fn future(&self) -> impl Future<Output = Result<u32, Failure>> + Send {
        async move { self.calls.third_async().await }
    }

    #[retry(Busy = 1)]
    fn future_of_mut(&mut self) -> impl Future<Output = Result<usize, Failure>> + Send + '_ {
        async move {
            self.log.push(1);
            tokio::task::yield_now().await;
            if self.log.len() < 3 { Err(Failure::Busy) } else { Ok(self.log.len()) }
        }
    }

    #[retry(Busy = 1)]
    fn boxed(&mut self) -> Pin<Box<dyn Future<Output = Result<usize, Failure>> + Send + '_>> {
        Box::pin(async move {
            self.log.push(1);
            if self.log.len() < 3 { Err(Failure::Busy) } else { Ok(self.log.len()) }
        })
    }

    // More than one `async move`: the body is run again for each attempt.
    #[retry(Busy = 1)]
    fn prepared(&self) -> impl Future<Output = Result<u32, Failure>> + Send {
        let plus = 1;
        async move { Ok(self.calls.third_async().await? + plus) }
    }

    #[retry(Busy = 1, timeout = 5s => Failure::Busy)]
    fn prepared_limited(&self) -> impl Future<Output = Result<u32, Failure>> + Send {
        let slow = self.calls.next() < 3;
        async move {
            if slow {
                std::future::pending::<()>().await;
            }
            Ok(7)
        }
    }

    #[retry(Busy = 1)]
    fn prepared_boxed(&self, twice: bool) -> futures::future::BoxFuture<'_, Result<u32, Failure>> {
        if twice {
            return Box::pin(async move { Ok(self.calls.third_async().await? * 2) });
        }
        Box::pin(self.calls.third_async())
    }
}

#[tokio::test(start_paused = true)]
async fn returning_a_future() {
    #[retry(Busy = 1)]
    fn free<'c>(calls: &'c Calls, name: &'c str) -> impl Future<Output = Result<String, Failure>> + use<'c> {
        async move { Ok(format!("{name}{}", calls.third_async().await?)) }
    }
    let calls = Calls::new();
    assert_eq!((free(&calls, "x").await, calls.take()), (Ok("x3".to_owned()), 3));
    let mut client = Client::default();
    assert_eq!((client.future().await, client.calls.take()), (Ok(3), 3));
    assert_eq!((client.prepared().await, client.calls.take()), (Ok(4), 3));
    assert_eq!((client.prepared_limited().await, client.calls.take()), (Ok(7), 3));
    assert_eq!((client.prepared_boxed(true).await, client.calls.take()), (Ok(6), 3));
    assert_eq!((client.prepared_boxed(false).await, client.calls.take()), (Ok(3), 3));
    assert_eq!(client.future_of_mut().await, Ok(3));
    client.log.clear();
    assert_eq!(client.boxed().await, Ok(3));
}

#[tokio::test(start_paused = true)]
async fn returning_a_future_does_nothing_before_it_is_polled() {
    let client = Client::default();
    drop(client.future());
    drop(client.prepared());
    assert_eq!(client.calls.take(), 0);
}

// Traits.

trait Fetch {
    fn calls(&self) -> &Calls;

    fn fetch(&mut self, name: &str) -> Result<String, Failure>;

    #[retry(Busy = 1)]
    fn with_default(&self) -> Result<u32, Failure> {
        self.calls().third()
    }

    #[retry(Busy = 1)]
    fn with_default_sized(self) -> Result<u32, Failure>
    where
        Self: Sized,
    {
        self.calls().third()
    }
}

impl Fetch for Client {
    fn calls(&self) -> &Calls {
        &self.calls
    }

    #[retry(Busy = 1)]
    fn fetch(&mut self, name: &str) -> Result<String, Failure> {
        self.log.push(self.calls.third()?);
        Ok(name.to_owned())
    }
}

#[test]
fn trait_impl_and_default_method() {
    let (_waits, mut client) = (record(), Client::default());
    assert_eq!((client.fetch("x"), client.calls.take()), (Ok("x".to_owned()), 3));
    let dynamic: &mut dyn Fetch = &mut client;
    assert_eq!((dynamic.fetch("x"), dynamic.calls().take()), (Ok("x".to_owned()), 3));
    assert_eq!((dynamic.with_default(), dynamic.calls().take()), (Ok(3), 3));
    assert_eq!(client.with_default_sized(), Ok(3));
}

trait Load<T> {
    type Error;
    async fn load(&self, value: T) -> Result<T, Self::Error>;

    #[retry(when(|_: &Self::Error| true) = 1)]
    async fn load_often(&self, value: T) -> Result<T, Self::Error>
    where
        T: Clone,
    {
        self.load(value.clone()).await
    }
}

impl<T: Clone> Load<T> for Client {
    type Error = Failure;

    #[retry(Failure::Busy = 1)]
    async fn load(&self, value: T) -> Result<T, Self::Error> {
        self.calls.third_async().await?;
        Ok(value.clone())
    }
}

/// Needs more attempts than the inner function has.
struct Stubborn(Calls);

impl Load<u32> for Stubborn {
    type Error = Failure;

    async fn load(&self, value: u32) -> Result<u32, Failure> {
        self.0.third_async().await?;
        Ok(value)
    }
}

#[tokio::test(start_paused = true)]
async fn native_async_trait() {
    let client = Client::default();
    assert_eq!((client.load("x").await, client.calls.take()), (Ok("x"), 3));
    let stubborn = Stubborn(Calls::new());
    assert_eq!((stubborn.load_often(7).await, stubborn.0.take()), (Ok(7), 3));
}

trait FetchSend {
    fn fetch_send(&mut self, name: &str) -> impl Future<Output = Result<String, Failure>> + Send;
}

impl FetchSend for Client {
    #[retry(Busy = 1)]
    async fn fetch_send(&mut self, name: &str) -> Result<String, Failure> {
        self.log.push(self.calls.third_async().await?);
        Ok(name.to_owned())
    }
}

#[tokio::test(start_paused = true)]
async fn native_async_trait_that_is_send() {
    let (client, result) = tokio::spawn(async {
        let mut client = Client::default();
        let result = client.fetch_send("x").await;
        (client, result)
    })
    .await
    .expect("no panic");
    assert_eq!((result, client.calls.take(), client.log), (Ok("x".to_owned()), 3, vec![3]));
}

mod with_async_trait {
    use super::{Arc, Calls, Failure, retry};

    #[derive(Debug, Default)]
    struct Client {
        calls: Calls,
        log: Vec<u32>,
    }

    #[async_trait::async_trait]
    trait Fetch {
        async fn by_mut(&mut self, name: String) -> Result<String, Failure>;
        async fn by_arc(self: Arc<Self>, plus: u32) -> Result<u32, Failure>;
        async fn borrowed<'a>(&'a self, name: &'a str) -> Result<&'a str, Failure>;
        async fn pattern(&self, pair: (u32, u32)) -> Result<u32, Failure>;
        async fn cloned(&self, pair: (String, String)) -> Result<String, Failure>;
        async fn generic<T: Send + Sync + Clone>(&self, value: T) -> Result<T, Failure>;
        async fn associated(calls: &Calls) -> Result<u32, Failure>;

        #[retry(Busy = 1)]
        async fn with_default(&self, calls: &Calls) -> Result<u32, Failure> {
            calls.third_async().await
        }
    }

    #[async_trait::async_trait]
    impl Fetch for Client {
        #[retry(Busy = 1, clone(name))]
        async fn by_mut(&mut self, mut name: String) -> Result<String, Failure> {
            name.push('!');
            self.log.push(1);
            self.calls.third_async().await?;
            Ok(name)
        }

        #[retry(Busy = 1)]
        async fn by_arc(self: Arc<Self>, plus: u32) -> Result<u32, Failure> {
            Ok(self.calls.third_async().await? + plus)
        }

        #[retry(Busy = 1, attempt = n)]
        async fn borrowed<'a>(&'a self, name: &'a str) -> Result<&'a str, Failure> {
            assert_eq!(self.calls.third_async().await?, n.number());
            Ok(name)
        }

        #[retry(Busy = 1)]
        async fn pattern(&self, (a, mut b): (u32, u32)) -> Result<u32, Failure> {
            b += 1;
            Ok(self.calls.third_async().await? + a + b)
        }

        #[retry(Busy = 1, clone(a, b))]
        async fn cloned(&self, (a, mut b): (String, String)) -> Result<String, Failure> {
            b += &a;
            drop(a);
            self.calls.third_async().await?;
            Ok(b)
        }

        #[retry(Busy = 1)]
        async fn generic<T: Send + Sync + Clone>(&self, value: T) -> Result<T, Failure> {
            self.calls.third_async().await?;
            Ok(value.clone())
        }

        #[retry(Busy = 1)]
        async fn associated(calls: &Calls) -> Result<u32, Failure> {
            calls.third_async().await
        }
    }

    #[tokio::test(start_paused = true)]
    async fn each_kind_of_method() {
        let mut client = Client::default();
        assert_eq!((client.by_mut("x".to_owned()).await, client.calls.take()), (Ok("x!".to_owned()), 3));
        assert_eq!(client.log, [1, 1, 1]);
        assert_eq!((client.borrowed("x").await, client.calls.take()), (Ok("x"), 3));
        assert_eq!((client.pattern((10, 20)).await, client.calls.take()), (Ok(36), 3));
        let pair = ("x".to_owned(), "y".to_owned());
        assert_eq!((client.cloned(pair).await, client.calls.take()), (Ok("yx".to_owned()), 3));
        assert_eq!((client.generic("x").await, client.calls.take()), (Ok("x"), 3));
        let calls = Calls::new();
        assert_eq!((client.with_default(&calls).await, calls.take()), (Ok(3), 3));
        assert_eq!((Client::associated(&calls).await, calls.take()), (Ok(3), 3));
        assert_eq!(Arc::new(client).by_arc(1).await, Ok(4));
    }

    /// The attribute above `#[async_trait]`'s methods of a `?Send` trait.
    #[async_trait::async_trait(?Send)]
    trait Local {
        async fn local(&self) -> Result<std::rc::Rc<u32>, Failure>;
    }

    #[async_trait::async_trait(?Send)]
    impl Local for Client {
        #[retry(Busy = 1)]
        async fn local(&self) -> Result<std::rc::Rc<u32>, Failure> {
            let n = std::rc::Rc::new(self.calls.third_async().await?);
            tokio::task::yield_now().await;
            Ok(n)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn not_send() {
        let client = Client::default();
        assert_eq!((client.local().await.map(|n| *n), client.calls.take()), (Ok(3), 3));
    }
}

// Return types.

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

// Beside other attributes.

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
