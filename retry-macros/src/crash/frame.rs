//! The function around the frame: how it runs, what its arguments are, and where in it the user's own body stands.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Attribute, Block, Expr, ExprAsync, FnArg, Local, Pat, PatIdent, PatType, ReturnType, Signature, Stmt,
    Type, TypeParamBound, parse_quote,
};

use super::body::{Names, Walk, borrows_mutably, expects_unused};
use super::expand::Keeping;
use super::main;
use super::model::{Options, Origin, Way};
use super::shape;
use crate::shared::errors::Errors;
use crate::shared::function::Function;
use crate::shared::hygiene::hygienic;
use crate::shared::krate::Private;
use crate::shared::nesting;
use crate::shared::place::line;
use crate::shared::types;
use crate::shared::words::find;

/// A function whose values are kept.
pub(crate) struct Framed<'f> {
    function: &'f Function,
    options: &'f Options,
    /// Whether the frame is that of each attempt of a retried function.
    is_retried: bool,
}

/// How the frame's body runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Runs {
    /// At once, to its end.
    Blocking,
    /// When it is polled.
    Polled,
}

impl<'f> Framed<'f> {
    pub(crate) fn new(function: &'f Function, options: &'f Options, is_retried: bool) -> Self {
        Self { function, options, is_retried }
    }

