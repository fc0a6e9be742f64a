//! Function names as a reader wants them: the same under both ways of mangling, without hashes and generics.

/// What a symbol says of its function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// Without its closures: `shop::orders::Order::total`, `<shop::orders::Order as Display>::fmt`.
    pub(super) path: String,
    /// How many closures or async blocks deep within the function.
    pub(super) closures: usize,
    /// The compiler made it, to call a closure through a pointer.
    pub(super) shim: bool,
    /// In full, where they are in the symbol: the path itself or the type, its trait, and the module of its `impl`.
    origins: Vec<String>,
}

/// How well a symbol fits the function and the module that an attribute saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// Another function.
    No,
    /// The function's name, somewhere else by the look of it.
    Name,
    /// The function's name, in the same crate.
    Crate,
    /// The function's name, in the same module.
    Module,
}

impl Name {
    /// Of what a symbol is demangled to.
    pub(super) fn of(demangled: &str) -> Self {
        let path = Path::parse(demangled, 0);
        let mut segments = path.segments;
        let closures = segments.iter().rev().take_while(|segment| *segment == CLOSURE).count();
        segments.truncate(segments.len() - closures);
        if segments.is_empty() {
            segments.push(demangled.to_owned());
        }
        Self { path: segments.join("::"), closures, shim: path.shim, origins: path.origins }
    }

    /// As it is shown where it is not known what the closures are.
    pub(super) fn shown(&self) -> String {
        if self.closures == 0 { self.path.clone() } else { format!("{}::{CLOSURE}", self.path) }
    }

    /// The function's own name.
    pub(super) fn function(&self) -> &str {
        split(&self.path, "::").pop().unwrap_or_default()
    }

    /// The crates that the function may belong to: by the orphan rule it is the user's if one of them is.
    pub(super) fn crates(&self) -> impl Iterator<Item = &str> {
        self.origins.iter().filter_map(|origin| crate_of(origin))
    }

    /// Whether it can be the function of that name in that module.
    pub(super) fn fit(&self, module: &str, function: &str) -> Fit {
        let module = module.replace("r#", "");
        if self.function() != function.trim_start_matches("r#") {
            return Fit::No;
        }
        let within = |origin: &String| {
            origin.strip_prefix(module.as_str()).is_some_and(|rest| rest.starts_with("::") || rest.is_empty())
        };
        let home = module.split("::").next().unwrap_or_default();
        if self.origins.iter().any(within) {
            Fit::Module
        } else if self.crates().any(|name| name == home) {
            Fit::Crate
        } else {
            Fit::Name
        }
    }

    /// Whether it stands in that module.
    pub(super) fn is_in(&self, module: &str) -> bool {
        self.origins.iter().any(|origin| {
            origin.strip_prefix(module).is_some_and(|rest| rest.starts_with("::") || rest.is_empty())
        })
    }
}

/// What closures, async blocks and the bodies of async functions are shown as.
const CLOSURE: &str = "{closure}";
/// Types nested deeper are not looked into.
const DEEPEST: usize = 16;

#[derive(Default)]
struct Path {
    segments: Vec<String>,
    origins: Vec<String>,
    shim: bool,
}

impl Path {
    fn parse(text: &str, depth: usize) -> Self {
        let mut path = Self::default();
        for segment in split(text.trim(), "::") {
            path.add(segment, depth);
        }
        if path.segments.len() > 1 && path.origins.is_empty() {
            path.origins.push(path.segments.join("::"));
        }
        path
    }

