//! The way of a report, from what happened to the one that hears of it: gathered, saved, completed with what only user
//! code can say, printed, saved again, drafted as a mail, told.

use super::capture::LiveFrame;
#[cfg(any(test, retry_core_feed))]
use super::feed::{fingerprint, with_live};
use super::files::{self, Saved, Saving};
use super::frames::{Merged, Trace};
use super::isolate::{self, Budget};
use super::mail::Draft;
#[cfg(not(feature = "sentry"))]
use super::nowhere::Outgoing;
use super::render::{self, Style};
use super::report::{Frame, Kind, Place, Process, Report, SCHEMA, Thread};
use super::reporter::{Reported, Settings};
#[cfg(feature = "sentry")]
use super::sentry::Outgoing;
use super::turn::Turn;
use super::variables::{self, Pending};
#[cfg(not(any(test, retry_core_feed)))]
use super::{capture::with_live, frames::fingerprint};
use super::{context, print};
use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use std::{env, panic, process, thread};

/// How long the crash waits for what makes a text of a report.
const SAVING: Duration = Duration::from_secs(1);
/// How long it waits for a disk in all: one that hundreds of processes write to at once is slow, and what is not saved is lost.
const DISK: Duration = Duration::from_secs(5);
/// The same for what is to outlive a power failure, of which a first version is there.
const LASTING: Duration = Duration::from_secs(2);
/// How long it waits for a disk that has taken that long already.
const SLOW_DISK: Duration = Duration::from_millis(200);
/// How long it waits for those that want to hear of the report.
const LISTENING: Duration = Duration::from_millis(150);
/// How long it waits for the application to tell its user: long enough for another program to be started.
const TELLING: Duration = Duration::from_millis(500);

/// How long it takes until a value is asked to show itself.
const TO_BEGIN: Duration = Duration::from_millis(50);

