//! The future of an annotated function is `Send` wherever the bare function's is, and fit for `tokio::spawn`.
//! Where that would be false these tests do not compile.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use retry_core::testing::record;
use retry_core::{Policy, retry, retry_policy, retry_with};

use crate::common::{Calls, Failure};

/// Compiles for `Send` futures only.
fn sent<F: Future + Send>(future: F) -> F {
    future
}

/// Compiles for futures of which it can be proven in general, not only for one lifetime.
async fn spawned<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    tokio::spawn(future).await.expect("no panic")
}

/// Any await that takes a moment.
async fn moment() {
    tokio::task::yield_now().await;
}

#[tokio::test(start_paused = true)]
async fn a_local_that_is_not_send_and_ends_before_the_await() {
    #[retry(Busy = 1)]
    async fn local(calls: &Calls) -> Result<u32, Failure> {
        let n = {
            let shared = Rc::new(Cell::new(1));
            shared.set(2);
            shared.get()
        };
        moment().await;
        Ok(calls.third_async().await? + n)
    }
    #[retry(Busy = 1)]
    async fn after(calls: &Calls) -> Result<u32, Failure> {
        let n = calls.third_async().await?;
        let shared = Rc::new(n);
        Ok(*shared)
    }
    let calls = Calls::new();
    assert_eq!((sent(local(&calls)).await, calls.take()), (Ok(5), 3));
    assert_eq!((sent(after(&calls)).await, calls.take()), (Ok(3), 3));
}

#[tokio::test(start_paused = true)]
async fn a_value_that_is_not_send() {
    #[retry(Busy = 1)]
    async fn plain(calls: &Calls) -> Result<Rc<u32>, Failure> {
        calls.third_async().await.map(Rc::new)
    }
    #[retry(Busy = 1, until = |n| **n == 3, deadline = 1h, attempt = n)]
    async fn options(calls: &Calls) -> Result<Rc<u32>, Failure> {
        calls.third_async().await?;
        Ok(Rc::new(n.number()))
    }
    #[retry(until = |n| **n == 3)]
    async fn option(calls: &Calls) -> Option<Rc<u32>> {
        moment().await;
        Some(Rc::new(calls.next()))
    }
    #[retry(Busy = 1, timeout = 1s => Failure::Busy)]
    async fn limited(calls: &Calls) -> Result<Rc<u32>, Failure> {
        calls.third_async().await.map(Rc::new)
    }
    let calls = Calls::new();
    assert_eq!((sent(plain(&calls)).await, calls.take()), (Ok(Rc::new(3)), 3));
    assert_eq!((sent(options(&calls)).await, calls.take()), (Ok(Rc::new(3)), 3));
    assert_eq!((sent(option(&calls)).await, calls.take()), (Some(Rc::new(3)), 3));
    assert_eq!((sent(limited(&calls)).await, calls.take()), (Ok(Rc::new(3)), 3));
}

#[tokio::test(start_paused = true)]
async fn an_error_that_is_not_send() {
    #[derive(Debug, PartialEq)]
    enum Local {
        Busy(Rc<u32>),
        SlowDown { wait: Rc<u64> },
    }
    #[retry(Busy = 1, SlowDown = field(wait), backoff = exp(max = 3), deadline = 1h)]
    async fn rules(calls: &Calls) -> Result<u32, Local> {
        moment().await;
        match calls.next() {
            1 => Err(Local::Busy(Rc::new(1))),
            2 => Err(Local::SlowDown { wait: Rc::new(2) }),
            n => Ok(n),
        }
    }
    #[retry(when(|error| matches!(error, Local::Busy(_))) = 1, _ = 2)]
    async fn predicate(calls: &Calls) -> Result<u32, Local> {
        calls.third_async().await.map_err(|_| Local::Busy(Rc::new(1)))
    }
    let calls = Calls::new();
    assert_eq!((sent(rules(&calls)).await, calls.take()), (Ok(3), 3));
    assert_eq!((sent(predicate(&calls)).await, calls.take()), (Ok(3), 3));
}

