//! The calls that are measured: the same work in several forms.

use std::cell::Cell;
use std::future::Future;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use retry_core::crash_context;
use tracing_error::ErrorLayer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::Registry;
use unwind_context::unwind_context;

use crate::case::{BARE, Case};

pub(crate) const OURS: &str = "`#[crash_context]`";
pub(crate) const UNWINDING: &str = "`unwind_context!`";
pub(crate) const ERROR_LAYER: &str = "`#[instrument]`, Registry, ErrorLayer";

pub(crate) const LOCALS: &str = "2 references, 3 locals";
pub(crate) const ARGUMENTS: &str = "5 arguments";
pub(crate) const ARGUMENT: &str = "1 argument";
pub(crate) const TEXT: &str = "1 local text";
const READY: &str = "async, ready, 1 argument, 1 local";
const YIELDS: &str = "async, yields once, the same";

pub(crate) fn cases() -> Vec<Case> {
    const CALLS: u64 = 20_000;
    let case = |kind, form, call| Case { kind, form, calls: CALLS, prepare: || (), call };
    let prepared = |form, prepare| Case {
        kind: ARGUMENTS,
        form,
        calls: CALLS,
        prepare,
        call: || five(arguments::instrumented),
    };
    vec![
        case(ARGUMENT, BARE, || argument::bare(black_box(&ORDER))),
        case(ARGUMENT, OURS, || argument::annotated(black_box(&ORDER))),
        case(ARGUMENT, UNWINDING, || argument::unwinding(black_box(&ORDER))),
        case(ARGUMENTS, BARE, || five(arguments::bare)),
        case(ARGUMENTS, OURS, || five(arguments::annotated)),
        case(ARGUMENTS, UNWINDING, || five(arguments::unwinding)),
        case(ARGUMENTS, "`format!`", || five(arguments::formatted)),
        prepared("`#[instrument]`, no subscriber", || ()),
        prepared("`#[instrument]`, Registry", || subscribe(Registry::default())),
        prepared(ERROR_LAYER, || subscribe(Registry::default().with(ErrorLayer::default()))),
        case(LOCALS, BARE, || two(locals::bare)),
        case(LOCALS, OURS, || two(locals::annotated)),
        case(LOCALS, UNWINDING, || two(locals::unwinding)),
        case(LOCALS, "`format!`", || two(locals::formatted)),
        case(TEXT, BARE, || PLACE.with(text::bare)),
        case(TEXT, OURS, || PLACE.with(text::annotated)),
        case(READY, BARE, || drive(futures::ready(black_box(&ORDER)))),
        case(READY, OURS, || drive(futures::ready_annotated(black_box(&ORDER)))),
        case(YIELDS, BARE, || drive(futures::yielding(black_box(&ORDER)))),
        case(YIELDS, OURS, || drive(futures::yielding_annotated(black_box(&ORDER)))),
    ]
}

fn two(call: fn(&Order, &str) -> u64) -> u64 {
    call(black_box(&ORDER), black_box("events"))
}

fn five(call: fn(&Order, &str, u64, f64, i32) -> u64) -> u64 {
    call(black_box(&ORDER), black_box("events"), black_box(3), black_box(1.5), black_box(-7))
}

fn subscribe(subscriber: impl tracing::Subscriber + Send + Sync) {
    let _ = tracing::subscriber::set_global_default(subscriber);
}

#[derive(Debug)]
struct Order {
    id: u64,
    price: f64,
}

static ORDER: Order = Order { id: 42, price: 2.5 };

/// What every case ends with.
#[inline(never)]
fn finish(value: u64) -> u64 {
    assert!(black_box(value) != u64::MAX, "it may panic");
    value
}

/// The work on five values.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
#[inline]
fn combined(order: &Order, name: &str, count: u64, price: f64, kind: i32) -> u64 {
    finish(order.id + count + price as u64 + name.len() as u64 + u64::from(kind.unsigned_abs()))
}

/// Three locals and two references: five values.
mod locals {
    use super::*;

    #[inline(never)]
    pub(super) fn bare(order: &Order, name: &str) -> u64 {
        let count = order.id.wrapping_mul(3);
        let price = order.price * 1.5;
        let kind = i32::from(name.is_empty());
        combined(order, name, count, price, kind)
    }

    #[crash_context]
    #[inline(never)]
    pub(super) fn annotated(order: &Order, name: &str) -> u64 {
        let count = order.id.wrapping_mul(3);
        let price = order.price * 1.5;
        let kind = i32::from(name.is_empty());
        combined(order, name, count, price, kind)
    }

