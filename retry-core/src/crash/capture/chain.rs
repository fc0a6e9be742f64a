//! The frames that are alive on this thread, each linked to the one below it, and in each the values it keeps.
//!
//! Everything here is addresses: a frame stands in its function's stack frame or future, a value in a slot beside it.
//! While nothing crashes they are only written; a crash on the same thread reads them.
#![allow(unsafe_code)]

use std::cell::{Cell, UnsafeCell};
use std::fmt;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ptr::{from_ref, null};

use super::slot::{Binding, Bindings};
use crate::crash::report::AttemptInfo;
use crate::site::Site;

thread_local! {
    // Constant and without a destructor: it can be read while other thread-locals are being destroyed.
    static NEWEST: Cell<*const Frame> = const { Cell::new(null()) };
}

/// One frame: of an annotated function while it runs, or of a retried call from its second attempt on.
pub struct Frame {
    site: &'static Site,
    bindings: Cell<&'static Bindings>,
    below: Cell<*const Frame>,
    anchor: Cell<*const ()>,
    newest_value: Cell<*const Header>,
    /// Set for a retried call.
    attempt: Cell<*const AttemptInfo>,
}

// Reason: a frame in a future moves with it between threads, and the compiler sees references to it held across awaits.
// It is written only by the code of the function that it belongs to, and read only by a crash on the thread that runs
// that code, so never from two threads at once.
unsafe impl Send for Frame {}
unsafe impl Sync for Frame {}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame").field("site", self.site).finish_non_exhaustive()
    }
}

impl Frame {
    /// Not yet on any stack.
    #[inline]
    #[must_use]
    pub const fn new(site: &'static Site) -> Self {
        Self {
            site,
            bindings: Cell::new(&Bindings::NONE),
            below: Cell::new(null()),
            anchor: Cell::new(null()),
            newest_value: Cell::new(null()),
            attempt: Cell::new(null()),
        }
    }

    /// On top of this thread's stack, until the guard is dropped.
    #[inline]
    pub fn enter(&self, bindings: &'static Bindings) -> Entered<'_> {
        self.bindings.set(bindings);
        self.push(from_ref(self).cast());
        Entered(self)
    }

    /// The same where the frame itself does not stand on the stack: something that does is its anchor there.
    #[inline]
    pub(crate) fn enter_at<T>(&self, anchor: &T) -> Entered<'_> {
        self.push(from_ref(anchor).cast());
        Entered(self)
    }

    #[inline]
    pub(crate) fn push(&self, anchor: *const ()) {
        self.anchor.set(anchor);
        self.below.set(NEWEST.get());
        NEWEST.set(self);
    }

    /// Off the stack, and all that was put upon it and never taken off.
    #[inline]
    pub(crate) fn pop(&self) {
        NEWEST.set(self.below.get());
    }

    pub(super) fn site(&self) -> &'static Site {
        self.site
    }

    #[inline]
    pub(super) fn bindings(&self) -> &'static Bindings {
        self.bindings.get()
    }

    pub(super) fn anchor(&self) -> usize {
        self.anchor.get().addr()
    }

    /// How far the retried call has come that this is the frame of.
    pub(super) fn attempt(&self) -> Option<&AttemptInfo> {
        // Reason: set by `CallFrame`, of which both are parts, each time it goes on the stack.
        unsafe { self.attempt.get().as_ref() }
    }

    /// The values, newest first.
    pub(super) fn values(&self) -> Vec<Value<'_>> {
        let mut values = Vec::new();
        let mut next = self.newest_value.get();
        // Reason: a value is in this list only from its binding to the end of its scope, its slot lives to the end of
        // the function, and both ends run on unwinding as well.
        while let Some(header) = unsafe { next.as_ref() } {
            next = header.older.get();
            let bound = self.bindings().at(header.place.get());
            if let (Some(shape), Some((binding, line))) = (header.shape.get(), bound) {
                values.push(Value { header, shape, binding, line });
            }
        }
        values
    }
}

/// Takes its frame off the stack.
#[must_use = "the frame leaves the stack when this is dropped"]
#[derive(Debug)]
pub struct Entered<'a>(&'a Frame);

impl Drop for Entered<'_> {
    #[inline]
    fn drop(&mut self) {
        self.0.pop();
    }
}

/// Calls with the frames that are alive on this thread, newest first.
pub(super) fn with_frames<R>(read: impl FnOnce(&[&Frame]) -> R) -> R {
    let mut frames = Vec::new();
    let mut next = NEWEST.get();
    // Reason: whoever puts a frame on the stack holds the guard that takes it off before the frame is gone; the macros
    // write both next to each other. While this function runs none of them can leave.
    while let Some(frame) = unsafe { next.as_ref() } {
        frames.push(frame);
        next = frame.below.get();
    }
    read(&frames)
}

