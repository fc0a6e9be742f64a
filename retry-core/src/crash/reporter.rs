//! How an application says which reports it wants.

use super::context::{Context, Provider};
use super::delivery::Delivery;
use super::files::Wanted;
use super::hook::{self, Installed};
use super::mail::{AddressError, Addresses};
use super::notice::Notice;
use super::print;
use super::redact::Rules;
use super::report::{App, Report};
#[cfg(feature = "sentry")]
use super::sentry::{Resending, Sentry, Silence};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is to be called with each report.
pub(crate) type Listener = Arc<dyn Fn(&Reported) + Send + Sync>;

/// What tells the user of a report.
pub(crate) type Teller = Arc<dyn Fn(&Notice) + Send + Sync>;

/// What the application wants of its reports.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    pub(crate) app: Option<App>,
    pub(crate) providers: Vec<Provider>,
    pub(crate) listeners: Vec<Listener>,
    pub(crate) folder: Wanted,
    pub(crate) mail: Addresses,
    /// What was to be mailed to, and cannot.
    pub(crate) no_addresses: Vec<AddressError>,
    pub(crate) teller: Option<Teller>,
    pub(crate) rules: Rules,
    pub(crate) colors: Option<bool>,
    pub(crate) quiet: bool,
    #[cfg(feature = "sentry")]
    pub(crate) sentry: Option<Sentry>,
    #[cfg(feature = "sentry")]
    pub(crate) resending: Arc<Resending>,
    #[cfg(feature = "sentry")]
    pub(crate) silence: Arc<Silence>,
}

/// Begins the description of a crash reporter: which reports the application wants, and where.
///
/// ```no_run
/// fn current_project() -> &'static str {
///     "apollo"
/// }
///
/// fn main() {
///     let _crash = retry_core::crash::reporter()     // each line optional
///         .app(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
///         .context(|c| { c.set("project", current_project()); })
///         .save_to_default_dir()
///         .install();
///     // the program
/// }
/// ```
///
/// Installed like that, every panic, on whatever thread, is printed with the values of the annotated frames, and saved.
/// The same in a program that looks at the outcome:
///
/// ```
/// use retry_core::crash;
///
/// let folder = std::env::temp_dir().join(format!("doc-of-reporter-{}", std::process::id()));
/// let reporter = crash::reporter().app("shop", "1.2.3").context(|c| {
///     c.set("project", "apollo").set_debug("workers", Some(4));
/// });
/// let guard = reporter.save_to(&folder).quiet().install();
///
/// let result = std::panic::catch_unwind(|| panic!("no more apples"));
///
/// assert!(result.is_err());
/// let path = crash::last_report_path().expect("the report is saved");
/// assert!(path.starts_with(&folder));
/// let text = std::fs::read_to_string(path).unwrap();
/// assert!(text.contains("no more apples") && text.contains("apollo"));
/// # drop(guard);
/// # std::fs::remove_dir_all(folder).unwrap();
/// ```
#[must_use = "a reporter does nothing until it is installed"]
pub fn reporter() -> Reporter {
    Reporter { settings: Settings::default(), folder: Where::Nowhere }
}

/// Installs a reporter with all defaults: reports are printed, and saved in the platform's folder for the data of this
/// application.
///
/// ```
/// let _crash = retry_core::crash::install();
/// ```
#[must_use = "the reporter stays until the guard is dropped: bind it, as in `let _crash = ..`"]
pub fn install() -> Guard {
    reporter().save_to_default_dir().install()
}

/// The description of a crash reporter: see [`reporter`].
#[must_use = "a reporter does nothing until it is installed"]
#[derive(Clone)]
pub struct Reporter {
    settings: Settings,
    folder: Where,
}

#[derive(Clone)]
enum Where {
    Nowhere,
    Default,
    At(PathBuf),
}

impl Reporter {
    /// The application's name and version, as reports tell them and as the folder for them is called. Without it, the
    /// folder is called like the program's file.
    pub fn app(mut self, name: impl Into<String>, version: impl Into<String>) -> Self {
        self.settings.app = Some(App { name: name.into(), version: version.into() });
        self
    }

    /// Adds a context provider: a function that is asked at each crash what else there is to know. There may be several.
    ///
    /// It runs on a thread of its own, where a panic in it is caught and noted, and has 300 ms: if it needs a lock that
    /// the crashing code holds, it is left behind, and the report is written without what it had not said by then.
    pub fn context(mut self, provider: impl Fn(&mut Context) + Send + Sync + 'static) -> Self {
        self.settings.providers.push(Arc::new(provider));
        self
    }

    /// Saves reports in the platform's folder for the data of this application, sub-folder `crashes`: on Linux
    /// `~/.local/share/<app>/crashes`.
    ///
    /// The newest 20 are kept, as JSON, as text and as a page of HTML, readable by this user alone. A crash that happens
    /// again within an hour is counted: its new report takes the place of the one before. If the folder cannot be used, a
    /// private folder among the temporary files is tried, and the report says why.
    pub fn save_to_default_dir(mut self) -> Self {
        self.folder = Where::Default;
        self
    }

