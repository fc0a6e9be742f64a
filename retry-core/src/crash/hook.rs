//! What happens in a panic.

use super::isolate::{self, hook_is_free};
use super::mark::{self, Mark};
use super::report::{Kind, Place};
use super::reporter::Settings;
use super::reporting::{self, Happening};
use super::{bounded, debugger, frames::Trace, print, render};
use std::panic::{self, PanicHookInfo};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use std::{any, ptr, thread};

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Send + Sync>;

/// A reporter that is, or was, installed.
pub(crate) struct Installed {
    pub(crate) settings: Arc<Settings>,
    previous: Hook,
    /// Its message would be the same as ours.
    previous_is_std: bool,
    active: AtomicBool,
    /// Of our hook, by which it is known again.
    address: AtomicUsize,
    /// Of the one that is asked first: the same, or another of ours before the hooks that were set since.
    #[cfg(feature = "sentry-integration")]
    first: AtomicUsize,
}

/// The reporters that are installed, the last one last. Held while the hook is changed, which std does in two steps.
static ACTIVE: Mutex<Vec<Arc<Installed>>> = Mutex::new(Vec::new());

/// Whether there is any, for those who must not wait.
static IS_ACTIVE: AtomicBool = AtomicBool::new(false);

/// Whether anybody wants reports.
pub(crate) fn is_installed() -> bool {
    IS_ACTIVE.load(Ordering::Relaxed)
}

fn active() -> MutexGuard<'static, Vec<Arc<Installed>>> {
    ACTIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the last reporter that is installed wants.
pub(crate) fn settings() -> Option<Arc<Settings>> {
    active().last().map(|installed| Arc::clone(&installed.settings))
}

/// What the last reporter wanted that is not installed any more: the error that `main` ends with comes after all that is
/// dropped at its end.
static LAST: Mutex<Option<Arc<Settings>>> = Mutex::new(None);

/// What the last reporter wants, or wanted.
pub(crate) fn last_settings() -> Option<Arc<Settings>> {
    settings().or_else(|| LAST.lock().unwrap_or_else(PoisonError::into_inner).clone())
}

/// Nothing, where the hook cannot be changed.
pub(crate) fn install(settings: Settings) -> Option<Arc<Installed>> {
    if !can_be_changed() {
        print::to_stderr(
            "the crash reporter is not installed: this thread is panicking; install it where `main` begins\n",
        );
        return None;
    }
    let mut active = active();
    let previous = panic::take_hook();
    let installed = Arc::new(Installed {
        settings: Arc::new(settings),
        previous_is_std: is_std(&previous),
        previous,
        active: AtomicBool::new(true),
        address: AtomicUsize::new(0),
        #[cfg(feature = "sentry-integration")]
        first: AtomicUsize::new(0),
    });
    let ours = Arc::clone(&installed);
    let hook: Hook = Box::new(move |info| ours.panicked(info));
    installed.address.store(address(&hook), Ordering::Release);
    #[cfg(feature = "sentry-integration")]
    installed.first.store(address(&hook), Ordering::Release);
    panic::set_hook(hook);
    active.push(Arc::clone(&installed));
    IS_ACTIVE.store(true, Ordering::Relaxed);
    Some(installed)
}

/// std panics when the hook is changed on a thread that is panicking, and waits for ever for a thread that stays in it.
fn can_be_changed() -> bool {
    !thread::panicking() && hook_is_free()
}

pub(crate) fn uninstall(installed: Arc<Installed>) {
    installed.active.store(false, Ordering::Release);
    *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&installed.settings));
    let mut active = active();
    active.retain(|other| !Arc::ptr_eq(other, &installed));
    IS_ACTIVE.store(!active.is_empty(), Ordering::Relaxed);
    if !can_be_changed() {
        // Inactive, it only calls the one before.
        return;
    }
    let current = panic::take_hook();
    if address(&current) != installed.address.load(Ordering::Acquire) {
        // Somebody's who came after us, and calls ours.
        panic::set_hook(current);
        return;
    }
    drop(current);
    if installed.previous_is_std {
        return;
    }
    let previous: Hook = match Arc::try_unwrap(installed) {
        Ok(installed) => installed.previous,
        // Still used by a panic on another thread.
        Err(installed) => Box::new(move |info| (installed.previous)(info)),
    };
    panic::set_hook(previous);
}

fn address(hook: &Hook) -> usize {
    ptr::from_ref(&**hook).addr()
}

/// Whether it is the standard library's: once taken, the same is in its place again.
fn is_std(hook: &Hook) -> bool {
    let std = panic::take_hook();
    // It has no data, so that only the table of its methods tells it from others. Were there two copies of the table, it
    // would be taken for another's, and its message would come after ours.
    #[allow(ambiguous_wide_pointer_comparisons)]
    ptr::eq(ptr::from_ref(&**hook), ptr::from_ref(&*std))
}

