//! What the program knows of the bench: what a report needs as well, wherever it crashes.

use std::sync::{Mutex, MutexGuard, PoisonError};

use retry_core::crash::Context;

/// The state that is shown in the window.
#[derive(Debug)]
pub(crate) struct Bench {
    project: String,
    now: Mutex<Now>,
}

#[derive(Debug, Default)]
struct Now {
    tool: &'static str,
    last_reading: Option<Reading>,
}

/// The last one of the serial line.
#[derive(Debug, Clone, Copy)]
#[allow(dead_code)] // Only its `Debug` reads it.
struct Reading {
    channel: u8,
    millivolts: u32,
}

impl Bench {
    pub(crate) fn new(project: &str) -> Self {
        Self { project: project.to_owned(), now: Mutex::default() }
    }

    pub(crate) fn take(&self, tool: &'static str) {
        self.now().tool = tool;
    }

    pub(crate) fn note_reading(&self, channel: u8, millivolts: u32) {
        self.now().last_reading = Some(Reading { channel, millivolts });
    }

    /// What a report of a crash says of it.
    pub(crate) fn describe(&self, context: &mut Context) {
        context.set("project", &self.project);
        let now = self.now();
        context.set("tool", now.tool).set_debug("last reading", now.last_reading);
    }

    /// Never held while anything is computed: a crash would find it locked.
    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
