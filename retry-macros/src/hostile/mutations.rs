//! Token streams changed a little, as a slip of the hand, a `macro_rules!` or malice would.

use std::str::FromStr;

use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};

use super::case::{Case, Macro};

/// A number below the one given, which is not 0: from a seed, or from a fuzzer's bytes.
pub(crate) type Choose<'c> = dyn FnMut(usize) -> usize + 'c;

/// Tokens, a lifetime's two together: no source file can tear them apart.
#[derive(Clone)]
enum Tree {
    Leaf(Vec<TokenTree>),
    Group(Delimiter, Vec<Tree>),
}

const DELIMITERS: [Delimiter; 4] =
    [Delimiter::Parenthesis, Delimiter::Bracket, Delimiter::Brace, Delimiter::None];

/// Words that mean something to one of the macros or to the language, and such as hardly anybody writes.
pub(crate) const DICTIONARY: &[&str] = &[
    // The macros' own.
    "Timeout = 120",
    "A | B = never",
    "_ = 1s",
    "field(a.0.b, or = 60, max = 10m)",
    "field(0.1.2)",
    "field",
    "never",
    "when(|e: &E| e.soft()) = 3",
    "backoff = exp(max = 5)",
    "exp",
    "fixed",
    "linear",
    "fibonacci",
    "base = 100ms",
    "factor = 2.5",
    "step = 1s",
    "cap = 10m",
    "max = unlimited",
    "jitter = full",
    "none",
    "equal",
    "decorrelated",
    "attempts = 0",
    "deadline = 10m",
    "timeout = 5s => E::A",
    "until = |v| v.ok()",
    "attempt = n",
    "on_retry = f",
    "on_give_up = async |_| {}",
    "on_success = f",
    "clone(a, self)",
    "policy = p",
    "sleep = s",
    "error = my::E",
    "crate = ::k",
    "budget = B",
    "reschedule",
    "after = 5",
    "transient",
    "permanent",
    "forward(0)",
    "default = transient",
    "#[retry(transient)]",
    "#[retry]",
    "#[retry(forward)]",
    "#[crash_context(a, ..)]",
    "#[::k::crash_context]",
    "skip(a)",
    "redact(b)",
    "allow(c)",
    "limit = 512",
    "debug",
    "&a",
    "..",
    "__attempt",
    "__frame",
    "__tracing_instrument_future",
    // The language's.
    "self",
    "Self",
    "super",
    "crate",
    "$crate",
    "async",
    "await",
    "const",
    "dyn",
    "impl",
    "fn",
    "fn f()",
    "let",
    "let x = 1;",
    "let Some(x) = y else { return };",
    "if let Some(x) = y && z { x }",
    "match x { A | B if c => d, e @ 1..=2 => {} }",
    "loop { break 'a 5 }",
    "while let x = y {}",
    "for i in j {}",
    "|x| x",
    "move || {}",
    "async move { a.await? }",
    "const { 1 }",
    "unsafe { a }",
    "static",
    "mut",
    "ref",
    "move",
    "return",
    "break",
    "continue",
    "yield",
    "where T: U",
    "as u8",
    "in",
    "use a::*;",
    "macro_rules! m { ($a:expr) => { $a } }",
    "format!(\"{a} {b:>c$}\")",
    "extern \"C\"",
    "union",
    "auto",
    "gen",
    "default",
    "safe",
    "pub(in a::b)",
    "#[cfg(x)]",
    "#![allow(x)]",
    "#[expect(unused)]",
    "#[cfg_attr(a, b)]",
    "<T: 'a + ?Sized, const N: usize = 3>",
    "::<T>",
    "-> Result<T, E>",
    "-> impl Future<Output = R>",
    "Pin<Box<dyn Future<Output = Result<T, E>> + Send + '_>>",
    "Result",
    "Option<T>",
    "Box::pin(async move {})",
    "for<'a> fn(&'a T) -> U",
    "[u8; { 1 }]",
    "*const T",
    "!",
    "&mut self",
    "self: Pin<&mut Self>",
    "(a, b): (A, B)",
    "...",
    "x += 1",
    "x = y = z",
    "(a, b[0], ..) = c",
    "*p <<= 1",
    "&raw mut x",
    "x..=y",
    "x?",
    "x as T < y",
    "'static",
    "'a:",
    "'r#if",
    "'_",
    "r#type",
    "r#fn",
    "r#match",
    "r#try",
    "Größe",
    "名",
    "_",
    "__",
    "a",
    ",",
    ";",
    ":",
    "::",
    "=",
    "==",
    "=>",
    "->",
    "<",
    ">",
    "<<=",
    ">>=",
    "|",
    "||",
    "&",
    "&&",
    "+",
    "-",
    "*",
    "/",
    "%",
    "^",
    "@",
    "#",
    "$",
    "?",
    ".",
    "..=",
    "~",
    // Literals.
    "0",
    "1",
    "5s",
    "500ms",
    "1.5h",
    "3min",
    "1e400",
    "1e-400",
    "0x10",
    "0b1",
    "0o7",
    "1_000_000ms",
    "2.",
    "1.0.0",
    "1f32",
    "0xfs",
    "99999999999999999999999999999999999999999999999999h",
    "340282366920938463463374607431768211455ns",
    "0.0000000001ns",
    "18446744073709551615",
    "18446744073709551616s",
    "-5",
    "1u8",
    "1i128",
    "1.5E",
    "7suffix",
    "1e",
    "\"5s\"",
    "\"\"",
    "\"{}\"",
    "\"{\"",
    "\"{a:{b}}\"",
    "\"\\u{10ffff}\"",
    "r#\"a\"#",
    "b\"a\"",
    "br\"a\"",
    "c\"a\"",
    "b'a'",
    "'a'",
    "'\\''",
    "'\\u{301}'",
    "true",
    "false",
    "\"'\"",
    "\"5\\u{b5}s\"",
    "\"1e999s\"",
    "\"\\0\"",
    "\"5 s\"",
    "\"'a\"",
    "\"/*\"",
    "\"//\"",
];

