//! Which debugger.

use super::VARIABLE;
use std::ffi::{OsStr, OsString};
use std::process::{Command, Stdio};

/// Those that know what Rust's types look like come first.
const KNOWN: [&str; 4] = ["rust-gdb", "rust-lldb", "gdb", "lldb"];

/// The program that the variable asks for.
pub(super) fn program(asked: &OsStr) -> Result<OsString, String> {
    if has_more_rights_than_its_user() {
        return Err(format!("this program has more rights than its user; {VARIABLE} is not heeded"));
    }
    if asked != "1" {
        return Ok(asked.to_owned());
    }
    let first = KNOWN.into_iter().find(|program| is_there(program));
    first.map(OsString::from).ok_or_else(|| {
        format!("there is none of {}; install gdb, or set {VARIABLE} to a program", KNOWN.join(", "))
    })
}

/// It is run, as `rust-gdb` comes with Rust and is of no use where there is no gdb.
fn is_there(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The environment is the user's, who must not say what is run with such rights.
#[cfg(any(target_os = "linux", target_os = "android"))]
#[allow(unsafe_code)]
fn has_more_rights_than_its_user() -> bool {
    use nix::libc::{AT_SECURE, getauxval};

    // SAFETY: it takes a number and gives one, that the kernel has told the process at its start.
    unsafe { getauxval(AT_SECURE) != 0 }
}

/// The environment is the user's, who must not say what is run with such rights.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn has_more_rights_than_its_user() -> bool {
    use nix::unistd::{getegid, geteuid, getgid, getuid};

    getuid() != geteuid() || getgid() != getegid()
}
