//! What the children do.

use super::run;
use crate::crash::feed::Code::{Plain, Users};
use crate::crash::feed::{feed, feed_with_limit};
use crate::crash::{self, Guard};
use std::cell::RefCell;
use std::error::Error;
use std::fmt::{self, Debug, Display, Formatter, Write};
use std::panic::{self, catch_unwind};
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Barrier, Mutex};
use std::time::Duration;
use std::{io, thread};

/// Not a test: it is the child.
#[test]
#[ignore = "is run as a child by the tests beside it"]
fn crash() {
    let Some(scenario) = run::scenario() else { return };
    play(&scenario);
}

#[allow(clippy::too_many_lines)] // A table.
fn play(scenario: &str) {
    match scenario {
        // values
        "a value" => panics_with(Box::new(Ok(()).map(|()| "all is well") as Result<_, ()>)),
        "a message of ten megabytes" => {
            let _crash = reporter();
            panic!("{}", "x y ".repeat(2_500_000));
        }
        "a Debug that panics" => panics_with(shows(|_| panic!("the {} is broken", "Debug"))),
        "a Debug that panics half way" => panics_with(shows(|f| {
            f.write_str("half of it")?;
            panic!("here")
        })),
        "a Debug that loops" => panics_with(shows(|f| {
            f.write_str("before")?;
            loop {
                std::hint::black_box(0);
            }
        })),
        "a Debug that sleeps" => panics_with(shows(|_| {
            thread::sleep(Duration::from_mins(1));
            Ok(())
        })),
        "ten Debugs that sleep" => {
            let sleeps = |name| (name, Users, shows(|_| sleep_long()));
            let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
            feed(names.into_iter().map(sleeps).collect());
            let _crash = reporter();
            panic!("with ten of them");
        }
        "a cycle" => {
            let node = Rc::new(Node(RefCell::default()));
            node.0.borrow_mut().push(Rc::clone(&node));
            panics_with(Box::new(node));
        }
        "a stack overflow" => panics_with(shows(|_| {
            std::hint::black_box(recurse(1));
            Ok(())
        })),
        "ten megabytes" => panics_with(Box::new("x".repeat(10 << 20))),
        "a Debug that ignores errors" => panics_with(shows(|f| {
            loop {
                let _ = f.write_str("on and on ");
            }
        })),
        "a Debug that unwraps errors" => panics_with(shows(|f| {
            loop {
                f.write_str("on and on ").unwrap();
            }
        })),
        "a Debug that allocates" => panics_with(shows(|_| {
            let mut all = Vec::new();
            loop {
                all.push(vec![0_u8; 16 << 20]);
            }
        })),
        "a Debug that exits" => panics_with(shows(|_| std::process::exit(3))),
        "a Debug that prints" => panics_with(shows(|f| {
            println!("to the standard output");
            eprintln!("to the standard error output");
            f.write_str("printed")
        })),
        "a Debug with an effect" => {
            static SHOWN: AtomicU32 = AtomicU32::new(0);
            feed(vec![(
                "culprit",
                Users,
                shows(|f| write!(f, "shown {} times", SHOWN.fetch_add(1, Ordering::Relaxed))),
            )]);
            let _crash = reporter();
            for _ in 0..2 {
                let _ = catch_unwind(|| panic!("twice"));
            }
        }
        "a Debug that reports" => panics_with(shows(|f| {
            let reported = crash::report(&io::Error::other("from within"));
            f.write_str(&reported.report.message)
        })),
        // context
        "providers" => {
            let reporter = crash::reporter().app("shop", "1.2.3").context(|c| {
                c.set("before", "it panics");
                panic!("no context today");
            });
            let reporter = reporter.context(|c| {
                c.set("before it hangs", 1).set_debug("in quotes", "a");
                sleep_long().unwrap();
            });
            let _crash = saving(reporter.context(|c| {
                c.set("last", "but not least");
            }));
            panic!("with providers");
        }
        "a provider that needs a lock" => {
            static LOCK: Mutex<u32> = Mutex::new(0);
            let _crash = saving(crash::reporter().context(|c| {
                c.set("locked", *LOCK.lock().unwrap());
            }));
            let _held = LOCK.lock().unwrap();
            panic!("while it holds the lock");
        }
        "a listener" => {
            let reporter = crash::reporter().on_report(|reported| {
                let path = reported.path.as_ref().unwrap();
                println!("{}", path.exists());
                crash::print::to_stderr(&format!("heard of: {}\n", reported.report.message));
            });
            let reporter = reporter.on_report(|_| panic!("not listening"));
            let reporter = reporter.on_report(|reported| {
                crash::report(&io::Error::other(reported.report.message.clone()));
            });
            let _crash = saving(reporter.on_report(|_| sleep_long().unwrap()));
            panic!("heard");
        }
        // mail
        "mail" => {
            let _crash = saving(mailing());
            panic!("to be mailed");
        }
        "mail in silence" => {
            let _crash = saving(mailing().quiet());
            panic!("to be mailed");
        }
        "mail in a loop" => {
            let _crash = saving(mailing().quiet());
            for _ in 0..10 {
                let _ = catch_unwind(|| panic!("to be mailed"));
            }
        }
        "mail of many crashes" => {
            let _crash = saving(mailing().quiet());
            for number in 0..25 {
                let _ = catch_unwind(|| panic!("{}", "different ".repeat(number)));
            }
        }
        "mail to nobody" => {
            let _crash = saving(crash::reporter().mail("nobody").mail("x, crashes@example.org"));
            panic!("to be mailed");
        }
        "mail and no folder" => {
            let _crash = mailing().install();
            panic!("to be mailed");
        }
        "mail and small files" => {
            use nix::sys::resource::{Resource, setrlimit};
            let _crash = saving(mailing());
            // The report fits, the draft with two of it does not.
            setrlimit(Resource::RLIMIT_FSIZE, 32 << 10, 32 << 10).unwrap();
            panic!("{}", "long ".repeat(4000));
        }
        "a long mail" => {
            let _crash = saving(mailing());
            panic!("{}", "long ".repeat(4000));
        }
        "the application tells" => {
            let reporter = mailing().tell_user(|_| panic!("never asked")).tell_user(|notice| {
                let draft = notice.draft.as_ref().unwrap();
                crash::print::to_stderr(&format!("told: {} {}\n", notice.what_happened(), draft.exists()));
            });
            let reporter = reporter.on_report(|reported| {
                crash::print::to_stderr(&format!("heard: {:?}\n", reported.draft == reported.notice().draft));
            });
            let _crash = saving(reporter);
            panic!("in its own words");
        }
        "the application tells without mail" => {
            let _crash = saving(crash::reporter().tell_user(|notice| {
                crash::print::to_stderr(&format!("told: {:?} {:?}\n", notice.draft, notice.mailto));
            }));
            panic!("in its own words");
        }
        "the application panics when it tells" => {
            let _crash = saving(mailing().tell_user(|_| panic!("speechless")));
            panic!("in its own words");
        }
        "the application hangs when it tells" => {
            let _crash = saving(mailing().tell_user(|_| sleep_long().unwrap()));
            panic!("in its own words");
        }
        "the application opens the draft" => {
            let _crash = saving(mailing().tell_user(|notice| {
                let opened = notice.open_draft().map_err(|error| error.to_string());
                crash::print::to_stderr(&format!("opened: {opened:?}\n"));
            }));
            panic!("to be mailed");
        }
        "the application opens the page" => {
            let _crash = saving(crash::reporter().tell_user(|notice| {
                let opened = notice.open_page().map_err(|error| error.to_string());
                crash::print::to_stderr(&format!("opened: {opened:?}\n"));
            }));
            panic!("to be looked at");
        }
        "the application opens the link" => {
            let _crash = saving(mailing().tell_user(|notice| {
                let opened = notice.open_mailto().map_err(|error| error.to_string());
                crash::print::to_stderr(&format!("opened: {opened:?}\n"));
            }));
            panic!("to be mailed");
        }
        // panics
        "a panic" => {
            let _crash = reporter();
            panic!("as plain as {}", "can be");
        }
        "a thread" => {
            let _crash = reporter();
            let thread = thread::Builder::new().name("worker".into());
            thread.spawn(|| panic!("on a thread")).unwrap().join().unwrap();
        }
        "fifty threads" => {
            let _crash = reporter();
            let together = Barrier::new(50);
            thread::scope(|scope| {
                for number in 0..50 {
                    let together = &together;
                    scope.spawn(move || {
                        feed(vec![("number", Plain, Box::new(number)), ("users", Users, Box::new(number))]);
                        together.wait();
                        catch_unwind(|| panic!("thread number {number} of 50"))
                    });
                }
            });
        }
        "panic_any" => {
            let _crash = reporter();
            panic::panic_any(42_i32);
        }
        "panic_any of no known type" => {
            let _crash = reporter();
            panic::panic_any(vec![42_i32]);
        }
        "resume_unwind" => {
            let _crash = reporter();
            panic::resume_unwind(Box::new("resumed"));
        }
        "a thread-local's destructor" => {
            let _crash = reporter();
            let _ = thread::spawn(|| LATE.with(|_| ())).join();
        }
        "before install" => {
            let _ = catch_unwind(|| panic!("too early"));
            let _crash = reporter();
        }
        "after the guard" => {
            drop(reporter());
            panic!("too late");
        }
        "an escaping Drop panic" => {
            let _crash = reporter();
            let _bomb = Bomb;
            panic!("the first");
        }
        "a caught Drop panic" => {
            let _crash = reporter();
            let _ = catch_unwind(|| {
                let _bomb = CaughtBomb;
                panic!("the first");
            });
        }
        "extern C" => {
            let _crash = reporter();
            no_unwind();
        }
        "caught" => {
            let _crash = reporter();
            let _ = catch_unwind(|| panic!("caught"));
        }
        "a lock of stderr" => {
            let _crash = reporter();
            let _lock = io::stderr().lock();
            panic!("while writing");
        }
        "another thread's lock of stderr" => {
            let _crash = reporter();
            let (locked, is_locked) = std::sync::mpsc::channel();
            thread::spawn(move || {
                let _lock = io::stderr().lock();
                locked.send(()).unwrap();
                sleep_long()
            });
            is_locked.recv().unwrap();
            let _ = catch_unwind(|| panic!("locked out"));
            // libtest prints too.
            std::process::exit(0);
        }
        // hooks
        "an earlier hook" => {
            panic::set_hook(Box::new(|info| crash::print::to_stderr(&format!("earlier: {info}\n"))));
            let crash = reporter();
            let _ = catch_unwind(|| panic!("one"));
            drop(crash);
            let _ = catch_unwind(|| panic!("two"));
        }
        "a later hook" => {
            let crash = reporter();
            let ours = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                crash::print::to_stderr("later\n");
                ours(info);
            }));
            let _ = catch_unwind(|| panic!("one"));
            drop(crash);
            let _ = catch_unwind(|| panic!("two"));
        }
        "two guards" => {
            let first = reporter();
            let second = saving(crash::reporter().app("second", "2"));
            let _ = catch_unwind(|| panic!("both"));
            drop(first);
            let _ = catch_unwind(|| panic!("the second alone"));
            drop(second);
            let _ = catch_unwind(|| panic!("none"));
        }
        "a guard within another's time" => {
            let first = reporter();
            drop(saving(crash::reporter().app("second", "2")));
            let _ = catch_unwind(|| panic!("the first again"));
            drop(first);
            let _ = catch_unwind(|| panic!("none"));
        }
        "installed while panicking" => {
            struct Installs;
            impl Drop for Installs {
                fn drop(&mut self) {
                    drop(reporter());
                }
            }
            let _installs = Installs;
            panic!("on its way");
        }
        "the guard dropped while panicking" => {
            let _ = catch_unwind(|| {
                let _crash = reporter();
                panic!("one");
            });
            let _ = catch_unwind(|| panic!("two"));
            let _crash = reporter();
            let _ = catch_unwind(|| panic!("three"));
        }
        "installed everywhere" => {
            thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| (0..200).for_each(|_| drop(crash::reporter().install())));
                }
            });
            let _ = catch_unwind(|| panic!("std again"));
            let _crash = reporter();
            panic!("ours");
        }
        // files
        "the default folder" => {
            let _crash = crash::reporter().app("My Shop", "1").save_to_default_dir().install();
            panic!("to the default folder");
        }
        "all defaults" => {
            let _crash = crash::install();
            panic!("to the default folder");
        }
        "a crash loop" => {
            let _crash = reporter();
            for _ in 0..100 {
                let _ = catch_unwind(|| panic!("the same"));
            }
        }
        "thirty crashes" => {
            let _crash = reporter();
            for number in 0..30 {
                let _ = catch_unwind(|| panic!("{}", "different ".repeat(number)));
            }
        }
        "a file-size limit" => {
            use nix::sys::resource::{Resource, setrlimit};
            let _crash = reporter();
            setrlimit(Resource::RLIMIT_FSIZE, 10, 10).unwrap();
            panic!("no file is small enough");
        }
        "no more threads" => {
            use nix::sys::resource::{Resource, setrlimit};
            let _crash = saving(crash::reporter().context(|c| {
                c.set("never", "asked");
            }));
            feed(vec![("value", Users, Box::new(1))]);
            // As no other user has so many processes, and root heeds no such limit, the stacks are what is missing.
            setrlimit(Resource::RLIMIT_NPROC, 0, 0).unwrap();
            setrlimit(Resource::RLIMIT_AS, 1 << 20, 1 << 20).unwrap();
            panic!("out of everything");
        }
        "secrets" => {
            let reporter = crash::reporter().redact("culprit");
            let _crash = saving(reporter);
            feed(vec![("culprit", Users, Box::new("hidden"))]);
            panic!("with a secret");
        }
        "quiet" => {
            let _crash = saving(crash::reporter().quiet());
            panic!("in silence");
        }
        "stderr closed" => {
            let _crash = reporter();
            feed(vec![("value", Users, Box::new(1))]);
            nix::unistd::close(2).unwrap();
            panic!("nobody hears it");
        }
        // errors
        "an error" => {
            let _crash = reporter();
            let inner = Failed("the disk is full", None);
            let outer = Failed("the order is not saved", Some(Box::new(inner)));
            let reported = crash::report(&outer);
            assert_eq!(reported.path, crash::last_report_path());
        }
        "an error with no reporter" => {
            let reported = crash::report(&Failed("alone", None));
            assert_eq!(reported.path, None);
        }
        "an error that panics" => {
            let _crash = reporter();
            crash::report(&Failed("panic", None));
        }
        "an error that is its own cause" => {
            let _crash = reporter();
            crash::report(&Ouroboros);
        }
        other => unreachable!("no such scenario: {other}"),
    }
}

