//! Merging, on stacks that are made up, and on real ones.

use crate::site::Site;
use std::cell::RefCell;
use std::collections::HashMap;
use std::future::Future;
use std::panic;
use std::pin::{Pin, pin};
use std::sync::Once;
use std::task::{Context, Poll, Waker};

use super::files::Nearby;
use super::merge::merge;
use super::stack::{Stop, Symbol};
use super::{Merged, Trace, fingerprint};
use crate::crash::capture::{Kept, LiveFrame, LiveValue, Secrecy};
use crate::crash::report::{AttemptInfo, Frame, Place};

/// Where the stack is that is made up, and how large its frames are.
const BASE: usize = 0x7000_0000;
const SIZE: usize = 0x100;

macro_rules! site {
    ($module:literal, $function:literal, $line:literal) => {{
        static SITE: Site =
            Site { function: $function, module: $module, file: "src/main.rs", line: $line, retried: false };
        &SITE
    }};
}

/// What handles a panic, oldest first.
const PANIC: [&str; 7] = [
    "core::panicking::panic_const::panic_const_div_by_zero",
    "core::panicking::panic_fmt",
    "__rustc::rust_begin_unwind",
    "std::sys::backtrace::__rust_end_short_backtrace::<std::panicking::panic_handler::{closure#0}, !>",
    "std::panicking::panic_handler::{closure#0}",
    "std::panicking::panic_with_hook",
    "retry_core::crash::hook::hook",
];
/// What starts a program, oldest first.
const START: [&str; 6] = [
    "_start",
    "__libc_start_main_impl",
    "main",
    "std::rt::lang_start::<()>",
    "std::sys::backtrace::__rust_begin_short_backtrace::<fn(), ()>",
    "<fn() as core::ops::function::FnOnce<()>>::call_once",
];

