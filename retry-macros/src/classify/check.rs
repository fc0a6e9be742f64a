//! Contradictions that the words alone do not show.

use super::model::{Classified, Kind, Variant, Verdict};
use super::parse::member_text;
use crate::shared::errors::Errors;
use crate::shared::suggest;

impl Classified {
    pub(crate) fn check(&self, errors: &mut Errors) {
        match &self.kind {
            Kind::Enum(variants) => variants.iter().for_each(|variant| variant.check(errors)),
            Kind::Struct(variant) => variant.check(errors),
        }
    }
}

impl Variant {
    fn check(&self, errors: &mut Errors) {
        if let (Some((_, Verdict::Permanent)), Some((span, _))) = (&self.said.verdict, &self.said.when) {
            errors.at(*span, "`when` has no effect on what is `permanent`; remove one of them");
        }
        if let Some((_, Verdict::Told(field))) = &self.said.verdict {
            let outermost = field.outermost();
            if !self.fields.members().any(|member| member == *outermost) {
                let names: Vec<_> = self.fields.members().map(|member| member_text(&member)).collect();
                let hint = suggest::did_you_mean(&member_text(outermost), &names);
                errors.over(
                    outermost,
                    format!("`{}` has no field `{}`{hint}", self.name, member_text(outermost)),
                );
            }
        }
    }
}
