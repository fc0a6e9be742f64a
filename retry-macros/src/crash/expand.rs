//! Model to code: the frame, and what is kept in it.
//!
//! ```text
//! // Input
//! #[crash_context]
//! fn divide(order: &Order, d: i32) -> i32 { let c = 1; c / d }
//!
//! // Output
//! fn divide(order: &Order, d: i32) -> i32 {
//!     use ::retry_core::__private::crash as P;
//!     let __never = P::Type::UNKNOWN;
//!     let (__s0, __s1) = { use P::probe::*; (&(&&&&&P::type_of(&order)).crash_argument(), ..) };
//!     let (__s2, __t2) = (&P::Slot::new(), P::Type::UNKNOWN);
//!     let __frame = &P::Frame::new(&SITE);
//!     let __entered = P::Frame::enter(__frame, &BINDINGS);
//!     P::bind(__frame, __s0, 1, &order);
//!     P::bind(__frame, __s1, 2, &d);
//!     if true {
//!         let c = 1;
//!         if false { P::any(__never); P::Type::is(__t2, &c); }
//!         P::bind(__frame, __s2, 0, &c);
//!         c / d
//!     } else {
//!         { use P::probe::*; (&&&__t2).crash_local(__s2); }
//!         P::is_never(__never);
//!         P::never()
//!     }
//! }
//! ```
//!
//! The branch that never runs stands behind the body, where the type of every local is known: it tells the compiler how
//! each is kept. The links to the types stand where no code is reached, so that no borrow is seen in them. An async
//! function makes one future of all this but the frame, which is on the stack while that future is polled.
//!
//! All that is known before the program runs is in one table, `BINDINGS`, and at run time a number says which place it is
//! that a value was kept at. What stands here stands in each annotated function for each of its locals, and is compiled
//! each time: hence one short path, few calls, and no attributes.

use std::cell::RefCell;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Attribute, Block, Expr, ExprBlock, Stmt, token};

use super::body::Walk;
use super::model::{Binding, Options, Origin, Way};
use crate::shared::hygiene::hygienic;
use crate::shared::krate::Private;
use crate::shared::place::{at, line};

/// How values are kept: the statements that do it.
pub(super) struct Keeping<'a> {
    pub(super) options: &'a Options,
    /// The path of what is called, and what it is called where the frame is.
    path: TokenStream,
    private: TokenStream,
    /// Where values are kept: which binding's, and the line.
    places: RefCell<Vec<(u32, u32)>>,
}

