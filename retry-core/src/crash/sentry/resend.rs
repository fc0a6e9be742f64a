//! Reports of earlier runs, and of this one, that could not be sent at their crash: sent in the background.

use super::outbox::{Outbox, Outcome, Unfinished};
use super::{Listener, Sentry};
use crate::crash::files::{Spool, Wanted};
use crate::crash::isolate;
use crate::crash::print;
use crate::crash::reporter::Settings;
use crate::retry;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a listener may take.
const LISTENING: Duration = Duration::from_secs(1);
/// What a server that could not be reached at a crash gets, before it is asked again.
const AFTER_A_CRASH: Duration = Duration::from_mins(1);

/// How long, at the end of the program, a report that was sent waits for its answer.
const ON_ITS_WAY: Duration = Duration::from_secs(1);

/// For how long the end of a program does not wait for a server that an earlier end has waited for in vain: a tool that is run
/// every second would take three.
const HEEDED: Duration = Duration::from_mins(10);
/// How long it takes at most to note that.
const NOTING: Duration = Duration::from_millis(200);

/// The sending in the background, of one reporter.
pub(crate) struct Resending {
    state: Mutex<State>,
    changed: Condvar,
    after_a_crash: Duration,
}

impl Default for Resending {
    fn default() -> Self {
        Self::trying_again_after(AFTER_A_CRASH)
    }
}

/// A server that the end of a program waited for in vain.
#[derive(Default)]
struct Unanswered {
    /// Where that is noted.
    spools: Vec<Spool>,
    /// Whether an earlier end has, so that this one does not.
    is_known: bool,
}

#[derive(Default)]
struct State {
    running: bool,
    /// Whether reports are being sent, rather than waited with.
    sending: bool,
    stopped: bool,
    unanswered: Unanswered,
    /// How many reports crashes have left since they were listed.
    left: usize,
    crash: Option<Crash>,
}

/// The last crash that had something to send.
#[derive(Clone, Copy)]
struct Crash {
    /// How long it may wait.
    until: Instant,
    /// Whether its own report did.
    arrived: bool,
}

impl Resending {
    pub(super) fn trying_again_after(after_a_crash: Duration) -> Self {
        Self { state: Mutex::default(), changed: Condvar::new(), after_a_crash }
    }

    /// At the start: begins at once, if there is anything.
    pub(crate) fn start(self: &Arc<Self>, settings: &Settings) {
        let Some(sentry) = settings.sentry.as_ref().filter(|sentry| sentry.has_target()) else { return };
        let outboxes = outboxes(&settings.folder, sentry);
        if outboxes.iter().all(Outbox::is_empty) {
            return;
        }
        let spools = outboxes.iter().map(Outbox::spool);
        let silent_for = spools.clone().filter_map(Spool::silent_for).min();
        let mut state = self.state();
        state.unanswered.spools = spools.cloned().collect();
        state.unanswered.is_known = silent_for.is_some_and(|silent_for| silent_for < HEEDED);
        drop(state);
        self.run(settings, Duration::ZERO);
    }

    /// A crash left a report, and its program may live on.
    pub(crate) fn start_later(self: &Arc<Self>, settings: &Settings) {
        self.run(settings, self.after_a_crash);
    }

    fn run(self: &Arc<Self>, settings: &Settings, first_wait: Duration) {
        let Some(sentry) = settings.sentry.as_ref().filter(|sentry| sentry.has_target()) else { return };
        let mut state = self.state();
        if state.running || state.stopped {
            state.left += 1;
            return;
        }
        state.running = true;
        state.sending = first_wait.is_zero();
        drop(state);
        let (this, folder, sentry) = (Arc::clone(self), settings.folder.clone(), sentry.clone());
        let body = move || {
            this.pause(first_wait);
            loop {
                // Looked for on this thread: a disk may hang, and a crash must not.
                // What is left is for the next start.
                let _ = this.send_all(&outboxes(&folder, &sentry), &sentry.listeners);
                if !this.has_again() {
                    return;
                }
                this.pause(this.after_a_crash);
            }
        };
        if isolate::start(body).is_err() {
            self.end(&mut self.state());
        }
    }

