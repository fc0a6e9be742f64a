//! Functions that are not async and return a future.

use std::pin::Pin;
use std::sync::Arc;

use retry_core::retry;

use crate::common::{Calls, Failure};
use crate::kinds::Client;

impl Client {
    #[retry(Busy = 1)]
    fn future(&self) -> impl Future<Output = Result<u32, Failure>> + Send {
        async move { self.calls.third_async().await }
    }

    #[retry(Busy = 1)]
    fn future_of_mut(&mut self) -> impl Future<Output = Result<usize, Failure>> + Send + '_ {
        async move {
            self.log.push(1);
            tokio::task::yield_now().await;
            if self.log.len() < 3 { Err(Failure::Busy) } else { Ok(self.log.len()) }
        }
    }

    #[retry(Busy = 1)]
    fn boxed(&mut self) -> Pin<Box<dyn Future<Output = Result<usize, Failure>> + Send + '_>> {
        Box::pin(async move {
            self.log.push(1);
            if self.log.len() < 3 { Err(Failure::Busy) } else { Ok(self.log.len()) }
        })
    }

    // More than one `async move`: the body is run again for each attempt.
    #[retry(Busy = 1)]
    fn prepared(&self) -> impl Future<Output = Result<u32, Failure>> + Send {
        let plus = 1;
        async move { Ok(self.calls.third_async().await? + plus) }
    }

    #[retry(Busy = 1, timeout = 5s => Failure::Busy)]
    fn prepared_limited(&self) -> impl Future<Output = Result<u32, Failure>> + Send {
        let slow = self.calls.next() < 3;
        async move {
            if slow {
                std::future::pending::<()>().await;
            }
            Ok(7)
        }
    }

    #[retry(Busy = 1)]
    fn prepared_boxed(&self, twice: bool) -> futures::future::BoxFuture<'_, Result<u32, Failure>> {
        if twice {
            return Box::pin(async move { Ok(self.calls.third_async().await? * 2) });
        }
        Box::pin(self.calls.third_async())
    }
}

#[tokio::test(start_paused = true)]
async fn returning_a_future() {
    #[retry(Busy = 1)]
    fn free<'c>(calls: &'c Calls, name: &'c str) -> impl Future<Output = Result<String, Failure>> + use<'c> {
        async move { Ok(format!("{name}{}", calls.third_async().await?)) }
    }
    let calls = Calls::new();
    assert_eq!((free(&calls, "x").await, calls.take()), (Ok("x3".to_owned()), 3));
    let mut client = Client::default();
    assert_eq!((client.future().await, client.calls.take()), (Ok(3), 3));
    assert_eq!((client.prepared().await, client.calls.take()), (Ok(4), 3));
    assert_eq!((client.prepared_limited().await, client.calls.take()), (Ok(7), 3));
    assert_eq!((client.prepared_boxed(true).await, client.calls.take()), (Ok(6), 3));
    assert_eq!((client.prepared_boxed(false).await, client.calls.take()), (Ok(3), 3));
    assert_eq!(client.future_of_mut().await, Ok(3));
    client.log.clear();
    assert_eq!(client.boxed().await, Ok(3));
}

#[tokio::test(start_paused = true)]
async fn returning_a_future_does_nothing_before_it_is_polled() {
    let client = Client::default();
    drop(client.future());
    drop(client.prepared());
    assert_eq!(client.calls.take(), 0);
}

#[tokio::test(start_paused = true)]
async fn returning_a_future_that_owns_its_arguments() {
    #[retry(Busy = 1)]
    fn boxed(calls: Arc<Calls>, name: String) -> futures::future::BoxFuture<'static, Result<usize, Failure>> {
        Box::pin(async move {
            calls.third_async().await?;
            Ok(name.len())
        })
    }
    #[retry(Busy = 1, clone(name))]
    fn consumes(
        calls: Arc<Calls>,
        name: String,
    ) -> impl Future<Output = Result<String, Failure>> + Send + 'static {
        async move {
            calls.third_async().await?;
            Ok(name)
        }
    }
    let calls = Arc::new(Calls::new());
    let result = tokio::spawn(boxed(calls.clone(), "ab".to_owned())).await.expect("no panic");
    assert_eq!((result, calls.take()), (Ok(2), 3));
    let result = tokio::spawn(consumes(calls.clone(), "ab".to_owned())).await.expect("no panic");
    assert_eq!((result, calls.take()), (Ok("ab".to_owned()), 3));
}
