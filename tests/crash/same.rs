//! What the attribute does not change: when arguments and locals are dropped, what is returned, and whether a future can
//! be sent. Each function is there twice, once with the attribute and once without.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt::Debug;
use std::future::ready;
use std::marker::PhantomData;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Waker};

use retry_core::crash_context;
use tokio::task::yield_now;

use crate::support::block_on;

thread_local!(static LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) });

fn log(what: impl Into<String>) {
    LOG.with_borrow_mut(|log| log.push(what.into()));
}

/// What was logged in the meantime.
fn logged<T>(run: impl FnOnce() -> T) -> Vec<String> {
    LOG.take();
    drop(run());
    LOG.take()
}

/// Logs its name when it is dropped.
#[derive(Debug)]
struct Noisy(&'static str);

impl Drop for Noisy {
    fn drop(&mut self) {
        log(self.0);
    }
}

fn noisy(name: &'static str) -> Noisy {
    Noisy(name)
}

struct Pair {
    left: Noisy,
    right: Noisy,
}

fn pair(left: &'static str, right: &'static str) -> Pair {
    Pair { left: Noisy(left), right: Noisy(right) }
}

/// That three functions, of which two have the attribute, log the same.
macro_rules! drops_the_same {
    ($test:ident: fn $function:ident $arguments:tt $body:block with $given:tt) => {
        #[test]
        fn $test() {
            fn bare $arguments $body
            #[crash_context]
            fn annotated $arguments $body
            #[crash_context(debug)]
            fn with_debug $arguments $body
            let expected = logged(|| bare $given);
            assert!(!expected.is_empty());
            assert_eq!(logged(|| annotated $given), expected);
            assert_eq!(logged(|| with_debug $given), expected);
        }
    };
    ($test:ident: async fn $function:ident $arguments:tt $body:block with $given:tt) => {
        #[test]
        fn $test() {
            async fn bare $arguments $body
            #[crash_context]
            async fn annotated $arguments $body
            #[crash_context(debug)]
            async fn with_debug $arguments $body
            /// To the end, up to its first await and not at all.
            fn all(future: impl Fn() -> Pin<Box<dyn Future<Output = ()>>>) -> [Vec<String>; 3] {
                let to_end = logged(|| block_on(future()));
                let half = logged(|| {
                    let mut future = future();
                    let _ = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
                    log("half");
                });
                [to_end, half, logged(future)]
            }
            let expected = all(|| Box::pin(bare $given));
            assert!(expected.iter().all(|log| !log.is_empty()));
            assert_eq!(all(|| Box::pin(annotated $given)), expected);
            assert_eq!(all(|| Box::pin(with_debug $given)), expected);
        }
    };
}

drops_the_same! { arguments: fn f(a: Noisy, b: Noisy, _c: Noisy, _: Noisy, mut d: Noisy) {
    log("body");
} with (noisy("a"), noisy("b"), noisy("c"), noisy("d"), noisy("e")) }

drops_the_same! { arguments_taken_apart: fn f(Pair { left, right: _ }: Pair, (a, _): (Noisy, Noisy), [b, ..]: [Noisy; 3], whole: Pair) {
    log("body");
} with (pair("l", "r"), (noisy("a"), noisy("b")), [noisy("1"), noisy("2"), noisy("3")], pair("x", "y")) }

drops_the_same! { arguments_by_reference: fn f(ref a: Noisy, ref mut b: Noisy, Pair { ref left, .. }: Pair, c @ Noisy(_): Noisy) {
    b.0 = "changed";
} with (noisy("a"), noisy("b"), pair("l", "r"), noisy("c")) }

drops_the_same! { locals: fn f(n: u8) {
    let a = noisy("a");
    let _ = noisy("at once");
    let _b = noisy("b");
    let (c, _) = (noisy("c"), noisy("d"));
    let mut e = noisy("e");
    e = noisy("f");
    let late;
    late = noisy("late");
    let Pair { left, .. } = pair("left", "right");
    let &_ = &noisy("temporary");
    let extended = &noisy("extended");
    log("body");
} with (1) }

drops_the_same! { moved: fn f(a: Noisy, b: Noisy, list: Vec<Noisy>) {
    drop(b);
    let moved = a;
    let pair = Pair { left: noisy("left"), right: noisy("right") };
    drop(pair.right);
    for item in list {
        if item.0 == "2" {
            break;
        }
    }
    let boxed = Box::new(noisy("boxed"));
    let inside = *boxed;
    log("body");
} with (noisy("a"), noisy("b"), vec![noisy("1"), noisy("2"), noisy("3")]) }

drops_the_same! { shadowed: fn f(a: Noisy) {
    let a = (a, noisy("b"));
    let a = noisy("c");
    {
        let a = noisy("d");
        let a = noisy("e");
    }
    log("body");
} with (noisy("a")) }

drops_the_same! { scopes: fn f(n: u8) {
    let made = { let inside = noisy("inside"); noisy("made") };
    if let Some(found) = Some(noisy("found")) { log("then"); } else { log("else"); }
    match (noisy("x"), noisy("y")) { (x, _) => log("arm") }
    match &noisy("scrutinee") { found => log("arm") }
    match noisy("by name") { found if found.0.is_empty() => {} found => drop(found) }
    while let Some(once) = made.0.strip_prefix("never") { log(once); }
    for n in [noisy("1"), noisy("2")] { let doubled = n.0; if doubled == "1" { continue; } }
    let Some(some) = Some(noisy("some")) else { return };
    let value = 'block: { let inside = noisy("in block"); if n == 1 { break 'block 1; } 2 };
    log("body");
} with (1) }

