//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

/// Reads the crash reports that programs with `retry_core` saved on this machine.
#[derive(Parser)]
#[command(name = "crash-reports", version, after_help = AFTER)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) folder: Folder,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER: &str = "\
REPORT is a number of `list`, the beginning of an id or of a file's name, or the path of a JSON file.
Without it, the newest report is meant.

Exit code: 0 if it is done, 1 if something could not be read, found or done, 2 if the command line is wrong.
A list is done even where some of its reports cannot be read.";

/// Where the reports are.
#[derive(Args)]
pub(crate) struct Folder {
    /// The folder of the reports
    #[arg(long, global = true, value_name = "PATH", conflicts_with = "app")]
    pub(crate) dir: Option<PathBuf>,
    /// The application's name: its reports in the user's folder for its data, where `save_to_default_dir` puts them
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) app: Option<String>,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Lists the reports, the newest first; those that cannot be read, on the standard error output
    List(List),
    /// Prints a report
    Show(Show),
    /// Opens a report as a page, with the desktop's program for pages
    Open(Open),
    /// Makes the draft of a mail with a report attached, and opens it with the desktop's mail program
    ///
    /// Nothing is sent: whoever opens the draft reads it, says more, and sends it.
    Mail(Mail),
    /// Sends reports to Sentry that could not be sent at their crash
    ///
    /// Those that wait in the folder, the oldest first; or the one that is named, whether it waits or not.
    Send(Send),
    /// Removes reports that are old or too many, with all their files
    ///
    /// A report is removed if either option says so, or if it is named. Reports that cannot be read stay, unless they
    /// are named; files that are no reports always stay.
    Prune(Prune),
    /// Shows the reports as local web pages, to this user alone
    ///
    /// Prints the address, which has a secret in it, and runs until it is stopped (Ctrl-C).
    Serve(Serve),
}

#[derive(Args)]
pub(crate) struct List {
    /// One row for each crash, however many reports there are of it
    #[arg(long)]
    pub(crate) group: bool,
    /// For programs
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Show {
    /// Which one
    pub(crate) report: Option<String>,
    /// How it is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// For people, in colours where the terminal has them
    Text,
    /// For issues and chats
    Markdown,
    /// For programs
    Json,
    /// A page for browsers
    Html,
}

#[derive(Args)]
pub(crate) struct Open {
    /// Which one
    pub(crate) report: Option<String>,
}

#[derive(Args)]
pub(crate) struct Mail {
    /// Which one
    pub(crate) report: Option<String>,
    /// Who is to get it; several with commas between them
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) to: String,
    /// Only say where the draft is, and which link opens the same without what is attached
    #[arg(long)]
    pub(crate) no_open: bool,
}

#[derive(Args)]
pub(crate) struct Send {
    /// Only this one
    pub(crate) report: Option<String>,
    /// The DSN of the project that is to get them; unless said, that which each was kept for
    #[arg(long, value_name = "DSN")]
    pub(crate) dsn: Option<String>,
    /// Those that the server refused, too
    #[arg(long)]
    pub(crate) refused: bool,
    /// Only say which would be sent
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args)]
pub(crate) struct Prune {
    /// Those to remove, whether they can be read or not
    #[arg(value_name = "REPORT")]
    pub(crate) reports: Vec<String>,
    /// Remove all but the newest N
    #[arg(long, value_name = "N")]
    pub(crate) keep: Option<usize>,
    /// Remove what is older than this: `30d`, `12h`, `1week 2days`
    #[arg(long, value_name = "AGE", value_parser = humantime::parse_duration)]
    pub(crate) older_than: Option<Duration>,
    /// Only say what would be removed
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args)]
pub(crate) struct Serve {
    /// The port; 0 is any that is free
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// Open the pages, with the desktop's program for pages
    #[arg(long)]
    pub(crate) open: bool,
}

#[cfg(test)]
mod tests {
    use super::Arguments;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }
}
