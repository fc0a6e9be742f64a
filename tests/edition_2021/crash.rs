//! Annotated functions in the edition of 2021: other rules for temporaries, for `never` and for what is captured.
#![deny(warnings)]

use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::sync::{Mutex, Once};
use std::task::{Context, Poll, Waker};

use retry_core::crash::{self, Report, Shown};
use retry_core::crash_context;

thread_local!(static LOG: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) });

#[derive(Debug)]
struct Noisy(&'static str);

impl Noisy {
    fn length(&self) -> usize {
        self.0.len()
    }
}

impl Drop for Noisy {
    fn drop(&mut self) {
        LOG.with(|log| log.borrow_mut().push(self.0));
    }
}

fn logged<T>(run: impl FnOnce() -> T) -> Vec<&'static str> {
    LOG.take();
    drop(run());
    LOG.take()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("it waits for nothing"),
    }
}

/// The values of the newest annotated frame.
fn shown(report: &Report) -> Vec<String> {
    let frame = report.frames.iter().rfind(|frame| frame.annotated).unwrap();
    let variables = frame.variables.iter().map(|variable| match &variable.value {
        Shown::Value { text, .. } => format!("{} = {text}", variable.name),
        other => format!("{}: {other:?}", variable.name),
    });
    variables.collect()
}

fn look() -> Report {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| std::mem::forget(crash::reporter().quiet().install()));
    crash::report(&std::fmt::Error).report
}

macro_rules! twice {
    ($($function:tt)*) => {
        mod bare {
            #![allow(unused_imports)]
            use super::*;
            pub(super) $($function)*
        }
        mod annotated {
            #![allow(unused_imports)]
            use super::*;
            #[crash_context]
            pub(super) $($function)*
        }
    };
}

#[test]
fn temporaries_of_the_tail_are_dropped_after_the_locals() {
    twice! {
        fn f(argument: Noisy) -> usize {
            let _local = Noisy("local");
            Noisy("temporary").length() + argument.length()
        }
    }
    let expected = logged(|| bare::f(Noisy("argument")));
    assert_eq!(expected, ["local", "temporary", "argument"]);
    assert_eq!(logged(|| annotated::f(Noisy("argument"))), expected);
}

#[test]
fn temporaries_of_an_if_let_live_to_its_end() {
    twice! {
        fn f(n: usize) -> usize {
            if let 0 = Noisy("condition").length() {
                1
            } else {
                let inside = Noisy("inside");
                inside.length() + n
            }
        }
    }
    let expected = logged(|| bare::f(1));
    assert_eq!(expected, ["inside", "condition"]);
    assert_eq!(logged(|| annotated::f(1)), expected);
}

#[test]
fn async_functions() {
    twice! {
        async fn f((a, _): (Noisy, Noisy), _b: Noisy, text: &str) -> usize {
            let _local = Noisy("local");
            Noisy("temporary").length() + a.length() + text.len()
        }
    }
    let run = |future: std::pin::Pin<Box<dyn Future<Output = usize>>>| logged(|| block_on(future));
    let pair = || (Noisy("first"), Noisy("second"));
    let expected = run(Box::pin(bare::f(pair(), Noisy("b"), "")));
    assert_eq!(run(Box::pin(annotated::f(pair(), Noisy("b"), ""))), expected);
    assert_eq!(expected.len(), 5);
}

#[test]
fn what_is_shown() {
    #[crash_context]
    fn f(n: u8, text: &str) -> Report {
        let sum = text.len() + usize::from(n);
        let mut count = 1;
        count += 1;
        if let Some(inner) = n.checked_add(count) {
            let report = look();
            assert_eq!((inner, sum), (3, 2));
            return report;
        }
        look()
    }
    assert_eq!(shown(&f(1, "a")), ["n = 1", "text = \"a\"", "sum = 2", "count = 2", "inner = 3"]);
}

#[test]
fn diverging_functions() {
    #[crash_context]
    fn never(n: u8) -> ! {
        let why = n;
        std::panic::resume_unwind(Box::new(why))
    }
    #[crash_context]
    #[allow(clippy::needless_return)]
    fn returns(n: u8) -> Result<u8, std::num::ParseIntError> {
        let parsed: u8 = "1".parse()?;
        return Ok(parsed + n);
    }
    #[crash_context]
    fn opaque<'a>(text: &'a str) -> impl Iterator<Item = char> + 'a {
        let least = 'b';
        text.chars().filter(move |letter| *letter >= least)
    }
    assert!(std::panic::catch_unwind(|| never(1)).is_err());
    assert_eq!(returns(1), Ok(2));
    assert_eq!(opaque("abc").count(), 2);
}

#[test]
fn a_lock_in_the_tail() {
    #[crash_context]
    fn f(lock: &Mutex<Vec<u8>>) -> Option<u8> {
        let more = 1;
        lock.lock().unwrap().last().map(|last| last + more)
    }
    assert_eq!(f(&Mutex::new(vec![1])), Some(2));
}