drops_the_same! { temporaries_of_the_tail: fn f(a: Noisy) {
    let local = noisy("local");
    let _ = noisy("temporary").0.len();
    match noisy("scrutinee").0.len() { 0 => log("zero"), length => log(length.to_string()) }
} with (noisy("a")) }

drops_the_same! { early_return: fn f(a: Noisy, stop: bool) {
    let b = noisy("b");
    if stop {
        let c = noisy("c");
        return;
    }
    log("not reached");
} with (noisy("a"), true) }

drops_the_same! { a_temporary_in_a_condition: fn f(cell: &RefCell<u8>) {
    if let Some(n) = cell.borrow().checked_sub(1) {
        log(n.to_string());
    } else {
        *cell.borrow_mut() = 1;
        log("free");
    }
    match cell.try_borrow_mut() { Ok(mut n) => *n += 1, Err(_) => log("still borrowed") }
    log(cell.borrow().to_string());
} with (&RefCell::new(0)) }

drops_the_same! { closures: fn f(a: Noisy, b: Noisy) {
    let takes = move || log(a.0);
    let borrows = || log(b.0);
    takes();
    borrows();
    log("body");
} with (noisy("a"), noisy("b")) }

drops_the_same! { async_arguments: async fn f(a: Noisy, b: Noisy, _c: Noisy, _: Noisy, mut d: Noisy) {
    log("body");
    yield_now().await;
    log("after");
} with (noisy("a"), noisy("b"), noisy("c"), noisy("d"), noisy("e")) }

drops_the_same! { async_arguments_taken_apart: async fn f(Pair { left, right: _ }: Pair, (a, _): (Noisy, Noisy), [b, ..]: [Noisy; 3], whole: Pair) {
    yield_now().await;
    log("body");
} with (pair("l", "r"), (noisy("a"), noisy("b")), [noisy("1"), noisy("2"), noisy("3")], pair("x", "y")) }

drops_the_same! { async_arguments_by_reference: async fn f(ref a: Noisy, ref mut b: Noisy, Pair { ref left, .. }: Pair, c @ Noisy(_): Noisy) {
    yield_now().await;
    b.0 = "changed";
} with (noisy("a"), noisy("b"), pair("l", "r"), noisy("c")) }

drops_the_same! { async_locals: async fn f(a: Noisy) {
    let b = noisy("b");
    let (c, _) = (noisy("c"), noisy("d"));
    let _ = noisy("at once");
    {
        let inside = noisy("inside");
        yield_now().await;
    }
    drop(c);
    let last = ready(noisy("last")).await;
    yield_now().await;
    log("body");
} with (noisy("a")) }

drops_the_same! { async_moved: async fn f(a: Noisy, list: Vec<Noisy>) {
    for item in list {
        yield_now().await;
    }
    drop(a);
    log("body");
} with (noisy("a"), vec![noisy("1"), noisy("2")]) }