/// Each stack frame, oldest first: the functions inlined into it, outermost first, `name` or `name@line`.
struct Made(Vec<Vec<&'static str>>);

impl Made {
    /// The functions of a program that panics, `+` between those that share a stack frame.
    fn program(functions: &[&'static str]) -> Self {
        let own = functions.iter().map(|frame| frame.split(" + ").collect());
        Self(
            START
                .iter()
                .map(|name| vec![*name])
                .chain(own)
                .chain(PANIC.iter().map(|name| vec![*name]))
                .collect(),
        )
    }

    fn stripped(functions: usize) -> Self {
        Self(vec![Vec::new(); START.len() + functions + PANIC.len()])
    }

    /// An address in the stack frame of the program's function.
    fn anchor(&self, function: usize) -> usize {
        BASE + (self.0.len() - 1 - START.len() - function) * SIZE + 0x10
    }

    fn merge(&self, live: &[LiveFrame<'_>], place: Option<&Place>) -> Vec<Merged> {
        let count = self.0.len();
        let stops: Vec<Stop> = (0..count).map(|n| Stop { ip: n + 1, sp: BASE + n * SIZE }).collect();
        let mut resolve = |ip: usize| {
            let inlined = &self.0[count - ip];
            inlined.iter().rev().map(|written| symbol(written)).collect()
        };
        merge(&stops, live, place, Nearby::default(), &mut resolve)
    }
}

fn symbol(written: &str) -> Symbol {
    let (name, line) = written.split_once('@').map_or((written, None), |(name, line)| (name, Some(line)));
    let line = line.map(|line| line.parse().unwrap());
    Symbol {
        name: Some(name.to_owned()),
        file: line.map(|_| "/ws/src/main.rs".to_owned()),
        line,
        column: None,
    }
}

fn annotated(site: &'static Site, anchor: usize) -> LiveFrame<'static> {
    LiveFrame { site, anchor, attempt: None, annotated: true, values: Vec::new() }
}

fn tried(site: &'static Site, anchor: usize, number: u32) -> LiveFrame<'static> {
    LiveFrame {
        attempt: Some(AttemptInfo { number, max: None, earlier: Vec::new() }),
        annotated: false,
        ..annotated(site, anchor)
    }
}

fn at(line: u32) -> Place {
    Place { file: "src/main.rs".to_owned(), line, column: Some(7) }
}

/// `function:line`, with the number of the live frame, the attempt, and `-` for what is not the application's.
fn shown(merged: &[Merged]) -> Vec<String> {
    let one = |merged: &Merged| {
        let frame = &merged.frame;
        assert_eq!(frame.annotated, merged.live.is_some());
        let owner = if frame.in_app || frame.function.starts_with('.') { "" } else { "-" };
        let line = frame.place.as_ref().map(|place| format!(":{}", place.line));
        let values = merged.live.map(|live| format!(" live {live}"));
        let attempt = frame.attempt.as_ref().map(|attempt| format!(" attempt {}", attempt.number));
        let more: String = [line, values, attempt].into_iter().flatten().collect();
        format!("{owner}{}{more}", frame.function)
    };
    merged.iter().map(one).collect()
}

#[test]
fn annotated_and_plain_frames_in_one_list() {
    let made = Made::program(&["shop::main@3", "shop::run@9", "shop::orders::Order::divide@20"]);
    let live = [
        annotated(site!("shop", "run", 8), made.anchor(1)),
        annotated(site!("shop::orders", "divide", 18), made.anchor(2)),
    ];
    let merged = made.merge(&live, Some(&at(20)));
    assert_eq!(
        shown(&merged),
        ["shop::main:3", "shop::run:9 live 0", "shop::orders::Order::divide:20 live 1"]
    );
    let last = &merged[2].frame;
    assert_eq!(last.place, Some(at(20)), "with the column");
    assert_eq!(last.address.as_deref(), Some("0x8"));
    assert_eq!(merged[0].frame.place.as_ref().unwrap().file, "src/main.rs", "as the compiler calls it");
}

#[test]
fn functions_inlined_into_one_stack_frame_are_told_apart_by_name() {
    let made = Made::program(&[
        "shop::main@3 + shop::run@9 + shop::helper@12 + <shop::Order as shop::Divide>::divide@20",
    ]);
    let anchor = made.anchor(0);
    let live =
        [annotated(site!("shop", "run", 8), anchor), annotated(site!("shop", "divide", 18), anchor + 8)];
    assert_eq!(
        shown(&made.merge(&live, Some(&at(20)))),
        [
            "shop::main:3",
            "shop::run:9 live 0",
            "shop::helper:12",
            "<shop::Order as Divide>::divide:20 live 1"
        ]
    );
}

#[test]
fn std_s_function_of_the_same_name_is_not_taken_for_the_user_s() {
    let made = Made::program(&["shop::main + core::num::divide", "shop::last"]);
    let live = [annotated(site!("shop", "divide", 8), made.anchor(0))];
    assert_eq!(
        shown(&made.merge(&live, Some(&at(9)))),
        ["shop::main", "-core::num::divide", "shop::divide:8 live 0", "shop::last:9"]
    );
}

#[test]
fn what_is_inlined_without_line_tables_comes_from_its_site() {
    let made = Made::program(&["shop::main", "shop::run", "shop::last"]);
    let live = [
        annotated(site!("shop", "run", 8), made.anchor(1)),
        annotated(site!("shop::orders", "divide", 18), made.anchor(1)),
        annotated(site!("shop", "last", 30), made.anchor(2)),
        annotated(site!("shop", "inner", 40), made.anchor(2)),
    ];
    assert_eq!(
        shown(&made.merge(&live, Some(&at(42)))),
        [
            "shop::main",
            "shop::run:8 live 0",
            "shop::orders::divide:18 live 1",
            "shop::last:30 live 2",
            "shop::inner:42 live 3"
        ]
    );
    // Another function, inlined too, whose name nobody knows.
    let shown_elsewhere = shown(&made.merge(&live, Some(&at(39))));
    assert_eq!(shown_elsewhere[4..], ["shop::inner:40 live 3", "<unknown>:39"]);
}

#[test]
fn between_matched_ones_what_is_not_seen_keeps_its_place() {
    let made = Made::program(&["shop::main@3 + shop::run@9", "shop::last@30"]);
    let live = [
        annotated(site!("shop", "outer", 1), made.anchor(0)),
        annotated(site!("shop", "run", 8), made.anchor(0)),
        annotated(site!("shop", "lost", 20), made.anchor(0)),
        annotated(site!("shop", "last", 29), made.anchor(1)),
    ];
    assert_eq!(
        shown(&made.merge(&live, Some(&at(30)))),
        [
            "shop::main:3",
            "shop::outer:1 live 0",
            "shop::run:9 live 1",
            "shop::lost:20 live 2",
            "shop::last:30 live 3"
        ]
    );
}

#[test]
fn without_symbols_the_annotated_frames_and_the_place_are_left() {
    let made = Made::stripped(9);
    let live = [
        annotated(site!("shop", "run", 8), made.anchor(1)),
        annotated(site!("shop::orders", "r#divide", 18), made.anchor(8)),
    ];
    let merged = made.merge(&live, Some(&at(20)));
    assert_eq!(
        shown(&merged),
        [
            "shop::run:8 live 0",
            "... 6 frames without symbols",
            "shop::orders::divide:18 live 1",
            "<unknown>:20"
        ]
    );
    assert_eq!(shown(&Made::stripped(3).merge(&[], Some(&at(20)))), ["<unknown>:20"]);
    assert_eq!(
        shown(&Made(Vec::new()).merge(&live, Some(&at(20)))),
        ["shop::run:8 live 0", "shop::orders::divide:18 live 1", "<unknown>:20"]
    );
    assert!(Made(Vec::new()).merge(&[], None).is_empty());
}

#[test]
fn futures_are_found_above_what_polls_them() {
    let poll = "<retry_core::__private::Polled<shop::mid::{closure#0}::{closure#0}> as core::future::future::Future>::poll";
    for made in [
        Made::program(&[
            "tokio::runtime::park::CachedParkThread::block_on",
            "shop::mid::{{closure}}@8",
            poll,
            "shop::mid::{{closure}}::{{closure}}@9",
            "shop::leaf::{{closure}}@18",
            poll,
            "shop::leaf::{{closure}}::{{closure}}@19",
        ]),
        // What polls is inlined into its caller, and that has no name.
        Made::program(&[
            "tokio::runtime::park::CachedParkThread::block_on",
            "std::thread::local::LocalKey::with@9",
            "tokio::util::other",
            "shop::mid::{{closure}}@9",
            "core::pin::Pin::as_mut",
            "tokio::again",
            "shop::leaf::{{closure}}@19",
        ]),
    ] {
        let live = [
            annotated(site!("shop", "mid", 8), made.anchor(2)),
            annotated(site!("shop", "leaf", 18), made.anchor(5)),
        ];
        let mut lines = shown(&made.merge(&live, Some(&at(19))));
        lines.retain(|line| !line.starts_with('-'));
        assert_eq!(lines, ["shop::mid:9 live 0", "shop::leaf:19 live 1"]);
    }
}

#[test]
fn a_future_that_calls_itself_is_not_taken_for_its_caller() {
    let made = Made::program(&[
        "tokio::runtime::block_on",
        "shop::f::{{closure}}@8",
        "<core::pin::Pin<P> as core::future::future::Future>::poll",
        "shop::f::{{closure}}@8",
        "<core::pin::Pin<P> as core::future::future::Future>::poll",
        "shop::f::{{closure}}@9",
    ]);
    // What polls each is inlined into its caller.
    let live: Vec<_> = [0, 1, 3].iter().map(|n| annotated(site!("shop", "f", 7), made.anchor(*n))).collect();
    assert_eq!(
        shown(&made.merge(&live, Some(&at(9)))),
        ["-tokio::runtime::block_on", "shop::f:8 live 0", "shop::f:8 live 1", "shop::f:9 live 2"]
    );
}

#[test]
fn each_call_of_a_future_that_nobody_annotated_is_shown() {
    let made = Made::program(&[
        "tokio::runtime::block_on",
        "shop::f::{{closure}}@8",
        "<core::pin::Pin<P> as core::future::future::Future>::poll",
        "shop::f::{{closure}}@8",
        "shop::f::{{closure}}::{{closure}}@9",
    ]);
    assert_eq!(
        shown(&made.merge(&[], Some(&at(9)))),
        ["-tokio::runtime::block_on", "shop::f:8", "shop::f:9"]
    );
}

#[test]
fn the_next_live_frame_s_future_is_not_taken() {
    let made = Made::program(&["shop::g", "shop::h", "shop::f::{{closure}}"]);
    let f = site!("shop", "f", 10);
    let live = [
        annotated(f, made.anchor(0)),
        annotated(site!("shop", "h", 30), made.anchor(1)),
        annotated(f, made.anchor(1)),
    ];
    assert_eq!(
        shown(&made.merge(&live, Some(&at(12)))),
        ["shop::g", "shop::f:10 live 0", "shop::h:30 live 1", "shop::f:12 live 2"]
    );
}

#[test]
fn closures_are_shown_as_what_they_are() {
    let made = Made::program(&[
        "shop::main@3",
        "core::iter::traits::iterator::Iterator::for_each",
        "shop::main::{{closure}}@4",
        "shop::sum@12",
        "shop::sum::{{closure}}@13",
    ]);
    let live = [annotated(site!("shop", "sum", 10), made.anchor(3))];
    let expected = [
        "shop::main:3",
        "-core::iter::traits::iterator::Iterator::for_each",
        "shop::main::{closure}:4",
        "shop::sum:12 live 0",
        "shop::sum::{closure}:13",
    ];
    assert_eq!(shown(&made.merge(&live, Some(&at(13)))), expected, "the closure is the user's");

    let made = Made::program(&[
        "shop::sum@9",
        "shop::sum::{{closure}}@11",
        "shop::sum::{{closure}}::{{closure}}@13",
    ]);
    let live = [annotated(site!("shop", "sum", 10), made.anchor(1))];
    assert_eq!(
        shown(&made.merge(&live, Some(&at(13)))),
        ["shop::sum:11 live 0", "shop::sum::{closure}:13"],
        "the first closure is the attribute's, which calls it from before the body"
    );
}

#[test]
fn a_retried_call_and_its_body_are_one_frame() {
    let f = site!("shop", "f", 10);
    let made = Made::program(&["shop::main@3", "shop::f@12", "shop::f::{{closure}}@14"]);
    let both = [tried(f, made.anchor(1), 2), annotated(f, made.anchor(2))];
    assert_eq!(shown(&made.merge(&both, Some(&at(14)))), ["shop::main:3", "shop::f:14 live 1 attempt 2"]);
    let reversed = [annotated(f, made.anchor(1)), tried(f, made.anchor(2), 3)];
    assert_eq!(shown(&made.merge(&reversed, Some(&at(14)))), ["shop::main:3", "shop::f:14 live 0 attempt 3"]);
    let plain = [tried(f, made.anchor(1), 2)];
    assert_eq!(
        shown(&made.merge(&plain, Some(&at(14)))),
        ["shop::main:3", "shop::f:12 attempt 2", "shop::f::{closure}:14"]
    );
    assert!(shown(&Made::stripped(2).merge(&both, None)).len() == 1);
}

#[test]
fn one_live_frame_may_have_both_values_and_an_attempt() {
    let made = Made::program(&["shop::f@12"]);
    let value = LiveValue {
        name: "x",
        type_name: "i32",
        as_of: None,
        argument: true,
        limit: 10,
        secrecy: Secrecy::ByName,
        kept: Kept::Plain(&1),
    };
    let live = [LiveFrame {
        annotated: true,
        values: vec![value],
        ..tried(site!("shop", "f", 10), made.anchor(0), 2)
    }];
    assert_eq!(shown(&made.merge(&live, Some(&at(12)))), ["shop::f:12 live 0 attempt 2"]);
}

#[test]
fn retried_functions_that_call_themselves_keep_their_attempts() {
    let f = site!("shop", "f", 10);
    let made = Made::program(&["shop::f", "shop::f::{{closure}}", "shop::f", "shop::f::{{closure}}"]);
    let live = [
        tried(f, made.anchor(0), 1),
        annotated(f, made.anchor(1)),
        tried(f, made.anchor(2), 2),
        annotated(f, made.anchor(3)),
    ];
    assert_eq!(
        shown(&made.merge(&live, Some(&at(14)))),
        ["shop::f:10 live 1 attempt 1", "shop::f:14 live 3 attempt 2"]
    );
}

#[test]
fn a_retried_block_s_attempt_is_shown_where_it_runs() {
    let made = Made::program(&[
        "shop::main@3",
        "retry_core::block::RetryPolicy::run_blocking",
        "shop::main::{{closure}}@5",
    ]);
    let live = [tried(site!("shop", "retry_policy!", 2), made.anchor(1), 2)];
    assert_eq!(shown(&made.merge(&live, Some(&at(5)))), ["shop::main:3", "shop::main:5 attempt 2"]);
}

#[test]
fn machinery_is_cut_at_both_ends_and_taken_out_within() {
    let mut made = Made::program(&[
        "shop::main@3",
        "std::panic::catch_unwind",
        "std::panicking::catch_unwind::do_call",
        "<core::panic::unwind_safe::AssertUnwindSafe<F> as core::ops::function::FnOnce<()>>::call_once",
        "shop::main::{closure#1}@4",
        "core::ptr::drop_in_place::<shop::Order>",
        "<shop::Order as core::ops::drop::Drop>::drop@20",
        "core::option::Option<T>::unwrap",
        "core::option::unwrap_failed",
    ]);
    let expected = ["shop::main:3", "shop::main::{closure}:4", "<shop::Order as Drop>::drop:20"];
    assert_eq!(shown(&made.merge(&[], Some(&at(20)))), expected);
    // A hook of the user's that calls ours.
    made.0.insert(made.0.len() - 1, vec!["shop::main::{{closure}}@2"]);
    assert_eq!(shown(&made.merge(&[], Some(&at(20)))), expected);
    assert_eq!(shown(&made.merge(&[], Some(&at(21))))[2..], ["<shop::Order as Drop>::drop:21"]);
}

#[test]
fn threads_tests_and_reports_of_errors_are_cut_too() {
    let thread: [&str; 9] = [
        "clone3",
        "start_thread",
        "std::sys::thread::unix::Thread::new::thread_start",
        "<alloc::boxed::Box<F,A> as core::ops::function::FnOnce<Args>>::call_once",
        "std::thread::lifecycle::spawn_unchecked::{{closure}}",
        "std::sys::backtrace::__rust_begin_short_backtrace",
        "test::run_test::{closure#0}",
        "test::__rust_begin_short_backtrace::<core::result::Result<(), String>, fn()>",
        "core::ops::function::FnOnce::call_once",
    ];
    let of = |own: &[&'static str]| Made(thread.iter().chain(own).map(|name| vec![*name]).collect());
    assert_eq!(
        shown(
            &of(&["shop::works::{{closure}}@3", "shop::works@4", "core::option::unwrap_failed"])
                .merge(&[], None)
        ),
        ["shop::works:4"]
    );
    let made =
        of(&["shop::works::{{closure}}@3", "shop::works@4", "retry_core::crash::report", "backtrace::trace"]);
    assert_eq!(shown(&made.merge(&[], Some(&at(4)))), ["shop::works:4"]);
    // Called from C, with nothing of Rust's below.
    let made = Made(["_start", "main", "shop::callback@9"].map(|name| vec![name]).into());
    assert_eq!(shown(&made.merge(&[], Some(&at(9)))), ["shop::callback:9"]);
}

#[test]
fn functions_that_blame_their_callers_are_cut() {
    let made = Made::program(&["shop::main@3", "shop::run@9", "shop::check@50"]);
    assert_eq!(shown(&made.merge(&[], Some(&at(9)))), ["shop::main:3", "shop::run:9"]);
    let live = [annotated(site!("shop", "check", 49), made.anchor(2))];
    assert_eq!(shown(&made.merge(&live, Some(&at(9)))).len(), 3, "what has values is shown");
    // The same function, called by itself from the line at which it panics.
    let made = Made::program(&["shop::run@9", "shop::run@10"]);
    assert_eq!(shown(&made.merge(&[], Some(&at(9)))), ["shop::run:9", "shop::run:9"]);
}

#[test]
fn a_panic_within_std_is_shown_at_its_caller() {
    let made = Made::program(&["shop::main@3", "core::slice::sort::shared::panic_on_ord_violation"]);
    let file = "/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/slice/sort.rs";
    let place = Place { file: file.to_owned(), line: 860, column: None };
    assert_eq!(shown(&made.merge(&[], Some(&place))), ["shop::main:3"]);
}

#[test]
fn deep_recursion_is_cut_in_the_middle_and_looked_up_at_its_ends() {
    const DEPTH: usize = 10_000;
    let deep = site!("shop", "deep", 10);
    let made = Made::program(&vec!["shop::deep@12"; DEPTH]);
    let live: Vec<_> = (0..DEPTH).map(|n| annotated(deep, made.anchor(n))).collect();
    let merged = made.merge(&live, Some(&at(13)));
    assert_eq!(merged.len(), 257);
    assert_eq!(merged[56].frame.function, format!("... {} frames left out", DEPTH - 256));
    let indexes: Vec<usize> = merged.iter().filter_map(|merged| merged.live).collect();
    assert_eq!(indexes, (0..56).chain(DEPTH - 200..DEPTH).collect::<Vec<_>>());
    assert_eq!(merged[256].frame.place, Some(at(13)));
    // With no stack at all.
    let merged = Made(Vec::new()).merge(&live, None);
    assert_eq!((merged.len(), merged[255].live), (257, Some(DEPTH - 2)));
}

#[test]
fn a_stack_of_two_parts_is_followed() {
    let made = Made::program(&["shop::main@3", "shop::run@9", "shop::divide@20"]);
    let count = made.0.len();
    let elsewhere =
        |n: usize| if n + START.len() + 2 < count { 0x10_0000 + n * SIZE } else { BASE + n * SIZE };
    let stops: Vec<Stop> = (0..count).map(|n| Stop { ip: n + 1, sp: elsewhere(n) }).collect();
    let live = [
        annotated(site!("shop", "run", 8), stops[PANIC.len() + 1].sp + 8),
        annotated(site!("shop", "divide", 18), stops[PANIC.len()].sp + 8),
    ];
    let mut resolve = |ip: usize| made.0[count - ip].iter().map(|written| symbol(written)).collect();
    let merged = merge(&stops, &live, Some(&at(20)), Nearby::default(), &mut resolve);
    assert_eq!(shown(&merged), ["shop::main:3", "shop::run:9 live 0", "shop::divide:20 live 1"]);
}

#[test]
fn whatever_the_stack_each_live_frame_is_shown_once_and_in_order() {
    let names = [
        "shop::a@5",
        "shop::b@6",
        "shop::a::{{closure}}@7",
        "shop::b::{{closure}}",
        "core::option::map",
        "retry_core::x",
        "tokio::poll",
        "std::sys::backtrace::__rust_begin_short_backtrace",
        "__rustc::rust_begin_unwind",
        "C",
    ];
    let sites = [site!("shop", "a", 4), site!("shop", "b", 6), site!("other", "c", 1)];
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..2_000 {
        let frame = |random: &mut fastrand::Rng| -> Vec<&'static str> {
            (0..random.usize(..3)).map(|_| names[random.usize(..names.len())]).collect()
        };
        let made = Made((0..random.usize(..20)).map(|_| frame(&mut random)).collect());
        let live: Vec<_> = (0..random.usize(..6))
            .map(|_| {
                let site = sites[random.usize(..sites.len())];
                let anchor = BASE + random.usize(..20 * SIZE);
                if random.bool() { annotated(site, anchor) } else { tried(site, anchor, 1) }
            })
            .collect();
        let merged = made.merge(&live, random.bool().then(|| at(6)).as_ref());
        let indexes: Vec<usize> = merged.iter().filter_map(|merged| merged.live).collect();
        let expected: Vec<usize> = (0..live.len()).filter(|index| live[*index].attempt.is_none()).collect();
        assert_eq!(indexes, expected, "{:?}", shown(&merged));
        let attempts = merged.iter().filter(|merged| merged.frame.attempt.is_some()).count();
        assert_eq!(attempts, live.len() - expected.len());
    }
}

// Real stacks.

thread_local! {
    static LIVE: RefCell<Vec<(&'static Site, usize)>> = const { RefCell::new(Vec::new()) };
    static TAKEN: RefCell<Option<Vec<Merged>>> = const { RefCell::new(None) };
    static TAKES: RefCell<bool> = const { RefCell::new(false) };
}

/// The frames of a panic, as the hook of a reporter sees them.
fn crash(f: impl FnOnce()) -> Vec<Merged> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !TAKES.take() {
                return before(info);
            }
            let trace = Trace::take();
            let place = info.location().map(|at| Place {
                file: at.file().to_owned(),
                line: at.line(),
                column: Some(at.column()),
            });
            let live: Vec<_> =
                LIVE.take().into_iter().map(|(site, anchor)| annotated(site, anchor)).collect();
            TAKEN.set(Some(trace.merge(&live, place.as_ref())));
        }));
    });
    TAKES.set(true);
    assert!(panic::catch_unwind(panic::AssertUnwindSafe(f)).is_err());
    TAKEN.take().unwrap()
}

