//! A program of an engineer's bench, as it would stand behind a window: it programs a probe over a serial line, and reads it,
//! until something crashes. Nothing but a terminal is needed, the probe is a simulated one. Run it:
//! `cargo run -p retry-examples --bin desktop`.
//!
//! The page `guide::walkthrough` of `retry-core` explains it piece by piece.

mod bench;
mod dialog;
mod last_run;
mod line;
mod probe;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, mpsc};
use std::thread;

use clap::Parser;
use retry_core::crash::{self, Reports};
use retry_core::crash_context;

use bench::Bench;
use line::{Line, Probe};

const NAME: &str = "bench";

/// Programs a probe over a simulated serial line and reads it, until something crashes; shows what the user is told of that
#[derive(Parser)]
#[command(name = "desktop")]
struct Arguments {
    /// Save crash reports in this folder [default: the user's folder for the data of programs]
    #[arg(long, value_name = "DIR")]
    reports: Option<PathBuf>,
    /// How the probe is
    #[arg(long, value_enum, default_value_t = Probe::Unplugged)]
    probe: Probe,
    /// What the probe wants to hear before it is programmed: a secret
    #[arg(long, value_name = "CODE", default_value = "4711-0815")]
    unlock_code: String,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let bench = Arc::new(Bench::new("motor control, board 7"));
    let (tell, told) = mpsc::channel();

    let at_crash = Arc::clone(&bench);
    let reporter = crash::reporter()
        .app(NAME, env!("CARGO_PKG_VERSION"))
        .context(move |context| at_crash.describe(context))
        .redact("unlock")
        .mail("crashes@example.org")
        .tell_user(move |notice| _ = tell.send(notice.clone()));
    let (reporter, reports) = match arguments.reports {
        Some(folder) => (reporter.save_to(&folder), Some(Reports::in_folder(folder))),
        None => (reporter.save_to_default_dir(), Reports::of_app(NAME)),
    };
    let _crash = reporter.install();

    if let Some(reports) = &reports {
        last_run::show(reports);
    }
    // The work is done on a thread of its own, so that the window stays when it crashes.
    let line = Line::open(arguments.probe);
    let work = thread::Builder::new().name("work".into());
    match work.spawn(move || work_with(&bench, &line, &arguments.unlock_code)).map(thread::JoinHandle::join) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(_)) => {
            if let Ok(notice) = told.try_recv() {
                dialog::show(&notice);
            }
            ExitCode::from(101)
        }
        Err(error) => {
            eprintln!("error: there is no thread to work on: {error}");
            ExitCode::FAILURE
        }
    }
}

#[crash_context(skip(bench))] // The context says it.
fn work_with(bench: &Bench, line: &Line, unlock_code: &str) {
    bench.take("programmer");
    for block in 0..3 {
        probe::program(line, unlock_code, block);
        println!("programmed block {block}");
    }
    bench.take("voltmeter");
    for channel in 1..=4 {
        let millivolts = probe::read(line, channel);
        bench.note_reading(channel, millivolts);
        println!("channel {channel}: {millivolts} mV");
    }
    println!("done");
}
