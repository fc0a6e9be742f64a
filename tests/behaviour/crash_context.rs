//! What `#[crash_context]` broke in real code, by the crate that it was found in or the lint that came of it. That these
//! compile without a warning, from clippy neither, is most of the test.

use retry_core::crash_context;

use crate::common::Failure;

/// No lint may be allowed in the expansion that somebody forbids.
mod forbidden_lints {
    #![forbid(unused, unreachable_code, clippy::never_loop, clippy::used_underscore_binding)]
    use super::*;
    use futures::FutureExt as _;

    #[test]
    fn locals_and_closures() {
        #[crash_context]
        fn locals(count: u8) -> u8 {
            let text;
            let mut sum = 0;
            text = count.to_string();
            for digit in text.bytes() {
                sum += digit - b'0';
            }
            sum
        }
        #[crash_context]
        fn closure(first: u8) -> impl Fn(u8) -> u8 {
            let first = first + 1;
            move |second| first + second
        }
        #[crash_context]
        async fn asynchronous(value: Option<u8>) -> u8 {
            let Some(value) = value else { return 0 };
            std::future::ready(value).await
        }
        assert_eq!((locals(123), closure(1)(2)), (6, 4));
        assert_eq!(asynchronous(Some(1)).now_or_never(), Some(1));
    }
}

/// Code that is never reached is warned of where a closure is returned, too.
#[test]
fn unreachable_code_before_a_returned_closure() {
    #[crash_context]
    #[expect(unreachable_code)]
    fn adds(first: u8) -> impl Fn(u8) -> u8 {
        if first > 200 {
            panic!("too much");
            std::hint::black_box(first);
        }
        move |second| first + second
    }
    assert_eq!(adds(1)(2), 3);
}

/// `a ^= b` of a type of theirs uses `a`.
#[test]
fn fixedbitset() {
    struct Bits(u8);
    impl std::ops::BitXorAssign<&Bits> for Bits {
        fn bitxor_assign(&mut self, other: &Bits) {
            self.0 ^= other.0;
        }
    }
    #[crash_context]
    #[deny(unused)]
    fn changed(a: u8, b: u8) {
        let mut a = Bits(a);
        let b = Bits(b);
        a ^= &b;
    }
    changed(1, 2);
}

/// One name bound under conditions that exclude each other, or that hides another under one.
#[test]
fn semver() {
    #[crash_context]
    #[deny(unused)]
    fn bits(number: u16) -> u32 {
        #[cfg(target_endian = "little")]
        let bits = number.leading_zeros();
        #[cfg(target_endian = "big")]
        let bits = number.trailing_zeros();
        bits
    }
    #[crash_context]
    #[deny(unused)]
    fn assigned(flag: bool) -> String {
        #[cfg(not(any()))]
        let mut value = 1_u8;
        #[cfg(any())]
        let mut value = "one";
        if flag {
            value = Default::default();
        }
        let text = value.to_string();
        #[cfg(any())]
        let mut text = 3_u8;
        #[cfg(not(any()))]
        let mut text = text;
        if flag {
            text = text.clone() + Default::default();
        }
        #[cfg(not(any()))]
        {
            let mut text = 4_u64;
            text += 1;
            assert_eq!(text, 5);
        }
        text
    }
    assert_eq!((bits(1), assigned(true), assigned(false)), (15, "0".to_owned(), "1".to_owned()));
}

/// What stands between braces in a string may be no word at all.
#[test]
fn winnow() {
    #[crash_context]
    fn text() -> String {
        let text = format!("{{1end}} {{0x}} {} '", "{5e+} {\u{1F600}x} {'a}");
        text.replace(' ', "")
    }
    #[crash_context]
    #[deny(unused)]
    fn captured(r#type: u8, width: usize) -> String {
        let r#loop = r#type + 1;
        format!("{type:width$}{loop}")
    }
    assert_eq!((&*text(), &*captured(1, 2)), ("{1end}{0x}{5e+}{\u{1F600}x}{'a}'", " 12"));
}

