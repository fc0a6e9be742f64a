//! `#[crash_context]` under every lint: it brings none of its own, and hides none of the user's.

#![allow(clippy::missing_const_for_fn)] // what is empty could be one, annotated or not

use std::cell::Cell;
use std::collections::HashMap;
use std::fmt::{Debug, Write};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use retry_core::crash_context;

#[derive(Debug, Clone)]
struct Order {
    id: u32,
    items: Vec<String>,
}

#[crash_context]
fn one_line(n: u8) -> u8 {
    n.wrapping_add(1)
}

#[crash_context]
fn empty() {}

#[crash_context]
fn divide(order: &Order, d: u32) -> Option<u32> {
    let c = 100_u32.checked_add(order.id)?;
    let text = format!("{c}/{d}");
    if text.is_empty() {
        return None;
    }
    c.checked_div(d)
}

#[crash_context]
fn every_kind_of_binding(values: &[u8], map: &HashMap<String, u64>, (left, right): (u8, u8)) -> u64 {
    let mut sum = 0_u64;
    let late;
    for (index, value) in values.iter().enumerate() {
        let doubled = u64::from(*value).wrapping_mul(2);
        sum = sum.wrapping_add(doubled);
        sum ^= u64::try_from(index).unwrap_or_default();
    }
    if let Some(first) = values.first()
        && let Some(found) = map.get(&first.to_string())
    {
        late = *found;
    } else {
        late = 0;
    }
    let Some(last) = values.last() else {
        return late;
    };
    let kind = match *last {
        small @ 0..=9 if small > left => small,
        b'a' | b'b' => right,
        large => large.wrapping_sub(1),
    };
    let mut stack = vec![kind];
    while let Some(top) = stack.pop() {
        let half = top / 2;
        if half > 0 {
            stack.push(half);
        }
    }
    let found = 'search: {
        let limit = sum.min(10);
        if limit < 5 {
            break 'search limit;
        }
        late
    };
    sum.wrapping_add(found)
}

#[crash_context]
fn assigned(mut count: u32, flag: bool) -> u32 {
    let mut pair = (1, 2);
    let mut array = [0_u32; 4];
    (pair.0, pair.1) = (pair.1, pair.0);
    array[0] = pair.0;
    array[1] += count;
    if flag {
        count = 1;
    } else {
        count += array[0];
    }
    let mut text = String::new();
    text.push('a');
    let mut changes = || count += 1;
    changes();
    let (mut a, mut b) = (1_u32, 2_u32);
    (a, b) = (b, a);
    a.wrapping_add(b).wrapping_add(count).wrapping_add(array[1])
}

#[crash_context(order, &cell, .., redact(token), limit = 512)]
fn listed(order: Order, cell: &Cell<u8>, token: &str) -> usize {
    cell.set(cell.get().wrapping_add(1));
    let Order { id, items } = order;
    let length = items.len().wrapping_add(token.len());
    length.wrapping_add(usize::try_from(id).unwrap_or_default())
}

#[crash_context(debug)]
fn with_debug(orders: Vec<Order>) -> Vec<u32> {
    let mut ids = Vec::new();
    for order in orders {
        let id = order.id;
        ids.push(id);
    }
    ids
}

#[crash_context(&copy, skip(rest))]
fn borrowed(order: &Order, rest: u8) -> u32 {
    let copy = order.clone();
    copy.id.wrapping_add(u32::from(rest))
}

#[crash_context]
fn iterated(values: &[u8]) -> impl Iterator<Item = u8> + '_ {
    let least = 3;
    values.iter().copied().filter(move |value| *value > least)
}

#[crash_context]
fn closure(least: usize) -> impl Fn(&str) -> bool {
    let more = least.wrapping_add(1);
    move |text| text.len() > more
}

#[crash_context]
fn dynamic(value: u8) -> Box<dyn Debug + Send> {
    let text = "small";
    if value > 3 { Box::new(value) } else { Box::new(text) }
}

#[crash_context]
fn never(value: u8) -> ! {
    let why = value;
    std::panic::resume_unwind(Box::new(why));
}

