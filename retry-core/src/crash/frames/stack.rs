//! The functions on the stack, and which of them an address within it belongs to.

use std::collections::HashMap;
use std::ops::Range;

use super::names::Name;
use super::trim::{self, Owner};

/// What is known of a stack frame before anything is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stop {
    /// Where its function goes on.
    pub(super) ip: usize,
    /// Where it begins: it reaches up to where its caller's begins.
    pub(super) sp: usize,
}

/// What an address is looked up to.
#[derive(Debug, Clone, Default)]
pub(super) struct Symbol {
    /// Demangled.
    pub(super) name: Option<String>,
    pub(super) file: Option<String>,
    pub(super) line: Option<u32>,
    pub(super) column: Option<u32>,
}

/// A function on the stack; several may share a stack frame, inlined into one another.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) ip: usize,
    pub(super) name: Option<Name>,
    pub(super) file: Option<String>,
    pub(super) line: Option<u32>,
    pub(super) column: Option<u32>,
    pub(super) owner: Owner,
    /// A closure that is the body of a future.
    pub(super) polled: bool,
}

/// All calls that were looked up.
#[derive(Debug, Default)]
pub(super) struct Stack {
    /// Oldest first.
    pub(super) calls: Vec<Call>,
    /// What was not looked up, in the middle.
    pub(super) gap: Option<Gap>,
    /// For each stack frame, newest first, its calls.
    spans: Vec<Range<usize>>,
    /// The address ranges of the stack frames, in their order.
    ranges: Vec<(Range<usize>, usize)>,
}

/// Stack frames that were not looked up.
#[derive(Debug, Clone)]
pub(super) struct Gap {
    /// Which ones, counted from the newest.
    pub(super) stops: Range<usize>,
    /// The calls from there on are newer.
    pub(super) before: usize,
}

/// Looked up at the newest end, and at the oldest.
const NEWEST: usize = 400;
const OLDEST: usize = 120;
/// A frame that is said to be larger is at the seam of two stacks.
const LARGEST_FRAME: usize = 64 << 20;
/// Of a frame whose end is not known.
const LIKELY_FRAME: usize = 1 << 20;

fn not_looked_up(stops: &[Stop]) -> Range<usize> {
    NEWEST..stops.len().saturating_sub(OLDEST).max(NEWEST)
}

/// The stack frames that are looked up, newest first.
pub(super) fn shown(stops: &[Stop]) -> impl Iterator<Item = &Stop> {
    let left_out = not_looked_up(stops);
    stops.iter().enumerate().filter(move |(index, _)| !left_out.contains(index)).map(|(_, stop)| stop)
}

impl Stack {
    /// Stops are given newest first, and so are the functions at an address.
    pub(super) fn look_up(stops: &[Stop], resolve: &mut dyn FnMut(usize) -> Vec<Symbol>) -> Self {
        let not_looked_up = not_looked_up(stops);
        let mut stack = Self { spans: vec![0..0; stops.len()], ..Self::default() };
        let mut known: HashMap<usize, Vec<Call>> = HashMap::new();
        for (index, stop) in stops.iter().enumerate().rev() {
            if not_looked_up.contains(&index) {
                stack.gap = Some(Gap { stops: not_looked_up.clone(), before: stack.calls.len() });
                continue;
            }
            let start = stack.calls.len();
            let calls = known.entry(stop.ip).or_insert_with(|| calls_at(stop.ip, resolve));
            stack.calls.extend(calls.iter().cloned());
            if let Some(span) = stack.spans.get_mut(index) {
                *span = start..stack.calls.len();
            }
        }
        stack.ranges = ranges(stops);
        stack.find_futures();
        stack
    }

    /// The stack frame that an address is in, counted from the newest.
    pub(super) fn stop_of(&self, address: usize) -> Option<usize> {
        let after = self.ranges.partition_point(|(range, _)| range.start <= address);
        let (range, index) = self.ranges.get(after.checked_sub(1)?)?;
        range.contains(&address).then_some(*index)
    }

    /// The calls in a stack frame; none if it was not looked up.
    pub(super) fn span(&self, stop: usize) -> Range<usize> {
        self.spans.get(stop).cloned().unwrap_or(0..0)
    }

    pub(super) fn was_left_out(&self, stop: usize) -> bool {
        self.gap.as_ref().is_some_and(|gap| gap.stops.contains(&stop))
    }

    pub(super) fn is_oldest(&self, stop: usize) -> bool {
        stop + 1 == self.spans.len()
    }

    fn find_futures(&mut self) {
        let (mut polls, mut polled) = (false, false);
        for call in &mut self.calls {
            let Some(name) = &call.name else {
                (polls, polled) = (false, false);
                continue;
            };
            call.polled = name.closures > 0 && (polls || polled) && call.owner != Owner::Glue;
            (polls, polled) = (trim::polls(name), call.polled);
        }
    }
}

