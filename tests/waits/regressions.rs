//! Bugs of our own, each with the test that would have shown it.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use retry_core::{
    Classification, GiveUp, Policy, RetryClassify, RetryPolicy, StopToken, retry, retry_policy, testing,
};

use crate::support::ApiError::{self, Busy, Timeout};
use crate::support::virtually;

fn secs<const N: usize>(seconds: [u64; N]) -> [Duration; N] {
    seconds.map(Duration::from_secs)
}

#[test]
fn a_timeout_ends_an_attempt_that_uses_up_the_tasks_budget() {
    #[retry(timeout = 20ms => Timeout, Busy = 1)]
    async fn greedy() -> Result<(), ApiError> {
        loop {
            tokio::task::consume_budget().await;
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    assert_eq!(runtime.block_on(greedy()), Err(Timeout));
}

#[test]
fn sleep_and_timeout_of_a_policy_go_in_either_order() {
    virtually(async {
        let policy =
            || RetryPolicy::new(Policy::new().attempts(1)).classify(|_: &ApiError| Classification::Permanent);
        let second = Duration::from_secs(1);
        let attempt = async |_: retry_core::Attempt<'_, ApiError>| {
            tokio::time::sleep(Duration::from_secs(1000)).await;
            Ok(())
        };
        let one = policy().timeout(second, || Timeout).sleep(tokio::time::sleep);
        let other = policy().sleep(tokio::time::sleep).timeout(second, || Timeout);
        assert_eq!(one.run(attempt).await, Err(Timeout));
        assert_eq!(other.run(attempt).await, Err(Timeout));
    });
}

#[test]
fn the_error_of_a_blocks_timeout_may_be_made_of_what_is_around() {
    virtually(async {
        let answers = [Busy, Timeout];
        let delays = retry_policy!(ApiError: Busy = never, timeout = 1s => answers[0].clone());
        assert_eq!(delays.run(async |_| std::future::pending::<Result<(), _>>().await).await, Err(Busy));
    });
}

#[test]
fn a_wait_that_a_recorder_skips_lets_others_run_whatever_the_timer() {
    #[retry(Busy = 1, attempts = unlimited, sleep = tokio::time::sleep)]
    async fn forever() -> Result<(), ApiError> {
        Err(Busy)
    }
    let _recorder = testing::record();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let limited = async { tokio::time::timeout(Duration::from_millis(20), forever()).await };
    assert!(runtime.block_on(limited).is_err());
}

#[test]
fn what_one_call_skips_is_not_charged_to_another() {
    #[retry(Busy = 600, attempts = 5, deadline = 1h, jitter = none)]
    async fn fetch() -> Result<(), ApiError> {
        tokio::task::yield_now().await;
        Err(Busy)
    }
    virtually(async {
        let recorder = testing::record();
        let all = tokio::join!(fetch(), fetch(), fetch());
        assert_eq!(all, (Err(Busy), Err(Busy), Err(Busy)));
        assert_eq!(recorder.delays().len(), 12);
    });
}

#[test]
fn a_wait_that_is_skipped_passes_after_the_hook_and_before_the_next_attempt() {
    let told = std::cell::RefCell::new(Vec::new());

    #[retry(
        Busy = 5, jitter = none, attempt = n,
        on_retry = |event| told.borrow_mut().push(event.elapsed().as_secs()),
        on_success = |event| told.borrow_mut().push(event.elapsed().as_secs())
    )]
    fn fetch(told: &std::cell::RefCell<Vec<u64>>) -> Result<(), ApiError> {
        told.borrow_mut().push(n.elapsed().as_secs());
        if n.number() == 3 { Ok(()) } else { Err(Busy) }
    }

    let _recorder = testing::record();
    assert_eq!(fetch(&told), Ok(()));
    assert_eq!(told.into_inner(), [0, 0, 5, 5, 10, 10]);
}

#[test]
fn a_stopped_wait_is_no_part_of_the_attempt_before_it() {
    virtually(async {
        let told = Cell::new(None);

        #[retry(
            Busy = 5, jitter = none,
            sleep = async |wait| { tokio::time::sleep(wait).await; std::ops::ControlFlow::<()>::Break(()) },
            on_give_up = |event| told.set(Some((event.reason(), event.attempt_elapsed(), event.elapsed())))
        )]
        async fn fetch(told: &Cell<Option<(Option<GiveUp>, Duration, Duration)>>) -> Result<(), ApiError> {
            tokio::time::sleep(Duration::from_secs(2)).await;
            Err(Busy)
        }

        assert_eq!(fetch(&told).await, Err(Busy));
        assert_eq!(told.get(), Some((Some(GiveUp::Stopped), Duration::from_secs(2), Duration::from_secs(7))));
    });
}