#[test]
fn the_receiver_by_value_with_its_fields_used_apart() {
    macro_rules! methods {
        ($kind:ident $(#[$attribute:meta])?) => {
            struct $kind {
                first: Noisy,
                second: Noisy,
                third: Noisy,
            }
            impl $kind {
                $(#[$attribute])?
                fn sync(self, n: Noisy) {
                    drop(self.second);
                    let moved = self.first;
                    log("body");
                }
                $(#[$attribute])?
                async fn asynchronous(self, n: Noisy) {
                    drop(self.second);
                    yield_now().await;
                    let moved = self.first;
                    log("body");
                }
                $(#[$attribute])?
                fn taken_apart(self) -> Noisy {
                    let Self { first, .. } = self;
                    first
                }
                $(#[$attribute])?
                async fn untouched(self, n: Noisy) {
                    log("body");
                }
                $(#[$attribute])?
                fn changed(mut self) -> Self {
                    self.first = noisy("changed");
                    self
                }
                fn new() -> Self {
                    Self { first: noisy("first"), second: noisy("second"), third: noisy("third") }
                }
                fn all() -> [Vec<String>; 6] {
                    [
                        logged(|| Self::new().sync(noisy("n"))),
                        logged(|| block_on(Self::new().asynchronous(noisy("n")))),
                        logged(|| drop(Self::new().asynchronous(noisy("n")))),
                        logged(|| Self::new().taken_apart()),
                        logged(|| block_on(Self::new().untouched(noisy("n")))),
                        logged(|| Self::new().changed()),
                    ]
                }
            }
        };
    }
    methods!(Bare);
    methods!(Annotated #[crash_context]);
    methods!(Debugged #[crash_context(debug)]);
    let expected = Bare::all();
    assert!(expected.iter().all(|log| log.len() >= 3), "{expected:?}");
    assert_eq!(Annotated::all(), expected);
    assert_eq!(Debugged::all(), expected);
}

#[test]
fn futures_that_can_be_sent() {
    fn is_send<T: Send>(future: T) -> T {
        future
    }
    fn is_static<T: Send + 'static>(_: T) {}
    fn is_sync<T: Sync>(_: &T) {}

    #[crash_context]
    async fn plain(text: &str, n: u8, list: Vec<u8>, map: HashMap<String, u8>) -> usize {
        let length = text.len();
        yield_now().await;
        length + list.len() + map.len()
    }
    #[crash_context]
    async fn a_local_that_ends_before() -> u8 {
        let n = {
            let shared = Rc::new(Cell::new(1));
            shared.get()
        };
        yield_now().await;
        n
    }
    #[crash_context]
    async fn a_temporary_that_is_not_send() -> u8 {
        let n = *Rc::new(1);
        yield_now().await;
        let pointer = &raw const n;
        let after = Rc::new(2);
        n + *after
    }
    #[crash_context]
    async fn send_but_not_sync(cell: Cell<u8>, boxed: Box<dyn Fn() -> u8 + Send>) -> u8 {
        let local = Cell::new(1);
        yield_now().await;
        cell.get() + local.get() + boxed()
    }
    #[crash_context]
    async fn generic<T: Send + Debug + Clone>(value: T) -> T {
        let copy = value.clone();
        yield_now().await;
        copy
    }
    #[crash_context]
    async fn opaque(call: impl Fn(u8) -> u8 + Send + Sync, items: impl Iterator<Item = u8> + Send) -> u8 {
        let sum: u8 = items.map(&call).sum();
        yield_now().await;
        sum
    }
    #[crash_context]
    async fn borrowed_from_itself() -> usize {
        let text = String::from("text");
        let part = &text[1..];
        yield_now().await;
        part.len()
    }
    #[crash_context(debug)]
    async fn with_debug(list: Vec<u8>) -> usize {
        let copy = list.clone();
        yield_now().await;
        copy.len()
    }
    #[crash_context(list, copy)]
    async fn listed(list: Vec<u8>) -> usize {
        let copy = list.clone();
        yield_now().await;
        copy.len()
    }
    #[crash_context(&list, &local)]
    async fn borrowed(list: Vec<u8>) -> usize {
        let local = 1;
        yield_now().await;
        list.len()
    }
    #[crash_context]
    fn boxed(n: u8) -> Pin<Box<dyn Future<Output = u8> + Send>> {
        Box::pin(async move {
            let twice = n * 2;
            yield_now().await;
            twice
        })
    }
    let text = String::from("a");
    assert_eq!(block_on(is_send(plain(&text, 1, vec![1], HashMap::new()))), 2);
    is_sync(&plain(&text, 1, vec![], HashMap::new()));
    assert_eq!(block_on(is_send(a_local_that_ends_before())), 1);
    assert_eq!(block_on(is_send(a_temporary_that_is_not_send())), 3);
    assert_eq!(block_on(is_send(send_but_not_sync(Cell::new(1), Box::new(|| 1)))), 3);
    assert_eq!(block_on(is_send(generic("a"))), "a");
    assert_eq!(block_on(is_send(opaque(|n| n, [1, 2].into_iter()))), 3);
    assert_eq!(block_on(is_send(borrowed_from_itself())), 3);
    assert_eq!(block_on(is_send(with_debug(vec![1]))), 1);
    assert_eq!(block_on(is_send(listed(vec![1]))), 1);
    assert_eq!(block_on(is_send(borrowed(vec![1]))), 1);
    assert_eq!(block_on(is_send(boxed(1))), 2);
    is_static(plain("a", 1, vec![], HashMap::new()));
    is_static(generic(1));
}

/// A future that cannot be sent does not become one that can.
#[test]
fn futures_that_cannot_be_sent() {
    trait Ambiguous<A> {
        fn of(_: &Self) {}
    }
    impl<T> Ambiguous<()> for T {}
    impl<T: Send> Ambiguous<u8> for T {}

    #[crash_context]
    async fn local() -> u8 {
        let shared = Rc::new(1);
        yield_now().await;
        *shared
    }
    #[crash_context]
    async fn argument(shared: Rc<u8>) -> u8 {
        yield_now().await;
        *shared
    }
    #[crash_context]
    async fn reference(cell: &Cell<u8>) -> u8 {
        yield_now().await;
        cell.get()
    }
    // Each compiles only where there is one implementation to choose.
    Ambiguous::of(&local());
    Ambiguous::of(&argument(Rc::new(1)));
    let cell = Cell::new(1);
    Ambiguous::of(&reference(&cell));
    block_on(async { (local().await, argument(Rc::new(1)).await, reference(&cell).await) });
}

#[test]
fn shapes_of_return() {
    #[crash_context]
    fn iterates(items: &[u8]) -> impl Iterator<Item = u8> + '_ {
        let twice = 2;
        items.iter().map(move |n| n * twice)
    }
    #[crash_context]
    fn a_closure() -> impl Fn(&str) -> bool {
        let least = 2;
        move |text| text.len() >= least
    }
    #[crash_context]
    fn a_boxed_closure(n: usize) -> Box<dyn Fn(&str) -> bool> {
        let least = n;
        Box::new(move |text| text.len() >= least)
    }
    #[crash_context]
    fn longest<'a>(items: &'a mut Vec<String>) -> &'a mut String {
        let mut best = 0;
        for (index, item) in items.iter().enumerate() {
            if item.len() > items[best].len() {
                best = index;
            }
        }
        &mut items[best]
    }
    #[crash_context]
    fn get_or_insert<'m>(map: &'m mut HashMap<u8, String>, key: u8) -> &'m mut String {
        let made = key.to_string();
        map.entry(key).or_insert(made)
    }
    #[crash_context]
    fn dynamic(n: u8) -> Box<dyn Debug> {
        let text = n.to_string();
        if n > 1 {
            return Box::new(n);
        }
        Box::new(text)
    }
    #[crash_context]
    fn result(n: u8) -> Result<Box<dyn Debug>, Box<dyn std::error::Error>> {
        let parsed: u8 = "7".parse()?;
        if n == 0 {
            return Err("none".into());
        }
        Ok(if n == 1 { Box::new(parsed) } else { Box::new("text") })
    }
    #[crash_context]
    fn slice(n: usize) -> &'static [u8] {
        let taken = n;
        &[1, 2, 3][..taken]
    }
    #[crash_context]
    fn array_as_slice<'a>(array: &'a [u8; 3]) -> &'a [u8] {
        array
    }
    #[crash_context]
    fn pointer() -> fn(u8) -> u8 {
        let n = 1;
        |n| n + 1
    }
    #[crash_context]
    fn never(n: u8) -> ! {
        let why = n;
        std::panic::resume_unwind(Box::new(why))
    }
    #[crash_context]
    fn never_in_a_loop(n: u8) -> ! {
        let mut left = n;
        loop {
            left -= 1;
            if left == 0 {
                never(n);
            }
        }
    }
    #[crash_context]
    #[allow(unreachable_code)]
    fn binds_what_never_is(n: u8) -> u8 {
        let why = never(n);
    }
    #[crash_context]
    #[allow(unreachable_code)]
    fn binds_a_return(n: u8) -> u8 {
        let value = return n;
    }
    #[crash_context]
    fn unit(cell: &Cell<u8>) {
        let n = cell.get();
        cell.set(n + 1)
    }
    #[crash_context]
    fn inferred() -> Vec<u64> {
        let mut list = Vec::new();
        let mut next = Default::default();
        list.push(next);
        next += 1;
        list.push(next);
        list.into_iter().collect()
    }
    #[crash_context]
    fn part_of<'a, 'b: 'a>(left: &'a str, right: &'b str) -> (&'a str, &'b str) {
        let (short, long) = (&left[..1], &right[..1]);
        (short, long)
    }
    #[crash_context]
    fn nested_opaque(n: u8) -> Option<impl Debug> {
        let some = n.checked_add(1)?;
        Some(some)
    }
    #[crash_context]
    fn phantom<T>(_: T) -> PhantomData<T> {
        let made = PhantomData;
        made
    }
    #[crash_context]
    fn only_never_returns_early(n: u8) -> u8 {
        let value = n;
        return value;
    }
    assert_eq!(iterates(&[1, 2]).collect::<Vec<_>>(), [2, 4]);
    assert!(a_closure()("ab") && !a_boxed_closure(3)("ab"));
    let mut words = vec!["a".to_owned(), "bb".to_owned()];
    longest(&mut words).push('!');
    assert_eq!(words, ["a", "bb!"]);
    get_or_insert(&mut HashMap::new(), 1).push('!');
    assert_eq!(format!("{:?}{:?}", dynamic(1), dynamic(2)), "\"1\"2");
    assert!(result(0).is_err() && result(1).is_ok() && result(2).is_ok());
    assert_eq!((slice(2), array_as_slice(&[1, 2, 3]).len(), pointer()(1)), (&[1, 2][..], 3, 2));
    assert!(std::panic::catch_unwind(|| never(1)).is_err());
    assert!(std::panic::catch_unwind(|| never_in_a_loop(3)).is_err());
    assert!(std::panic::catch_unwind(|| binds_what_never_is(1)).is_err());
    assert_eq!(binds_a_return(1), 1);
    let cell = Cell::new(1);
    unit(&cell);
    assert_eq!((cell.get(), inferred()), (2, vec![0, 1]));
    assert_eq!(part_of("ab", "cd"), ("a", "c"));
    assert_eq!(format!("{:?}{:?}", nested_opaque(1), phantom(1_u8)), "Some(2)PhantomData<u8>");
    assert_eq!(only_never_returns_early(1), 1);
}

