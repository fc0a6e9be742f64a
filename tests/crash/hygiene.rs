//! The expansion and the user's code do not see each other's names.

use retry_core::crash::Report;
use retry_core::crash_context;

use crate::support::{assert_shows, block_on, look};

#[test]
fn names_of_internals() {
    #[crash_context]
    fn f(__frame: u8, __entered: u8, __s0: u8, __t0: u8, __scope: u8, __arg0: u8) -> Report {
        let __s1 = __s0;
        let __t1 = __t0;
        let __frame = __frame + 1;
        let __entered = 2;
        let probe = 3;
        {
            let __scope = __scope + __arg0;
            let __emptied = 4;
            let __borrowing = 5;
            let frame = Frame(6);
            probe_of(frame);
        }
        let private = __s1 + __t1;
        look()
    }
    struct Frame(u8);
    fn probe_of(_: Frame) {}
    // What begins with an underscore is taken for unused.
    assert_shows(&f(1, 2, 3, 4, 5, 6), "f", "probe = 3\nprivate = 7");
}

#[test]
fn names_of_internals_async() {
    #[crash_context]
    async fn f(__frame: u8, (__arg1, __arg0): (u8, u8), slot: u8) -> Report {
        let __polled = __frame + __arg1 - __arg0;
        let bind = slot + __polled;
        look()
    }
    assert_shows(&block_on(f(1, (2, 3), 4)), "f", "slot = 4\nbind = 4");
}

/// Everything that the expansion may say by a short name.
mod shadowed {
    #![allow(non_camel_case_types, non_snake_case, non_upper_case_globals, unused_macros)]

    mod core {}
    mod std {}
    mod alloc {}
    mod retry_core {}
    type Result<T> = ::std::result::Result<T, u8>;
    struct Option;
    struct Box;
    struct Vec;
    struct String;
    struct Drop;
    fn Ok() {}
    fn Err() {}
    fn Some() {}
    const None: u8 = 0;
    fn drop() {}
    trait Debug {}
    trait Copy {}
    trait Clone {}
    trait Send {}
    trait Future {}
    macro_rules! panic {
        () => {};
    }
    macro_rules! unreachable {
        () => {};
    }
    macro_rules! module_path {
        () => {};
    }
    macro_rules! file {
        () => {};
    }
    enum bool {}

    #[::retry_core::crash_context]
    pub(super) fn sync(n: u8) -> ::retry_core::crash::Report {
        let number = n + 1;
        let text = "a";
        let mut changed = 1;
        changed += 1;
        if let ::std::option::Option::Some(inner) = ::std::option::Option::Some(number) {
            return crate::support::look();
        }
        crate::support::look()
    }

    #[::retry_core::crash_context(debug, &number, ..)]
    pub(super) async fn asynchronous(n: u8) -> ::std::result::Result<::retry_core::crash::Report, u8> {
        let number = n + 1;
        let text = "a";
        ::std::result::Result::Ok(crate::support::look())
    }

    #[::retry_core::crash_context]
    pub(super) fn result() -> Result<u8> {
        let n = 1;
        ::std::result::Result::Ok(n)
    }
}

#[test]
fn a_module_that_shadows_everything() {
    assert_shows(&shadowed::sync(1), "sync", "n = 1\nnumber = 2\ntext = \"a\" @-4\nchanged = 2\ninner = 2");
    let report = block_on(shadowed::asynchronous(1)).unwrap();
    assert_shows(&report, "asynchronous", "n = 1\nnumber = 2\ntext = \"a\" @-1");
    assert_eq!(shadowed::result(), Ok(1));
}

/// Traits of the user's for everything, with methods that the expansion calls.
mod blanket_traits {
    use super::{Report, assert_shows, block_on, crash_context, look};

    trait Theirs {
        fn slot(&self) -> ! {
            unreachable!("the user's method")
        }
        fn enter(&self) -> ! {
            unreachable!("the user's method")
        }
        fn is(&self) -> ! {
            unreachable!("the user's method")
        }
        fn link(&self) -> ! {
            unreachable!("the user's method")
        }
        fn keep(&self) -> ! {
            unreachable!("the user's method")
        }
        fn bind(&self) -> ! {
            unreachable!("the user's method")
        }
        fn fmt(&self) -> ! {
            unreachable!("the user's method")
        }
    }
    impl<T: ?Sized> Theirs for T {}

    #[crash_context]
    fn sync(n: u8) -> Report {
        let text = "a";
        look()
    }

    #[crash_context(text, &n)]
    async fn asynchronous(n: u8) -> Report {
        let text = "a";
        look()
    }

    #[test]
    fn are_not_called() {
        assert_shows(&sync(1), "sync", "n = 1\ntext = \"a\" @-1");
        assert_shows(&block_on(asynchronous(1)), "asynchronous", "n = 1\ntext = \"a\" @-1");
    }
}

#[test]
fn within_a_declarative_macro() {
    macro_rules! functions {
        ($name:ident, $argument:ident: $type:ty = $value:expr, $body:block, $local:ident) => {
            #[crash_context]
            fn $name($argument: $type) -> Report {
                let own = $value;
                let $local = own;
                look()
            }
            mod inner {
                use super::*;
                #[crash_context]
                pub(super) fn whole() -> Report $body
            }
        };
    }
    functions!(made, given: u8 = 2, { let inside = 3; look() }, theirs);
    assert_shows(&made(1), "made", "given = 1\nown = 2\ntheirs = 2");
    assert_shows(&inner::whole(), "whole", "inside = 3");
}

#[test]
fn a_macro_whose_names_are_the_same_as_the_users() {
    macro_rules! function {
        ($x:ident) => {
            #[crash_context]
            fn two($x: u8) -> Report {
                let x = 2;
                let sum = $x * 10 + x;
                look()
            }
        };
    }
    function!(x);
    let report = two(1);
    let values: Vec<_> = crate::support::values(&report, "two").into_iter().collect();
    assert!(values.contains(&("sum".to_owned(), " = 12".to_owned())), "{values:?}");
}

#[test]
fn whole_functions_as_arguments_of_a_macro() {
    macro_rules! annotated {
        ($($function:item)*) => { $(#[crash_context] $function)* };
    }
    annotated! {
        fn one(n: u8) -> Report { let m = n; look() }
        async fn two(n: u8) -> Report { let m = n; look() }
    }
    assert_shows(&one(1), "one", "n = 1\nm = 1");
    assert_shows(&block_on(two(1)), "two", "n = 1\nm = 1");
}

#[test]
fn names_that_are_constants_too() {
    const limit: u8 = 3;
    static count: u8 = 4;
    #[crash_context]
    fn f(n: u8) -> Report {
        match n {
            limit => look(),
            other => look(),
        }
    }
    mod items {
        pub(super) const yes: bool = true;
    }
    #[crash_context]
    fn g(n: bool) -> Report {
        use items::yes;
        let r = match n {
            yes => 1,
            _ => 2,
        };
        look()
    }
    assert_eq!(count, 4);
    let report = f(3);
    assert_eq!(crate::support::values(&report, "f")["n"], " = 3");
    assert_eq!(crate::support::values(&g(true), "g")["r"], " = 1");
}

#[test]
fn generics_with_names_of_internals() {
    #[crash_context]
    fn f<T: Copy + std::fmt::Debug, H, Frame>(value: T, _other: (H, Frame)) -> Report {
        let kept = value;
        look()
    }
    assert_shows(&f::<_, u8, u8>(1_u8, (1, 2)), "f", "value = 1\nkept: u8");
}
