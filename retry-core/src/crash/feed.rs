//! Live frames for the tests of the hook, in place of those of annotated functions.
#![allow(missing_docs, unreachable_pub)]

use super::capture::{self, Kept, LiveFrame, LiveValue, Secrecy};
use super::report::{Frame, Place};
use crate::site::Site;
use std::cell::Cell;
use std::fmt::Debug;

/// Whether showing it runs code of the user's.
#[derive(Clone, Copy)]
pub enum Code {
    Plain,
    Users,
}

#[derive(Clone, Copy)]
struct Fed {
    name: &'static str,
    code: Code,
    limit: usize,
    value: &'static dyn Debug,
}

thread_local! {
    static FED: Cell<Option<&'static [Fed]>> = const { Cell::new(None) };
}

/// Has this thread be in an annotated function with these values.
pub fn feed(values: Vec<(&'static str, Code, Box<dyn Debug>)>) {
    feed_with_limit(values, 1024);
}

/// As `#[crash_context]` keeps a value that is listed.
pub fn listed(value: &dyn Debug) -> Box<str> {
    capture::written(value, 100)
}

pub fn feed_with_limit(values: Vec<(&'static str, Code, Box<dyn Debug>)>, limit: usize) {
    let fed =
        |(name, code, value): (_, _, Box<dyn Debug>)| Fed { name, code, limit, value: Box::leak(value) };
    FED.set(Some(values.into_iter().map(fed).collect::<Vec<_>>().leak()));
}

pub(crate) fn with_live<R>(read: impl FnOnce(&[LiveFrame<'_>]) -> R) -> R {
    static SITE: Site = Site { function: "fed", module: "tests", file: file!(), line: 1, retried: false };
    let Some(fed) = FED.get() else { return capture::with_live(read) };
    let value = |fed: &Fed| LiveValue {
        name: fed.name,
        type_name: "Fed",
        as_of: None,
        argument: false,
        limit: fed.limit,
        secrecy: Secrecy::ByName,
        kept: match fed.code {
            Code::Plain => Kept::Plain(fed.value),
            Code::Users => Kept::UserCode(fed.value),
        },
    };
    let values = fed.iter().map(value).collect();
    read(&[LiveFrame { site: &SITE, anchor: 0, attempt: None, annotated: true, values }])
}

/// Fed frames stand on no stack.
pub(crate) fn add_frame<'a>(
    frames: &mut Vec<Frame>,
    live_frames: &mut Vec<(usize, &'a LiveFrame<'a>)>,
    live: &'a [LiveFrame<'_>],
) {
    if FED.get().is_some() && live_frames.is_empty() {
        for live in live {
            live_frames.push((frames.len(), live));
            frames.push(Frame { function: "tests::fed".into(), annotated: true, ..Frame::default() });
        }
    }
}

/// What tells one crash from another has tests of its own: here the message does, but for numbers in it.
pub(crate) fn fingerprint(kind: &str, message: &str, _: Option<&Place>, _: &[Frame]) -> String {
    let text = message.chars().filter(|char| !char.is_ascii_digit()).chain(kind.chars());
    let hash =
        text.fold(0xcbf2_9ce4_8422_2325, |hash, char| (hash ^ u64::from(char)).wrapping_mul(0x100_0000_01b3));
    format!("{hash:016x}")
}
