//! What `#[retry]` costs, beside the bare call, a loop with the same limits written by hand, and other crates.

mod cases;

use cases::{ARGUMENTS, BY_HAND, OURS, READY, SYNC, Sizes, YIELDS};

pub(crate) use cases::cases;

use crate::case::BARE;
use crate::measured::{Cases, What};
use crate::report::Report;

/// How much dearer than the loop by hand the attribute may be while nothing fails.
const RATIO: f64 = 1.05;
/// How much larger than the bare future the attribute's may be, arguments apart.
const FUTURE_BYTES: f64 = 128.0;

pub(crate) fn write(report: &mut Report, what: What) -> Result<(), String> {
    let cases = Cases::measured(cases(), what)?;
    report.heading("`#[retry]`");
    report.paragraph(
        "Each call may make five attempts; after a timeout they wait 120 s, twice that each time, up to a tenth \
         more (backon: up to as much again; tryhard has no jitter). The \
         three failures of the failing calls are waited for by a timer that returns at once, or under tokio's paused \
         clock, whose own work is most of what is seen there. What the peers do not do: tell errors apart by variant \
         with a delay and a growth of each, wait for what an error tells (backon and tryhard can be taught to by a \
         closure; tokio-retry2 takes it and does not wait for it), keep what a crash report says of earlier attempts.",
    );
    cases.write(report, what, BY_HAND);
    report.paragraph("Futures, in bytes:");
    let sizes = sizes_table(&cases::sizes());
    report.table(1, &["", BARE, BY_HAND, OURS, "backon", "tryhard", "tokio-retry2"], &sizes);
    limits(report, &cases);
    Ok(())
}

fn sizes_table(sizes: &[Sizes]) -> Vec<Vec<String>> {
    let row = |sizes: &Sizes| {
        let forms = sizes.forms.iter().map(|(_, size)| size.to_string());
        std::iter::once(sizes.kind.to_owned()).chain(forms).collect()
    };
    sizes.iter().map(row).collect()
}

#[allow(clippy::cast_precision_loss)] // small numbers
fn limits(report: &mut Report, cases: &Cases) {
    for kind in [SYNC, READY, YIELDS] {
        let (ours, by_hand) = (cases.of(kind, OURS), cases.of(kind, BY_HAND));
        let ratio = ours.instructions / by_hand.instructions;
        report.at_most(RATIO, format!("{OURS}, {kind}: instructions, times those by hand"), ratio);
        report.at_most(0.0, format!("{OURS}, {kind}: allocations"), ours.allocations);
    }
    for Sizes { kind, forms } in cases::sizes() {
        let size = |form| forms.iter().find(|(known, _)| *known == form).map_or(0, |(_, size)| *size);
        let more = size(OURS) as f64 - (size(BARE) + ARGUMENTS) as f64;
        report.at_most(FUTURE_BYTES, format!("{OURS}, {kind}: bytes of the future more"), more);
    }
}