#[test]
fn async_shapes_of_return() {
    #[crash_context]
    async fn dynamic(n: u8) -> Box<dyn Debug + Send> {
        if n > 1 {
            return Box::new(n);
        }
        yield_now().await;
        Box::new("text")
    }
    #[crash_context]
    async fn opaque(n: u8) -> impl Iterator<Item = u8> {
        let last = n;
        yield_now().await;
        0..last
    }
    #[crash_context]
    async fn closure(n: usize) -> impl Fn(&str) -> bool {
        move |text| text.len() > n
    }
    #[crash_context]
    async fn question(text: &str) -> Result<u8, Box<dyn std::error::Error + Send + Sync>> {
        let n: u8 = text.parse()?;
        yield_now().await;
        Ok(n)
    }
    #[crash_context]
    async fn out_of_mut(list: &mut Vec<u8>) -> &mut u8 {
        let at = 0;
        yield_now().await;
        &mut list[at]
    }
    #[crash_context]
    async fn never() -> ! {
        yield_now().await;
        std::panic::resume_unwind(Box::new(()))
    }
    #[crash_context]
    async fn unit() {
        let n = 1;
    }
    assert_eq!(format!("{:?}{:?}", block_on(dynamic(1)), block_on(dynamic(2))), "\"text\"2");
    assert_eq!(block_on(opaque(2)).count(), 2);
    assert!(block_on(closure(1))("ab"));
    assert!(block_on(question("7")).is_ok() && block_on(question("x")).is_err());
    let mut list = vec![1];
    *block_on(out_of_mut(&mut list)) += 1;
    assert_eq!(list, [2]);
    assert!(std::panic::catch_unwind(|| block_on(never())).is_err());
    block_on(unit());
}

