//! What `#[crash_context]` costs while nothing crashes, beside the bare call and beside what else keeps values: in
//! instructions, in time, in allocations, in bytes of futures and of stack.
//!
//! ```text
//! cargo run --release -p retry-tests --features cost --bin crash-cost            # prints the table
//! cargo run --release -p retry-tests --features cost --bin crash-cost -- check   # fails where a limit is exceeded
//! ```
//!
//! Each case runs in processes of its own: instructions are counted under `valgrind --tool=callgrind` and are the same
//! on a busy machine; times are those of many short runs, all the cases in turn, and again. All of them end in a call
//! that may panic, since what only lives where nothing can panic is no crash's context, and is optimised away.

mod cases;
#[path = "../cost/counted.rs"]
mod counted;
#[path = "../counting.rs"]
mod counting;
mod measured;

use std::process::ExitCode;

use cases::{ARGUMENT, ARGUMENTS, BARE, Case, ERROR_LAYER, LOCALS, OURS, TEXT, UNWINDING, cases, sizes};
use measured::{Measured, allocations, measured, repeat, time};

/// What five kept values may cost, in nanoseconds and in instructions.
const FIVE_NANOSECONDS: f64 = 10.0;
const FIVE_INSTRUCTIONS: f64 = 60.0;
/// What the snapshot of one text may cost.
const TEXT_NANOSECONDS: f64 = 50.0;
/// How many times cheaper than a span with an error layer it has to be.
const CHEAPER: f64 = 50.0;
/// How much larger than the bare future the annotated may be with one argument and one local kept, in bytes.
const FUTURE_BYTES: f64 = 192.0;
/// What the same figure may differ by, taken twice, in nanoseconds.
const NOISE: f64 = 0.5;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["run", kind, form, calls] => run(kind, form, |case| {
            let calls = calls.parse().unwrap_or_default();
            repeat(case, calls);
        }),
        ["time", kind, form] => run(kind, form, time),
        ["allocations", kind, form] => run(kind, form, |case| println!("{}", allocations(case))),
        ["check"] => table(true),
        [] => table(false),
        _ => {
            eprintln!("usage: crash-cost [check]");
            ExitCode::FAILURE
        }
    }
}

/// One case, in a process of its own.
fn run(kind: &str, form: &str, with: impl FnOnce(&Case)) -> ExitCode {
    let cases = cases();
    let Some(case) = cases.iter().find(|case| case.kind == kind && case.form == form) else {
        return ExitCode::FAILURE;
    };
    (case.prepare)();
    with(case);
    ExitCode::SUCCESS
}

/// All that was measured.
struct Table {
    cases: Vec<Case>,
    measured: Vec<Measured>,
}

fn table(check: bool) -> ExitCode {
    let cases = cases();
    let Some(measured) = measured(&cases) else {
        eprintln!("`valgrind` did not count; is it installed? (apt-get install valgrind)");
        return ExitCode::FAILURE;
    };
    let table = Table { cases, measured };
    table.print();
    let is_met = table.is_within_limits();
    if check && !is_met { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

impl Table {
    fn print(&self) {
        println!(
            "{:<22}  {:<35} {:>12} {:>8} {:>8} {:>8} {:>7} {:>7} {:>11}",
            "a call", "", "instructions", "more", "ns least", "more", "median", "9 in 10", "allocations"
        );
        for (case, it) in self.cases.iter().zip(&self.measured) {
            let bare = self.of(case.kind, BARE);
            println!(
                "{:<22}  {:<35} {:>12.1} {:>8.1} {:>8.2} {:>8.2} {:>7.2} {:>7.2} {:>11}",
                if case.form == BARE { case.kind } else { "" },
                case.form,
                it.instructions,
                it.instructions - bare.instructions,
                it.least(),
                it.least() - bare.least(),
                it.part(5),
                it.part(9),
                it.allocations,
            );
        }
        println!("\n{:<22}  {:>10} {:>18} {:>7}", "bytes of the future", BARE, OURS, "more");
        for (name, bare, ours) in sizes() {
            println!("{name:<22}  {bare:>10} {ours:>18} {:>7}", ours - bare);
        }
    }

    fn of(&self, kind: &str, form: &str) -> &Measured {
        let index = self.cases.iter().position(|case| case.kind == kind && case.form == form);
        &self.measured[index.expect("all cases are measured")]
    }

    /// What a form costs beyond the bare call, in instructions and in nanoseconds.
    fn more(&self, kind: &str, form: &str) -> [f64; 2] {
        let (it, bare) = (self.of(kind, form), self.of(kind, BARE));
        [it.instructions - bare.instructions, it.least() - bare.least()]
    }

    /// What each further value costs.
    fn per_value(&self, form: &str) -> [f64; 2] {
        let (five, one) = (self.more(ARGUMENTS, form), self.more(ARGUMENT, form));
        [(five[0] - one[0]) / 4.0, (five[1] - one[1]) / 4.0]
    }

    #[allow(clippy::cast_precision_loss)] // small numbers
    fn is_within_limits(&self) -> bool {
        println!("\n{:<52} {:>9} {:>9}", "limits", "is", "at most");
        let mut is_met = true;
        let mut at_most = |name: &str, is: f64, limit: f64| {
            let mark = if is <= limit { "" } else { "  EXCEEDED" };
            println!("{name:<52} {is:>9.2} {limit:>9.2}{mark}");
            is_met &= is <= limit;
        };
        for kind in [LOCALS, ARGUMENTS] {
            let [instructions, nanoseconds] = self.more(kind, OURS);
            at_most(&format!("{kind}: instructions more"), instructions, FIVE_INSTRUCTIONS);
            at_most(&format!("{kind}: nanoseconds more"), nanoseconds, FIVE_NANOSECONDS);
        }
        let (ours, unwinding) = (self.per_value(OURS), self.per_value(UNWINDING));
        at_most("each value: instructions, beside `unwind_context!`", ours[0], unwinding[0]);
        at_most("each value: nanoseconds, beside `unwind_context!`", ours[1], unwinding[1] + NOISE);
        let (ours, span) = (self.more(ARGUMENTS, OURS), self.more(ARGUMENTS, ERROR_LAYER));
        at_most("instructions, beside a span with an error layer", ours[0], span[0] / CHEAPER);
        at_most("nanoseconds, beside a span with an error layer", ours[1], span[1] / CHEAPER);
        at_most("1 local text: nanoseconds more", self.more(TEXT, OURS)[1], TEXT_NANOSECONDS);
        let ours = self.cases.iter().zip(&self.measured).filter(|(case, _)| case.form == OURS);
        at_most("allocations", ours.map(|(_, it)| it.allocations as f64).sum(), 0.0);
        for (name, bare, ours) in sizes() {
            at_most(&format!("future, {name}: bytes more"), (ours - bare) as f64, FUTURE_BYTES);
        }
        is_met
    }
}
