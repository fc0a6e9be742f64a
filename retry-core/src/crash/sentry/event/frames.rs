//! The stack, as much of it as Sentry keeps.

use super::super::super::render::without_modules;
use super::super::super::report::{Frame, Report, Variable};
use super::fit::{FittedParts, fit_parts, note_parts};
use super::marks::{Marks, cut_parts, note};
use super::texts::{Keys, clean, clipped, clipped_line};
use super::tree::Tree;
use sentry_types::protocol::v7::{Addr, Frame as SentryFrame, Stacktrace};
use std::collections::HashSet;

/// The server keeps no more frames,
const MOST_FRAMES: usize = 250;
/// and of so many the values and the lines around.
const MOST_RICH: usize = 50;
/// What it counts of the values of a frame, but for a rest of safety.
const VALUES: usize = 2040;
/// Objects and lists around one another in a value: what is deeper it makes a text of.
const LEVELS: usize = 3;
/// More variables are not looked at.
const MOST_VARIABLES: usize = 500;
const LONGEST_FUNCTION: usize = 512;
const LONGEST_MODULE: usize = 256;
const LONGEST_PATH: usize = 256;
const LONGEST_LINE: usize = 400;
/// Lines before, and lines after the place.
const LINES_AROUND: usize = 5;

/// Oldest first, with the marks on it. None where there are no frames.
pub(super) fn stacktrace(report: &Report) -> Option<(Stacktrace, Marks)> {
    let shown = shown(&report.frames, most(&report.frames));
    let rich = rich(&shown);
    let mut all = Marks::new();
    let mut frames = Vec::with_capacity(shown.len());
    for (index, shown) in shown.iter().enumerate() {
        let mut marks = Marks::new();
        frames.push(frame(shown, rich.contains(&index), &mut marks));
        note(&mut all, &index.to_string(), marks);
    }
    if shown.len() < report.frames.len() {
        all.extend(cut_parts(report.frames.len()));
    }
    let mut marks = Marks::new();
    note(&mut marks, "frames", all);
    (!frames.is_empty()).then(|| (Stacktrace { frames, ..Stacktrace::default() }, marks))
}

/// How many are sent. By the server's rule a single one of the application's own would lose its values among too many others,
/// and it is the one at fault: then the others are fewer.
fn most(frames: &[Frame]) -> usize {
    if frames.iter().filter(|frame| frame.is_own()).count() == 1 { MOST_RICH } else { MOST_FRAMES }
}

/// Of too many frames those of libraries between the oldest and the newest are left out first.
fn shown(frames: &[Frame], most: usize) -> Vec<&Frame> {
    let mut excess = frames.len().saturating_sub(most);
    let oldest = most / 5;
    let newest = most - oldest;
    let middle = |index: &usize| (oldest..frames.len().saturating_sub(newest / 2)).contains(index);
    let tells = |frame: &Frame| frame.is_own() || !frame.variables.is_empty();
    let mut left_out = HashSet::new();
    for is_wanted in [true, false] {
        let more = (0..frames.len())
            .filter(middle)
            .filter(|index| frames.get(*index).is_some_and(|frame| !is_wanted || !tells(frame)))
            .filter(|index| !left_out.contains(index));
        let more: Vec<usize> = more.take(excess).collect();
        excess -= more.len();
        left_out.extend(more);
    }
    let shown = frames.iter().enumerate().filter(|(index, _)| !left_out.contains(index));
    shown.map(|(_, frame)| frame).collect()
}

/// Those that keep their values and the lines around them: where there are more than fifty, the server takes them from half of
/// them, first from libraries' frames. It is its rule, so that what it takes is not sent.
fn rich(frames: &[&Frame]) -> HashSet<usize> {
    if frames.len() <= MOST_RICH {
        return (0..frames.len()).collect();
    }
    let (own, other): (Vec<usize>, Vec<usize>) =
        (0..frames.len()).partition(|index| frames.get(*index).is_some_and(|frame| frame.is_own()));
    let ends = |indices: &[usize], half: usize| -> Vec<usize> {
        let half = half.min(indices.len());
        let newest = indices.len().saturating_sub(half);
        indices
            .iter()
            .enumerate()
            .filter(|(at, _)| *at < half || *at >= newest)
            .map(|(_, index)| *index)
            .collect()
    };
    let others = ends(&other, MOST_RICH.saturating_sub(own.len()) / 2);
    let too_many = (frames.len() - MOST_RICH).saturating_sub(other.len() - others.len());
    let owns = ends(&own, own.len().saturating_sub(too_many) / 2);
    others.into_iter().chain(owns).chain([frames.len() - 1]).collect()
}

