//! A block in progress: what `run`, `run_blocking` and `retry_with!` have in common.

use std::time::Duration;

use super::RetryPolicy;
use super::hooks::{Hooks, Moment};
use super::rules::Rules;
use super::values::Accepts;
use crate::call::{Anchor, Asked, Call, Failure, Timed};
use crate::clock::Clock;
use crate::event::Attempt;
use crate::observe::Shown;
use crate::within::within;

/// A block that is being run.
#[doc(hidden)]
#[derive(Debug)]
pub struct Running<'p, P, E> {
    policy: &'p P,
    call: Call<Timed>,
    last_error: Option<E>,
}

/// An attempt that is not the last: what came of it, and what to wait.
#[doc(hidden)]
#[derive(Debug)]
pub struct Unfinished<T, E> {
    outcome: Result<T, E>,
    pub wait: Duration,
}

impl<'p, E, R, H, U, S> Running<'p, RetryPolicy<E, R, H, U, S>, E> {
    pub fn start(policy: &'p RetryPolicy<E, R, H, U, S>, clock: Clock) -> Self {
        Self { policy, call: Call::timed(clock), last_error: None }
    }

    pub fn attempt(&self) -> Attempt<'_, E> {
        self.call.attempt(&self.policy.policy, self.last_error.as_ref())
    }

    /// An attempt has ended: the call's result, or what to wait before the next attempt.
    ///
    /// # Errors
    /// What came of an attempt that is not the last.
    pub fn ended<T>(&mut self, outcome: Result<T, E>) -> Result<Result<T, E>, Unfinished<T, E>>
    where
        R: Rules<E>,
        H: Hooks<E>,
        U: Accepts<T>,
    {
        let Self { policy, call, .. } = self;
        let (asked, key) = match &outcome {
            Ok(value) if policy.until.accepts(value) => {
                call.succeeded();
                policy.hooks.tell(Moment::Success, &|| call.success_event(&policy.policy, &outcome));
                return Ok(outcome);
            }
            Ok(_) => (Asked::Own, crate::key::UNTIL),
            Err(error) => policy.rules.ask(error),
        };
        let error = outcome.as_ref().err();
        let shown = error.map_or(Shown::Nothing, |error| policy.rules.show(error));
        let decided = call.failed(&policy.policy, policy.site, Failure { asked, key, error: shown });
        let event = || call.failure_event(&policy.policy, error, decided);
        match decided {
            Ok(wait) => {
                policy.hooks.tell(Moment::Retry, &event);
                Err(Unfinished { outcome, wait })
            }
            Err(_) => {
                policy.hooks.tell(Moment::GiveUp, &event);
                Ok(outcome)
            }
        }
    }

    /// The wait is over, or was stopped, which ends the call with what it has.
    pub fn waited<T>(&mut self, unfinished: Unfinished<T, E>, stopped: bool) -> Option<Result<T, E>>
    where
        R: Rules<E>,
        H: Hooks<E>,
    {
        let Self { policy, call, last_error } = self;
        let outcome = unfinished.outcome;
        if stopped {
            let error = outcome.as_ref().err();
            let shown = error.map_or(Shown::Nothing, |error| policy.rules.show(error));
            let reason = call.stopped(policy.site, shown);
            let event = || call.failure_event(&policy.policy, error, Err(reason));
            policy.hooks.tell(Moment::GiveUp, &event);
            return Some(outcome);
        }
        *last_error = outcome.err();
        call.attempt_begins();
        None
    }

    /// The next attempt begins, on this thread like all the others.
    pub fn stay(&mut self, anchor: &Anchor) {
        self.call.stay(anchor);
    }

    /// An attempt of an async block.
    pub fn within<F: Future>(&self, attempt: F) -> impl Future<Output = F::Output> {
        within(&self.call, attempt)
    }
}
