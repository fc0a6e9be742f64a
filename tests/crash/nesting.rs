//! Frames across threads, caught panics, destructors, thread pools and deep recursion.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Mutex;
use std::thread;

use retry_core::crash::Report;
use retry_core::crash_context;

use crate::support::{assert_shows, crash_of, crash_where, frame, frames, look, values};

#[test]
fn of_a_panic() {
    #[crash_context]
    fn outer(n: u8) -> u8 {
        let m = n - 1;
        inner(m) + 1
    }
    #[crash_context]
    fn inner(d: u8) -> u8 {
        let c = 100;
        c / d
    }
    let report = crash_of(|| outer(1));
    assert_eq!(frames(&report), ["outer", "inner"]);
    assert!(report.message.contains("divide by zero"), "{}", report.message);
    assert_shows(&report, "outer", "n = 1\nm = 0");
    assert_shows(&report, "inner", "d = 0\nc = 100");
}

#[test]
fn plain_functions_between() {
    #[crash_context]
    fn outer(n: u8) -> Report {
        between(n)
    }
    #[inline(never)]
    fn between(n: u8) -> Report {
        [n].iter().map(|n| inner(*n)).next().unwrap()
    }
    #[crash_context]
    fn inner(n: u8) -> Report {
        look()
    }
    let report = outer(1);
    assert_eq!(frames(&report), ["outer", "inner"]);
    let names: Vec<_> = report.frames.iter().map(|frame| &*frame.function).collect();
    let at = |name: &str| names.iter().position(|function| function.ends_with(name)).unwrap();
    assert!(at("::outer") < at("::between") && at("::between") < at("::inner"), "{names:#?}");
}

#[test]
fn the_same_function_twice() {
    #[crash_context]
    fn down(n: u8) -> Report {
        if n == 0 { look() } else { down(n - 1) }
    }
    let report = down(3);
    let shown: Vec<_> = report
        .frames
        .iter()
        .filter(|frame| frame.annotated)
        .map(|frame| format!("{:?}", frame.variables[0].value))
        .collect();
    assert_eq!(shown.len(), 4);
    assert!(shown[0].contains("\"3\"") && shown[3].contains("\"0\""), "{shown:?}");
}

#[test]
fn each_thread_has_its_own() {
    #[crash_context]
    fn outer(n: u32) -> Report {
        let inner = thread::spawn(move || inner(n + 1)).join().unwrap();
        assert_eq!(frames(&look()), ["outer"]);
        inner
    }
    #[crash_context]
    fn inner(n: u32) -> Report {
        look()
    }
    let report = outer(1);
    assert_eq!(frames(&report), ["inner"]);
    assert_shows(&report, "inner", "n = 2");
}

#[test]
fn many_threads_at_once() {
    #[crash_context]
    fn work(number: usize) -> Report {
        let doubled = number * 2;
        look()
    }
    thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|number| scope.spawn(move || work(number))).collect();
        for (number, thread) in threads.into_iter().enumerate() {
            let report = thread.join().unwrap();
            assert_shows(&report, "work", &format!("number = {number}\ndoubled = {}", number * 2));
        }
    });
}

#[test]
fn a_thread_that_panics() {
    #[crash_context]
    fn outer(n: u8) -> bool {
        thread::scope(|scope| scope.spawn(|| inner(n + 1)).join().is_err())
    }
    #[crash_context]
    fn inner(n: u8) {
        panic!("a thread panics with {n}");
    }
    look();
    assert!(outer(1));
    let report = crash_where(|report| report.message == "a thread panics with 2");
    assert_eq!(frames(&report), ["inner"]);
}

#[test]
fn caught_panics() {
    #[crash_context]
    fn outer(n: u8) -> (Report, Report) {
        let mut count = 0;
        let report = crash_of(|| inner(n + 1));
        count += 1;
        (report, look())
    }
    #[crash_context]
    fn inner(n: u8) {
        let text = "inner".to_owned();
        deepest(n);
    }
    #[crash_context]
    fn deepest(n: u8) {
        panic!("{n}");
    }
    let (crashed, after) = outer(1);
    assert_eq!(frames(&crashed), ["outer", "inner", "deepest"]);
    assert_eq!(frames(&after), ["outer"]);
    assert_shows(&after, "outer", "n = 1\ncount = 1\nreport: Report");
    assert_eq!(frames(&look()), [""; 0]);
}

#[test]
fn a_panic_that_is_caught_within_a_block_takes_the_values_with_it() {
    #[crash_context]
    fn f() -> Report {
        let a = 1;
        let _ = catch_unwind(|| {
            inner();
        });
        {
            let b = 2;
        }
        look()
    }
    #[crash_context]
    fn inner() {
        for n in 0..3 {
            let m = n;
            if m == 1 {
                resume_unwind(Box::new(()));
            }
        }
    }
    assert_shows(&f(), "f", "a = 1");
}

#[test]
fn a_panic_in_a_destructor() {
    struct Panics(u8);
    impl Drop for Panics {
        #[crash_context]
        fn drop(&mut self) {
            let code = self.0;
            panic!("in drop {code}");
        }
    }
    #[crash_context]
    fn f(n: u8) {
        let panics = Panics(n);
        let last = n + 1;
    }
    let report = crash_of(|| f(1));
    assert_eq!(report.message, "in drop 1");
    assert_eq!(frames(&report), ["f", "drop"]);
    assert_shows(&report, "drop", "self: &mut Panics\ncode = 1");
    assert_eq!(values(&report, "f")["n"], " = 1");
    assert_eq!(frames(&look()), [""; 0]);
}