/// The case with a few changes; pieces of the donors may stand in it.
pub(crate) fn mutated(case: &Case, donors: &[Case], choose: &mut Choose<'_>) -> Case {
    let mut case = case.clone();
    let counts = [1, 1, 1, 2, 2, 3, 5];
    for _ in 0..counts[choose(counts.len())] {
        let donor = &donors[choose(donors.len())];
        let (options, item) = (trees(donor.options.clone()), trees(donor.item.clone()));
        let has_options = !case.options.is_empty() || case.of.is_attribute();
        let is_in_options = has_options && (case.item.is_empty() || choose(2) == 0);
        let (into, from) = match is_in_options {
            true => (&mut case.options, if options.is_empty() || choose(8) == 0 { item } else { options }),
            false => (&mut case.item, if item.is_empty() || choose(8) == 0 { options } else { item }),
        };
        let mut changed = trees(into.clone());
        mutate(&mut changed, &from, choose);
        *into = tokens(&changed);
    }
    case
}

/// A case put together from the dictionary alone.
pub(crate) fn worded(of: Macro, choose: &mut Choose<'_>) -> Case {
    let options = sentence(choose, 0);
    let mut item = sentence(choose, 0);
    if of.is_attribute() && choose(4) > 0 {
        // Such as has a chance to be one.
        item.splice(0..0, trees(TokenStream::from_str("fn f").unwrap_or_default()));
        item.push(Tree::Group(Delimiter::Brace, sentence(choose, 0)));
    }
    Case::new(of, tokens(&options), tokens(&item))
}

fn sentence(choose: &mut Choose<'_>, depth: usize) -> Vec<Tree> {
    let mut all = Vec::new();
    for _ in 0..choose(8) {
        match choose(6) {
            0 if depth < 4 => all.push(Tree::Group(DELIMITERS[choose(4)], sentence(choose, depth + 1))),
            1 => all.extend(trees(TokenStream::from_str(",").unwrap_or_default())),
            _ => all.extend(word(choose)),
        }
    }
    all
}

