//! The function around the frame: how it runs, what its arguments are, and where in it the user's own body stands.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::visit_mut::VisitMut;
use syn::{
    Block, Expr, ExprAsync, FnArg, Local, Pat, PatIdent, PatType, ReturnType, Signature, Stmt, Type,
    TypeParamBound, parse_quote,
};

use super::body::{Names, Walk};
use super::expand::Keeping;
use super::main;
use super::model::{Options, Origin};
use crate::shared::errors::Errors;
use crate::shared::function::{Function, braced};
use crate::shared::hygiene::hygienic;
use crate::shared::krate::Private;
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
        if sig.constness.is_some() {
            return None;
        }
        if sig.asyncness.is_some() {
            return self.async_function(body, errors);
        }
        if let Some(body) = self.with_polled_tail(body, errors) {
            return Some(self.function.with_body(&body));
        }
        let body = self.blocking(body, errors);
        let body = main::reported(&sig.ident, &sig.output, self.options, &body).unwrap_or(body);
        Some(self.function.with_body(&body))
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
        let mut function = self.function.with_sig(sig.clone());
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
        let (frame, polled) = (self.frame(), self.polled(&future));
        let polled = hygienic!(#polled.await);
        let body = match main::reported_outcome(&sig.ident, &sig.output, self.options, &polled) {
            Some(reported) => quote!(#frame #reported),
            None => quote!(#frame #polled),
        };
        Some(function.with_body(&body))
    }

    /// A body that only makes a future, and perhaps runs it: the frame is the future's.
    fn with_polled_tail(&self, body: &TokenStream, errors: &mut Errors) -> Option<TokenStream> {
        find(body, &|word| word == "async")?;
        let mut block: Block = syn::parse2(quote!({ #body })).ok()?;
        let future = future_of(&mut block)?;
        let statements = &future.block.stmts;
        let inside = self.inside_polled(&quote!(#(#statements)*), errors);
        let capture = &future.capture;
        let (frame, polled) = (self.frame(), self.polled(&hygienic!(async #capture { #inside })));
        future.block.stmts = vec![Stmt::Expr(Expr::Verbatim(quote!(#frame #polled.await)), None)];
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
        for argument in arguments {
            walk.bind(argument, Origin::Argument);
        }
        let body = match syn::parse2::<Block>(quote!({ #body })) {
            Ok(mut block) => {
                walk.body(&mut block);
                self.options.check_names(&walk.bindings, errors);
                let statements = &block.stmts;
                quote!(#(#statements)*)
            }
            // What an editor has half of; the compiler says what is missing.
            Err(_) => {
                walk.bindings.iter_mut().for_each(|binding| binding.is_used = true);
                body.clone()
            }
        };
        let named = keeping.named();
        let (slots, arguments) = (keeping.slots(&walk), keeping.arguments(&walk));
        let begin = match runs {
            Runs::Blocking => {
                let (frame, entered) = (keeping.frame(&self.site()), keeping.entered(&walk));
                quote!(#frame #entered)
            }
            Runs::Polled => keeping.body(&walk),
        };
        let returns_impl = types::has_impl_trait(&self.function.sig.output);
        let branches = keeping.branches(&walk, &braced(&body, self.function.braces), returns_impl);
        quote!(#named #slots #begin #arguments #branches)
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
                module: ::core::module_path!(),
                file: ::core::file!(),
                line: #line,
                retried: #is_retried,
            }
        }
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
                        mutability: None,
                        ident,
                        subpat: None,
                    });
                }
                FnArg::Typed(PatType { pat, attrs, .. }) if attrs.is_empty() => {
                    names.visit_pat_mut(&mut pat.as_ref().clone());
                }
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
            _ => quote!(#(#attrs)* let #from = #from; #(#attrs)* let #written = #from;),
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

/// Whether a type has an `impl Fn..` in it.
fn returns_closure(ty: &Type) -> bool {
    struct Find(bool);
    impl VisitMut for Find {
        fn visit_type_param_bound_mut(&mut self, bound: &mut TypeParamBound) {
            if let TypeParamBound::Trait(bound) = bound {
                let last = bound.path.segments.last();
                self.0 |= last
                    .is_some_and(|last| last.ident.to_string().trim_start_matches("Async").starts_with("Fn"));
            }
        }
    }
    let mut find = Find(false);
    find.visit_type_mut(&mut ty.clone());
    find.0
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