/// Puts our hook before one that was set since, so that we are asked first. That one calls ours in its turn, or not.
#[cfg(feature = "sentry-integration")]
pub(crate) fn come_first() {
    if !can_be_changed() {
        return;
    }
    let active = active();
    let Some(ours) = active.last().cloned() else { return };
    let later = panic::take_hook();
    if address(&later) == ours.first.load(Ordering::Acquire) {
        panic::set_hook(later);
        return;
    }
    let first = Arc::clone(&ours);
    let hook: Hook = Box::new(move |info| ours.panicked_before(info, &later, false));
    first.first.store(address(&hook), Ordering::Release);
    panic::set_hook(hook);
}

impl Installed {
    fn panicked(&self, info: &PanicHookInfo<'_>) {
        self.panicked_before(info, &self.previous, self.previous_is_std);
    }

    /// `next` is the hook that comes after ours.
    fn panicked_before(&self, info: &PanicHookInfo<'_>, next: &Hook, next_is_std: bool) {
        let pass_on = || {
            if !next_is_std {
                next(info);
            }
        };
        match mark::get() {
            Mark::Application if self.active.load(Ordering::Acquire) => {
                mark::during(Mark::Reporting, || self.report(info));
                mark::during(Mark::PassingOn, pass_on);
            }
            Mark::Application => next(info),
            Mark::Listing => {}
            // An older reporter of ours: the last one has reported.
            Mark::PassingOn => pass_on(),
            Mark::Reporting => print::to_stderr(&format!("{}the report is not finished\n", headline(info))),
            Mark::Helper => {
                isolate::on_helper(info, cfg!(panic = "unwind") && consequence(info).is_none());
            }
            // Its standard error output goes to the parent, which reads it if the panic kills the child.
            Mark::Child => print::to_stderr(&headline(info)),
        }
    }

    fn report(&self, info: &PanicHookInfo<'_>) {
        let started = Instant::now();
        let trace = Trace::take();
        print::to_stderr(&self.settings.rules.scrub(&headline(info)));
        if mark::has_reported()
            && let Some(consequence) = consequence(info)
        {
            print::to_stderr(consequence);
            return;
        }
        let (message, type_name) = message(info);
        let happening = Happening {
            kind: Kind::Panic,
            message,
            type_name: type_name.map(str::to_owned),
            place: info.location().map(Place::from),
            causes: Vec::new(),
            notes: Vec::new(),
            started,
        };
        let reported = reporting::report(&self.settings, happening, trace);
        mark::note_reported();
        debugger::run_if_asked(&reported.report);
    }
}

/// What std says first, too.
fn headline(info: &PanicHookInfo<'_>) -> String {
    let place = info.location().map(Place::from);
    format!("\n{}", render::headline(&message(info).0, place.as_ref(), &reporting::this_thread()))
}

/// The most bytes of a panic's message that are looked at: it is printed, searched for secrets and shown on pages, on a
/// thread that is to end.
const MESSAGE: usize = 32 << 10;

fn beginning(text: &str) -> String {
    let beginning = bounded::beginning(text, MESSAGE);
    if beginning.len() == text.len() {
        return text.to_owned();
    }
    format!("{beginning}... ({} bytes)", text.len())
}

/// What the panic says, and the type of what it was raised with.
fn message(info: &PanicHookInfo<'_>) -> (String, Option<&'static str>) {
    let payload = info.payload();
    if let Some(text) = payload.downcast_ref::<&'static str>() {
        return (beginning(text), Some("&str"));
    }
    if let Some(text) = payload.downcast_ref::<String>() {
        return (beginning(text), Some("String"));
    }
    macro_rules! showing {
        ($($type:ty)*) => {
            // Types of which the showing runs no code of the user's.
            $(if let Some(value) = payload.downcast_ref::<$type>() {
                return (beginning(&value.to_string()), Some(any::type_name::<$type>()));
            })*
        };
    }
    showing!(i32 u32 i64 u64 i16 u16 i8 u8 i128 u128 isize usize f32 f64 bool char Box<str> Arc<str>);
    // What std says.
    ("Box<dyn Any>".to_owned(), None)
}

/// Of a panic that only says that another one could not go on: what happens now.
fn consequence(info: &PanicHookInfo<'_>) -> Option<&'static str> {
    let of_std = info.location().is_some_and(|place| place.file().ends_with("panicking.rs"));
    match info.payload_as_str()? {
        "panic in a function that cannot unwind" if of_std => Some(
            "the panic reported above cannot go on from a function that does not unwind: the process aborts\n",
        ),
        "panic in a destructor during cleanup" if of_std => Some(
            "the panic reported above came out of a destructor during another panic: the process aborts\n",
        ),
        _ => None,
    }
}
