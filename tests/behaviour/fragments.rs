//! What a `macro_rules!` puts in, of every kind of fragment, at every place: it stands in groups without delimiters, of
//! which the compiler forgets those that an attribute hands on.

use std::time::Duration;

use retry_core::testing::record;
use retry_core::{Classification, Policy, RetryClassify, crash_context, retry, retry_policy, retry_with};

use crate::common::{Calls, Failure};

const SLOW: Duration = Duration::from_millis(7);
const NEVER: bool = false;
const NOR_THAT: bool = false;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Delays of a rule, a deadline and so on, from every kind of fragment that can be one.
mod options {
    use super::*;

    macro_rules! by_expr {
        ($name:ident, $delay:expr, [$($more:tt)*]) => {
            #[retry(Busy = $delay, jitter = none $($more)*)]
            fn $name(calls: &Calls) -> Result<u32, Failure> {
                calls.third()
            }
        };
    }
    by_expr!(number, 3, []);
    by_expr!(float, 1.5, []);
    by_expr!(constant, SLOW, []);
    by_expr!(called, seconds(2), []);
    by_expr!(sum, 1 + 2, []);
    by_expr!(conditional, if true { 4 } else { 5 }, []);
    by_expr!(in_parentheses, (3), []);

    macro_rules! by_literal {
        ($name:ident, $delay:literal, $attempts:literal, $jitter:literal, $factor:literal) => {
            #[retry(
                Busy = $delay,
                Refused = field(wait, or = $delay, max = $delay),
                backoff = exp(base = $delay, cap = $delay, factor = $factor, max = $attempts, jitter = $jitter),
                deadline = $delay,
            )]
            fn $name(calls: &Calls) -> Result<u32, Refusal> {
                calls.third().map_err(|_| Refusal::Busy)
            }
        };
    }
    #[derive(Debug, PartialEq)]
    enum Refusal {
        Busy,
        #[allow(dead_code)]
        Refused {
            wait: u64,
        },
    }
    by_literal!(literals, 2s, 2, 0.0, 2.5);
    by_literal!(whole_literals, 2, 2, 0, 2);

    // A unit that has been forgotten would be a thousand times as long.
    macro_rules! by_tt {
        ($name:ident, $delay:tt) => {
            #[retry(Busy = $delay, backoff = fixed(jitter = none))]
            fn $name(calls: &Calls) -> Result<u32, Failure> {
                calls.third()
            }
        };
    }
    by_tt!(unit, 250ms);

    #[test]
    fn delays() {
        let (waits, calls) = (record(), Calls::new());
        let took = |function: fn(&Calls) -> Result<u32, Failure>| {
            assert_eq!((function(&calls), calls.take()), (Ok(3), 3));
            let delays = waits.delays();
            let last = delays[delays.len() - 2..].to_vec();
            assert_eq!(last[0], last[1]);
            last[0]
        };
        assert_eq!(took(number), seconds(3));
        assert_eq!(took(float), Duration::from_millis(1500));
        assert_eq!(took(constant), SLOW);
        assert_eq!(took(called), seconds(2));
        assert_eq!(took(sum), seconds(3));
        assert_eq!(took(conditional), seconds(4));
        assert_eq!(took(in_parentheses), seconds(3));
        assert_eq!(took(unit), Duration::from_millis(250));
        // Two attempts, and a deadline that a second wait would not keep.
        assert_eq!((literals(&calls), calls.take()), (Err(Refusal::Busy), 2));
        assert_eq!((whole_literals(&calls), calls.take()), (Err(Refusal::Busy), 2));
    }

    macro_rules! product {
        ($name:ident, $delay:expr, $attempts:expr) => {
            #[retry(Busy = seconds(2) * $delay, attempts = $attempts * 2, jitter = none)]
            fn $name(calls: &Calls) -> Result<u32, Failure> {
                calls.next();
                Err(Failure::Busy)
            }
        };
    }
    product!(product, 1 + 2, 1 + 1);

    /// As anywhere else, twice what was put in, and not twice the end of it.
    #[test]
    fn stay_together() {
        let (waits, calls) = (record(), Calls::new());
        assert_eq!((product(&calls), calls.take()), (Err(Failure::Busy), 4));
        assert_eq!(waits.delays(), [seconds(6); 3]);
        macro_rules! policy {
            ($delay:expr, $attempts:expr) => {
                retry_policy!(Failure: Busy = seconds(2) * $delay, attempts = $attempts * 2, jitter = none)
            };
        }
        let policy = policy!(1 + 2, 1 + 1);
        let run = || policy.run_blocking(|_| calls.next().checked_sub(9).ok_or(Failure::Busy));
        assert_eq!((run(), calls.take()), (Err(Failure::Busy), 4));
        assert_eq!(waits.delays()[3..], [seconds(6); 3]);
        macro_rules! block {
            ($policy:expr, $attempt:pat, $n:expr) => {
                retry_with!($policy, |$attempt| Ok::<u32, Failure>($n * 2))
            };
        }
        assert_eq!(block!(policy, _, 1 + 2), Ok(6));
        assert_eq!(block!(&policy, n, n.number() + 2), Ok(6));
    }

    macro_rules! variants {
        ($name:ident, $first:ident, $second:path, $third:ident | $fourth:path, $error:path, $predicate:expr) => {
            #[retry($first = 1, $second = 2, $third | $fourth = 3, when($predicate) = 4, error = $error, jitter = none)]
            fn $name(calls: &Calls) -> Result<u32, Kinds> {
                match calls.next() {
                    1 => Err(Kinds::A),
                    2 => Err(Kinds::B),
                    3 => Err(Kinds::C),
                    4 => Err(Kinds::D),
                    5 => Err(Kinds::E),
                    n => Ok(n),
                }
            }
        };
    }
    #[derive(Debug, PartialEq)]
    enum Kinds {
        A,
        B,
        C,
        D,
        E,
    }
    variants!(variants, A, Kinds::B, C | self::Kinds::D, Kinds, |kind: &Kinds| *kind == Kinds::E);
    variants!(by_function, A, Kinds::B, C | super::options::Kinds::D, super::options::Kinds, is_e);
    fn is_e(kind: &Kinds) -> bool {
        *kind == Kinds::E
    }

    #[test]
    fn rules() {
        for function in [variants, by_function] {
            let (waits, calls) = (record(), Calls::new());
            assert_eq!((function(&calls), calls.take()), (Err(Kinds::D), 4));
            assert_eq!(waits.delays(), [1, 2, 3].map(seconds));
        }
    }

    macro_rules! words {
        ($name:ident, $backoff:ident, $jitter:ident, $never:ident, $unlimited:ident, $attempt:ident, $key:ident = $value:literal) => {
            #[retry(
                                                    Refused = $never,
                                                    Busy = 1,
                                                    backoff = $backoff($key = $value, jitter = $jitter),
                                                    attempts = $unlimited,
                                                    attempt = $attempt,
                                                )]
            fn $name(calls: &Calls) -> Result<u32, Failure> {
                if $attempt.number() == 2 {
                    return Err(Failure::Refused);
                }
                calls.third()
            }
        };
    }
    words!(words, exp, none, never, unlimited, n, base = 1);
    macro_rules! words_as_expressions {
        ($name:ident, $jitter:expr, $never:expr, $attempts:expr) => {
            #[retry(Refused = $never, Busy = 1, jitter = $jitter, attempts = $attempts)]
            fn $name(calls: &Calls) -> Result<u32, Failure> {
                match calls.next() {
                    1 => Err(Failure::Busy),
                    _ => Err(Failure::Refused),
                }
            }
        };
    }
    words_as_expressions!(words_as_expressions, none, never, unlimited);

    macro_rules! fields {
        ($name:ident, $field:ident, $or:expr, $max:expr, $index:tt) => {
            #[retry(SlowDown = field($field, or = $or, max = $max), Told = field($index), jitter = none)]
            fn $name(calls: &Calls) -> Result<u32, Asked> {
                match calls.next() {
                    1 => Err(Asked::SlowDown { wait: None }),
                    2 => Err(Asked::Told(2)),
                    3 => Err(Asked::SlowDown { wait: Some(90) }),
                    n => Ok(n),
                }
            }
        };
    }
    #[derive(Debug, PartialEq)]
    enum Asked {
        SlowDown { wait: Option<u64> },
        Told(u8),
    }
    fields!(fields, wait, 1 + 4, 60, 0);

    #[test]
    fn words_and_fields() {
        let (waits, calls) = (record(), Calls::new());
        assert_eq!((words(&calls), calls.take()), (Err(Failure::Refused), 1));
        assert_eq!((words_as_expressions(&calls), calls.take()), (Err(Failure::Refused), 2));
        assert_eq!((fields(&calls), calls.take()), (Err(Asked::SlowDown { wait: Some(90) }), 3));
        assert_eq!(waits.delays().len(), 4);
        assert_eq!(waits.delays()[2..], [5, 2].map(seconds));
    }

    macro_rules! everything_else {
        (
            $name:ident, $limit:expr, $late:expr, $until:expr, $retried:expr, $gave_up:expr, $succeeded:expr, $sleep:path,
            $clone:ident, $policy:expr, $krate:path, $calls:ident, $arg:ident: $ty:ty, $returns:ty, $body:block
        ) => {
            #[retry(
                Busy = 1,
                timeout = $limit => $late,
                until = $until,
                on_retry = $retried,
                on_give_up = $gave_up,
                on_success = $succeeded,
                sleep = $sleep,
                clone($clone),
                policy = $policy,
                crate = $krate,
            )]
            async fn $name($calls: &Calls, $clone: String, $arg: $ty) -> $returns $body
        };
    }
    everything_else!(
        everything_else,
        2 * 30,
        Failure::SlowDown { wait: 1 + 1 },
        |n| *n == 3,
        |event| assert!(event.attempt() < 3),
        async |event| assert!(event.attempt() == 3),
        |_| (),
        tokio::time::sleep,
        text,
        Policy::new().attempts(3),
        ::retry_core,
        calls,
        number: u32,
        Result<u32, Failure>,
        {
            assert_eq!((text.len(), number), (1, 5));
            drop(text);
            calls.third_async().await
        }
    );

    #[tokio::test(start_paused = true)]
    async fn all_others() {
        let (_waits, calls) = (record(), Calls::new());
        assert_eq!((everything_else(&calls, "x".to_owned(), 5).await, calls.take()), (Ok(3), 3));
    }
}