#[test]
fn a_variant_that_a_predicate_and_a_rule_meet_grows_as_one() {
    #[derive(Debug)]
    enum Error {
        Busy(u8),
    }

    #[retry(when(|error| matches!(error, Error::Busy(0))) = 1, Busy = 10, backoff = exp(max = 4), jitter = none)]
    fn fetch(calls: &Cell<u8>) -> Result<(), Error> {
        calls.set(calls.get() + 1);
        Err(Error::Busy((calls.get() + 1) % 2))
    }

    let recorder = testing::record();
    let Error::Busy(last) = fetch(&Cell::new(0)).unwrap_err();
    assert_eq!((recorder.delays(), last), (secs([1, 20, 4]).to_vec(), 1));
}

#[derive(Debug, Clone, Copy, RetryClassify)]
#[retry(default = transient)]
enum Two {
    One,
    Other,
}

#[test]
fn variants_behind_a_pointer_grow_by_themselves() {
    type Aliased<E> = Result<(), E>;

    static ONE: Two = Two::One;
    static OTHER: Two = Two::Other;

    fn next(calls: &Cell<u8>) -> Two {
        calls.set(calls.get() + 1);
        if calls.get() % 2 == 1 { Two::One } else { Two::Other }
    }

    #[retry(backoff = exp(max = 5), jitter = none)]
    fn by_reference(calls: &Cell<u8>) -> Result<(), &'static Two> {
        Err(match next(calls) {
            Two::One => &ONE,
            Two::Other => &OTHER,
        })
    }

    #[retry(backoff = exp(max = 5), jitter = none)]
    fn by_alias(calls: &Cell<u8>) -> Aliased<Box<Two>> {
        Err(Box::new(next(calls)))
    }

    #[retry(backoff = exp(max = 5), jitter = none)]
    fn by_rc(calls: &Cell<u8>) -> Result<(), Rc<Two>> {
        Err(Rc::new(next(calls)))
    }

    let recorder = testing::record();
    let mut all = Vec::new();
    assert!(by_reference(&Cell::new(0)).is_err());
    all.extend(secs([1, 1, 2, 2]));
    assert!(by_alias(&Cell::new(0)).is_err());
    all.extend(secs([1, 1, 2, 2]));
    assert!(by_rc(&Cell::new(0)).is_err());
    all.extend(secs([1, 1, 2, 2]));
    let delays = retry_policy!(Arc<Two>: backoff = exp(max = 5), jitter = none);
    let calls = Cell::new(0);
    assert!(delays.run_blocking(|_| Err::<(), _>(Arc::new(next(&calls)))).is_err());
    all.extend(secs([1, 1, 2, 2]));
    assert_eq!(recorder.delays(), all);
}

#[test]
fn a_growing_jitter_asks_for_the_base() {
    let asked = Cell::new(Duration::ZERO);

    #[retry(
        Busy = 1, backoff = exp(max = 6, jitter = decorrelated),
        on_retry = |event| asked.set(asked.get() + event.asked())
    )]
    fn fetch(asked: &Cell<Duration>) -> Result<(), ApiError> {
        Err(Busy)
    }

    let _recorder = testing::record();
    assert_eq!(fetch(&asked), Err(Busy));
    assert_eq!(asked.get(), Duration::from_secs(5));
}

#[test]
fn the_last_attempt_knows_that_it_is_the_last() {
    #[retry(Busy = 1, attempts = 2, attempt = n)]
    fn fetch() -> Result<u32, ApiError> {
        if n.is_last() { Ok(n.number()) } else { Err(Busy) }
    }
    let _recorder = testing::record();
    assert_eq!(fetch(), Ok(2));
}

#[test]
fn derives_of_odd_enums() {
    #[derive(Debug, RetryClassify)]
    enum Never {}

    #[derive(Debug, RetryClassify)]
    enum Recursive<T> {
        #[retry(forward)]
        Deep(Box<Recursive<T>>),
        #[retry(forward)]
        Leaf(T),
    }

    #[deny(deprecated)]
    mod deprecating {
        #[derive(Debug, retry_core::RetryClassify)]
        pub(crate) enum Old {
            #[deprecated]
            #[retry(transient)]
            #[allow(dead_code)]
            Gone,
            New,
        }
    }

    let nested = Recursive::Deep(Box::new(Recursive::Leaf(Two::One)));
    assert_eq!(nested.classify(), Classification::Transient);
    assert_eq!(deprecating::Old::New.classify(), Classification::Permanent);
    let none: Option<Never> = None;
    assert_eq!(none.classify(), Classification::Permanent);
}