/// A hook sees a reference to the error; one that is not async does not hold it over an await.
#[tokio::test(start_paused = true)]
async fn an_error_that_is_not_sync() {
    #[derive(Debug)]
    enum Boxed {
        Busy(#[allow(dead_code)] Box<dyn std::error::Error + Send>),
    }
    #[retry(Busy = 1, on_retry = |event| assert!(event.error().is_some()), on_give_up = |_| (), on_success = |_| ())]
    async fn hooks(calls: &Calls) -> Result<u32, Boxed> {
        calls.third_async().await.map_err(|error| Boxed::Busy(Box::new(error)))
    }
    #[retry(Busy = 1, until = |n| *n == 3, timeout = 1s => Boxed::Busy(Box::new(Failure::Refused)), sleep = tokio::time::sleep)]
    async fn options(calls: &Calls) -> Result<u32, Boxed> {
        calls.third_async().await.map_err(|error| Boxed::Busy(Box::new(error)))
    }
    let calls = Calls::new();
    assert_eq!((sent(hooks(&calls)).await.ok(), calls.take()), (Some(3), 3));
    assert_eq!((sent(options(&calls)).await.ok(), calls.take()), (Some(3), 3));
}

#[tokio::test(start_paused = true)]
async fn reference_arguments() {
    struct Client {
        calls: Calls,
        log: Vec<u32>,
        /// `Send`, not `Sync`: fine behind `&mut`.
        cell: Cell<u32>,
    }
    impl Client {
        #[retry(Busy = 1)]
        async fn get(
            &mut self,
            log: &mut Vec<String>,
            name: &str,
            cell: &mut Cell<u32>,
        ) -> Result<u32, Failure> {
            self.log.push(1);
            log.push(name.to_owned());
            moment().await;
            cell.set(cell.get() + 1);
            self.cell.set(cell.get());
            self.calls.third_async().await
        }
    }
    let result = spawned(async {
        let mut client = Client { calls: Calls::new(), log: vec![], cell: Cell::new(0) };
        let (mut log, name, mut cell) = (vec![], "x".to_owned(), Cell::new(0));
        let result = client.get(&mut log, &name, &mut cell).await;
        (result, client.calls.take(), client.log, log.len(), cell.get(), client.cell.get())
    });
    assert_eq!(result.await, (Ok(3), 3, vec![1, 1, 1], 3, 3, 3));
}

/// As database connections are: `Send`, not `Sync`, and used through `&self` methods.
#[tokio::test(start_paused = true)]
async fn a_mut_reference_to_what_is_not_sync() {
    #[derive(Default)]
    struct Connection(RefCell<Vec<u32>>);
    impl Connection {
        fn execute(&self, n: u32) -> usize {
            self.0.borrow_mut().push(n);
            self.0.borrow().len()
        }
    }
    #[retry(Busy = 1)]
    async fn free(calls: &Calls, connection: &mut Connection) -> Result<usize, Failure> {
        moment().await;
        let n = calls.third_async().await?;
        connection.execute(n);
        Ok(connection.execute(0))
    }
    #[retry(Busy = 1)]
    async fn typed(calls: &Calls, connection: &mut Connection, _unused: &mut u32) -> Result<usize, Failure> {
        let n = calls.third_async().await?;
        let shared: &Connection = connection;
        Ok(shared.execute(n))
    }
    struct Client {
        calls: Calls,
        connection: Connection,
        limit: Duration,
    }
    impl Client {
        #[retry(Busy = 1, timeout = self.limit => Failure::Busy, deadline = self.limit * 10)]
        async fn method(&mut self) -> Result<usize, Failure> {
            self.connection.execute(7);
            self.calls.third_async().await?;
            Ok(self.connection.execute(8))
        }
    }
    #[async_trait::async_trait]
    trait Fetch {
        async fn fetch(&mut self, connection: &mut Connection) -> Result<usize, Failure>;
    }
    #[async_trait::async_trait]
    impl Fetch for Client {
        #[retry(Busy = 1)]
        async fn fetch(&mut self, connection: &mut Connection) -> Result<usize, Failure> {
            self.connection.execute(9);
            self.calls.third_async().await?;
            connection.execute(1);
            Ok(self.connection.execute(10))
        }
    }
    let result = spawned(async {
        let calls = Calls::new();
        let connection = Connection::default();
        let mut client = Client { calls, connection, limit: Duration::from_secs(9) };
        assert_eq!((client.method().await, client.calls.take()), (Ok(4), 3));
        let mut other = Connection::default();
        assert_eq!((client.fetch(&mut other).await, client.calls.take()), (Ok(8), 3));
        assert_eq!((free(&client.calls, &mut other).await, client.calls.take()), (Ok(3), 3));
        assert_eq!((typed(&client.calls, &mut other, &mut 0).await, client.calls.take()), (Ok(4), 3));
        other.0.into_inner()
    });
    assert_eq!(result.await, [1, 3, 0, 3]);
}

#[tokio::test(start_paused = true)]
async fn arguments_behind_traits() {
    trait Fetch: Sync {
        fn fetch(&self) -> impl Future<Output = Result<u32, Failure>> + Send;
    }
    struct Client(Calls);
    impl Fetch for Client {
        #[retry(Busy = 1)]
        async fn fetch(&self) -> Result<u32, Failure> {
            self.0.third_async().await
        }
    }
    #[retry(Refused = 1)]
    async fn generic<F: Fetch>(
        fetch: &F,
        f: impl AsRef<str> + Send + Sync,
        g: &(dyn Fn() -> u32 + Sync),
    ) -> Result<u32, Failure> {
        Ok(fetch.fetch().await? + g() + u32::try_from(f.as_ref().len()).unwrap_or(0))
    }
    let result = spawned(async {
        let client = Client(Calls::new());
        (generic(&client, "ab", &|| 1).await, client.0.take())
    });
    assert_eq!(result.await, (Ok(6), 3));
}

#[tokio::test(start_paused = true)]
async fn every_option() {
    #[retry(
        Busy = 1,
        SlowDown = field(wait),
        backoff = exp(max = 5),
        deadline = 10m,
        timeout = 5s => Failure::Busy,
        until = |n| *n == 3,
        attempt = n,
        on_retry = async |event| { moment().await; told.lock().await.push(event.attempt()) },
        on_give_up = |event| assert!(event.reason().is_some()),
        on_success = async |event| { moment().await; told.lock().await.push(event.attempt() * 10) },
        clone(text),
        sleep = tokio::time::sleep,
    )]
    async fn every(calls: &Calls, told: &tokio::sync::Mutex<Vec<u32>>, text: String) -> Result<u32, Failure> {
        let taken = tokio::spawn(async move { text.len() });
        calls.third_async().await?;
        assert_eq!(taken.await.ok(), Some(2));
        assert_eq!(n.last_error(), Some(&Failure::Busy));
        Ok(n.number())
    }
    let result = spawned(async {
        let (calls, told) = (Calls::new(), tokio::sync::Mutex::new(vec![]));
        let result = every(&calls, &told, "ab".to_owned()).await;
        (result, calls.take(), told.into_inner())
    });
    assert_eq!(result.await, (Ok(3), 3, vec![1, 2, 30]));
}

