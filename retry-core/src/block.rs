//! The block form: a policy as a value, around any block of code.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use crate::call::{Asked, Call, Timed};
use crate::classify::{Classification, RetryClassify};
use crate::clock::Clock;
use crate::event::{Attempt, Event};
use crate::observe::{Shown, Site};
use crate::policy::Policy;
use crate::sleep::Waited;

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
/// Without [`classify`](Self::classify) the error type's own [`RetryClassify`] decides. The other type
/// parameters are what the methods put there; they have defaults, so that `RetryPolicy<ApiError>` names the
/// plain one.
#[must_use = "a policy does nothing until it is run"]
pub struct RetryPolicy<E, R = ByType, H = NoHooks, U = AnyValue, S = DefaultTimer> {
    policy: Policy,
    rules: R,
    hooks: H,
    until: U,
    timer: S,
    error: PhantomData<fn(&E)>,
}

impl<E> RetryPolicy<E> {
    /// Retries what the error type's own [`RetryClassify`] says, within the policy's limits.
    pub const fn new(policy: Policy) -> Self {
        Self {
            policy,
            rules: ByType,
            hooks: NoHooks,
            until: AnyValue,
            timer: DefaultTimer,
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
        let Self { policy, rules, hooks, until, timer, error } = self;
        RetryPolicy { policy, rules: Arc::new(rules), hooks: Arc::new(hooks), until, timer, error }
    }
}

impl<E> From<Policy> for RetryPolicy<E> {
    fn from(policy: Policy) -> Self {
        Self::new(policy)
    }
}

impl<E, R: fmt::Debug, H: fmt::Debug, U: fmt::Debug, S: fmt::Debug> fmt::Debug
    for RetryPolicy<E, R, H, U, S>
{
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
            error: PhantomData,
        }
    }
}

impl<E, R, H, U, S> RetryPolicy<E, R, H, U, S> {
    /// Decides by a function of the error, in place of its [`RetryClassify`].
    pub fn classify<F>(self, classify: F) -> RetryPolicy<E, By<F>, H, U, S>
    where
        F: Fn(&E) -> Classification,
    {
        self.with_rules(By(classify))
    }

    #[doc(hidden)]
    pub fn with_rules<R2: Rules<E>>(self, rules: R2) -> RetryPolicy<E, R2, H, U, S> {
        let Self { policy, hooks, until, timer, error, .. } = self;
        RetryPolicy { policy, rules, hooks, until, timer, error }
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
    pub fn on_retry<F>(self, hook: F) -> RetryPolicy<E, R, OnRetry<F, H>, U, S>
    where
        F: Fn(Event<'_, E>),
    {
        self.with_hooks(|inner| OnRetry(hook, inner))
    }

    /// Calls `hook` when it gives up, with the [reason](Event::reason).
    pub fn on_give_up<F>(self, hook: F) -> RetryPolicy<E, R, OnGiveUp<F, H>, U, S>
    where
        F: Fn(Event<'_, E>),
    {
        self.with_hooks(|inner| OnGiveUp(hook, inner))
    }

    /// Calls `hook` when an attempt has succeeded.
    pub fn on_success<F>(self, hook: F) -> RetryPolicy<E, R, OnSuccess<F, H>, U, S>
    where
        F: Fn(Event<'_, E>),
    {
        self.with_hooks(|inner| OnSuccess(hook, inner))
    }

    fn with_hooks<H2>(self, wrap: impl FnOnce(H) -> H2) -> RetryPolicy<E, R, H2, U, S> {
        let Self { policy, rules, hooks, until, timer, error } = self;
        RetryPolicy { policy, rules, hooks: wrap(hooks), until, timer, error }
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
        let Self { policy, rules, hooks, timer, error, .. } = self;
        RetryPolicy { policy, rules, hooks, until: Until(accept), timer, error }
    }

    /// Waits by a timer of your own: in [`run`](Self::run) a function from a [`Duration`] to a future, in
    /// [`run_blocking`](Self::run_blocking) one that blocks. Either may end with a `ControlFlow`, whose
    /// `Break` gives up.
    pub fn sleep<F>(self, timer: F) -> RetryPolicy<E, R, H, U, Timer<F>> {
        self.with_timer(|_| Timer(timer))
    }

    /// Limits each attempt of an async block; one that takes longer is dropped and counts as failed with
    /// `error`.
    pub fn timeout(self, limit: Duration, error: fn() -> E) -> RetryPolicy<E, R, H, U, Limited<S, E>> {
        self.with_timer(|timer| Limited { limit, error, timer })
    }

    fn with_timer<S2>(self, wrap: impl FnOnce(S) -> S2) -> RetryPolicy<E, R, H, U, S2> {
        let Self { policy, rules, hooks, until, timer, error } = self;
        RetryPolicy { policy, rules, hooks, until, timer: wrap(timer), error }
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
            let outcome = self.timer.limit(block(running.attempt())).await;
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

/// A block that is being run: what `run`, `run_blocking` and `retry_with!` have in common.
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

static SITE: Site = Site { function: "retry_policy!", module: "retry_core" };

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
                call.succeeded(&SITE);
                policy.hooks.success(&mut || call.success_event(&policy.policy, &outcome));
                return Ok(outcome);
            }
            Ok(_) => (Asked::Own, crate::__private::UNTIL),
            Err(error) => policy.rules.ask(error),
        };
        let error = outcome.as_ref().err();
        let decided = call.failed(&policy.policy, &SITE, asked, key, Shown::Nothing);
        let event = call.failure_event(&policy.policy, error, decided);
        match decided {
            Ok(wait) => {
                policy.hooks.retry(event);
                Err(Unfinished { outcome, wait })
            }
            Err(_) => {
                policy.hooks.give_up(event);
                Ok(outcome)
            }
        }
    }

    /// The wait is over, or was stopped, which ends the call with what it has.
    pub fn waited<T>(&mut self, unfinished: Unfinished<T, E>, stopped: bool) -> Option<Result<T, E>>
    where
        H: Hooks<E>,
    {
        let Self { policy, call, last_error } = self;
        let outcome = unfinished.outcome;
        if stopped {
            let reason = call.stopped(&SITE, Shown::Nothing);
            policy.hooks.give_up(call.failure_event(&policy.policy, outcome.as_ref().err(), Err(reason)));
            return Some(outcome);
        }
        *last_error = outcome.err();
        call.attempt_begins();
        None
    }
}

/// Which errors to retry.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "nothing says which errors of type `{E}` are worth another try",
    note = "consider adding `#[derive(RetryClassify)]` to `{E}`, or give the policy rules"
)]
pub trait Rules<E> {
    /// What is asked, and the key under which the error's variant is counted.
    fn ask(&self, error: &E) -> (Asked, u64);
}