fn reporter() -> Option<Guard> {
    saving(crash::reporter().app("shop", "1.2.3"))
}

fn mailing() -> crash::Reporter {
    crash::reporter().app("shop", "1.2.3").mail("crashes@example.org")
}

/// None at all in a child that is to show how it would be without.
fn saving(reporter: crash::Reporter) -> Option<Guard> {
    run::folder().map(|folder| reporter.save_to(folder).install())
}

/// With one before it and one after it, which are to be shown whatever becomes of it.
fn panics_with(culprit: Box<dyn Debug>) {
    let limit = 1000;
    let values = vec![
        ("plain", Plain, Box::new(1) as Box<dyn Debug>),
        ("before", Users, Box::new("a")),
        ("culprit", Users, culprit),
        ("after", Users, Box::new("z")),
    ];
    feed_with_limit(values, limit);
    let _crash = reporter();
    panic!("with a value");
}

#[allow(clippy::unnecessary_wraps)] // As a `Debug` has it.
fn sleep_long() -> fmt::Result {
    thread::sleep(Duration::from_mins(1));
    Ok(())
}

fn shows(code: impl Fn(&mut Formatter<'_>) -> fmt::Result + 'static) -> Box<dyn Debug> {
    Box::new(Shows(code))
}

struct Shows<F>(F);

impl<F: Fn(&mut Formatter<'_>) -> fmt::Result> Debug for Shows<F> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        (self.0)(f)
    }
}

#[derive(Debug)]
struct Node(RefCell<Vec<Rc<Node>>>);

#[allow(unconditional_recursion)]
fn recurse(depth: u64) -> u64 {
    let room = std::hint::black_box([depth; 64]);
    recurse(depth + 1) + room[3]
}

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("the second");
    }
}

struct CaughtBomb;

impl Drop for CaughtBomb {
    fn drop(&mut self) {
        let _ = catch_unwind(|| panic!("the second"));
    }
}

struct Late;

impl Drop for Late {
    fn drop(&mut self) {
        feed(vec![("value", Users, Box::new("shown"))]);
        panic!("at the very end");
    }
}

thread_local! {
    static LATE: Late = const { Late };
}

extern "C" fn no_unwind() {
    panic!("towards C");
}

#[derive(Debug)]
struct Failed(&'static str, Option<Box<Failed>>);

impl Display for Failed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        assert_ne!(self.0, "panic", "an error that cannot be shown");
        f.write_str(self.0)
    }
}

impl Error for Failed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_deref().map(|error| error as _)
    }
}

#[derive(Debug)]
struct Ouroboros;

impl Display for Ouroboros {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('O')
    }
}

impl Error for Ouroboros {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self)
    }
}