/// The frame of a retried call, from its first failure on.
#[derive(Debug)]
pub(crate) struct CallFrame {
    frame: Frame,
    info: AttemptInfo,
    stays: bool,
}

impl CallFrame {
    /// It must not move while it is on the stack.
    pub(crate) fn new(site: &'static Site) -> Self {
        let info = AttemptInfo { number: 1, max: None, earlier: Vec::new() };
        Self { frame: Frame::new(site), info, stays: false }
    }

    /// What the report says; not while it is on the stack.
    pub(crate) fn info(&mut self) -> &mut AttemptInfo {
        self.end();
        &mut self.info
    }

    /// On the stack while the guard lives, at this place of what polls the call.
    pub(crate) fn enter<T>(&self, anchor: &T) -> Entered<'_> {
        self.push(from_ref(anchor).cast());
        Entered(&self.frame)
    }

    /// On the stack until the call ends, at this place: of a call that stays on this thread.
    pub(crate) fn stay<T>(&mut self, anchor: &T) {
        self.end();
        self.push(from_ref(anchor).cast());
        self.stays = true;
    }

    fn push(&self, anchor: *const ()) {
        self.frame.attempt.set(&raw const self.info);
        self.frame.push(anchor);
    }

    fn end(&mut self) {
        if self.stays {
            self.frame.pop();
            self.stays = false;
        }
    }
}

impl Drop for CallFrame {
    fn drop(&mut self) {
        self.end();
    }
}

/// A block of the function's body: the values bound in it leave with it.
#[must_use = "the values leave when this is dropped"]
#[derive(Debug)]
pub struct Scope<'a> {
    frame: &'a Frame,
    outer: *const Header,
}

// Reason: as for `Frame`, of which it is a part.
unsafe impl Send for Scope<'_> {}
unsafe impl Sync for Scope<'_> {}

impl<'a> Scope<'a> {
    /// The whole body of a frame that is on the stack while it is polled.
    #[inline]
    pub fn body(frame: &'a Frame, bindings: &'static Bindings) -> Self {
        frame.bindings.set(bindings);
        Self::enter(frame)
    }

    /// Begins here.
    #[inline]
    pub fn enter(frame: &'a Frame) -> Self {
        Self { frame, outer: frame.newest_value.get() }
    }
}

impl Drop for Scope<'_> {
    #[inline]
    fn drop(&mut self) {
        self.frame.newest_value.set(self.outer);
    }
}

/// What is known of a value whatever its type.
#[repr(C)]
pub(super) struct Header {
    older: Cell<*const Header>,
    /// Set once it is bound.
    shape: Cell<Option<&'static Shape>>,
    /// Which of its frame's bindings it is, and at which line it was kept.
    place: Cell<u32>,
}

/// A place for one value, as its holder keeps it.
#[repr(C)]
pub struct Slot<H: Holder> {
    header: Header,
    stored: UnsafeCell<MaybeUninit<H::Stored>>,
}

/// How a value is kept.
pub trait Holder {
    /// What is stored of it.
    type Stored;
}

/// A way to keep values of type `T`.
pub trait Keeps<T>: Holder {
    /// Which way.
    const KIND: Kind;

    /// What is stored of a value.
    fn kept(value: &T, bindings: &Bindings) -> Self::Stored;

    /// What is stored, as the value's `Debug` would write it; `limit` is about how many bytes of it are read.
    ///
    /// # Errors
    /// Those of the formatter.
    fn show(stored: &Self::Stored, limit: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

/// Which way a value is kept, as far as a report has to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Its type only; how to have it kept.
    NotKept(&'static str),
    /// As it is at the crash, since it is kept again when it is assigned.
    Data,
    /// As it was at its binding, which is as it is at the crash if it is never assigned.
    Copied,
    /// The same, and showing it runs the user's code.
    UserCode,
    /// As it was at its binding.
    Snapshot,
}

/// What is known of a value by its type.
#[derive(Debug)]
struct Shape {
    type_name: fn() -> &'static str,
    kind: Kind,
    show: unsafe fn(Stored<'_>, usize, &mut fmt::Formatter<'_>) -> fmt::Result,
}

trait HasShape<T> {
    const SHAPE: &'static Shape;
}

impl<T, H: Keeps<T>> HasShape<T> for Slot<H> {
    // Reason: a shape reaches a slot only through `Slot::keep`, with what it can show.
    const SHAPE: &'static Shape = &Shape {
        type_name: std::any::type_name::<T>,
        kind: H::KIND,
        show: |stored, limit, f| H::show(unsafe { stored.get::<H>() }, limit, f),
    };
}

// Reason: as for `Frame`. What is stored of a local can be sent anywhere (plain data); what is stored of an argument is a
// copy of it, and the future that the slot is in holds the argument as well: if that may not be sent, nor may this.
unsafe impl<H: Holder> Send for Slot<H> {}
unsafe impl<H: Holder> Sync for Slot<H> {}

impl<H: Holder> fmt::Debug for Slot<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").field("place", &self.header.place).finish_non_exhaustive()
    }
}