/// Oldest first: the function that the others are inlined into.
fn calls_at(ip: usize, resolve: &mut dyn FnMut(usize) -> Vec<Symbol>) -> Vec<Call> {
    let mut symbols = if ip == 0 { Vec::new() } else { resolve(ip) };
    if symbols.is_empty() {
        symbols.push(Symbol::default());
    }
    symbols.reverse();
    symbols.into_iter().map(|symbol| Call::new(ip, symbol)).collect()
}

impl Call {
    fn new(ip: usize, symbol: Symbol) -> Self {
        let name = symbol.name.filter(|name| !name.is_empty()).map(|name| Name::of(&name));
        let owner = name.as_ref().map_or(Owner::Std, |name| Owner::of(name, symbol.file.as_deref()));
        let line = symbol.line.filter(|line| *line > 0);
        let column = symbol.column.filter(|column| *column > 0);
        Self { ip, name, file: symbol.file, line, column, owner, polled: false }
    }
}

fn ranges(stops: &[Stop]) -> Vec<(Range<usize>, usize)> {
    let mut ranges: Vec<(Range<usize>, usize)> = (0..)
        .zip(stops)
        .map(|(index, stop)| {
            let caller = stops.get(index + 1).map(|caller| caller.sp);
            let end = match caller {
                Some(end) if (stop.sp..=stop.sp.saturating_add(LARGEST_FRAME)).contains(&end) => end,
                _ => stop.sp.saturating_add(LIKELY_FRAME),
            };
            (stop.sp..end, index)
        })
        .filter(|(range, _)| range.start != 0 && !range.is_empty())
        .collect();
    ranges.sort_by_key(|(range, _)| range.start);
    ranges
}

#[cfg(test)]
mod tests {
    use super::{LIKELY_FRAME, Stack, Stop, Symbol};

    fn symbol(name: &str) -> Symbol {
        Symbol { name: Some(name.to_owned()), ..Symbol::default() }
    }

    #[test]
    fn an_address_belongs_to_the_frame_around_it() {
        let stops = [0x100, 0x140, 0x200, 0x9000_0000, 0x9000_0100, 0].map(|sp| Stop { ip: 1, sp });
        let stack = Stack::look_up(&stops, &mut |_| vec![symbol("f")]);
        for (address, stop) in [
            (0x0ff, None),
            (0x100, Some(0)),
            (0x13f, Some(0)),
            (0x140, Some(1)),
            (0x200, Some(2)),
            (0x200 + LIKELY_FRAME, None),
            (0x9000_0010, Some(3)),
            (0x9000_0100, Some(4)),
            (usize::MAX, None),
        ] {
            assert_eq!(stack.stop_of(address), stop, "{address:#x}");
        }
        assert!(stack.is_oldest(5));
    }

    #[test]
    fn deep_stacks_are_looked_up_at_their_ends_and_each_address_once() {
        let stops: Vec<Stop> = (0..10_000).map(|n| Stop { ip: 1 + n % 600, sp: 0x1000 + n * 0x10 }).collect();
        let mut asked = 0;
        let stack = Stack::look_up(&stops, &mut |_| {
            asked += 1;
            vec![symbol("inlined"), symbol("f")]
        });
        assert_eq!(stack.calls.len(), 520 * 2);
        assert_eq!(asked, 400, "the oldest addresses are among the newest");
        let gap = stack.gap.clone().unwrap();
        assert_eq!((gap.stops.clone(), gap.before), (400..9_880, 240));
        assert_eq!(stack.span(0), 1038..1040);
        assert_eq!(stack.span(9_999), 0..2);
        assert!(stack.span(5_000).is_empty() && stack.was_left_out(5_000));
        assert_eq!(stack.calls[0].name.as_ref().unwrap().path, "f");

        asked = 0;
        Stack::look_up(&vec![Stop { ip: 7, sp: 0 }; 10_000], &mut |_| {
            asked += 1;
            Vec::new()
        });
        assert_eq!(asked, 1);
    }

    #[test]
    fn bodies_of_futures_are_told_from_closures() {
        let names = [
            "shop::fetch::{{closure}}::{{closure}}",
            "shop::fetch::{{closure}}",
            "tokio::runtime::park::CachedParkThread::block_on",
            "shop::main::{{closure}}",
            "core::iter::Iterator::map",
            "shop::main",
        ];
        let stops: Vec<Stop> = (0..names.len()).map(|n| Stop { ip: n + 1, sp: 0 }).collect();
        let stack = Stack::look_up(&stops, &mut |ip| vec![symbol(names[ip - 1])]);
        let polled: Vec<bool> = stack.calls.iter().map(|call| call.polled).collect();
        assert_eq!(polled, [false, false, false, false, true, true]);
    }
}
