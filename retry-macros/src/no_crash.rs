//! Stands where the feature `crash` is off: no function has a frame.

use proc_macro2::TokenStream;

use crate::shared::errors::Errors;
use crate::shared::function::Function;

/// What nobody can have said.
pub(crate) enum Options {}

/// The compiler says that it knows no such attribute.
pub(crate) fn taken_off(_function: &mut Function, _errors: &mut Errors) -> Option<Options> {
    None
}

/// And so nothing is taken off.
pub(crate) fn used(options: &Options) -> Option<TokenStream> {
    match *options {}
}

/// A function whose values are kept: there is none.
pub(crate) struct Framed<'f>(&'f Options);

impl<'f> Framed<'f> {
    pub(crate) fn new(_function: &'f Function, options: &'f Options, _is_retried: bool) -> Self {
        Self(options)
    }

    pub(crate) fn blocking(&self, _body: &TokenStream, _errors: &mut Errors) -> TokenStream {
        match *self.0 {}
    }

    pub(crate) fn frame(&self) -> TokenStream {
        match *self.0 {}
    }

    pub(crate) fn polled(&self, _future: &TokenStream) -> TokenStream {
        match *self.0 {}
    }

    pub(crate) fn inside_polled(&self, _body: &TokenStream, _errors: &mut Errors) -> TokenStream {
        match *self.0 {}
    }
}