#[crash_context]
fn ends_in_a_panic(value: u8) -> u8 {
    let why = value;
    panic!("{why}");
}

#[crash_context]
fn writes(value: u8) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    write!(text, "{value}")?;
    Ok(text)
}

#[crash_context]
fn generic<T: Debug + Copy, const N: usize>(value: T, array: [T; N]) -> usize {
    let kept = value;
    let text = format!("{kept:?}{array:?}");
    text.len()
}

#[crash_context]
const fn constant(value: u8) -> u8 {
    let half = value / 2;
    half + 1
}

#[crash_context]
#[allow(clippy::non_minimal_cfg)]
fn conditional(#[cfg(all())] present: u8, #[cfg(any())] absent: Absent) -> u8 {
    #[cfg(all())]
    let here = present;
    #[cfg(any())]
    let gone = absent;
    here
}

#[crash_context]
async fn asynchronous(order: &Order, name: String) -> usize {
    let before = order.items.len();
    tokio::task::yield_now().await;
    let Some(first) = name.chars().next() else { return before };
    let after = first.len_utf8();
    before.wrapping_add(after)
}

#[crash_context]
async fn asynchronous_patterns((a, b): (u8, u8), mut count: u8, _: u8, _unused: u8) -> u8 {
    count = count.wrapping_add(a);
    tokio::task::yield_now().await;
    count.wrapping_add(b)
}

#[crash_context(name, &order, ..)]
async fn asynchronous_listed(order: Order, name: String) -> usize {
    tokio::task::yield_now().await;
    order.items.len().wrapping_add(name.len())
}

#[crash_context]
fn boxed_future(value: &u8) -> Pin<Box<dyn Future<Output = u8> + Send + '_>> {
    Box::pin(async move {
        let twice = value.wrapping_mul(2);
        tokio::task::yield_now().await;
        twice
    })
}

#[crash_context]
fn opaque_future(value: &u8) -> impl Future<Output = u8> + Send {
    let twice = value.wrapping_mul(2);
    async move { twice }
}

#[crash_context]
#[tracing::instrument(skip_all, err)]
async fn instrumented(value: u8) -> Result<u8, std::num::ParseIntError> {
    let text = value.to_string();
    tokio::task::yield_now().await;
    text.parse()
}

#[tracing::instrument(skip_all, ret)]
#[crash_context]
fn instrumented_above(value: u8) -> u8 {
    let twice = value.wrapping_mul(2);
    twice.wrapping_add(1)
}

impl Order {
    #[crash_context]
    #[must_use = "a test"]
    fn by_ref(&self) -> u32 {
        let id = self.id;
        id.wrapping_add(1)
    }

    #[crash_context]
    fn by_mut(&mut self, n: u32) {
        let before = self.id;
        self.id = before.wrapping_add(n);
    }

    #[crash_context]
    fn by_value(mut self) -> Self {
        self.id = 1;
        self
    }

    #[crash_context]
    fn by_arc(self: Arc<Self>) -> u32 {
        self.id
    }

    #[crash_context]
    #[expect(clippy::future_not_send)]
    async fn asynchronous(self: Rc<Self>) -> u32 {
        tokio::task::yield_now().await;
        self.id
    }
}

trait Shape {
    #[crash_context]
    fn declared(&self) -> u32;
    #[crash_context]
    fn provided(&self) -> u32 {
        let twice = self.declared().wrapping_mul(2);
        twice.wrapping_add(1)
    }
}

impl Shape for Order {
    #[crash_context]
    fn declared(&self) -> u32 {
        self.id
    }
}

/// What the user would be warned of without the attribute. An expectation that does not come true is an error here.
mod still_warned_of {
    use retry_core::crash_context;

    #[expect(unused_variables)]
    #[crash_context]
    fn an_argument(unused: u8) {}

    #[crash_context]
    #[expect(unused_variables)]
    fn an_argument_in_a_pattern((unused, used): (u8, u8)) -> u8 {
        used
    }

