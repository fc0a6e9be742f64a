//! Values shown in a child that is forked from the crashing thread.
//!
//! The child has the memory as it was at the crash, and a copy only: what it hangs in, panics in, overflows or
//! overwrites is lost with it. It writes what it shows into a pipe, value by value, so that whatever comes before the
//! one that kills it is there; another child then goes on after that one.
#![allow(unsafe_code)]

use super::thread::message_of;
use super::{Budget, Task};
use crate::crash::bounded::{Bounded, Sink};
use crate::crash::mark::{self, Mark};
use crate::crash::report::Shown;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::{SigSet, Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, alarm, fork};
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::fd::{AsFd, AsRawFd};
use std::panic::{self, AssertUnwindSafe};
use std::time::{Duration, Instant};

/// How many children may be lost to values that kill them.
const CHILDREN: usize = 8;
/// How much more memory than the process had a child may take.
const MEMORY: u64 = 256 << 20;
/// How much of a child's standard error output is looked at.
const COMPLAINT: usize = 4096;

pub(super) fn show(tasks: &[Task<'_>], budget: Budget) -> Vec<Shown> {
    let mut answers: Vec<Answer> = tasks.iter().map(|_| Answer::default()).collect();
    let mut next = 0;
    for _ in 0..CHILDREN {
        if next >= tasks.len() || Instant::now() >= budget.until {
            break;
        }
        match Child::start(tasks, next) {
            Ok(child) => next = child.read(tasks, next, &mut answers, budget),
            Err(error) => {
                let why = format!("not shown, as no process could be made to show it in: {error}");
                answers.iter_mut().skip(next).for_each(|answer| answer.fail(why.clone()));
                break;
            }
        }
    }
    let left = if Instant::now() >= budget.until {
        "not shown: the time for showing values was used up before"
    } else {
        "not shown: too many values before it failed"
    };
    answers.into_iter().map(|answer| answer.into_shown(left)).collect()
}

/// What is known of one value so far.
#[derive(Default)]
struct Answer {
    text: Vec<u8>,
    cut: bool,
    end: Option<Result<(), String>>,
}

impl Answer {
    fn fail(&mut self, why: String) {
        self.end.get_or_insert(Err(why));
    }

    fn into_shown(self, left: &str) -> Shown {
        let text = String::from_utf8_lossy(&self.text).into_owned();
        match self.end {
            // All that was asked for is there, whatever became of the rest.
            _ if self.cut => Shown::Value { text, cut: true },
            Some(Ok(())) => Shown::Value { text, cut: false },
            Some(Err(why)) => Shown::Failed { why, text },
            None => Shown::Failed { why: left.to_owned(), text },
        }
    }
}

/// What a message of the child's is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Topic {
    /// A piece of the value's text.
    Text = b't' as isize,
    /// The limit was reached: no more text will come.
    Cut = b'c' as isize,
    /// It is shown.
    End = b'e' as isize,
    /// It failed, in these words.
    Failed = b'f' as isize,
}

impl Topic {
    fn of(byte: u8) -> Option<Self> {
        [Self::Text, Self::Cut, Self::End, Self::Failed].into_iter().find(|topic| topic.byte() == byte)
    }

    fn byte(self) -> u8 {
        self as u8
    }
}

/// A topic and the length of the text that follows.
const HEAD: usize = 5;

// ---- the parent ----

struct Child {
    pid: Pid,
    results: PipeReader,
    complaints: PipeReader,
}

