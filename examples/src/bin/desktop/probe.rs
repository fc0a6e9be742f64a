//! What the probe is told and what it answers. Every function says in a crash what it was given.

use retry_core::crash_context;

use crate::line::Line;

/// What the probe's reference input has when its cable is plugged in.
const REFERENCE_MILLIVOLTS: u32 = 2500;

/// What the probe's converter counted.
#[derive(Debug, Clone, Copy)]
struct Counts {
    input: u16,
    reference: u16,
}

/// Writes a block of the probe's program.
#[crash_context]
pub(crate) fn program(line: &Line, unlock_code: &str, block: u8) {
    let command = [b"P", unlock_code.as_bytes(), &[block]].concat();
    let frame = line.ask(&command);
    assert_eq!(frame.get(3), Some(&block), "the probe answers for another block");
}

/// What a channel has, in millivolts.
#[crash_context(counts, ..)]
pub(crate) fn read(line: &Line, channel: u8) -> u32 {
    let frame = line.ask(&[b'R', channel]);
    let counts = decode(&frame);
    millivolts(counts)
}

#[crash_context]
fn decode(frame: &[u8]) -> Counts {
    let length = usize::from(frame[1]);
    let payload = &frame[3..2 + length];
    let input = u16::from_be_bytes([payload[0], payload[1]]);
    let reference = u16::from_be_bytes([payload[2], payload[3]]);
    Counts { input, reference }
}

#[crash_context]
fn millivolts(counts: Counts) -> u32 {
    let scaled = u32::from(counts.input) * REFERENCE_MILLIVOLTS;
    scaled / u32::from(counts.reference)
}