fn frame(frame: &Frame, rich: bool, marks: &mut Marks) -> SentryFrame {
    let function = clean(&frame.function);
    let mut sent = SentryFrame {
        function: Some(clipped(&function, LONGEST_FUNCTION).noted(marks, "function"))
            .filter(|function| !function.trim().is_empty()),
        module: module(&function).map(|module| clipped(module, LONGEST_MODULE).noted(marks, "module")),
        in_app: Some(frame.is_own()),
        instruction_addr: frame.address.as_deref().and_then(address),
        ..SentryFrame::default()
    };
    if let Some(place) = &frame.place {
        let path = frame.path.as_deref().or(is_absolute(&place.file).then_some(place.file.as_str()));
        sent.filename = clipped_path(&file_name(&place.file));
        sent.abs_path = path.and_then(clipped_path);
        sent.lineno = Some(place.line.into());
        sent.colno = place.column.map(Into::into);
    }
    source(frame, rich, &mut sent);
    if rich {
        let mut values = values(&frame.variables);
        note_parts(marks, "vars", &mut values);
        sent.vars = values.values.into_iter().collect();
    }
    sent
}

fn clipped_path(path: &str) -> Option<String> {
    Some(clipped_line(path, LONGEST_PATH)).filter(|path| !path.is_empty())
}

/// `shop::orders` of `shop::orders::Order::share`.
fn module(function: &str) -> Option<&str> {
    function.strip_suffix(without_modules(function))?.strip_suffix("::")
}

fn address(address: &str) -> Option<Addr> {
    u64::from_str_radix(address.strip_prefix("0x")?, 16).ok().map(Addr)
}

fn is_absolute(file: &str) -> bool {
    file.starts_with(['/', '\\']) || file.get(1..2) == Some(":")
}

/// As it is called on every machine: `src/main.rs`, `tokio-1.45.0/src/time.rs`, `library/core/src/option.rs`.
pub(super) fn file_name(file: &str) -> String {
    let file = file.replace('\\', "/");
    let behind = |mark: &str| file.split_once(mark).and_then(|(_, rest)| rest.split_once('/'));
    if !is_absolute(&file) {
        return file;
    }
    // The name of the registry, or the compiler's hash, comes between.
    let rest = behind("/registry/src/").or_else(|| behind("/rustc/")).map(|(_, rest)| rest.to_owned());
    let library =
        file.find("/rustlib/src/rust/library/").and_then(|at| file.get(at + "/rustlib/src/rust/".len()..));
    rest.or_else(|| library.map(str::to_owned)).unwrap_or_else(|| file.clone())
}

/// The line of the place, and those around it.
fn source(frame: &Frame, rich: bool, sent: &mut SentryFrame) {
    let (Some(place), Some(source)) = (&frame.place, &frame.source) else { return };
    let Some(here) = place.line.checked_sub(source.first_line).and_then(|at| usize::try_from(at).ok()) else {
        return;
    };
    let Some(line) = source.lines.get(here) else { return };
    let whole = |line: &String| clipped(line, LONGEST_LINE).value;
    sent.context_line = Some(whole(line));
    if rich {
        let before = source.lines.get(here.saturating_sub(LINES_AROUND)..here);
        sent.pre_context = before.unwrap_or_default().iter().map(whole).collect();
        sent.post_context = source.lines.iter().skip(here + 1).take(LINES_AROUND).map(whole).collect();
    }
}

/// The smallest whole, arguments before locals of the same size.
fn values(variables: &[Variable]) -> FittedParts {
    let looked_at = &variables[variables.len().saturating_sub(MOST_VARIABLES)..];
    let mut keys = Keys::default();
    let mut arguments = HashSet::new();
    let mut values = Vec::with_capacity(looked_at.len());
    // The newest of a name is the one that the lines mean.
    for variable in looked_at.iter().rev() {
        let name = match variable.as_of {
            Some(line) => format!("{} (as of line {line})", variable.name),
            None => variable.name.clone(),
        };
        let key = keys.add(&name, "shadowed");
        if variable.argument {
            arguments.insert(key.clone());
        }
        values.push((key, Tree::shown(&variable.value, &variable.type_name, LEVELS)));
    }
    let mut fitted =
        fit_parts(values, |name, cost| (cost, !arguments.contains(name), name.to_owned()), VALUES);
    fitted.left_out += variables.len() - looked_at.len();
    fitted
}
