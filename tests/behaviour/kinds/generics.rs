//! Generics.

use retry_core::retry;
use retry_core::testing::record;

use crate::common::{Calls, Failure};

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