/// The file of the last report of this process.
static LAST: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Where the last report of this process was saved: the JSON file. Beside it are the same as text, with the extension
/// `txt`, and as a page for the browser, `html`. Nothing, as long as none was saved.
///
/// ```
/// if let Some(path) = retry_core::crash::last_report_path() {
///     println!("please send {}", path.display());
/// }
/// ```
#[must_use]
pub fn last_report_path() -> Option<PathBuf> {
    LAST.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// What a crash asks of the disk.
#[derive(Clone, Copy)]
pub(crate) struct Disk {
    /// Whether what is written has to outlive a power failure.
    pub(crate) durable: bool,
    until: Instant,
}

impl Disk {
    pub(crate) fn new(durable: bool, started: Instant) -> Self {
        let until = started + DISK;
        let until = if durable { until.min(Instant::now() + LASTING) } else { until };
        Self { durable, until }
    }

    /// How long it has from now on.
    pub(crate) fn time(self) -> Duration {
        self.until.saturating_duration_since(Instant::now()).max(SLOW_DISK)
    }
}

/// What there is to report.
pub(crate) struct Happening {
    pub(crate) kind: Kind,
    pub(crate) message: String,
    pub(crate) type_name: Option<String>,
    pub(crate) place: Option<Place>,
    pub(crate) causes: Vec<String>,
    pub(crate) notes: Vec<String>,
    /// When it happened.
    pub(crate) started: Instant,
}

/// Reports it; that it happened is printed already.
pub(crate) fn report(settings: &Arc<Settings>, happening: Happening, trace: Trace) -> Reported {
    let turn = Turn::wait();
    let started = happening.started;
    let outgoing = Outgoing::new();
    let (mut report, first) = with_live(|live| {
        let (mut report, pending) = without_user_code(settings, happening, trace, live);
        if pending.is_empty() && settings.providers.is_empty() && !Outgoing::is_wanted(settings) {
            return (report, None);
        }
        // Should the user code bring down the process in spite of all, or the disk be slow, this much is there.
        let first = save_first(settings, &mut report, &outgoing, Disk::new(false, started));
        if turn.is_ours() {
            run_user_code(settings, &mut report, &pending, started);
        } else {
            variables::leave_out(&pending, &mut report.frames, "too many threads crashed at the same time");
        }
        (report, Some(first))
    });
    settings.rules.scrub_report(&mut report);
    print_whole(settings, &report);
    let first_place = first.as_ref().and_then(|first| first.saved.as_ref());
    outgoing.keep(settings, &report, first_place, Disk::new(false, started));
    // Fifty of them cannot wait for the disk one after the other.
    let disk = Disk::new(turn.is_ours(), started);
    let saved = save_last(settings, &mut report, first, disk);
    outgoing.keep(settings, &report, saved.as_ref(), disk);
    let (page, draft) = match &saved {
        Some(saved) => save_for_people(settings, &mut report, saved, disk),
        None => (None, None),
    };
    let path = saved.map(|saved| saved.json);
    if let Some(path) = &path {
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(path.clone());
    }
    let addresses = settings.mail.clone();
    // The server and the application may take their time, and others may crash in it.
    drop(turn);
    let delivery = outgoing.send(settings, &report);
    if let Some(delivery) = &delivery {
        print::to_stderr(&settings.rules.scrub(&format!("report {delivery}\n")));
    }
    let reported = Reported { report, path, page, draft, delivery, addresses };
    tell_user(settings, &reported);
    tell(settings, &reported);
    reported
}

/// From within code that a report runs: it is told what it asked for, and no more comes of it, or it would go on for ever.
pub(crate) fn report_in_report(settings: &Settings, happening: Happening, trace: Trace) -> Reported {
    let (mut report, _) = without_user_code(settings, happening, trace, &[]);
    settings.rules.scrub_report(&mut report);
    let addresses = settings.mail.clone();
    Reported { report, path: None, page: None, draft: None, delivery: None, addresses }
}

/// With every value that can be shown by our own code, and those that cannot.
fn without_user_code<'a>(
    settings: &Settings,
    happening: Happening,
    trace: Trace,
    live: &'a [LiveFrame<'_>],
) -> (Report, Vec<Pending<'a>>) {
    let (mut frames, live_frames) = merge(trace, live, happening.place.as_ref());
    let mut pending = Vec::new();
    for (frame, live) in live_frames {
        variables::fill(&mut frames, frame, live, &settings.rules, &mut pending);
    }
    let kind = match happening.kind {
        Kind::Panic => "panic",
        Kind::Error => "error",
    };
    let fingerprint = fingerprint(kind, &happening.message, happening.place.as_ref(), &frames);
    let mut notes = happening.notes;
    notes.extend(settings.no_addresses.iter().map(ToString::to_string));
    #[cfg(feature = "sentry")]
    notes.extend(settings.sentry.iter().filter_map(|sentry| sentry.fault()).map(ToString::to_string));
    #[cfg(feature = "tracing")]
    let breadcrumbs = super::breadcrumbs::taken(&settings.rules, &mut notes);
    #[cfg(not(feature = "tracing"))]
    let breadcrumbs = Vec::new();
    let report = Report {
        schema: SCHEMA,
        id: fresh_id(),
        time: humantime::format_rfc3339_millis(SystemTime::now()).to_string(),
        kind: happening.kind,
        message: happening.message,
        type_name: happening.type_name,
        place: happening.place,
        thread: this_thread(),
        app: settings.app.clone(),
        process: this_process(),
        context: Vec::new(),
        breadcrumbs,
        causes: happening.causes,
        frames,
        notes,
        fingerprint,
        occurrences: 1,
        first_seen: None,
    };
    (report, pending)
}