fn alive(site: &'static Site, anchor: &u8) {
    LIVE.with_borrow_mut(|live| live.push((site, std::ptr::from_ref(anchor).addr())));
}

macro_rules! here {
    ($function:literal) => {{
        static SITE: Site = Site {
            function: $function,
            module: module_path!(),
            file: file!(),
            line: line!(),
            retried: false,
        };
        &SITE
    }};
}

struct Order(i32);

impl Order {
    fn divide(&self, by: i32) -> i32 {
        let anchor = 0;
        alive(here!("divide"), &anchor);
        self.0 / by
    }
}

impl std::fmt::Display for Order {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panic!("no words")
    }
}

fn functions(merged: &[Merged], test: &str) -> Vec<String> {
    let start = merged.iter().position(|merged| merged.frame.function.ends_with(test)).unwrap();
    merged[start..]
        .iter()
        .filter(|merged| merged.frame.in_app)
        .map(|merged| merged.frame.function.replace("retry_core::crash::frames::tests::", ""))
        .collect()
}

#[test]
fn a_real_crash() {
    let merged = crash(|| {
        Order(1).divide(std::hint::black_box(0));
    });
    // What is inlined has no frame of its own, unless it is annotated.
    let expected: &[&str] = match cfg!(debug_assertions) {
        true => &["a_real_crash", "crash", "a_real_crash::{closure}", "Order::divide"],
        false => &["a_real_crash", "crash", "divide"],
    };
    assert_eq!(functions(&merged, "a_real_crash"), expected);
    let last = merged.last().unwrap();
    assert_eq!(last.live, Some(0));
    let place = last.frame.place.clone().unwrap();
    assert_eq!(place.file, file!());
    let source = last.frame.source.as_ref().unwrap();
    assert_eq!(source.lines[5].trim(), "self.0 / by");
    assert_eq!(source.first_line + 5, place.line);
    let path = last.frame.path.as_deref().unwrap();
    assert!(std::path::Path::new(path).is_absolute() && path.ends_with(file!()), "{path}");
    let frames: Vec<Frame> = merged.into_iter().map(|merged| merged.frame).collect();
    assert_eq!(frames[0].function, "retry_core::crash::frames::tests::a_real_crash", "{frames:#?}");
    let file = frames[0].place.as_ref().map(|place| place.file.as_str());
    assert_eq!(file, cfg!(debug_assertions).then_some(file!()), "a release has no line tables");
    let again = crash(|| {
        Order(7).divide(std::hint::black_box(0));
    });
    let again: Vec<Frame> = again.into_iter().map(|merged| merged.frame).collect();
    assert_eq!(fingerprint("panic", "by 0", None, &again), fingerprint("panic", "by 0", None, &frames));
}

