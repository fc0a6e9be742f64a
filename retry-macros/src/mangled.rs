//! Whatever is written, the macros answer with code or with errors, and never with a panic.

use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::{classify, crash, policy, retry, with};

const OPTIONS: [&str; 9] = [
    "Timeout = 120, TooManyRequests = field(retry_interval), backoff = exp(max = 5)",
    "Timeout = 1.5s, TooManyRequests = field(a.0.b, or = 60, max = 10m), A | my::B = never, _ = 1s",
    "when(|error: &E| error.is_soft()) = self.delay, _ = never, error = my::Error",
    "backoff = exp(base = 100ms, factor = 2.5, cap = 10m, max = unlimited, jitter = decorrelated)",
    "backoff = linear(step = STEP, base = -5), attempts = 0, jitter = 1e999, deadline = \"5s\"",
    "timeout = 5s => ApiError::Timeout, until = |v| v.ready(), attempt = n, clone(a, b, self)",
    "on_retry = log, on_give_up = async |event| log(event), on_success = |_| {}, sleep = tokio::time::sleep",
    "policy = self.policy, crate = ::path::to, budget = B, reschedule, colour = 3, exp(max = 5)",
    "Timeout = 99999999999999999999999999999h, A = 0.0000000001ns, B = 1e400, C = field(0.1.2), D = 0x10",
];

const FUNCTIONS: [&str; 8] = [
    "async fn events(&self, a: Vec<u8>, mut b: String) -> Result<Events, ApiError> { self.get(a, b).await? }",
    "pub(crate) unsafe extern \"C\" fn f<T: Into<u8>>(self: Pin<&mut Self>, (a, b): (u8, T)) -> io::Result<()> where T: Send { #![allow(x)] Ok(()) }",
    "fn f(a: impl Fn() -> u8) -> Option<u8> { None }",
    "fn f(&self) -> Pin<Box<dyn Future<Output = Result<u8, Box<E>>> + Send + '_>> { Box::pin(async move { let a = a; Ok(1) }) }",
    "fn f() -> impl Future<Output = Result<(), Self::Error>> + Send { async { Err(e)? } }",
    "#[doc = \"text\"] default const fn f<'a, const N: usize>(_: ..., #[cfg(a)] b: &'a str) -> Result<[u8; N], E<'a>>;",
    "impl Client { fn f() {} }",
    "pub enum Error { A }",
];

const CONTEXTS: [&str; 4] = [
    "order, &cart, .., skip(d, total), redact(token), allow(x), limit = 512, debug, crate = ::path::to",
    "debug",
    "a.b, &mut c, limit = 99999999999, skip(), skip, = 3, ..",
    "&&x, 'a, allow(self), limit = \"5\", colour(red)",
];

const BODIES: [&str; 4] = [
    "#[retry(A = 1)] async fn f(&mut self, mut order: Order, (a, ref b): (A, B), _: C, #[cfg(x)] d: D) -> Result<T, E> { \
     let mut x; #[cfg(y)] let Some(z @ 1..=5) = order.z else { return Err(E)? }; x = z; x += 1; (x, y[0]) = (1, 2); \
     if let Some(p) = q && let Ok(ref mut r) = s && p > 1 { r.push(p) } else if t { loop { break 'a 5 } } \
     match u { V(w) | W(w) if w.ok() => w = 3, X { y, .. } => { y }, _ => unreachable!(\"{x} {{y}} {z:>width$}\") } }",
    "fn main() -> Result<(), Box<dyn Error>> { for (i, j) in k.iter() { let l = || { m = i; }; (move || { let n = j; n })(); } Ok(()) }",
    "fn g() -> impl Fn(&str) -> bool + use<'_> { let a = 1; #[allow(x)] unsafe { let b = &raw mut a; *b = 2; } move |s| s.len() == a }",
    "fn h(self: Box<Self>) -> Pin<Box<dyn Future<Output = ()> + Send>> { Box::pin(async move { let __self = self; while let Some(x) = y.next().await { z = x; } }) }",
];

const DERIVES: [&str; 3] = [
    "#[derive(Debug)] #[retry(default = transient, crate = ::a)] enum E<T> where T: X { \
     #[retry(after = 120)] A, #[retry(after = field(0.b, or = 60))] B(Option<T>), #[retry(transient)] C, \
     #[retry(forward)] D(#[from] H), #[retry(forward(source))] F { source: T, b: u8 }, \
     #[retry(when = self.is_soft(), permanent)] G, H(#[retry(forward)] X, Y), #[retry] I, #[retry = 3] J }",
    "#[retry(after = field(retry_after), when = true)] struct S<'a> { retry_after: &'a u64 }",
    "#[retry(transient)] union U { a: u8 }",
];

const BLOCKS: [&str; 4] = [
    "ApiError: Timeout = 120, TooManyRequests = field(retry_interval), backoff = exp(max = 5)",
    "Box<my::Error<T>>: _ = never, timeout = 5s => E::A, until = |v| true, on_retry = f, sleep = g",
    "ApiError, Timeout = 3, attempt = n, clone(a), error = E",
    "policy = p, when(is_soft) = 30",
];

const WITH: [&str; 3] = [
    "crate = ::path, delays, async |attempt| { get(attempt).await? }",
    "&self.delays, move |a: A, b| -> R { x.await }",
    "policy(), || Err(E), ",
];

