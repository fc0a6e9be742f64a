//! A serial line with a probe at its other end: a thread that answers byte by byte, always the same.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use clap::ValueEnum;

/// Every frame begins with this byte, has its length next, and ends with the other one.
pub(crate) const BEGIN: u8 = 0x7e;
pub(crate) const END: u8 = 0x7f;

/// How the probe is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Probe {
    /// It answers well, and nothing crashes
    Good,
    /// From the third channel on it has no reference voltage: a divisor is zero
    Unplugged,
    /// From the third channel on its frames are shorter than they say
    Noisy,
}

/// The computer's end.
#[derive(Debug)]
pub(crate) struct Line {
    to_probe: Sender<Vec<u8>>,
    from_probe: Receiver<u8>,
}

impl Line {
    pub(crate) fn open(probe: Probe) -> Self {
        let (to_probe, commands) = channel();
        let (answers, from_probe) = channel();
        thread::spawn(move || probe.run(&commands, &answers));
        Self { to_probe, from_probe }
    }

    /// Sends a command and waits for the frame that answers it.
    pub(crate) fn ask(&self, command: &[u8]) -> Vec<u8> {
        let mut frame = Vec::new();
        if self.to_probe.send(command.to_owned()).is_ok() {
            frame.extend(
                self.from_probe.iter().skip_while(|byte| *byte != BEGIN).take_while(|byte| *byte != END),
            );
        }
        frame
    }
}

impl Probe {
    fn run(self, commands: &Receiver<Vec<u8>>, answers: &Sender<u8>) {
        for command in commands {
            let frame = match *command {
                [b'P', .., block] => vec![BEGIN, 2, b'P', block, END],
                [b'R', number] if number < 3 || self == Self::Good => {
                    vec![BEGIN, 5, b'R', 0x10 + number, 0x20, 0x40, 0x02, END]
                }
                [b'R', number] if self == Self::Unplugged => {
                    vec![BEGIN, 5, b'R', 0x10 + number, 0x20, 0, 0, END]
                }
                [b'R', number] => vec![BEGIN, 5, b'R', 0x10 + number, END],
                _ => vec![BEGIN, 0, END],
            };
            if frame.into_iter().any(|byte| answers.send(byte).is_err()) {
                return;
            }
        }
    }
}
