//! What the debuggers are told: which process, which of its threads, which frame.
//!
//! A thread is known by its stack pointer, which all systems and debuggers have; a frame by the address that the report has
//! of it. gdb is told without Python, which not every gdb has, by expressions that are evaluated in each thread and in each
//! frame; lldb has no other way than Python.

use crate::crash::frames;
use crate::crash::report::Report;
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process;

/// With this exit code gdb ends where it may not look into the process; lldb says so, and stays.
pub(super) const NOT_ATTACHED: i32 = 83;

/// What the crashing thread has on its stack below the address that is known, at most: the way from there to the system call
/// in which it waits.
const WAITING: usize = 8 << 10;
/// How many frames the function at fault is below the one that waits, at most.
const DEEPEST: usize = 200;

/// Debuggers that understand the same commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Gdb,
    Lldb,
}

/// What to look at.
pub(super) struct Target {
    /// Where the crashing thread has its stack.
    pub(super) stack: usize,
    pub(super) frame: Option<FrameAtFault>,
}

/// The newest frame that is the application's own.
pub(super) struct FrameAtFault {
    pub(super) address: usize,
    /// How many functions that are inlined there are newer than it.
    pub(super) inlined: usize,
}

impl Target {
    pub(super) fn new(report: &Report, stack: usize) -> Self {
        let frames = || report.frames.iter().rev().filter(|frame| frame.address.is_some());
        let frame = frames().find(|frame| frame.is_own()).or_else(|| frames().next()).and_then(|frame| {
            let address = frame.address.as_deref()?.strip_prefix("0x")?;
            let address = usize::from_str_radix(address, 16).ok()?;
            Some(FrameAtFault { address, inlined: frames::inlined_in(&frame.function, address) })
        });
        Self { stack, frame }
    }
}

impl Family {
    /// By the program's name: all that are no lldb take what gdb takes.
    pub(super) fn of(program: &OsStr) -> Self {
        let name = Path::new(program).file_name().unwrap_or(program).to_string_lossy();
        if name.contains("lldb") { Self::Lldb } else { Self::Gdb }
    }

    /// For those who meet it for the first time.
    pub(super) fn help(self) -> &'static str {
        match self {
            Self::Gdb => {
                "`bt` shows the stack, `up` and `down` go along it, `info locals` and `print NAME` show values, \
                 `quit` leaves it"
            }
            Self::Lldb => {
                "`bt` shows the stack, `up` and `down` go along it, `frame variable` shows values, `quit` leaves it"
            }
        }
    }

    pub(super) fn arguments(self, target: &Target) -> Vec<OsString> {
        let mut arguments = vec!["-p".into(), process::id().to_string().into()];
        let (option, commands) = match self {
            Self::Gdb => {
                arguments.push("-q".into());
                ("-ex", for_gdb(target))
            }
            Self::Lldb => ("-o", for_lldb(target)),
        };
        arguments.extend(commands.into_iter().flat_map(|command| [option.into(), command.into()]));
        arguments
    }
}

fn for_gdb(target: &Target) -> Vec<String> {
    let mut commands = vec![
        // An expression in Rust does not compare a register with a number.
        "set language c".to_owned(),
        "set $retry_pagination = $_gdb_setting_str(\"pagination\")".to_owned(),
        "set pagination off".to_owned(),
        format!("set $retry_quit = \"quit {NOT_ATTACHED}\""),
        "set $retry_stay = \"echo\"".to_owned(),
        "eval \"%s\", $_thread == 0 ? $retry_quit : $retry_stay".to_owned(),
        "set $retry_thread = $_thread".to_owned(),
        format!(
            "thread apply all -q -s set variable $retry_thread = {stack} - (unsigned long)$sp < {WAITING} ? $_thread : \
             $retry_thread",
            stack = target.stack
        ),
    ];
    if let Some(FrameAtFault { address, inlined }) = target.frame {
        commands.extend([
            "set $retry_level = 0".to_owned(),
            "set $retry_frame = 0".to_owned(),
            format!(
                "thread apply $retry_thread -q -s frame apply {DEEPEST} -q -s set variable $retry_frame = \
                 $retry_frame == 0 && (unsigned long)$pc == {address} ? $retry_level + {inlined} : $retry_frame, \
                 $retry_level = $retry_level + 1"
            ),
        ]);
    }
    commands.extend(["set language local".to_owned(), "thread $retry_thread".to_owned()]);
    if target.frame.is_some() {
        commands.extend(["frame $retry_frame", "info args", "info locals -q ^_\\?[^_]"].map(str::to_owned));
    }
    commands.push("eval \"set pagination %s\", $retry_pagination".to_owned());
    commands
}

fn for_lldb(target: &Target) -> Vec<String> {
    let mut commands = vec![
        "script retry = lldb.debugger.GetSelectedTarget().GetProcess()".to_owned(),
        format!(
            "script _ = [retry.SetSelectedThread(thread) for thread in retry \
             if 0 <= {stack} - thread.GetFrameAtIndex(0).GetSP() < {WAITING}]",
            stack = target.stack
        ),
    ];
    if let Some(FrameAtFault { address, inlined }) = target.frame {
        commands.extend([
            "script retry = retry.GetSelectedThread()".to_owned(),
            format!(
                "script _ = [retry.SetSelectedFrame(frame.GetFrameID() + {inlined}) \
                 for frame in list(retry)[:{DEEPEST}] if frame.GetPC() == {address}][:1]"
            ),
            "frame info".to_owned(),
            "frame variable -r ^_?[^_]".to_owned(),
        ]);
    }
    commands
}