#[test]
fn a_policy_can_be_shown_whatever_is_in_it() {
    #[derive(Debug)]
    struct Client {
        #[allow(dead_code)]
        delays: retry_core::SharedRetryPolicy<ApiError>,
    }
    let stop = StopToken::new();
    let delays = retry_policy!(ApiError: Busy = 1, on_retry = |_| stop.stop());
    assert!(format!("{delays:?}").starts_with("RetryPolicy { policy: Policy {"));
    let client = Client { delays: retry_policy!(ApiError: Busy = 1).shared() };
    assert!(format!("{client:?}").contains("RetryPolicy"));
}

#[test]
fn impl_trait_within_an_arguments_type_can_be_cloned() {
    #[retry(Busy = 1, clone(items))]
    fn count(items: Vec<impl Clone + Into<u64>>) -> Result<u64, ApiError> {
        Ok(items.into_iter().map(Into::into).sum())
    }
    assert_eq!(count(vec![1_u8, 2]), Ok(3));
}

#[test]
fn variants_that_do_not_begin_with_a_large_letter_are_rules() {
    #[derive(Debug)]
    enum Error {
        _Odd,
    }

    #[retry(_Odd = 3, jitter = none, attempts = 2)]
    fn fetch() -> Result<(), Error> {
        Err(Error::_Odd)
    }

    let recorder = testing::record();
    assert!(fetch().is_err());
    assert_eq!(recorder.delays(), secs([3]));
}

#[test]
fn a_policy_without_a_type_may_have_a_rule_for_the_rest() {
    let recorder = testing::record();
    let delays = retry_policy!(_ = 1s, attempts = 2, jitter = none);
    assert_eq!(delays.run_blocking(|_| Err::<(), _>(Busy)), Err(Busy));
    assert_eq!(recorder.delays(), secs([1]));
}

#[test]
fn what_the_options_name_is_called_again_and_again() {
    struct Owned {
        when: Box<dyn Fn(&ApiError) -> bool>,
        until: Box<dyn Fn(&u8) -> bool>,
        sleep: Box<dyn Fn(Duration)>,
        hook: fn(retry_core::Event<'_, ApiError>),
    }

    impl Owned {
        #[retry(
            when(self.when) = 1, until = self.until, sleep = self.sleep, on_retry = (self.hook), attempt = n,
            on_give_up = last
        )]
        fn fields(&self, last: impl FnOnce(retry_core::Event<'_, ApiError>)) -> Result<u8, ApiError> {
            if n.number() == 1 { Err(Busy) } else { Ok(0) }
        }
    }

    #[retry(when(when) = 1, until = until, sleep = sleep, on_retry = hook, on_give_up = last)]
    fn arguments(
        when: Box<dyn Fn(&ApiError) -> bool>,
        until: impl Fn(&u8) -> bool,
        sleep: impl Fn(Duration),
        hook: impl Fn(retry_core::Event<'_, ApiError>),
        last: &mut dyn FnMut(retry_core::Event<'_, ApiError>),
    ) -> Result<u8, ApiError> {
        Err(Busy)
    }

    let recorder = testing::record();
    let owned =
        Owned { when: Box::new(|_| true), until: Box::new(|_| false), sleep: Box::new(|_| ()), hook: |_| () };
    let mut given_up = 0;
    assert_eq!(owned.fields(|_| given_up += 1), Ok(0));
    let mut last = |_: retry_core::Event<'_, ApiError>| given_up += 1;
    let all = arguments(Box::new(|_| true), |_| false, |_| (), |_| (), &mut last);
    assert_eq!((all, given_up, recorder.delays().len()), (Err(Busy), 2, 6));
}

#[test]
fn a_stopped_block_asks_its_predicates_no_second_time() {
    let asked = Cell::new(0);
    let delays = retry_policy!(
        ApiError: when(|_| { asked.set(asked.get() + 1); true }) = 1,
        sleep = |_| std::ops::ControlFlow::<()>::Break(())
    );
    assert_eq!(delays.run_blocking(|_| Err::<(), _>(Busy)), Err(Busy));
    assert_eq!(asked.get(), 1);
}
