//! Traits and their implementations, with and without `#[async_trait]`.

use std::sync::Arc;

use retry_core::retry;
use retry_core::testing::record;

use crate::common::{Calls, Failure};
use crate::kinds::Client;

trait Fetch {
    fn calls(&self) -> &Calls;

    fn fetch(&mut self, name: &str) -> Result<String, Failure>;

    #[retry(Busy = 1)]
    fn with_default(&self) -> Result<u32, Failure> {
        self.calls().third()
    }

    #[retry(Busy = 1)]
    fn with_default_sized(self) -> Result<u32, Failure>
    where
        Self: Sized,
    {
        self.calls().third()
    }
}

impl Fetch for Client {
    fn calls(&self) -> &Calls {
        &self.calls
    }

    #[retry(Busy = 1)]
    fn fetch(&mut self, name: &str) -> Result<String, Failure> {
        self.log.push(self.calls.third()?);
        Ok(name.to_owned())
    }
}

#[test]
fn trait_impl_and_default_method() {
    let (_waits, mut client) = (record(), Client::default());
    assert_eq!((client.fetch("x"), client.calls.take()), (Ok("x".to_owned()), 3));
    let dynamic: &mut dyn Fetch = &mut client;
    assert_eq!((dynamic.fetch("x"), dynamic.calls().take()), (Ok("x".to_owned()), 3));
    assert_eq!((dynamic.with_default(), dynamic.calls().take()), (Ok(3), 3));
    assert_eq!(client.with_default_sized(), Ok(3));
}

trait Load<T> {
    type Error;
    async fn load(&self, value: T) -> Result<T, Self::Error>;

    #[retry(when(|_: &Self::Error| true) = 1)]
    async fn load_often(&self, value: T) -> Result<T, Self::Error>
    where
        T: Clone,
    {
        self.load(value.clone()).await
    }
}

impl<T: Clone> Load<T> for Client {
    type Error = Failure;

    #[retry(Failure::Busy = 1)]
    async fn load(&self, value: T) -> Result<T, Self::Error> {
        self.calls.third_async().await?;
        Ok(value.clone())
    }
}

/// Needs more attempts than the inner function has.
struct Stubborn(Calls);

impl Load<u32> for Stubborn {
    type Error = Failure;

    async fn load(&self, value: u32) -> Result<u32, Failure> {
        self.0.third_async().await?;
        Ok(value)
    }
}

#[tokio::test(start_paused = true)]
async fn native_async_trait() {
    let client = Client::default();
    assert_eq!((client.load("x").await, client.calls.take()), (Ok("x"), 3));
    let stubborn = Stubborn(Calls::new());
    assert_eq!((stubborn.load_often(7).await, stubborn.0.take()), (Ok(7), 3));
}

trait FetchSend {
    fn fetch_send(&mut self, name: &str) -> impl Future<Output = Result<String, Failure>> + Send;
}

impl FetchSend for Client {
    #[retry(Busy = 1)]
    async fn fetch_send(&mut self, name: &str) -> Result<String, Failure> {
        self.log.push(self.calls.third_async().await?);
        Ok(name.to_owned())
    }
}

#[tokio::test(start_paused = true)]
async fn native_async_trait_that_is_send() {
    let (client, result) = tokio::spawn(async {
        let mut client = Client::default();
        let result = client.fetch_send("x").await;
        (client, result)
    })
    .await
    .expect("no panic");
    assert_eq!((result, client.calls.take(), client.log), (Ok("x".to_owned()), 3, vec![3]));
}

mod with_async_trait {
    use super::{Arc, Calls, Failure, retry};

    #[derive(Debug, Default)]
    struct Client {
        calls: Calls,
        log: Vec<u32>,
    }