    /// The function with its frame; nothing where it has to stay as it is.
    pub(super) fn function(&self, errors: &mut Errors) -> Option<TokenStream> {
        let Function { sig, body, .. } = self.function;
        let body = body.as_ref()?;
        let is_naked =
            |attr: &Attribute| find(&attr.meta.to_token_stream(), &|word| word == "naked").is_some();
        if sig.constness.is_some() || self.function.attrs.iter().any(is_naked) {
            return None;
        }
        if sig.asyncness.is_some() {
            return self.async_function(body, errors);
        }
        if let Some(body) = self.with_polled_tail(body, errors) {
            return Some(self.function.with_body(&body));
        }
        let framed = self.blocking(body, errors);
        if let Some(reported) = main::reported(&sig.ident, &sig.output, self.options, &framed) {
            return Some(self.function.with_body(&reported));
        }
        if self.options.names_nothing() && shape::stays(body) {
            return None;
        }
        let (spared, function) = (shape::spared(body), self.function.with_body(&framed));
        Some(quote!(#spared #function))
    }

    /// A body that runs at once, in a frame of its own.
    pub(crate) fn blocking(&self, body: &TokenStream, errors: &mut Errors) -> TokenStream {
        self.framed(body, Runs::Blocking, &self.arguments(), errors)
    }

    /// What declares the frame of a body that is polled.
    pub(crate) fn frame(&self) -> TokenStream {
        Keeping::new(self.options).frame(&self.site())
    }

    /// A future, its frame on the stack while it is polled.
    pub(crate) fn polled(&self, future: &TokenStream) -> TokenStream {
        Keeping::new(self.options).polled(future)
    }

    /// What stands in such a future; of the arguments it knows those that it has to do with anyway.
    pub(crate) fn inside_polled(&self, body: &TokenStream, errors: &mut Errors) -> TokenStream {
        let is_known = |argument: &PatIdent| find(body, &|word| *word == argument.ident).is_some();
        let arguments: Vec<_> = self.arguments().into_iter().filter(is_known).collect();
        self.framed(body, Runs::Polled, &arguments, errors)
    }

    fn async_function(&self, body: &TokenStream, errors: &mut Errors) -> Option<TokenStream> {
        let sig = &self.function.sig;
        let returns: Type = match &sig.output {
            ReturnType::Default => parse_quote!(()),
            ReturnType::Type(_, ty) => (**ty).clone(),
        };
        if returns_closure(&returns) {
            // What is expected of the closure reaches it only where it stands directly in the function.
            return None;
        }
        let mut function = with_sig(self.function, sig.clone());
        let moves = moved_inside(&mut function.sig);
        let private = Private::of(self.options.krate.as_ref());
        let edge = match types::plain(&returns) {
            Type::Never(_) => TokenStream::new(),
            _ => {
                let returns = types::without_impl_trait(&returns);
                hygienic!(if false { return #private::typed::<#returns>(); })
            }
        };
        let whole_self = find(body, &|word| word == "self")
            .filter(|_| sig.receiver().is_some())
            .map(|word| quote!(let _ = &#word;));
        let inside = self.framed(body, Runs::Polled, &self.arguments(), errors);
        let future = hygienic!(async move { #edge #whole_self #moves #inside });
        Some(function.with_body(&self.awaited(&future)))
    }

    /// The whole of an async body: a future in its frame, awaited.
    fn awaited(&self, future: &TokenStream) -> TokenStream {
        let sig = &self.function.sig;
        let (frame, polled) = (self.frame(), self.polled(future));
        let awaited = hygienic!(#polled.await);
        let reported = main::reported_outcome(&sig.ident, &sig.output, self.options, &awaited);
        let awaited = reported.unwrap_or(awaited);
        quote!(#frame #awaited)
    }

    /// A body that only makes a future, and perhaps runs it: the frame is the future's.
    fn with_polled_tail(&self, body: &TokenStream, errors: &mut Errors) -> Option<TokenStream> {
        find(body, &|word| word == "async")?;
        let mut block: Block = nesting::block(body)?;
        let future = future_of(&mut block)?;
        let statements = &future.block.stmts;
        let inside = self.inside_polled(&quote!(#(#statements)*), errors);
        let capture = &future.capture;
        let awaited = self.awaited(&hygienic!(async #capture { #inside }));
        future.block.stmts = vec![Stmt::Expr(Expr::Verbatim(awaited), None)];
        let statements = &block.stmts;
        Some(quote!(#(#statements)*))
    }

    fn framed(
        &self,
        body: &TokenStream,
        runs: Runs,
        arguments: &[PatIdent],
        errors: &mut Errors,
    ) -> TokenStream {
        let keeping = Keeping::new(self.options);
        let mut walk = Walk::new(&keeping, runs == Runs::Polled);
        let objects = self.objects();
        for argument in arguments {
            let bound = walk.under(&argument.attrs, |walk| walk.bind(argument, Origin::Argument));
            if let Some(binding) = bound.map(|index| &mut walk.bindings[index])
                && binding.way == Way::ByType
                && objects.contains(&argument.ident)
            {
                binding.way = Way::TypeOnly;
            }
        }
        let body = match nesting::block(body) {
            Some(mut block) => {
                walk.body(&mut block);
                self.options.check_names(&walk.bindings, errors);
                self.options.check_borrows(&walk.bindings, errors);
                let statements = &block.stmts;
                quote!(#(#statements)*)
            }
            // What an editor has half of, the compiler says what is missing; or what is too deep.
            None => {
                walk.bindings.iter_mut().for_each(|binding| binding.is_used = true);
                body.clone()
            }
        };
        let (slots, arguments) = (keeping.slots(&walk), keeping.arguments(&walk));
        let begin = match runs {
            Runs::Blocking => {
                let (frame, entered) = (keeping.frame(&self.site()), keeping.entered(&walk));
                quote!(#frame #entered)
            }
            Runs::Polled => keeping.body(&walk),
        };
        // The user's own braces: their edition says when temporaries of the last expression are dropped.
        let mut braced = Group::new(Delimiter::Brace, body);
        braced.set_span(self.function.braces);
        let braced = TokenTree::Group(braced).into_token_stream();
        let returns_impl =
            find(&self.function.sig.output.to_token_stream(), &|word| word == "impl").is_some();
        let branches = keeping.branches(&walk, &braced, returns_impl);
        quote!(#slots #begin #arguments #branches)
    }

    /// An expression of type `&Site`.
    fn site(&self) -> TokenStream {
        let private = Private::of(self.options.krate.as_ref());
        let name = &self.function.sig.ident;
        let (line, name) = (line(name.span()), name.to_string());
        let name = name.trim_start_matches("r#");
        let is_retried = self.is_retried;
        hygienic! {
            &#private::Site {
                function: #name,
                module: #private::core::module_path!(),
                file: #private::core::file!(),
                line: #line,
                retried: #is_retried,
            }
        }
    }

    /// The names of arguments with a `dyn Trait`.
    fn objects(&self) -> Vec<Ident> {
        let mut names = Names::default();
        for argument in &self.function.sig.inputs {
            if let FnArg::Typed(PatType { pat, ty, .. }) = argument
                && has_own_object(ty)
            {
                names.add(&mut pat.as_ref().clone());
            }
        }
        names.0.into_iter().map(|name| name.ident).collect()
    }

    /// The names that the arguments bind: not references to the arguments themselves, which are locals.
    fn arguments(&self) -> Vec<PatIdent> {
        let mut names = Names::default();
        for argument in &self.function.sig.inputs {
            match argument {
                FnArg::Receiver(receiver) => {
                    let ident = Ident::new("self", receiver.self_token.span);
                    names.0.push(PatIdent {
                        attrs: Vec::new(),
                        by_ref: None,
                        mutability: receiver.mutability,
                        ident,
                        subpat: None,
                    });
                }
                FnArg::Typed(PatType { pat, attrs, .. })
                    if attrs.iter().all(|attr| attr.path().is_ident("cfg")) =>
                {
                    let mut bound = Names::default();
                    bound.add(&mut pat.as_ref().clone());
                    bound.0.iter_mut().for_each(|name| name.attrs.clone_from(attrs));
                    names.0.extend(bound.0);
                }
                // What is said of its lints has to come true.
                FnArg::Typed(_) => {}
            }
        }
        names.0.retain(|name| name.by_ref.is_none());
        names.0
    }
}

/// The arguments of an async function, moved into its future in their order, so that they are dropped in it; where they
/// are bound by more than a name, by that name only there.
fn moved_inside(sig: &mut Signature) -> TokenStream {
    let mut moves = TokenStream::new();
    for (index, argument) in sig.inputs.iter_mut().enumerate() {
        let FnArg::Typed(PatType { attrs, pat, .. }) = argument else { continue };
        let written = pat.clone();
        let said = attrs.clone();
        for attr in attrs.iter_mut().filter(|attr| expects_unused(attr)) {
            // It comes true inside.
            *attr = parse_quote!(#[allow(unused)]);
        }
        let attrs = said;
        let from = match &mut **pat {
            Pat::Ident(name) if is_plain(name) => {
                name.mutability = None;
                name.ident.clone()
            }
            pat => {
                let from = hygienic_argument(index);
                *pat = parse_quote!(#from);
                from
            }
        };
        moves.extend(match &*written {
            Pat::Wild(_) => quote!(#(#attrs)* let #from = #from;),
            // The rest of what is taken apart stays where it is.
            Pat::Ident(name) if is_plain(name) => quote!(#(#attrs)* let #written = #from;),
            written => {
                let mutable = borrows_mutably(written).then(|| quote!(mut));
                let quiet = quote!(#[allow(clippy::no_effect_underscore_binding)]);
                quote!(#(#attrs)* let #mutable #from = #from; #(#attrs)* #quiet let #written = #from;)
            }
        });
    }
    moves
}

fn hygienic_argument(index: usize) -> Ident {
    Ident::new(&format!("__arg{index}"), proc_macro2::Span::mixed_site())
}

fn is_plain(name: &PatIdent) -> bool {
    name.by_ref.is_none() && name.subpat.is_none() && !name.ident.to_string().starts_with('_')
}

/// The function with another signature.
fn with_sig(function: &Function, sig: Signature) -> Function {
    let Function { attrs, vis, defaultness, body, braces, .. } = function;
    let (attrs, vis, body) = (attrs.clone(), vis.clone(), body.clone());
    Function { attrs, vis, defaultness: *defaultness, sig, body, braces: *braces }
}

/// Whether there is a `dyn Trait` in a type, of a trait of which it is not known that all have a `Debug`.
fn has_own_object(ty: &Type) -> bool {
    let is_shown = |bound: &TypeParamBound| match bound {
        TypeParamBound::Trait(bound) => {
            let last = bound.path.segments.last();
            last.is_some_and(|last| last.ident == "Debug" || last.ident == "Error")
        }
        _ => false,
    };
    let mut has = false;
    types::each_part(&mut ty.clone(), &mut |part| {
        if let Type::TraitObject(object) = part {
            has |= !object.bounds.iter().any(is_shown);
        }
    });
    has
}

/// Whether a type has an `impl Fn..` in it.
fn returns_closure(ty: &Type) -> bool {
    let mut returns = false;
    types::each_part(&mut ty.clone(), &mut |part| {
        if let Type::ImplTrait(part) = part {
            returns |= part.bounds.iter().any(is_fn);
        }
    });
    returns
}

/// `Fn(..)`, `FnMut(..)`, `FnOnce(..)`, or one of their async siblings.
fn is_fn(bound: &TypeParamBound) -> bool {
    let TypeParamBound::Trait(bound) = bound else { return false };
    let last = bound.path.segments.last().map(|last| last.ident.to_string());
    last.is_some_and(|last| last.trim_start_matches("Async").starts_with("Fn"))
}

/// The future that a body makes at its end, `async { .. }` or `Box::pin(async { .. })`, or that `#[tokio::main]` and
/// `#[tokio::test]` have made of it, `let body = async { .. };`.
fn future_of(block: &mut Block) -> Option<&mut ExprAsync> {
    let is_run = |statement: &Stmt| find(&statement.to_token_stream(), &|word| word == "block_on").is_some();
    if block.stmts.last().is_some_and(is_run) {
        return block.stmts.iter_mut().find_map(|statement| match statement {
            Stmt::Local(Local { pat: Pat::Ident(pat), init: Some(init), .. }) if pat.ident == "body" => {
                match &mut *init.expr {
                    Expr::Async(future) => Some(future),
                    _ => None,
                }
            }
            _ => None,
        });
    }
    let (tail, before) = block.stmts.split_last_mut()?;
    if !before.iter().all(|statement| matches!(statement, Stmt::Item(_))) {
        return None;
    }
    match tail {
        Stmt::Expr(Expr::Async(future), None) => Some(future),
        Stmt::Expr(Expr::Call(call), None) => match call.args.first_mut()? {
            Expr::Async(future) => Some(future),
            _ => None,
        },
        _ => None,
    }
}
