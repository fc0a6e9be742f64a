//! What a frame is to a reader, by its function's name and its file.

use super::names::Name;

/// Whose code a frame runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// The application's.
    App,
    /// A crate's that the application uses.
    Library,
    /// The standard library's, or C's.
    Std,
    /// Nobody reads it: what stands between a call and what is called, and this crate.
    Glue,
}

impl Owner {
    pub(super) fn of(name: &Name, file: Option<&str>) -> Self {
        if name.shim || is_ours(name) || is_glue(name) {
            return Self::Glue;
        }
        let by_file = file.and_then(Self::of_file);
        if is_blanket(name) && (file.is_none() || by_file == Some(Self::Std)) {
            return Self::Glue;
        }
        if let Some(owner) = by_file {
            return owner;
        }
        let crates: Vec<&str> = name.crates().collect();
        if let Some(known) = crates.iter().find(|name| !is_std(name)) {
            return match file {
                None if is_runtime(known) => Self::Library,
                _ => Self::App,
            };
        }
        // A C function: the application's if it is known to stand in its files.
        if file.is_some() && crates.is_empty() { Self::App } else { Self::Std }
    }

    /// Where the file alone tells.
    pub(super) fn of_file(file: &str) -> Option<Self> {
        let file = file.replace('\\', "/");
        let library = |folder: &str, is_one: fn(&str) -> bool| {
            file.split_once(folder).and_then(|(_, rest)| rest.split('/').next()).is_some_and(is_one)
        };
        let ends_with_hash = |name: &str| {
            name.rsplit_once('-').is_some_and(|(_, hash)| hash.len() >= 15 && is_hexadecimal(hash))
        };
        let is_commit = |name: &str| name.len() == 40 && is_hexadecimal(name);
        if library("/rustc/", is_commit)
            || file.contains("/lib/rustlib/src/rust/")
            || file.contains("/rustlib/rustc-src/rust/")
            || [".c", ".h", ".S"].iter().any(|written_in| file.ends_with(written_in))
        {
            Some(Self::Std)
        } else if is_our_source(&file)
            || library("/registry/src/", ends_with_hash)
            || library("/git/checkouts/", ends_with_hash)
        {
            Some(Self::Library)
        } else {
            None
        }
    }
}

/// Whether it is this library's, which may stand anywhere: with line tables alone the names of its functions do not tell. In
/// its own tests it is the application.
fn is_our_source(file: &str) -> bool {
    const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/");
    !cfg!(any(test, retry_core_feed)) && file.starts_with(SOURCES)
}

/// Below it is what starts a program, a thread or a test.
pub(super) fn starts(name: &Name) -> bool {
    name.path.ends_with("::__rust_begin_short_backtrace")
}

/// Above it is what handles a panic.
pub(super) fn raises(name: &Name) -> bool {
    let function = name.function();
    function == "rust_begin_unwind"
        || function == "__rust_end_short_backtrace"
        || (name.path.starts_with("std::panicking::")
            && ["begin_panic", "panic_with_hook", "rust_panic_with_hook", "panic_handler"]
                .contains(&function))
}

/// Runs tests: its closures and what it is given have the same name.
pub(super) fn starts_test(name: &Name) -> bool {
    name.path == "test::__rust_begin_short_backtrace"
}

/// Polls futures, so that a closure called from here is the body of one.
pub(super) fn polls(name: &Name) -> bool {
    if name.path.contains("::blocking::task::") || name.path.contains("BlockingTask") {
        return false;
    }
    let function = name.function();
    function.starts_with("poll") || function == "block_on" || name.crates().any(|name| ASYNC.contains(&name))
}

/// Takes part in taking the stack, where no panic tells where that ends.
pub(super) fn takes(name: &Name) -> bool {
    is_ours(name) || name.path.starts_with("backtrace::")
}

fn is_ours(name: &Name) -> bool {
    let mut crates = name.crates().filter(|name| !is_std(name));
    crates.next() == Some("retry_core") && !name.path.contains("::tests::")
}

