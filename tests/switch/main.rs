//! The process-wide switch: a process of its own, with one test, since it would turn off the retries of others.

use std::cell::RefCell;
use std::time::Duration;

use retry_core::{GiveUp, is_enabled, retry, retry_policy, set_enabled, testing};

#[derive(Debug, Clone, PartialEq)]
enum Error {
    Busy,
    Fatal,
}

#[retry(Busy = 30, jitter = none, attempts = 3, on_give_up = |event| reasons.borrow_mut().push(event.reason().unwrap()))]
fn fetch(error: &Error, calls: &mut u32, reasons: &RefCell<Vec<GiveUp>>) -> Result<(), Error> {
    *calls += 1;
    Err(error.clone())
}

#[retry(Busy = 30, jitter = none)]
async fn fetch_async(calls: &mut u32) -> Result<(), Error> {
    *calls += 1;
    if *calls == 2 {
        set_enabled(false);
    }
    Err(Error::Busy)
}

#[retry(until = |n| *n > 3)]
fn optional(calls: &mut u32) -> Option<u32> {
    *calls += 1;
    Some(*calls)
}

#[test]
fn while_it_is_off_every_call_makes_one_attempt() {
    let recorder = testing::record();
    let reasons = RefCell::default();
    let (mut calls, policy) = (0, retry_policy!(Error: Busy = 30, jitter = none));
    assert!(is_enabled());

    set_enabled(false);
    assert!(!is_enabled());
    assert_eq!(fetch(&Error::Busy, &mut calls, &reasons), Err(Error::Busy));
    // What is not tried again anyway keeps its reason.
    assert_eq!(fetch(&Error::Fatal, &mut calls, &reasons), Err(Error::Fatal));
    assert_eq!(
        policy.run_blocking(|attempt| Err::<(), _>((attempt.number(), Error::Busy).1)),
        Err(Error::Busy)
    );
    assert_eq!(optional(&mut 0), Some(1));
    assert_eq!(calls, 2);
    assert_eq!(recorder.delays(), Vec::<Duration>::new());
    // On every thread.
    let elsewhere = std::thread::spawn(|| optional(&mut 0));
    assert_eq!(elsewhere.join().unwrap(), Some(1));

    set_enabled(true);
    assert_eq!(fetch(&Error::Busy, &mut calls, &reasons), Err(Error::Busy));
    assert_eq!(calls, 5);
    assert_eq!(recorder.delays(), [Duration::from_secs(30); 2]);
    assert_eq!(*reasons.borrow(), [GiveUp::Disabled, GiveUp::Permanent, GiveUp::Attempts]);
    drop(recorder);

    // A call that is under way ends with the attempt that it is in.
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let mut calls = 0;
    runtime.block_on(fetch_async(&mut calls)).unwrap_err();
    assert_eq!(calls, 2);
    set_enabled(true);
}
