//! The block form: a policy as a value, around any block of code.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use crate::call::Anchor;
use crate::classify::Classification;
use crate::clock::Clock;
use crate::event::{Attempt, Event};
use crate::policy::Policy;
use crate::site::Site;

mod hooks;
mod rules;
mod running;
mod timers;
mod values;

pub use rules::written;
pub use running::{Running, Unfinished};
pub use timers::{AsyncTimer, BlockingTimer, Limits};

use hooks::{Hook, Hooks, Moment, NoHooks};
use rules::{By, ByType, Rules};
use timers::{DefaultTimer, Slot};
use values::{Accepts, AnyValue, Until};

/// Which errors of type `E` to retry, when, and how often: what `#[retry]` says, as a value.
///
/// [`retry_policy!`](crate::retry_policy) makes one with the attribute's own words. By methods:
///
/// ```
/// use retry_core::{Classification, Policy, RetryPolicy};
/// use std::time::Duration;
///
/// # #[derive(Debug)] enum ApiError { Timeout, BadRequest }
/// # fn fetch() -> Result<u32, ApiError> { Ok(7) }
/// let delays = RetryPolicy::new(Policy::exponential().attempts(5)).classify(|error| match error {
///     ApiError::Timeout => Classification::After(Duration::from_secs(120)),
///     ApiError::BadRequest => Classification::Permanent,
/// });
/// assert_eq!(delays.run_blocking(|_attempt| fetch()).unwrap(), 7);
/// ```
///
/// Without [`classify`](Self::classify) the error type's own [`RetryClassify`](trait@crate::RetryClassify) decides. The other type
/// parameters are what the methods put there; they have defaults, so that `RetryPolicy<ApiError>` names the
/// plain one.
#[must_use = "a policy does nothing until it is run"]
pub struct RetryPolicy<E, R = ByType, H = NoHooks, U = AnyValue, S = DefaultTimer> {
    policy: Policy,
    rules: R,
    hooks: H,
    until: U,
    timer: S,
    site: &'static Site,
    error: PhantomData<fn(&E)>,
}

/// Where a policy that no macro made is run.
static SITE: Site = Site::unknown("RetryPolicy", "retry_core");

impl<E> RetryPolicy<E> {
    /// Retries what the error type's own [`RetryClassify`](trait@crate::RetryClassify) says, within the policy's limits.
    pub const fn new(policy: Policy) -> Self {
        Self {
            policy,
            rules: ByType,
            hooks: NoHooks,
            until: AnyValue,
            timer: DefaultTimer,
            site: &SITE,
            error: PhantomData,
        }
    }
}

/// A [`RetryPolicy`] whose type has a name, so that a struct can hold it: see [`RetryPolicy::shared`].
pub type SharedRetryPolicy<E> =
    RetryPolicy<E, Arc<dyn Rules<E> + Send + Sync>, Arc<dyn Hooks<E> + Send + Sync>>;

impl<E, R, H> RetryPolicy<E, R, H>
where
    R: Rules<E> + Send + Sync + 'static,
    H: Hooks<E> + Send + Sync + 'static,
{
    /// The same policy with a type that can be named, at the price of an allocation now and an indirect call
    /// at each failure. Clones share the rules and the hooks.
    ///
    /// ```
    /// use retry_core::{SharedRetryPolicy, retry_policy};
    ///
    /// # #[derive(Debug)] enum ApiError { Timeout }
    /// struct Client {
    ///     delays: SharedRetryPolicy<ApiError>,
    /// }
    ///
    /// let client = Client { delays: retry_policy!(ApiError: Timeout = 120).shared() };
    /// assert_eq!(client.delays.run_blocking(|_| Ok(7)).unwrap(), 7);
    /// ```
    pub fn shared(self) -> SharedRetryPolicy<E> {
        let Self { policy, rules, hooks, until, timer, site, error } = self;
        RetryPolicy { policy, rules: Arc::new(rules), hooks: Arc::new(hooks), until, timer, site, error }
    }
}

impl<E> From<Policy> for RetryPolicy<E> {
    fn from(policy: Policy) -> Self {
        Self::new(policy)
    }
}

impl<E, R, H, U, S> fmt::Debug for RetryPolicy<E, R, H, U, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryPolicy").field("policy", &self.policy).finish_non_exhaustive()
    }
}

