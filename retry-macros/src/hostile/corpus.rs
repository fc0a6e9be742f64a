//! Calls that are right, or nearly: every option of every macro, every kind of function, and all that the test suites
//! have.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, ImplItemFn, ItemEnum, ItemFn, ItemStruct, Meta};

use super::case::{Case, Macro};

pub(crate) const OPTIONS: [&str; 14] = [
    "Timeout = 120, TooManyRequests = field(retry_interval), backoff = exp(max = 5)",
    "Timeout = 1.5s, TooManyRequests = field(a.0.b, or = 60, max = 10m), A | my::B = never, _ = 1s",
    "when(|error: &E| error.is_soft()) = self.delay, _ = never, error = my::Error",
    "backoff = exp(base = 100ms, factor = 2.5, cap = 10m, max = unlimited, jitter = decorrelated)",
    "backoff = linear(step = STEP, base = -5), attempts = 0, jitter = 1e999, deadline = \"5s\"",
    "timeout = 5s => ApiError::Timeout, until = |v| v.ready(), attempt = n, clone(a, b, self)",
    "on_retry = log, on_give_up = async |event| log(event), on_success = |_| {}, sleep = tokio::time::sleep",
    "policy = self.policy, crate = ::path::to, budget = B, reschedule, colour = 3, exp(max = 5)",
    "Timeout = 99999999999999999999999999999h, A = 0.0000000001ns, B = 1e400, C = field(0.1.2), D = 0x10",
    "",
    "Timeout | ApiError::Conflict = 2s, r#Try = field(r#type, or = r#fn()), backoff = fibonacci(base = 1s), jitter = none",
    "backoff = fixed(base = 1s, cap = 1h), attempts = unlimited, deadline = self.deadline, jitter = 0.25, clone(a, mut_b)",
    "backoff = linear(base = 1, step = 2, max = N), jitter = JITTER, timeout = self.limit => E::new(1), sleep = self.timer",
    "when(is_soft) = if a { 1s } else { B }, A = match x { _ => { 5 } }, on_retry = self.hook, until = Option::is_some",
];

pub(crate) const FUNCTIONS: [&str; 15] = [
    "async fn events(&self, a: Vec<u8>, mut b: String) -> Result<Events, ApiError> { self.get(a, b).await? }",
    "pub(crate) unsafe extern \"C\" fn f<T: Into<u8>>(self: Pin<&mut Self>, (a, b): (u8, T)) -> io::Result<()> where T: Send { #![allow(x)] Ok(()) }",
    "fn f(a: impl Fn() -> u8) -> Option<u8> { None }",
    "fn f(&self) -> Pin<Box<dyn Future<Output = Result<u8, Box<E>>> + Send + '_>> { Box::pin(async move { let a = a; Ok(1) }) }",
    "fn f() -> impl Future<Output = Result<(), Self::Error>> + Send { async { Err(e)? } }",
    "#[doc = \"text\"] default const fn f<'a, const N: usize>(_: ..., #[cfg(a)] b: &'a str) -> Result<[u8; N], E<'a>>;",
    "impl Client { fn f() {} }",
    "pub enum Error { A }",
    "#[crash_context(a, ..)] #[inline] async fn f(&mut self, a: &str, mut b: Vec<u8>) -> Result<u8, Arc<E>> { b.push(1); Ok(1) }",
    "fn f<'life0, 'async_trait>(&'life0 self, a: u8, b: (u8, u8)) -> ::core::pin::Pin<Box<dyn ::core::future::Future<Output = Result<u8, E>> \
     + ::core::marker::Send + 'async_trait>> where 'life0: 'async_trait { Box::pin(async move { if let ::core::option::Option::Some(__ret) = \
     ::core::option::Option::None::<Result<u8, E>> { return __ret; } let __self = self; let mut a = a; let (x, y) = b; let __ret: Result<u8, E> \
     = { __self.get(a).await }; __ret }) }",
    "async fn f(a: u8) -> Result<u8, E> { {} let __tracing_instrument_future = async move { match async move { g(a).await }.await { Ok(x) => \
     Ok(x), Err(e) => Err(e) } }; let __tracing_attr_guard = 1; __tracing_instrument_future.await }",
    "fn r#match<const N: usize>(r#fn: [u8; N], r#type: &mut dyn r#Trait) -> Result<<Self as X>::R, <T as r#Y>::E> { r#fn[0]; Ok(()) }",
    "pub extern \"C\" fn f(_: u8, a @ [b, .., c]: [u8; 4], S { d, e: (ref g, _) }: S) -> std::result::Result<impl Iterator<Item = u8> + use<>, !> { loop {} }",
    "async fn f() -> BoxFuture<'static, Result<(), E>> { async move {}.boxed() }",
    "fn f(self: Arc<Self>, mut f: Box<dyn FnMut(&u8) -> u8>) -> LocalBoxFuture<'_, Result<u8, E>> { fn g() {} Box::pin(async { f(&1); Ok(1) }) }",
];

