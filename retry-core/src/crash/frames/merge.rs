//! One list of frames for a reader, of all that is known of a stack.

use super::super::capture::LiveFrame;
use super::super::report::{Frame, Place};
use super::Merged;
use super::files::{self, Library, Nearby, Roots};
use super::matching::{Living, Matched};
use super::stack::{Call, Stack, Stop, Symbol};
use super::trim::{self, Owner};

/// Kept of more frames than anybody reads.
const NEWEST: usize = 200;
const OLDEST: usize = 56;
/// Fewer frames without a symbol are not worth a line.
const WORTH_TELLING: usize = 3;
/// Functions that say "it is my caller's fault" (`#[track_caller]`) and were called by one another.
const BLAMING: usize = 8;

/// What becomes a frame.
enum Item<'a> {
    Call {
        call: Call,
        /// How deep in closures the innermost of the calls is that became this one.
        closures: usize,
        living: Option<Living<'a>>,
    },
    Unseen(Living<'a>),
    LeftOut(usize),
    Unnamed(usize),
}

/// Oldest first. Stops are given newest first, and so are the functions at an address.
pub(super) fn merge(
    stops: &[Stop],
    live: &[LiveFrame<'_>],
    place: Option<&Place>,
    nearby: Nearby,
    resolve: &mut dyn FnMut(usize) -> Vec<Symbol>,
) -> Vec<Merged> {
    let stack = Stack::look_up(stops, resolve);
    let matched = Matched::new(&stack, live);
    let trimmed = Trimmed::new(&stack, &matched, place);
    let roots = roots(&stack, &matched, place);
    let mut items = capped(collapsed(items(&stack, &matched, &trimmed)));
    if let Some(place) = place {
        let is_known = items.last().is_some_and(|item| raised(item, place, trimmed.ends_at_panic));
        if !is_known {
            items.push(Item::Unnamed(0));
        }
    }
    let count = items.len();
    let mut library = Library::new(&roots, nearby);
    items
        .iter()
        .enumerate()
        .map(|(index, item)| {
            let raised = place.filter(|_| index + 1 == count);
            frame(item, live, raised, &mut library)
        })
        .collect()
}

/// Which calls a reader wants to see.
struct Trimmed {
    shown: Vec<bool>,
    /// The newest one shown called what handles the panic, as far as symbols tell.
    ends_at_panic: bool,
}

impl Trimmed {
    fn new(stack: &Stack, matched: &Matched<'_>, place: Option<&Place>) -> Self {
        let calls = &stack.calls;
        let is_claimed = |index: usize| matched.claims.get(index).is_some_and(Option::is_some);
        let first_unseen = matched.unseen.first().map_or(calls.len(), |unseen| unseen.before);
        let last_unseen = matched.unseen.last().map_or(0, |unseen| unseen.before);

        let start = match calls.iter().rposition(|call| call.name.as_ref().is_some_and(trim::starts)) {
            Some(marker) => marker + 1,
            None => (0..first_unseen)
                .find(|index| is_claimed(*index) || !is_before_anything(&calls[*index]))
                .unwrap_or(first_unseen),
        };
        let marker = calls.iter().rposition(|call| call.name.as_ref().is_some_and(trim::raises));
        let mut end = marker.unwrap_or(calls.len());
        while end > last_unseen && end > start && !is_claimed(end - 1) && is_after_all(&calls[end - 1]) {
            end -= 1;
        }
        let mut shown: Vec<bool> = (0..calls.len())
            .map(|index| {
                is_claimed(index) || ((start..end).contains(&index) && is_of_interest(&calls[index]))
            })
            .collect();
        without_test_harness(calls, &mut shown, start);
        if let Some(place) = place {
            Self::without_blaming(stack, matched, place, last_unseen, &mut shown);
        }
        let dropped = calls.get(end..).unwrap_or_default();
        let ends_at_panic = !dropped.is_empty() && dropped.iter().all(|call| call.name.is_some());
        Self { shown, ends_at_panic }
    }

    /// What is newer than the call at the panic's place only says that its caller is to blame.
    fn without_blaming(
        stack: &Stack,
        matched: &Matched<'_>,
        place: &Place,
        last_unseen: usize,
        shown: &mut [bool],
    ) {
        let at_place = |call: &Call| {
            call.line == Some(place.line)
                && call.file.as_ref().is_some_and(|file| files::is_same(file, &place.file))
        };
        let newest_first = || (0..stack.calls.len()).rev().filter(|index| shown[*index]);
        let Some(blamed) = newest_first().take(BLAMING + 1).find(|index| at_place(&stack.calls[*index]))
        else {
            return;
        };
        let path = |index: usize| stack.calls[index].name.as_ref().map(|name| &name.path);
        let newer: Vec<usize> = newest_first().take_while(|index| *index > blamed).collect();
        if last_unseen <= blamed + 1
            && newer.iter().all(|index| matched.claims[*index].is_none() && path(*index) != path(blamed))
        {
            for index in newer {
                shown[index] = false;
            }
        }
    }
}

/// Before the program's own code begins, where no symbol of Rust's own tells.
fn is_before_anything(call: &Call) -> bool {
    call.name.is_none() || matches!(call.owner, Owner::Std | Owner::Glue)
}

/// After the function that raised it: what it called of std, and what takes the stack.
fn is_after_all(call: &Call) -> bool {
    matches!(call.owner, Owner::Std | Owner::Glue) || call.name.as_ref().is_none_or(trim::takes)
}

fn is_of_interest(call: &Call) -> bool {
    call.name.is_none() || call.owner != Owner::Glue
}

/// A test is called by a closure that has its name.
fn without_test_harness(calls: &[Call], shown: &mut [bool], start: usize) {
    let is_test = |call: &Call| call.name.as_ref().is_some_and(trim::starts_test);
    if !start.checked_sub(1).and_then(|marker| calls.get(marker)).is_some_and(is_test) {
        return;
    }
    let mut first = (start..calls.len()).filter(|index| shown[*index]);
    if let (Some(harness), Some(test)) = (first.next(), first.next())
        && let (Some(outer), Some(inner)) = (&calls[harness].name, &calls[test].name)
        && outer.path == inner.path
        && (outer.closures, inner.closures) == (1, 0)
    {
        shown[harness] = false;
    }
}

fn roots(stack: &Stack, matched: &Matched<'_>, place: Option<&Place>) -> Roots {
    let mut roots = Roots::default();
    for (call, claim) in stack.calls.iter().zip(&matched.claims) {
        if let (Some(file), Some(living)) = (&call.file, claim.and_then(|index| matched.living.get(index))) {
            roots.learn(file, living.site.file);
        }
        if let (Some(file), Some(place)) = (&call.file, place)
            && call.line == Some(place.line)
        {
            roots.learn(file, &place.file);
        }
    }
    roots
}

fn items<'a>(stack: &Stack, matched: &Matched<'a>, trimmed: &Trimmed) -> Vec<(Item<'a>, bool)> {
    let mut items: Vec<(Item<'a>, bool)> = Vec::new();
    let mut unseen = matched.unseen.iter().peekable();
    for index in 0..=stack.calls.len() {
        let gap = stack.gap.as_ref().filter(|gap| gap.before == index);
        let mut left_out = gap.map(|gap| Item::LeftOut(gap.stops.len()));
        while let Some(next) = unseen.next_if(|next| next.before <= index) {
            let is_newer = gap.is_some_and(|gap| next.stop.is_some_and(|stop| stop < gap.stops.start));
            if is_newer && let Some(gap) = left_out.take() {
                items.push((gap, false));
            }
            items.extend(matched.living.get(next.living).map(|living| (Item::Unseen(*living), false)));
        }
        items.extend(left_out.map(|gap| (gap, false)));
        let Some(call) = stack.calls.get(index).filter(|_| trimmed.shown[index]) else { continue };
        let living = matched.claims[index].and_then(|living| matched.living.get(living)).copied();
        match (&call.name, living, items.last_mut()) {
            (None, None, Some((Item::Unnamed(count), _))) => *count += 1,
            (None, None, _) => items.push((Item::Unnamed(1), false)),
            (name, ..) => {
                let closures = name.as_ref().map_or(0, |name| name.closures);
                items.push((Item::Call { call: call.clone(), closures, living }, matched.bodies[index]));
            }
        }
    }
    items.retain(|(item, _)| !matches!(item, Item::Unnamed(count) if *count < WORTH_TELLING));
    items
}

/// One frame for each function whose body is in closures of it.
fn collapsed(items: Vec<(Item<'_>, bool)>) -> Vec<Item<'_>> {
    let mut collapsed: Vec<Item<'_>> = Vec::new();
    for (item, is_body) in items {
        match (collapsed.last_mut(), item) {
            (
                Some(Item::Call { call: older, closures: before, living: outer }),
                Item::Call { call: newer, closures, living: inner },
            ) if is_one_function(older, *before, &newer, closures)
                && (outer.is_none() || inner.is_none())
                && (is_body
                    || (older.polled && newer.polled)
                    || outer.or(inner).is_some_and(|living| is_written_by_macro(older, &living))) =>
            {
                *before = closures;
                *outer = outer.or(inner);
                (older.ip, older.file, older.line, older.column) =
                    (newer.ip, newer.file, newer.line, newer.column);
            }
            (_, item) => collapsed.push(item),
        }
    }
    collapsed
}

fn is_one_function(older: &Call, before: usize, newer: &Call, closures: usize) -> bool {
    closures > before
        && matches!((&older.name, &newer.name), (Some(older), Some(newer)) if older.path == newer.path)
}

/// What an attribute writes stands where the attribute does, before the function's body.
fn is_written_by_macro(call: &Call, living: &Living<'_>) -> bool {
    call.line.is_none_or(|line| line <= living.site.line)
}

fn capped(mut items: Vec<Item<'_>>) -> Vec<Item<'_>> {
    let gap = items.iter().position(|item| matches!(item, Item::LeftOut(_)));
    let (oldest, newest) = match gap {
        Some(gap) => (gap, items.len() - gap - 1),
        None if items.len() > OLDEST + NEWEST => (OLDEST, NEWEST),
        None => return items,
    };
    let (from, to) = (oldest.min(OLDEST), items.len() - newest.min(NEWEST));
    let left_out = items
        .get(from..to)
        .unwrap_or_default()
        .iter()
        .map(|item| if let Item::LeftOut(count) | Item::Unnamed(count) = item { *count } else { 1 })
        .sum();
    items.splice(from..to, [Item::LeftOut(left_out)]);
    items
}

/// Whether it is the function that raised the panic.
fn raised(item: &Item<'_>, place: &Place, ends_at_panic: bool) -> bool {
    match item {
        // It, or what is inlined into it.
        Item::Call { call, .. } => call.name.is_some(),
        Item::Unseen(living) => {
            ends_at_panic && files::is_same(living.site.file, &place.file) && place.line >= living.site.line
        }
        Item::LeftOut(_) | Item::Unnamed(_) => false,
    }
}

fn frame(
    item: &Item<'_>,
    live: &[LiveFrame<'_>],
    raised: Option<&Place>,
    library: &mut Library<'_>,
) -> Merged {
    let (call, living) = match item {
        Item::Call { call, living, .. } => (Some(call), living.as_ref()),
        Item::Unseen(living) => (None, Some(living)),
        Item::LeftOut(count) => return note(format!("... {count} frames left out")),
        Item::Unnamed(0) => (None, None),
        Item::Unnamed(count) => return note(format!("... {count} frames without symbols")),
    };
    let place = place_of(call, living, raised, library.roots);
    let attempt = living.and_then(|living| live.get(living.attempt?)).and_then(|frame| frame.attempt.clone());
    let index = living.and_then(|living| living.annotated);
    let file = call.and_then(|call| call.file.as_deref());
    let by_file = file.or(place.as_ref().map(|place| place.file.as_str())).map(Owner::of_file);
    let in_app = match (call.filter(|call| call.name.is_some()), by_file) {
        (Some(call), _) => call.owner == Owner::App,
        (None, Some(owner)) => owner.is_none(),
        (None, None) => false,
    };
    let heading = living.map(|living| (living.site.line, living.site.function));
    let absolute = file.filter(|file| place.as_ref().is_some_and(|place| files::is_same(file, &place.file)));
    let found = place
        .as_ref()
        .filter(|_| in_app || index.is_some())
        .and_then(|place| library.around(place, absolute, heading));
    let (source, read) = found.map(|found| (found.source, found.path)).unzip();
    let read = read.map(|path| path.to_string_lossy().into_owned());
    let is_whole =
        |path: &String| files::is_absolute(path) && place.as_ref().is_some_and(|place| place.file != *path);
    let path = absolute.map(str::to_owned).filter(is_whole).or_else(|| read.filter(is_whole));
    let frame = Frame {
        function: function(call, living),
        place,
        path,
        in_app,
        annotated: index.is_some(),
        address: call.map(|call| format!("{:#x}", call.ip)),
        source,
        attempt,
        ..Frame::default()
    };
    Merged { frame, live: index }
}

fn note(function: String) -> Merged {
    Merged { frame: Frame { function, ..Frame::default() }, live: None }
}

fn function(call: Option<&Call>, living: Option<&Living<'_>>) -> String {
    match (call.and_then(|call| Some((call, call.name.as_ref()?))), living) {
        (Some((call, name)), living) if call.polled || living.is_some() => name.path.clone(),
        (Some((_, name)), _) => name.shown(),
        (None, Some(living)) => format!("{}::{}", living.site.module, living.site.function).replace("r#", ""),
        (None, None) => "<unknown>".to_owned(),
    }
}

fn place_of(
    call: Option<&Call>,
    living: Option<&Living<'_>>,
    raised: Option<&Place>,
    roots: &Roots,
) -> Option<Place> {
    let own = call.and_then(|call| {
        let file = roots.relative(call.file.as_deref()?).to_owned();
        Some(Place { file, line: call.line?, column: call.column })
    });
    let own = own.or_else(|| {
        living.map(|living| Place { file: living.site.file.to_owned(), line: living.site.line, column: None })
    });
    match (raised, own) {
        // A panic within std, which is not shown: its caller has its own place.
        (Some(raised), Some(own))
            if Owner::of_file(&raised.file) == Some(Owner::Std)
                && Owner::of_file(&own.file) != Some(Owner::Std) =>
        {
            Some(own)
        }
        (Some(raised), _) => Some(raised.clone()),
        (None, own) => own,
    }
}
