//! How each kind of value is kept, and how the compiler finds out which kind it is.
//!
//! A local's type may be known only at the end of the body (`let mut v = Vec::new(); v.push(..)`), so nothing is asked
//! of it where it is bound. Its slot has a holder `H` that the compiler infers, from a probe that stands behind the
//! body and never runs; the type gets there by a [`Type`], of which nothing is left at run time either.

use std::fmt::{self, Debug};
use std::marker::PhantomData;

use super::Secrecy;
use super::chain::{Borrowing, ByReference, Frame, Holder, Keeps, Kind, Slot};
use super::plain::{Plain, Returns};
use super::snapshot::{Snapshot, Taken, show_bounded};

/// What a function binds, as the macro wrote it.
#[derive(Debug)]
pub struct Bindings {
    /// What is known of each before the program runs.
    pub bindings: &'static [Binding],
    /// The places at which they are kept, when they are bound and when they are assigned: which binding, and the line.
    pub places: &'static [(u32, u32)],
    /// The most bytes to show of each; 0 where the attribute does not say.
    pub limit: u32,
}

/// One of them.
#[derive(Debug)]
pub struct Binding {
    /// Its name.
    pub name: &'static str,
    /// What else is known of it: the sum of the constants below, as a number since the compiler reads one for each.
    pub is: u8,
}

impl Binding {
    /// It is an argument.
    const ARGUMENT: u8 = 1;
    /// It is assigned later.
    const ASSIGNED: u8 = 2;
    /// It may change unseen: it is `mut`, and borrowed, or changed in part.
    const CHANGES: u8 = 4;
    /// The attribute says that it is not to be shown.
    const REDACTED: u8 = 8;
    /// The attribute says that it is to be shown whatever its name.
    const ALLOWED: u8 = 16;

    pub(super) const fn is_argument(&self) -> bool {
        self.is & Self::ARGUMENT != 0
    }

    pub(super) const fn is_assigned(&self) -> bool {
        self.is & Self::ASSIGNED != 0
    }

    pub(super) const fn changes(&self) -> bool {
        self.is & Self::CHANGES != 0
    }

    pub(super) const fn secrecy(&self) -> Secrecy {
        if self.is & Self::ALLOWED != 0 {
            Secrecy::Allow
        } else if self.is & Self::REDACTED != 0 {
            Secrecy::Redact
        } else {
            Secrecy::ByName
        }
    }
}

impl Bindings {
    pub(super) const NONE: Self = Self { bindings: &[], places: &[], limit: 0 };

    pub(super) const fn limit(&self) -> usize {
        if self.limit == 0 { LIMIT } else { self.limit as usize }
    }

    /// The binding that is kept at this place, and the line.
    pub(super) fn at(&'static self, place: u32) -> Option<(&'static Binding, u32)> {
        let (binding, line) = *self.places.get(place as usize)?;
        Some((self.bindings.get(binding as usize)?, line))
    }
}

/// The most bytes that are shown of one value, unless the attribute says otherwise.
const LIMIT: usize = 1024;

/// The type of a local.
pub struct Type<T>(PhantomData<fn() -> *const T>);

impl<T> Debug for Type<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Type")
    }
}

impl<T> Clone for Type<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Type<T> {}

impl<T> Type<T> {
    /// The type of a local, which the compiler has yet to find.
    pub const UNKNOWN: Self = Self(PhantomData);

    /// It is this value's.
    pub fn is(_this: Self, _value: &T) {}
}

/// The type of an argument.
pub fn type_of<T>(_value: &T) -> Type<T> {
    Type::UNKNOWN
}

/// A value is bound: it is kept, and a part of its frame until the end of its scope.
#[inline]
pub fn bind<H: Keeps<T>, T>(frame: &Frame, slot: &Slot<H>, place: u32, value: &T) {
    slot.link(frame);
    slot.keep(frame, place, value);
}

/// A local is declared that will be bound later.
#[inline]
pub fn declare<H: Holder>(frame: &Frame, slot: &Slot<H>) {
    slot.clear();
    slot.link(frame);
}

/// A local is assigned: for the first time, or again.
#[inline]
pub fn assign<H: Keeps<T>, T>(frame: &Frame, slot: &Slot<H>, place: u32, value: &T) {
    if matches!(H::KIND, Kind::Data) || !slot.is_bound() {
        slot.keep(frame, place, value);
    }
}

/// A value is bound of which the user listed the name.
pub fn write<T: Debug>(frame: &Frame, slot: &Slot<Written>, place: u32, value: &T) {
    slot.link(frame);
    slot.keep(frame, place, value);
}

/// The same, assigned: for the first time, if it was only declared before.
pub fn write_later<T: Debug>(frame: &Frame, slot: &Slot<Written>, place: u32, value: &T) {
    if !slot.is_bound() {
        slot.keep(frame, place, value);
    }
}