    /// Saves reports in this folder, which is made if it is not there. The rest is as with
    /// [`save_to_default_dir`](Self::save_to_default_dir); files that are no reports are left alone. The folder must
    /// belong to the user that the program runs as, or to root.
    pub fn save_to(mut self, folder: impl AsRef<Path>) -> Self {
        self.folder = Where::At(folder.as_ref().to_owned());
        self
    }

    /// Saves the draft of a mail to this address beside each report, and tells the user of it on the standard error output:
    /// what happened, where the report is, and how to send it. Several addresses are given with commas between them, or one
    /// after the other.
    ///
    /// Nothing is sent, and no program is opened: that is for the user to decide, or for the application in
    /// [`tell_user`](Self::tell_user). The draft is a file beside the report's own, with the extension `eml`: see
    /// [`Draft::eml`](super::Draft::eml). Where no report can be saved, there is no draft.
    ///
    /// What is no address is left out; a line on the standard error output says so when the reporter is installed, and a
    /// note in each report.
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("doc-of-mail-{}", std::process::id()));
    /// use retry_core::crash;
    ///
    /// let _crash = crash::reporter().mail("crashes@example.org").save_to(&folder).quiet().install();
    ///
    /// let reported = crash::report(&std::fmt::Error); // a panic is no different
    /// assert!(reported.draft.expect("it is saved").exists());
    /// # std::fs::remove_dir_all(folder).unwrap();
    /// ```
    pub fn mail(mut self, to: impl AsRef<str>) -> Self {
        for address in to.as_ref().split(',') {
            match Addresses::parse(address) {
                Ok(address) => self.settings.mail.add(address),
                Err(error) => self.settings.no_addresses.push(error),
            }
        }
        self
    }

    /// Sends each report to Sentry, or to a server that speaks its protocol: to the project with this DSN, or as a
    /// [`Sentry`] says it in more detail. Without a DSN (`None`, or an empty text) nothing is sent.
    ///
    /// The report is on disk before anything is sent, in the sub-folder `sentry` of the folder of reports, which is the
    /// default one unless another is said. The crash waits 2 s for the server at most. What could not be sent stays there, and is sent
    /// in the background when the program is started again, or by `crash-reports send`; rate limits of the server are heeded.
    /// Every report is sent once, however many processes share the folder.
    ///
    /// What became of it is told by a line on the standard error output, by [`Reported::delivery`] and by
    /// [`Notice::delivery`].
    ///
    /// ```no_run
    /// let _crash = retry_core::crash::reporter()
    ///     .app(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    ///     .save_to_default_dir()
    ///     .sentry(option_env!("SENTRY_DSN"))
    ///     .install();
    /// ```
    #[cfg(feature = "sentry")]
    #[cfg_attr(docsrs, doc(cfg(feature = "sentry")))]
    pub fn sentry(mut self, sentry: impl Into<Sentry>) -> Self {
        self.settings.sentry = Some(sentry.into());
        self
    }

    /// Tells the user of each report in the application's own way, in place of the text that [`mail`](Self::mail) prints. If
    /// it is said twice, the second counts.
    ///
    /// It runs on a thread of its own, after all is saved. The crash goes on after 500 ms at the latest, and then the process
    /// usually ends, and what it shows with it: start another program that shows it, such as the user's
    /// mail program ([`Notice::open_draft`]) or your own with a dialog, or show it when the application is started
    /// again. Where it panics or is not done in time, the text is printed after all.
    ///
    /// ```no_run
    /// let _crash = retry_core::crash::reporter()
    ///     .mail("crashes@example.org")
    ///     .save_to_default_dir()
    ///     .tell_user(|notice| {
    ///         let helper = std::process::Command::new("shop-crash-dialog").arg(notice.what_happened()).spawn();
    ///         if helper.is_err() {
    ///             eprintln!("{notice}");
    ///         }
    ///     })
    ///     .install();
    /// ```
    pub fn tell_user(mut self, tell: impl Fn(&Notice) + Send + Sync + 'static) -> Self {
        self.settings.teller = Some(Arc::new(tell));
        self
    }

    /// Takes variables, fields and keys of this name for secrets, beside those that everybody means (`password`, `token`
    /// and so on). It counts as a part of a longer name too: `iban` hides `customer_iban`.
    pub fn redact(mut self, name: impl Into<String>) -> Self {
        self.settings.rules.also.push(name.into());
        self
    }

    /// Does not take variables, fields and keys of this name for secrets. It is the whole name that counts: `token` does
    /// not allow `access_token`. Case and signs between words do not matter: `api_key` is `apiKey`.
    pub fn allow(mut self, name: impl Into<String>) -> Self {
        self.settings.rules.allowed.push(name.into());
        self
    }

    /// Prints with colours, or without, whatever the terminal and the environment say.
    pub fn colors(mut self, colors: bool) -> Self {
        self.settings.colors = Some(colors);
        self
    }

    /// Prints no more than the message, where the report is saved, and, with [`mail`](Self::mail), how to send it.
    pub fn quiet(mut self) -> Self {
        self.settings.quiet = true;
        self
    }

    /// Calls this with each finished report. There may be several.
    ///
    /// ```
    /// # let (send, heard) = std::sync::mpsc::channel();
    /// # let send = std::sync::Mutex::new(send);
    /// let reporter = retry_core::crash::reporter().quiet().on_report(move |reported| {
    ///     println!("crashed: {}", reported.report.message);
    /// #   send.lock().unwrap().send(reported.report.message.clone()).unwrap();
    /// });
    /// # let _crash = reporter.install();
    /// # let _ = std::panic::catch_unwind(|| panic!("no more apples"));
    /// # assert_eq!(heard.recv().unwrap(), "no more apples");
    /// ```
    ///
    /// It runs on a thread of its own, where a panic in it is caught. The crash goes on after 150 ms at the latest, and
    /// what is not done by then is done only if the process lives on.
    pub fn on_report(mut self, listener: impl Fn(&Reported) + Send + Sync + 'static) -> Self {
        self.settings.listeners.push(Arc::new(listener));
        self
    }

    /// Installs it: from now on panics are reported, until the guard is dropped.
    ///
    /// The hook that was there before is called after each report, unless it is the one of the standard library, whose
    /// message would be the same again. A library that sets a hook later and calls ours from it gets reports as well.
    /// If several reporters are installed, the last one reports, and the others come into their own when it is dropped.
    ///
    /// Stack overflows, signals and running out of memory end a process without a panic: they are not reported.
    ///
    /// On a thread that is panicking the standard library allows no change of the hook: nothing is installed, and a line
    /// on the standard error output says so.
    pub fn install(self) -> Guard {
        let settings = self.settings();
        for error in &settings.no_addresses {
            print::to_stderr(&format!("crash reports cannot be mailed as wanted: {error}\n"));
        }
        #[cfg(feature = "sentry")]
        if let Some(error) = settings.sentry.as_ref().and_then(Sentry::fault) {
            print::to_stderr(&format!("crash reports cannot be sent as wanted: {error}\n"));
        }
        let installed = hook::install(settings);
        #[cfg(feature = "sentry")]
        if let Some(installed) = &installed {
            installed.settings.resending.start(&installed.settings);
        }
        Guard { installed }
    }

    pub(super) fn settings(self) -> Settings {
        let Self { mut settings, folder } = self;
        // What is to be sent has to be kept.
        #[cfg(feature = "sentry")]
        let folder = match folder {
            Where::Nowhere if settings.sentry.as_ref().is_some_and(|sentry| !sentry.is_off()) => {
                Where::Default
            }
            folder => folder,
        };
        let app = || settings.app.as_ref().map_or_else(program, |app| app.name.clone());
        settings.folder = match folder {
            Where::Nowhere => Wanted::Nowhere,
            Where::Default => Wanted::Default { app: app() },
            Where::At(path) => Wanted::At { path, app: app() },
        };
        // A reporter that is installed again, or twice, begins anew.
        #[cfg(feature = "sentry")]
        {
            (settings.resending, settings.silence) = (Arc::default(), Arc::default());
        }
        settings
    }
}

