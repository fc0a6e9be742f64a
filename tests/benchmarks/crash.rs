//! What `#[crash_context]` costs while nothing crashes, beside the bare call and beside what else keeps values.

mod cases;

use cases::{ARGUMENT, ARGUMENTS, ERROR_LAYER, LOCALS, OURS, TEXT, UNWINDING, sizes};

pub(crate) use cases::cases;

use crate::case::BARE;
use crate::measured::{Cases, What};
use crate::report::Report;

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

pub(crate) fn write(report: &mut Report, what: What) -> Result<(), String> {
    let cases = Cases::measured(cases(), what)?;
    report.heading("`#[crash_context]`");
    report.paragraph(
        "While nothing crashes. All the calls end in one that may panic, since what only lives where nothing can panic is \
         no crash's context, and is optimised away. `unwind_context!` lists its values by hand and shows them where the \
         panic unwinds through; a span knows its arguments only, and `format!` is what keeping them as text would cost.",
    );
    cases.write(report, what, BARE);
    report.paragraph("Futures, in bytes:");
    let row = |(name, bare, ours): (&str, usize, usize)| {
        vec![name.to_owned(), bare.to_string(), ours.to_string(), (ours - bare).to_string()]
    };
    report.table(1, &["", BARE, OURS, "more"], &sizes().map(row));
    limits(report, &cases, what);
    Ok(())
}

#[allow(clippy::cast_precision_loss)] // small numbers
fn limits(report: &mut Report, cases: &Cases, what: What) {
    for kind in [LOCALS, ARGUMENTS] {
        let more = instructions_more(cases, kind, OURS);
        report.at_most(FIVE_INSTRUCTIONS, format!("{OURS}, {kind}: instructions more"), more);
    }
    let each = |form, more: fn(&Cases, &str, &str) -> f64| {
        (more(cases, ARGUMENTS, form) - more(cases, ARGUMENT, form)) / 4.0
    };
    let [ours, unwinding] = [OURS, UNWINDING].map(|form| each(form, instructions_more));
    report.at_most(
        unwinding,
        format!("{OURS}: instructions more for each value, as `unwind_context!`"),
        ours,
    );
    let [ours, span] = [OURS, ERROR_LAYER].map(|form| instructions_more(cases, ARGUMENTS, form));
    report.at_most(span / CHEAPER, format!("{OURS}: instructions more, a fiftieth of a span's"), ours);
    let allocations = cases.iter().filter(|(case, _)| case.form == OURS).map(|(_, it)| it.allocations).sum();
    report.at_most(0.0, format!("{OURS}: allocations"), allocations);
    for (name, bare, ours) in sizes() {
        let more = ours as f64 - bare as f64;
        report.at_most(FUTURE_BYTES, format!("{OURS}, {name}: bytes of the future more"), more);
    }
    if what == What::Timed {
        for kind in [LOCALS, ARGUMENTS] {
            let more = nanoseconds_more(cases, kind, OURS);
            report.at_most(FIVE_NANOSECONDS, format!("{OURS}, {kind}: ns more"), more);
        }
        let [ours, unwinding] = [OURS, UNWINDING].map(|form| each(form, nanoseconds_more));
        report.at_most(
            unwinding + NOISE,
            format!("{OURS}: ns more for each value, as `unwind_context!`"),
            ours,
        );
        let [ours, span] = [OURS, ERROR_LAYER].map(|form| nanoseconds_more(cases, ARGUMENTS, form));
        report.at_most(span / CHEAPER, format!("{OURS}: ns more, a fiftieth of a span's"), ours);
        let more = nanoseconds_more(cases, TEXT, OURS);
        report.at_most(TEXT_NANOSECONDS, format!("{OURS}, {TEXT}: ns more"), more);
    }
}

/// What a form costs beyond the bare call.
fn instructions_more(cases: &Cases, kind: &str, form: &str) -> f64 {
    cases.of(kind, form).instructions - cases.of(kind, BARE).instructions
}

/// The same in time, of the least of each, which the neighbours on the machine disturbed least.
fn nanoseconds_more(cases: &Cases, kind: &str, form: &str) -> f64 {
    cases.of(kind, form).nanoseconds.least() - cases.of(kind, BARE).nanoseconds.least()
}