    fn add(&mut self, segment: &str, depth: usize) {
        if let Some(inside) = segment.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
            if let Some(implementation) = inside.strip_prefix("impl ") {
                self.implementation(implementation, depth);
            } else if self.segments.is_empty() {
                self.qualified(inside, depth);
            } // else they are the generics of the segment before
        } else if segment.starts_with('{') {
            self.unnamed(segment);
        } else if !is_hash(segment) {
            let (name, rest) = segment.split_at(segment.find(['<', '[', '{', '(']).unwrap_or(segment.len()));
            self.shim |= rest.contains("shim");
            let name = name.trim_start_matches("r#");
            // Clones and parts that the optimiser made: `f.cold`, `f.llvm.1234`.
            let name = name.split('.').next().filter(|name| !name.is_empty()).unwrap_or(name);
            if !name.is_empty() {
                self.segments.push(name.to_owned());
            }
        }
    }

    /// `{{closure}}`, `{closure#0}`, `{async_fn#0}`, `{impl#1}`, `{shim:vtable#0}`.
    fn unnamed(&mut self, segment: &str) {
        let name = segment.trim_matches(['{', '}']);
        let kind = name.split(['#', ':', '.']).next().unwrap_or_default();
        match kind {
            "impl" | "constructor" | "use" | "" => {}
            "shim" | "vtable" | "reify" => self.shim = true,
            _ if kind.contains("closure") || kind.contains("async") || kind.contains("gen") => {
                self.segments.push(CLOSURE.to_owned());
            }
            "coroutine" => self.segments.push(CLOSURE.to_owned()),
            _ => self.segments.push(kind.to_owned()),
        }
    }

    /// `X as Trait` or `X`, at the beginning.
    fn qualified(&mut self, inside: &str, depth: usize) {
        match split(inside, " as ").as_slice() {
            [own, of_trait, ..] => self.of_trait(own, of_trait, depth),
            _ => self.inherent(inside, depth),
        }
    }

    /// `Trait for X` or `X`, after the module that the `impl` stands in.
    fn implementation(&mut self, inside: &str, depth: usize) {
        let home = std::mem::take(&mut self.segments).join("::");
        match split(inside, " for ").as_slice() {
            [of_trait, own, ..] => self.of_trait(own, of_trait, depth),
            _ => self.inherent(inside, depth),
        }
        self.origins.push(home);
    }

    fn of_trait(&mut self, own: &str, of_trait: &str, depth: usize) {
        let of_trait = type_name(of_trait, depth + 1);
        let own = type_name(own, depth + 1);
        let short = split(&of_trait, "::").pop().unwrap_or_default();
        self.segments.push(format!("<{own} as {short}>"));
        self.origins.extend([own, of_trait]);
    }

    fn inherent(&mut self, own: &str, depth: usize) {
        let own = type_name(own, depth + 1);
        if own.starts_with(['&', '[', '(', '*', '<']) || own.starts_with("dyn ") {
            self.segments.push(format!("<{own}>"));
        } else {
            self.segments.extend(split(&own, "::").into_iter().map(str::to_owned));
        }
        self.origins.push(own);
    }
}

/// A type without generics, lifetimes and crate disambiguators.
fn type_name(text: &str, depth: usize) -> String {
    let text = without_lifetime(text.trim());
    if depth > DEEPEST {
        return "_".to_owned();
    }
    for pointer in ["&mut ", "&", "*const ", "*mut "] {
        if let Some(target) = text.strip_prefix(pointer) {
            let target = without_lifetime(target);
            let (mutable, target) = match target.strip_prefix("mut ") {
                Some(target) if pointer == "&" => ("mut ", target),
                _ => ("", target),
            };
            return format!("{pointer}{mutable}{}", type_name(target, depth + 1));
        }
    }
    let inside = |open: char, close: char| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    if let Some(items) = inside('[', ']') {
        let item = split(items, ";").first().map(|item| type_name(item, depth + 1));
        format!("[{}]", item.unwrap_or_default())
    } else if let Some(items) = inside('(', ')') {
        let items: Vec<_> = split(items, ",").into_iter().map(|item| type_name(item, depth + 1)).collect();
        format!("({})", items.join(", ").trim_end())
    } else if let Some(bounds) = text.strip_prefix("dyn ") {
        let first = split(bounds, " + ").first().map(|bound| type_name(bound, depth + 1)).unwrap_or_default();
        format!("dyn {}", split(&first, "::").pop().unwrap_or_default())
    } else if ["fn(", "unsafe fn(", "extern \"", "unsafe extern"].iter().any(|start| text.starts_with(start))
    {
        "fn(..)".to_owned()
    } else {
        Path::parse(text, depth).segments.join("::")
    }
}

fn without_lifetime(text: &str) -> &str {
    if let Some(rest) = text.strip_prefix("for<") {
        return rest.split_once("> ").map_or(text, |(_, rest)| rest);
    }
    text.strip_prefix('\'').and_then(|rest| rest.split_once(' ')).map_or(text, |(_, rest)| rest)
}

/// The first word of a path of several.
fn crate_of(path: &str) -> Option<&str> {
    let path = path.trim_start_matches(['&', '*', '[', '(', '<']);
    let path =
        ["mut ", "const ", "dyn "].iter().fold(path, |path, word| path.strip_prefix(word).unwrap_or(path));
    path.split_once("::").map(|(name, _)| name)
}

