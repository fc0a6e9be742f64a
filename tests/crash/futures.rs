//! Async functions: their frames are there wherever and whenever they are polled, and at no other time.

use std::cell::RefCell;
use std::future::{pending, ready};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;

use retry_core::crash::Report;
use retry_core::crash_context;
use tokio::sync::Barrier;
use tokio::task::yield_now;

use crate::support::{assert_shows, block_on, crash_of, crash_where, frames, look, values};

/// Polled once more.
fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn arguments_and_locals() {
    #[crash_context]
    async fn f(text: &str, n: u8, name: String) -> Report {
        let before = n + 1;
        yield_now().await;
        let after = ready(before + 1).await;
        look()
    }
    let report = block_on(f("a", 1, "b".into()));
    assert_shows(
        &report,
        "f",
        "text = \"a\"
         n = 1
         name = \"b\" @-4
         before = 2
         after = 3",
    );
}

#[test]
fn frames_that_await_one_another() {
    #[crash_context]
    async fn outer(n: u8) -> Report {
        let report = middle(n + 1).await;
        assert_eq!(frames(&look()), ["outer"]);
        report
    }
    async fn middle(n: u8) -> Report {
        yield_now().await;
        inner(n + 1).await
    }
    #[crash_context]
    async fn inner(n: u8) -> Report {
        yield_now().await;
        sync(n + 1)
    }
    #[crash_context]
    fn sync(n: u8) -> Report {
        look()
    }
    let report = block_on(outer(1));
    assert_eq!(frames(&report), ["outer", "inner", "sync"]);
    assert_shows(&report, "outer", "n = 1");
    assert_shows(&report, "inner", "n = 3");
    assert_shows(&report, "sync", "n = 4");
    assert_eq!(frames(&look()), [""; 0]);
}

#[test]
fn a_future_that_waits_has_no_frame() {
    #[crash_context]
    async fn f(n: u8) -> Report {
        yield_now().await;
        look()
    }
    let mut future = pin!(f(1));
    assert!(poll(future.as_mut()).is_pending());
    assert_eq!(frames(&look()), [""; 0]);
    let Poll::Ready(report) = poll(future.as_mut()) else { unreachable!() };
    assert_shows(&report, "f", "n = 1");
    assert_eq!(frames(&look()), [""; 0]);
}

#[test]
fn dropped_half_way() {
    struct Looks<'a>(&'a RefCell<Option<Report>>);
    impl Drop for Looks<'_> {
        fn drop(&mut self) {
            *self.0.borrow_mut() = Some(look());
        }
    }
    #[crash_context]
    async fn f(found: &RefCell<Option<Report>>) {
        let looks = Looks(found);
        let text = "a".to_owned();
        pending::<()>().await;
        drop(looks);
    }
    let found = RefCell::new(None);
    {
        let mut future = Box::pin(f(&found));
        assert!(poll(future.as_mut()).is_pending());
        assert!(found.borrow().is_none());
    }
    // It is not polled: what its destructors do is done by whoever drops it.
    assert_eq!(frames(found.borrow().as_ref().unwrap()), [""; 0]);
    assert_eq!(frames(&look()), [""; 0]);
}

#[test]
fn never_polled() {
    #[crash_context]
    async fn f(n: u8) -> u8 {
        n
    }
    drop(f(1));
    assert_eq!(frames(&look()), [""; 0]);
}

#[test]
fn two_at_once_do_not_mix() {
    #[crash_context]
    async fn f(n: u32, rounds: u32) -> Vec<Report> {
        let mut reports = Vec::new();
        for round in 0..rounds {
            yield_now().await;
            reports.push(look());
        }
        reports
    }
    let (left, right) = block_on(async { tokio::join!(f(1, 2), f(2, 3)) });
    for (n, reports) in [(1, left), (2, right)] {
        for (round, report) in reports.iter().enumerate() {
            assert_eq!(frames(report), ["f"]);
            let values = values(report, "f");
            assert_eq!(values["n"], format!(" = {n}"));
            assert_eq!(values["round"], format!(" = {round}"));
        }
    }
}