impl Child {
    fn start(tasks: &[Task<'_>], first: usize) -> io::Result<Self> {
        let (results, results_in) = pipe_above_stdio()?;
        let (complaints, complaints_in) = pipe_above_stdio()?;
        // SAFETY: `fork` in a process with several threads leaves the child with locks that nobody will release, so
        // it must not wait for one for ever. The child runs nothing but `show_in_child`, which never returns; it may
        // well wait for such a lock (an allocator that does not watch for forks), and is then killed by the parent at
        // its deadline, or by the alarm that it sets first. The C libraries of the supported systems keep their
        // allocators' locks usable across it. No memory is shared with the parent that is not shared with other
        // processes already.
        match unsafe { fork() }? {
            ForkResult::Child => {
                drop((results, complaints));
                show_in_child(tasks, first, results_in, &complaints_in)
            }
            ForkResult::Parent { child } => Ok(Self { pid: child, results, complaints }),
        }
    }

    /// Takes the answers until there are no more; says with which value to go on.
    fn read(mut self, tasks: &[Task<'_>], first: usize, answers: &mut [Answer], budget: Budget) -> usize {
        let mut inbox = Inbox { current: first, bytes: Vec::new() };
        let mut complaint = Vec::new();
        let mut value_until = Instant::now() + budget.each;
        let gone = loop {
            if inbox.current >= tasks.len() {
                break Gone::Done;
            }
            let until = value_until.min(budget.until);
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break Gone::TooLong(if until == value_until { Some(budget.each) } else { None });
            }
            // In slices, as another process may hold the pipe open by accident after the child's end.
            self.wait(left.min(Duration::from_millis(20)), &mut complaint);
            let ended = self.ended();
            let before = inbox.current;
            let open = self.receive(&mut inbox, answers);
            if inbox.current != before {
                value_until = Instant::now() + budget.each;
            }
            if (ended.is_some() || !open) && inbox.current < tasks.len() {
                break Gone::Died(ended.or_else(|| self.reap()));
            }
        };
        while self.drain_complaint(&mut complaint) {}
        if !matches!(gone, Gone::Died(Some(_))) {
            let _ = kill(self.pid, Signal::SIGKILL);
            self.reap();
        }
        if let (Some(answer), Some(task)) = (answers.get_mut(inbox.current), tasks.get(inbox.current)) {
            answer.fail(gone.describe(task.what, &String::from_utf8_lossy(&complaint)));
        }
        inbox.current + 1
    }

    /// Until there is something to read. What the child complains of is read here.
    fn wait(&mut self, at_most: Duration, complaint: &mut Vec<u8>) {
        let mut pipes =
            [self.results.as_fd(), self.complaints.as_fd()].map(|fd| PollFd::new(fd, PollFlags::POLLIN));
        let wait = PollTimeout::try_from(at_most + Duration::from_millis(1)).unwrap_or(PollTimeout::ZERO);
        let _ = poll(&mut pipes, wait);
        let closed =
            |pipe: &PollFd<'_>| pipe.revents().is_some_and(|events| events.contains(PollFlags::POLLHUP));
        if closed(&pipes[1]) && !closed(&pipes[0]) {
            // The child closed it: do not spin on it.
            std::thread::sleep(Duration::from_millis(1));
        }
        self.drain_complaint(complaint);
    }

    /// Whether there was something.
    fn drain_complaint(&mut self, complaint: &mut Vec<u8>) -> bool {
        let mut buffer = [0; 1024];
        let read = if is_readable(&self.complaints) { self.complaints.read(&mut buffer) } else { Ok(0) };
        let Some(new) = read.ok().and_then(|length| buffer.get(..length)) else { return false };
        let room = COMPLAINT.saturating_sub(complaint.len());
        complaint.extend_from_slice(new.get(..room).unwrap_or(new));
        !new.is_empty() && room > 0
    }

    /// Takes what is there; whether more may come.
    fn receive(&mut self, inbox: &mut Inbox, answers: &mut [Answer]) -> bool {
        let mut buffer = [0; 4096];
        while is_readable(&self.results) {
            match self.results.read(&mut buffer) {
                Ok(0) => return false,
                Ok(length) => inbox.take(buffer.get(..length).unwrap_or_default(), answers),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return false,
            }
        }
        true
    }

    fn ended(&self) -> Option<WaitStatus> {
        match waitpid(self.pid, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::StillAlive) => None,
            Ok(status) => Some(status),
            // Somebody waits for every child of the process, or has told the system to forget them.
            Err(Errno::ECHILD) => Some(WaitStatus::StillAlive),
            Err(_) => None,
        }
    }