    #[async_trait::async_trait]
    trait Fetch {
        async fn by_mut(&mut self, name: String) -> Result<String, Failure>;
        async fn by_arc(self: Arc<Self>, plus: u32) -> Result<u32, Failure>;
        async fn borrowed<'a>(&'a self, name: &'a str) -> Result<&'a str, Failure>;
        async fn pattern(&self, pair: (u32, u32)) -> Result<u32, Failure>;
        async fn cloned(&self, pair: (String, String)) -> Result<String, Failure>;
        async fn generic<T: Send + Sync + Clone>(&self, value: T) -> Result<T, Failure>;
        async fn associated(calls: &Calls) -> Result<u32, Failure>;

        #[retry(Busy = 1)]
        async fn with_default(&self, calls: &Calls) -> Result<u32, Failure> {
            calls.third_async().await
        }
    }

    #[async_trait::async_trait]
    impl Fetch for Client {
        #[retry(Busy = 1, clone(name))]
        async fn by_mut(&mut self, mut name: String) -> Result<String, Failure> {
            name.push('!');
            self.log.push(1);
            self.calls.third_async().await?;
            Ok(name)
        }

        #[retry(Busy = 1)]
        async fn by_arc(self: Arc<Self>, plus: u32) -> Result<u32, Failure> {
            Ok(self.calls.third_async().await? + plus)
        }

        #[retry(Busy = 1, attempt = n)]
        async fn borrowed<'a>(&'a self, name: &'a str) -> Result<&'a str, Failure> {
            assert_eq!(self.calls.third_async().await?, n.number());
            Ok(name)
        }

        #[retry(Busy = 1)]
        async fn pattern(&self, (a, mut b): (u32, u32)) -> Result<u32, Failure> {
            b += 1;
            Ok(self.calls.third_async().await? + a + b)
        }

        #[retry(Busy = 1, clone(a, b))]
        async fn cloned(&self, (a, mut b): (String, String)) -> Result<String, Failure> {
            b += &a;
            drop(a);
            self.calls.third_async().await?;
            Ok(b)
        }

        #[retry(Busy = 1)]
        async fn generic<T: Send + Sync + Clone>(&self, value: T) -> Result<T, Failure> {
            self.calls.third_async().await?;
            Ok(value.clone())
        }

        #[retry(Busy = 1)]
        async fn associated(calls: &Calls) -> Result<u32, Failure> {
            calls.third_async().await
        }
    }

    #[tokio::test(start_paused = true)]
    async fn each_kind_of_method() {
        let mut client = Client::default();
        assert_eq!((client.by_mut("x".to_owned()).await, client.calls.take()), (Ok("x!".to_owned()), 3));
        assert_eq!(client.log, [1, 1, 1]);
        assert_eq!((client.borrowed("x").await, client.calls.take()), (Ok("x"), 3));
        assert_eq!((client.pattern((10, 20)).await, client.calls.take()), (Ok(36), 3));
        let pair = ("x".to_owned(), "y".to_owned());
        assert_eq!((client.cloned(pair).await, client.calls.take()), (Ok("yx".to_owned()), 3));
        assert_eq!((client.generic("x").await, client.calls.take()), (Ok("x"), 3));
        let calls = Calls::new();
        assert_eq!((client.with_default(&calls).await, calls.take()), (Ok(3), 3));
        assert_eq!((Client::associated(&calls).await, calls.take()), (Ok(3), 3));
        assert_eq!(Arc::new(client).by_arc(1).await, Ok(4));
    }

    /// The attribute above `#[async_trait]`'s methods of a `?Send` trait.
    #[async_trait::async_trait(?Send)]
    trait Local {
        async fn local(&self) -> Result<std::rc::Rc<u32>, Failure>;
    }

    #[async_trait::async_trait(?Send)]
    impl Local for Client {
        #[retry(Busy = 1)]
        async fn local(&self) -> Result<std::rc::Rc<u32>, Failure> {
            let n = std::rc::Rc::new(self.calls.third_async().await?);
            tokio::task::yield_now().await;
            Ok(n)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn not_send() {
        let client = Client::default();
        assert_eq!((client.local().await.map(|n| *n), client.calls.take()), (Ok(3), 3));
    }
}
