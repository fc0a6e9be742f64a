//! What a return type says, as far as it can be read from its words.

use syn::{GenericArgument, Path, PathArguments, PathSegment, ReturnType, Type, TypeParamBound, parse_quote};

/// The type without the invisible groups and parentheses around it.
pub(crate) fn plain(mut ty: &Type) -> &Type {
    loop {
        match ty {
            Type::Group(group) => ty = &group.elem,
            Type::Paren(paren) => ty = &paren.elem,
            _ => return ty,
        }
    }
}

/// The last segment of a path type.
pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match plain(ty) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// The types among a segment's generic arguments.
pub(crate) fn type_arguments(segment: &PathSegment) -> Vec<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return Vec::new() };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}

/// The only type argument of a segment of this name.
pub(crate) fn only_argument<'t>(ty: &'t Type, name: &str) -> Option<&'t Type> {
    let segment = last_segment(ty).filter(|segment| segment.ident == name)?;
    match type_arguments(segment)[..] {
        [only] => Some(only),
        _ => None,
    }
}

/// `Output` of `Future<Output = ..>`, where it is among these bounds.
pub(crate) fn future_output<'t>(bounds: impl IntoIterator<Item = &'t TypeParamBound>) -> Option<&'t Type> {
    bounds.into_iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return None };
        let segment = bound.path.segments.last().filter(|segment| segment.ident == "Future")?;
        let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
        arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::AssocType(output) if output.ident == "Output" => Some(&output.ty),
            _ => None,
        })
    })
}

/// `Output` of `Pin<Box<dyn Future<Output = ..>>>`, or of the `BoxFuture` that the `futures` crate calls so.
pub(crate) fn boxed_future_output(ty: &Type) -> Option<&Type> {
    if let Some(segment) = last_segment(ty)
        && (segment.ident == "BoxFuture" || segment.ident == "LocalBoxFuture")
        && let [output] = type_arguments(segment)[..]
    {
        return Some(output);
    }
    let boxed = only_argument(only_argument(ty, "Pin")?, "Box")?;
    match plain(boxed) {
        Type::TraitObject(object) => future_output(&object.bounds),
        _ => None,
    }
}

/// The type with `_` for every `impl Trait`, so that it can be written where those cannot.
pub(crate) fn without_impl_trait(ty: &Type) -> Type {
    let mut ty = ty.clone();
    each_part(&mut ty, &mut |part| {
        if let Type::ImplTrait(_) = part {
            *part = parse_quote!(_);
        }
    });
    ty
}

/// All the types in it, itself first. A visitor of `syn` would have everything that it might visit compiled along with it.
pub(crate) fn each_part(ty: &mut Type, found: &mut dyn FnMut(&mut Type)) {
    found(ty);
    match ty {
        Type::Array(ty) => each_part(&mut ty.elem, found),
        Type::FnPtr(ty) => {
            ty.inputs.iter_mut().for_each(|input| each_part(&mut input.ty, found));
            each_returned(&mut ty.output, found);
        }
        Type::Group(ty) => each_part(&mut ty.elem, found),
        Type::ImplTrait(ty) => ty.bounds.iter_mut().for_each(|bound| each_bound(bound, found)),
        Type::Paren(ty) => each_part(&mut ty.elem, found),
        Type::Path(ty) => {
            if let Some(qself) = &mut ty.qself {
                each_part(&mut qself.ty, found);
            }
            each_argument(&mut ty.path, found);
        }
        Type::Ptr(ty) => each_part(&mut ty.elem, found),
        Type::Reference(ty) => each_part(&mut ty.elem, found),
        Type::Slice(ty) => each_part(&mut ty.elem, found),
        Type::TraitObject(ty) => ty.bounds.iter_mut().for_each(|bound| each_bound(bound, found)),
        Type::Tuple(ty) => ty.elems.iter_mut().for_each(|ty| each_part(ty, found)),
        _ => {}
    }
}

fn each_bound(bound: &mut TypeParamBound, found: &mut dyn FnMut(&mut Type)) {
    if let TypeParamBound::Trait(bound) = bound {
        each_argument(&mut bound.path, found);
    }
}

fn each_argument(path: &mut Path, found: &mut dyn FnMut(&mut Type)) {
    for segment in &mut path.segments {
        match &mut segment.arguments {
            PathArguments::None => {}
            PathArguments::AngleBracketed(arguments) => {
                for argument in &mut arguments.args {
                    match argument {
                        GenericArgument::Type(ty) => each_part(ty, found),
                        GenericArgument::AssocType(assigned) => each_part(&mut assigned.ty, found),
                        _ => {}
                    }
                }
            }
            PathArguments::Parenthesized(arguments) => {
                arguments.inputs.iter_mut().for_each(|input| each_part(&mut input.ty, found));
                each_returned(&mut arguments.output, found);
            }
        }
    }
}

fn each_returned(output: &mut ReturnType, found: &mut dyn FnMut(&mut Type)) {
    if let ReturnType::Type(_, ty) = output {
        each_part(ty, found);
    }
}

/// The path without the generic arguments of its last segment: `Error<T>` as `Error`, for patterns.
pub(crate) fn without_arguments(path: &Path) -> Path {
    let mut path = path.clone();
    if let Some(last) = path.segments.last_mut() {
        last.arguments = PathArguments::None;
    }
    path
}

/// Whether it is plainly no enum, and no alias of one: nobody gives these names to anything else.
pub(crate) fn has_no_variants(ty: &Type) -> bool {
    const NAMES: [&str; 21] = [
        "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128",
        "isize", "f32", "f64", "String", "Vec", "Box", "HashMap",
    ];
    match plain(ty) {
        Type::Path(path) => {
            path.path.segments.last().is_some_and(|last| NAMES.iter().any(|name| last.ident == name))
        }
        Type::Reference(reference) => has_no_variants(&reference.elem),
        Type::Tuple(_) | Type::Array(_) | Type::Slice(_) | Type::TraitObject(_) => true,
        _ => false,
    }
}

/// Whether it is a `Result` that everybody knows, whose error is no enum.
pub(crate) fn is_known_alias(ty: &Type) -> bool {
    const MODULES: [&str; 4] = ["io", "fmt", "anyhow", "eyre"];
    let Type::Path(path) = plain(ty) else { return false };
    let mut segments = path.path.segments.iter().rev();
    segments.next().is_some_and(|last| last.ident == "Result")
        && segments.next().is_some_and(|module| MODULES.iter().any(|known| module.ident == known))
}

/// What is in a `Box`, `Arc` or `Rc`, where it has a name.
pub(crate) fn pointee(ty: &Type) -> Option<&Type> {
    ["Box", "Arc", "Rc"]
        .into_iter()
        .find_map(|pointer| only_argument(ty, pointer))
        .filter(|inner| matches!(plain(inner), Type::Path(_)))
}