#[test]
fn borrows_that_end_early() {
    #[crash_context]
    fn f(list: &mut Vec<u8>, text: &mut String) -> usize {
        let first = &list[0];
        let copied = *first;
        list.push(copied);
        let part = &text[..1];
        let length = part.len();
        text.push('x');
        let mut shared = vec![1];
        let last = shared.last_mut();
        if let Some(last) = last {
            *last += 1;
        }
        shared.push(3);
        let view = &shared;
        let moved = {
            let inner = view;
            inner.len()
        };
        drop(shared);
        let slot;
        {
            let short = String::from("short");
            slot = &short;
            assert_eq!(slot.len(), 5);
        }
        length + moved + list.len()
    }
    assert_eq!(f(&mut vec![1], &mut "ab".to_owned()), 1 + 2 + 2);
}

#[test]
fn recursion_and_generics_with_lifetimes() {
    struct List<'a, T> {
        value: &'a T,
        next: Option<Box<List<'a, T>>>,
    }
    impl<'a, T: Ord> List<'a, T> {
        #[crash_context]
        fn greatest(&self) -> &'a T {
            let own = self.value;
            match &self.next {
                None => own,
                Some(next) => own.max(next.greatest()),
            }
        }
    }
    #[crash_context]
    fn with_bound<'a, T, F, const N: usize>(array: [T; N], mut call: F) -> Vec<T>
    where
        F: for<'x> FnMut(&'x T) -> bool,
        T: 'a,
    {
        let mut kept = Vec::new();
        for item in array {
            if call(&item) {
                kept.push(item);
            }
        }
        kept
    }
    let last = List { value: &3, next: None };
    assert_eq!(*List { value: &2, next: Some(Box::new(last)) }.greatest(), 3);
    assert_eq!(with_bound([1, 2, 3], |n| *n > 1), [2, 3]);
}

