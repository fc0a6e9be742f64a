//! A shop in which something goes wrong.

use std::env;

use retry_core::{RetryClassify, crash_context, retry};

pub const RELEASE: &str = "shop@1.2.3";
pub const ENVIRONMENT: &str = "kiosk";

/// How an error is reported.
pub type ReportError = fn(&dyn std::error::Error);

#[derive(Debug)]
#[allow(dead_code)] // Most of it only its `Debug` reads.
struct Order {
    id: u32,
    customer: Customer,
    lines: Vec<&'static str>,
}

#[derive(Debug)]
#[allow(dead_code)]
struct Customer {
    name: &'static str,
    password: String,
}

#[derive(Debug, thiserror::Error, RetryClassify)]
enum Locked {
    #[error("the price list is locked by till {0}")]
    #[retry(transient)]
    By(u32),
}

#[derive(Debug, thiserror::Error)]
#[error("no price for {article}")]
struct PriceError {
    article: &'static str,
    source: ListError,
}

#[derive(Debug, thiserror::Error)]
#[error("the price list is broken")]
struct ListError(#[source] std::num::ParseIntError);

/// Runs `PROGRAM CRASH NUMBER`.
pub fn run(report: ReportError) {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [crash, number] = arguments.as_slice() else {
        eprintln!("usage: PROGRAM CRASH NUMBER");
        return;
    };
    let number = number.parse().expect("NUMBER is a number");
    let order = Order {
        id: 42,
        customer: Customer { name: "Ada", password: secret() },
        lines: vec!["tea", "lemons"],
    };
    checkout(crash, &order, number, report);
}

/// Not a text of the source, which is sent.
fn secret() -> String {
    ["hunter", "2"].concat()
}

pub fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}

#[crash_context]
fn checkout(crash: &str, order: &Order, number: usize, report: ReportError) {
    let guests = number + 1;
    match crash {
        "line" => line(order, number),
        "share" => println!("{}", share(order, guests - number - 1)),
        "retried" => println!("{:?}", prices(order)),
        "error" => price(order, report),
        other => eprintln!("there is no crash `{other}`; there are: line, share, retried, error"),
    }
}

#[crash_context]
fn line(order: &Order, number: usize) {
    let first = order.lines[0];
    let text = order.lines[number];
    println!("{first}, {text}");
}

#[crash_context]
fn share(order: &Order, guests: usize) -> usize {
    let cents = 100 * order.lines.len();
    cents / guests
}

#[retry(By = 1ms, backoff = fixed, jitter = none, attempts = 5)]
#[crash_context]
fn prices(order: &Order) -> Result<u32, Locked> {
    let till = attempts();
    if till < 3 {
        return Err(Locked::By(till));
    }
    panic!("order {} has no price", order.id);
}

fn attempts() -> u32 {
    use std::sync::atomic::{AtomicU32, Ordering};
    static CALLS: AtomicU32 = AtomicU32::new(0);
    CALLS.fetch_add(1, Ordering::Relaxed) + 1
}

#[crash_context]
fn price(order: &Order, report: ReportError) {
    let article = order.lines[0];
    let list = "twelve";
    if let Err(error) = list.parse::<u32>() {
        report(&PriceError { article, source: ListError(error) });
    }
}