#[test]
fn what_std_does_for_a_caller_is_cut() {
    for raise in [
        || drop(Order(1).to_string()),
        || assert!(std::hint::black_box(None::<i32>).unwrap() > 0),
        || assert!(std::hint::black_box(Err::<i32, _>("no")).unwrap() > 0),
        || assert!(vec![1][std::hint::black_box(3)] > 0),
        || drop("é"[std::hint::black_box(1)..].to_owned()),
        || assert!(HashMap::<u8, u8>::new()[&1] > 0),
        || panic::panic_any(42),
        || assert_eq!(1, std::hint::black_box(2)),
    ] as [fn(); 8]
    {
        let merged = crash(raise);
        let last = &merged.last().unwrap().frame;
        assert!(last.in_app, "{:?}", shown(&merged));
        assert_eq!(last.place.as_ref().unwrap().file, file!());
        assert!(last.function.contains("::tests::"), "{:?}", shown(&merged));
    }
}

struct Polled<F>(Pin<Box<F>>, &'static Site);

impl<F: Future> Future for Polled<F> {
    type Output = F::Output;
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let anchor = 0;
        alive(self.1, &anchor);
        self.0.as_mut().poll(context)
    }
}

async fn leaf(by: i32) -> i32 {
    Polled(Box::pin(async move { 1 / by }), here!("leaf")).await
}

