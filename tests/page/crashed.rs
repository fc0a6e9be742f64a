//! A crash with something of everything in its report.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::OnceLock;

use retry_core::{RetryClassify, crash, crash_context, retry};

#[derive(Debug)]
#[allow(dead_code)] // Most of it only its `Debug` reads.
struct Order {
    id: u32,
    customer: Customer,
    lines: Vec<Line>,
    prices: BTreeMap<&'static str, i64>,
}

#[derive(Debug)]
#[allow(dead_code)]
struct Customer {
    name: String,
    email: String,
    password: String,
}

#[derive(Debug)]
struct Line {
    article: &'static str,
    cents: i64,
    count: u32,
}

#[derive(Debug, thiserror::Error, RetryClassify)]
enum Error {
    #[error("the price list is locked by till {0}")]
    #[retry(transient)]
    Locked(u32),
}

struct Broken;

impl fmt::Debug for Broken {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("no lock")
    }
}

struct Opaque;

/// What each guest pays, the tip included.
#[crash_context]
fn divide(order: &Order, guests: i64, tip_percent: i64) -> i64 {
    let total: i64 = order.lines.iter().map(|line| line.cents * i64::from(line.count)).sum();
    let tip = total * tip_percent / 100;
    let note = format!("order {} of {}", order.id, order.customer.name);
    // Everybody pays the same.
    let share = (total + tip) / guests;
    println!("{note}: {share}");
    share
}

#[retry(Locked = 1ms, attempts = 5, jitter = none)]
#[crash_context]
fn bill(
    order: &Order,
    guests: &[&str],
    api_token: &str,
    broken: &Broken,
    opaque: &Opaque,
    tries: &Cell<u32>,
) -> Result<i64, Error> {
    tries.set(tries.get() + 1);
    if tries.get() < 3 {
        return Err(Error::Locked(tries.get()));
    }
    let _ = (api_token.len(), broken, opaque);
    let paying = guests.iter().filter(|guest| **guest != order.customer.name).count();
    Ok(divide(order, i64::try_from(paying).unwrap_or(i64::MAX), 10))
}

#[crash_context]
fn run(till: u32) -> Result<i64, Error> {
    let spare = 7;
    println!("till {till}, {spare}");
    let customer =
        Customer { name: "Ada".into(), email: "ada@example.org".into(), password: "hunter2".into() };
    let lines = vec![
        Line { article: "green tea", cents: 450, count: 2 },
        Line { article: "lemon cake", cents: 390, count: 1 },
    ];
    let prices = lines.iter().map(|line| (line.article, line.cents)).collect();
    let order = Order { id: 42, customer, lines, prices };
    let guests = ["Ada"];
    let call = || bill(&order, &guests, "sk_live_4242", &Broken, &Opaque, &Cell::new(0));
    // Through functions of a library.
    Some(()).map(|()| call()).into_iter().next().unwrap_or(Ok(0))
}

/// The folder of this run.
pub fn folder() -> PathBuf {
    std::env::temp_dir().join(format!("retry-core-page-{}", std::process::id()))
}

/// The JSON file of the one crash of this run; its page is beside it.
pub fn json() -> PathBuf {
    static JSON: OnceLock<PathBuf> = OnceLock::new();
    let crash = || {
        let _crash = crash::reporter()
            .app("shop", "1.4.2")
            .context(|context| {
                context.set("project", "tea room").set("tool in use", "bill splitter");
                context.set_debug("last reading", [0.25, 1.5]);
            })
            .save_to(folder())
            .quiet()
            .install();
        std::panic::catch_unwind(|| run(7)).unwrap_err();
        crash::last_report_path().unwrap()
    };
    JSON.get_or_init(crash).clone()
}
