//! Which calls on the stack the annotated frames are.

use super::super::capture::LiveFrame;
use super::names::{Fit, Name};
use super::stack::{Call, Stack};
use super::trim::Owner;
use crate::site::Site;

/// One function's live frames: its retried call, its annotated body, or both.
#[derive(Clone, Copy)]
pub(super) struct Living<'a> {
    pub(super) site: &'static Site,
    pub(super) annotated: Option<usize>,
    pub(super) attempt: Option<usize>,
    live: &'a [LiveFrame<'a>],
}

/// Where the live frames are among the calls.
pub(super) struct Matched<'a> {
    pub(super) living: Vec<Living<'a>>,
    /// For each call, which of the living it is.
    pub(super) claims: Vec<Option<usize>>,
    /// Calls that are the same function as their caller: a closure that an attribute made of its body.
    pub(super) bodies: Vec<bool>,
    /// Those that are none of the calls, in their order.
    pub(super) unseen: Vec<Unseen>,
}

/// A function that is alive and has no call of its own: inlined, or without a symbol.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unseen {
    pub(super) living: usize,
    /// The calls from there on are newer.
    pub(super) before: usize,
    /// The stack frame that it is in.
    pub(super) stop: Option<usize>,
}

/// A future's body is called from what polls it, which is the stack frame that is known: by so many frames at most.
const FROM_POLL_TO_BODY: usize = 6;
/// Between a retried call and its body.
const FROM_CALL_TO_BODY: usize = 16;

impl<'a> Living<'a> {
    /// Oldest first, as the live frames are.
    pub(super) fn of(live: &'a [LiveFrame<'a>], stack: &Stack) -> Vec<Self> {
        let mut living: Vec<Self> = Vec::new();
        for (index, frame) in live.iter().enumerate() {
            let next = Self::new(live, index);
            match living.last_mut() {
                Some(last) if last.is_one_with(&next) && are_near(stack, &live[index - 1], frame) => {
                    last.annotated = last.annotated.or(next.annotated);
                    last.attempt = last.attempt.or(next.attempt);
                }
                _ => living.push(next),
            }
        }
        living
    }

    fn new(live: &'a [LiveFrame<'a>], index: usize) -> Self {
        let frame = &live[index];
        Self {
            site: frame.site,
            annotated: frame.annotated.then_some(index),
            attempt: frame.attempt.is_some().then_some(index),
            live,
        }
    }

    /// Two halves of a call.
    fn is_one_with(&self, next: &Self) -> bool {
        self.site.function == next.site.function
            && self.site.module == next.site.module
            && self.annotated.is_some() != next.annotated.is_some()
            && self.attempt.is_some() != next.attempt.is_some()
    }

    /// Oldest first.
    fn anchors(&self) -> impl Iterator<Item = usize> {
        let (first, second) = (self.annotated.min(self.attempt), self.annotated.max(self.attempt));
        let second = if first == second { None } else { second };
        first.into_iter().chain(second).filter_map(|index| self.live.get(index)).map(|frame| frame.anchor)
    }

    fn stops(&self, stack: &Stack) -> impl Iterator<Item = usize> {
        self.anchors().filter_map(|anchor| stack.stop_of(anchor))
    }

    fn fit(&self, call: &Call) -> Fit {
        let Some(name) = &call.name else { return Fit::No };
        if call.owner == Owner::Glue {
            return Fit::No;
        }
        if self.is_block() {
            return if name.is_in(self.site.module) { Fit::Module } else { Fit::No };
        }
        match name.fit(self.site.module, self.site.function) {
            // Another crate's function of that name, inlined, or ours in a form that does not tell.
            Fit::Name if call.owner != Owner::App => Fit::No,
            fit => fit,
        }
    }

    /// A block has no name of its own: it is part of a function in its module.
    fn is_block(&self) -> bool {
        !self.site.function.chars().all(|character| character.is_alphanumeric() || "_#".contains(character))
    }
}

