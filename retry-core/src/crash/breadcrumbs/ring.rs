//! The list of the last events. No code of the user's runs while it is held.

use super::kept::{Buffers, Kept};
use crate::crash::redact::Rules;
use crate::crash::report::Breadcrumb;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a crash waits for the list: all that is done with it takes microseconds, but many may want it.
const PATIENCE: Duration = Duration::from_millis(50);

/// The most bytes of text in a report: looking for secrets in them, and writing them, takes its time.
const REPORTED: usize = 128 << 10;

static RING: Mutex<VecDeque<Kept>> = Mutex::new(VecDeque::new());

/// For the next event: those of the oldest one, if there are so many already.
pub(super) fn buffers(keep: usize) -> Buffers {
    let mut ring = RING.lock().unwrap_or_else(PoisonError::into_inner);
    let oldest = if ring.len() >= keep { ring.pop_front() } else { None };
    drop(ring);
    oldest.map(Kept::into_buffers).unwrap_or_default()
}

/// Adds it, and lets the oldest go, if there are more then.
pub(super) fn push(kept: Kept, keep: usize) {
    let mut ring = RING.lock().unwrap_or_else(PoisonError::into_inner);
    let more = (ring.len() + 1).saturating_sub(keep);
    let oldest: Vec<_> = ring.drain(..more).collect();
    ring.push_back(kept);
    drop(ring);
    drop(oldest);
}

/// The newest of the list, the oldest of them first, without secrets. A crash never waits for long.
pub(crate) fn taken(rules: &Rules, notes: &mut Vec<String>) -> Vec<Breadcrumb> {
    let Some(ring) = patiently(&RING) else {
        notes.push("what happened before is not known: another thread kept the list of it".to_owned());
        return Vec::new();
    };
    let mut left = REPORTED;
    let fits = |kept: &&Kept| {
        let fits = left.checked_sub(kept.size());
        left = fits.unwrap_or(0);
        fits.is_some()
    };
    let mut newest: Vec<_> = ring.iter().rev().take_while(fits).map(Kept::breadcrumb).collect();
    drop(ring);
    newest.reverse();
    for breadcrumb in &mut newest {
        breadcrumb.message = rules.scrub(&breadcrumb.message);
        for field in &mut breadcrumb.fields {
            rules.scrub_shown(&field.name, &mut field.value);
        }
    }
    newest
}

fn patiently<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    let until = Instant::now() + PATIENCE;
    loop {
        match mutex.try_lock() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) if Instant::now() < until => thread::yield_now(),
            Err(TryLockError::WouldBlock) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{RING, Rules, patiently, taken};
    use std::sync::PoisonError;

    #[test]
    fn a_crash_while_the_list_is_held_goes_on_without_it() {
        let held = RING.lock().unwrap_or_else(PoisonError::into_inner);
        let mut notes = Vec::new();
        assert_eq!(taken(&Rules::default(), &mut notes), []);
        assert_eq!(notes, ["what happened before is not known: another thread kept the list of it"]);
        drop(held);
        assert!(patiently(&RING).is_some());
    }
}
