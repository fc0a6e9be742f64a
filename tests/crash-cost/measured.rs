//! Instructions, allocations and times of a case, each in a process of its own.

use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use crate::cases::Case;
use crate::counted::instructions_per_call;
use crate::counting;

/// How often all the cases take their turn, the runs in each turn, and how long a run is.
const TURNS: usize = 5;
const RUNS: usize = 400;
const RUN_NANOSECONDS: f64 = 20_000.0;

pub(crate) fn repeat(case: &Case, calls: u64) {
    for _ in 0..calls {
        black_box((case.call)());
    }
}

/// Prints the nanoseconds per call of many short runs.
pub(crate) fn time(case: &Case) {
    let mut calls = 16_u64;
    let mut runs = 0;
    while runs < RUNS {
        let begin = Instant::now();
        repeat(case, calls);
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
    repeat(case, 3);
    let before = counting::so_far();
    repeat(case, 1);
    counting::so_far() - before
}

/// What was measured of a case.
pub(crate) struct Measured {
    pub(crate) instructions: f64,
    pub(crate) allocations: u64,
    /// In order.
    nanoseconds: Vec<f64>,
}

impl Measured {
    fn of(case: &Case) -> Option<Self> {
        let instructions = instructions_per_call(&[case.kind, case.form])?;
        let allocations = *printed("allocations", case)?.first()?;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Some(Self { instructions, allocations: allocations as u64, nanoseconds: Vec::new() })
    }

    pub(crate) fn least(&self) -> f64 {
        self.nanoseconds.first().copied().unwrap_or(f64::NAN)
    }

    /// The time below which that part of the runs stays.
    pub(crate) fn part(&self, tenths: usize) -> f64 {
        self.nanoseconds.get(self.nanoseconds.len() * tenths / 10).copied().unwrap_or(f64::NAN)
    }
}

/// The numbers that a process of its own prints about a case.
fn printed(what: &str, case: &Case) -> Option<Vec<f64>> {
    let output =
        Command::new(std::env::current_exe().ok()?).args([what, case.kind, case.form]).output().ok()?;
    String::from_utf8_lossy(&output.stdout).lines().map(|line| line.parse().ok()).collect()
}

pub(crate) fn measured(cases: &[Case]) -> Option<Vec<Measured>> {
    let mut measured = cases.iter().map(Measured::of).collect::<Option<Vec<_>>>()?;
    for _ in 0..TURNS {
        for (case, measured) in cases.iter().zip(&mut measured) {
            measured.nanoseconds.extend(printed("time", case)?);
        }
    }
    for measured in &mut measured {
        measured.nanoseconds.sort_by(f64::total_cmp);
    }
    Some(measured)
}