fn are_near(stack: &Stack, older: &LiveFrame<'_>, newer: &LiveFrame<'_>) -> bool {
    match (stack.stop_of(older.anchor), stack.stop_of(newer.anchor)) {
        (Some(older), Some(newer)) => older >= newer && older - newer <= FROM_CALL_TO_BODY,
        _ => true,
    }
}

impl<'a> Matched<'a> {
    /// In one pass from the oldest to the newest, so that their order is kept.
    pub(super) fn new(stack: &Stack, live: &'a [LiveFrame<'a>]) -> Self {
        let count = stack.calls.len();
        let living = Living::of(live, stack);
        let mut matched = Self {
            claims: vec![None; count],
            bodies: vec![false; count],
            unseen: Vec::new(),
            living: Vec::new(),
        };
        let mut cursor = 0;
        let mut open = 0;
        for (index, one) in living.iter().enumerate() {
            let next_stop = living.get(index + 1).and_then(|next| next.stops(stack).next());
            if let Some(call) = find(stack, one, cursor, next_stop) {
                for unseen in matched.unseen.get_mut(open..).unwrap_or_default() {
                    unseen.before = unseen.before.min(call);
                }
                open = matched.unseen.len();
                cursor = call + 1;
                matched.claim(stack, index, one, call);
            } else {
                let stop = one.stops(stack).last();
                if stop.is_some_and(|stop| stack.was_left_out(stop)) {
                    continue;
                }
                let before = stop.map_or(cursor, |stop| {
                    let span = stack.span(stop);
                    if stack.is_oldest(stop) { span.start } else { span.end }
                });
                let least = matched.unseen.last().map_or(cursor, |unseen| unseen.before.max(cursor));
                matched.unseen.push(Unseen { living: index, before: before.max(least), stop });
            }
        }
        matched.living = living;
        matched
    }

    fn claim(&mut self, stack: &Stack, index: usize, one: &Living<'_>, call: usize) {
        if let Some(claim) = self.claims.get_mut(call) {
            *claim = Some(index);
        }
        let spans: Vec<_> = one.stops(stack).map(|stop| stack.span(stop)).collect();
        let Some(name) = stack.calls.get(call).and_then(|call| call.name.as_ref()) else { return };
        for body in spans.into_iter().flatten().filter(|body| *body > call) {
            let is_inside = |inner: &Name| inner.path == name.path && inner.closures > name.closures;
            if stack.calls.get(body).and_then(|call| call.name.as_ref()).is_some_and(is_inside)
                && let Some(is_body) = self.bodies.get_mut(body)
            {
                *is_body = true;
            }
        }
    }
}

/// The call that it is: in the stack frame around its address; else, of a future, in one that is called from there.
fn find(stack: &Stack, one: &Living<'_>, cursor: usize, next_stop: Option<usize>) -> Option<usize> {
    for stop in one.stops(stack) {
        let calls = stack.span(stop).filter(|call| *call >= cursor);
        let fitting = |least: Fit| {
            calls.clone().find(|call| stack.calls.get(*call).is_some_and(|call| one.fit(call) >= least))
        };
        if let Some(call) = fitting(Fit::Crate).or_else(|| fitting(Fit::Name)) {
            return Some(call);
        }
    }
    let polled_from = one.stops(stack).last()?;
    let newest = next_stop.unwrap_or(0).max(polled_from.saturating_sub(FROM_POLL_TO_BODY));
    for stop in (newest..polled_from).rev() {
        let is_body = |call: &Call| {
            one.fit(call) >= Fit::Crate
                && call.name.as_ref().is_some_and(|name| name.closures > 0 || one.is_block())
        };
        let mut calls = stack.span(stop).filter(|call| *call >= cursor);
        if let Some(call) = calls.find(|call| stack.calls.get(*call).is_some_and(is_body)) {
            return Some(call);
        }
    }
    // Without symbols the stack frame is all that is known.
    let unnamed = |call: &usize| stack.calls.get(*call).is_some_and(|call| call.name.is_none());
    stack.span(polled_from).find(|call| *call >= cursor && unnamed(call) && !stack.is_oldest(polled_from))
}
