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
//!         match __running.ended(__outcome) {
//!             Ok(__done) => break __done,
//!             Err(__unfinished) => {
//!                 let __stopped = P::AsyncTimer::sleep(__policy.timer(), __unfinished.wait).await;
//!                 if let Some(__done) = __running.waited(__unfinished, __stopped) { break __done; }
//!             }
//!         }
//!     }
//! }
//! ```

use proc_macro2::TokenStream;
use quote::quote;
use syn::Expr;

use super::model::With;
use crate::options::expand::{hygienic, located, own};
use crate::shared::function::braced;

impl With {
    pub(crate) fn expand(&self) -> TokenStream {
        let Self { krate, policy, is_async, attempt, body } = self;
        let private = match krate {
            Some(path) => quote!(#path::__private),
            None => quote!(::retry_core::__private),
        };
        let bind = attempt.as_ref().map(|attempt| {
            let value = own("__attempt");
            quote!(let #attempt = #value;)
        });
        let body = match body {
            Expr::Block(block) if block.attrs.is_empty() && block.label.is_none() => {
                let statements = &block.block.stmts;
                braced(&quote!(#(#statements)*))
            }
            body => quote!(#body),
        };
        let policy = located(policy, |span| quote::quote_spanned!(span=> &(#policy)));
        let (clock, outcome, slept) = if *is_async {
            let outcome = hygienic! {
                #private::Limits::limit(__policy.timer(), async {
                    if false {
                        return __policy.outcome();
                    }
                    #bind
                    #body
                }).await
            };
            let slept = hygienic!(#private::AsyncTimer::sleep(__policy.timer(), __unfinished.wait).await);
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
                hygienic!(#private::BlockingTimer::block(__policy.timer(), __unfinished.wait)),
            )
        };
        hygienic! {{
            let __policy = #policy;
            let mut __running = #private::Running::start(__policy, #private::Clock::#clock);
            loop {
                let __attempt = __running.attempt();
                let __outcome = #outcome;
                match __running.ended(__outcome) {
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
