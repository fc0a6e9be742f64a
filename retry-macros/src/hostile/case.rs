//! One call of a macro, and what is asked of the answer.

use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;
use syn::parse::Parse;
use syn::{Expr, File, Item, Lifetime, Path};

use crate::shared::nesting::is_too_deep;
use crate::{classify, crash, policy, retry, with};

/// Which macro.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Macro {
    Retry,
    CrashContext,
    Policy,
    With,
    Classify,
}

impl Macro {
    pub(crate) const ALL: [Self; 5] =
        [Self::Retry, Self::CrashContext, Self::Policy, Self::With, Self::Classify];

    pub(crate) fn is_attribute(self) -> bool {
        matches!(self, Self::Retry | Self::CrashContext)
    }
}

/// One call.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) of: Macro,
    /// What stands between the parentheses; nothing for the derive.
    pub(crate) options: TokenStream,
    /// What stands under the attribute or the derive; nothing for the others.
    pub(crate) item: TokenStream,
}

impl Case {
    pub(crate) fn new(of: Macro, options: TokenStream, item: TokenStream) -> Self {
        Self { of, options, item }
    }

    pub(crate) fn text(of: Macro, options: &str, item: &str) -> Option<Self> {
        Some(Self::new(of, TokenStream::from_str(options).ok()?, TokenStream::from_str(item).ok()?))
    }

    pub(crate) fn expand(&self) -> TokenStream {
        let Self { of, options, item } = self.clone();
        match of {
            Macro::Retry => retry::retry(options, item),
            Macro::CrashContext => crash::crash_context(options, item),
            Macro::Policy => policy::retry_policy(options),
            Macro::With => with::retry_with(options),
            Macro::Classify => classify::derive(item),
        }
    }

    /// Whether the answer is code, and not an error.
    pub(crate) fn is_right(&self) -> bool {
        let inputs = errors(&self.options.to_string()) + errors(&self.item.to_string());
        errors(&self.expand().to_string()) <= inputs
    }

    /// What is wrong with the answer.
    pub(crate) fn fault(&self) -> Option<String> {
        if is_too_deep(&self.options) || is_too_deep(&self.item) {
            // To ask more of it would be too much for this stack, too.
            drop(self.expand());
            return None;
        }
        let (options, item) = (self.options.to_string(), self.item.to_string());
        // Neither can an attribute of the file stand under another.
        let is_torn = |text: &str| {
            TokenStream::from_str(text).is_err() || text.trim_start_matches('#').trim_start().starts_with('!')
        };
        if is_torn(&options) || is_torn(&item) {
            // No source file can hold it.
            return None;
        }
        if !is_of_a_macro(&self.options) || !is_of_a_macro(&self.item) {
            drop(self.expand());
            return None;
        }
        let answer = self.expand();
        let text = answer.to_string();
        if TokenStream::from_str(&text).is_err() {
            return Some(format!("the answer is no code: {text}"));
        }
        let fault = match self.of {
            Macro::Retry | Macro::CrashContext => self.fault_of_function(&item, &options, &answer, &text),
            Macro::Policy | Macro::With => {
                (!is::<Expr>(&answer, &text)).then_some("the answer is no expression")
            }
            Macro::Classify => (!is::<File>(&answer, &text)).then_some("the answer is no item"),
        };
        fault.map(|fault| format!("{fault}: {text}"))
    }

    fn fault_of_function(
        &self,
        item: &str,
        options: &str,
        answer: &TokenStream,
        text: &str,
    ) -> Option<&'static str> {
        if errors(text) > errors(item) + errors(options) && !text.ends_with(item) {
            return Some("the user's function is lost behind an error");
        }
        if self.of == Macro::Retry && errors(text) == 0 && !text.contains("__private") {
            return Some("the function is not retried, and nothing says so");
        }
        if let Some(name) = function_name(&self.item)
            && !text.contains(&format!("fn {name}"))
        {
            return Some("the user's function is lost");
        }
        let (free, method) = (is::<File>(&self.item, item), is_in_impl(&self.item, item));
        let is_kept = (!free || is::<File>(answer, text)) && (!method || is_in_impl(answer, text));
        (!is_kept).then_some("what was an item is none any more")
    }
}

fn errors(text: &str) -> usize {
    text.matches("compile_error").count()
}

/// Whether each group without delimiters is one that may as well not be there: only of such it is known that what is
/// around it is code.
fn is_of_a_macro(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().all(|tree| match tree {
        TokenTree::Group(group) => {
            (group.delimiter() != Delimiter::None || is_whole(&group.stream()))
                && is_of_a_macro(&group.stream())
        }
        _ => true,
    })
}

fn is_whole(tokens: &TokenStream) -> bool {
    fn is<T: Parse>(tokens: &TokenStream) -> bool {
        syn::parse2::<T>(tokens.clone()).is_ok()
    }
    tokens.clone().into_iter().count() <= 1
        || is::<Path>(tokens)
        || is::<Lifetime>(tokens)
        || is::<Item>(tokens)
}

/// Whether it is code of this kind as tokens, and as the compiler reads it, which forgets groups without delimiters.
fn is<T: Parse>(tokens: &TokenStream, text: &str) -> bool {
    syn::parse2::<T>(tokens.clone()).is_ok() && syn::parse_str::<T>(text).is_ok()
}

fn is_in_impl(tokens: &TokenStream, text: &str) -> bool {
    is::<File>(&quote!(impl S { #tokens }), &format!("impl S {{ {text} }}"))
}

/// The word behind the outermost `fn`.
fn function_name(item: &TokenStream) -> Option<String> {
    let mut trees = item.clone().into_iter();
    trees.find(|tree| matches!(tree, TokenTree::Ident(word) if word == "fn"))?;
    match trees.next()? {
        TokenTree::Ident(name) => Some(name.to_string()),
        _ => None,
    }
}
