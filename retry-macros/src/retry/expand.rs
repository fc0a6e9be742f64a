//! Model to code: the loop.
//!
//! ```text
//! // Input
//! #[retry(Timeout = 120, backoff = exp(max = 5))]
//! async fn events(url: &str) -> Result<Events, ApiError> { BODY }
//!
//! // Output
//! async fn events(url: &str) -> Result<Events, ApiError> {
//!     let mut __call = P::Call::untimed();
//!     loop {
//!         let __wait = {
//!             let __failed = match async {
//!                 if false { return P::typed::<Result<Events, ApiError>>(); }
//!                 { BODY }
//!             }.await {
//!                 Err(__failed) => __failed,
//!                 __outcome => { P::Call::succeeded(&__call); return __outcome; }
//!             };
//!             let __decided = {
//!                 let __error = &__failed;
//!                 let __asked = match __error {
//!                     ApiError::Timeout { .. } => P::Asked::After(P::Duration::new(120, 0)),
//!                     _ => P::Probe(__error).retry_ask(),
//!                 };
//!                 let __failure = P::Failure { asked: __asked, key: P::key(__error, 0), error: SHOWN };
//!                 P::Call::failed(&mut __call, POLICY, SITE, __failure)
//!             };
//!             match __decided {
//!                 Ok(__wait) => __wait,
//!                 Err(_) => return Err(__failed),
//!             }
//!         };
//!         P::sleep(__wait).await;
//!     }
//! }
//! ```
//!
//! Each turn makes a fresh closure or async block, so that `?` and `return` leave the attempt and not the
//! function, and so that what it borrows is free again for the next. A sync function has `(|| -> R { BODY })()`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, FnArg, Pat, PatType, ReceiverKind, Signature, Stmt, Type, parse_quote};

use super::arguments::Argument;
use super::future::Tail;
use super::instrumented;
use super::model::{Retried, Runs, Shape};
use crate::crash::{self, Framed};
use crate::options::expand::shown;
use crate::shared::delay::peeled;
use crate::shared::errors::Errors;
use crate::shared::function::braced;
use crate::shared::hygiene::hygienic;
use crate::shared::krate::Private;
use crate::shared::patterns::each_name;
use crate::shared::place::{at, borrowed, line, located};
use crate::shared::types;
use crate::shared::words::find;