#[test]
fn the_signature_stays() {
    #[crash_context]
    fn late_bound(text: &str) -> &str {
        text
    }
    #[crash_context]
    extern "C" fn c(n: u8) -> u8 {
        n
    }
    #[crash_context]
    unsafe fn not_safe(n: u8) -> u8 {
        n
    }
    #[crash_context]
    const fn constant(n: u8) -> u8 {
        let m = n;
        m + 1
    }
    #[crash_context]
    #[must_use = "it is kept"]
    #[inline(never)]
    fn attributed() -> u8 {
        1
    }
    const TWO: u8 = constant(1);
    let pointers: (for<'t> fn(&'t str) -> &'t str, extern "C" fn(u8) -> u8, unsafe fn(u8) -> u8) =
        (late_bound, c, not_safe);
    assert_eq!(((pointers.0)("a"), (pointers.1)(2), unsafe { (pointers.2)(3) }, TWO), ("a", 2, 3, 2));
    #[deny(unfulfilled_lint_expectations)]
    #[expect(unused_must_use)]
    {
        attributed();
    }
}

#[test]
fn functions_in_traits() {
    trait Shape {
        fn area(&self) -> u32;
        #[crash_context]
        fn declared(&self) -> u32;
        #[crash_context]
        fn provided(&self, n: u32) -> u32 {
            let twice = self.area() * 2;
            twice + n
        }
        #[crash_context]
        async fn asynchronous(&self) -> u32;
        #[crash_context]
        fn created() -> Self
        where
            Self: Sized;
    }
    #[derive(Debug)]
    struct Square(u32);
    impl Shape for Square {
        #[crash_context]
        fn area(&self) -> u32 {
            let side = self.0;
            side * side
        }
        #[crash_context]
        fn declared(&self) -> u32 {
            1
        }
        #[crash_context]
        async fn asynchronous(&self) -> u32 {
            let n = self.0;
            yield_now().await;
            n
        }
        #[crash_context]
        fn created() -> Self {
            let made = Self(3);
            made
        }
    }
    let square = Square::created();
    assert_eq!(
        (square.area(), square.declared(), square.provided(1), block_on(square.asynchronous())),
        (9, 1, 19, 3)
    );
    let dynamic: &dyn Debug = &square;
    assert_eq!(format!("{dynamic:?}"), "Square(3)");
}