pub(crate) const CONTEXTS: [&str; 7] = [
    "order, &cart, .., skip(d, total), redact(token), allow(x), limit = 512, debug, crate = ::path::to",
    "debug",
    "a.b, &mut c, limit = 99999999999, skip(), skip, = 3, ..",
    "&&x, 'a, allow(self), limit = \"5\", colour(red)",
    "",
    "x, &z, .., r#type",
    "skip(order), redact(self), allow(e), debug, limit = 1",
];

pub(crate) const BODIES: [&str; 8] = [
    "#[retry(A = 1)] async fn f(&mut self, mut order: Order, (a, ref b): (A, B), _: C, #[cfg(x)] d: D) -> Result<T, E> { \
     let mut x; #[cfg(y)] let Some(z @ 1..=5) = order.z else { return Err(E)? }; x = z; x += 1; (x, y[0]) = (1, 2); \
     if let Some(p) = q && let Ok(ref mut r) = s && p > 1 { r.push(p) } else if t { loop { break 'a 5 } } \
     match u { V(w) | W(w) if w.ok() => w = 3, X { y, .. } => { y }, _ => unreachable!(\"{x} {{y}} {z:>width$}\") } }",
    "fn main() -> Result<(), Box<dyn Error>> { for (i, j) in k.iter() { let l = || { m = i; }; (move || { let n = j; n })(); } Ok(()) }",
    "fn g() -> impl Fn(&str) -> bool + use<'_> { let a = 1; #[allow(x)] unsafe { let b = &raw mut a; *b = 2; } move |s| s.len() == a }",
    "fn h(self: Box<Self>) -> Pin<Box<dyn Future<Output = ()> + Send>> { Box::pin(async move { let __self = self; while let Some(x) = y.next().await { z = x; } }) }",
    "#[tokio::main] async fn main() -> Result<(), E> { let a = 1; #[expect(unused)] let b = async move { a }.await; m!(a = 1, { b += 1 }); Ok(()) }",
    "fn main() { let body = async { let x = 1; x.await }; Runtime::new().block_on(body) }",
    "const fn f(#[cfg(a)] #[allow(b)] a: u8, #[expect(unused)] b: u8) -> u8 { a }",
    "fn f(&self) -> usize { self.len }",
];

pub(crate) const DERIVES: [&str; 6] = [
    "#[derive(Debug)] #[retry(default = transient, crate = ::a)] enum E<T> where T: X { \
     #[retry(after = 120)] A, #[retry(after = field(0.b, or = 60))] B(Option<T>), #[retry(transient)] C, \
     #[retry(forward)] D(#[from] H), #[retry(forward(source))] F { source: T, b: u8 }, \
     #[retry(when = self.is_soft(), permanent)] G, H(#[retry(forward)] X, Y), #[retry] I, #[retry = 3] J }",
    "#[retry(after = field(retry_after), when = true)] struct S<'a> { retry_after: &'a u64 }",
    "#[retry(transient)] union U { a: u8 }",
    "pub(in a) enum r#E<'a, T: 'a + ?Sized = u8, const N: usize = 3> { r#type { r#in: u8 } = 1, #[retry(after = field(r#in, max = 5))] B { r#in: Self }, C() }",
    "enum E {}",
    "struct S;",
];

pub(crate) const BLOCKS: [&str; 6] = [
    "ApiError: Timeout = 120, TooManyRequests = field(retry_interval), backoff = exp(max = 5)",
    "Box<my::Error<T>>: _ = never, timeout = 5s => E::A, until = |v| true, on_retry = f, sleep = g",
    "ApiError, Timeout = 3, attempt = n, clone(a), error = E",
    "policy = p, when(is_soft) = 30",
    "",
    "<T as X>::E: crate = ::a::b, when(|e| e.is_soft()) = 1s, on_give_up = |_| {}, on_success = self.f, deadline = 1h",
];