impl std::fmt::Debug for Reporter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reporter").field("app", &self.settings.app).finish_non_exhaustive()
    }
}

/// The name of the program's file.
fn program() -> String {
    let path = std::env::current_exe().ok();
    let name = path.as_deref().and_then(Path::file_stem).map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "app".to_owned())
}

/// Keeps a reporter installed until it is dropped.
///
/// ```
/// let crash = retry_core::crash::reporter().install();
/// // panics are reported
/// drop(crash);
/// // and now they are not
/// ```
///
/// Dropped, it puts the hook that was there before back in its place. If another hook was set since, that one stays, and
/// what it calls of ours does nothing any more. The same on a thread that is panicking.
#[must_use = "the reporter stays until the guard is dropped: bind it, as in `let _crash = ..`"]
pub struct Guard {
    /// There until the guard is dropped, if it could be installed.
    installed: Option<Arc<Installed>>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(installed) = self.installed.take() {
            #[cfg(feature = "sentry")]
            installed.settings.resending.finish(&installed.settings);
            hook::uninstall(installed);
        }
    }
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guard").finish_non_exhaustive()
    }
}

/// A report, and where it is.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Reported {
    /// What it says.
    pub report: Report,
    /// The JSON file, if it was saved; the same as text is beside it (`.txt`).
    pub path: Option<PathBuf>,
    /// The page for the browser, if it was saved.
    pub page: Option<PathBuf>,
    /// The draft of a mail with it, if one was wanted and saved.
    pub draft: Option<PathBuf>,
    /// What became of sending it, if it was to be sent.
    pub delivery: Option<Delivery>,
    pub(super) addresses: Addresses,
}

impl Reported {
    /// What to tell the user of it.
    ///
    /// ```
    /// let reported = retry_core::crash::report(&std::fmt::Error);
    /// println!("{}", reported.notice());
    /// ```
    #[must_use]
    pub fn notice(&self) -> Notice {
        Notice::of(self)
    }
}
