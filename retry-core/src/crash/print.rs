//! The standard error output, written to so that nothing can hold up a report or break it.

/// How long a terminal or a pipe that takes nothing is waited for.
const PATIENCE: std::time::Duration = std::time::Duration::from_millis(250);

/// Writes it to the standard error output. Errors are ignored: there is nowhere to report them to.
///
/// Not through std's handle: its lock may be held by the thread that hangs, or that crashed while it wrote, and a pipe
/// that nobody reads would hold up the crash for ever.
#[cfg(unix)]
pub(crate) fn to_stderr(text: &str) {
    use nix::errno::Errno;
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    use std::os::fd::AsFd;
    use std::time::Instant;

    /// What a pipe that is ready takes without blocking.
    const PIECE: usize = nix::libc::PIPE_BUF;

    let stderr = std::io::stderr();
    let fd = stderr.as_fd();
    let until = Instant::now() + PATIENCE;
    let mut left = text.as_bytes();
    while !left.is_empty() {
        let wait = until.saturating_duration_since(Instant::now());
        let mut ready = [PollFd::new(fd, PollFlags::POLLOUT)];
        match poll(&mut ready, PollTimeout::try_from(wait).unwrap_or(PollTimeout::ZERO)) {
            Err(Errno::EINTR) => continue,
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let piece = left.get(..PIECE).unwrap_or(left);
        match nix::unistd::write(fd, piece) {
            Ok(0) => return,
            Ok(written) => left = left.get(written..).unwrap_or_default(),
            Err(Errno::EINTR | Errno::EAGAIN) if Instant::now() < until => {}
            Err(_) => return,
        }
    }
}

/// Writes it to the standard error output. Errors are ignored: there is nowhere to report them to.
#[cfg(not(unix))]
pub(crate) fn to_stderr(text: &str) {
    use std::io::Write;

    let _ = PATIENCE;
    let _ = std::io::stderr().write_all(text.as_bytes());
}
