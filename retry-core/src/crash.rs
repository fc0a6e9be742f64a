#![cfg_attr(all(feature = "macros", feature = "tokio"), doc = include_str!("../docs/crash.md"))]
#![cfg_attr(not(all(feature = "macros", feature = "tokio")), doc = "Panic reports.")]

pub(crate) mod attempts;
mod bounded;
#[cfg(feature = "tracing")]
mod breadcrumbs;
mod capture;
mod context;
mod debugger;
mod delivery;
mod error;
#[cfg(any(test, retry_core_feed))]
#[doc(hidden)]
pub mod feed;
mod files;
mod frames;
mod group;
mod hook;
mod isolate;
mod mail;
mod mark;
mod notice;
#[cfg(not(feature = "sentry"))]
mod nowhere;
mod print;
mod redact;
mod render;
mod report;
mod reporter;
mod reporting;
#[cfg(feature = "sentry")]
mod sentry;
#[cfg(feature = "viewer")]
#[doc(hidden)]
pub mod terminal;
mod turn;
mod value;
mod variables;

#[doc(hidden)]
pub mod private {
    //! What expansions of `#[crash_context]` call.
    pub use super::capture::*;
}

#[cfg(feature = "tracing")]
pub use breadcrumbs::{Breadcrumbs, breadcrumbs};
pub use context::Context;
pub use delivery::Delivery;
pub use error::report;
pub(crate) use error::report_at_end;
pub use files::{LoadError, Reports, SavedReport};
pub use group::{Group, group};
pub(crate) use hook::is_installed;
pub use mail::{AddressError, Draft};
pub use notice::{Notice, OpenError};
pub use render::ReadError;
pub use report::{
    App, AttemptInfo, Breadcrumb, BreadcrumbField, ContextEntry, Frame, Kind, Level, Place, Process, Report,
    SCHEMA, Shown, Source, Thread, Variable,
};
pub use reporter::{Guard, Reported, Reporter, install, reporter};
pub use reporting::last_report_path;
#[cfg(feature = "sentry-integration")]
#[cfg_attr(docsrs, doc(cfg(feature = "sentry-integration")))]
pub use sentry::SentryIntegration;
#[cfg(feature = "sentry")]
#[cfg_attr(docsrs, doc(cfg(feature = "sentry")))]
pub use sentry::{DsnError, Outbox, Outcome, Sentry};

#[cfg(all(test, unix))]
mod children;