impl<E, R: Clone, H: Clone, U: Clone, S: Clone> Clone for RetryPolicy<E, R, H, U, S> {
    fn clone(&self) -> Self {
        Self {
            policy: self.policy,
            rules: self.rules.clone(),
            hooks: self.hooks.clone(),
            until: self.until.clone(),
            timer: self.timer.clone(),
            site: self.site,
            error: PhantomData,
        }
    }
}

impl<E, R, H, U, S> RetryPolicy<E, R, H, U, S> {
    /// Decides by a function of the error, in place of its [`RetryClassify`](trait@crate::RetryClassify).
    pub fn classify<F>(self, classify: F) -> RetryPolicy<E, By<F>, H, U, S>
    where
        F: Fn(&E) -> Classification,
    {
        self.with_rules(By(classify))
    }

    #[doc(hidden)]
    pub fn with_rules<R2: Rules<E>>(self, rules: R2) -> RetryPolicy<E, R2, H, U, S> {
        let Self { policy, hooks, until, timer, site, error, .. } = self;
        RetryPolicy { policy, rules, hooks, until, timer, site, error }
    }

    #[doc(hidden)]
    pub fn at(self, site: &'static Site) -> Self {
        Self { site, ..self }
    }

    /// Calls `hook` before each wait.
    ///
    /// ```
    /// # use retry_core::{Policy, RetryPolicy, Classification};
    /// # let _recorder = retry_core::testing::record();
    /// let waits = std::cell::Cell::new(0);
    /// let delays = RetryPolicy::new(Policy::new())
    ///     .classify(|_: &&str| Classification::Transient)
    ///     .on_retry(|_event| waits.set(waits.get() + 1));
    /// assert_eq!(delays.run_blocking(|_| Err::<(), _>("busy")), Err("busy"));
    /// assert_eq!(waits.get(), 3);
    /// ```
    pub fn on_retry<F>(self, hook: F) -> RetryPolicy<E, R, Hook<F, H>, U, S>
    where
        F: Fn(Event<'_, E>),
    {
        self.with_hook(Moment::Retry, hook)
    }

    /// Calls `hook` when it gives up, with the [reason](Event::reason).
    pub fn on_give_up<F>(self, hook: F) -> RetryPolicy<E, R, Hook<F, H>, U, S>
    where
        F: Fn(Event<'_, E>),
    {
        self.with_hook(Moment::GiveUp, hook)
    }

    /// Calls `hook` when an attempt has succeeded.
    pub fn on_success<F>(self, hook: F) -> RetryPolicy<E, R, Hook<F, H>, U, S>
    where
        F: Fn(Event<'_, E>),
    {
        self.with_hook(Moment::Success, hook)
    }

    fn with_hook<F>(self, moment: Moment, hook: F) -> RetryPolicy<E, R, Hook<F, H>, U, S> {
        let Self { policy, rules, hooks, until, timer, site, error } = self;
        RetryPolicy {
            policy,
            rules,
            hooks: Hook { before: hooks, moment, tell: hook },
            until,
            timer,
            site,
            error,
        }
    }

    /// Tries an `Ok` again too while `accept` is not satisfied with its value. When it gives up, the last
    /// value is handed out as it is.
    ///
    /// ```
    /// # use retry_core::{Policy, RetryPolicy};
    /// # let _recorder = retry_core::testing::record();
    /// let delays = RetryPolicy::<std::convert::Infallible>::new(Policy::new()).until(|state: &u32| *state >= 3);
    /// assert_eq!(delays.run_blocking(|attempt| Ok(attempt.number())), Ok(3));
    /// ```
    pub fn until<F>(self, accept: F) -> RetryPolicy<E, R, H, Until<F>, S> {
        let Self { policy, rules, hooks, timer, site, error, .. } = self;
        RetryPolicy { policy, rules, hooks, until: Until(accept), timer, site, error }
    }

    /// Waits by a timer of your own: in [`run`](Self::run) a function from a [`Duration`] to a future, in
    /// [`run_blocking`](Self::run_blocking) one that blocks. Either may end with a `ControlFlow`, whose
    /// `Break` gives up.
    pub fn sleep<F>(self, timer: F) -> RetryPolicy<E, R, H, U, S::Sleeping<F>>
    where
        S: Slot,
    {
        let Self { policy, rules, hooks, until, timer: slot, site, error } = self;
        RetryPolicy { policy, rules, hooks, until, timer: slot.sleeping(timer), site, error }
    }

    /// Limits each attempt of an async block; one that takes longer is dropped and counts as failed with what
    /// `error` returns.
    pub fn timeout<G: Fn() -> E>(self, limit: Duration, error: G) -> RetryPolicy<E, R, H, U, S::Limiting<G>>
    where
        S: Slot,
    {
        let Self { policy, rules, hooks, until, timer: slot, site, error: phantom } = self;
        RetryPolicy { policy, rules, hooks, until, timer: slot.limiting(limit, error), site, error: phantom }
    }

    /// Runs an async block until it succeeds or the policy gives up.
    ///
    /// The future borrows what the block borrows. A future that is made by a method that takes an async
    /// closure is often not provably `Send`; inside `tokio::spawn` use
    /// [`retry_with!`](crate::retry_with), which has no such limit.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() {
    /// use retry_core::retry_policy;
    ///
    /// # #[derive(Debug)] enum ApiError { Timeout }
    /// let delays = retry_policy!(ApiError: Timeout = 120);
    /// let mut calls = 0;
    /// let result = delays
    ///     .run(async |attempt| {
    ///         calls += 1;
    ///         if attempt.number() < 3 { Err(ApiError::Timeout) } else { Ok(calls) }
    ///     })
    ///     .await;
    /// assert_eq!(result.unwrap(), 3);
    /// # }
    /// ```
    ///
    /// # Errors
    /// The block's own last error.
    pub async fn run<T>(&self, mut block: impl AsyncFnMut(Attempt<'_, E>) -> Result<T, E>) -> Result<T, E>
    where
        R: Rules<E>,
        H: Hooks<E>,
        U: Accepts<T>,
        S: AsyncTimer + Limits<E>,
    {
        let mut running = Running::start(self, Clock::Runtime);
        loop {
            let attempt = running.within(block(running.attempt()));
            let outcome = self.timer.limit(attempt).await;
            let unfinished = match running.ended(outcome) {
                Ok(done) => return done,
                Err(unfinished) => unfinished,
            };
            let stopped = self.timer.sleep(unfinished.wait).await;
            if let Some(done) = running.waited(unfinished, stopped) {
                return done;
            }
        }
    }

    /// Runs a block until it succeeds or the policy gives up; waits block the thread.
    ///
    /// ```
    /// use retry_core::retry_policy;
    ///
    /// # let _recorder = retry_core::testing::record();
    /// # #[derive(Debug)] enum ApiError { Timeout }
    /// let delays = retry_policy!(ApiError: Timeout = 120);
    /// let result = delays.run_blocking(|attempt| match attempt.number() {
    ///     1 | 2 => Err(ApiError::Timeout),
    ///     n => Ok(n),
    /// });
    /// assert_eq!(result.unwrap(), 3);
    /// ```
    ///
    /// # Errors
    /// The block's own last error.
    pub fn run_blocking<T>(&self, mut block: impl FnMut(Attempt<'_, E>) -> Result<T, E>) -> Result<T, E>
    where
        R: Rules<E>,
        H: Hooks<E>,
        U: Accepts<T>,
        S: BlockingTimer,
    {
        let anchor = Anchor::uninit();
        let mut running = Running::start(self, Clock::System);
        loop {
            let outcome = block(running.attempt());
            let unfinished = match running.ended(outcome) {
                Ok(done) => return done,
                Err(unfinished) => unfinished,
            };
            let stopped = self.timer.block(unfinished.wait);
            if let Some(done) = running.waited(unfinished, stopped) {
                return done;
            }
            running.stay(&anchor);
        }
    }

    /// What `retry_with!` is given has to be a policy, or a reference to one.
    #[doc(hidden)]
    pub fn borrowed(policy: &Self) -> &Self {
        policy
    }

    #[doc(hidden)]
    pub fn timer(&self) -> &S {
        &self.timer
    }

    /// Names the result that a block under this policy has, for `retry_with!`.
    #[doc(hidden)]
    pub fn outcome<T>(&self) -> Result<T, E> {
        unreachable!("only its type is of use")
    }
}