/// One change somewhere.
fn mutate(all: &mut Vec<Tree>, donor: &[Tree], choose: &mut Choose<'_>) {
    let level = choose(levels(all));
    let trees = nth_level(all, &mut { level });
    if trees.is_empty() {
        trees.extend(borrowed(donor, choose));
        return;
    }
    let at = choose(trees.len());
    let until = at + 1 + choose((trees.len() - at).min(6));
    match choose(19) {
        0 => drop(trees.drain(at..until)),
        1 => {
            let again = trees[at..until].to_vec();
            drop(trees.splice(at..at, again));
        }
        2 => trees.swap(at, until - 1),
        3 => drop(trees.splice(at..until, word(choose))),
        4 => drop(trees.splice(at..at, word(choose))),
        5 => drop(trees.splice(at..until, borrowed(donor, choose))),
        6 => drop(trees.splice(at..at, borrowed(donor, choose))),
        7 | 8 => {
            let inside = trees[at..until].to_vec();
            trees.splice(at..until, [Tree::Group(DELIMITERS[choose(4)], inside)]);
        }
        9 => {
            if let Tree::Group(delimiter, _) = &mut trees[at] {
                *delimiter = DELIMITERS[choose(4)];
            }
        }
        10 => {
            if let Tree::Group(_, inside) = trees[at].clone() {
                trees.splice(at..=at, inside);
            }
        }
        11 => trees.truncate(at),
        // A body for a body, arguments for arguments.
        12 | 13 => {
            let wanted = match &trees[at] {
                Tree::Group(delimiter, _) => *delimiter,
                Tree::Leaf(_) => DELIMITERS[choose(4)],
            };
            let mut groups = Vec::new();
            collect(donor, wanted, &mut groups);
            if !groups.is_empty() {
                trees[at] = groups[choose(groups.len())].clone();
            }
        }
        // What stands between commas or semicolons for another of these.
        14 | 15 => {
            let ours = between(trees, at);
            let theirs = nth_level_of(donor, choose(levels(donor)));
            let theirs = match theirs.len() {
                0 => Vec::new(),
                length => theirs[between(theirs, choose(length))].to_vec(),
            };
            drop(trees.splice(ours, theirs));
        }
        16 => {
            let mut deep = trees[at].clone();
            for _ in 0..=choose(80) {
                deep = Tree::Group(DELIMITERS[choose(4)], vec![deep]);
            }
            trees[at] = deep;
        }
        17 => trees[at] = respelt(&trees[at], choose),
        // A word that stands elsewhere already.
        _ => {
            let mut words = Vec::new();
            leaves(trees, &mut words);
            leaves(donor, &mut words);
            if !words.is_empty() {
                trees[at] = Tree::Leaf(words[choose(words.len())].clone());
            }
        }
    }
}

fn word(choose: &mut Choose<'_>) -> Vec<Tree> {
    trees(TokenStream::from_str(DICTIONARY[choose(DICTIONARY.len())]).unwrap_or_default())
}

fn borrowed(donor: &[Tree], choose: &mut Choose<'_>) -> Vec<Tree> {
    let level = nth_level_of(donor, choose(levels(donor)));
    if level.is_empty() {
        return word(choose);
    }
    let at = choose(level.len());
    level[at..=at + choose((level.len() - at).min(12))].to_vec()
}

/// The range around a place up to the commas or semicolons beside it.
fn between(trees: &[Tree], at: usize) -> std::ops::Range<usize> {
    let separates = |tree: &Tree| {
        matches!(tree, Tree::Leaf(leaf)
            if matches!(&leaf[..], [TokenTree::Punct(sign)] if matches!(sign.as_char(), ',' | ';')))
    };
    let begin = trees[..at].iter().rposition(separates).map_or(0, |before| before + 1);
    let end = trees[at..].iter().position(separates).map_or(trees.len(), |behind| at + behind);
    begin.min(end)..end
}

/// A word in another way: raw or not, with another suffix.
fn respelt(tree: &Tree, choose: &mut Choose<'_>) -> Tree {
    let Tree::Leaf(leaf) = tree else { return tree.clone() };
    let new: TokenTree = match &leaf[..] {
        [TokenTree::Ident(ident)] => {
            let name = ident.to_string();
            let is_never_raw = ["self", "Self", "super", "crate", "_"].contains(&name.as_str());
            match name.strip_prefix("r#") {
                Some(bare) => Ident::new(bare, Span::call_site()).into(),
                None if is_never_raw => return tree.clone(),
                None => Ident::new_raw(&name, Span::call_site()).into(),
            }
        }
        [TokenTree::Literal(literal)] => {
            let suffix = ["s", "ms", "min", "u8", "f32", "e", "_", "h", "usize", "x", "_0"];
            let text = format!("{literal}{}", suffix[choose(suffix.len())]);
            match Literal::from_str(&text) {
                Ok(literal) => literal.into(),
                Err(_) => return tree.clone(),
            }
        }
        _ => return tree.clone(),
    };
    Tree::Leaf(vec![new])
}

fn levels(trees: &[Tree]) -> usize {
    let inside = trees.iter().map(|tree| match tree {
        Tree::Group(_, inside) => levels(inside),
        Tree::Leaf(_) => 0,
    });
    1 + inside.sum::<usize>()
}

