//! Model to code.
//!
//! ```text
//! // Input
//! retry_with!(delays, async |attempt| BODY)
//!
//! // Output
//! {
//!     let __policy = &(delays);
//!     let mut __running = P::Running::start(__policy, P::Clock::Runtime);
//!     loop {
//!         let __attempt = P::Running::attempt(&__running);
//!         let __outcome = P::Limits::limit(P::RetryPolicy::timer(__policy), async {
//!             if false { return P::RetryPolicy::outcome(__policy); }
//!             let attempt = __attempt;
//!             BODY
//!         }).await;
//!         match P::Running::ended(&mut __running, __outcome) {
//!             Ok(__done) => break __done,
//!             Err(__unfinished) => {
//!                 let __stopped = P::AsyncTimer::sleep(P::RetryPolicy::timer(__policy), __unfinished.wait).await;
//!                 if let Some(__done) = P::Running::waited(&mut __running, __unfinished, __stopped) { break __done; }
//!             }
//!         }
//!     }
//! }
//! ```

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned;

use super::model::{Attempt, With};
use crate::shared::function::braced;
use crate::shared::hygiene::hygienic;
use crate::shared::krate::Private;

impl With {
    pub(crate) fn expand(&self) -> TokenStream {
        let Self { krate, policy, is_async, attempt, body } = self;
        let private = Private::of(krate.as_ref());
        let bind = attempt.as_ref().map(|Attempt { attrs, pattern }| {
            let value = Ident::new("__attempt", Span::mixed_site().located_at(pattern.span()));
            quote!(#(#attrs)* let #pattern = #value;)
        });
        let body = match body {
            Expr::Block(block) if block.attrs.is_empty() && block.label.is_none() => {
                let statements = &block.block.stmts;
                braced(&quote!(#(#statements)*), block.block.brace_token.span.join())
            }
            // What begins like a block would end with it, `{ a } + b`, and a `let` is none.
            body if begins_like_a_statement(body) => {
                let span = Span::mixed_site().located_at(body.span());
                quote_spanned!(span=> (#body))
            }
            body => quote!(#body),
        };
        let span = Span::mixed_site().located_at(policy.span());
        // What the policy cannot do is reported at its name.
        let [policy_name, running] = ["__policy", "__running"].map(|name| Ident::new(name, span));
        let at_policy = private.at(span);
        let made = quote_spanned!(span=> &(#policy));
        let borrowed = quote_spanned!(span=> #at_policy::RetryPolicy::borrowed(#policy_name));
        let timer = quote_spanned!(span=> #at_policy::RetryPolicy::timer(#policy_name));
        let outcome_name = Ident::new("__outcome", span);
        let ended = quote_spanned!(span=> #at_policy::Running::ended(&mut #running, #outcome_name));
        let anchor = (!is_async).then(|| hygienic!(let __anchor = #private::Anchor::uninit();));
        let stays = (!is_async).then(|| hygienic!(#private::Running::stay(&mut __running, &__anchor);));
        let (clock, outcome, slept) = if *is_async {
            let outcome = hygienic! {
                #at_policy::Limits::limit(#timer, #private::Running::within(&__running, async {
                    if false {
                        return #private::RetryPolicy::outcome(__policy);
                    }
                    #bind
                    #body
                })).await
            };
            let unfinished = Ident::new("__unfinished", span);
            let slept = quote_spanned!(span=> #at_policy::AsyncTimer::sleep(#timer, #unfinished.wait).await);
            (hygienic!(Runtime), outcome, slept)
        } else {
            let outcome = hygienic! {
                (|| {
                    if false {
                        return #private::RetryPolicy::outcome(__policy);
                    }
                    #bind
                    #body
                })()
            };
            (
                hygienic!(System),
                outcome,
                hygienic!(#at_policy::BlockingTimer::block(#timer, __unfinished.wait)),
            )
        };
        hygienic! {{
            // First as it is, so that a policy made right here lives as long as the loop.
            let __policy = #made;
            let __policy = #borrowed;
            #anchor
            let mut __running = #private::Running::start(__policy, #private::Clock::#clock);
            loop {
                let __attempt = #private::Running::attempt(&__running);
                let __outcome = #outcome;
                match #ended {
                    #private::Ok(__done) => break __done,
                    #private::Err(__unfinished) => {
                        let __stopped = #slept;
                        if let #private::Some(__done) = #private::Running::waited(&mut __running, __unfinished, __stopped) {
                            break __done;
                        }
                        #stays
                    }
                }
            }
        }}
    }
}

fn begins_like_a_statement(body: &Expr) -> bool {
    const WORDS: [&str; 9] = ["let", "if", "match", "loop", "while", "for", "unsafe", "const", "async"];
    // Alone it is no value; behind a semicolon it would begin an item, and the compiler would not say so.
    if matches!(body, Expr::Path(path) if path.path.is_ident("crate")) {
        return true;
    }
    let mut first = body.to_token_stream().into_iter().next();
    while let Some(TokenTree::Group(group)) = &first
        && group.delimiter() == Delimiter::None
    {
        first = group.stream().into_iter().next();
    }
    match first {
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
        Some(TokenTree::Ident(word)) => WORDS.iter().any(|known| word == known),
        // A label.
        Some(TokenTree::Punct(sign)) => sign.as_char() == '\'',
        _ => false,
    }
}
