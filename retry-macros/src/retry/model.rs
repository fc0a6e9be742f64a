//! A function that is to be retried: how it runs, and what it returns.

use syn::spanned::Spanned;
use syn::{Path, ReturnType, Type};

use crate::crash;
use crate::options::model::{ErrorType, Options};
use crate::shared::errors::Errors;
use crate::shared::function::Function;
use crate::shared::types;

/// The function and what was said about it.
pub(crate) struct Retried {
    pub(crate) function: Function,
    pub(crate) options: Options,
    /// What `#[crash_context]` says, where it stands on the function too.
    pub(crate) context: Option<crash::Options>,
    pub(crate) runs: Runs,
    /// What the function gives in the end; of one that returns a future, its output.
    pub(crate) returns: Returns,
}

/// How a function runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Runs {
    /// `fn`
    Blocking,
    /// `async fn`
    Async,
    /// `fn -> impl Future`
    ImplFuture,
    /// `fn -> Pin<Box<dyn Future>>`, which is also what `#[async_trait]` makes
    BoxedFuture,
}

/// What a function gives in the end.
pub(crate) struct Returns {
    pub(crate) ty: Type,
    pub(crate) shape: Shape,
}

/// The outermost type.
pub(crate) enum Shape {
    /// `Result<T, E>`
    Result { error: Type },
    /// `Option<T>`
    Option,
    /// An alias such as `io::Result<T>`, or a name that turns out to be something else.
    Unknown,
}

const NEEDS: &str = "`#[retry]` needs a function that returns a `Result`";
const REMEDY: &str = "return `Result<_, E>`, or an `Option` with `until = ..`";

impl Retried {
    pub(crate) fn new(
        function: Function,
        options: Options,
        context: Option<crash::Options>,
        errors: &mut Errors,
    ) -> Option<Self> {
        let ReturnType::Type(_, ty) = &function.sig.output else {
            errors.at(function.sig.ident.span(), format!("{NEEDS}, this one returns nothing; {REMEDY}"));
            return None;
        };
        let (runs, output) = match &function.sig {
            sig if sig.asyncness.is_some() => (Runs::Async, &**ty),
            _ => match (types::plain(ty), types::boxed_future_output(ty)) {
                (Type::ImplTrait(future), _) => {
                    let Some(output) = types::future_output(&future.bounds) else {
                        errors.over(ty, format!("{NEEDS} or a future of one; {REMEDY}"));
                        return None;
                    };
                    (Runs::ImplFuture, output)
                }
                (_, Some(output)) => (Runs::BoxedFuture, output),
                _ => (Runs::Blocking, &**ty),
            },
        };
        let shape = Shape::of(output, errors)?;
        let returns = Returns { ty: output.clone(), shape };
        Some(Self { function, options, context, runs, returns })
    }

    /// What the rules need to know of the error type.
    pub(crate) fn error_type(&self) -> ErrorType {
        let (ty, pointer) = match &self.returns.shape {
            Shape::Result { error } => match types::pointee(error) {
                Some(inner) => (Some(inner), true),
                None => (Some(error), false),
            },
            Shape::Option | Shape::Unknown => (None, false),
        };
        let prefix = match &self.options.error {
            Some((_, path)) => Some(types::without_arguments(path)),
            None => ty.and_then(|ty| self.enum_path(ty)),
        };
        let span = match &self.returns.shape {
            Shape::Result { error } => error.span(),
            Shape::Option | Shape::Unknown => self.returns.ty.span(),
        };
        ErrorType { is_open: false, prefix, is_said: self.options.error.is_some(), pointer, span }
    }

    /// The path by which the variants of an error type can be named in patterns: not one through a trait, and
    /// not a type parameter.
    fn enum_path(&self, ty: &Type) -> Option<Path> {
        let Type::Path(path) = types::plain(ty) else { return None };
        if types::has_no_variants(ty) {
            return None;
        }
        let first = path.path.segments.first()?;
        let is_parameter =
            self.function.sig.generics.type_params().any(|parameter| parameter.ident == first.ident);
        let is_associated = first.ident == "Self" && path.path.segments.len() > 1;
        let named = path.qself.is_none() && !is_parameter && !is_associated;
        named.then(|| types::without_arguments(&path.path))
    }

    pub(crate) fn is_async(&self) -> bool {
        self.runs != Runs::Blocking
    }
}

impl Shape {
    fn of(ty: &Type, errors: &mut Errors) -> Option<Self> {
        let refused = |errors: &mut Errors| {
            errors.over(ty, format!("{NEEDS}; {REMEDY}"));
            None
        };
        let Type::Path(path) = types::plain(ty) else { return refused(errors) };
        let segment = path.path.segments.last()?;
        let arguments = types::type_arguments(segment);
        match (segment.ident.to_string().as_str(), &arguments[..]) {
            ("Result", [_, error]) => Some(Self::Result { error: (*error).clone() }),
            ("Option", [_]) => Some(Self::Option),
            _ if types::has_no_variants(ty) => refused(errors),
            _ => Some(Self::Unknown),
        }
    }
}
