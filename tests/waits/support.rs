//! What all modules use: errors to fail with, one after the other, and every form of a retried call run over them.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// What each attempt is to fail with, one after the other; the one after that succeeds with the number of calls.
pub struct Script<E>(Mutex<Left<E>>);

struct Left<E> {
    errors: VecDeque<E>,
    begun: Vec<Instant>,
}

impl<E> Script<E> {
    pub fn of(errors: impl IntoIterator<Item = E>) -> Self {
        Self(Mutex::new(Left { errors: errors.into_iter().collect(), begun: Vec::new() }))
    }

    /// One attempt.
    pub fn attempt(&self) -> Result<u32, E> {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        left.begun.push(Instant::now());
        let calls = u32::try_from(left.begun.len()).unwrap();
        left.errors.pop_front().map_or(Ok(calls), Err)
    }

    pub fn calls(&self) -> usize {
        self.0.lock().unwrap().begun.len()
    }

    /// What passed between the attempts, each of which takes no time.
    pub fn waits(&self) -> Vec<Duration> {
        let left = self.0.lock().unwrap();
        left.begun.windows(2).map(|pair| pair[1] - pair[0]).collect()
    }
}

/// What came of a call, and what it waited.
#[derive(Debug, PartialEq)]
pub struct Seen<E> {
    pub waits: Vec<Duration>,
    pub calls: usize,
    pub result: Result<u32, E>,
}

/// Runs a blocking call with waiting switched off.
pub fn blocking<E>(
    errors: impl IntoIterator<Item = E>,
    call: impl FnOnce(&Script<E>) -> Result<u32, E>,
) -> Seen<E> {
    let script = Script::of(errors);
    let recorder = retry_core::testing::record();
    let result = call(&script);
    assert_eq!(recorder.random_draws(), 0, "nothing is drawn without jitter");
    Seen { waits: recorder.delays(), calls: script.calls(), result }
}

/// Runs an async call in virtual time.
pub fn paused<E>(
    errors: impl IntoIterator<Item = E>,
    call: impl AsyncFnOnce(&Script<E>) -> Result<u32, E>,
) -> Seen<E> {
    let script = Script::of(errors);
    let result = virtually(call(&script));
    Seen { waits: script.waits(), calls: script.calls(), result }
}

/// Runs a future on a clock that jumps to the next timer whenever there is nothing else to do.
pub fn virtually<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(future)
}

/// Puts the options on a sync and an async function, runs both over the same errors, and gives what both did.
macro_rules! functions {
    ($returns:ty, $error:ty, $errors:expr, $($options:tt)*) => {{
        #[::retry_core::retry($($options)*)]
        fn blocking(script: &crate::support::Script<$error>) -> $returns {
            script.attempt()
        }
        #[::retry_core::retry($($options)*)]
        async fn waiting(script: &crate::support::Script<$error>) -> $returns {
            script.attempt()
        }
        let seen = crate::support::blocking($errors, blocking);
        let same = crate::support::paused($errors, async |script| waiting(script).await);
        assert_eq!(format!("{seen:?}"), format!("{same:?}"), "sync and async differ");
        seen
    }};
}
pub(crate) use functions;

/// Every async form over the same errors, in virtual time: a function, `run`, and `retry_with!`.
macro_rules! async_forms {
    ($error:ty, $errors:expr, $($options:tt)*) => {{
        #[::retry_core::retry($($options)*)]
        async fn waiting(script: &crate::support::Script<$error>) -> Result<u32, $error> {
            script.attempt()
        }
        let policy = || ::retry_core::retry_policy!($error: $($options)*);
        let seen = crate::support::paused($errors, async |script| waiting(script).await);
        let run = crate::support::paused($errors, async |script| {
            policy().run(async |_| script.attempt()).await
        });
        let with = crate::support::paused($errors, async |script| {
            ::retry_core::retry_with!(policy(), async |_attempt| script.attempt())
        });
        assert_eq!(format!("{seen:?}"), format!("{run:?}"), "`run` differs from the attribute");
        assert_eq!(format!("{seen:?}"), format!("{with:?}"), "`retry_with!` differs from the attribute");
        seen
    }};
}
pub(crate) use async_forms;

/// The same for every sync form.
macro_rules! sync_forms {
    ($error:ty, $errors:expr, $($options:tt)*) => {{
        #[::retry_core::retry($($options)*)]
        fn blocking(script: &crate::support::Script<$error>) -> Result<u32, $error> {
            script.attempt()
        }
        let policy = || ::retry_core::retry_policy!($error: $($options)*);
        let seen = crate::support::blocking($errors, blocking);
        let run = crate::support::blocking($errors, |script| {
            policy().run_blocking(|_| script.attempt())
        });
        let with = crate::support::blocking($errors, |script| {
            ::retry_core::retry_with!(policy(), |_attempt| script.attempt())
        });
        assert_eq!(format!("{seen:?}"), format!("{run:?}"), "`run_blocking` differs from the attribute");
        assert_eq!(format!("{seen:?}"), format!("{with:?}"), "`retry_with!` differs from the attribute");
        seen
    }};
}
pub(crate) use sync_forms;

/// Every form that takes rules.
macro_rules! every_form {
    ($error:ty, $errors:expr, $($options:tt)*) => {{
        let seen = crate::support::sync_forms!($error, $errors, $($options)*);
        let same = crate::support::async_forms!($error, $errors, $($options)*);
        assert_eq!(format!("{seen:?}"), format!("{same:?}"), "sync and async differ");
        seen
    }};
}
pub(crate) use every_form;

pub fn secs<const N: usize>(seconds: [u64; N]) -> [Duration; N] {
    seconds.map(Duration::from_secs)
}

pub fn millis<const N: usize>(milliseconds: [u64; N]) -> [Duration; N] {
    milliseconds.map(Duration::from_millis)
}

/// Errors of the plainest kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiError {
    Timeout,
    Busy,
    TooManyRequests { retry_interval: u64 },
    Conflict,
    BadRequest(String),
}

impl ApiError {
    pub fn told(retry_interval: u64) -> Self {
        Self::TooManyRequests { retry_interval }
    }

    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Timeout)
    }
}