    /// Waits for its end, which is near; if it is not, it stays a zombie until the process ends.
    fn reap(&self) -> Option<WaitStatus> {
        for _ in 0..100 {
            if let Some(status) = self.ended() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        None
    }
}

fn is_readable(pipe: &PipeReader) -> bool {
    let mut pipes = [PollFd::new(pipe.as_fd(), PollFlags::POLLIN)];
    poll(&mut pipes, PollTimeout::ZERO).is_ok_and(|ready| ready > 0)
}

/// A pipe that the child's standard streams do not take the place of, in a process that closed some of its own.
fn pipe_above_stdio() -> io::Result<(PipeReader, PipeWriter)> {
    let mut below = Vec::new();
    loop {
        let pipe = io::pipe()?;
        if pipe.0.as_raw_fd() > 2 && pipe.1.as_raw_fd() > 2 {
            return Ok(pipe);
        }
        below.push(pipe);
    }
}

/// What came through the pipe.
struct Inbox {
    /// The value that the next message is about.
    current: usize,
    bytes: Vec<u8>,
}

impl Inbox {
    fn take(&mut self, bytes: &[u8], answers: &mut [Answer]) {
        self.bytes.extend_from_slice(bytes);
        let mut rest = self.bytes.as_slice();
        while let Some(([topic, length @ ..], after)) = rest.split_first_chunk::<HEAD>() {
            let Some((text, after)) = after.split_at_checked(u32::from_le_bytes(*length) as usize) else {
                break;
            };
            if let (Some(topic), Some(answer)) = (Topic::of(*topic), answers.get_mut(self.current)) {
                match topic {
                    Topic::Text => answer.text.extend_from_slice(text),
                    Topic::Cut => answer.cut = true,
                    Topic::End => answer.end = Some(Ok(())),
                    Topic::Failed => answer.fail(String::from_utf8_lossy(text).into_owned()),
                }
                if matches!(topic, Topic::End | Topic::Failed) {
                    self.current += 1;
                }
            }
            rest = after;
        }
        self.bytes = rest.to_vec();
    }
}

/// How it ended with a child.
enum Gone {
    /// It showed all.
    Done,
    /// One value took longer than this, or all together too long.
    TooLong(Option<Duration>),
    /// It died in a value.
    Died(Option<WaitStatus>),
}

impl Gone {
    fn describe(&self, what: &str, complaint: &str) -> String {
        match self {
            Self::Done => String::new(),
            Self::TooLong(Some(limit)) => format!("{what} took longer than {} ms", limit.as_millis()),
            Self::TooLong(None) => {
                format!("{what} was still running when the time for all values was used up")
            }
            Self::Died(_) if complaint.contains("has overflowed its stack") => {
                format!("{what} crashed (stack overflow)")
            }
            Self::Died(_) if complaint.contains("memory allocation of ") => {
                format!("{what} took more than {} MiB of memory", MEMORY >> 20)
            }
            Self::Died(_) if complaint.contains("panicked at ") => {
                format!("{what} panicked{}", panic_in(complaint))
            }
            Self::Died(Some(WaitStatus::Exited(_, code))) => {
                format!("{what} ended the process with exit code {code}")
            }
            Self::Died(Some(WaitStatus::Signaled(_, Signal::SIGXCPU | Signal::SIGALRM, _))) => {
                format!("{what} took too long")
            }
            Self::Died(Some(WaitStatus::Signaled(_, signal, _))) => format!("{what} crashed ({signal})"),
            Self::Died(_) => format!("{what} crashed"),
        }
    }
}

/// The place and, where std tells it, the message of a panic inside the hook, which aborts: std has
/// `panicked at <place>:\n<message>\nthread panicked while processing panic. aborting.`
fn panic_in(complaint: &str) -> String {
    let Some((_, told)) = complaint.rsplit_once("panicked at ") else { return String::new() };
    let mut lines = told.lines();
    let place = lines.next().unwrap_or_default().trim_end_matches(':');
    let message = lines.take_while(|line| !line.starts_with("thread panicked while"));
    let message = message.collect::<Vec<_>>().join("\n");
    if message.trim().is_empty() {
        format!(" at {place}")
    } else {
        format!(": {}, at {place}", message.trim())
    }
}

// ---- the child ----

fn show_in_child(tasks: &[Task<'_>], first: usize, results: PipeWriter, complaints: &PipeWriter) -> ! {
    mark::set(Mark::Child);
    restrain(complaints);
    make_panics_catchable();
    let mut outbox = Outbox(results);
    for task in tasks.iter().skip(first) {
        let (end, why) = show_one(task, &mut outbox);
        outbox.send(end, &why);
    }
    leave()
}

fn show_one(task: &Task<'_>, outbox: &mut Outbox) -> (Topic, String) {
    let mut bounded = Bounded::new(outbox, task.limit);
    let shown = panic::catch_unwind(AssertUnwindSafe(|| (task.write)(&mut bounded)));
    // What comes of an error after the cut comes of our having answered with it.
    let cut = bounded.was_cut();
    match shown {
        _ if cut => (Topic::End, String::new()),
        Ok(Ok(())) => (Topic::End, String::new()),
        Ok(Err(_)) => (Topic::Failed, format!("{} returned an error", task.what)),
        Err(payload) => {
            let why = format!("{} panicked: {}", task.what, message_of(&*payload));
            // Dropping it may run user code, which may panic.
            std::mem::forget(payload);
            (Topic::Failed, why)
        }
    }
}

/// Where the child's messages go.
struct Outbox(PipeWriter);

impl Outbox {
    fn send(&mut self, topic: Topic, text: &str) {
        let length = u32::try_from(text.len()).unwrap_or(0);
        let mut message = vec![topic.byte()];
        message.extend_from_slice(&length.to_le_bytes());
        message.extend_from_slice(text.as_bytes());
        if self.0.write_all(&message).is_err() {
            // Nobody reads any more.
            leave();
        }
    }
}

impl Sink for Outbox {
    fn take(&mut self, piece: &str) {
        self.send(Topic::Text, piece);
    }

    fn cut(&mut self) {
        self.send(Topic::Cut, "");
    }

    fn ignored(&mut self) {
        leave();
    }
}

/// Sees to it that the child can neither be seen nor stay. Each of these may fail, and the parent's deadline remains.
fn restrain(complaints: &PipeWriter) {
    let _ = nix::unistd::dup2_stderr(complaints);
    if let Ok(null) = std::fs::File::options().read(true).write(true).open("/dev/null") {
        let _ = nix::unistd::dup2_stdin(&null);
        let _ = nix::unistd::dup2_stdout(&null);
    }
    let _ = setrlimit(Resource::RLIMIT_CORE, 0, 0);
    let _ = setrlimit(Resource::RLIMIT_CPU, 2, 3);
    limit_memory();
    #[cfg(target_os = "linux")]
    {
        // A core dump that is piped to a program heeds no limit.
        let _ = nix::sys::prctl::set_dumpable(false);
        let _ = nix::sys::prctl::set_pdeathsig(Signal::SIGKILL);
    }
    let _ = SigSet::from(Signal::SIGALRM).thread_unblock();
    alarm::set(3);
}

#[cfg(target_os = "linux")]
fn limit_memory() {
    let pages = |statm: String| statm.split(' ').next().and_then(|size| size.parse::<u64>().ok());
    let page = nix::unistd::sysconf(nix::unistd::SysconfVar::PAGE_SIZE).ok().flatten();
    let page = page.and_then(|size| u64::try_from(size).ok()).unwrap_or(4096);
    if let Some(pages) = std::fs::read_to_string("/proc/self/statm").ok().and_then(pages) {
        let most = pages.saturating_mul(page).saturating_add(MEMORY);
        let _ = setrlimit(Resource::RLIMIT_AS, most, most);
    }
}

#[cfg(not(target_os = "linux"))]
fn limit_memory() {}

/// std aborts at a panic inside the panic hook. Its count of panics is taken back, in the child alone, by catching one
/// that runs no hook: `Debug`s can then be caught one by one. Should a later std see it differently, it still aborts the
/// child, and the parent tells the panic from the child's last words.
fn make_panics_catchable() {
    if cfg!(panic = "unwind") && std::thread::panicking() {
        let _ = panic::catch_unwind(|| panic::resume_unwind(Box::new(())));
    }
}

/// At once: no exit handler runs, and nothing is flushed a second time.
fn leave() -> ! {
    let _ = kill(Pid::this(), Signal::SIGKILL);
    std::process::abort()
}