impl Retried {
    pub(crate) fn expand(self, errors: &mut Errors) -> TokenStream {
        let mut body = Expansion::new(&self).function_body(errors);
        if let Some(used) = self.context.as_ref().and_then(crash::used) {
            body = quote!(#used #body);
        }
        let mut function = self.function;
        if let Some((_, cloned)) = &self.options.clone {
            for argument in &mut function.sig.inputs {
                if let FnArg::Typed(argument) = argument {
                    immutable(&mut argument.pat, cloned);
                }
            }
            if matches!(self.runs, Runs::Blocking | Runs::Async) {
                // The body consumes them, as far as lints can see.
                body = hygienic!(#(let #cloned = #cloned;)* #body);
            }
        }
        if self.runs == Runs::ImplFuture {
            // A body that only made its future by other means is one `async` block now.
            function.attrs.push(parse_quote!(#[allow(clippy::manual_async_fn)]));
        }
        function.with_body(&body)
    }
}

/// The arguments that are cloned for each attempt are `mut` there, not where they are bound for the call.
fn immutable(pat: &mut Pat, cloned: &[Ident]) {
    each_name(pat, &mut |name| {
        if cloned.contains(&name.ident) {
            name.mutability = None;
        }
    });
}

/// The arguments that are a `&mut`, as far as the body has to do with them: the others stay unused.
fn exclusive(sig: &Signature, body: &TokenStream) -> Vec<Ident> {
    let is_exclusive = |ty| matches!(types::plain(ty), Type::Reference(ty) if ty.mutability.is_some());
    let names = sig.inputs.iter().filter_map(|argument| match argument {
        FnArg::Receiver(receiver) => {
            let exclusive = match &receiver.kind {
                ReceiverKind::Reference(.., mutability) => mutability.is_some(),
                ReceiverKind::Typed(_, ty) => is_exclusive(ty),
                _ => false,
            };
            // The second is what `#[async_trait]` calls it.
            let named = |name: &str| find(body, &|word| word == name);
            let name = || named("self").or_else(|| named("__self"));
            exclusive.then(name).flatten()
        }
        FnArg::Typed(PatType { pat, ty, .. }) => match &**pat {
            Pat::Ident(pat) if pat.subpat.is_none() && is_exclusive(ty) => {
                find(body, &|word| *word == pat.ident).map(|_| pat.ident.clone())
            }
            _ => None,
        },
    });
    names.collect()
}

struct Expansion<'a> {
    retried: &'a Retried,
    private: Private,
    /// An expression of type `&Policy`.
    policy: TokenStream,
    /// An expression of type `&Site`.
    site: TokenStream,
    /// The function's result type as it can be written in a body.
    returns: Type,
    /// The frame of each attempt, for crash reports.
    framed: Option<Framed<'a>>,
}

impl<'a> Expansion<'a> {
    fn new(retried: &'a Retried) -> Self {
        let private = retried.options.private();
        let name = &retried.function.sig.ident;
        let (line, name) = (line(name.span()), name.to_string());
        // Limits that are expressions are evaluated once, before the first attempt.
        let policy = if retried.options.has_constant_policy() {
            let policy = retried.options.policy_value(&private);
            hygienic!(&const { #policy })
        } else {
            hygienic!(&__policy)
        };
        let site = hygienic! {
            &#private::Site { function: #name, module: #private::core::module_path!(), file: #private::core::file!(), line: #line, retried: true }
        };
        let returns = types::without_impl_trait(&retried.returns.ty);
        let framed = retried.context.as_ref().map(|context| Framed::new(&retried.function, context, true));
        Self { retried, private, policy, site, returns, framed }
    }

    fn function_body(&self, errors: &mut Errors) -> TokenStream {
        let body = self.retried.function.body.clone().unwrap_or_default();
        match self.retried.runs {
            Runs::Blocking => {
                let returns = &self.returns;
                let attempt = self.blocking_attempt(&body, errors);
                let pipes = self.at_name(&hygienic!(||));
                self.looped(&hygienic!((#pipes -> #returns { #attempt })()))
            }
            Runs::Async => self.looped(&self.async_attempt(&instrumented::borrowing(body), errors)),
            Runs::ImplFuture | Runs::BoxedFuture => self.future_body(&body, errors),
        }
    }

    /// A function that returns a future: the loop is in the future.
    fn future_body(&self, body: &TokenStream, errors: &mut Errors) -> TokenStream {
        let is_boxed = self.retried.runs == Runs::BoxedFuture;
        if let Some(Tail { before, prefix, capture, mut moved, inner }) = Tail::of(body) {
            if let Some((_, cloned)) = &self.retried.options.clone {
                for statement in &mut moved {
                    if let Stmt::Local(local) = statement {
                        immutable(&mut local.pat, cloned);
                    }
                }
            }
            let looped = self.looped(&self.async_attempt(&inner, errors));
            let future = hygienic!(async #capture { #(#moved)* #looped });
            return if is_boxed { quote!(#before #prefix(#future)) } else { quote!(#before #future) };
        }
        // A body that comes to its future by another way is run for each attempt.
        let returns = match (&self.retried.function.sig.output, is_boxed) {
            (syn::ReturnType::Type(_, ty), true) => hygienic!(-> #ty),
            _ => TokenStream::new(),
        };
        let attempt = self.blocking_attempt(body, errors);
        let (private, output) = (&self.private, &self.returns);
        let attempt = hygienic!(#private::future_of::<#output, _>(|| #returns { #attempt }));
        let looped = self.looped(&self.awaited(&attempt));
        let future = hygienic!(async move { #looped });
        if is_boxed { hygienic!(#private::Box::pin(#future)) } else { future }
    }

    /// One attempt of an async body.
    fn async_attempt(&self, body: &TokenStream, errors: &mut Errors) -> TokenStream {
        let (private, returns) = (&self.private, &self.returns);
        let attempt = match &self.framed {
            Some(framed) => self.attempt_body(&framed.inside_polled(body, errors)),
            None => self.attempt_body(body),
        };
        // Borrowed as what it is, so that the block can be sent where only what is behind it can: through `&mut`
        // of a `Send` type that is not `Sync`.
        let exclusive = exclusive(&self.retried.function.sig, body);
        // The edge gives the block its type before the body is looked at; its own scope keeps what the body
        // brings into scope away from it.
        let asynchronous = self.at_name(&hygienic!(async));
        let attempt = hygienic! {
            #asynchronous {
                if false {
                    #(let _ = &mut *#exclusive;)*
                    return #private::typed::<#returns>();
                }
                #attempt
            }
        };
        match &self.framed {
            // To look at each poll for an attempt that has failed has its price: it is paid where somebody asked for it.
            Some(framed) => {
                let polled = framed.polled(&attempt);
                self.awaited(&hygienic!(#private::within(&__call, #polled)))
            }
            None => self.awaited(&attempt),
        }
    }

    /// One attempt of a body that runs to its end.
    fn blocking_attempt(&self, body: &TokenStream, errors: &mut Errors) -> TokenStream {
        match &self.framed {
            Some(framed) => self.attempt_body(&framed.blocking(body, errors)),
            None => self.attempt_body(body),
        }
    }

    /// The attempt's future awaited, under its time limit if it has one.
    fn awaited(&self, attempt: &TokenStream) -> TokenStream {
        let private = &self.private;
        let Some(timeout) = &self.retried.options.timeout else { return hygienic!(#attempt.await) };
        let error = &timeout.error;
        let limit = timeout.limit.expand(private);
        let timer = match &self.retried.options.sleep {
            Some((_, timer)) => located(timer, private, |span, private| {
                let timer = borrowed(timer, span);
                quote_spanned!(span=> #private::limit_with(#limit, |__limit| #private::timer(#timer)(__limit)))
            }),
            None => hygienic!(#private::limit(#limit)),
        };
        // The limit may ask `self` for how long before the attempt borrows it, and all that is free again before
        // anything is made of what it ended with.
        hygienic! {{
            let __ended = {
                let mut __limit = #private::core::pin::pin!(#timer);
                let mut __attempted = #private::core::pin::pin!(#attempt);
                #private::race(
                    #private::core::pin::Pin::as_mut(&mut __attempted),
                    #private::core::pin::Pin::as_mut(&mut __limit),
                ).await
            };
            #private::in_time(__ended, || #error)
        }}
    }

    /// Where the compiler reports what cannot be done again: at the function's name, not at the attribute.
    fn at_name(&self, tokens: &TokenStream) -> TokenStream {
        at(tokens, self.retried.function.sig.ident.span())
    }

    /// The user's body, with what each attempt is given.
    fn attempt_body(&self, body: &TokenStream) -> TokenStream {
        let options = &self.retried.options;
        let attempt = options.attempt.as_ref().map(|(_, name)| {
            let attempt = Ident::new("__attempt", Span::mixed_site());
            quote!(let #name = #attempt;)
        });
        let arguments = options.clone.as_ref().map_or_else(Vec::new, |_| Argument::all(self.retried));
        let clones = options.clone.iter().flat_map(|(_, names)| names).map(|name| {
            let argument = arguments.iter().find(|argument| argument.name == *name);
            let mutable = argument.filter(|argument| argument.mutable).map(|_| quote!(mut));
            match argument.and_then(|argument| argument.ty.as_ref()) {
                // At the user's type, so that a type without `Clone` is one error there.
                Some(ty) if !matches!(types::plain(ty), Type::ImplTrait(_)) => {
                    let ty = types::without_impl_trait(ty);
                    let span = Span::mixed_site().located_at(ty.span());
                    let private = self.private.at(span);
                    let clone = quote_spanned!(span=> <#ty as #private::core::clone::Clone>::clone(&#name));
                    quote!(let #mutable #name = #clone;)
                }
                _ => {
                    let private = self.private.at(name.span());
                    let clone = quote_spanned!(name.span()=> #private::core::clone::Clone::clone(&#name));
                    quote!(let #mutable #name = #clone;)
                }
            }
        });
        let body = braced(body, self.retried.function.braces);
        quote!(#attempt #(#clones)* #body)
    }

    /// The loop around an attempt.
    fn looped(&self, attempt: &TokenStream) -> TokenStream {
        let outcome = match &self.retried.returns.shape {
            Shape::Result { .. } | Shape::Option => attempt.clone(),
            Shape::Unknown => {
                let private = &self.private;
                let span = self.retried.returns.ty.span();
                let (private, returns) = (private.at(span), self.returns_at(span));
                quote_spanned!(span=> <#returns as #private::Outcome>::into_result(#attempt))
            }
        };
        let (options, private) = (&self.retried.options, &self.private);
        let (begin, bind_attempt) = (self.begin(), self.bind_attempt());
        let ended = self.ended();
        let own_timer = self.own_timer(&ended.shown);
        let on_retry = self.failure_hook(options.on_retry.as_ref(), false, &ended.error).map(|hook| {
            hygienic! {
                if let #private::Ok(_) = __decided {
                    #hook
                }
            }
        });
        let on_give_up = self.failure_hook(options.on_give_up.as_ref(), true, &ended.error);
        let returned = self.returned(&ended.whole);
        let GoOn { kept, value, wait } = self.go_on(&ended);
        let Ended { arms, decided, .. } = ended;
        let repeat = self.at_name(&hygienic!(loop));
        // What came of the attempt ends with the inner scope, so that it is not part of the future that waits.
        hygienic! {
            #begin
            #repeat {
                #bind_attempt
                let #kept = {
                    let __failed = match #outcome { #arms };
                    let __decided = #decided;
                    #on_retry
                    #own_timer
                    match __decided {
                        #private::Ok(__wait) => #value,
                        #private::Err(_) => {
                            #on_give_up
                            return #returned;
                        }
                    }
                };
                #wait
            }
        }
    }

    fn begin(&self) -> TokenStream {
        let private = &self.private;
        let options = &self.retried.options;
        let policy = (!options.has_constant_policy()).then(|| {
            let policy = options.policy_value(private);
            hygienic!(let __policy = #policy;)
        });
        let last = self.keeps_last_error().then(|| {
            let ty = self.error();
            hygienic!(let mut __last: #private::core::option::Option<#ty> = #private::None;)
        });
        let clock = self.clock();
        let call = if self.is_timed() {
            hygienic!(timed(#private::Clock::#clock))
        } else if options.policy.is_some() {
            hygienic!(timed_by(&__policy, #private::Clock::#clock))
        } else {
            hygienic!(untimed())
        };
        let anchor =
            (!self.retried.is_async()).then(|| hygienic!(let __anchor = #private::Anchor::uninit();));
        let frame = self.framed.as_ref().filter(|_| self.retried.is_async()).map(Framed::frame);
        hygienic! {
            #policy
            #last
            #frame
            #anchor
            let mut __call = #private::Call::#call;
        }
    }

    fn bind_attempt(&self) -> TokenStream {
        if !self.keeps_last_error() {
            return TokenStream::new();
        }
        let (private, policy) = (&self.private, &self.policy);
        hygienic!(let __attempt = #private::Call::attempt(&__call, #policy, #private::core::option::Option::as_ref(&__last));)
    }

    /// How an attempt ends: without `until` it fails with an error, with it also with a value that is not accepted.
    fn ended(&self) -> Ended {
        let private = &self.private;
        let until = self.retried.options.until.as_ref().map(|(_, until)| until);
        let accepted = |what: &'static str, function: &'static str| {
            until.map(|until| {
                located(until, private, |span, private| {
                    let (what, function) = (Ident::new(what, span), Ident::new(function, span));
                    let until = borrowed(until, span);
                    quote_spanned!(span=> #private::#function(#until, &#what))
                })
            })
        };
        let (failed, unready, shown) = (self.failed(), self.unready(), shown(private));
        match (&self.retried.returns.shape, until) {
            (Shape::Option, _) => {
                let is_accepted = accepted("__value", "holds");
                let done = self.done(&hygienic!(#private::Some(__value)));
                let error = self.error();
                Ended {
                    arms: hygienic! {
                        #private::Some(__value) if #is_accepted => { #done }
                        __failed => __failed,
                    },
                    decided: unready,
                    whole: hygienic!(__failed),
                    error: hygienic!(#private::None::<&#error>),
                    shown: hygienic!(#private::Shown::Nothing),
                    kept_error: hygienic!(#private::None),
                }
            }
            (_, Some(_)) => {
                let is_accepted = accepted("__outcome", "is_accepted");
                let done = self.done(&hygienic!(__outcome));
                Ended {
                    arms: hygienic! {
                        __outcome if #is_accepted => { #done }
                        __failed => __failed,
                    },
                    decided: hygienic! {
                        match &__failed {
                            #private::Err(__error) => { #failed }
                            #private::Ok(_) => #unready,
                        }
                    },
                    whole: hygienic!(__failed),
                    error: hygienic!(#private::core::result::Result::err(#private::core::result::Result::as_ref(&__failed))),
                    shown: hygienic! {
                        match &__failed {
                            #private::Err(__error) => #shown,
                            #private::Ok(_) => #private::Shown::Nothing,
                        }
                    },
                    kept_error: hygienic!(#private::core::result::Result::err(__failed)),
                }
            }
            (_, None) => {
                let done = self.done(&hygienic!(__outcome));
                Ended {
                    arms: hygienic! {
                        #private::Err(__failed) => __failed,
                        __outcome => { #done }
                    },
                    decided: hygienic!({
                        let __error = &__failed;
                        #failed
                    }),
                    whole: hygienic!(#private::Err(__failed)),
                    error: hygienic!(#private::Some(&__failed)),
                    shown: hygienic!({
                        let __error = &__failed;
                        #shown
                    }),
                    kept_error: hygienic!(#private::Some(__failed)),
                }
            }
        }
    }

    /// The call succeeds with `value`.
    fn done(&self, value: &TokenStream) -> TokenStream {
        let (private, policy) = (&self.private, &self.policy);
        let outcome = match &self.retried.returns.shape {
            Shape::Option => {
                hygienic!(#private::core::result::Result::<(), #private::core::convert::Infallible>::Ok(()))
            }
            Shape::Result { .. } | Shape::Unknown => value.clone(),
        };
        let on_success = self.retried.options.on_success.as_ref();
        let hook = self.hook(
            on_success,
            true,
            || hygienic!(#private::Call::success_event(&__call, #policy, &#outcome)),
        );
        let returned = self.returned(value);
        hygienic! {
            #private::Call::succeeded(&__call);
            #hook
            return #returned;
        }
    }

    /// The attempt failed with `__error`.
    fn failed(&self) -> TokenStream {
        let (private, policy, site) = (&self.private, &self.policy, &self.site);
        let (asked, key) = self.retried.options.asked(private, &self.retried.error_type());
        let (shown, (failed, anchor)) = (shown(private), self.failed_by());
        hygienic! {
            #asked
            let __failure = #private::Failure { asked: __asked, key: #key, error: #shown };
            #private::Call::#failed(&mut __call, #policy, #site, __failure #anchor)
        }
    }

    /// What decides of a failure: of a call that stays on its thread, crash reports know where to find it.
    fn failed_by(&self) -> (TokenStream, TokenStream) {
        match self.retried.is_async() {
            true => (hygienic!(failed), TokenStream::new()),
            false => (hygienic!(failed_here), hygienic!(, &__anchor)),
        }
    }

    /// The attempt gave a value that `until` does not accept.
    fn unready(&self) -> TokenStream {
        let (private, policy, site) = (&self.private, &self.policy, &self.site);
        let (failed, anchor) = self.failed_by();
        hygienic! {
            #private::Call::#failed(&mut __call, #policy, #site, #private::Failure::UNREADY #anchor)
        }
    }

    /// A timer of the user's own waits, and may say that the call is to give up.
    fn own_timer(&self, shown: &TokenStream) -> Option<TokenStream> {
        let (_, timer) = self.retried.options.sleep.as_ref()?;
        let (private, site) = (&self.private, &self.site);
        let stopped = located(timer, private, |span, private| {
            let wait = Ident::new("__wait", span);
            let timer = borrowed(timer, span);
            match self.retried.is_async() {
                true => quote_spanned! {span=>
                    if #private::is_skipped(#wait) {
                        #private::yielded().await;
                        false
                    } else {
                        #private::Waited::is_stopped(&#private::timer(#timer)(#wait).await)
                    }
                },
                false => quote_spanned!(span=> #private::block_with(#wait, #timer)),
            }
        });
        Some(hygienic! {
            let __decided = match __decided {
                #private::Ok(__wait) => {
                    let __is_stopped = #stopped;
                    if __is_stopped {
                        #private::Err(
                            #private::Call::stopped(&__call, #site, #shown)
                        )
                    } else {
                        __decided
                    }
                }
                #private::Err(_) => __decided,
            };
        })
    }

    /// What goes on to the next attempt, and the wait before it, unless the user's own timer has waited.
    fn go_on(&self, ended: &Ended) -> GoOn {
        let private = &self.private;
        let wait = match (&self.retried.options.sleep, self.retried.is_async()) {
            (Some(_), _) => hygienic!(let _ = __wait;),
            (None, true) => hygienic!(#private::sleep(__wait).await;),
            (None, false) => hygienic!(#private::block(__wait);),
        };
        let begins = self.has_hooks().then(|| hygienic!(#private::Call::attempt_begins(&mut __call);));
        if self.keeps_last_error() && !matches!(self.retried.returns.shape, Shape::Option) {
            let error = &ended.kept_error;
            GoOn {
                kept: hygienic!((__wait, __kept)),
                value: hygienic!((__wait, #error)),
                wait: hygienic!(#wait __last = __kept; #begins),
            }
        } else {
            GoOn { kept: hygienic!(__wait), value: hygienic!(__wait), wait: hygienic!(#wait #begins) }
        }
    }

    /// Calls a hook with what has been decided.
    fn failure_hook(
        &self,
        hook: Option<&(Span, Expr)>,
        is_last: bool,
        error: &TokenStream,
    ) -> Option<TokenStream> {
        let (private, policy) = (&self.private, &self.policy);
        self.hook(
            hook,
            is_last,
            || hygienic!(#private::Call::failure_event(&__call, #policy, #error, __decided)),
        )
    }

    /// Calls a hook, and awaits it where it is async; the last thing that is called may be called by value.
    fn hook(
        &self,
        hook: Option<&(Span, Expr)>,
        is_last: bool,
        event: impl FnOnce() -> TokenStream,
    ) -> Option<TokenStream> {
        let (_, hook) = hook?;
        let (private, event) = (&self.private, event());
        let finished = located(hook, private, |span, private| {
            let event_name = Ident::new("__event", span);
            let hook = if is_last && matches!(peeled(hook), Expr::Path(_)) {
                quote!(#hook)
            } else {
                borrowed(hook, span)
            };
            let called = quote_spanned!(span=> #private::call_hook(#hook, #event_name));
            match self.retried.is_async() {
                true => quote_spanned!(span=> #called.retry_awaited().await),
                false => quote_spanned!(span=> #called.retry_done()),
            }
        });
        Some(hygienic!({
            #[allow(unused_imports)]
            use #private::{AsyncHook as _, PlainHook as _};
            let __event = #event;
            #finished;
        }))
    }

    /// The error type, which has to be written where the body can ask for an error that is not there yet.
    fn error(&self) -> TokenStream {
        match &self.retried.returns.shape {
            Shape::Result { error } => types::without_impl_trait(error).into_token_stream(),
            Shape::Option => {
                let private = &self.private;
                hygienic!(#private::core::convert::Infallible)
            }
            Shape::Unknown => {
                let (private, returns) = (&self.private, &self.returns);
                hygienic!(<#returns as #private::Outcome>::Error)
            }
        }
    }

    /// A `Result` as the function's own type.
    fn returned(&self, outcome: &TokenStream) -> TokenStream {
        match &self.retried.returns.shape {
            Shape::Result { .. } | Shape::Option => outcome.clone(),
            Shape::Unknown => {
                let span = self.retried.returns.ty.span();
                let (private, returns) = (self.private.at(span), self.returns_at(span));
                hygienic!(<#returns as #private::Outcome>::from_result(#outcome))
            }
        }
    }

    /// The type at one place, so that what is wrong with it is one error.
    fn returns_at(&self, span: Span) -> TokenStream {
        let returns = &self.returns;
        at(&quote!(#returns), span)
    }

    fn clock(&self) -> TokenStream {
        if self.retried.is_async() { hygienic!(Runtime) } else { hygienic!(System) }
    }

    fn has_hooks(&self) -> bool {
        let options = &self.retried.options;
        options.on_retry.is_some() || options.on_give_up.is_some() || options.on_success.is_some()
    }

    /// Whether anything asks how long the call has taken.
    fn is_timed(&self) -> bool {
        let options = &self.retried.options;
        self.has_hooks() || options.deadline.is_some() || options.attempt.is_some()
    }

    /// Whether the body can ask what the attempt before failed with.
    fn keeps_last_error(&self) -> bool {
        self.retried.options.attempt.is_some()
    }
}

/// What comes of an attempt.
struct Ended {
    /// The arms of a match over it: they return what is good enough, and give what is not, as `__failed`.
    arms: TokenStream,
    /// What is decided of `__failed`.
    decided: TokenStream,
    /// `__failed` as the outcome that it was.
    whole: TokenStream,
    /// The error in it, as an `Option` of a reference.
    error: TokenStream,
    /// The same as it is shown.
    shown: TokenStream,
    /// The same by value.
    kept_error: TokenStream,
}

/// How the loop goes on to the next attempt.
struct GoOn {
    /// What the attempt's scope leaves behind, as a pattern.
    kept: TokenStream,
    /// The same as an expression.
    value: TokenStream,
    /// What stands between the attempts.
    wait: TokenStream,
}