impl<E, R: Rules<E> + ?Sized> Rules<E> for Arc<R> {
    fn ask(&self, error: &E) -> (Asked, u64) {
        R::ask(self, error)
    }
}

/// By the error type's own [`RetryClassify`].
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct ByType;

impl<E: RetryClassify> Rules<E> for ByType {
    fn ask(&self, error: &E) -> (Asked, u64) {
        (error.classify().into(), crate::__private::key(error, 0))
    }
}

/// By a function.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct By<F>(F);

impl<E, F: Fn(&E) -> Classification> Rules<E> for By<F> {
    fn ask(&self, error: &E) -> (Asked, u64) {
        ((self.0)(error).into(), crate::__private::key(error, 0))
    }
}

/// By the rules written in `retry_policy!`.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Written<F>(F);

/// A function of its own so that the closure's argument has a type.
#[doc(hidden)]
pub fn written<E, F: Fn(&E) -> (Asked, u64)>(rules: F) -> Written<F> {
    Written(rules)
}

impl<E, F: Fn(&E) -> (Asked, u64)> Rules<E> for Written<F> {
    fn ask(&self, error: &E) -> (Asked, u64) {
        (self.0)(error)
    }
}

/// Whom to tell.
#[doc(hidden)]
pub trait Hooks<E> {
    fn retry(&self, event: Event<'_, E>);
    fn give_up(&self, event: Event<'_, E>);
    /// The event reads the clock, so it is made only where somebody wants it.
    fn success<'a>(&self, event: &mut dyn FnMut() -> Event<'a, E>)
    where
        E: 'a;
}

impl<E, H: Hooks<E> + ?Sized> Hooks<E> for Arc<H> {
    fn retry(&self, event: Event<'_, E>) {
        H::retry(self, event);
    }
    fn give_up(&self, event: Event<'_, E>) {
        H::give_up(self, event);
    }
    fn success<'a>(&self, event: &mut dyn FnMut() -> Event<'a, E>)
    where
        E: 'a,
    {
        H::success(self, event);
    }
}

#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct NoHooks;

impl<E> Hooks<E> for NoHooks {
    fn retry(&self, _: Event<'_, E>) {}
    fn give_up(&self, _: Event<'_, E>) {}
    fn success<'a>(&self, _: &mut dyn FnMut() -> Event<'a, E>)
    where
        E: 'a,
    {
    }
}

#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct OnRetry<F, H>(F, H);

impl<E, F: Fn(Event<'_, E>), H: Hooks<E>> Hooks<E> for OnRetry<F, H> {
    fn retry(&self, event: Event<'_, E>) {
        self.1.retry(event);
        (self.0)(event);
    }
    fn give_up(&self, event: Event<'_, E>) {
        self.1.give_up(event);
    }
    fn success<'a>(&self, event: &mut dyn FnMut() -> Event<'a, E>)
    where
        E: 'a,
    {
        self.1.success(event);
    }
}

#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct OnGiveUp<F, H>(F, H);

