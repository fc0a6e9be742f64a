//! `crash-reports`: reads the crash reports that programs with `retry_core` saved.
#![forbid(unsafe_code)]

mod arguments;
mod folder;
mod launch;
mod list;
mod listing;
mod mail;
mod open;
mod output;
mod prune;
mod search;
mod select;
mod send;
mod serve;
mod show;

use arguments::{Arguments, Command};
use clap::Parser;
use output::Failure;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Arguments { folder, command } = Arguments::parse();
    let done = match command {
        Command::List(wanted) => list::run(&folder, &wanted),
        Command::Show(wanted) => show::run(&folder, &wanted),
        Command::Open(wanted) => open::run(&folder, &wanted),
        Command::Mail(wanted) => mail::run(&folder, &wanted),
        Command::Send(wanted) => send::run(&folder, &wanted),
        Command::Prune(wanted) => prune::run(&folder, &wanted),
        Command::Serve(wanted) => serve::run(&folder, &wanted),
    };
    match done {
        Ok(()) | Err(Failure::NobodyReads) => ExitCode::SUCCESS,
        Err(failure) => {
            output::complain(&format!("error: {failure}"));
            failure.exit_code()
        }
    }
}
