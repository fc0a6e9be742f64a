//! What the user is told of a crash. A box in the terminal stands in for the dialog that a window would show.

use std::io::{self, BufRead, IsTerminal, Write};

use comfy_table::{Table, presets};
use retry_core::crash::{Notice, OpenError};

/// Says what happened, and, where somebody can answer, asks what to do with the report.
pub(crate) fn show(notice: &Notice) {
    let mut choices = Vec::new();
    if notice.page.is_some() {
        choices.push("[r] look at the report");
    }
    if notice.draft.is_some() {
        choices.push("[m] write a mail about it");
    }
    choices.push("[Enter] close");

    let mut dialog = Table::new();
    dialog.load_style(presets::UTF8_FULL);
    dialog.add_row([notice.what_happened()]);
    dialog.add_row([format!("{}\n{}", notice.where_it_is(), notice.how_to_send().trim_end())]);
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        println!("\n{dialog}");
        return;
    }
    dialog.add_row([choices.join("    ")]);
    println!("\n{dialog}");
    while let Some(answer) = answer() {
        match &*answer {
            "" => return,
            "r" if notice.page.is_some() => said(notice.open_page(), "the report is opened"),
            "m" if notice.draft.is_some() => said(notice.open_draft(), "the draft of a mail is opened"),
            _ => println!("r, m or Enter"),
        }
    }
}

fn answer() -> Option<String> {
    print!("> ");
    io::stdout().flush().ok()?;
    let mut line = String::new();
    let length = io::stdin().lock().read_line(&mut line).ok()?;
    (length > 0).then(|| line.trim().to_lowercase())
}

fn said(outcome: Result<(), OpenError>, done: &str) {
    match outcome {
        Ok(()) => println!("{done}"),
        Err(error) => println!("{error}"),
    }
}
