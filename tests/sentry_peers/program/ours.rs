//! The shop with our reporter. The DSN is in SENTRY_DSN, the folder for reports in REPORTS, the name of the machine in
//! MACHINE.

mod shop;

use retry_core::crash::{self, Sentry};
use shop::{ENVIRONMENT, RELEASE, run, variable};

fn main() {
    let sentry = Sentry::new(variable("SENTRY_DSN"))
        .release(RELEASE)
        .environment(ENVIRONMENT)
        .server_name(variable("MACHINE"))
        .tag("site", "Oslo 3")
        .user("id", "17");
    let _crash = crash::reporter()
        .app("shop", "1.2.3")
        .save_to(variable("REPORTS"))
        .context(|context| _ = context.set("project", "north").set("user.email", "ada@example.org"))
        .sentry(sentry)
        .install();
    run(|error| _ = crash::report(error));
}