#[tokio::test(start_paused = true)]
async fn a_policy_of_the_client() {
    struct Client {
        calls: Calls,
        policy: Policy,
    }
    impl Client {
        #[retry(Busy = 1, policy = self.policy)]
        async fn get(&mut self) -> Result<u32, Failure> {
            self.policy = Policy::new().attempts(1);
            self.calls.third_async().await
        }
    }
    let result = spawned(async {
        let mut client = Client { calls: Calls::new(), policy: Policy::new().attempts(3) };
        (client.get().await, client.calls.take())
    });
    // It is read once for each call: what the body makes of it holds for the next.
    assert_eq!(result.await, (Ok(3), 3));
}

#[tokio::test(start_paused = true)]
async fn recursive() {
    #[retry(Busy = 1, attempts = 2)]
    async fn down(calls: Arc<Calls>, level: u32) -> Result<u32, Failure> {
        if level == 0 {
            return Ok(0);
        }
        let n = Box::pin(down(calls.clone(), level - 1)).await?;
        if calls.next() % 2 == 1 { Err(Failure::Busy) } else { Ok(n + 1) }
    }
    let calls = Arc::new(Calls::new());
    assert_eq!(spawned(down(calls.clone(), 1)).await, Ok(1));
    assert_eq!(calls.take(), 2);
}