/// The end of the branch that never runs.
pub fn never() -> ! {
    unreachable!("only what is said of types before it is of use")
}

/// A value of any type, which is never made.
#[allow(clippy::must_use_candidate)] // what is of use is that it never returns
pub fn any<T>(_type: Type<T>) -> T {
    never()
}

/// It is the type of what never is.
pub fn is_never(_type: Type<<fn() -> ! as Returns>::Output>) {}

/// A borrow that the user asked for.
#[inline]
pub fn borrow<'a, T: Debug>(
    frame: &Frame,
    slot: &'a Slot<ByReference<T>>,
    place: u32,
    value: &'a T,
) -> Borrowing<'a, T> {
    slot.link(frame);
    Borrowing::new(frame, slot, place, value)
}

/// Empties a slot that stores something that has to be dropped.
#[must_use = "what is stored is dropped with this"]
#[derive(Debug)]
pub struct Emptied<'a, H: Holder>(&'a Slot<H>);

/// At the end of the scope in which a value is bound.
#[inline]
pub fn emptied<H: Holder>(slot: &Slot<H>) -> Emptied<'_, H> {
    Emptied(slot)
}

impl<H: Holder> Drop for Emptied<'_, H> {
    fn drop(&mut self) {
        drop(self.0.clear());
    }
}

/// Keeps nothing but the type.
#[derive(Debug)]
pub struct NotKept;

impl Holder for NotKept {
    type Stored = ();
}

impl<T> Keeps<T> for NotKept {
    const KIND: Kind = Kind::NotKept(
        "list what has a `Debug`: `#[crash_context(name, ..)]` for how it was when it was bound, `&name` for a borrow",
    );
    #[inline]
    fn kept(_value: &T, _bindings: &Bindings) {}
    fn show((): &(), _limit: usize, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// Keeps nothing but the type, of what outside a loop would be kept.
#[derive(Debug)]
pub struct InLoop;

impl Holder for InLoop {
    type Stored = ();
}

impl<T> Keeps<T> for InLoop {
    const KIND: Kind =
        Kind::NotKept("list what is text or a collection and bound in a loop: `#[crash_context(name, ..)]`");
    #[inline]
    fn kept(_value: &T, _bindings: &Bindings) {}
    fn show((): &(), _limit: usize, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// Keeps plain data.
#[derive(Debug)]
pub struct Data<C>(PhantomData<fn() -> C>);

impl<C> Holder for Data<C> {
    type Stored = C;
}

impl<T: Plain> Keeps<T> for Data<T::Copy> {
    const KIND: Kind = Kind::Data;
    #[inline]
    fn kept(value: &T, _bindings: &Bindings) -> T::Copy {
        value.copied()
    }
    fn show(stored: &T::Copy, _limit: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        stored.fmt(f)
    }
}

/// Keeps an argument as it is.
#[derive(Debug)]
pub struct Argument<T>(PhantomData<fn() -> T>);

impl<T> Holder for Argument<T> {
    type Stored = T;
}

impl<T: Copy + Debug> Keeps<T> for Argument<T> {
    const KIND: Kind = Kind::UserCode;
    #[inline]
    fn kept(value: &T, _bindings: &Bindings) -> T {
        *value
    }
    fn show(stored: &T, _limit: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        stored.fmt(f)
    }
}

/// Keeps an argument that is a reference to text or to a collection.
#[derive(Debug)]
pub struct KnownArgument<T>(PhantomData<fn() -> T>);

impl<T> Holder for KnownArgument<T> {
    type Stored = T;
}

impl<T: Copy + Snapshot> Keeps<T> for KnownArgument<T> {
    const KIND: Kind = Kind::Copied;
    #[inline]
    fn kept(value: &T, _bindings: &Bindings) -> T {
        *value
    }
    fn show(stored: &T, limit: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show_bounded(stored, limit, f)
    }
}

/// Keeps the beginning of a text or a collection.
#[derive(Debug)]
pub struct Beginning;

impl Holder for Beginning {
    type Stored = Taken;
}

impl<T: Snapshot> Keeps<T> for Beginning {
    const KIND: Kind = Kind::Snapshot;
    #[inline]
    fn kept(value: &T, _bindings: &Bindings) -> Taken {
        Taken::of(value)
    }
    fn show(stored: &Taken, _limit: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        stored.show::<T>(f)
    }
}

/// Keeps what the value's `Debug` writes.
#[derive(Debug)]
pub struct Written;

impl Holder for Written {
    type Stored = Box<str>;
}

impl<T: Debug> Keeps<T> for Written {
    const KIND: Kind = Kind::Snapshot;
    fn kept(value: &T, bindings: &Bindings) -> Box<str> {
        super::written::written(value, bindings.limit())
    }
    fn show(stored: &Box<str>, _limit: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(stored)
    }
}
