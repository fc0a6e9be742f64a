//! What bodies do: `?`, `return`, loops, macros, recursion, items.

use std::sync::Arc;

use retry_core::retry;
use retry_core::testing::record;

use crate::common::{Calls, Failure};

#[test]
fn question_mark() {
    #[retry(Busy = 1, Parse = never)]
    fn parse(calls: &Calls, text: &str) -> Result<u32, Failure> {
        calls.third()?;
        Ok(text.parse::<u32>()?)
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((parse(&calls, "7"), calls.take()), (Ok(7), 3));
    assert!(matches!((parse(&calls, "x"), calls.take()), (Err(Failure::Parse(_)), 3)));
}

#[tokio::test(start_paused = true)]
async fn question_mark_async() {
    #[retry(Busy = 1)]
    async fn parse(calls: &Calls, text: &str) -> Result<u32, Failure> {
        calls.third_async().await?;
        Ok(text.parse::<u32>()?)
    }
    let calls = Calls::new();
    assert_eq!((parse(&calls, "7").await, calls.take()), (Ok(7), 3));
    assert!(matches!((parse(&calls, "x").await, calls.take()), (Err(Failure::Parse(_)), 3)));
}

#[test]
fn early_return() {
    #[retry(Busy = 1)]
    fn early(calls: &Calls) -> Result<u32, Failure> {
        loop {
            match calls.next() {
                1 => return Err(Failure::Busy),
                2 => {
                    for _ in 0..9 {
                        return Err(Failure::Busy);
                    }
                }
                n => return Ok(n),
            }
        }
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((early(&calls), calls.take()), (Ok(3), 3));
}

#[tokio::test(start_paused = true)]
async fn early_return_async() {
    #[retry(Busy = 1)]
    async fn early(calls: &Calls) -> Result<u32, Failure> {
        if calls.next() < 3 {
            tokio::task::yield_now().await;
            return Err(Failure::Busy);
        }
        return Ok(3);
    }
    let calls = Calls::new();
    assert_eq!((early(&calls).await, calls.take()), (Ok(3), 3));
}

#[test]
fn question_mark_in_a_closure() {
    #[retry(Busy = 1)]
    fn inner(calls: &Calls) -> Result<u32, Failure> {
        // The closure's `?` leaves the closure; its result decides nothing here.
        let failed = (|| -> Result<u32, Failure> { Err(Failure::Refused)? })();
        assert_eq!(failed, Err(Failure::Refused));
        (|| Ok(calls.third()?))()
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((inner(&calls), calls.take()), (Ok(3), 3));
}

#[tokio::test(start_paused = true)]
async fn question_mark_in_an_async_block() {
    #[retry(Busy = 1)]
    async fn inner(calls: &Calls) -> Result<u32, Failure> {
        let failed = async {
            Err::<u32, _>(Failure::Refused)?;
            Ok::<u32, Failure>(1)
        }
        .await;
        assert_eq!(failed, Err(Failure::Refused));
        async { Ok(calls.third_async().await?) }.await
    }
    let calls = Calls::new();
    assert_eq!((inner(&calls).await, calls.take()), (Ok(3), 3));
}

#[test]
fn question_mark_in_format() {
    #[retry(Busy = 1)]
    fn text(calls: &Calls) -> Result<String, Failure> {
        Ok(format!("{}{}", calls.third()?, vec![calls.next()].len()))
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((text(&calls), calls.take()), (Ok("31".to_owned()), 4));
}

#[tokio::test(start_paused = true)]
async fn question_mark_in_select() {
    #[retry(Busy = 1)]
    async fn tokio_select(calls: &Calls) -> Result<u32, Failure> {
        tokio::select! {
            n = calls.third_async() => Ok(n?),
            () = std::future::pending() => Err(Failure::Refused),
        }
    }
    #[retry(Busy = 1)]
    async fn futures_select(calls: &Calls) -> Result<u32, Failure> {
        use futures::FutureExt as _;
        futures::select! {
            n = Box::pin(calls.third_async().fuse()) => Ok(n?),
            _ = futures::future::pending::<()>() => return Err(Failure::Refused),
        }
    }
    #[retry(Busy = 1)]
    async fn futures_try_join(calls: &Calls) -> Result<u32, Failure> {
        let (n, ()) = futures::try_join!(calls.third_async(), async { Ok(()) })?;
        Ok(n)
    }
    let calls = Calls::new();
    assert_eq!((tokio_select(&calls).await, calls.take()), (Ok(3), 3));
    assert_eq!((futures_select(&calls).await, calls.take()), (Ok(3), 3));
    assert_eq!((futures_try_join(&calls).await, calls.take()), (Ok(3), 3));
}

#[test]
fn labelled_blocks_and_loops() {
    #[retry(Busy = 1)]
    fn looped(calls: &Calls) -> Result<u32, Failure> {
        let n = 'outer: {
            for n in 0.. {
                if n == 2 {
                    break 'outer n;
                }
            }
            0
        };
        Ok(calls.third()? + n)
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((looped(&calls), calls.take()), (Ok(5), 3));
}

#[test]
fn recursion_retries_too() {
    // Every level fails once: a self-call that went round the retries would end with the first failure.
    #[retry(Busy = 1, attempts = 2)]
    fn down(calls: &Calls, failed: &mut Vec<u32>, level: u32) -> Result<u32, Failure> {
        calls.next();
        if !failed.contains(&level) {
            failed.push(level);
            return Err(Failure::Busy);
        }
        if level == 0 { Ok(0) } else { Ok(down(calls, failed, level - 1)? + 1) }
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((down(&calls, &mut Vec::new(), 4), calls.take()), (Ok(4), 10));
}

#[tokio::test(start_paused = true)]
async fn recursion_retries_too_async() {
    #[retry(Busy = 1, attempts = 2)]
    async fn down(calls: Arc<Calls>, failed: &mut Vec<u32>, level: u32) -> Result<u32, Failure> {
        calls.next();
        if !failed.contains(&level) {
            failed.push(level);
            return Err(Failure::Busy);
        }
        if level == 0 { Ok(0) } else { Ok(Box::pin(down(calls.clone(), failed, level - 1)).await? + 1) }
    }
    let calls = Arc::new(Calls::new());
    assert_eq!((down(calls.clone(), &mut Vec::new(), 4).await, calls.take()), (Ok(4), 10));
}

#[test]
fn nested_functions() {
    #[retry(Busy = 1, attempts = 3)]
    fn outer(calls: &Calls, inner_calls: &Calls) -> Result<u32, Failure> {
        #[retry(Refused = 1, attempts = 2)]
        fn inner(calls: &Calls) -> Result<u32, Failure> {
            if calls.next() % 2 == 1 { Err(Failure::Refused) } else { Ok(1) }
        }
        let one = inner(inner_calls)?;
        Ok(calls.third()? + one)
    }
    let (_waits, calls, inner_calls) = (record(), Calls::new(), Calls::new());
    assert_eq!((outer(&calls, &inner_calls), calls.take(), inner_calls.take()), (Ok(4), 3, 6));
}

#[test]
fn items_and_statements_in_the_body() {
    #[retry(Busy = 1)]
    fn items(calls: &Calls) -> Result<u32, Failure> {
        use std::collections::HashMap;
        const TWO: u32 = 2;
        static ONE: u32 = 1;
        struct Local(u32);
        impl Local {
            fn get(&self) -> u32 {
                self.0
            }
        }
        let map: HashMap<u32, Local> = HashMap::from([(1, Local(TWO + ONE))]);
        let Some(local) = map.get(&1) else { return Err(Failure::Refused) };
        calls.third()?;
        Ok(local.get())
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((items(&calls), calls.take()), (Ok(3), 3));
}

/// Bodies without an end, or not written yet, bring no warnings.
#[tokio::test(start_paused = true)]
async fn diverging_bodies() {
    #![deny(warnings)]

    #[retry(Busy = 1)]
    fn unwritten() -> Result<(), Failure> {
        todo!()
    }
    #[retry(Busy = 1)]
    async fn unwritten_async() -> Result<(), Failure> {
        unimplemented!("later")
    }
    #[retry(Busy = 1)]
    fn endless(calls: &Calls) -> Result<(), Failure> {
        loop {
            assert!(calls.next() < 9, "for the test");
        }
    }
    #[retry(Busy = 1)]
    async fn endless_async() -> Result<(), Failure> {
        loop {
            tokio::task::yield_now().await;
        }
    }
    let calls = Calls::new();
    assert!(std::panic::catch_unwind(unwritten).is_err());
    assert!(tokio::spawn(unwritten_async()).await.is_err());
    assert!(std::panic::catch_unwind(|| endless(&calls)).is_err());
    assert_eq!(futures::poll!(Box::pin(endless_async())), std::task::Poll::Pending);
    assert_eq!(calls.take(), 9);
}