pub(crate) const WITH: [&str; 5] = [
    "crate = ::path, delays, async |attempt| { get(attempt).await? }",
    "&self.delays, move |a: A, b| -> R { x.await }",
    "policy(), || Err(E), ",
    "retry_policy!(E: A = 1), |(a, ref mut b)| get(async { x.await }, || y.await)",
    "match a { b => c }, async |_| { #![allow(x)] return Ok(1) }",
];

/// All that is written above.
pub(crate) fn written() -> Vec<Case> {
    let mut all = Vec::new();
    for item in FUNCTIONS.iter().chain(&BODIES) {
        all.extend(OPTIONS.iter().filter_map(|options| Case::text(Macro::Retry, options, item)));
        all.extend(CONTEXTS.iter().filter_map(|options| Case::text(Macro::CrashContext, options, item)));
    }
    // As often as the others, or nearly.
    for _ in 0..8 {
        all.extend(BLOCKS.iter().filter_map(|input| Case::text(Macro::Policy, input, "")));
        all.extend(WITH.iter().filter_map(|input| Case::text(Macro::With, input, "")));
        all.extend(DERIVES.iter().filter_map(|item| Case::text(Macro::Classify, "", item)));
    }
    all
}

/// All that stands in the Rust files under a folder; nothing where there is none.
pub(crate) fn of_folder(folder: &Path) -> Vec<Case> {
    let mut found = Found::default();
    for file in files(folder) {
        let read = fs::read_to_string(file).ok().and_then(|text| syn::parse_file(&text).ok());
        if let Some(mut file) = read {
            found.visit_file_mut(&mut file);
        }
    }
    found.0
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut entries: Vec<_> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
            all.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push(path);
        }
    }
    all
}

#[derive(Default)]
struct Found(Vec<Case>);

impl Found {
    fn function(&mut self, attrs: &[Attribute], function: impl Fn(Vec<Attribute>) -> TokenStream) {
        for (index, attribute) in attrs.iter().enumerate() {
            let Some(of) = macro_named(attribute.path()).filter(|of| of.is_attribute()) else { continue };
            let options = match &attribute.meta {
                Meta::List(list) => list.tokens.clone(),
                _ => TokenStream::new(),
            };
            // The compiler takes it off, and those above have had their turn.
            self.0.push(Case::new(of, options, function(attrs[index + 1..].to_vec())));
        }
    }

    fn derived(&mut self, attrs: &[Attribute], item: &impl ToTokens) {
        let is_ours = |attribute: &Attribute| {
            attribute.path().is_ident("derive")
                && attribute.to_token_stream().to_string().contains("RetryClassify")
        };
        if attrs.iter().any(is_ours) {
            self.0.push(Case::new(Macro::Classify, TokenStream::new(), item.to_token_stream()));
        }
    }
}

impl VisitMut for Found {
    fn visit_item_fn_mut(&mut self, item: &mut ItemFn) {
        self.function(&item.attrs, |attrs| ItemFn { attrs, ..item.clone() }.into_token_stream());
        visit_mut::visit_item_fn_mut(self, item);
    }

    fn visit_impl_item_fn_mut(&mut self, item: &mut ImplItemFn) {
        self.function(&item.attrs, |attrs| ImplItemFn { attrs, ..item.clone() }.into_token_stream());
        visit_mut::visit_impl_item_fn_mut(self, item);
    }

    fn visit_item_enum_mut(&mut self, item: &mut ItemEnum) {
        self.derived(&item.attrs, item);
    }

    fn visit_item_struct_mut(&mut self, item: &mut ItemStruct) {
        self.derived(&item.attrs, item);
    }

    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        if let Some(of) = macro_named(&call.path).filter(|of| !of.is_attribute()) {
            self.0.push(Case::new(of, call.tokens.clone(), TokenStream::new()));
        }
    }
}

fn macro_named(path: &syn::Path) -> Option<Macro> {
    match path.segments.last()?.ident.to_string().as_str() {
        "retry" | "again" => Some(Macro::Retry),
        "crash_context" => Some(Macro::CrashContext),
        "retry_policy" => Some(Macro::Policy),
        "retry_with" => Some(Macro::With),
        _ => None,
    }
}
