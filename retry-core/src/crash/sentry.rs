//! Reports to Sentry, or to a server that speaks its protocol.
//!
//! A report becomes an event (`event`), with its files an envelope (`envelope`), which is posted (`post`) unless the server
//! wants to be left alone (`limits`). Before that it is in the spool (`spool`), and it stays there until the server has it
//! (`sending`).

mod delivery;
mod dsn;
mod envelope;
mod event;
mod limits;
mod post;

pub use delivery::Delivery;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What events say beside the report: set by the application, and kept with each report that is to be sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct About {
    pub(crate) release: Option<String>,
    pub(crate) environment: Option<String>,
    pub(crate) server_name: Option<String>,
    pub(crate) tags: BTreeMap<String, String>,
    /// `id`, `email`, `username`, `ip_address`, and whatever else is said of the user.
    pub(crate) user: BTreeMap<String, String>,
}

/// Where reports go at Sentry, and what is said with them.
#[derive(Debug, Clone)]
pub struct Sentry {
    about: About,
}