impl<'a> Keeping<'a> {
    pub(super) fn new(options: &'a Options) -> Self {
        let private = Private::of(options.krate.as_ref());
        let (path, private) = (hygienic!(#private::crash), hygienic!(__crash));
        Self { options, path, private, places: RefCell::default() }
    }

    /// `let __frame = ..`
    pub(super) fn frame(&self, site: &TokenStream) -> TokenStream {
        let path = &self.path;
        hygienic!(let __frame = &#path::Frame::new(#site);)
    }

    /// The frame on the stack until the end of the block.
    pub(super) fn entered(&self, walk: &Walk<'_>) -> TokenStream {
        let (private, bindings) = (&self.private, self.bindings(walk));
        hygienic!(let __entered = #private::Frame::enter(__frame, #bindings);)
    }

    /// The body of what is polled.
    pub(super) fn body(&self, walk: &Walk<'_>) -> TokenStream {
        let (private, bindings) = (&self.private, self.bindings(walk));
        hygienic!(let __scope = #private::Scope::body(__frame, #bindings);)
    }

    /// A future, its frame on the stack while it is polled.
    pub(super) fn polled(&self, future: &TokenStream) -> TokenStream {
        let path = &self.path;
        hygienic!(#path::polled(__frame, #future))
    }

    /// The names that the rest needs, and places for all that is bound: at the beginning.
    pub(super) fn slots(&self, walk: &Walk<'_>) -> TokenStream {
        let (path, private) = (&self.path, &self.private);
        let never = self.links_any(walk).then(|| hygienic!(let __never = #private::Type::UNKNOWN;));
        let kept = walk.bindings.iter().enumerate().filter(|(_, binding)| self.keeps(binding));
        let (probed, others): (Vec<_>, Vec<_>) = kept.partition(|(_, binding)| is_probed_first(binding));
        let others: TokenStream =
            others.into_iter().map(|(index, binding)| self.slot(binding, index)).collect();
        // One lookup of the methods serves all, but for those that are not always there.
        let (always, sometimes): (Vec<_>, Vec<_>) =
            probed.into_iter().partition(|(_, binding)| binding.cfgs.is_empty());
        let groups = std::iter::once(always).chain(sometimes.into_iter().map(|one| vec![one]));
        let probed = groups.filter(|group| !group.is_empty()).map(|group| self.probed(&group));
        hygienic!(use #path as #private; #never #(#probed)* #others)
    }

    /// Places for arguments, as their types have them kept.
    fn probed(&self, group: &[(usize, &Binding)]) -> TokenStream {
        let private = &self.private;
        let cfgs = group.iter().flat_map(|(_, binding)| &binding.cfgs);
        let slots = group.iter().map(|(index, _)| slot_name(*index));
        let found = group.iter().map(|(_, binding)| {
            let (name, method) = (&binding.name, self.method(binding.origin));
            hygienic!(&(&&&&&#private::type_of(&#name)).#method())
        });
        hygienic! {
            #(#cfgs)*
            let (#(#slots,)*) = {
                use #private::probe::*;
                (#(#found,)*)
            };
        }
    }

    /// The arguments, bound before the body begins.
    pub(super) fn arguments(&self, walk: &Walk<'_>) -> TokenStream {
        let arguments = walk.bindings.iter().filter(|binding| binding.origin == Origin::Argument);
        let kept = arguments.enumerate().map(|(index, _)| self.bound(&walk.bindings, index, false));
        let kept = kept.flatten();
        quote!(#(#kept)*)
    }

    /// The body, and behind it what is known of the types at its end.
    ///
    /// What a function that returns an `impl Fn(..)` expects of its closure does not reach into a branch; it reaches the
    /// value that a block is left with. That has a price, which other functions need not pay: what the user's body has of
    /// code that is not reached is not reported any more.
    pub(super) fn branches(&self, walk: &Walk<'_>, body: &TokenStream, returns_impl: bool) -> TokenStream {
        let private = &self.private;
        let links = walk.bindings.iter().enumerate().map(|(index, binding)| self.link(binding, index));
        let links: TokenStream = links.collect();
        let links = self.links_any(walk).then(|| {
            hygienic! {
                {
                    use #private::probe::*;
                    #links
                }
                #private::is_never(__never);
            }
        });
        let unused = walk.bindings.iter().enumerate().map(|(index, binding)| self.unused(binding, index));
        let behind = hygienic! {
            #links
            #(#unused)*
            #private::never()
        };
        if returns_impl {
            return hygienic!('__body: {
                if true {
                    break '__body #body;
                }
                #behind
            });
        }
        hygienic!(if true #body else { #behind })
    }

    /// A block's values leave with it.
    pub(super) fn scope(&self) -> Vec<Stmt> {
        let private = &self.private;
        vec![statement(hygienic!(let __scope = #private::Scope::enter(__frame);))]
    }

    /// What follows a binding.
    pub(super) fn bound(&self, bindings: &[Binding], index: usize, is_declared: bool) -> Vec<Stmt> {
        let binding = &bindings[index];
        if !self.keeps(binding) {
            return Vec::new();
        }
        let (private, name, cfgs) = (&self.private, &binding.name, &binding.cfgs);
        let (slot, ty) = (slot_name(index), type_name(index));
        let place = if is_declared { 0 } else { self.place(index, name) };
        let guard = self
            .needs_guard(binding)
            .then(|| statement(hygienic!(#(#cfgs)* let __emptied = #private::emptied(#slot);)));
        let kept = match binding.way {
            _ if is_declared => hygienic!(#private::declare(__frame, #slot);),
            Way::Borrowed => {
                let (at_word, name) = self.at_word(binding);
                let private = at(private, at_word);
                return vec![statement(
                    quote_spanned!(at_word=> #(#cfgs)* let __borrowing = #private::borrow(__frame, #slot, #place, &#name);),
                )];
            }
            Way::Written => {
                let (at_word, name) = self.at_word(binding);
                let private = at(private, at_word);
                quote_spanned!(at_word=> #private::write(__frame, #slot, #place, &#name);)
            }
            Way::ByType | Way::TypeOnly | Way::Hidden => {
                hygienic!(#private::bind(__frame, #slot, #place, &#name);)
            }
        };
        // In the end the call that keeps it: as the last one of a block, the link would be the block's value.
        let linked = is_linked(binding).then(|| self.linked(name, &ty));
        let kept = match cfgs[..] {
            [] => quote!(#linked #kept),
            _ => hygienic!(#(#cfgs)* { #linked #kept };),
        };
        guard.into_iter().chain([statement(kept)]).collect()
    }

    /// What follows an assignment.
    pub(super) fn assigned(&self, binding: &Binding, index: usize, name: &Ident) -> Option<TokenStream> {
        if !self.keeps(binding) {
            return None;
        }
        let (private, slot) = (&self.private, slot_name(index));
        let place = self.place(index, name);
        match binding.way {
            Way::Borrowed => None,
            Way::Written => Some(hygienic!(#private::write_later(__frame, #slot, #place, &#name);)),
            Way::ByType | Way::TypeOnly | Way::Hidden => {
                Some(hygienic!(#private::assign(__frame, #slot, #place, &#name);))
            }
        }
    }

    /// Whether anything of it is in the report.
    fn keeps(&self, binding: &Binding) -> bool {
        let options = self.options;
        let is_listed = options.listed(&binding.name).is_some();
        !options.skip.contains(&binding.name)
            && (is_listed || options.keeps_rest() || binding.way == Way::Hidden)
    }

    /// Whether what is stored has to be dropped at the end of the scope.
    fn needs_guard(&self, binding: &Binding) -> bool {
        binding.way == Way::Written || (binding.way == Way::ByType && self.options.debug.is_some())
    }

    /// The type is the value's. No borrow is seen here, nor whether the value is there: it stands behind a call that does
    /// not return. Since that is known last, when all types are, nothing warns of it, and no lint has to be allowed, which
    /// `#![forbid(..)]` would forbid.
    fn linked(&self, name: &Ident, ty: &Ident) -> TokenStream {
        let private = &self.private;
        hygienic! {
            if false {
                #private::any(__never);
                #private::Type::is(#ty, &#name);
            }
        }
    }

    fn links_any(&self, walk: &Walk<'_>) -> bool {
        walk.bindings.iter().any(|binding| self.keeps(binding) && is_linked(binding))
    }

    fn slot(&self, binding: &Binding, index: usize) -> TokenStream {
        let (private, cfgs) = (&self.private, &binding.cfgs);
        let (slot, ty) = (slot_name(index), type_name(index));
        match binding.way {
            Way::ByType => {
                hygienic!(#(#cfgs)* let (#slot, #ty) = (&#private::Slot::new(), #private::Type::UNKNOWN);)
            }
            Way::TypeOnly | Way::Hidden => {
                hygienic!(#(#cfgs)* let #slot = &#private::Slot::<#private::NotKept>::new();)
            }
            Way::Written | Way::Borrowed => {
                hygienic!(#(#cfgs)* let #slot = &#private::Slot::new();)
            }
        }
    }

    fn link(&self, binding: &Binding, index: usize) -> TokenStream {
        if !self.keeps(binding) || !is_linked(binding) {
            return TokenStream::new();
        }
        let cfgs = &binding.cfgs;
        let (slot, ty) = (slot_name(index), type_name(index));
        let method = self.method(binding.origin);
        hygienic!(#(#cfgs)* (&&&#ty).#method(#slot);)
    }

    /// Nobody reads the name but we: the compiler's warning stays what it was.
    fn unused(&self, binding: &Binding, index: usize) -> TokenStream {
        let (private, name) = (&self.private, &binding.name);
        let (cfgs, lints) = (&binding.cfgs, &binding.lints);
        let is_silent = name == "self" || name.to_string().starts_with('_');
        if binding.is_used || is_silent || !self.keeps(binding) {
            return TokenStream::new();
        }
        if binding.may_be_constant && is_linked(binding) {
            let ty = type_name(index);
            let found = hygienic!(#private::any(#ty));
            // Compared with what it was compared with, should it be a constant.
            return hygienic! {
                #(#cfgs)*
                #(#lints)*
                #[allow(unreachable_patterns, clippy::match_single_binding, clippy::single_match)]
                { match #found { #name => {} _ => {} } }
            };
        }
        hygienic!(#(#cfgs)* #(#lints)* { let #name = (); })
    }

    fn method(&self, origin: Origin) -> TokenStream {
        match (origin, self.options.debug.is_some()) {
            (Origin::Argument, false) => hygienic!(crash_argument),
            (Origin::Argument, true) => hygienic!(crash_argument_debug),
            (Origin::Local, false) => hygienic!(crash_local),
            (Origin::LocalInLoop, false) => hygienic!(crash_local_in_loop),
            (Origin::Local | Origin::LocalInLoop, true) => hygienic!(crash_local_debug),
        }
    }

    /// A place at which a value is kept: its number.
    fn place(&self, index: usize, name: &Ident) -> u32 {
        let mut places = self.places.borrow_mut();
        places.push((number(index), line(name.span())));
        number(places.len() - 1)
    }

    /// What is known of the bindings before the program runs.
    fn bindings(&self, walk: &Walk<'_>) -> TokenStream {
        let private = &self.private;
        let bindings = walk.bindings.iter().map(|binding| self.binding(binding));
        let places = self.places.borrow();
        let places = places.iter().map(|(binding, line)| quote!((#binding, #line)));
        let limit = self.options.limit.map_or(0, |(_, limit)| limit);
        hygienic! {
            &#private::Bindings {
                bindings: &[#(#bindings),*],
                places: &[#(#places),*],
                limit: #limit,
            }
        }
    }

    fn binding(&self, binding: &Binding) -> TokenStream {
        let (private, options) = (&self.private, self.options);
        let name = binding.name.to_string();
        let name = name.trim_start_matches("r#");
        // As `Binding` of the runtime has them.
        let facts = [
            (1, binding.origin == Origin::Argument),
            (2, binding.is_assigned),
            (4, binding.changes),
            (8, binding.way == Way::Hidden),
            (16, options.allow.contains(&binding.name)),
        ];
        let is: u8 = facts.iter().filter(|(_, is_so)| *is_so).map(|(fact, _)| fact).sum();
        hygienic!(#private::Binding { name: #name, is: #is })
    }

    /// A name as it is bound, and the place of the word that lists it, where it is reported.
    fn at_word(&self, binding: &Binding) -> (Span, Ident) {
        let word = self.options.listed(&binding.name).map_or(Span::mixed_site(), |listed| listed.name.span());
        let mut name = binding.name.clone();
        name.set_span(name.span().located_at(word));
        (Span::mixed_site().located_at(word), name)
    }
}

/// An expression without a value, and what follows it.
pub(super) fn followed_by(expr: &Expr, kept: &[TokenStream]) -> Expr {
    Expr::Verbatim(hygienic!({ #expr; #(#kept)* }))
}

/// An expression as a block of its own.
pub(super) fn block_of(expr: &Expr) -> Block {
    let brace_token = token::Brace(Span::mixed_site());
    Block { brace_token, stmts: vec![Stmt::Expr(expr.clone(), None)] }
}

/// And back.
pub(super) fn expr_of(block: Block) -> Expr {
    Expr::Block(ExprBlock { attrs: Vec::new(), label: None, block })
}

/// Whether the compiler finds out at the end of the body how it is kept.
fn is_linked(binding: &Binding) -> bool {
    binding.way == Way::ByType && binding.origin != Origin::Argument
}

/// Where these conditions do not all hold.
pub(super) fn unless(cfgs: &[Attribute]) -> TokenStream {
    let conditions = cfgs.iter().filter(|attr| attr.path().is_ident("cfg"));
    let conditions = conditions.filter_map(|attr| attr.meta.require_list().ok()).map(|list| &list.tokens);
    hygienic!(#[cfg(not(all(#(#conditions),*)))])
}

/// Whether it is known how it is kept before the body begins.
fn is_probed_first(binding: &Binding) -> bool {
    binding.way == Way::ByType && binding.origin == Origin::Argument
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn slot_name(index: usize) -> Ident {
    Ident::new(&format!("__s{index}"), Span::mixed_site())
}

fn type_name(index: usize) -> Ident {
    Ident::new(&format!("__t{index}"), Span::mixed_site())
}

fn statement(tokens: TokenStream) -> Stmt {
    Stmt::Expr(Expr::Verbatim(tokens), None)
}
