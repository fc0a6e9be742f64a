//! The address of a project at Sentry.

use sentry_types::Dsn;
