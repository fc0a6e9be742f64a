//! The words themselves.

pub(crate) const ATTEMPT: &str = "attempt";
pub(crate) const ATTEMPTS: &str = "attempts";
pub(crate) const BACKOFF: &str = "backoff";
pub(crate) const BUDGET: &str = "budget";
pub(crate) const CLONE: &str = "clone";
pub(crate) const CRATE: &str = "crate";
pub(crate) const DEADLINE: &str = "deadline";
pub(crate) const ERROR: &str = "error";
pub(crate) const JITTER: &str = "jitter";
pub(crate) const ON_GIVE_UP: &str = "on_give_up";
pub(crate) const ON_RETRY: &str = "on_retry";
pub(crate) const ON_SUCCESS: &str = "on_success";
pub(crate) const POLICY: &str = "policy";
pub(crate) const RESCHEDULE: &str = "reschedule";
pub(crate) const SLEEP: &str = "sleep";
pub(crate) const TIMEOUT: &str = "timeout";
pub(crate) const UNTIL: &str = "until";
pub(crate) const WHEN: &str = "when";

/// Every option, as a message lists them.
pub(crate) const OPTIONS: [&str; 16] = [
    BACKOFF, ATTEMPTS, JITTER, DEADLINE, TIMEOUT, UNTIL, ATTEMPT, ON_RETRY, ON_GIVE_UP, ON_SUCCESS, CLONE,
    POLICY, SLEEP, ERROR, CRATE, WHEN,
];

/// Options that are planned, and refused until they are there.
pub(crate) const PLANNED: [&str; 2] = [BUDGET, RESCHEDULE];

pub(crate) const BASE: &str = "base";
pub(crate) const CAP: &str = "cap";
pub(crate) const FACTOR: &str = "factor";
pub(crate) const MAX: &str = "max";
pub(crate) const STEP: &str = "step";

/// What stands inside `backoff = exp(..)`.
pub(crate) const BACKOFF_KEYS: [&str; 6] = [BASE, FACTOR, STEP, CAP, MAX, JITTER];

pub(crate) const BACKOFFS: [&str; 4] = ["exp", "fixed", "linear", "fibonacci"];
pub(crate) const JITTERS: [&str; 4] = ["none", "full", "equal", "decorrelated"];
