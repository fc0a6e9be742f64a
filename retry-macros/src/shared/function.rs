//! A function as an attribute gets it: the signature read, the body left as it is, so that what an editor
//! has half of still expands.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Item, Signature, Token, Visibility};

use super::groups::held_together;
use super::nesting;
use super::words::find;

/// A function.
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) defaultness: Option<Token![default]>,
    pub(crate) sig: Signature,
    /// What is between the braces; `None` for a declaration in a trait.
    pub(crate) body: Option<TokenStream>,
    /// Where the braces are.
    pub(crate) braces: Span,
}

impl Function {
    pub(crate) fn parse(item: TokenStream) -> syn::Result<Self> {
        let item = held_together(ungrouped(item));
        is_shallow(&item)?;
        Self::parse_stream.parse2(item)
    }

    fn parse_stream(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let defaultness = if input.peek(Token![default]) { Some(input.parse()?) } else { None };
        let sig = input.parse()?;
        let group = body(input.parse()?);
        let braces = group.as_ref().map_or_else(Span::mixed_site, Group::span);
        let body = match group {
            None => None,
            // Inner attributes stand before the body's statements; outside they mean the same.
            Some(group) => Some((Self::split_inner).parse2(group.stream()).map(|(inner, rest)| {
                attrs.extend(inner);
                rest
            })?),
        };
        Ok(Self { attrs, vis, defaultness, sig, body, braces })
    }

    fn split_inner(input: ParseStream<'_>) -> syn::Result<(Vec<Attribute>, TokenStream)> {
        let mut inner = input.call(Attribute::parse_inner)?;
        for attribute in &mut inner {
            attribute.style = syn::AttrStyle::Outer;
        }
        Ok((inner, input.parse()?))
    }

    /// The function with another body, between the user's braces: a function that ends in a macro's is not
    /// reported when it is unused.
    pub(crate) fn with_body(&self, body: &TokenStream) -> TokenStream {
        let Self { attrs, vis, defaultness, sig, braces, .. } = self;
        let mut tokens = quote!(#(#attrs)* #vis #defaultness #sig);
        let mut group = Group::new(Delimiter::Brace, body.clone());
        group.set_span(*braces);
        tokens.append(group);
        tokens
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match &self.body {
            Some(body) => tokens.extend(self.with_body(body)),
            None => {
                let Self { attrs, vis, defaultness, sig, .. } = self;
                tokens.extend(quote!(#(#attrs)* #vis #defaultness #sig;));
            }
        }
    }
}

/// Whether all but the body can be read.
fn is_shallow(item: &TokenStream) -> syn::Result<()> {
    let head = item.clone().into_iter().filter(|tree| body(tree.clone().into()).is_none());
    nesting::refused(&head.collect(), "the function's arguments and types")
}

/// A body with its braces.
fn body(rest: TokenStream) -> Option<Group> {
    let mut tokens = ungrouped(rest).into_iter();
    match tokens.next()? {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
        _ => None,
    }
}

/// Without the invisible groups that a `macro_rules!` puts around what it inserts.
fn ungrouped(tokens: TokenStream) -> TokenStream {
    let mut trees = tokens.clone().into_iter();
    match (trees.next(), trees.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::None => {
            ungrouped(group.stream())
        }
        _ => tokens,
    }
}

/// The tokens between braces that belong to the macro: the user's own braces would bring lints with them. What
/// is wrong with the body as a whole is reported at the user's.
pub(crate) fn braced(body: &TokenStream, braces: Span) -> TokenStream {
    let mut group = Group::new(Delimiter::Brace, body.clone());
    group.set_span(Span::mixed_site().located_at(braces));
    TokenTree::Group(group).into_token_stream()
}

/// What stands under an attribute and cannot be read as a function; for most of it there is a better place.
pub(crate) fn misplaced(item: TokenStream, error: &syn::Error, attribute: &str, remedy: &str) -> TokenStream {
    let parsed = if nesting::is_too_deep(&item) { None } else { syn::parse2::<Item>(item.clone()).ok() };
    let is_function = find(&item, &|word| word == "fn").is_some();
    if is_function && parsed.is_none() {
        // Half typed, or of a Rust that is not known here. Without its frame it does the same; it would not be retried.
        let message = format!("`#[{attribute}]` cannot read this function: {error}");
        let error = (attribute == "retry").then(|| syn::Error::new(error.span(), message).to_compile_error());
        return quote!(#error #item);
    }
    let first = || item.clone().into_iter().next().map_or_else(Span::call_site, |tree| tree.span());
    let inside = "put it on the functions inside";
    let (span, remedy) = match &parsed {
        Some(Item::Impl(item)) => (item.impl_token.span, inside),
        Some(Item::Trait(item)) => (item.trait_token.span, inside),
        Some(Item::Mod(item)) => (item.mod_token.span, inside),
        Some(Item::Struct(item)) => (item.struct_token.span, remedy),
        Some(Item::Enum(item)) if attribute == "retry" => {
            (item.enum_token.span, "for an enum there is `#[derive(RetryClassify)]`")
        }
        Some(Item::Enum(item)) => (item.enum_token.span, remedy),
        Some(Item::Const(item)) => (item.const_token.span, remedy),
        Some(Item::Static(item)) => (item.static_token.span, remedy),
        _ => (first(), remedy),
    };
    let message = format!("`#[{attribute}]` stands on a function; {remedy}");
    let mut tokens = syn::Error::new(span, message).to_compile_error();
    tokens.extend(item);
    tokens
}