    /// Ends it, unless there is more to send by now.
    fn has_again(&self) -> bool {
        let mut state = self.state();
        let again = std::mem::take(&mut state.left) > 0 && !state.stopped;
        if !again {
            self.end(&mut state);
        }
        again
    }

    fn end(&self, state: &mut State) {
        (state.running, state.sending) = (false, false);
        self.changed.notify_all();
    }

    /// Sends them as soon as the server can be had, again and again.
    #[retry(
        Unreachable = 60, Limited = field(after), Stopped = never,
        backoff = exp(cap = 1h), attempts = unlimited, sleep = |wait| self.pause(wait), crate = crate
    )]
    fn send_all(&self, outboxes: &[Outbox], listeners: &[Listener]) -> Result<(), Unfinished> {
        self.state().sending = true;
        for outbox in outboxes {
            outbox.pass(&|| !self.state().stopped, &mut |outcome| tell(listeners, outcome))?;
        }
        Ok(())
    }

    /// Less long, if it is stopped.
    fn pause(&self, wait: Duration) {
        if wait.is_zero() {
            return;
        }
        let mut state = self.state();
        state.sending = false;
        self.changed.notify_all();
        let _ = self.changed.wait_timeout_while(state, wait, |state| !state.stopped);
    }

    /// The server answered a crash, or did not, and it still has until then.
    pub(super) fn crashed(&self, until: Instant, arrived: bool) {
        self.state().crash = Some(Crash { until, arrived });
    }

    /// At the end of the program: what is being sent gets until the deadline. After that no other is begun, and the one that
    /// is on its way gets a little: the server may have it, and would be sent it again.
    pub(crate) fn finish(&self, settings: &Settings) {
        let mut state = self.state();
        let deadline = settings.sentry.as_ref().map_or(Duration::ZERO, |sentry| sentry.deadline);
        let (all, one) = match state.crash.filter(|_| thread::panicking()) {
            // What is left of its time is for the reports of earlier ones if its own arrived: a program that crashes at each
            // start would never send them.
            Some(Crash { until, arrived }) => {
                let left = until.saturating_duration_since(Instant::now());
                (if arrived { left } else { Duration::ZERO }, left)
            }
            None if thread::panicking() => (Duration::ZERO, Duration::ZERO),
            None if state.unanswered.is_known => (Duration::ZERO, Duration::ZERO),
            None => (deadline, Duration::ZERO),
        };
        let on_its_way = if state.unanswered.is_known { Duration::ZERO } else { one.max(ON_ITS_WAY) };
        for patience in [all, on_its_way] {
            let waited = self.changed.wait_timeout_while(state, patience, |state| state.sending);
            (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
            state.stopped = true;
            self.changed.notify_all();
        }
        if state.sending && !state.unanswered.is_known && !thread::panicking() {
            let spools = std::mem::take(&mut state.unanswered.spools);
            drop(state);
            let note = move || spools.iter().for_each(Spool::note_silence);
            let _ = isolate::guarded(NOTING, note);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn outboxes(folder: &Wanted, sentry: &Sentry) -> Vec<Outbox> {
    folder.there().iter().map(|folder| Outbox::in_folder_of(folder).to(sentry.clone())).collect()
}

/// What cannot be read is told on the standard error output, at each start, since nobody else may look there.
fn tell(listeners: &[Listener], outcome: &Outcome<'_>) {
    let (report, delivery) = match outcome {
        Outcome::Unreadable(error) => return print::to_stderr(&format!("crash report not sent: {error}\n")),
        Outcome::Report { report, delivery, .. } => (report, delivery),
    };
    for listener in listeners {
        let (listener, report, delivery) = (Arc::clone(listener), (*report).clone(), (*delivery).clone());
        if let Err(failure) = isolate::guarded(LISTENING, move || listener(&report, &delivery)) {
            print::to_stderr(&format!("the application's `on_later` {failure}\n"));
        }
    }
}
