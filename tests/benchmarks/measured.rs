//! Instructions, allocations and times of a case, each in a process of its own.

use std::process::Command;
use std::time::Instant;

use crate::case::Case;
use crate::counted::instructions_per_call;
use crate::counting;
use crate::report::Report;
use crate::spread::Spread;

/// How often all the cases take their turn, the runs in each turn, and how long a run is.
const TURNS: usize = 5;
const RUNS: usize = 400;
const RUN_NANOSECONDS: f64 = 20_000.0;

/// Prints the nanoseconds per call of many short runs.
pub(crate) fn time(case: &Case) {
    let mut calls = 1_u64;
    let mut runs = 0;
    while runs < RUNS {
        let begin = Instant::now();
        case.repeat(calls);
        let nanoseconds = begin.elapsed().as_secs_f64() * 1e9;
        if nanoseconds < RUN_NANOSECONDS && runs == 0 {
            calls *= 2;
            continue;
        }
        #[allow(clippy::cast_precision_loss)]
        let each = nanoseconds / calls as f64;
        println!("{each}");
        runs += 1;
    }
}

/// Of one call, not the first.
pub(crate) fn allocations(case: &Case) -> u64 {
    case.repeat(3);
    let before = counting::so_far();
    case.repeat(1);
    counting::so_far() - before
}

/// What was measured of a case.
pub(crate) struct Measured {
    pub(crate) instructions: f64,
    pub(crate) allocations: f64,
    pub(crate) nanoseconds: Spread,
}

/// What is the same on a busy machine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Counted,
    /// And what is not.
    Timed,
}

impl Measured {
    fn of(case: &Case) -> Option<Self> {
        let instructions = instructions_per_call(case)?;
        let allocations = *printed("allocations", case)?.first()?;
        Some(Self { instructions, allocations, nanoseconds: Spread::default() })
    }
}

/// The numbers that a process of its own prints about a case.
fn printed(what: &str, case: &Case) -> Option<Vec<f64>> {
    let output =
        Command::new(std::env::current_exe().ok()?).args([what, case.kind, case.form]).output().ok()?;
    String::from_utf8_lossy(&output.stdout).lines().map(|line| line.parse().ok()).collect()
}

/// The cases with what was measured of each.
pub(crate) struct Cases(Vec<(Case, Measured)>);

impl Cases {
    /// The cases take turns, so that all of them have the same neighbours on the machine.
    pub(crate) fn measured(cases: Vec<Case>, what: What) -> Result<Self, String> {
        let mut all = Vec::new();
        for case in cases {
            let measured = Measured::of(&case)
                .ok_or("`valgrind` did not count; is it installed? (apt-get install valgrind)")?;
            all.push((case, measured));
        }
        if what == What::Timed {
            for _ in 0..TURNS {
                for (case, measured) in &mut all {
                    let times = printed("time", case).ok_or("a process that measures time failed")?;
                    measured.nanoseconds.extend(times);
                }
            }
        }
        Ok(Self(all))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Case, &Measured)> {
        self.0.iter().map(|(case, measured)| (case, measured))
    }

    /// A row for each case; its instructions beside those of the form `beside` of its kind.
    pub(crate) fn write(&self, report: &mut Report, what: What, beside: &str) {
        let (more, times) = (format!("more than {beside}"), format!("times {beside}"));
        let mut head = vec!["a call", "", "instructions", &more, &times, "allocations"];
        if what == What::Timed {
            head.extend(["ns: median (middle half)", "least"]);
        }
        let mut last = "";
        let row = |(case, it): (&Case, &Measured)| {
            let kind = if std::mem::replace(&mut last, case.kind) == case.kind { "" } else { case.kind };
            let beside = self.of(case.kind, beside).instructions;
            let mut row = vec![
                kind.to_owned(),
                case.form.to_owned(),
                format!("{:.1}", it.instructions),
                format!("{:.1}", it.instructions - beside),
                format!("{:.2}", it.instructions / beside),
                it.allocations.to_string(),
            ];
            if what == What::Timed {
                row.extend([it.nanoseconds.to_string(), format!("{:.1}", it.nanoseconds.least())]);
            }
            row
        };
        let rows: Vec<_> = self.iter().map(row).collect();
        report.table(2, &head, &rows);
    }

    pub(crate) fn of(&self, kind: &str, form: &str) -> &Measured {
        let found = self.iter().find(|(case, _)| case.kind == kind && case.form == form);
        found.map(|(_, measured)| measured).expect("all cases are measured")
    }
}