#[test]
fn the_attribute_takes_any_options() {
    let mut survived = Survived::default();
    let function = tokens(FUNCTIONS[0]);
    for options in OPTIONS {
        for mangled in mangled(options) {
            survived.check(&mangled, || retry::retry(mangled.clone(), function.clone()));
        }
    }
    survived.report(400);
}

#[test]
fn the_attribute_takes_any_item() {
    let mut survived = Survived::default();
    for function in FUNCTIONS {
        for options in [OPTIONS[0], OPTIONS[5], ""] {
            let options = tokens(options);
            for mangled in mangled(function) {
                survived.check(&mangled, || retry::retry(options.clone(), mangled.clone()));
            }
        }
    }
    survived.report(400);
}

#[test]
fn crash_context_takes_any_options_and_any_item() {
    let mut survived = Survived::default();
    let function = tokens(BODIES[0]);
    for options in CONTEXTS {
        for mangled in mangled(options) {
            survived.check(&mangled, || crash::crash_context(mangled.clone(), function.clone()));
        }
    }
    for body in BODIES.iter().chain(&FUNCTIONS) {
        for options in [CONTEXTS[1], ""] {
            let options = tokens(options);
            for mangled in mangled(body) {
                survived.check(&mangled, || crash::crash_context(options.clone(), mangled.clone()));
            }
        }
    }
    survived.report(2000);
}

#[test]
fn the_derive_takes_any_item() {
    let mut survived = Survived::default();
    for item in DERIVES {
        for mangled in mangled(item) {
            survived.check(&mangled, || classify::derive(mangled.clone()));
        }
    }
    survived.report(200);
}

#[test]
fn the_block_forms_take_anything() {
    let mut survived = Survived::default();
    for input in BLOCKS {
        for mangled in mangled(input) {
            survived.check(&mangled, || policy::retry_policy(mangled.clone()));
        }
    }
    for input in WITH {
        for mangled in mangled(input) {
            survived.check(&mangled, || with::retry_with(mangled.clone()));
        }
    }
    survived.report(200);
}

/// A mistake in the options leaves the function for its callers.
#[test]
fn a_function_outlives_its_options() {
    for options in CONTEXTS {
        for mangled in mangled(options) {
            let expanded = crash::crash_context(mangled, tokens(FUNCTIONS[0])).to_string();
            assert!(expanded.contains("fn events"), "{expanded}");
        }
    }
    let function = tokens(FUNCTIONS[0]);
    for options in OPTIONS {
        for mangled in mangled(options) {
            let expanded = retry::retry(mangled, function.clone()).to_string();
            assert!(expanded.contains("fn events"), "{expanded}");
        }
    }
}

/// Inputs that did and did not lead to a panic.
#[derive(Default)]
struct Survived {
    count: usize,
    panics: String,
}

impl Survived {
    fn check(&mut self, input: &TokenStream, expand: impl FnOnce() -> TokenStream) {
        if TokenStream::from_str(&input.to_string()).is_err() {
            // A lifetime was torn apart, which no source file can hold.
            return;
        }
        self.count += 1;
        // Code that is no code is found out by reading it again.
        let read = || TokenStream::from_str(&expand().to_string()).is_ok();
        if !catch_unwind(AssertUnwindSafe(read)).unwrap_or(false) {
            let _ = writeln!(self.panics, "{input}");
        }
    }

    fn report(&self, at_least: usize) {
        assert!(self.panics.is_empty(), "these inputs lead to a panic:\n{}", self.panics);
        assert!(self.count >= at_least, "only {} inputs were tried", self.count);
    }
}

fn tokens(text: &str) -> TokenStream {
    TokenStream::from_str(text).expect("these are tokens")
}

/// The input itself, and what comes of it when it is cut off behind each token, when each token is left out or
/// said twice, when neighbours change places, and when each is replaced by something else; inside groups too.
fn mangled(text: &str) -> Vec<TokenStream> {
    let trees: Vec<_> = tokens(text).into_iter().collect();
    let mut all = vec![trees.iter().cloned().collect()];
    mangle(&trees, &|trees| trees, &mut all);
    all
}

fn mangle(
    trees: &[TokenTree],
    around: &dyn Fn(Vec<TokenTree>) -> Vec<TokenTree>,
    all: &mut Vec<TokenStream>,
) {
    let strange: Vec<_> = ["=", "5", "\"text\"", "self", "::", "(,)", "'a", "Timeout"].map(tokens).into();
    for at in 0..trees.len() {
        let mut changed = |change: &dyn Fn(&mut Vec<TokenTree>)| {
            let mut trees = trees.to_vec();
            change(&mut trees);
            all.push(around(trees).into_iter().collect());
        };
        changed(&|trees| trees.truncate(at));
        changed(&|trees| drop(trees.remove(at)));
        changed(&|trees| trees.insert(at, trees[at].clone()));
        if at + 1 < trees.len() {
            changed(&|trees| trees.swap(at, at + 1));
        }
        changed(&|trees| drop(trees.splice(at..=at, strange[at % strange.len()].clone())));
        if let TokenTree::Group(group) = &trees[at] {
            let inside: Vec<_> = group.stream().into_iter().collect();
            let regrouped = |inside: Vec<TokenTree>, delimiter| {
                let mut trees = trees.to_vec();
                trees[at] = Group::new(delimiter, inside.into_iter().collect()).into();
                around(trees)
            };
            // As a `macro_rules!` hands it on.
            all.push(regrouped(inside.clone(), Delimiter::None).into_iter().collect());
            mangle(&inside, &|inside| regrouped(inside, group.delimiter()), all);
        }
    }
}