#[test]
fn select_drops_the_loser() {
    #[crash_context]
    async fn slow(n: u8) -> Report {
        yield_now().await;
        pending::<()>().await;
        look()
    }
    #[crash_context]
    async fn quick(n: u8) -> Report {
        yield_now().await;
        yield_now().await;
        look()
    }
    #[crash_context]
    async fn both(n: u8) -> (Report, Report) {
        let won = tokio::select! {
            report = slow(1) => report,
            report = quick(2) => report,
        };
        (won, look())
    }
    let (won, after) = block_on(both(3));
    assert_eq!(frames(&won), ["both", "quick"]);
    assert_shows(&won, "quick", "n = 2");
    assert_eq!(frames(&after), ["both"]);
}

#[test]
fn polled_on_several_threads() {
    #[crash_context]
    async fn f(n: u8) -> [Report; 2] {
        let mut text = "a".to_owned();
        let first = look();
        yield_now().await;
        text.push('b');
        [first, look()]
    }
    let mut future = Box::pin(f(1));
    assert!(poll(future.as_mut()).is_pending());
    let reports = thread::spawn(move || match poll(future.as_mut()) {
        Poll::Ready(reports) => {
            assert_eq!(frames(&look()), [""; 0]);
            reports
        }
        Poll::Pending => unreachable!(),
    });
    assert_eq!(frames(&look()), [""; 0]);
    let reports = reports.join().unwrap();
    assert_eq!(reports.each_ref().map(|report| frames(report).len()), [1, 1]);
    assert_ne!(reports[0].thread, reports[1].thread);
    assert_shows(&reports[0], "f", "n = 1\ntext = \"a\" @-1");
    assert!(values(&reports[1], "f")["text"].starts_with(" = \"a\" @"));
}

#[test]
fn tasks_that_move_between_workers() {
    #[crash_context]
    async fn task(number: usize, barrier: Arc<Barrier>) -> Vec<Report> {
        let mut reports = Vec::new();
        for round in 0..4 {
            barrier.wait().await;
            reports.push(inner(number * 10 + round).await);
        }
        reports
    }
    #[crash_context]
    async fn inner(sum: usize) -> Report {
        yield_now().await;
        look()
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(3).build().unwrap();
    let all = runtime.block_on(async {
        let barrier = Arc::new(Barrier::new(8));
        let tasks: Vec<_> = (0..8).map(|number| tokio::spawn(task(number, barrier.clone()))).collect();
        let mut all = Vec::new();
        for task in tasks {
            all.push(task.await.unwrap());
        }
        all
    });
    for (number, reports) in all.iter().enumerate() {
        for (round, report) in reports.iter().enumerate() {
            assert_eq!(frames(report), ["task", "inner"]);
            assert_eq!(values(report, "task")["number"], format!(" = {number}"));
            assert_eq!(values(report, "task")["round"], format!(" = {round}"));
            assert_shows(report, "inner", &format!("sum = {}", number * 10 + round));
        }
    }
}

#[test]
fn a_task_that_panics() {
    #[crash_context]
    async fn outer(n: u8) {
        inner("task panics").await;
    }
    #[crash_context]
    async fn inner(why: &str) {
        yield_now().await;
        let divisor = why.len() - why.len();
        panic!("{why} {divisor}");
    }
    // The reporter has to be there first.
    look();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let failed = runtime.block_on(async { tokio::spawn(outer(1)).await });
    assert!(failed.unwrap_err().is_panic());
    let report = crash_where(|report| report.message == "task panics 0");
    assert_eq!(frames(&report), ["outer", "inner"]);
    assert_shows(&report, "outer", "n = 1");
    assert_shows(&report, "inner", "why = \"task panics\"\ndivisor = 0");
}

#[test]
fn a_panic_that_is_caught_leaves_no_frame() {
    #[crash_context]
    async fn f(n: u8) {
        yield_now().await;
        panic!("{n}");
    }
    let report = crash_of(|| block_on(f(1)));
    assert_shows(&report, "f", "n = 1");
    assert_eq!(frames(&look()), [""; 0]);
}

#[test]
fn a_future_within_a_sync_function() {
    #[crash_context]
    fn sync(n: u8) -> Report {
        let m = n + 1;
        block_on(asynchronous(m))
    }
    #[crash_context]
    async fn asynchronous(m: u8) -> Report {
        yield_now().await;
        look()
    }
    let report = sync(1);
    assert_eq!(frames(&report), ["sync", "asynchronous"]);
    assert_shows(&report, "sync", "n = 1\nm = 2");
    assert_shows(&report, "asynchronous", "m = 2");
}

#[test]
fn functions_that_make_a_future_at_their_end() {
    #[crash_context]
    fn opaque(n: u8) -> impl Future<Output = Report> + Send {
        async move {
            let m = n + 1;
            yield_now().await;
            look()
        }
    }
    #[crash_context]
    fn boxed(n: &u8) -> Pin<Box<dyn Future<Output = Report> + Send + '_>> {
        Box::pin(async move {
            let m = *n + 1;
            yield_now().await;
            look()
        })
    }
    #[crash_context]
    fn with_work_before(n: u8) -> impl Future<Output = Report> {
        let m = n + 1;
        async move {
            let inside = m;
            look()
        }
    }
    assert_shows(&block_on(opaque(1)), "opaque", "n = 1\nm = 2");
    assert_shows(&block_on(boxed(&1)), "boxed", "n = 1\nm = 2");
    assert_eq!(frames(&block_on(with_work_before(1))), [""; 0]);
}