/// The function itself, put together from fragments.
mod functions {
    use super::*;

    macro_rules! function {
        (
            $(#[$meta:meta])* $vis:vis $name:ident<$life:lifetime, $param:ident: $bound:path>
            ($calls:ident, $array:ident, $pat:pat => $pat_ty:ty, $whole:pat_param => $whole_ty:ty, $object:ty) -> $returns:ty where $where:ty: $where_bound:path;
            $length:expr; $statement:stmt; $tail:expr
        ) => {
            $(#[$meta])*
            #[retry(Busy = 1)]
            $vis fn $name<$life, $param: $bound>(
                $calls: &$life Calls,
                $pat: $pat_ty,
                $whole: $whole_ty,
                object: &$life $object,
                $array: [u8; $length * 2],
                _of: $param,
            ) -> $returns where $where: $where_bound {
                $statement;
                let _ = object.to_string();
                $tail
            }
        };
    }
    function! {
        /// Documented.
        #[inline]
        pub(super) retried<'a, T: Copy>(
            calls, array, (a, ..) => (u8, u8), b => &'a str, dyn std::fmt::Display + Send
        ) -> Result<(u32, &'a str), Failure> where T: Send;
        1 + 1;
        let n = calls.third()?;
        if a == 1 && array.len() == 4 { Ok((n, b)) } else { Err(Failure::Refused) }
    }

    macro_rules! framed {
        (
            $(#[$meta:meta])* $vis:vis $name:ident<$life:lifetime, $param:ident: $bound:path>
            ($pat:pat => $pat_ty:ty, $whole:pat_param => $whole_ty:ty, $object:ty) -> $returns:ty;
            $length:expr; $statement:stmt; $tail:expr
        ) => {
            $(#[$meta])*
            #[crash_context]
            $vis fn $name<$life, $param: $bound>(
                $pat: $pat_ty,
                $whole: $whole_ty,
                object: &$life $object,
                array: [u8; $length * 2],
                _of: $param,
            ) -> $returns {
                $statement;
                let _ = (object.to_string(), array, array.len());
                $tail
            }
        };
    }
    framed! {
        /// Documented.
        #[must_use]
        pub(super) framed<'a, T: Copy>((a, ..) => (u8, u8), b => &'a str, dyn std::fmt::Display + Send) -> (u8, &'a str);
        1 + 1;
        let n = a + 2;
        (n, b)
    }

    /// Types whose end binds what is put behind or before them.
    macro_rules! types {
        ($name:ident, $object:ty, $closure:ty, $pointer:ty, $tuple:ty) => {
            #[retry(Busy = 1)]
            fn $name<'a>(
                calls: &Calls,
                _a: &'a $object,
                _b: &'a mut $object,
                _c: Option<&$closure>,
                _d: *const $object,
                _e: &$pointer,
                _f: fn(&$tuple) -> $pointer,
            ) -> Result<u32, Failure> {
                let _: Option<&'a $object> = Some(_a);
                let _: &dyn Fn(u8) -> &'static $closure = &|_| &(|n: u8| n);
                calls.third()
            }

            #[crash_context]
            fn framed_types<'a>(_a: &'a $object, b: &$tuple) -> (u8, u8) {
                let _: Option<&'a $object> = Some(_a);
                *b
            }
        };
    }
    types!(types, dyn std::fmt::Debug + Sync, dyn Fn(u8) -> u8 + Sync, *const u8, (u8, u8));

    macro_rules! patterns {
        ($name:ident, $either:pat, $range:pat, $binding:pat_param, $guard:expr, $scrutinee:expr, $init:expr) => {
            #[retry(Busy = 1)]
            fn $name(calls: &Calls) -> Result<u32, Failure> {
                let n = calls.third()?;
                let &$binding = &n;
                let found = match &$scrutinee + n {
                    $either if !$guard => 1,
                    x @ $range => x,
                    _ => 0,
                };
                let closure = |$binding: u32| -$init;
                assert_eq!(closure(1), -3);
                if let $either = n
                    && !$guard
                {
                    Ok(found)
                } else {
                    Err(Failure::Refused)
                }
            }

            #[crash_context]
            fn framed_patterns(n: u32) -> u32 {
                let &$binding = &n;
                let found = match $scrutinee * n {
                    $either if !$guard => 1,
                    x @ $range => x,
                    _ => 0,
                };
                if let $either = n
                    && !$guard
                {
                    found
                } else {
                    0
                }
            }
        };
    }
    patterns!(patterns, 3 | 4, 5..=20, _m, NEVER || NOR_THAT, 1 + 1, 1 + 2);

    #[test]
    fn of_fragments() {
        let (_waits, calls) = (record(), Calls::new());
        assert_eq!((retried(&calls, (1, 2), "b", &"c", [0; 4], 1), calls.take()), (Ok((3, "b")), 3));
        assert_eq!(framed((1, 2), "b", &"c", [0; 4], 1), (3, "b"));
        let mut object = 1;
        let result = types(&calls, &1, &mut object, None, &1, &std::ptr::null(), |_| std::ptr::null());
        assert_eq!((result, calls.take()), (Ok(3), 3));
        assert_eq!(framed_types(&1, &(1, 2)), (1, 2));
        assert_eq!((patterns(&calls), calls.take()), (Ok(5), 3));
        // Twice three, and not one and three.
        assert_eq!(framed_patterns(3), 6);
    }

    macro_rules! empty {
        ($(#[$meta:meta])* $vis:vis fn) => {
            $(#[$meta])*
            #[retry(Busy = 1)]
            #[crash_context]
            $vis fn empty_fragments(calls: &Calls) -> Result<u32, Failure> { calls.third() }
        };
    }
    empty!(fn);

    macro_rules! item {
        ($item:item) => {
            #[retry(Busy = 1)]
            #[crash_context]
            $item
        };
    }
    item! { fn item(calls: &Calls) -> Result<u32, Failure> { calls.third() } }

    // Through several macros, each of which wraps what it is given.
    macro_rules! first {
        ($($all:tt)*) => { second!(1 + 1, $($all)*); };
    }
    macro_rules! second {
        ($n:expr, $body:block) => {
            third!($n * 2, $body);
        };
    }
    macro_rules! third {
        ($n:expr, $body:block) => {
            #[retry(Busy = $n * 2, jitter = none)]
            fn wrapped(calls: &Calls) -> Result<u32, Failure> {
                let four = $n;
                calls.third()?;
                let _: u32 = $body;
                Ok(four * 2)
            }
        };
    }
    first!({ 1 });

    #[test]
    fn of_nothing_of_all_and_of_many() {
        let (waits, calls) = (record(), Calls::new());
        assert_eq!((empty_fragments(&calls), calls.take()), (Ok(3), 3));
        assert_eq!((item(&calls), calls.take()), (Ok(3), 3));
        assert_eq!((wrapped(&calls), calls.take()), (Ok(8), 3));
        assert_eq!(waits.delays()[4..], [seconds(8); 2]);
    }

    // Behind `async move` there can be nothing but a block.
    mod of_blocks {
        use super::*;

        macro_rules! blocks {
            ($block:block, $inner:block, $condition:expr) => {
                #[retry(Busy = 1)]
                pub(super) async fn retried(calls: &Calls) -> Result<u32, Failure> {
                    calls.third_async().await?;
                    let _ = if $condition || false $inner else $inner;
                    async move $block.await
                }
                #[crash_context]
                pub(super) async fn framed() -> u32 {
                    let n = async move $inner.await;
                    let m = async $inner;
                    n + m.await + $inner * 2
                }
            };
        }
        blocks!({ Ok(7) }, { 3 }, true);
    }

    #[tokio::test(start_paused = true)]
    async fn blocks_stay_blocks() {
        let calls = Calls::new();
        assert_eq!((of_blocks::retried(&calls).await, calls.take()), (Ok(7), 3));
        assert_eq!(of_blocks::framed().await, 12);
    }

    macro_rules! kept {
        ($name:ident, $listed:ident, $borrowed:ident, $limit:literal, $krate:path, $value:expr) => {
            #[crash_context($listed, &$borrowed, .., skip(d), redact(e), allow(token), limit = $limit, crate = $krate)]
            fn $name($listed: u8, $borrowed: &str) -> u8 {
                let (d, e, token) = (1, 2, $value * 2);
                $listed + d + e + token + u8::try_from($borrowed.len()).unwrap_or(0)
            }
        };
    }
    kept!(kept, a, b, 16, ::retry_core, 1 + 1);

    #[test]
    fn that_list_what_is_kept() {
        assert_eq!(kept(1, "bb"), 10);
    }
}

/// The derive, of fragments.
mod errors {
    use super::*;

    macro_rules! error {
        (
            $(#[$meta:meta])* $vis:vis $name:ident<$param:ident: $bound:path>, $default:ident, $krate:path,
            $after:literal, $sum:expr, $field:ident: $field_ty:ty, $condition:expr, $inner:ty, $discriminant:expr
        ) => {
            $(#[$meta])*
            #[derive(RetryClassify)]
            #[retry(default = $default, crate = $krate)]
            $vis enum $name<$param: $bound> {
                #[retry(after = $after)]
                Timeout,
                #[retry(after = $sum * 2)]
                Sum,
                #[retry(after = field($field, or = $sum * 2, max = $after))]
                Told { $field: $field_ty },
                #[retry(when = !$condition, transient)]
                Soft,
                #[retry(forward)]
                Inner($inner),
                #[allow(dead_code)]
                Other($param),
                #[allow(dead_code)]
                Sized([u8; $discriminant * 2]),
            }
        };
    }
    error! {
        /// Documented.
        #[derive(Debug)]
        pub(super) Failed<T: std::fmt::Debug>, permanent, ::retry_core,
        120, 1 + 2, wait: Option<u8>, NEVER || NOR_THAT, Plain, 1 + 1
    }

    macro_rules! plain {
        ($verdict:ident, $name:ident) => {
            #[derive(Debug, RetryClassify)]
            #[retry($verdict)]
            pub(super) struct $name;
        };
    }
    plain!(transient, Plain);

    #[test]
    fn classify() {
        let after = |n| Classification::After(seconds(n));
        assert_eq!(Failed::<u8>::Timeout.classify(), after(120));
        assert_eq!(Failed::<u8>::Sum.classify(), after(6));
        assert_eq!(Failed::<u8>::Told { wait: None }.classify(), after(6));
        assert_eq!(Failed::<u8>::Told { wait: Some(5) }.classify(), after(5));
        assert_eq!(Failed::<u8>::Soft.classify(), Classification::Transient);
        assert_eq!(Failed::<u8>::Inner(Plain).classify(), Classification::Transient);
        assert_eq!(Failed::Other(1).classify(), Classification::Permanent);
    }
}

/// The block forms, of fragments.
mod blocks {
    use super::*;

    macro_rules! policy {
        ($error:ty, $variant:ident, $delay:expr, $attempts:literal, $until:expr, $krate:path) => {
            retry_policy!($error: $variant = $delay, attempts = $attempts, until = $until, crate = $krate)
        };
        ($error:path) => {
            retry_policy!($error: Busy = 1)
        };
    }
    macro_rules! with {
        ($krate:path, $policy:expr, $attempt:pat, $body:block) => {
            retry_with!(crate = $krate, $policy, |$attempt| $body)
        };
        ($policy:expr, $closure:expr) => {
            retry_with!($policy, $closure)
        };
    }

    #[tokio::test(start_paused = true)]
    async fn run() {
        let (_waits, calls) = (record(), Calls::new());
        let policy = policy!(Failure, Busy, 1 + 1, 3, |n: &u32| *n == 3, ::retry_core);
        assert_eq!((policy.run_blocking(|_| calls.third()), calls.take()), (Ok(3), 3));
        assert_eq!((policy!(Failure).run_blocking(|_| calls.third()), calls.take()), (Ok(3), 3));
        assert_eq!(
            (with!(::retry_core, policy, n, { calls.third().map(|m| m.max(n.number())) }), calls.take()),
            (Ok(3), 3)
        );
        assert_eq!((with!(&policy, |_| calls.third()), calls.take()), (Ok(3), 3));
        assert_eq!((with!(policy, async |_| calls.third_async().await), calls.take()), (Ok(3), 3));
    }
    /// What an argument of a closure may have, and a body that is one only as a whole.
    #[test]
    fn as_closures_are_written() {
        struct Part(u32);
        impl std::ops::Add for Part {
            type Output = Result<u32, Failure>;
            fn add(self, other: Self) -> Self::Output {
                Ok(self.0 + other.0)
            }
        }
        let (_waits, calls) = (record(), Calls::new());
        let policy = retry_policy!(Failure: Busy = 1);
        let result = retry_with!(policy, |#[allow(unused_variables)] n| calls.third());
        assert_eq!((result, calls.take()), (Ok(3), 3));
        assert_eq!(retry_with!(policy, |_| if true { Part(1) } else { Part(2) } + Part(3)), Ok(4));
        assert_eq!(retry_with!(policy, |_| { Part(1) } + { Part(2) }), Ok(3));
    }
}