    #[crash_context]
    #[expect(unused_variables)]
    fn a_local() -> u8 {
        let unused = 1;
        2
    }

    #[crash_context]
    #[expect(unused_variables)]
    async fn an_argument_of_an_async_function(unused: u8) {
        std::future::ready(()).await;
    }

    #[crash_context]
    #[expect(unused_variables)]
    async fn a_local_of_an_async_function() {
        let unused = 1;
        std::future::ready(()).await;
    }

    #[crash_context]
    #[expect(unused_variables)]
    fn in_a_branch(some: Option<u8>) {
        if let Some(unused) = some {}
    }

    #[crash_context]
    #[expect(unused_variables, clippy::option_if_let_else)]
    fn in_an_arm(some: Option<u8>) -> u8 {
        match some {
            Some(unused) => 1,
            None => 2,
        }
    }

    #[crash_context]
    #[expect(unused_variables)]
    fn in_a_loop() {
        for unused in 0..2 {}
    }

    #[crash_context]
    #[expect(unused_variables)]
    fn what_is_shadowed() -> u8 {
        let n = 1;
        let n = 2;
        n
    }

    #[crash_context]
    #[expect(unused_variables)]
    fn a_later_one_of_the_same_name(n: u8) -> u8 {
        let m = n;
        let n = 3;
        m
    }

    #[crash_context]
    #[expect(unused_mut)]
    fn mutable_for_nothing() -> u8 {
        let mut n = 1;
        n
    }

    #[crash_context]
    #[expect(unused_variables)]
    fn assigned_but_never_read(flag: bool) {
        let unread;
        if flag {
            unread = 1;
        } else {
            unread = 2;
        }
    }

    #[crash_context]
    #[expect(unreachable_code)]
    #[allow(clippy::diverging_sub_expression)]
    fn behind_a_return(n: u8) -> u8 {
        return n;
        let never = 1;
        never
    }

    #[crash_context]
    #[expect(unused_must_use)]
    fn not_looked_at(n: u8) {
        n.checked_add(1);
    }

    #[crash_context]
    #[expect(unused_imports)]
    fn imported_for_nothing() {
        use std::collections::BTreeMap;
    }

    #[crash_context]
    #[expect(unused_parens)]
    fn in_parentheses(n: u8) -> u8 {
        let m = (n);
        m
    }

    #[expect(dead_code)]
    #[crash_context]
    fn never_called(n: u8) -> u8 {
        let m = n;
        m
    }

    #[crash_context]
    #[expect(non_snake_case)]
    fn spelt_otherwise(camelCase: u8) -> u8 {
        let otherCamel = camelCase;
        otherCamel
    }

    #[crash_context]
    #[expect(unreachable_patterns)]
    fn an_arm_that_is_never_reached(n: u8) -> u8 {
        match n {
            0 | 0 => 1,
            _ => 2,
        }
    }

    pub(super) fn all() {
        an_argument(1);
        let _ = an_argument_in_a_pattern((1, 2));
        let _ = a_local();
        drop(an_argument_of_an_async_function(1));
        drop(a_local_of_an_async_function());
        in_a_branch(None);
        let _ = in_an_arm(None);
        in_a_loop();
        let _ = what_is_shadowed();
        let _ = a_later_one_of_the_same_name(1);
        let _ = mutable_for_nothing();
        assigned_but_never_read(true);
        let _ = behind_a_return(1);
        not_looked_at(1);
        imported_for_nothing();
        let _ = in_parentheses(1);
        let _ = spelt_otherwise(1);
        let _ = an_arm_that_is_never_reached(1);
    }
}

/// What the user allows where it stands stays allowed.
mod allowed {
    use retry_core::crash_context;

