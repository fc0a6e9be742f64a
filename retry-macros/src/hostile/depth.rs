//! What is nested too deeply to be read is answered like anything else, and not with the end of the stack.

use std::str::FromStr;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::case::{Case, Macro};
use super::corpus::{DERIVES, FUNCTIONS};
use super::tests::on_the_stack_of_a_compiler;

/// Deeper than the compiler itself can read, on a stack as large as its own: ten thousand groups, and what makes a tree
/// as deep without any.
#[test]
fn whatever_is_deep() {
    const DEPTH: usize = 10_000;
    let nested = |open: &str, inside: &str, close: &str| {
        format!("{}{inside}{}", open.repeat(DEPTH), close.repeat(DEPTH))
    };
    let exprs = [
        nested("(", "1", ")"),
        nested("[", "1", "]"),
        nested("{", "1", "}"),
        nested("f(", "1", ")"),
        nested("if a {", "1", "} else { 2 }"),
        nested("match a { b => ", "1", "}"),
        nested("(|| ", "1", ")()"),
        nested("loop { break ", "1", "}"),
        nested("async move { ", "1", "}.await"),
        nested("m!(", "1", ")"),
        nested("{ let a = ", "1", "; a }"),
        nested("S { a: ", "1", "}"),
        nested("a[", "1", "]"),
        nested("{ fn f() ", "{}", "}"),
        format!("a{}", "+ a".repeat(DEPTH)),
        format!("a{}", ".a(b)".repeat(DEPTH)),
        format!("a{}", ".a".repeat(DEPTH)),
        format!("a{}", "(b)".repeat(DEPTH)),
        format!("a{}", "?".repeat(DEPTH)),
        format!("a{}", " as u8".repeat(DEPTH)),
        format!("{}1", "if a { b } else ".repeat(DEPTH)),
        format!("{}a", "!".repeat(DEPTH)),
        format!("{}a", "return ".repeat(DEPTH)),
        format!("{}a", "a = ".repeat(DEPTH)),
        format!("{}a", "|| ".repeat(DEPTH)),
    ];
    let types = [
        format!("{}A", "&".repeat(DEPTH)),
        format!("{}A", "fn() -> ".repeat(DEPTH)),
        nested("A<", "A", ">"),
        nested("(", "A", ")"),
        nested("[", "A", "]"),
        nested("fn(", "A", ")"),
        nested("A<(", "A", ")>"),
    ];
    let patterns =
        [nested("(", "a", ")"), nested("A(", "a", ")"), nested("A { a: ", "a", "}"), nested("[", "a", "]")];
    let check = |of: Macro, options: &str, item: &str| {
        let (options, item) = (options.to_owned(), item.to_owned());
        answered(move || Case::text(of, &options, &item).expect("these are tokens"));
    };
    for expr in &exprs {
        check(Macro::CrashContext, "", &format!("fn f(a: A) -> R {{ {expr} }}"));
        check(Macro::CrashContext, "", &format!("async fn f(a: A) -> R {{ let b = {expr}; b }}"));
        check(Macro::CrashContext, "", &format!("fn f(a: A) -> R {{ Box::pin(async {{ m!({expr}) }}) }}"));
        check(Macro::Retry, "A = 1", &format!("async fn f(a: A) -> Result<A, E> {{ {expr} }}"));
        check(
            Macro::Retry,
            "",
            &format!("fn f(a: A) -> impl Future<Output = io::Result<A>> {{ async {{ {expr} }} }}"),
        );
        check(Macro::CrashContext, expr, FUNCTIONS[0]);
        check(Macro::Retry, &format!("A = {expr}"), FUNCTIONS[0]);
        check(Macro::Retry, expr, FUNCTIONS[0]);
        check(Macro::Policy, &format!("E: A = {expr}"), "");
        check(Macro::With, &format!("a, |_| {expr}"), "");
        check(Macro::Classify, "", &format!("#[retry(after = {expr})] struct S;"));
    }
    for ty in &types {
        check(Macro::Retry, "A = 1", &format!("fn f(a: A) -> Result<A, {ty}> {{}}"));
        check(Macro::CrashContext, "", &format!("fn f(a: {ty}) {{}}"));
        check(Macro::Policy, &format!("{ty}: A = 1"), "");
        check(Macro::Classify, "", &format!("struct S({ty});"));
        check(Macro::CrashContext, "", &format!("struct S({ty});"));
    }
    for pattern in &patterns {
        check(Macro::CrashContext, "", &format!("fn f({pattern}: A) {{}}"));
        check(Macro::CrashContext, "", &format!("fn f() {{ let {pattern} = a; }}"));
        check(Macro::Retry, "clone(a)", &format!("fn f({pattern}: A) -> Result<A, B> {{}}"));
        check(Macro::With, &format!("a, |{pattern}| b"), "");
    }
    for text in ["1", "A = 1", FUNCTIONS[0], DERIVES[0]] {
        for of in Macro::ALL {
            answered(move || Case::new(of, in_groups(text, DEPTH), in_groups(FUNCTIONS[0], 1)));
            answered(move || Case::new(of, in_groups("a", 1), in_groups(text, DEPTH)));
        }
    }
}

fn answered(case: impl FnOnce() -> Case + Send + 'static) {
    on_the_stack_of_a_compiler(|| drop(case().expand()));
}

/// As a `macro_rules!` hands it on, again and again.
fn in_groups(text: &str, depth: usize) -> TokenStream {
    let inside = TokenStream::from_str(text).expect("these are tokens");
    (0..depth).fold(inside, |inside, _| TokenTree::from(Group::new(Delimiter::None, inside)).into())
}
