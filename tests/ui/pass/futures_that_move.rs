#![deny(warnings)]

//! Futures of retried functions can be sent to other threads, hooks and timers of the user's own included.

use retry_core::{Event, StopToken, retry, retry_policy, retry_with};
use std::time::Duration;

#[derive(Debug)]
pub enum ApiError {
    Timeout,
}

async fn log(event: Event<'_, ApiError>) {
    std::future::ready(()).await;
    let _ = event.error();
}

struct Client {
    stop: StopToken,
    calls: u32,
}

impl Client {
    #[retry(
        Timeout = 1,
        on_retry = log,
        on_give_up = async |event| log(event).await,
        sleep = |wait| async move { tokio::time::sleep(wait).await },
        timeout = Duration::from_secs(5) => ApiError::Timeout,
        attempt = n,
    )]
    async fn call(&mut self, name: &str) -> Result<u32, ApiError> {
        std::future::ready(()).await;
        self.calls += n.number();
        if name.is_empty() { Err(ApiError::Timeout) } else { Ok(self.calls) }
    }

    async fn block(&mut self) -> Result<u32, ApiError> {
        let delays = retry_policy!(ApiError: Timeout = 1, on_retry = |_| {});
        let _ = &self.stop;
        retry_with!(delays, async |attempt| {
            std::future::ready(()).await;
            self.calls += attempt.number();
            Ok(self.calls)
        })
    }
}

fn is_send<F: Future + Send>(_: F) {}

fn main() {
    let mut client = Client { stop: StopToken::new(), calls: 0 };
    is_send(client.call("name"));
    is_send(client.block());
}