#[test]
fn the_caller_is_tracked() {
    #[crash_context]
    #[track_caller]
    fn line(n: u8) -> u32 {
        let place = std::panic::Location::caller();
        place.line()
    }
    assert_eq!(line(1), line!());
}

#[test]
fn unsafe_code_and_statics() {
    static mut COUNT: u8 = 0;
    union Bits {
        whole: u32,
        parts: [u8; 4],
    }
    #[crash_context]
    unsafe fn f(pointer: *mut u8, bits: Bits) -> u8 {
        let read = unsafe { *pointer };
        unsafe {
            *pointer = read + 1;
            COUNT += 1;
            let parts = bits.parts;
            parts[0] + *pointer
        }
    }
    let mut n = 1;
    assert_eq!(unsafe { f(&raw mut n, Bits { whole: 0 }) }, 2);
    assert_eq!(n, 2);
}

#[test]
fn values_that_are_taken_by_pattern() {
    #[crash_context]
    fn f(value: Option<String>, list: Vec<String>) -> String {
        let Some(mut text) = value else { return String::new() };
        if let [first, ..] = &list[..] {
            text.push_str(first);
        }
        for (index, item) in list.into_iter().enumerate() {
            match (index, item) {
                (0, _) => (),
                (_, item) if item.is_empty() => break,
                (n, item) => {
                    text += &item;
                    text += &n.to_string();
                }
            }
        }
        text
    }
    assert_eq!(f(Some("a".into()), vec!["b".into(), "c".into()]), "abc1");
}

#[test]
fn a_pinned_future_by_hand() {
    #[crash_context]
    async fn f<F: Future<Output = u8>>(future: F) -> u8 {
        let pinned = pin!(future);
        let n = pinned.await;
        n + 1
    }
    assert_eq!(block_on(f(ready(1))), 2);
}

#[test]
fn arcs_are_not_counted_again() {
    #[crash_context]
    fn f(shared: Arc<str>, counted: Rc<Vec<u8>>) -> (usize, usize) {
        let local = shared;
        (Arc::strong_count(&local), Rc::strong_count(&counted))
    }
    assert_eq!(f("a".into(), Rc::default()), (1, 1));
}

#[test]
fn constants_within() {
    struct Sized<const N: usize>;
    impl<const N: usize> Sized<N> {
        fn sum<const M: usize>(&self) -> usize {
            N + M
        }
    }
    #[crash_context]
    fn f(n: u8) -> usize {
        const INNER: usize = {
            let twice = 2;
            twice
        };
        let array = [n; {
            let length = 3;
            length
        }];
        let sized = Sized::<
            {
                let length = 4;
                length
            },
        >;
        let block = const {
            let inside = 5;
            inside
        };
        let typed: [u8; {
            let length = 1;
            length
        }] = [n];
        let cast = [0_u8; INNER].as_ptr() as *const [u8; {
            let length = 2;
            length
        }];
        assert!(!cast.is_null());
        static COUNT: usize = {
            let count = 1;
            count
        };
        array.len()
            + sized.sum::<{
                let more = 1;
                more
            }>()
            + block
            + typed.len()
            + COUNT
            + Sized::<1>.sum::<{ INNER }>()
    }
    assert_eq!(f(1), 3 + 5 + 5 + 1 + 1 + 3);
}

#[cfg(target_arch = "x86_64")]
#[test]
fn a_naked_function() {
    #[crash_context]
    #[unsafe(naked)]
    extern "C" fn f(n: u64) -> u64 {
        std::arch::naked_asm!("mov rax, rdi", "ret")
    }
    assert_eq!(f(7), 7);
}
