//! A report as an event of Sentry's protocol.

use super::About;
use crate::crash::report::Report;