#[tokio::test(start_paused = true)]
async fn functions_that_return_a_future() {
    struct Client(Calls, Vec<u32>);
    impl Client {
        #[retry(Busy = 1)]
        fn get(&mut self) -> impl Future<Output = Result<u32, Failure>> + Send {
            async move {
                self.1.push(1);
                self.0.third_async().await
            }
        }
    }
    let result = spawned(async {
        let mut client = Client(Calls::new(), vec![]);
        (client.get().await, client.0.take(), client.1)
    });
    assert_eq!(result.await, (Ok(3), 3, vec![1, 1, 1]));
}

#[tokio::test(start_paused = true)]
async fn blocks_with_borrowed_arguments() {
    async fn fetch(calls: &Calls, name: &str, log: &mut Vec<String>) -> Result<u32, Failure> {
        log.push(name.to_owned());
        calls.third_async().await
    }
    let result = spawned(async {
        let (calls, name, mut log, mut count) = (Calls::new(), "x".to_owned(), vec![], 0);
        let delays = retry_policy!(Failure: Busy = 120, SlowDown = field(wait), backoff = exp(max = 5));
        let result = retry_with!(delays, |attempt| {
            count += 1;
            let n = fetch(&calls, &name, &mut log).await?;
            assert_eq!(n, attempt.number());
            Ok((n, name.as_str()))
        });
        assert_eq!(result, Ok((3, "x")));
        (calls.take(), count, log.len())
    });
    assert_eq!(result.await, (3, 3, 3));
}

/// What cannot be sent still compiles, and runs where it was made.
#[tokio::test(start_paused = true)]
async fn not_send_at_all() {
    #[retry(Busy = 1, timeout = 1s => Failure::Busy, on_retry = |event| count.set(count.get() + event.attempt()))]
    async fn local(calls: &RefCell<Calls>, count: Rc<Cell<u32>>) -> Result<Rc<u32>, Failure> {
        let shared = Rc::new(1);
        moment().await;
        let n = calls.borrow().third()?;
        moment().await;
        Ok(Rc::new(n + *shared))
    }
    let (calls, count) = (RefCell::new(Calls::new()), Rc::new(Cell::new(0)));
    let local_set = tokio::task::LocalSet::new();
    let result = local_set.run_until(local(&calls, count.clone())).await;
    assert_eq!((result, calls.borrow().take(), count.get()), (Ok(Rc::new(4)), 3, 3));
}

/// On more than one thread, with a recorder handed along.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_other_threads() {
    #[retry(Busy = 120)]
    async fn get(calls: Arc<Calls>) -> Result<u32, Failure> {
        calls.third_async().await
    }
    let waits = record().handle();
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let calls = Arc::new(Calls::new());
            (calls.clone(), tokio::spawn(waits.clone().scope(get(calls))))
        })
        .collect();
    for (calls, task) in tasks {
        assert_eq!((task.await.expect("no panic"), calls.take()), (Ok(3), 3));
    }
    assert_eq!(waits.delays().len(), 16);
    assert!(waits.delays().iter().all(|wait| *wait >= Duration::from_secs(120)));
}
