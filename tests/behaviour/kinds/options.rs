//! Options that mention arguments and `self`, on each kind of receiver.

use std::time::Duration;

use retry_core::{Policy, retry};

use crate::common::{Calls, Failure};

struct Client {
    calls: Calls,
    delay: Duration,
    policy: Policy,
    attempts: u32,
    told: Vec<u32>,
}

impl Client {
    fn new() -> Self {
        Self {
            calls: Calls::new(),
            delay: Duration::from_secs(1),
            policy: Policy::new().attempts(3),
            attempts: 3,
            told: Vec::new(),
        }
    }

    const fn is_retried(&self, _: &Failure) -> bool {
        self.attempts > 0
    }
}

#[async_trait::async_trait]
trait Fetch {
    async fn by_mut(&mut self) -> Result<u32, Failure>;
    async fn by_policy(&mut self) -> Result<u32, Failure>;
    async fn by_box(self: Box<Self>) -> Result<u32, Failure>;
    async fn by_ref(&self) -> Result<u32, Failure>;
}

#[async_trait::async_trait]
impl Fetch for Client {
    #[retry(
        when(|error| self.is_retried(error)) = self.delay,
        backoff = exp(base = self.delay, cap = self.delay * 10), attempts = self.attempts,
        deadline = self.delay * 100, timeout = self.delay => Failure::Busy,
        until = |value| *value >= self.attempts, on_retry = |event| self.told.push(event.attempt())
    )]
    async fn by_mut(&mut self) -> Result<u32, Failure> {
        self.attempts = 3;
        self.calls.third_async().await
    }

    #[retry(Busy = self.delay, policy = self.policy, sleep = |wait| tokio::time::sleep(wait.max(self.delay)))]
    async fn by_policy(&mut self) -> Result<u32, Failure> {
        self.attempts += 1;
        self.calls.third_async().await
    }

    #[retry(Busy = self.delay)]
    async fn by_box(self: Box<Self>) -> Result<u32, Failure> {
        self.calls.third_async().await
    }

    #[retry(Busy = self.delay, policy = self.policy)]
    async fn by_ref(&self) -> Result<u32, Failure> {
        self.calls.third_async().await
    }
}

#[tokio::test(start_paused = true)]
async fn options_mean_self_under_async_trait_too() {
    let mut client = Client::new();
    assert_eq!((client.by_mut().await, client.calls.take()), (Ok(3), 3));
    assert_eq!(client.told, [1, 2]);
    assert_eq!((client.by_policy().await, client.calls.take()), (Ok(3), 3));
    assert_eq!((client.by_ref().await, client.calls.take()), (Ok(3), 3));
    assert_eq!(Box::new(client).by_box().await, Ok(3));
}

#[tokio::test(start_paused = true)]
async fn limits_that_are_expressions_are_evaluated_once() {
    let evaluated = Calls::new();

    #[retry(
        Busy = 2, attempts = { evaluated.next(); 4 }, attempt = n, jitter = none,
        on_retry = |event| assert_eq!(event.max(), Some(4)), on_give_up = |event| assert_eq!(event.max(), Some(4))
    )]
    async fn fetch(evaluated: &Calls) -> Result<(), Failure> {
        assert_eq!(n.max(), Some(4));
        Err(Failure::Busy)
    }

    assert_eq!(fetch(&evaluated).await, Err(Failure::Busy));
    assert_eq!(evaluated.take(), 1);
}

#[tokio::test(start_paused = true)]
async fn time_left_is_a_deadline() {
    let until = tokio::time::Instant::now() + Duration::from_secs(10);

    #[retry(
        Busy = 2, attempts = unlimited, jitter = none,
        deadline = until.saturating_duration_since(tokio::time::Instant::now())
    )]
    async fn fetch(until: tokio::time::Instant, calls: &Calls) -> Result<(), Failure> {
        calls.next();
        Err(Failure::Busy)
    }

    let calls = Calls::new();
    assert_eq!(fetch(until, &calls).await, Err(Failure::Busy));
    assert_eq!(calls.take(), 6);
    assert_eq!(tokio::time::Instant::now(), until);
}

#[test]
fn hooks_that_are_values_are_called_again_and_again() {
    #[retry(Busy = 1, on_retry = hook, on_give_up = boxed.hook)]
    fn fetch(hook: impl Fn(retry_core::Event<'_, Failure>), boxed: &Boxed) -> Result<(), Failure> {
        Err(Failure::Busy)
    }

    type Hook = dyn Fn(retry_core::Event<'_, Failure>);

    struct Boxed {
        hook: Box<Hook>,
    }

    let _waits = retry_core::testing::record();
    let calls = std::rc::Rc::new(Calls::new());
    let counted = std::rc::Rc::clone(&calls);
    let boxed = Boxed { hook: Box::new(move |_| assert_eq!(counted.next(), 4)) };
    assert_eq!(fetch(|event| assert_eq!(calls.next(), event.attempt()), &boxed), Err(Failure::Busy));
    assert_eq!(calls.take(), 4);
}