#[test]
fn async_blocks_and_closures_are_left_alone() {
    #[crash_context]
    async fn f(n: u8) -> Report {
        let mut count = 0;
        let later = async {
            let inside = 1;
            count += inside;
        };
        later.await;
        let call = async |m: u8| {
            let inside = m;
            look()
        };
        call(2).await
    }
    assert_shows(
        &block_on(f(1)),
        "f",
        "n = 1
         count = 0 @-8
         later: {{closure}}
         call: {{closure}}",
    );
}

#[test]
fn an_async_block_that_is_awaited_where_it_stands() {
    #[crash_context]
    async fn f(n: u8) -> Report {
        let mut count = 0;
        let report = async {
            let inside = n;
            count += 1;
            yield_now().await;
            look()
        }
        .await;
        report
    }
    assert_shows(&block_on(f(1)), "f", "n = 1\ncount = 1\ninside = 1");
}

#[test]
fn recursion_through_boxes() {
    #[crash_context]
    async fn down(n: u8) -> Report {
        if n == 0 { look() } else { Box::pin(down(n - 1)).await }
    }
    let report = block_on(down(5));
    assert_eq!(frames(&report).len(), 6);
    assert_shows(&report, "down", "n = 0");
}

#[test]
fn methods() {
    #[derive(Debug)]
    struct Client {
        id: u8,
    }
    impl Client {
        #[crash_context]
        async fn by_ref(&self, n: u8) -> Report {
            yield_now().await;
            look()
        }
        #[crash_context]
        async fn by_mut(&mut self, n: u8) -> Report {
            self.id += 1;
            yield_now().await;
            look()
        }
        #[crash_context]
        async fn by_value(self) -> Report {
            yield_now().await;
            look()
        }
        #[crash_context]
        async fn by_arc(self: Arc<Self>) -> Report {
            yield_now().await;
            look()
        }
    }
    let mut client = Client { id: 1 };
    assert_shows(&block_on(client.by_ref(2)), "by_ref", "self = Client { id: 1 }\nn = 2");
    assert_shows(&block_on(client.by_mut(2)), "by_mut", "self: &mut Client\nn = 2");
    assert_shows(&block_on(client.by_value()), "by_value", "self: Client");
    assert_shows(&block_on(Arc::new(Client { id: 1 }).by_arc()), "by_arc", "self: Arc<Client>");
}

#[test]
fn patterns() {
    #[crash_context]
    async fn f((a, ref b): (u8, String), [first, ..]: [u8; 3], _: u8, mut count: u8, _unused: u8) -> Report {
        count += 1;
        yield_now().await;
        look()
    }
    assert_shows(&block_on(f((1, "b".into()), [2, 3, 4], 5, 6, 7)), "f", "a = 1\nfirst = 2\ncount = 7");
}

#[test]
fn locals_that_are_not_send() {
    #[crash_context]
    async fn f(shared: Rc<str>, cell: Rc<RefCell<u8>>) -> Report {
        let other = shared.clone();
        yield_now().await;
        look()
    }
    assert_shows(
        &block_on(f("a".into(), Rc::default())),
        "f",
        "shared = \"a\" @-3\ncell: Rc<RefCell<u8>>\nother = \"a\" @-2",
    );
}

#[test]
fn a_lock_that_is_held_is_shown_as_such() {
    #[crash_context]
    async fn f(lock: &Mutex<u8>) -> Report {
        let guard = lock.lock().unwrap();
        look()
    }
    let report = block_on(f(&Mutex::new(1)));
    assert!(values(&report, "f")["lock"].contains("<locked>"), "{report:?}");
}
