//! What `#[retry]` costs while nothing fails, in instructions: beside the bare call, and beside a loop with the
//! same limits written by hand.
//!
//! ```text
//! cargo run --release -p retry-tests --features cost --bin cost            # prints the table
//! cargo run --release -p retry-tests --features cost --bin cost -- check   # fails where a limit is exceeded
//! ```
//!
//! Each case runs in a process of its own under `valgrind --tool=callgrind`, once without calls and once with
//! many: the difference, divided by the number of calls, is free of start-up. Instructions are counted and not
//! time, so the figures are the same on a busy machine.

mod counted;

use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::process::ExitCode;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use counted::instructions_per_call;
use retry_core::retry;

/// How much dearer than the loop by hand the attribute may be.
const LIMIT: f64 = 1.05;
/// How much larger than the bare future the attribute's may be, arguments apart.
const FUTURE_LIMIT: usize = 128;

#[derive(Debug)]
enum Error {
    Timeout,
    TooMany { wait: u64 },
}

/// The work of one attempt: the same in all functions.
macro_rules! work {
    ($input:ident) => {{
        if $input == u64::MAX {
            return Err(Error::Timeout);
        }
        if $input == u64::MAX - 1 {
            return Err(Error::TooMany { wait: black_box(7) });
        }
        Ok(black_box($input).wrapping_mul(3))
    }};
}

#[inline(never)]
fn bare(input: u64) -> Result<u64, Error> {
    work!(input)
}

#[inline(never)]
#[retry(Timeout = 120, TooMany = field(wait), backoff = exp(max = 5))]
fn annotated(input: u64) -> Result<u64, Error> {
    work!(input)
}

#[inline(never)]
fn by_hand(input: u64) -> Result<u64, Error> {
    let mut limits = ByHand::default();
    loop {
        match (|| work!(input))() {
            Err(error) => match limits.delay(&error) {
                Some(delay) => std::thread::sleep(delay),
                None => return Err(error),
            },
            done => return done,
        }
    }
}

async fn bare_async(input: u64) -> Result<u64, Error> {
    work!(input)
}

#[retry(Timeout = 120, TooMany = field(wait), backoff = exp(max = 5))]
async fn annotated_async(input: u64) -> Result<u64, Error> {
    work!(input)
}

async fn by_hand_async(input: u64) -> Result<u64, Error> {
    let mut limits = ByHand::default();
    loop {
        let delay = match async { work!(input) }.await {
            Err(error) => match limits.delay(&error) {
                Some(delay) => delay,
                None => return Err(error),
            },
            done => return done,
        };
        tokio::time::sleep(delay).await;
    }
}

async fn bare_yielding(input: u64) -> Result<u64, Error> {
    Yield(false).await;
    work!(input)
}

#[retry(Timeout = 120, TooMany = field(wait), backoff = exp(max = 5))]
async fn annotated_yielding(input: u64) -> Result<u64, Error> {
    Yield(false).await;
    work!(input)
}

async fn by_hand_yielding(input: u64) -> Result<u64, Error> {
    let mut limits = ByHand::default();
    loop {
        let attempt = async {
            Yield(false).await;
            work!(input)
        };
        let delay = match attempt.await {
            Err(error) => match limits.delay(&error) {
                Some(delay) => delay,
                None => return Err(error),
            },
            done => return done,
        };
        tokio::time::sleep(delay).await;
    }
}

/// What the attribute's limits come to, written by hand.
#[derive(Default)]
struct ByHand {
    failures: u32,
    timeouts: u32,
}

impl ByHand {
    #[cold]
    fn delay(&mut self, error: &Error) -> Option<Duration> {
        self.failures += 1;
        if self.failures >= 5 {
            return None;
        }
        let delay = match error {
            Error::Timeout => {
                self.timeouts += 1;
                Duration::from_secs(120 << (self.timeouts - 1))
            }
            Error::TooMany { wait } => Duration::from_secs(*wait),
        };
        Some(delay.mul_f64(1.0 + 0.1 * fastrand::f64()))
    }
}

/// Pending once.
struct Yield(bool);

impl Future for Yield {
    type Output = ();
    fn poll(mut self: std::pin::Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}

#[inline(never)]
fn drive<F: Future<Output = Result<u64, Error>>>(future: F) -> Result<u64, Error> {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

/// One form of a call.
type Call = fn(u64) -> Result<u64, Error>;

/// A kind of call in its three forms.
struct Kind {
    name: &'static str,
    forms: [(&'static str, Call); 3],
}

const KINDS: [Kind; 3] = [
    Kind { name: "sync", forms: [("bare", bare), ("by_hand", by_hand), ("annotated", annotated)] },
    Kind {
        name: "async, ready",
        forms: [
            ("bare", |input| drive(bare_async(input))),
            ("by_hand", |input| drive(by_hand_async(input))),
            ("annotated", |input| drive(annotated_async(input))),
        ],
    },
    Kind {
        name: "async, yields once",
        forms: [
            ("bare", |input| drive(bare_yielding(input))),
            ("by_hand", |input| drive(by_hand_yielding(input))),
            ("annotated", |input| drive(annotated_yielding(input))),
        ],
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["run", kind, form, calls] => run(kind, form, calls),
        ["check"] => table(true),
        [] => table(false),
        _ => {
            eprintln!("usage: cost [check]");
            ExitCode::FAILURE
        }
    }
}

/// One case, in a process of its own.
fn run(kind: &str, form: &str, calls: &str) -> ExitCode {
    let kind = KINDS.iter().find(|known| known.name == kind);
    let call = kind.and_then(|kind| kind.forms.iter().find(|(name, _)| *name == form));
    let (Some((_, call)), Ok(calls)) = (call, calls.parse::<u64>()) else { return ExitCode::FAILURE };
    for input in 0..calls {
        let _ = black_box(call(black_box(input)));
    }
    ExitCode::SUCCESS
}

fn table(check: bool) -> ExitCode {
    let mut too_dear = false;
    println!(
        "{:<20} {:>10} {:>10} {:>10} {:>9}",
        "instructions a call", "bare", "by hand", "#[retry]", "ratio"
    );
    for kind in &KINDS {
        let measured: Vec<f64> =
            kind.forms.iter().filter_map(|(form, _)| instructions_per_call(&[kind.name, form])).collect();
        let [bare, by_hand, annotated] = measured[..] else {
            eprintln!("`valgrind` did not count; is it installed? (apt-get install valgrind)");
            return ExitCode::FAILURE;
        };
        let ratio = annotated / by_hand;
        println!("{:<20} {bare:>10.1} {by_hand:>10.1} {annotated:>10.1} {ratio:>9.3}", kind.name);
        too_dear |= ratio > LIMIT;
    }
    println!(
        "\n{:<20} {:>10} {:>10} {:>10} {:>9}",
        "bytes of the future", "bare", "by hand", "#[retry]", "more"
    );
    let sizes = [
        ("ready", size(bare_async), size(by_hand_async), size(annotated_async)),
        ("yields once", size(bare_yielding), size(by_hand_yielding), size(annotated_yielding)),
    ];
    for (name, bare, by_hand, annotated) in sizes {
        let more = annotated.saturating_sub(bare);
        println!("{name:<20} {bare:>10} {by_hand:>10} {annotated:>10} {more:>9}");
        too_dear |= more > FUTURE_LIMIT + size_of::<u64>();
    }
    if check && too_dear {
        eprintln!("too dear: at most {LIMIT} times the loop by hand, at most {FUTURE_LIMIT} bytes more");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn size<F: Future>(make: impl Fn(u64) -> F) -> usize {
    size_of_val(&make(0))
}