async fn middle(by: i32) -> i32 {
    Polled(Box::pin(async move { leaf(by).await + 1 }), here!("middle")).await
}

#[test]
fn a_real_crash_in_futures() {
    let merged = crash(|| {
        let mut future = pin!(middle(std::hint::black_box(0)));
        let _ = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    });
    let lives: Vec<_> =
        merged.iter().filter_map(|merged| Some((merged.live?, merged.frame.function.as_str()))).collect();
    assert_eq!(
        lives,
        [(0, "retry_core::crash::frames::tests::middle"), (1, "retry_core::crash::frames::tests::leaf")]
    );
    assert!(merged.last().unwrap().frame.function.ends_with("::leaf"));
}

fn deep(depth: u32) -> u32 {
    let anchor = 0;
    alive(here!("deep"), &anchor);
    assert!(depth > 0, "at the bottom");
    std::hint::black_box(deep(depth - 1)) + 1
}

#[test]
fn a_real_recursion() {
    let crashed = std::thread::Builder::new().stack_size(64 << 20).spawn(|| {
        crash(|| {
            deep(10_000);
        })
        .into_iter()
        .map(|merged| (merged.frame.function, merged.live))
        .collect::<Vec<_>>()
    });
    let frames = crashed.unwrap().join().unwrap();
    assert_eq!(frames.len(), 257);
    assert_eq!(frames[256].1, Some(10_000));
    assert!(frames[57..].iter().all(|(function, live)| function.ends_with("::deep") && live.is_some()));
}
