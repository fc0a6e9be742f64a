//! Arguments of every kind.

use retry_core::retry;
use retry_core::testing::record;

use crate::common::{Calls, Failure};

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