#[test]
fn a_look_in_a_destructor_while_unwinding() {
    static FOUND: Mutex<Vec<Report>> = Mutex::new(Vec::new());
    struct Looks;
    impl Drop for Looks {
        fn drop(&mut self) {
            FOUND.lock().unwrap().push(look());
        }
    }
    #[crash_context]
    fn outer(n: u8) {
        let looks = Looks;
        inner(n + 1);
    }
    #[crash_context]
    fn inner(n: u8) {
        let looks = Looks;
        let m = 2;
        panic!("{n}");
    }
    let report = crash_of(|| outer(1));
    assert_eq!(frames(&report), ["outer", "inner"]);
    let found = FOUND.lock().unwrap();
    assert_eq!(
        found.iter().map(|report| frames(report)).collect::<Vec<_>>(),
        [vec!["outer", "inner"], vec!["outer"]]
    );
    assert_eq!(values(&found[0], "inner")["n"], " = 2");
    assert_eq!(values(&found[1], "outer")["n"], " = 1");
}

#[test]
fn a_panic_while_unwinding_that_is_caught_inside() {
    struct Recovers;
    impl Drop for Recovers {
        fn drop(&mut self) {
            let _ = catch_unwind(|| second(7));
        }
    }
    #[crash_context]
    fn first(n: u8) {
        let recovers = Recovers;
        panic!("the first of two");
    }
    #[crash_context]
    fn second(m: u8) {
        panic!("the second of two");
    }
    look();
    let _ = catch_unwind(|| first(1));
    let first = crash_where(|report| report.message == "the first of two");
    let second = crash_where(|report| report.message == "the second of two");
    assert_eq!(frames(&first), ["first"]);
    assert_eq!(frames(&second), ["first", "second"]);
    assert_shows(&second, "second", "m = 7");
    assert_eq!(frames(&look()), [""; 0]);
}

#[test]
fn rayon() {
    use rayon::prelude::*;
    #[crash_context]
    fn outer(count: u32) -> Vec<Report> {
        (0..count).into_par_iter().map(work).collect()
    }
    #[crash_context]
    fn work(number: u32) -> Report {
        let doubled = number * 2;
        look()
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    let reports = pool.install(|| outer(12));
    for (number, report) in reports.iter().enumerate() {
        assert_shows(report, "work", &format!("number = {number}\ndoubled = {}", number * 2));
        // On the worker that `outer` runs on, its frame is there too, as it is on the stack.
        assert!(frames(report).ends_with(&["work"]) && frames(report).len() <= 2, "{:?}", frames(report));
    }
}

#[test]
fn rayon_panics() {
    #[crash_context]
    fn left(n: u8) {
        panic!("rayon panics with {n}");
    }
    #[crash_context]
    fn right(n: u8) -> u8 {
        n
    }
    look();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let outcome = catch_unwind(AssertUnwindSafe(|| pool.join(|| left(1), || right(2))));
    assert!(outcome.is_err());
    let report = crash_where(|report| report.message == "rayon panics with 1");
    assert_shows(&report, "left", "n = 1");
    let after = pool.install(look);
    assert_eq!(frames(&after), [""; 0]);
}

#[test]
fn ten_thousand_deep() {
    #[crash_context]
    fn down(n: u32) -> Report {
        let half = n / 2;
        if n == 0 { look() } else { down(n - 1) }
    }
    let deep = thread::Builder::new().stack_size(512 << 20);
    let report = deep.spawn(|| down(10_000)).unwrap().join().unwrap();
    assert_shows(&report, "down", "n = 0\nhalf = 0");
    let oldest = report.frames.iter().find(|frame| frame.annotated).unwrap();
    assert!(format!("{:?}", oldest.variables[0].value).contains("10000"), "{oldest:?}");
    assert!(report.frames.len() < 400, "{}", report.frames.len());
}

#[test]
fn ten_thousand_deep_and_caught() {
    #[crash_context]
    fn down(n: u32) {
        assert!(n > 0, "at the bottom");
        down(n - 1);
    }
    let deep = thread::Builder::new().stack_size(512 << 20);
    let thread = deep.spawn(|| {
        let report = crash_of(|| down(10_000));
        (report, look())
    });
    let (report, after) = thread.unwrap().join().unwrap();
    assert_shows(&report, "down", "n = 0");
    assert_eq!(frames(&after), [""; 0]);
}

#[cfg(debug_assertions)] // Without line tables it is where the function begins.
#[test]
fn the_place_is_where_the_frame_is() {
    #[crash_context]
    fn outer(n: u8) -> Report {
        let a = 1;
        inner(n)
    }
    #[crash_context]
    fn inner(n: u8) -> Report {
        look()
    }
    let report = outer(1);
    let line = |function: &str| frame(&report, function).place.as_ref().unwrap().line;
    assert_eq!(line("outer") + 4, line("inner"));
    assert_eq!(Some(line("inner")), report.place.as_ref().map(|place| place.line));
}

#[test]
fn extern_c_and_unsafe() {
    #[crash_context]
    extern "C" fn c(n: u8) -> u8 {
        let m = n + 1;
        assert_shows(&look(), "c", "n = 1\nm = 2");
        m
    }
    #[crash_context]
    unsafe fn not_safe(pointer: *const u8) -> Report {
        let read = unsafe { *pointer };
        look()
    }
    #[crash_context]
    unsafe extern "C-unwind" fn both(n: u8) {
        panic!("through C with {n}");
    }
    assert_eq!(c(1), 2);
    assert_shows(&unsafe { not_safe(&7) }, "not_safe", "pointer = 0x..\nread = 7");
    assert_shows(&crash_of(|| unsafe { both(1) }), "both", "n = 1");
}
