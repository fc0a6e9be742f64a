//! The last step: a crash deep in annotated code, and what its report says.

use std::panic::catch_unwind;

use retry_core::{crash, crash_context};

use crate::show;

/// Whose events they are.
#[derive(Debug)]
struct Account {
    user: &'static str,
    #[allow(dead_code)] // shown by `Debug`, or rather not shown
    password: &'static str,
}

/// Crashes, catches that, and tells where the report is.
pub(crate) fn show(events: &str) {
    let _crash = crash::reporter()
        .app(env!("CARGO_BIN_NAME"), env!("CARGO_PKG_VERSION"))
        .context(|context| {
            context.set("step", "the last one");
        })
        .save_to_default_dir()
        .install();

    show::crash_begins();
    let account = Account { user: "ada", password: "analytical" };
    let mean = catch_unwind(|| summary(&account, events));
    show::crash_ended(mean.is_err(), crash::last_report_path().as_deref());
}

/// How long the names of the user's events are, in the mean.
#[crash_context]
fn summary(account: &Account, events: &str) -> usize {
    let own = format!("{} ", account.user);
    let mut total = 0;
    let mut count = 0;
    for name in events.split('"').filter(|name| name.starts_with(&own)) {
        total += name.len();
        count += 1;
    }
    mean(total, count)
}

#[crash_context]
fn mean(total: usize, count: usize) -> usize {
    total / count
}