fn is_glue(name: &Name) -> bool {
    const PATHS: [&str; 8] = [
        "core::future::",
        "core::ops::function::",
        "core::ptr::drop_in_place",
        "core::ptr::drop_glue",
        "std::panic::catch_unwind",
        "std::panicking::",
        "std::rt::",
        "__rust_",
    ];
    if PATHS.iter().any(|path| name.path.starts_with(path)) || starts(name) {
        return true;
    }
    let function = name.function();
    let is_trait = |of_trait: &str| name.path.contains(of_trait);
    match function {
        "call_once" => is_trait(" as FnOnce>"),
        "call_mut" => is_trait(" as FnMut>"),
        "call" => is_trait(" as Fn>"),
        "poll" => is_trait(" as Future>") && name.crates().all(is_std),
        "into_future" => is_trait(" as IntoFuture>"),
        _ => false,
    }
}

/// An implementation that std has for every type: what it calls is the type's own, and follows.
fn is_blanket(name: &Name) -> bool {
    let of_trait = match name.function() {
        "into" => " as Into>",
        "try_into" => " as TryInto>",
        "to_string" => " as ToString>",
        "spec_to_string" => " as SpecToString>",
        _ => return false,
    };
    name.path.contains(of_trait)
}

fn is_std(name: &str) -> bool {
    ["std", "core", "alloc", "test", "proc_macro", "__rustc"].contains(&name) || is_part_of_std(name)
}

/// What std is built from.
fn is_part_of_std(name: &str) -> bool {
    ["panic_unwind", "panic_abort", "std_detect", "rustc_demangle", "hashbrown", "addr2line", "gimli"]
        .contains(&name)
}

const ASYNC: [&str; 15] = [
    "tokio",
    "tokio_util",
    "futures",
    "futures_core",
    "futures_executor",
    "futures_lite",
    "futures_util",
    "async_executor",
    "async_io",
    "async_std",
    "async_task",
    "smol",
    "pollster",
    "monoio",
    "glommio",
];

/// Crates that call what an application is made of.
fn is_runtime(name: &str) -> bool {
    const OTHERS: [&str; 22] = [
        "actix_rt",
        "actix_web",
        "apalis",
        "apalis_core",
        "axum",
        "backtrace",
        "criterion",
        "crossbeam",
        "crossbeam_utils",
        "crossbeam_channel",
        "hyper",
        "hyper_util",
        "parking_lot",
        "rayon",
        "rayon_core",
        "reqwest",
        "scoped_tls",
        "serde",
        "serde_json",
        "tonic",
        "tower",
        "tracing",
    ];
    ASYNC.contains(&name) || OTHERS.contains(&name)
}

