//! Receivers.

use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use retry_core::retry;
use retry_core::testing::record;

use crate::common::{Calls, Failure};
use crate::kinds::Client;

impl Client {
    #[retry(Busy = 1)]
    fn by_ref(&self, suffix: &str) -> Result<String, Failure> {
        self.calls.third()?;
        Ok(format!("{}{suffix}", self.name))
    }

    #[retry(Busy = 1)]
    async fn by_ref_async(&self, suffix: &str) -> Result<String, Failure> {
        self.calls.third_async().await?;
        Ok(format!("{}{suffix}", self.name))
    }

    #[retry(Busy = 1)]
    fn by_mut(&mut self) -> Result<usize, Failure> {
        self.log.push(self.calls.next());
        if self.log.len() < 3 { Err(Failure::Busy) } else { Ok(self.log.len()) }
    }

    #[retry(Busy = 1)]
    async fn by_mut_async(&mut self) -> Result<usize, Failure> {
        self.log.push(self.calls.next());
        tokio::task::yield_now().await;
        if self.log.len() < 3 { Err(Failure::Busy) } else { Ok(self.log.len()) }
    }

    #[retry(Busy = 1)]
    fn by_value(self) -> Result<String, Failure> {
        self.calls.third()?;
        Ok(self.name.clone())
    }

    #[retry(Busy = 1)]
    async fn by_value_async(self) -> Result<String, Failure> {
        self.calls.third_async().await?;
        Ok(self.name.clone())
    }

    #[retry(Busy = 1)]
    fn by_mut_value(mut self) -> Result<Vec<u32>, Failure> {
        self.log.push(self.calls.next());
        if self.log.len() < 3 { Err(Failure::Busy) } else { Ok(std::mem::take(&mut self.log)) }
    }

    #[retry(Busy = 1)]
    fn by_arc(self: Arc<Self>) -> Result<String, Failure> {
        let this = Arc::clone(&self);
        this.calls.third()?;
        Ok(self.name.clone())
    }

    #[retry(Busy = 1)]
    async fn by_arc_async(self: Arc<Self>) -> Result<String, Failure> {
        let this = Arc::clone(&self);
        tokio::spawn(async move { this.calls.third_async().await }).await.expect("no panic")?;
        Ok(self.name.clone())
    }

    #[retry(Busy = 1)]
    fn by_arc_ref(self: &Arc<Self>) -> Result<Arc<Self>, Failure> {
        self.calls.third()?;
        Ok(Arc::clone(self))
    }

    #[retry(Busy = 1)]
    fn by_rc(self: Rc<Self>) -> Result<u32, Failure> {
        self.calls.third()
    }

    #[retry(Busy = 1)]
    async fn by_rc_async(self: Rc<Self>) -> Result<u32, Failure> {
        self.calls.third_async().await
    }

    #[retry(Busy = 1)]
    fn by_box(mut self: Box<Self>) -> Result<usize, Failure> {
        self.log.push(self.calls.next());
        if self.log.len() < 3 { Err(Failure::Busy) } else { Ok(self.log.len()) }
    }

    #[retry(Busy = 1)]
    async fn by_box_async(self: Box<Self>) -> Result<u32, Failure> {
        self.calls.third_async().await
    }

    #[retry(Busy = 1)]
    fn by_pin(mut self: Pin<&mut Self>) -> Result<usize, Failure> {
        let next = self.calls.next();
        self.as_mut().log.push(next);
        if self.log.len() < 3 { Err(Failure::Busy) } else { Ok(self.log.len()) }
    }

    #[retry(Busy = 1)]
    async fn by_pin_async(mut self: Pin<&mut Self>) -> Result<usize, Failure> {
        let next = self.calls.next();
        self.as_mut().get_mut().log.push(next);
        tokio::task::yield_now().await;
        if self.log.len() < 3 { Err(Failure::Busy) } else { Ok(self.log.len()) }
    }

    #[retry(Busy = 1)]
    fn associated(calls: &Calls) -> Result<Self, Failure> {
        calls.third()?;
        Ok(Self::default())
    }
}

#[test]
fn receiver_ref() {
    let (_waits, client) = (record(), Client::named("x"));
    assert_eq!(client.by_ref("!"), Ok("x!".to_owned()));
    assert_eq!(client.calls.take(), 3);
}

#[tokio::test(start_paused = true)]
async fn receiver_ref_async() {
    let client = Client::named("x");
    assert_eq!(client.by_ref_async("!").await, Ok("x!".to_owned()));
    assert_eq!(client.calls.take(), 3);
}

#[test]
fn receiver_mut() {
    let (_waits, mut client) = (record(), Client::default());
    assert_eq!(client.by_mut(), Ok(3));
    assert_eq!(client.log, [1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn receiver_mut_async() {
    let mut client = Client::default();
    assert_eq!(client.by_mut_async().await, Ok(3));
    assert_eq!(client.log, [1, 2, 3]);
}

#[test]
fn receiver_value() {
    let _waits = record();
    // Anything but the third call is an error.
    assert_eq!(Client::named("x").by_value(), Ok("x".to_owned()));
    assert_eq!(Client::default().by_mut_value(), Ok(vec![1, 2, 3]));
}

#[tokio::test(start_paused = true)]
async fn receiver_value_async() {
    assert_eq!(Client::named("x").by_value_async().await, Ok("x".to_owned()));
}

#[test]
fn receiver_arc() {
    let (_waits, client) = (record(), Arc::new(Client::named("x")));
    assert_eq!((Arc::clone(&client).by_arc(), client.calls.take()), (Ok("x".to_owned()), 3));
    assert_eq!(client.by_arc_ref().map(|this| Arc::ptr_eq(&this, &client)), Ok(true));
    assert_eq!(client.calls.take(), 3);
}

#[tokio::test(start_paused = true)]
async fn receiver_arc_async() {
    let client = Arc::new(Client::named("x"));
    assert_eq!(Arc::clone(&client).by_arc_async().await, Ok("x".to_owned()));
    assert_eq!(client.calls.take(), 3);
}

#[test]
fn receiver_rc() {
    let (_waits, client) = (record(), Rc::new(Client::default()));
    assert_eq!((Rc::clone(&client).by_rc(), client.calls.take()), (Ok(3), 3));
    assert_eq!(Rc::strong_count(&client), 1);
}

#[tokio::test(start_paused = true)]
async fn receiver_rc_async() {
    let client = Rc::new(Client::default());
    assert_eq!((Rc::clone(&client).by_rc_async().await, client.calls.take()), (Ok(3), 3));
    assert_eq!(Rc::strong_count(&client), 1);
}

#[test]
fn receiver_box() {
    let _waits = record();
    assert_eq!(Box::new(Client::default()).by_box(), Ok(3));
}

#[tokio::test(start_paused = true)]
async fn receiver_box_async() {
    assert_eq!(Box::new(Client::default()).by_box_async().await, Ok(3));
}

#[test]
fn receiver_pin() {
    let (_waits, mut client) = (record(), Client::default());
    assert_eq!(Pin::new(&mut client).by_pin(), Ok(3));
    assert_eq!(client.log, [1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn receiver_pin_async() {
    let mut client = Client::default();
    assert_eq!(Pin::new(&mut client).by_pin_async().await, Ok(3));
    assert_eq!(client.log, [1, 2, 3]);
}

#[test]
fn associated_function() {
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!(Client::associated(&calls).map(|client| client.name), Ok(String::new()));
    assert_eq!(calls.take(), 3);
}