impl<E, F: Fn(Event<'_, E>), H: Hooks<E>> Hooks<E> for OnGiveUp<F, H> {
    fn retry(&self, event: Event<'_, E>) {
        self.1.retry(event);
    }
    fn give_up(&self, event: Event<'_, E>) {
        self.1.give_up(event);
        (self.0)(event);
    }
    fn success<'a>(&self, event: &mut dyn FnMut() -> Event<'a, E>)
    where
        E: 'a,
    {
        self.1.success(event);
    }
}

#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct OnSuccess<F, H>(F, H);

impl<E, F: Fn(Event<'_, E>), H: Hooks<E>> Hooks<E> for OnSuccess<F, H> {
    fn retry(&self, event: Event<'_, E>) {
        self.1.retry(event);
    }
    fn give_up(&self, event: Event<'_, E>) {
        self.1.give_up(event);
    }
    fn success<'a>(&self, event: &mut dyn FnMut() -> Event<'a, E>)
    where
        E: 'a,
    {
        self.1.success(event);
        (self.0)(event());
    }
}

/// Which values are good enough.
#[doc(hidden)]
pub trait Accepts<T> {
    fn accepts(&self, value: &T) -> bool;
}

#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct AnyValue;

impl<T> Accepts<T> for AnyValue {
    fn accepts(&self, _: &T) -> bool {
        true
    }
}

#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Until<F>(F);

impl<T, F: Fn(&T) -> bool> Accepts<T> for Until<F> {
    fn accepts(&self, value: &T) -> bool {
        (self.0)(value)
    }
}

/// Waits without blocking.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "this policy has no timer for an async block",
    label = "its `sleep` does not return a future",
    note = "turn on the feature `tokio` of `retry-core`, or give it a `sleep` that returns a future"
)]
pub trait AsyncTimer {
    /// Whether the wait was stopped.
    fn sleep(&self, wait: Duration) -> impl Future<Output = bool>;
}

/// Limits attempts.
#[doc(hidden)]
pub trait Limits<E> {
    /// The attempt, or what it gives when it takes too long.
    fn limit<T>(&self, attempt: impl Future<Output = Result<T, E>>) -> impl Future<Output = Result<T, E>> {
        attempt
    }
}

/// Waits by blocking the thread.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "this policy has no timer for a blocking block",
    label = "its `sleep` or `timeout` is for async blocks",
    note = "`timeout` limits the attempts of async blocks only: use `run`, or leave it out",
    note = "a `sleep` of your own has to block and return `()` or `ControlFlow<()>`"
)]
pub trait BlockingTimer {
    /// Whether the wait was stopped.
    fn block(&self, wait: Duration) -> bool;
}

/// Tokio's timer, or the thread's sleep.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct DefaultTimer;

#[cfg(feature = "tokio")]
impl AsyncTimer for DefaultTimer {
    async fn sleep(&self, wait: Duration) -> bool {
        crate::sleep::sleep(wait).await;
        false
    }
}

impl<E> Limits<E> for DefaultTimer {}

impl BlockingTimer for DefaultTimer {
    fn block(&self, wait: Duration) -> bool {
        crate::sleep::block(wait);
        false
    }
}

#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Timer<F>(F);

#[diagnostic::do_not_recommend]
impl<F, W> AsyncTimer for Timer<F>
where
    F: Fn(Duration) -> W,
    W: Future,
    W::Output: Waited,
{
    async fn sleep(&self, wait: Duration) -> bool {
        crate::sleep::sleep_with(wait, &self.0).await
    }
}

impl<E, F> Limits<E> for Timer<F> {}

#[diagnostic::do_not_recommend]
impl<F: Fn(Duration) -> W, W: Waited> BlockingTimer for Timer<F> {
    fn block(&self, wait: Duration) -> bool {
        crate::sleep::block_with(wait, &self.0)
    }
}

/// A timer that also limits each attempt.
#[doc(hidden)]
#[derive(Debug)]
pub struct Limited<S, E> {
    limit: Duration,
    error: fn() -> E,
    timer: S,
}

impl<S: Clone, E> Clone for Limited<S, E> {
    fn clone(&self) -> Self {
        Self { timer: self.timer.clone(), ..*self }
    }
}

impl<S: AsyncTimer, E> AsyncTimer for Limited<S, E> {
    fn sleep(&self, wait: Duration) -> impl Future<Output = bool> {
        self.timer.sleep(wait)
    }
}

#[cfg(feature = "tokio")]
impl<E> Limits<E> for Limited<DefaultTimer, E> {
    async fn limit<T>(&self, attempt: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let limit = crate::sleep::limit(self.limit);
        crate::sleep::race(pin!(attempt), pin!(limit)).await.unwrap_or_else(|| Err((self.error)()))
    }
}

impl<E, F: Fn(Duration) -> W, W: Future> Limits<E> for Limited<Timer<F>, E> {
    async fn limit<T>(&self, attempt: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let limit = crate::sleep::limit_with(self.limit, &self.timer.0);
        crate::sleep::race(pin!(attempt), pin!(limit)).await.unwrap_or_else(|| Err((self.error)()))
    }
}
