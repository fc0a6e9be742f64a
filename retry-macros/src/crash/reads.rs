//! Which words only read a value that is `mut`: where only these are used, the value that was kept at its last assignment
//! is the value at the crash.

use proc_macro2::{Delimiter, Spacing, TokenTree};

/// Methods that everybody knows to change nothing, of numbers, options, arrays and the like.
pub(super) fn only_reads(method: &str) -> bool {
    const BEGINNINGS: [&str; 14] = [
        "is_",
        "to_",
        "into_",
        "as_secs",
        "as_milli",
        "as_micros",
        "as_nanos",
        "checked_",
        "wrapping_",
        "saturating_",
        "overflowing_",
        "unwrap_or",
        "ok_or",
        "abs_",
    ];
    const METHODS: [&str; 61] = [
        "abs",
        "add",
        "and",
        "and_then",
        "as_deref",
        "as_ref",
        "as_slice",
        "as_str",
        "ceil",
        "clamp",
        "clone",
        "cloned",
        "cmp",
        "concat",
        "contains",
        "copied",
        "cos",
        "count_ones",
        "div_ceil",
        "elapsed",
        "ends_with",
        "eq",
        "err",
        "exp",
        "expect",
        "filter",
        "first",
        "floor",
        "get",
        "into",
        "iter",
        "join",
        "last",
        "leading_zeros",
        "len",
        "ln",
        "map",
        "map_or",
        "max",
        "min",
        "mul_add",
        "octets",
        "ok",
        "partial_cmp",
        "pow",
        "powf",
        "powi",
        "rem_euclid",
        "round",
        "signum",
        "sin",
        "sqrt",
        "starts_with",
        "subsec_nanos",
        "sum",
        "then",
        "trailing_zeros",
        "trunc",
        "try_into",
        "unwrap",
        "unwrap_err",
    ];
    BEGINNINGS.iter().any(|beginning| method.starts_with(beginning)) || METHODS.contains(&method)
}

/// Whether a word among a macro's arguments is the name of what is changed there: `&mut x`, `x.take()`, `{ x += 1; .. }`.
/// Outermost, `x = ..` is the name of an argument.
pub(super) fn is_changed(before: &[TokenTree], mut behind: &[TokenTree], is_outermost: bool) -> bool {
    if matches!(before.last(), Some(TokenTree::Ident(word)) if word == "mut") {
        return true;
    }
    loop {
        match behind {
            [TokenTree::Punct(dot), TokenTree::Ident(method), called, ..]
                if dot.as_char() == '.' && is_call(called) =>
            {
                return !only_reads(&method.to_string());
            }
            [TokenTree::Punct(dot), TokenTree::Ident(_) | TokenTree::Literal(_), rest @ ..]
                if dot.as_char() == '.' =>
            {
                behind = rest;
            }
            [TokenTree::Group(index), rest @ ..] if index.delimiter() == Delimiter::Bracket => behind = rest,
            _ => return !is_outermost && is_assigned(behind),
        }
    }
}

/// `(..)` or `::<..>(..)`
fn is_call(behind: &TokenTree) -> bool {
    match behind {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Parenthesis,
        TokenTree::Punct(sign) => sign.as_char() == ':',
        _ => false,
    }
}

fn is_assigned(behind: &[TokenTree]) -> bool {
    const OPERATORS: [&str; 10] = ["+=", "-=", "*=", "/=", "%=", "^=", "&=", "|=", "<<=", ">>="];
    let mut signs = String::new();
    for tree in behind {
        let TokenTree::Punct(sign) = tree else { break };
        signs.push(sign.as_char());
        if sign.spacing() == Spacing::Alone {
            break;
        }
    }
    match signs.strip_prefix('=') {
        Some(rest) => !rest.starts_with(['=', '>']),
        None => OPERATORS.iter().any(|operator| signs.starts_with(operator)),
    }
}

/// Macros that everybody knows to change nothing of what they are given by name.
pub(super) fn is_reading_macro(name: &str) -> bool {
    const MACROS: [&str; 33] = [
        "assert",
        "assert_eq",
        "assert_ne",
        "cfg",
        "concat",
        "dbg",
        "debug",
        "debug_assert",
        "debug_assert_eq",
        "debug_assert_ne",
        "env",
        "eprint",
        "eprintln",
        "error",
        "format",
        "format_args",
        "info",
        "line",
        "log",
        "matches",
        "option_env",
        "panic",
        "print",
        "println",
        "stringify",
        "todo",
        "trace",
        "unimplemented",
        "unreachable",
        "vec",
        "warn",
        "write",
        "writeln",
    ];
    MACROS.contains(&name)
}
