//! Bounded snapshots of text and collections: the length and the first bytes or items, copied without running
//! anyone's code and without allocating, and shown later as their `Debug` would show them.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::ffi::{CStr, CString, OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{self, AtomicBool};
use std::time::Duration;

/// What a snapshot at a binding takes at most.
const SIZE: usize = 96;

/// A snapshot in a slot.
#[derive(Clone, Copy)]
pub struct Taken {
    used: u8,
    bytes: [u8; SIZE],
}

impl fmt::Debug for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Taken").field("used", &self.used).finish_non_exhaustive()
    }
}

impl Taken {
    /// Of a value, as it is now.
    #[inline]
    pub(super) fn of<T: Snapshot + ?Sized>(value: &T) -> Self {
        let mut bytes = [0; SIZE];
        let mut sink = Sink { bytes: &mut bytes, used: 0 };
        let _ = value.take(&mut sink);
        #[allow(clippy::cast_possible_truncation)] // at most `SIZE`
        let used = sink.used as u8;
        Self { used, bytes }
    }

    /// As the value's `Debug` would show it.
    pub(super) fn show<T: Snapshot + ?Sized>(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.bytes.get(..self.used.into()).unwrap_or_default();
        shown_from::<T>(bytes, f)
    }
}

/// A value that is still there, bounded as a snapshot is, but at a crash: with room for as much as is shown. What is read
/// of it is fewer bytes than that where they are longer as text, so that the length behind them is not cut off.
pub(super) fn show_bounded<T: Snapshot + ?Sized>(
    value: &T,
    limit: usize,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut room = limit.max(ENOUGH);
    loop {
        let text = format!("{:?}", Read { value, room });
        if text.len() <= limit || room <= ENOUGH {
            return f.write_str(&text);
        }
        room = (room - room / 4).max(ENOUGH);
    }
}

/// Fewer bytes of a value are not worth reading.
const ENOUGH: usize = 64;

/// So many bytes of a value.
struct Read<'a, T: ?Sized> {
    value: &'a T,
    room: usize,
}

impl<T: Snapshot + ?Sized> fmt::Debug for Read<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![0; self.room];
        let mut sink = Sink { bytes: &mut bytes, used: 0 };
        let _ = self.value.take(&mut sink);
        let used = sink.used;
        shown_from::<T>(bytes.get(..used).unwrap_or_default(), f)
    }
}

fn shown_from<T: Snapshot + ?Sized>(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    T::show(&mut Source(bytes), f)
}

/// What there was no room for.
#[derive(Debug)]
pub struct Full;

/// Where a snapshot is put.
#[derive(Debug)]
pub struct Sink<'a> {
    bytes: &'a mut [u8],
    used: usize,
}

impl Sink<'_> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) -> Result<(), Full> {
        let end = self.used.saturating_add(bytes.len());
        self.bytes.get_mut(self.used..end).ok_or(Full)?.copy_from_slice(bytes);
        self.used = end;
        Ok(())
    }

    /// A length, which is a number of items or bytes that the value has.
    #[inline]
    fn put_length(&mut self, length: usize) -> Result<(), Full> {
        self.put(&length.to_ne_bytes())
    }

    fn room(&self) -> usize {
        self.bytes.len() - self.used
    }

    /// The length, then as many items as there is room for, each behind a byte that says that there is one.
    fn put_items<I>(
        &mut self,
        length: usize,
        items: impl Iterator<Item = I>,
        put: impl Fn(&mut Self, I) -> Result<(), Full>,
    ) -> Result<(), Full> {
        self.put_length(length)?;
        for item in items {
            let begin = self.used;
            if self.put(&[1]).and_then(|()| put(self, item)).is_err() {
                self.used = begin;
                break;
            }
        }
        // Where there is no room for it, the end of the snapshot says so.
        let _ = self.put(&[0]);
        Ok(())
    }
}

/// Where a snapshot is read from.
#[derive(Debug)]
pub struct Source<'a>(&'a [u8]);

impl<'a> Source<'a> {
    fn get(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(bytes)
    }

