//! Model to code.
//!
//! ```text
//! // Input
//! retry_with!(delays, async |attempt| BODY)
//!
//! // Output
//! {
//!     let __policy = &delays;
//!     let mut __running = P::Running::start(__policy, P::Clock::Runtime);
//!     loop {
//!         let __attempt = __running.attempt();
//!         let __outcome = P::Limits::limit(__policy.timer(), async {
//!             if false { return __policy.outcome(); }
//!             let attempt = __attempt;
//!             BODY
//!         }).await;
//!         match #ended(__outcome) {
//!             Ok(__done) => break __done,
//!             Err(__unfinished) => {
//!                 let __stopped = P::AsyncTimer::sleep(__policy.timer(), __unfinished.wait).await;
//!                 if let Some(__done) = __running.waited(__unfinished, __stopped) { break __done; }
//!             }
//!         }
//!     }
//! }
//! ```

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::model::With;
use crate::options::expand::hygienic;
use crate::shared::krate::Private;
use crate::shared::place::located;

impl With {
    pub(crate) fn expand(&self) -> TokenStream {
        let Self { krate, policy, is_async, attempt, body } = self;
        let private = Private::of(krate.as_ref());
        let bind = attempt.as_ref().map(|attempt| {
            let value = Ident::new("__attempt", Span::mixed_site().located_at(attempt.span()));
            quote!(let #attempt = #value;)
        });
        let span = Span::mixed_site().located_at(policy.span());
        let policy = located(
            policy,
            &private,
            |span, private| quote_spanned!(span=> #private::RetryPolicy::borrowed(&(#policy))),
        );
        // What the policy cannot do is reported at its name.
        let [policy_name, running] = ["__policy", "__running"].map(|name| Ident::new(name, span));
        let at_policy = private.at(span);
        let timer = quote_spanned!(span=> #policy_name.timer());
        let ended = quote_spanned!(span=> #running.ended);
        let (clock, outcome, slept) = if *is_async {
            let outcome = hygienic! {
                #at_policy::Limits::limit(#timer, async {
                    if false {
                        return __policy.outcome();
                    }
                    #bind
                    #body
                }).await
            };
            let unfinished = Ident::new("__unfinished", span);
            let slept = quote_spanned!(span=> #at_policy::AsyncTimer::sleep(#timer, #unfinished.wait).await);
            (hygienic!(Runtime), outcome, slept)
        } else {
            let outcome = hygienic! {
                (|| {
                    if false {
                        return __policy.outcome();
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
            let __policy = #policy;
            let mut __running = #private::Running::start(__policy, #private::Clock::#clock);
            loop {
                let __attempt = __running.attempt();
                let __outcome = #outcome;
                match #ended(__outcome) {
                    ::core::result::Result::Ok(__done) => break __done,
                    ::core::result::Result::Err(__unfinished) => {
                        let __stopped = #slept;
                        if let ::core::option::Option::Some(__done) = __running.waited(__unfinished, __stopped) {
                            break __done;
                        }
                    }
                }
            }
        }}
    }
}