fn nth_level<'t>(trees: &'t mut Vec<Tree>, n: &mut usize) -> &'t mut Vec<Tree> {
    if *n == 0 {
        return trees;
    }
    *n -= 1;
    let mut found = None;
    for (index, tree) in trees.iter().enumerate() {
        if let Tree::Group(_, inside) = tree {
            let here = levels(inside);
            if *n < here {
                found = Some(index);
                break;
            }
            *n -= here;
        }
    }
    match found.map(|index| &mut trees[index]) {
        Some(Tree::Group(_, inside)) => nth_level(inside, n),
        _ => unreachable!("there are that many levels"),
    }
}

fn nth_level_of(trees: &[Tree], mut n: usize) -> &[Tree] {
    if n == 0 {
        return trees;
    }
    n -= 1;
    for tree in trees {
        if let Tree::Group(_, inside) = tree {
            let here = levels(inside);
            if n < here {
                return nth_level_of(inside, n);
            }
            n -= here;
        }
    }
    trees
}

fn collect<'t>(trees: &'t [Tree], wanted: Delimiter, groups: &mut Vec<&'t Tree>) {
    for tree in trees {
        if let Tree::Group(delimiter, inside) = tree {
            if *delimiter == wanted {
                groups.push(tree);
            }
            collect(inside, wanted, groups);
        }
    }
}

fn leaves(trees: &[Tree], words: &mut Vec<Vec<TokenTree>>) {
    for tree in trees {
        match tree {
            Tree::Leaf(leaf) => words.push(leaf.clone()),
            Tree::Group(_, inside) => leaves(inside, words),
        }
    }
}

fn trees(tokens: TokenStream) -> Vec<Tree> {
    let mut all = Vec::new();
    let mut tokens = tokens.into_iter();
    while let Some(tree) = tokens.next() {
        all.push(match tree {
            TokenTree::Group(group) => Tree::Group(group.delimiter(), trees(group.stream())),
            TokenTree::Punct(quote) if quote.as_char() == '\'' => {
                Tree::Leaf([quote.into()].into_iter().chain(tokens.next()).collect())
            }
            other => Tree::Leaf(vec![other]),
        });
    }
    all
}

fn tokens(trees: &[Tree]) -> TokenStream {
    let mut all = TokenStream::new();
    for tree in trees {
        match tree {
            Tree::Leaf(leaf) => all.extend(leaf.iter().cloned()),
            Tree::Group(delimiter, inside) => {
                all.extend([TokenTree::from(Group::new(*delimiter, tokens(inside)))]);
            }
        }
    }
    all
}

/// The input itself, and what comes of it when it is cut off behind each token, when each token is left out or
/// said twice, when neighbours change places, and when each is replaced by something else; inside groups too.
pub(crate) fn each_slip(text: &str) -> Vec<TokenStream> {
    let all_trees = trees(TokenStream::from_str(text).unwrap_or_default());
    let mut all = vec![tokens(&all_trees)];
    slip(&all_trees, &|trees| trees, &mut all);
    all
}

fn slip(trees: &[Tree], around: &dyn Fn(Vec<Tree>) -> Vec<Tree>, all: &mut Vec<TokenStream>) {
    let strange = ["=", "5", "\"text\"", "self", "::", "(,)", "'a", "Timeout"];
    for at in 0..trees.len() {
        let mut changed = |change: &dyn Fn(&mut Vec<Tree>)| {
            let mut trees = trees.to_vec();
            change(&mut trees);
            all.push(tokens(&around(trees)));
        };
        changed(&|trees| trees.truncate(at));
        changed(&|trees| drop(trees.remove(at)));
        changed(&|trees| trees.insert(at, trees[at].clone()));
        if at + 1 < trees.len() {
            changed(&|trees| trees.swap(at, at + 1));
        }
        changed(&|trees| {
            let strange = TokenStream::from_str(strange[at % strange.len()]).unwrap_or_default();
            drop(trees.splice(at..=at, self::trees(strange)));
        });
        if let Tree::Group(delimiter, inside) = &trees[at] {
            let regrouped = |inside: Vec<Tree>, delimiter| {
                let mut trees = trees.to_vec();
                trees[at] = Tree::Group(delimiter, inside);
                around(trees)
            };
            // As a `macro_rules!` hands it on.
            all.push(tokens(&regrouped(inside.clone(), Delimiter::None)));
            slip(inside, &|inside| regrouped(inside, *delimiter), all);
        }
    }
}