impl<H: Holder> Slot<H> {
    /// Nothing is bound yet.
    #[inline]
    #[must_use]
    #[allow(clippy::new_without_default)] // only the macros make one
    pub const fn new() -> Self {
        let header = Header { older: Cell::new(null()), shape: Cell::new(None), place: Cell::new(0) };
        Self { header, stored: UnsafeCell::new(MaybeUninit::uninit()) }
    }

    /// Into the list of its frame; once for each time that its scope is entered.
    #[inline]
    pub(super) fn link(&self, frame: &Frame) {
        self.header.older.set(frame.newest_value.get());
        frame.newest_value.set(from_ref(self).cast());
    }

    /// Kept, as of this place. What was stored before is forgotten, not dropped.
    #[inline]
    pub(super) fn keep<T>(&self, frame: &Frame, place: u32, value: &T)
    where
        H: Keeps<T>,
    {
        let stored = H::kept(value, frame.bindings());
        // Reason: nobody holds a reference to what is stored but a crash on this very thread, which does not return here.
        unsafe { (*self.stored.get()).write(stored) };
        self.header.shape.set(Some(<Self as HasShape<T>>::SHAPE));
        self.header.place.set(place);
    }

    /// Not bound any more; what was stored is given back.
    #[inline]
    pub(super) fn clear(&self) -> Option<H::Stored> {
        self.header.shape.take()?;
        // Reason: there was a shape, so something had been stored, and it is read this once, since now there is none.
        Some(unsafe { (*self.stored.get()).assume_init_read() })
    }

    #[inline]
    pub(super) fn is_bound(&self) -> bool {
        self.header.shape.get().is_some()
    }
}

/// A value in a slot that has one.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    header: &'a Header,
    shape: &'static Shape,
    binding: &'static Binding,
    line: u32,
}

impl Value<'_> {
    pub(super) fn binding(self) -> &'static Binding {
        self.binding
    }

    pub(super) fn type_name(self) -> &'static str {
        (self.shape.type_name)()
    }

    pub(super) fn kind(self) -> Kind {
        self.shape.kind
    }

    pub(super) fn line(self) -> u32 {
        self.line
    }

    pub(super) fn show(self, limit: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Reason: the shape was stored with the value.
        unsafe { (self.shape.show)(Stored { header: self.header, alive: PhantomData }, limit, f) }
    }
}

/// What a slot stores, its type forgotten.
#[derive(Clone, Copy)]
struct Stored<'a> {
    header: *const Header,
    alive: PhantomData<&'a Header>,
}

impl<'a> Stored<'a> {
    /// # Safety
    /// Something is stored, by a slot with this holder.
    unsafe fn get<H: Holder>(self) -> &'a H::Stored
    where
        H::Stored: 'a,
    {
        // Reason: the header is the first field of its slot, whose address it was made from.
        unsafe { (*(*self.header.cast::<Slot<H>>()).stored.get()).assume_init_ref() }
    }
}

/// Keeps the address of what the user asked to be borrowed.
#[derive(Debug)]
pub struct ByReference<T>(PhantomData<fn() -> *const T>);

/// The address of something borrowed.
#[derive(Debug)]
pub struct Address<T>(*const T);

impl<T> Holder for ByReference<T> {
    type Stored = Address<T>;
}

impl<T: fmt::Debug> Keeps<T> for ByReference<T> {
    const KIND: Kind = Kind::UserCode;

    fn kept(value: &T, _bindings: &Bindings) -> Address<T> {
        Address(value)
    }

    fn show(stored: &Address<T>, _limit: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Reason: `Borrowing` is the only one who keeps such, and empties the slot before its borrow ends.
        unsafe { (*stored.0).fmt(f) }
    }
}

/// A borrow, for as long as it is alive. Dropped, its slot is empty again.
#[must_use = "the value is kept as long as this is alive"]
pub struct Borrowing<'a, T> {
    slot: &'a Slot<ByReference<T>>,
    alive: PhantomData<&'a T>,
}

impl<T> fmt::Debug for Borrowing<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Borrowing")
    }
}

impl<'a, T: fmt::Debug> Borrowing<'a, T> {
    #[inline]
    pub(super) fn new(frame: &Frame, slot: &'a Slot<ByReference<T>>, place: u32, value: &'a T) -> Self {
        slot.keep(frame, place, value);
        Self { slot, alive: PhantomData }
    }
}

impl<T> Drop for Borrowing<'_, T> {
    #[inline]
    fn drop(&mut self) {
        self.slot.clear();
    }
}
