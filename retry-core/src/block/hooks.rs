//! Whom a block's policy tells.

use std::sync::Arc;

use crate::event::Event;

/// When hooks are told something.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    Retry,
    GiveUp,
    Success,
}

/// Whom to tell.
#[doc(hidden)]
pub trait Hooks<E> {
    /// An event reads the clock, so it is made only where somebody wants it.
    fn tell<'a>(&self, moment: Moment, event: &dyn Fn() -> Event<'a, E>)
    where
        E: 'a;
}

/// Nobody.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct NoHooks;

impl<E> Hooks<E> for NoHooks {
    fn tell<'a>(&self, _: Moment, _: &dyn Fn() -> Event<'a, E>)
    where
        E: 'a,
    {
    }
}

/// Those that were there before, and one more.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Hook<F, H> {
    pub(super) before: H,
    pub(super) moment: Moment,
    pub(super) tell: F,
}

impl<E, F: Fn(Event<'_, E>), H: Hooks<E>> Hooks<E> for Hook<F, H> {
    fn tell<'a>(&self, moment: Moment, event: &dyn Fn() -> Event<'a, E>)
    where
        E: 'a,
    {
        self.before.tell(moment, event);
        if self.moment == moment {
            (self.tell)(event());
        }
    }
}

impl<E, H: Hooks<E> + ?Sized> Hooks<E> for Arc<H> {
    fn tell<'a>(&self, moment: Moment, event: &dyn Fn() -> Event<'a, E>)
    where
        E: 'a,
    {
        H::tell(self, moment, event);
    }
}
