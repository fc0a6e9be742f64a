//! Expressions, types and patterns that a `macro_rules!` puts in.
//!
//! For `$e:expr` it inserts a group without delimiters, so that `$e * 2` is three times two where `$e` is `1 + 2`. The
//! compiler forgets such groups where they come from an attribute, and multiplies the 2: they are put in parentheses.
//! So are `dyn A + B` in `&$t`, and `1 | 2` in `n @ $p`.

use proc_macro2::{Delimiter, Group, Spacing, Span, TokenStream, TokenTree};
use syn::{Expr, Lifetime, Type};

use super::nesting::is_too_deep;

/// Deeper than the compiler can go.
const DEEPEST: usize = 2_000;

/// Tokens in which all stays together that was.
pub(crate) fn held_together(tokens: TokenStream) -> TokenStream {
    changed(&tokens, 0).unwrap_or(tokens)
}

/// Nothing where nothing has to change: groups that are made anew forget where their delimiters are.
fn changed(tokens: &TokenStream, depth: usize) -> Option<TokenStream> {
    if depth > DEEPEST {
        return None;
    }
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut is_changed = false;
    let mut result = Vec::with_capacity(trees.len());
    for (index, tree) in trees.iter().enumerate() {
        let (before, behind) = (&trees[..index], &trees[index + 1..]);
        let new = match tree {
            TokenTree::Group(group) if is_open(group) || !is_macro_call(before) => {
                regrouped(group, before, behind, depth)
            }
            _ => None,
        };
        is_changed |= new.is_some();
        result.push(new.map_or_else(|| tree.clone(), TokenTree::Group));
    }
    is_changed.then(|| result.into_iter().collect())
}

fn regrouped(group: &Group, before: &[TokenTree], behind: &[TokenTree], depth: usize) -> Option<Group> {
    let inside = changed(&group.stream(), depth + 1);
    // Behind `let` stands a pattern, which no call follows.
    let is_bound = matches!(before.last(), Some(TokenTree::Ident(word)) if word == "let");
    if is_open(group)
        && !is_bound
        && (binds_back(before) || binds_on(before, behind))
        && is_compound(group.stream(), begins_a_statement(before))
    {
        let mut new = Group::new(Delimiter::Parenthesis, inside.unwrap_or_else(|| group.stream()));
        new.set_span(Span::mixed_site().located_at(group.span()));
        return Some(new);
    }
    let mut new = Group::new(group.delimiter(), inside?);
    new.set_span(group.span());
    Some(new)
}

fn is_open(group: &Group) -> bool {
    group.delimiter() == Delimiter::None
}

/// What a macro is given it gets as it is, and may show.
fn is_macro_call(before: &[TokenTree]) -> bool {
    let (name, sign) = match before {
        [.., TokenTree::Ident(name), TokenTree::Punct(sign)] => (name, sign),
        [.., TokenTree::Ident(name), TokenTree::Punct(sign), TokenTree::Ident(_)]
            if name == "macro_rules" =>
        {
            (name, sign)
        }
        _ => return false,
    };
    // Behind these it negates.
    let words = ["if", "while", "match", "in", "return", "break", "else"];
    sign.as_char() == '!' && !words.iter().any(|word| name == word)
}

/// Whether what stands before an expression may bind the beginning of it.
fn binds_back(before: &[TokenTree]) -> bool {
    match before {
        [.., TokenTree::Punct(first), TokenTree::Punct(last)] if first.spacing() == Spacing::Joint => {
            match (first.as_char(), last.as_char()) {
                ('-' | '=', '>') => false,
                ('=' | '!' | '<' | '>', '=') => true,
                _ => is_operator(last.as_char()),
            }
        }
        [.., TokenTree::Punct(last)] => is_operator(last.as_char()),
        [.., TokenTree::Punct(quote), TokenTree::Ident(_)] if quote.as_char() == '\'' => true,
        [.., TokenTree::Ident(word)] => word == "mut" || word == "const",
        // `&$l $t`
        [.., TokenTree::Group(group)] if is_open(group) => syn::parse2::<Lifetime>(group.stream()).is_ok(),
        _ => false,
    }
}

/// Whether what stands behind it may bind the end of it.
fn binds_on(before: &[TokenTree], behind: &[TokenTree]) -> bool {
    match behind {
        [TokenTree::Punct(first), TokenTree::Punct(_), ..] if first.as_char() == '=' => {
            matches!(&behind[1], TokenTree::Punct(second) if second.as_char() == '=')
        }
        [TokenTree::Punct(sign), ..] => is_operator(sign.as_char()),
        [TokenTree::Ident(word), ..] => word == "as",
        // `if $e { .. }`
        [TokenTree::Group(group), ..] if group.delimiter() == Delimiter::Brace => {
            let words = ["if", "while", "match", "in"];
            matches!(before.last(), Some(TokenTree::Ident(word)) if words.iter().any(|known| word == known))
        }
        [TokenTree::Group(group), ..] => !is_open(group),
        _ => false,
    }
}

fn is_operator(sign: char) -> bool {
    ".?*/%+-&|^<>!@".contains(sign)
}

/// Whether a block would end where it stands, whatever follows it.
fn begins_a_statement(before: &[TokenTree]) -> bool {
    match before.last() {
        None => true,
        Some(TokenTree::Punct(sign)) => sign.as_char() == ';',
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
        _ => false,
    }
}

/// Something that may fall apart.
fn is_compound(tokens: TokenStream, begins_a_statement: bool) -> bool {
    if is_too_deep(&tokens) {
        return true;
    }
    let Ok(mut expr) = syn::parse2::<Expr>(tokens.clone()) else {
        return match syn::parse2::<Type>(tokens) {
            Ok(Type::TraitObject(object)) => object.bounds.len() > 1,
            Ok(Type::ImplTrait(opaque)) => opaque.bounds.len() > 1,
            _ => false,
        };
    };
    while let Expr::Group(inner) = expr {
        expr = *inner.expr;
    }
    // Behind `async` or `else` there can be no other than a block.
    if let Expr::Block(block) = &expr
        && block.attrs.is_empty()
    {
        return begins_a_statement;
    }
    !matches!(
        expr,
        Expr::Array(_)
            | Expr::Await(_)
            | Expr::Call(_)
            | Expr::Field(_)
            | Expr::Index(_)
            | Expr::Lit(_)
            | Expr::Macro(_)
            | Expr::MethodCall(_)
            | Expr::Paren(_)
            | Expr::Path(_)
            | Expr::Repeat(_)
            | Expr::Try(_)
            | Expr::Tuple(_)
    )
}