    #[inline(never)]
    pub(super) fn unwinding(order: &Order, name: &str) -> u64 {
        let count = order.id.wrapping_mul(3);
        let price = order.price * 1.5;
        let kind = i32::from(name.is_empty());
        let _context = unwind_context!(fn(order, name, count, price, kind));
        combined(order, name, count, price, kind)
    }

    #[inline(never)]
    pub(super) fn formatted(order: &Order, name: &str) -> u64 {
        let count = order.id.wrapping_mul(3);
        let price = order.price * 1.5;
        let kind = i32::from(name.is_empty());
        let text = black_box(format!("{order:?} {name:?} {count:?} {price:?} {kind:?}"));
        let value = combined(order, name, count, price, kind);
        drop(text);
        value
    }
}

/// Five arguments.
mod arguments {
    use super::*;

    #[inline(never)]
    pub(super) fn bare(order: &Order, name: &str, count: u64, price: f64, kind: i32) -> u64 {
        combined(order, name, count, price, kind)
    }

    #[crash_context]
    #[inline(never)]
    pub(super) fn annotated(order: &Order, name: &str, count: u64, price: f64, kind: i32) -> u64 {
        combined(order, name, count, price, kind)
    }

    #[inline(never)]
    pub(super) fn unwinding(order: &Order, name: &str, count: u64, price: f64, kind: i32) -> u64 {
        let _context = unwind_context!(fn(order, name, count, price, kind));
        combined(order, name, count, price, kind)
    }

    #[tracing::instrument]
    #[inline(never)]
    pub(super) fn instrumented(order: &Order, name: &str, count: u64, price: f64, kind: i32) -> u64 {
        combined(order, name, count, price, kind)
    }

    #[inline(never)]
    pub(super) fn formatted(order: &Order, name: &str, count: u64, price: f64, kind: i32) -> u64 {
        let text = black_box(format!("{order:?} {name:?} {count:?} {price:?} {kind:?}"));
        let value = combined(order, name, count, price, kind);
        drop(text);
        value
    }
}

/// One argument: with the five, this tells the cost of each.
mod argument {
    use super::*;

    #[inline(never)]
    pub(super) fn bare(order: &Order) -> u64 {
        finish(order.id)
    }

    #[crash_context]
    #[inline(never)]
    pub(super) fn annotated(order: &Order) -> u64 {
        finish(order.id)
    }

    #[inline(never)]
    pub(super) fn unwinding(order: &Order) -> u64 {
        let _context = unwind_context!(fn(order));
        finish(order.id)
    }
}

/// One text that is a local.
mod text {
    use super::*;

    #[inline(never)]
    pub(super) fn bare(place: &Cell<String>) -> u64 {
        let text = place.take();
        let value = finish(text.len() as u64);
        place.set(text);
        value
    }

    #[crash_context(skip(place))]
    #[inline(never)]
    pub(super) fn annotated(place: &Cell<String>) -> u64 {
        let text = place.take();
        let value = finish(text.len() as u64);
        place.set(text);
        value
    }
}

/// An async function with an argument and a local.
mod futures {
    use super::*;

    pub(super) async fn ready(order: &Order) -> u64 {
        let half = order.id / 2;
        finish(order.id + half)
    }

    #[crash_context]
    pub(super) async fn ready_annotated(order: &Order) -> u64 {
        let half = order.id / 2;
        finish(order.id + half)
    }

    pub(super) async fn yielding(order: &Order) -> u64 {
        let half = order.id / 2;
        Yield(false).await;
        finish(order.id + half)
    }

    #[crash_context]
    pub(super) async fn yielding_annotated(order: &Order) -> u64 {
        let half = order.id / 2;
        Yield(false).await;
        finish(order.id + half)
    }
}

/// Pending once.
struct Yield(bool);

impl Future for Yield {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}

#[inline(never)]
fn drive<F: Future<Output = u64>>(future: F) -> u64 {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

thread_local! {
    static PLACE: Cell<String> = Cell::new("a".repeat(200));
}

/// What the futures come to: bare, then annotated.
pub(crate) fn sizes() -> [(&'static str, usize, usize); 2] {
    let size = |future: &dyn Future<Output = u64>| size_of_val(future);
    [
        (READY, size(&futures::ready(&ORDER)), size(&futures::ready_annotated(&ORDER))),
        (YIELDS, size(&futures::yielding(&ORDER)), size(&futures::yielding_annotated(&ORDER))),
    ]
}