    #[crash_context]
    fn on_an_argument(#[allow(unused_variables)] unused: u8) {}

    #[crash_context]
    fn on_a_local() {
        #[allow(unused_variables)]
        let unused = 1;
    }

    #[crash_context]
    #[allow(clippy::option_if_let_else)]
    fn on_a_block(some: Option<u8>) -> u8 {
        #[allow(unused_variables)]
        {
            let unused = 1;
        }
        #[allow(unused_variables)]
        if let Some(unused) = some {}
        #[allow(unused_variables)]
        for unused in 0..2 {
            let inside = 2;
        }
        match some {
            #[allow(unused_variables)]
            Some(unused) => 1,
            None => 2,
        }
    }

    #[crash_context]
    fn expected_on_a_local() {
        #[expect(unused_variables)]
        let unused = 1;
    }

    #[crash_context]
    #[allow(clippy::single_match)]
    fn expected_on_a_block(some: Option<u8>) {
        #[expect(unused_variables)]
        {
            let unused = 1;
        }
        #[expect(unused_variables)]
        match some {
            Some(unused) => {}
            None => {}
        }
    }

    #[crash_context]
    fn expected_on_an_argument(#[expect(unused_variables)] unused: u8) {}

    #[crash_context]
    async fn on_an_argument_of_an_async_function(
        #[allow(unused_variables)] unused: u8,
        #[expect(unused_variables)] too: u8,
    ) {
        std::future::ready(()).await;
    }

    #[crash_context]
    #[allow(clippy::shadow_reuse, clippy::shadow_unrelated)]
    fn on_the_function(n: u8) -> u8 {
        #![allow(unused_variables)]
        let m = n;
        n
    }

    pub(super) fn all() {
        on_an_argument(1);
        on_a_local();
        let _ = on_a_block(None);
        expected_on_a_local();
        expected_on_a_block(None);
        expected_on_an_argument(1);
        drop(on_an_argument_of_an_async_function(1, 2));
        let _ = on_the_function(1);
    }
}

/// Without the prelude.
mod without_prelude {
    #![no_implicit_prelude]

    #[allow(clippy::unnecessary_wraps)]
    #[::retry_core::crash_context]
    pub(super) fn sync(n: u8, text: &str) -> ::std::option::Option<usize> {
        let length = text.len();
        let mut sum = ::std::convert::Into::<::std::primitive::usize>::into(n);
        sum += length;
        ::std::option::Option::Some(sum)
    }

    #[::retry_core::crash_context(debug, &text, ..)]
    pub(super) async fn asynchronous(n: u8, text: ::std::string::String) -> usize {
        let length = text.len();
        ::std::future::ready(()).await;
        length + ::std::convert::Into::<::std::primitive::usize>::into(n)
    }
}

#[tokio::test]
#[allow(unused_results)]
async fn the_annotated_code_runs() {
    let order = Order { id: 1, items: vec!["a".to_owned()] };
    assert_eq!(one_line(1), 2);
    empty();
    assert_eq!(divide(&order, 0), None);
    every_kind_of_binding(&[1, 2], &HashMap::new(), (1, 2));
    assigned(1, true);
    listed(order.clone(), &Cell::new(1), "t");
    with_debug(vec![order.clone()]);
    borrowed(&order, 1);
    assert_eq!(iterated(&[1, 7]).count(), 1);
    assert!(closure(1)("abc"));
    dynamic(1);
    std::panic::catch_unwind(|| never(1)).unwrap_err();
    std::panic::catch_unwind(|| ends_in_a_panic(1)).unwrap_err();
    writes(1).unwrap();
    generic(1, [2]);
    constant(1);
    conditional(1);
    asynchronous(&order, "n".to_owned()).await;
    asynchronous_patterns((1, 2), 3, 4, 5).await;
    asynchronous_listed(order.clone(), "n".to_owned()).await;
    boxed_future(&1).await;
    opaque_future(&1).await;
    instrumented(1).await.unwrap();
    instrumented_above(1);
    assert_eq!(order.by_ref(), 2);
    order.provided();
    let mut order = order.by_value();
    order.by_mut(1);
    Rc::new(order.clone()).asynchronous().await;
    Arc::new(order).by_arc();
    still_warned_of::all();
    allowed::all();
    without_prelude::sync(1, "a").unwrap();
    without_prelude::asynchronous(1, "a".to_owned()).await;
}
