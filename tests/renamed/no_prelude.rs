//! Nothing is in scope that is not said to be. Nor is what is imported unused: `#[retry]` takes off the
//! `#[crash_context]` below it.
#![deny(warnings)]
#![no_implicit_prelude]

use ::again::{RetryClassify, crash_context, retry, retry_policy, retry_with};

#[derive(RetryClassify)]
#[retry(crate = ::again)]
enum Failure<T: ::std::fmt::Debug> {
    #[retry(after = field(0, or = 2, max = 10m))]
    Busy(::std::option::Option<u64>),
    #[retry(when = true, transient)]
    Soft,
    #[retry(permanent)]
    Other { of: T },
}

#[derive(RetryClassify)]
#[retry(crate = ::again, after = field(wait))]
struct Wait {
    wait: ::std::time::Duration,
}

type Outcome<T> = ::std::result::Result<T, Failure<u8>>;

fn third(calls: &::std::cell::Cell<u32>) -> Outcome<u32> {
    calls.set(calls.get() + 1);
    match calls.get() {
        1 => ::std::result::Result::Err(Failure::Busy(::std::option::Option::Some(1))),
        2 => ::std::result::Result::Err(Failure::Soft),
        n => ::std::result::Result::Ok(n),
    }
}

#[retry(crate = ::again)]
fn by_itself(calls: &::std::cell::Cell<u32>) -> ::std::result::Result<u32, Failure<u8>> {
    third(calls)
}

#[retry(
    Busy = field(0, or = 1s, max = 2m),
    Soft = 1,
    backoff = linear(step = 1s, max = 3, jitter = none),
    deadline = 1h,
    until = |n| *n == 3,
    attempt = n,
    on_retry = |event| ::std::assert!(event.attempt() < 3),
    on_success = |_| (),
    clone(text),
    error = Failure,
    crate = ::again,
)]
#[crash_context(&text, .., crate = ::again)]
fn by_everything(calls: &::std::cell::Cell<u32>, text: ::std::string::String) -> Outcome<u32> {
    let mut length = text.len();
    length += 1;
    if let ::std::option::Option::Some(last) = n.last_error() {
        let _ = last;
    }
    ::std::assert_eq!(length, 5);
    third(calls)
}

#[retry(Busy = 1, Soft = 1, timeout = 1s => Failure::Soft, attempt = n, on_give_up = async |_| (), crate = ::again)]
#[crash_context(crate = ::again)]
async fn asynchronous(calls: &::std::cell::Cell<u32>) -> ::std::result::Result<u32, Failure<u8>> {
    let numbers = (third(calls)?, n.number());
    ::std::result::Result::Ok(numbers.1)
}

#[retry(Busy = 1, Soft = 1, crate = ::again)]
fn boxed<'c>(
    calls: &'c ::std::cell::Cell<u32>,
) -> ::std::pin::Pin<
    ::std::boxed::Box<dyn ::std::future::Future<Output = ::std::result::Result<u32, Failure<u8>>> + 'c>,
> {
    let future = async move { third(calls) };
    ::std::boxed::Box::pin(future)
}

#[retry(until = |n| *n == 3, crate = ::again)]
fn option(calls: &::std::cell::Cell<u32>) -> ::std::option::Option<u32> {
    calls.set(calls.get() + 1);
    ::std::option::Option::Some(calls.get())
}

#[test]
fn every_macro() {
    let runtime = ::tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let ::std::result::Result::Ok(runtime) = runtime else { ::std::unreachable!() };
    let (_waits, calls) = (::again::testing::record(), ::std::cell::Cell::new(0));
    let done = |result: Outcome<u32>| (result.ok(), calls.take());
    let expected = (::std::option::Option::Some(3), 3);
    ::std::assert_eq!(done(by_itself(&calls)), expected);
    ::std::assert_eq!(done(by_everything(&calls, ::std::convert::From::from("text"))), expected);
    ::std::assert_eq!(done(runtime.block_on(asynchronous(&calls))), expected);
    ::std::assert_eq!(done(runtime.block_on(boxed(&calls))), expected);
    ::std::assert_eq!((option(&calls), calls.take()), expected);
    let policy = retry_policy!(Failure<u8>: Busy = field(0, or = 1), Soft = 1, crate = ::again);
    ::std::assert_eq!(done(policy.run_blocking(|_| third(&calls))), expected);
    ::std::assert_eq!(done(retry_with!(crate = ::again, policy, |_| third(&calls))), expected);
    let block = async { retry_with!(crate = ::again, policy, async |_| third(&calls)) };
    ::std::assert_eq!(done(runtime.block_on(block)), expected);
}

#[test]
fn the_derive() {
    let permanent = RetryClassify::classify(&Failure::Other { of: 1 });
    ::std::assert_eq!(permanent, ::again::Classification::Permanent);
    if let Failure::Other { of } = (Failure::Other { of: 1 }) {
        ::std::assert_eq!(of, 1);
    }
    let wait = ::std::time::Duration::from_secs(3);
    ::std::assert_eq!(RetryClassify::classify(&Wait { wait }), ::again::Classification::After(wait));
}