    fn get_array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.get(N).and_then(|bytes| bytes.try_into().ok())
    }

    fn get_length(&mut self) -> Option<usize> {
        self.get_array().map(usize::from_ne_bytes)
    }

    fn has_item(&mut self) -> bool {
        self.get_array() == Some([1])
    }
}

/// A value of which a snapshot can be taken.
pub trait Snapshot {
    /// Puts the value, or its beginning.
    ///
    /// # Errors
    /// There is not even room for its beginning.
    fn take(&self, sink: &mut Sink<'_>) -> Result<(), Full>;

    /// What was put, as the value's `Debug` would show it.
    ///
    /// # Errors
    /// Those of the formatter.
    fn show(source: &mut Source<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

/// Where there was no room for it.
fn missing(f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("...")
}

macro_rules! numbers {
    ($($number:ty)+) => {$(
        impl Snapshot for $number {
            #[inline]
            fn take(&self, sink: &mut Sink<'_>) -> Result<(), Full> {
                sink.put(&self.to_ne_bytes())
            }
            fn show(source: &mut Source<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match source.get_array() {
                    Some(bytes) => fmt::Debug::fmt(&Self::from_ne_bytes(bytes), f),
                    None => missing(f),
                }
            }
        }
    )+};
}
numbers!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64);

/// Types that can be made of another one.
macro_rules! by_way_of {
    ($($type:ty as $way:ty: |$self:ident| $there:expr, |$back:ident| $shown:expr;)+) => {$(
        impl Snapshot for $type {
            #[inline]
            fn take(&self, sink: &mut Sink<'_>) -> Result<(), Full> {
                let $self = self;
                <$way>::take(&$there, sink)
            }
            fn show(source: &mut Source<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match source.get_array().map(<$way>::from_ne_bytes) {
                    Some($back) => fmt::Debug::fmt(&$shown, f),
                    None => missing(f),
                }
            }
        }
    )+};
}
by_way_of! {
    bool as u8: |it| u8::from(*it), |byte| byte != 0;
    char as u32: |it| u32::from(*it), |code| char::from_u32(code).unwrap_or_default();
    Duration as u128: |it| it.as_nanos(), |nanos| duration(nanos);
    std::net::Ipv4Addr as u32: |it| it.to_bits(), |bits| Self::from_bits(bits);
    std::net::Ipv6Addr as u128: |it| it.to_bits(), |bits| Self::from_bits(bits);
    AtomicBool as u8: |it| u8::from(it.load(atomic::Ordering::Relaxed)), |byte| byte != 0;
    atomic::AtomicU32 as u32: |it| it.load(atomic::Ordering::Relaxed), |number| number;
    atomic::AtomicU64 as u64: |it| it.load(atomic::Ordering::Relaxed), |number| number;
    atomic::AtomicUsize as usize: |it| it.load(atomic::Ordering::Relaxed), |number| number;
    atomic::AtomicI32 as i32: |it| it.load(atomic::Ordering::Relaxed), |number| number;
    atomic::AtomicI64 as i64: |it| it.load(atomic::Ordering::Relaxed), |number| number;
    atomic::AtomicIsize as isize: |it| it.load(atomic::Ordering::Relaxed), |number| number;
}

fn duration(nanos: u128) -> Duration {
    const SECOND: u128 = 1_000_000_000;
    let seconds = u64::try_from(nanos / SECOND).unwrap_or(u64::MAX);
    Duration::new(seconds, u32::try_from(nanos % SECOND).unwrap_or_default())
}

impl Snapshot for () {
    fn take(&self, _sink: &mut Sink<'_>) -> Result<(), Full> {
        Ok(())
    }
    fn show(_source: &mut Source<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("()")
    }
}

/// The length, how many bytes there are of it here, and these.
#[inline]
fn take_text(bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), Full> {
    sink.put_length(bytes.len())?;
    let room = sink.room().saturating_sub(size_of::<u16>());
    let kept = u16::try_from(bytes.len().min(room)).unwrap_or(u16::MAX);
    sink.put(&kept.to_ne_bytes())?;
    sink.put(bytes.get(..kept.into()).unwrap_or_default())
}

fn show_text(source: &mut Source<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let length = source.get_length();
    let kept = source.get_array().map(u16::from_ne_bytes);
    let (Some(length), Some(kept)) = (length, kept) else { return missing(f) };
    let Some(bytes) = source.get(kept.into()) else { return missing(f) };
    if bytes.len() == length {
        return fmt::Debug::fmt(&*String::from_utf8_lossy(bytes), f);
    }
    // What is cut may end within a character.
    let whole = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let text = if whole.len() + 4 > bytes.len() { whole.into() } else { String::from_utf8_lossy(bytes) };
    write!(f, "{text:?}... ({length} bytes)")
}

macro_rules! texts {
    ($($type:ty: |$self:ident| $bytes:expr;)+) => {$(
        impl Snapshot for $type {
            #[inline]
            fn take(&self, sink: &mut Sink<'_>) -> Result<(), Full> {
                let $self = self;
                take_text($bytes, sink)
            }
            fn show(source: &mut Source<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                show_text(source, f)
            }
        }
    )+};
}
texts! {
    str: |text| text.as_bytes();
    String: |text| text.as_bytes();
    Path: |path| path.as_os_str().as_encoded_bytes();
    PathBuf: |path| path.as_os_str().as_encoded_bytes();
    OsStr: |text| text.as_encoded_bytes();
    OsString: |text| text.as_encoded_bytes();
    CStr: |text| text.to_bytes();
    CString: |text| text.to_bytes();
}

/// Items in brackets, as many as there are here, and how many there were where that is not all.
fn show_items(
    source: &mut Source<'_>,
    f: &mut fmt::Formatter<'_>,
    brackets: [&str; 2],
    show: impl Fn(&mut Source<'_>, &mut fmt::Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    let Some(length) = source.get_length() else { return missing(f) };
    f.write_str(brackets[0])?;
    let mut count = 0;
    while source.has_item() {
        if count > 0 {
            f.write_str(", ")?;
        }
        show(source, f)?;
        count += 1;
    }
    if count == length {
        return f.write_str(brackets[1]);
    }
    f.write_str(if count > 0 { ", ..." } else { "..." })?;
    write!(f, "{} ({length} items)", brackets[1])
}

macro_rules! lists {
    ($([$($generic:tt)*] $type:ty, $item:ident, $open:literal $close:literal;)+) => {$(
        impl<$item: Snapshot, $($generic)*> Snapshot for $type {
            fn take(&self, sink: &mut Sink<'_>) -> Result<(), Full> {
                sink.put_items(self.len(), self.iter(), |sink, item| item.take(sink))
            }
            fn show(source: &mut Source<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                show_items(source, f, [$open, $close], $item::show)
            }
        }
    )+};
}
lists! {
    [] [T], T, "[" "]";
    [const N: usize] [T; N], T, "[" "]";
    [] Vec<T>, T, "[" "]";
    [] VecDeque<T>, T, "[" "]";
    [] LinkedList<T>, T, "[" "]";
    [] BinaryHeap<T>, T, "[" "]";
    [] BTreeSet<T>, T, "{" "}";
}

/// Looking for the items of a table that is nearly empty takes as long as the table is large.
fn is_sparse(length: usize, capacity: usize) -> bool {
    capacity > 4096 && capacity / 64 > length
}

impl<T: Snapshot, S> Snapshot for HashSet<T, S> {
    fn take(&self, sink: &mut Sink<'_>) -> Result<(), Full> {
        if is_sparse(self.len(), self.capacity()) {
            return sink.put_items(self.len(), std::iter::empty::<()>(), |_, ()| Ok(()));
        }
        sink.put_items(self.len(), self.iter(), |sink, item| item.take(sink))
    }
    fn show(source: &mut Source<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show_items(source, f, ["{", "}"], T::show)
    }
}

fn take_entry<K: Snapshot, V: Snapshot>(sink: &mut Sink<'_>, (key, value): (&K, &V)) -> Result<(), Full> {
    key.take(sink)?;
    value.take(sink)
}

fn show_entry<K: Snapshot, V: Snapshot>(source: &mut Source<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    K::show(source, f)?;
    f.write_str(": ")?;
    V::show(source, f)
}

impl<K: Snapshot, V: Snapshot> Snapshot for BTreeMap<K, V> {
    fn take(&self, sink: &mut Sink<'_>) -> Result<(), Full> {
        sink.put_items(self.len(), self.iter(), take_entry)
    }
    fn show(source: &mut Source<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show_items(source, f, ["{", "}"], show_entry::<K, V>)
    }
}

impl<K: Snapshot, V: Snapshot, S> Snapshot for HashMap<K, V, S> {
    fn take(&self, sink: &mut Sink<'_>) -> Result<(), Full> {
        if is_sparse(self.len(), self.capacity()) {
            return sink.put_items(self.len(), std::iter::empty::<()>(), |_, ()| Ok(()));
        }
        sink.put_items(self.len(), self.iter(), take_entry)
    }
    fn show(source: &mut Source<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show_items(source, f, ["{", "}"], show_entry::<K, V>)
    }
}

impl<T: Snapshot> Snapshot for Option<T> {
    #[inline]
    fn take(&self, sink: &mut Sink<'_>) -> Result<(), Full> {
        sink.put(&[u8::from(self.is_some())])?;
        self.as_ref().map_or(Ok(()), |value| value.take(sink))
    }
    fn show(source: &mut Source<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match source.get_array() {
            Some([0]) => f.write_str("None"),
            Some(_) => in_variant::<T>("Some", source, f),
            None => missing(f),
        }
    }
}

impl<T: Snapshot, E: Snapshot> Snapshot for Result<T, E> {
    fn take(&self, sink: &mut Sink<'_>) -> Result<(), Full> {
        sink.put(&[u8::from(self.is_ok())])?;
        match self {
            Ok(value) => value.take(sink),
            Err(error) => error.take(sink),
        }
    }
    fn show(source: &mut Source<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match source.get_array() {
            Some([0]) => in_variant::<E>("Err", source, f),
            Some(_) => in_variant::<T>("Ok", source, f),
            None => missing(f),
        }
    }
}

fn in_variant<T: Snapshot>(name: &str, source: &mut Source<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{name}(")?;
    T::show(source, f)?;
    f.write_str(")")
}

macro_rules! tuples {
    ($($name:ident)+; $first:ident $($more:ident)*; $($index:tt)+) => {
        impl<$($name: Snapshot),+> Snapshot for ($($name,)+) {
            fn take(&self, sink: &mut Sink<'_>) -> Result<(), Full> {
                $(self.$index.take(sink)?;)+
                Ok(())
            }
            fn show(source: &mut Source<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("(")?;
                $first::show(source, f)?;
                $(
                    f.write_str(", ")?;
                    $more::show(source, f)?;
                )*
                let more: &[&str] = &[$(stringify!($more)),*];
                f.write_str(if more.is_empty() { ",)" } else { ")" })
            }
        }
    };
}
tuples!(A; A; 0);
tuples!(A B; A B; 0 1);
tuples!(A B C; A B C; 0 1 2);
tuples!(A B C D; A B C D; 0 1 2 3);
tuples!(A B C D E; A B C D E; 0 1 2 3 4);
tuples!(A B C D E F; A B C D E F; 0 1 2 3 4 5);

macro_rules! through {
    ($($pointer:ty),+) => {$(
        impl<T: Snapshot + ?Sized> Snapshot for $pointer {
            #[inline]
            fn take(&self, sink: &mut Sink<'_>) -> Result<(), Full> {
                T::take(self, sink)
            }
            fn show(source: &mut Source<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                T::show(source, f)
            }
        }
    )+};
}
through!(&T, &mut T, Box<T>, Rc<T>, Arc<T>);

impl<T: Snapshot + ToOwned + ?Sized> Snapshot for Cow<'_, T>
where
    T::Owned: Snapshot,
{
    fn take(&self, sink: &mut Sink<'_>) -> Result<(), Full> {
        match self {
            Cow::Borrowed(value) => value.take(sink),
            Cow::Owned(value) => value.take(sink),
        }
    }
    fn show(source: &mut Source<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::show(source, f)
    }
}

impl<T: Snapshot + Copy> Snapshot for Cell<T> {
    fn take(&self, sink: &mut Sink<'_>) -> Result<(), Full> {
        self.get().take(sink)
    }
    fn show(source: &mut Source<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cell { value: ")?;
        T::show(source, f)?;
        f.write_str(" }")
    }
}