/// `h0123456789abcdef`
fn is_hash(segment: &str) -> bool {
    segment.len() == 17
        && segment.strip_prefix('h').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// At a separator that is in no bracket.
fn split<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let (mut depth, mut start, mut skip_to, mut before) = (0_usize, 0, 0, ' ');
    for (at, character) in text.char_indices() {
        if at < skip_to {
            continue;
        }
        match character {
            '<' | '(' | '[' | '{' => depth += 1,
            '>' if before == '-' => {}
            '>' | ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 && text[at..].starts_with(separator) => {
                parts.push(&text[start..at]);
                start = at + separator.len();
                skip_to = start;
            }
            _ => {}
        }
        before = character;
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::{Fit, Name};

    /// Demangled as the frames are.
    fn shown(symbol: &str) -> String {
        let demangled = format!("{:#}", backtrace::SymbolName::new(symbol.as_bytes()));
        let full = backtrace::SymbolName::new(symbol.as_bytes()).to_string();
        let name = Name::of(&demangled);
        assert_eq!(name.path, Name::of(&full).path, "with and without hashes: {full}");
        if name.shim { format!("{} (shim)", name.shown()) } else { name.shown() }
    }

    /// By 1.95 in both ways, and by nightly.
    const SYMBOLS: &[(&str, &str)] = &[
        ("_ZN4shop6orders5Order6divide17hfee7bc4bde9a32a4E", "shop::orders::Order::divide"),
        ("_RNvMNtCsfeUfTAtpaeL_4shop6ordersNtB2_5Order6divide", "shop::orders::Order::divide"),
        ("_ZN4shop6orders14Stack$LT$T$GT$3get17h4fc15e6de9f8de2eE", "shop::orders::Stack::get"),
        ("_RNvMs_NtCsfeUfTAtpaeL_4shop6ordersINtB4_5StacklE3getB6_", "shop::orders::Stack::get"),
        (
            "_ZN58_$LT$shop..orders..Order$u20$as$u20$core..fmt..Display$GT$3fmt17h45a45f6c53bc500cE",
            "<shop::orders::Order as Display>::fmt",
        ),
        (
            "_ZN60_$LT$alloc..string..String$u20$as$u20$shop..orders..Loud$GT$4loud17h86224439199e089cE",
            "<alloc::string::String as Loud>::loud",
        ),
        (
            "_ZN67_$LT$shop..orders..Stack$LT$T$GT$$u20$as$u20$shop..orders..Loud$GT$4loud17h298accaac9857b0fE",
            "<shop::orders::Stack as Loud>::loud",
        ),
        (
            "_RNvXs2_NtCsfeUfTAtpaeL_4shop6ordersINtB5_5StacklENtB5_4Loud4loudB7_",
            "<shop::orders::Stack as Loud>::loud",
        ),
        ("_ZN4shop6orders4Loud5twice17h007828e3f4571a5dE", "shop::orders::Loud::twice"),
        (
            "_RNvYNtNtCslNYArtu3iFV_5alloc6string6StringNtNtCsfeUfTAtpaeL_4shop6orders4Loud5twiceBI_",
            "<alloc::string::String as Loud>::twice",
        ),
        (
            "_RNvYINtNtCsfeUfTAtpaeL_4shop6orders5StacklENtB5_4Loud5twiceB7_",
            "<shop::orders::Stack as Loud>::twice",
        ),
        (
            "_ZN69_$LT$shop..orders..Order$u20$as$u20$core..convert..From$LT$u8$GT$$GT$4from17hcfb2a07ba52dc9bcE",
            "<shop::orders::Order as From>::from",
        ),
        (
            "_ZN61_$LT$shop..orders..Order$u20$as$u20$core..ops..drop..Drop$GT$4drop17hae171d9f26806007E",
            "<shop::orders::Order as Drop>::drop",
        ),
        (
            "_ZN4shop5other37_$LT$impl$u20$shop..orders..Order$GT$9elsewhere17hb7b62de9eb553c26E",
            "shop::orders::Order::elsewhere",
        ),
        ("_RNvMNtCsfeUfTAtpaeL_4shop5otherNtNtB4_6orders5Order9elsewhere", "shop::orders::Order::elsewhere"),
        ("_ZN4shop7generic17h81bc475813dfac38E", "shop::generic"),
        ("_RINvCsfeUfTAtpaeL_4shop7generichKj2_NCNCNCNvB2_4main0s8_00EB2_", "shop::generic"),
        ("_ZN4shop6nested5inner17h43899c177186be00E", "shop::nested::inner"),
        ("_ZN4shop4leaf28_$u7b$$u7b$closure$u7d$$u7d$17hbdb62d7e46ba218eE", "shop::leaf::{closure}"),
        ("_RNCNvCsfeUfTAtpaeL_4shop4leaf0B3_", "shop::leaf::{closure}"),
        ("_ZN4shop5boxed28_$u7b$$u7b$closure$u7d$$u7d$17h18c341c2d0123a82E", "shop::boxed::{closure}"),
        ("_RNCNvCsfeUfTAtpaeL_4shop5boxed0B3_", "shop::boxed::{closure}"),
        (
            "_ZN4shop4main28_$u7b$$u7b$closure$u7d$$u7d$28_$u7b$$u7b$closure$u7d$$u7d$17haf3155c32a0f6843E",
            "shop::main::{closure}",
        ),
        ("_ZN4shop4main28_$u7b$$u7b$closure$u7d$$u7d$17h9d44aa2156166ac5E", "shop::main::{closure}"),
        ("_RNCNCNvCsfeUfTAtpaeL_4shop4main00B5_", "shop::main::{closure}"),
        ("_ZN4shop4main17hed5be3c293e2142dE", "shop::main"),
        (
            "_ZN4core4cell16RefCell$LT$T$GT$10borrow_mut17h4c6faaf99318ced3E",
            "core::cell::RefCell::borrow_mut",
        ),
        (
            "_RNvMst_NtCsgEmfK2I1SDS_4core4cellINtB5_7RefCelllE10borrow_mutCsfeUfTAtpaeL_4shop",
            "core::cell::RefCell::borrow_mut",
        ),
        ("_ZN4core6result19Result$LT$T$C$E$GT$6unwrap17hd3bb2f4034570b9dE", "core::result::Result::unwrap"),
        (
            "_RNvMNtCsgEmfK2I1SDS_4core6optionINtB2_6OptionINtNtB4_6result6ResultuNtNtB4_3fmt5ErrorEE6unwrapCsfeUfTAtpaeL_4shop",
            "core::option::Option::unwrap",
        ),
        (
            "_RNvMNtCsgEmfK2I1SDS_4core6resultINtB2_6ResultuReE6unwrapCsfeUfTAtpaeL_4shop",
            "core::result::Result::unwrap",
        ),
        (
            "_ZN4core3str6traits66_$LT$impl$u20$core..ops..index..Index$LT$I$GT$$u20$for$u20$str$GT$5index17hc439b95ed5b20f27E",
            "<str as Index>::index",
        ),
        (
            "_RNvXs2_NtNtCsgEmfK2I1SDS_4core3str6traitseINtNtNtB9_3ops5index5IndexINtNtBJ_5range9RangeFromjEE5indexCsalD8HzA4tAe_14rustc_demangle",
            "<str as Index>::index",
        ),
        (
            "_ZN4core5slice5index74_$LT$impl$u20$core..ops..index..Index$LT$I$GT$$u20$for$u20$$u5b$T$u5d$$GT$5index17h855dedf7bb8d2ab4E",
            "<[T] as Index>::index",
        ),
        (
            "_RNvXNtNtCsgEmfK2I1SDS_4core5slice5indexSlINtNtNtB6_3ops5index5IndexjE5indexCsfeUfTAtpaeL_4shop",
            "<[i32] as Index>::index",
        ),
        (
            "_ZN4core3ops8function6FnOnce40call_once$u7b$$u7b$vtable.shim$u7d$$u7d$17h20fb75982dba7360E",
            "core::ops::function::FnOnce::call_once (shim)",
        ),
        (
            "_RNSNvYNCNCNCNvCsfeUfTAtpaeL_4shop4main0se_00INtNtNtCsgEmfK2I1SDS_4core3ops8function6FnOnceuE9call_once6vtableBc_",
            "<shop::main::{closure}::{closure}::{closure} as FnOnce>::call_once (shim)",
        ),
        (
            "_ZN4core3ptr40drop_in_place$LT$shop..orders..Order$GT$17h3ae658138181844eE",
            "core::ptr::drop_in_place",
        ),
        (
            "_RINvNtCsgEmfK2I1SDS_4core3ptr13drop_in_placeNtNtCsfeUfTAtpaeL_4shop6orders5OrderEBK_",
            "core::ptr::drop_in_place",
        ),
        ("_RNvCsfLfy6EI15iL_7___rustc17rust_begin_unwind", "__rustc::rust_begin_unwind"),
        ("__rust_try", "__rust_try"),
        ("_start", "_start"),
        (
            "_RINvNtNtCsjrHSEGnQ3l9_3std3sys9backtrace26___rust_end_short_backtraceNCNvNtB6_9panicking13panic_handler0zEB6_",
            "std::sys::backtrace::__rust_end_short_backtrace",
        ),
        (
            "_ZN3std3sys9backtrace26__rust_end_short_backtrace17h329de02511dd1657E",
            "std::sys::backtrace::__rust_end_short_backtrace",
        ),
        (
            "_RINvNtNtCsjrHSEGnQ3l9_3std3sys9backtrace26___rust_end_short_backtraceNCINvNtB6_9panicking11begin_paniclE0zECsfeUfTAtpaeL_4shop",
            "std::sys::backtrace::__rust_end_short_backtrace",
        ),
        (
            "_ZN3std3sys9backtrace28__rust_begin_short_backtrace17h0c8dc9d311d8b563E",
            "std::sys::backtrace::__rust_begin_short_backtrace",
        ),
        ("_RNvNtCsjrHSEGnQ3l9_3std9panicking15panic_with_hook", "std::panicking::panic_with_hook"),
        ("_RNvNtCsgEmfK2I1SDS_4core9panicking18panic_bounds_check", "core::panicking::panic_bounds_check"),
        (
            "_ZN72_$LT$core..pin..Pin$LT$P$GT$$u20$as$u20$core..future..future..Future$GT$4poll17hb946d3c0cde5414bE",
            "<core::pin::Pin as Future>::poll",
        ),
        (
            "_RNvXs_NtNtCsgEmfK2I1SDS_4core6future6futureINtNtB8_3pin3PinINtNtCslNYArtu3iFV_5alloc5boxed3BoxNCNvCsfeUfTAtpaeL_4shop5boxed0EENtB4_6Future4pollB1y_",
            "<core::pin::Pin as Future>::poll",
        ),
        (
            "_ZN58_$LT$$RF$u8$u20$as$u20$core..ops..arith..Div$LT$u8$GT$$GT$3div17h01b9a0c8ff895074E",
            "<&u8 as Div>::div",
        ),
        (
            "_RNvXst_NtCslNYArtu3iFV_5alloc5boxedINtB5_3BoxDINtNtNtCsgEmfK2I1SDS_4core3ops8function6FnOnceuEp6OutputuEL_EIBJ_uE9call_onceCsfeUfTAtpaeL_4shop",
            "<alloc::boxed::Box as FnOnce>::call_once",
        ),
        ("_ZN5alloc5slice29_$LT$impl$u20$$u5b$T$u5d$$GT$7sort_by17hc8b7c463b1ed4290E", "<[T]>::sort_by"),
        (
            "_RNCINvMNtCslNYArtu3iFV_5alloc5sliceSl7sort_byNCNCNCNvCsfeUfTAtpaeL_4shop4main0sa_00E0BP_",
            "<[i32]>::sort_by::{closure}",
        ),
        (
            "_RINvMNtCslNYArtu3iFV_5alloc5sliceSl7sort_byNCNCNCNvCsfeUfTAtpaeL_4shop4main0sa_00EBN_",
            "<[i32]>::sort_by",
        ),
        (
            "_ZN102_$LT$tokio..runtime..blocking..task..BlockingTask$LT$T$GT$$u20$as$u20$core..future..future..Future$GT$4poll17h732245c0e2c9a427E",
            "<tokio::runtime::blocking::task::BlockingTask as Future>::poll",
        ),
        (
            "_ZN5tokio7runtime4park16CachedParkThread8block_on28_$u7b$$u7b$closure$u7d$$u7d$17h621c0c1cc5b98271E",
            "tokio::runtime::park::CachedParkThread::block_on::{closure}",
        ),
        (
            "_RNCINvMs2_NtNtCs8rFo67iNOgI_5tokio7runtime4parkNtB8_16CachedParkThread8block_onNCNvCsfeUfTAtpaeL_4shop4main0E0B1j_",
            "tokio::runtime::park::CachedParkThread::block_on::{closure}",
        ),
        (
            "_RINvMs2_NtNtCs8rFo67iNOgI_5tokio7runtime4parkNtB6_16CachedParkThread8block_onNCNvCsfeUfTAtpaeL_4shop4main0EB1h_",
            "tokio::runtime::park::CachedParkThread::block_on",
        ),
        (
            "_ZN114_$LT$std..collections..hash..map..HashMap$LT$K$C$V$C$S$C$A$GT$$u20$as$u20$core..ops..index..Index$LT$$RF$Q$GT$$GT$5index17hd1c17718c104672aE",
            "<std::collections::hash::map::HashMap as Index>::index",
        ),
        (
            "_RNvXs8_NtNtNtCsjrHSEGnQ3l9_3std11collections4hash3mapINtB5_7HashMapmmEINtNtNtCsgEmfK2I1SDS_4core3ops5index5IndexRmE5indexCsfeUfTAtpaeL_4shop",
            "<std::collections::hash::map::HashMap as Index>::index",
        ),
        (
            "_RNvNvMs0_NtNtNtCsjrHSEGnQ3l9_3std3sys6thread4unixNtB7_6Thread3new12thread_start",
            "std::sys::thread::unix::Thread::new::thread_start",
        ),
    ];

    #[test]
    fn legacy_v0_and_nightly_symbols_read_the_same() {
        for (symbol, expected) in SYMBOLS {
            assert_eq!(shown(symbol), *expected, "{symbol}");
        }
    }

    #[test]
    fn forms_of_debug_information_and_of_other_compilers() {
        for (written, expected) in [
            (
                "std[e28293b1f5ac3b2c]::panicking::panic_handler::{closure#0}",
                "std::panicking::panic_handler::{closure}",
            ),
            ("__rustc[a1b2c3d4e5f60718]::rust_begin_unwind", "__rustc::rust_begin_unwind"),
            ("shop::orders::{impl#0}::total", "shop::orders::total"),
            ("shop::orders::{{impl}}::total::h0123456789abcdef", "shop::orders::total"),
            ("shop::fetch::{async_fn#0}", "shop::fetch::{closure}"),
            ("shop::fetch::{async_block#1}::{closure:move#2}", "shop::fetch::{closure}"),
            ("shop::outer::{{closure}}::inner", "shop::outer::{closure}::inner"),
            (
                "<fn(u8) -> u8 as core::ops::function::FnOnce<(u8,)>>::call_once",
                "<fn(..) as FnOnce>::call_once",
            ),
            ("<for<'a> fn(&'a u8) -> &'a u8 as shop::Named>::name", "<fn(..) as Named>::name"),
            (
                "<&'a mut dyn shop::Loud + core::marker::Send as shop::Other<i32>>::f",
                "<&mut dyn Loud as Other>::f",
            ),
            (
                "<(alloc::vec::Vec<u8>, &str, [u8; 3]) as shop::Named>::name",
                "<(alloc::vec::Vec, &str, [u8]) as Named>::name",
            ),
            ("<<shop::A as shop::B>::C as shop::D>::e", "<<shop::A as B>::C as D>::e"),
            ("shop::r#match", "shop::match"),
            ("shop::hot.cold.1", "shop::hot"),
            ("main", "main"),
            ("", ""),
            ("<<<((([[[", "<<<((([[["),
            (">>::{}", ">>"),
        ] {
            assert_eq!(Name::of(written).shown(), expected, "{written}");
        }
        Name::of(&"<&".repeat(10_000));
        Name::of(&"<(".repeat(10_000));
    }

    #[test]
    fn a_symbol_fits_the_function_that_the_attribute_saw() {
        for (symbol, fit) in [
            ("shop::orders::divide", Fit::Module),
            ("shop::orders::divide::{{closure}}::{{closure}}", Fit::Module),
            ("shop::orders::Order::divide", Fit::Module),
            ("<shop::orders::Order<T>>::divide::<u8>", Fit::Module),
            ("<shop::Order as shop::orders::Divide>::divide", Fit::Module),
            ("shop::orders::<impl core::ops::Div for alloc::string::String>::divide", Fit::Module),
            ("<shop::Order as core::ops::Div>::divide", Fit::Crate),
            ("shop::ordersx::divide", Fit::Crate),
            ("std::orders::divide", Fit::Name),
            ("divide", Fit::Name),
            ("shop::orders::divide::inner", Fit::No),
            ("shop::orders::divided", Fit::No),
        ] {
            assert_eq!(Name::of(symbol).fit("shop::orders", "divide"), fit, "{symbol}");
        }
        assert_eq!(Name::of("shop::match").fit("shop", "r#match"), Fit::Module);
    }
}
