//! Waiting for a debugger in the terminal, as `system` of the C library waits for a command: both are in the terminal's
//! foreground, and what the user types is meant for the debugger.
#![allow(unsafe_code)]

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal, Stdin, stderr, stdin};
use std::os::fd::AsFd;
use std::process::{Child, Command, ExitStatus};

use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use nix::sys::termios::{
    self, InputFlags, LocalFlags, OutputFlags, SetArg, SpecialCharacterIndices, Termios,
};
use nix::unistd::{getpgrp, tcgetpgrp};

/// The terminal that the program reads from, and its state, which is put back when this is dropped.
pub(super) struct Terminal {
    input: Stdin,
    state: Option<Termios>,
}

impl Terminal {
    /// If there is one, and somebody who looks at it.
    pub(super) fn ours() -> Result<Self, String> {
        let input = stdin();
        if !input.is_terminal() || !stderr().is_terminal() {
            let which = if input.is_terminal() { "error output" } else { "input" };
            return Err(format!("the standard {which} is no terminal; run the program in one"));
        }
        // One that is not the session's has no foreground: nobody else reads from it.
        if tcgetpgrp(&input).is_ok_and(|foreground| foreground != getpgrp()) {
            return Err("the program runs in the background; run it in the foreground".to_owned());
        }
        let state = termios::tcgetattr(&input).ok();
        Ok(Self { input, state })
    }

    /// Runs it to its end, and says how it ended where that can be known: not in a program that does not want to hear of its
    /// children. It is told what follows from where the waiting thread has its stack.
    pub(super) fn wait_for(
        &self,
        program: &OsStr,
        arguments: impl FnOnce(usize) -> Vec<OsString>,
    ) -> io::Result<Option<ExitStatus>> {
        let here = 0_u8;
        let mut command = Command::new(program);
        command.args(arguments((&raw const here).addr())).env_remove(super::VARIABLE);
        // Its output is for the terminal, wherever the program's own goes.
        command.stdout(stderr().as_fd().try_clone_to_owned()?);
        self.make_usual();
        let mut child = command.spawn()?;
        let _signals = Ignored::begin();
        let _allowed = Allowed::begin(&child);
        Ok(child.wait().ok())
    }

    /// Lines are read and shown as everywhere, whatever the program made of the terminal. Nothing is suspended in it:
    /// nobody would notice that it has to go on, as the process that is the shell's job is stopped.
    fn make_usual(&self) {
        let Some(mut usual) = self.state.clone() else { return };
        usual.input_flags |= InputFlags::ICRNL;
        usual.output_flags |= OutputFlags::OPOST | OutputFlags::ONLCR;
        usual.local_flags |= LocalFlags::ICANON | LocalFlags::ECHO | LocalFlags::ISIG;
        usual.control_chars[SpecialCharacterIndices::VSUSP as usize] = nix::libc::_POSIX_VDISABLE;
        let _ = termios::tcsetattr(&self.input, SetArg::TCSADRAIN, &usual);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if let Some(state) = &self.state {
            let _ = termios::tcsetattr(&self.input, SetArg::TCSADRAIN, state);
        }
    }
}

/// What Ctrl-C and Ctrl-\ mean for the debugger goes to all in the foreground: this process ignores it until this is
/// dropped. Begun when the debugger runs, which would ignore it as well otherwise.
struct Ignored([Option<SigAction>; 2]);

const TYPED: [Signal; 2] = [Signal::SIGINT, Signal::SIGQUIT];

impl Ignored {
    fn begin() -> Self {
        let ignore = SigAction::new(SigHandler::SigIgn, SaFlags::empty(), SigSet::empty());
        // SAFETY: an ignored signal runs no code.
        Self(TYPED.map(|signal| unsafe { sigaction(signal, &ignore) }.ok()))
    }
}

impl Drop for Ignored {
    fn drop(&mut self) {
        for (signal, before) in TYPED.into_iter().zip(&self.0) {
            if let Some(before) = before {
                // SAFETY: whoever installed the handler that was there has seen to it that it may run at any time.
                let _ = unsafe { sigaction(signal, before) };
            }
        }
    }
}

/// Linux's Yama lets a process look into its descendants only, unless it was named; the debugger is our child. Taken back
/// when this is dropped.
struct Allowed;

impl Allowed {
    fn begin(debugger: &Child) -> Self {
        // Its own descendants may, too: lldb lets another process do the work.
        allow(debugger.id().into());
        Self
    }
}

impl Drop for Allowed {
    fn drop(&mut self) {
        allow(0);
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn allow(pid: nix::libc::c_ulong) {
    use nix::libc::{PR_SET_PTRACER, prctl};

    // SAFETY: this option takes a number and touches no memory. Without Yama it fails, and there is nothing to allow.
    unsafe { prctl(PR_SET_PTRACER, pid, 0, 0, 0) };
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn allow(_: u64) {}
