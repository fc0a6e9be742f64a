//! A crate in which the usual names, those of the standard library itself among them, are something else, and in which
//! every value has methods that are called like those of others.
#![deny(warnings)]
#![allow(dead_code, non_camel_case_types, non_snake_case, non_upper_case_globals, unused_macros)]

extern crate self as alloc;
extern crate self as core;
extern crate self as std;

macro_rules! shadowed {
    ($any:tt: $($name:ident)*) => {$(
        macro_rules! $name {
            ($any($any any:tt)*) => { compile_error!("not this one") };
        }
    )*};
}
shadowed!($: matches format panic vec unreachable module_path file line pin assert write concat stringify todo);

use again::testing::record;
use again::{RetryClassify as Derived, crash_context, retry, retry_policy, retry_with};
use facade::standard;
use standard::cell::Cell;
use standard::option::Option as Maybe;
use standard::result::Result as Outcome;

mod retry_core {}
mod tokio {}
mod option {}
mod result {}
struct Box;
struct Call;
struct Duration;
struct Event;
struct Frame;
struct Instant;
struct Policy;
struct String;
struct Vec;
enum Asked {}
enum Option {}
enum Poll {}
enum Result {}
trait Clone {}
trait Debug {}
trait Fn {}
trait FnOnce {}
trait From {}
trait Future {}
trait Into {}
trait IntoDelay {}
trait RetryClassify {}
trait Send {}
type Infallible = Box;
const None: () = ();
fn Err() {}
fn Ok() {}
fn Some() {}
fn drop() {}

/// What a method that is called by its name alone would find.
trait Everything {
    fn classify(&self) -> Box {
        Box
    }
    fn clone(&self) -> Box {
        Box
    }
    fn into(&self) -> Box {
        Box
    }
    fn map(&self) -> Box {
        Box
    }
    fn told(&self) -> Box {
        Box
    }
    fn delay(&self) -> Box {
        Box
    }
    fn as_ref(&self) -> Box {
        Box
    }
    fn max(&self) -> Box {
        Box
    }
}
impl<T: ?Sized> Everything for T {}

#[derive(Derived)]
#[retry(crate = ::again)]
enum Failure {
    #[retry(after = field(0, or = 2, max = 10m))]
    Busy(Maybe<u64>),
    #[retry(when = true, transient)]
    Soft,
    #[retry(forward)]
    Inner {
        source: Inner,
    },
    Ok,
    None,
}

#[derive(Derived)]
#[retry(transient, crate = ::again)]
struct Inner;

fn third(calls: &Cell<u32>) -> Outcome<u32, Failure> {
    calls.set(calls.get() + 1);
    match calls.get() {
        1 => Outcome::Err(Failure::Busy(Maybe::Some(1))),
        2 => Outcome::Err(Failure::Soft),
        n => Outcome::Ok(n),
    }
}

#[retry(crate = ::again)]
fn by_itself(calls: &Cell<u32>) -> standard::result::Result<u32, Failure> {
    third(calls)
}

#[retry(
    Failure::Busy = field(0, or = 1s, max = 2m),
    Failure::Soft = 1,
    Failure::None | Failure::Ok = never,
    backoff = linear(step = 1s, max = 3, jitter = none),
    deadline = 1h,
    until = |n| *n == 3,
    attempt = n,
    on_retry = |event| standard::assert!(event.attempt() < 3),
    on_success = |_| (),
    clone(text),
    crate = ::again,
)]
#[crash_context(&text, .., crate = ::again)]
fn by_everything(calls: &Cell<u32>, text: standard::string::String) -> Outcome<u32, Failure> {
    let mut length = text.len();
    length += 1;
    if let Maybe::Some(last) = n.last_error() {
        let _ = last;
    }
    standard::assert_eq!(length, 5);
    third(calls)
}

#[retry(
    Failure::Busy = 1,
    Failure::Soft = 1,
    timeout = 1s => Failure::Soft,
    attempt = n,
    sleep = ::tokio::time::sleep,
    on_give_up = async |_| (),
    crate = ::again,
)]
#[crash_context(crate = ::again)]
async fn asynchronous(calls: &Cell<u32>) -> Outcome<u32, Failure> {
    let numbers = (third(calls)?, n.number());
    Outcome::Ok(numbers.1)
}

#[retry(Busy = 1, Soft = 1, error = Failure, crate = ::again)]
fn boxed<'c>(
    calls: &'c Cell<u32>,
) -> standard::pin::Pin<standard::boxed::Box<dyn standard::future::Future<Output = Outcome<u32, Failure>> + 'c>>
{
    let future = async move { third(calls) };
    standard::boxed::Box::pin(future)
}

#[retry(until = |n| *n == 3, attempt = n, crate = ::again)]
fn option(calls: &Cell<u32>) -> standard::option::Option<u32> {
    calls.set(calls.get() + 1);
    Maybe::Some(n.number())
}

#[crash_context(number, debug, .., crate = ::again)]
fn kept(number: u32, text: &str) -> usize {
    let length = text.len();
    let mut sum = 0;
    for each in [length, 1] {
        sum += each;
    }
    match sum {
        3 => sum + usize::try_from(number).unwrap_or(0),
        other => other,
    }
}

#[test]
fn every_macro() {
    let runtime = ::tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.expect("a runtime");
    let (_waits, calls) = (record(), Cell::new(0));
    let done = |result: Outcome<u32, Failure>| (result.ok(), calls.take());
    let expected = (Maybe::Some(3), 3);
    standard::assert_eq!(done(by_itself(&calls)), expected);
    standard::assert_eq!(done(by_everything(&calls, standard::convert::From::from("text"))), expected);
    standard::assert_eq!(done(runtime.block_on(asynchronous(&calls))), expected);
    standard::assert_eq!(done(runtime.block_on(boxed(&calls))), expected);
    standard::assert_eq!((option(&calls), calls.take()), expected);
    let policy = retry_policy!(Failure: Busy = field(0, or = 1), Soft = 1, crate = ::again);
    standard::assert_eq!(done(policy.run_blocking(|_| third(&calls))), expected);
    standard::assert_eq!(done(retry_with!(crate = ::again, policy, |_| third(&calls))), expected);
    let block = async { retry_with!(crate = ::again, policy, async |_| third(&calls)) };
    standard::assert_eq!(done(runtime.block_on(block)), expected);
    standard::assert_eq!(kept(4, "ab"), 7);
}

#[test]
fn the_derive() {
    let of = |failure: &Failure| again::RetryClassify::classify(failure);
    standard::assert_eq!(of(&Failure::Inner { source: Inner }), again::Classification::Transient);
    standard::assert_eq!(of(&Failure::Ok), again::Classification::Permanent);
    standard::assert_eq!(of(&Failure::None), again::Classification::Permanent);
}
