//! The shop with the crate `sentry`, as its documentation tells to set it up. The DSN is in SENTRY_DSN, the name of the machine
//! in MACHINE.

mod shop;

use shop::{ENVIRONMENT, RELEASE, run, variable};

fn main() {
    let mut options = sentry::ClientOptions::default();
    options.release = Some(RELEASE.into());
    options.environment = Some(ENVIRONMENT.into());
    options.server_name = Some(variable("MACHINE").into());
    options.attach_stacktrace = true;
    let _sentry = sentry::init((variable("SENTRY_DSN"), options));
    run(|error| _ = sentry::capture_error(error));
}