/// What a macro puts in as one expression stays one.
#[test]
fn tracing_core() {
    macro_rules! function {
        ($attribute:meta: $name:ident, $sum:expr, $add:expr, $option:ty, $few:pat) => {
            #[$attribute]
            #[deny(unused_parens)]
            fn $name(value: i32) -> Result<(Vec<i32>, String, bool), Failure> {
                let twice = |by: i32| $sum * by;
                let many = vec![$sum * 2, 2 * $sum, twice(2), $add(*&value), -$sum, if !($sum == 3) { 0 } else { $sum }];
                let option: $option = &value;
                let range: Vec<i32> = (0..$sum as i32).collect();
                let all = many.iter().chain(&range).chain([option]).copied().collect();
                let is_few = match value { few @ $few => few > 1, _ => false };
                assert!($sum * 2 > 5 && !matches!(value, $few if $sum < 3));
                Ok((all, stringify!($sum * 2).to_owned(), is_few))
            }
        };
    }
    function!(cfg(not(any())): bare, 1 + 2, |n: i32| n + 1, &i32, 1 | 2);
    function!(crash_context: kept, 1 + 2, |n: i32| n + 1, &i32, 1 | 2);
    function!(retry_core::retry(Busy = 1): retried, 1 + 2, |n: i32| n + 1, &i32, 1 | 2);
    assert_eq!(bare(2).as_ref().map(|(all, ..)| &all[..6]), Ok(&[6, 6, 6, 3, -3, 3][..]));
    assert_eq!(kept(2), bare(2));
    assert_eq!(retried(2), bare(2));
}

/// The `Debug` of a `dyn Trait` may be there for `'static` only.
#[test]
fn tracing_core_value_set() {
    trait Value {
        fn value(&self) -> usize;
    }
    impl std::fmt::Debug for dyn Value {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("Value")
        }
    }
    impl Value for &str {
        fn value(&self) -> usize {
            self.len()
        }
    }
    #[crash_context]
    fn sum<'v>(
        first: &dyn Value,
        others: &'v [Option<&'v (dyn Value + 'v)>],
        by: &dyn Fn(usize) -> usize,
    ) -> usize {
        let others: usize = others.iter().flatten().map(|value| value.value()).sum();
        by(first.value() + others)
    }
    let text = "ab".to_owned();
    assert_eq!(sum(&text.as_str(), &[Some(&text.as_str()), None], &|sum| sum + text.len()), 6);
}

/// Lints that are allowed or expected around a name hold for what stands behind it too.
#[test]
fn lints_around_names() {
    #[crash_context]
    #[deny(unused)]
    fn sum(pair: Option<(u8, u8)>) -> u8 {
        #[allow(unused_variables)]
        let allowed = 1;
        #[allow(unused)]
        if let Some((first, second)) = pair {
            let inner = 2;
        }
        match pair {
            #[expect(unused_variables)]
            Some((first, second)) => first,
            #[expect(unused_variables)]
            None => {
                let inner = 4;
                3
            }
        }
    }
    assert_eq!((sum(Some((1, 2))), sum(None)), (1, 3));
}

/// What clippy knows by the body as a whole.
mod bodies_that_lints_know {
    #![deny(clippy::all)]
    use super::*;
    use std::cmp::Ordering;

    // anyhow
    #[derive(PartialEq, Eq)]
    struct Pointer(*const u8);

    impl Copy for Pointer {}

    impl Clone for Pointer {
        #[crash_context]
        fn clone(&self) -> Self {
            *self
        }
    }

    // log
    impl Ord for Pointer {
        #[crash_context]
        fn cmp(&self, other: &Self) -> Ordering {
            self.0.cmp(&other.0)
        }
    }

    impl PartialOrd for Pointer {
        #[crash_context]
        fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
            Some(self.cmp(other))
        }
    }

    // log, once_cell
    #[crash_context]
    fn reversed(order: i8) -> Ordering {
        // Reason: -1, 0 or 1.
        unsafe { std::mem::transmute(order.signum().wrapping_neg()) }
    }

    #[crash_context]
    fn assert_copy<T: Copy>() {}

    #[test]
    fn work() {
        assert_copy::<Pointer>();
        let pointer = Pointer(std::ptr::null());
        assert!(pointer.clone().partial_cmp(&pointer) == Some(Ordering::Equal));
        assert_eq!(reversed(5), Ordering::Less);
    }
}