fn is_hexadecimal(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::Owner::{self, App, Glue, Library, Std};
    use super::{Name, polls, raises, starts, starts_test};

    #[test]
    fn frames_belong_to_somebody() {
        let rustc = Some("/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/option.rs");
        let source = Some("/root/.rustup/toolchains/x/lib/rustlib/src/rust/library/core/src/option.rs");
        let registry =
            Some("/home/me/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/shop-1.0.0/src/lib.rs");
        let windows =
            Some(r"C:\Users\me\.cargo\registry\src\index.crates.io-1949cf8c6b5b557f\shop-1.0.0\src\lib.rs");
        let git = Some("/opt/cargo/git/checkouts/shop-0123456789abcdef/abc1234/src/lib.rs");
        let own = Some("/home/me/registry/src/main.rs");
        for (name, file, owner) in [
            ("shop::divide", None, App),
            ("shop::divide", own, App),
            ("shop::divide", Some("src/main.rs"), App),
            ("shop::divide", registry, Library),
            ("shop::divide", windows, Library),
            ("shop::divide", git, Library),
            ("shop::divide", rustc, Std),
            ("tokio::runtime::task::raw::poll", None, Library),
            ("tokio::runtime::task::raw::poll", registry, Library),
            ("rayon_core::registry::ThreadBuilder::run", None, Library),
            ("core::option::Option<T>::map", None, Std),
            ("core::option::Option<T>::map", source, Std),
            ("<core::option::Option<shop::Order> as core::clone::Clone>::clone", None, Std),
            ("<alloc::string::String as shop::Loud>::loud", None, App),
            ("core::fmt::builders::<impl shop::Loud for core::fmt::Formatter>::loud", None, App),
            ("<shop::Order as core::fmt::Display>::fmt", None, App),
            ("<&T as core::fmt::Display>::fmt", None, Std),
            ("<i32 as shop::Loud>::loud", None, App),
            ("qsort", None, Std),
            ("my_callback", own, App),
            ("__libc_start_main_impl", Some("./csu/../csu/libc-start.c"), Std),
            ("core::ops::function::FnOnce::call_once{{vtable.shim}}", rustc, Glue),
            (
                "<shop::main::{closure#0} as core::ops::function::FnOnce<()>>::call_once::{shim:vtable#0}",
                None,
                Glue,
            ),
            ("<shop::Future as core::future::future::Future>::poll", None, App),
            ("<core::pin::Pin<&mut shop::Future> as core::future::future::Future>::poll", rustc, Glue),
            ("std::panicking::catch_unwind::do_call", rustc, Glue),
            ("__rust_try", None, Glue),
            ("core::ptr::drop_in_place<shop::Order>", rustc, Glue),
            ("<shop::Order as alloc::string::ToString>::to_string", rustc, Glue),
            ("<shop::Order as alloc::string::ToString>::to_string", own, App),
            ("retry_core::block::RetryPolicy<E>::run_blocking", own, Glue),
            (
                "<retry_core::crash::Polled<shop::f::{closure#0}> as core::future::future::Future>::poll",
                own,
                Glue,
            ),
            ("<core::result::Result<T,E> as retry_core::__private::Outcome>::into_result", own, Glue),
            ("<shop::Error as retry_core::RetryClassify>::classify", None, App),
        ] {
            assert_eq!(Owner::of(&Name::of(name), file), owner, "{name} {file:?}");
        }
    }

    #[test]
    fn ends_of_a_stack() {
        let is = |test: fn(&Name) -> bool, name: &str| test(&Name::of(name));
        assert!(is(starts, "std::sys::backtrace::__rust_begin_short_backtrace::<fn(), ()>"));
        assert!(is(starts, "std::sys_common::backtrace::__rust_begin_short_backtrace"));
        assert!(is(starts_test, "test::__rust_begin_short_backtrace"));
        assert!(!is(starts_test, "std::sys::backtrace::__rust_begin_short_backtrace"));
        for name in [
            "rust_begin_unwind",
            "__rustc[a1b2c3d4e5f60718]::rust_begin_unwind",
            "std::panicking::begin_panic::<i32>::{closure#0}",
            "std::panicking::rust_panic_with_hook",
            "std::sys::backtrace::__rust_end_short_backtrace",
        ] {
            assert!(is(raises, name), "{name}");
        }
        assert!(!is(raises, "std::panicking::catch_unwind"));
        assert!(!is(raises, "shop::begin_panic"));
    }

    #[test]
    fn what_polls() {
        for (name, expected) in [
            ("<core::pin::Pin<P> as core::future::future::Future>::poll", true),
            ("tokio::runtime::park::CachedParkThread::block_on::{{closure}}", true),
            ("tokio::runtime::context::runtime::enter_runtime", true),
            (
                "<tokio::runtime::blocking::task::BlockingTask<T> as core::future::future::Future>::poll",
                false,
            ),
            ("core::ops::function::FnOnce::call_once", false),
            ("shop::run", false),
        ] {
            assert_eq!(polls(&Name::of(name)), expected, "{name}");
        }
    }
}
