//! Values that are kept as they are: plain data, whose `Debug` is std's own.

use std::fmt;
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::num::NonZero;
use std::ops::{Range, RangeFrom, RangeInclusive, RangeTo};
use std::time::{Duration, Instant, SystemTime};

/// A type of plain data, or a reference to such.
pub trait Plain {
    /// A copy of it.
    type Copy: Copy + fmt::Debug + 'static;

    /// Taken.
    fn copied(&self) -> Self::Copy;
}

macro_rules! plain {
    ($($type:ty),* $(,)?) => {$(
        impl Plain for $type {
            type Copy = Self;
            #[inline]
            fn copied(&self) -> Self {
                *self
            }
        }
    )*};
}
plain! {
    u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize, f32, f64, bool, char, (),
    NonZero<u8>, NonZero<u16>, NonZero<u32>, NonZero<u64>, NonZero<u128>, NonZero<usize>,
    NonZero<i8>, NonZero<i16>, NonZero<i32>, NonZero<i64>, NonZero<i128>, NonZero<isize>,
    Duration, Instant, SystemTime, IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6,
    std::cmp::Ordering, std::io::ErrorKind, std::thread::ThreadId, std::any::TypeId, fmt::Error,
    std::num::FpCategory, std::net::Shutdown, std::sync::atomic::Ordering, std::alloc::Layout,
}

/// The type of what never is: a local that is never bound may have it.
pub trait Returns {
    /// What it returns.
    type Output;
}

impl<T> Returns for fn() -> T {
    type Output = T;
}

impl Plain for <fn() -> ! as Returns>::Output {
    type Copy = ();
    fn copied(&self) {}
}

macro_rules! tuples {
    ($($name:ident)+; $($index:tt)+) => {
        impl<$($name: Plain),+> Plain for ($($name,)+) {
            type Copy = ($($name::Copy,)+);
            #[inline]
            fn copied(&self) -> Self::Copy {
                ($(self.$index.copied(),)+)
            }
        }
    };
}
tuples!(A; 0);
tuples!(A B; 0 1);
tuples!(A B C; 0 1 2);
tuples!(A B C D; 0 1 2 3);
tuples!(A B C D E; 0 1 2 3 4);
tuples!(A B C D E F; 0 1 2 3 4 5);

macro_rules! small_arrays {
    ($($length:literal)+) => {$(
        impl<T: Plain> Plain for [T; $length] {
            type Copy = [T::Copy; $length];
            #[inline]
            fn copied(&self) -> Self::Copy {
                self.each_ref().map(T::copied)
            }
        }
    )+};
}
small_arrays!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16);

impl<T: Plain> Plain for Option<T> {
    type Copy = Option<T::Copy>;
    #[inline]
    fn copied(&self) -> Self::Copy {
        self.as_ref().map(T::copied)
    }
}

impl<T: Plain, E: Plain> Plain for Result<T, E> {
    type Copy = Result<T::Copy, E::Copy>;
    #[inline]
    fn copied(&self) -> Self::Copy {
        match self {
            Ok(value) => Ok(value.copied()),
            Err(error) => Err(error.copied()),
        }
    }
}

/// Ranges are not `Copy`; their ends are.
#[derive(Clone, Copy)]
pub struct Ends<T> {
    start: Option<T>,
    sign: &'static str,
    end: Option<T>,
}

impl<T: fmt::Debug> fmt::Debug for Ends<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(start) = &self.start {
            start.fmt(f)?;
        }
        f.write_str(self.sign)?;
        self.end.as_ref().map_or(Ok(()), |end| end.fmt(f))
    }
}

macro_rules! ranges {
    ($($range:ident, |$self:ident| $start:expr, $sign:literal, $end:expr;)+) => {$(
        impl<T: Plain> Plain for $range<T> {
            type Copy = Ends<T::Copy>;
            #[inline]
            fn copied(&self) -> Self::Copy {
                let $self = self;
                Ends { start: $start, sign: $sign, end: $end }
            }
        }
    )+};
}
ranges! {
    Range, |range| Some(range.start.copied()), "..", Some(range.end.copied());
    RangeFrom, |range| Some(range.start.copied()), "..", None;
    RangeTo, |range| None, "..", Some(range.end.copied());
    RangeInclusive, |range| Some(range.start().copied()), "..=", Some(range.end().copied());
}

impl<T: ?Sized> Plain for PhantomData<T> {
    type Copy = Text;
    #[inline]
    fn copied(&self) -> Text {
        Text("PhantomData")
    }
}

/// Text that stands for a value.
#[derive(Clone, Copy)]
pub struct Text(&'static str);

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl<T: Plain + ?Sized> Plain for &T {
    type Copy = T::Copy;
    #[inline]
    fn copied(&self) -> T::Copy {
        (**self).copied()
    }
}

/// Where a raw pointer points; what is there is not looked at.
#[derive(Clone, Copy)]
pub struct Pointed(usize);

impl fmt::Debug for Pointed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

impl<T: ?Sized> Plain for *const T {
    type Copy = Pointed;
    #[inline]
    fn copied(&self) -> Pointed {
        Pointed(self.addr())
    }
}

impl<T: ?Sized> Plain for *mut T {
    type Copy = Pointed;
    #[inline]
    fn copied(&self) -> Pointed {
        Pointed(self.addr())
    }
}