/// The frames without their variables, and which of them is which live frame.
fn merge<'a>(
    trace: Trace,
    live: &'a [LiveFrame<'_>],
    place: Option<&Place>,
) -> (Vec<Frame>, Vec<(usize, &'a LiveFrame<'a>)>) {
    let mut frames = Vec::new();
    let mut live_frames = Vec::new();
    for Merged { mut frame, live: of } in trace.merge(live, place) {
        if let Some(of) = of.and_then(|of| live.get(of)) {
            if frame.attempt.is_none() {
                frame.attempt.clone_from(&of.attempt);
            }
            live_frames.push((frames.len(), of));
        }
        frames.push(frame);
    }
    #[cfg(any(test, retry_core_feed))]
    super::feed::add_frame(&mut frames, &mut live_frames, live);
    (frames, live_frames)
}

fn run_user_code(settings: &Settings, report: &mut Report, pending: &[Pending<'_>], started: Instant) {
    // Where the stack took long to read, one value still gets its time.
    let until = (started + isolate::ALL).max(Instant::now() + isolate::EACH + TO_BEGIN);
    let asked = context::ask(&settings.providers);
    let budget = Budget { each: isolate::EACH, until };
    variables::show(pending, &mut report.frames, &settings.rules, budget);
    report.context = context::answers(asked, &settings.rules, isolate::EACH, &mut report.notes);
}

fn save_first(settings: &Settings, report: &mut Report, outgoing: &Outgoing, disk: Disk) -> Saving {
    let mut first = report.clone();
    settings.rules.scrub_report(&mut first);
    let saving = save(settings, &mut first, None, disk);
    outgoing.keep(settings, &first, saving.saved.as_ref(), disk);
    report.occurrences = first.occurrences;
    report.first_seen = first.first_seen;
    saving
}

/// Says on the standard error output what came of it.
fn save_last(settings: &Settings, report: &mut Report, first: Option<Saving>, disk: Disk) -> Option<Saved> {
    let mut notes = Vec::new();
    let saved = match first {
        None => take(save(settings, report, None, disk), &mut notes),
        Some(first) => take(first, &mut notes).and_then(|first| {
            report.notes.append(&mut notes.clone());
            take(save(settings, report, Some(first), disk), &mut notes)
        }),
    };
    for note in &mut notes {
        *note = settings.rules.scrub(note);
        print::to_stderr(&format!("{note}\n"));
    }
    if let Some(saved) = &saved {
        print::to_stderr(&format!("report saved in {}\n", saved.json.display()));
    }
    let missing: Vec<_> = notes.into_iter().filter(|note| !report.notes.contains(note)).collect();
    report.notes.extend(missing);
    saved
}

/// The page, and the draft of a mail where one is wanted.
fn save_for_people(
    settings: &Settings,
    report: &mut Report,
    saved: &Saved,
    disk: Disk,
) -> (Option<PathBuf>, Option<PathBuf>) {
    let mut save = |what, extension, make: Rendering| {
        let saved = save_beside(report, saved, extension, make, disk);
        saved.unwrap_or_else(|why| {
            let note = settings.rules.scrub(&format!("{what} is {why}"));
            print::to_stderr(&format!("{note}\n"));
            report.notes.push(note);
            None
        })
    };
    let page = save("the page", "html", Box::new(|report| render::html(report).into_bytes()));
    if settings.mail.is_empty() {
        return (page, None);
    }
    let to = settings.mail.clone();
    let draft = save("the mail draft", "eml", Box::new(|report| Draft::to(report, to).eml()));
    (page, draft)
}

/// What makes a file's content of a report.
type Rendering = Box<dyn FnOnce(&Report) -> Vec<u8> + Send>;

/// On a thread of its own, as all saving. Nothing else depends on it.
fn save_beside(
    report: &Report,
    saved: &Saved,
    extension: &'static str,
    make: Rendering,
    disk: Disk,
) -> Result<Option<PathBuf>, String> {
    let (copy, beside) = (report.clone(), saved.clone());
    isolate::guarded_or_here(disk.time().min(SAVING), move || {
        files::save_beside(&beside, extension, &make(&copy))
    })
    .unwrap_or_else(|failure| Err(format!("not saved: making it {failure}")))
}

fn take(saving: Saving, notes: &mut Vec<String>) -> Option<Saved> {
    notes.extend(saving.notes);
    saving.saved
}

/// On a thread of its own: a disk may hang.
fn save(settings: &Settings, report: &mut Report, earlier: Option<Saved>, disk: Disk) -> Saving {
    if settings.folder.is_nowhere() {
        return Saving::default();
    }
    let (wanted, mut copy) = (settings.folder.clone(), report.clone());
    let first = earlier.clone();
    let saving = isolate::guarded_or_here(disk.time(), move || {
        let saving = files::save(&mut copy, &wanted, earlier.as_ref(), disk.durable);
        (saving, copy)
    });
    match saving {
        Ok((saving, copy)) => {
            *report = copy;
            saving
        }
        Err(failure) => Saving { saved: first, notes: vec![format!("not saved: saving {failure}")] },
    }
}

fn print_whole(settings: &Settings, report: &Report) {
    if settings.quiet {
        return;
    }
    let mut style = Style::of_stderr();
    style.colors = settings.colors.unwrap_or(style.colors);
    let report = report.clone();
    let text = isolate::guarded_or_here(SAVING, move || render::body(&report, style));
    match text {
        Ok(text) => print::to_stderr(&text),
        Err(failure) => print::to_stderr(&format!("the report is not printed: making its text {failure}\n")),
    }
}

/// By the application where it has a way to do so; else, where mail is wanted, on the standard error output.
fn tell_user(settings: &Settings, reported: &Reported) {
    if settings.mail.is_empty() && settings.teller.is_none() {
        return;
    }
    let copy = reported.clone();
    let notice = isolate::guarded_or_here(SAVING, move || copy.notice());
    let notice = match notice {
        Ok(notice) => notice,
        Err(failure) => {
            return print::to_stderr(&format!(
                "what to do with the report is not told: saying it {failure}\n"
            ));
        }
    };
    let text = format!("\n{notice}");
    let Some(teller) = settings.teller.clone() else {
        return print::to_stderr(&text);
    };
    if let Err(failure) = isolate::guarded(TELLING, move || teller(&notice)) {
        print::to_stderr(&settings.rules.scrub(&format!("the application's `tell_user` {failure}\n")));
        print::to_stderr(&text);
    }
}

fn tell(settings: &Settings, reported: &Reported) {
    let until = Instant::now() + LISTENING;
    for listener in &settings.listeners {
        let (listener, reported) = (Arc::clone(listener), reported.clone());
        let limit = until.saturating_duration_since(Instant::now());
        if let Err(failure) = isolate::guarded(limit, move || listener(&reported)) {
            print::to_stderr(&settings.rules.scrub(&format!("the application's `on_report` {failure}\n")));
        }
    }
}

pub(crate) fn this_thread() -> Thread {
    let thread = thread::current();
    let id = format!("{:?}", thread.id());
    let number = id.trim_start_matches("ThreadId(").trim_end_matches(')').to_owned();
    Thread { name: thread.name().map(str::to_owned), id: number }
}

fn this_process() -> Process {
    Process {
        pid: process::id(),
        executable: env::current_exe().ok().map(|path| path.display().to_string()),
        os: env::consts::OS.to_owned(),
        arch: env::consts::ARCH.to_owned(),
        debug: cfg!(debug_assertions),
    }
}

/// Different for each report: std seeds each hasher anew.
fn fresh_id() -> String {
    let half = || RandomState::new().hash_one((SystemTime::now(), process::id()));
    format!("{:016x}{:016x}", half(), half())
}

impl From<&panic::Location<'_>> for Place {
    fn from(place: &panic::Location<'_>) -> Self {
        Self { file: place.file().to_owned(), line: place.line(), column: Some(place.column()) }
    }
}
