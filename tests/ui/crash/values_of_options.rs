use retry_core::crash_context;

#[crash_context(limit = 0)]
fn limit_of_nothing() {}

#[crash_context(limit = 65537)]
fn limit_of_too_much() {}

#[crash_context(limit = "512")]
fn limit_of_a_text() {}

#[crash_context(limit = -1)]
fn limit_below_zero() {}

#[crash_context(limit(512))]
fn limit_in_parentheses() {}

#[crash_context(limit)]
fn limit_alone() {}

#[crash_context(limit = 99999999999999999999)]
fn limit_beyond_any_number() {}

#[crash_context(debug = true)]
fn debug_with_a_value() {}

#[crash_context(debug(token))]
fn debug_with_names() {}

#[crash_context(skip)]
fn skip_alone() {}

#[crash_context(skip())]
fn skip_nothing() {}

#[crash_context(redact = token)]
fn redact_with_a_value() {}

#[crash_context(redact("token"))]
fn redact_a_text() {}

#[crash_context(allow(&token))]
fn allow_a_reference() {}

#[crash_context(allow(a b))]
fn allow_without_comma() {}

fn main() {
    limit_of_nothing();
    limit_of_too_much();
    limit_of_a_text();
    limit_below_zero();
    limit_in_parentheses();
    limit_alone();
    limit_beyond_any_number();
    debug_with_a_value();
    debug_with_names();
    skip_alone();
    skip_nothing();
    redact_with_a_value();
    redact_a_text();
    allow_a_reference();
    allow_without_comma();
}
