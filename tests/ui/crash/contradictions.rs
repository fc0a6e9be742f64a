use retry_core::crash_context;

#[crash_context(skip(token), redact(token))]
fn skip_and_redact(token: u8) -> u8 {
    token
}

#[crash_context(skip(token), allow(token))]
fn skip_and_allow(token: u8) -> u8 {
    token
}

#[crash_context(redact(token), allow(token))]
fn redact_and_allow(token: u8) -> u8 {
    token
}

#[crash_context(token, skip(token))]
fn listed_and_skip(token: u8) -> u8 {
    token
}

#[crash_context(&token, redact(token))]
fn listed_and_redact(token: u8) -> u8 {
    token
}

#[crash_context(..)]
fn rest_without_a_list(token: u8) -> u8 {
    token
}

#[crash_context(token, debug)]
fn debug_without_the_rest(token: u8) -> u8 {
    token
}

#[crash_context(skip(token), skip(token))]
fn named_twice(token: u8) -> u8 {
    token
}

#[crash_context(token, .., ..)]
fn rest_twice(token: u8) -> u8 {
    token
}

#[crash_context(debug, debug)]
fn debug_twice(token: u8) -> u8 {
    token
}

#[crash_context(limit = 1, limit = 2)]
fn limit_twice(token: u8) -> u8 {
    token
}

fn main() {
    skip_and_redact(1);
    skip_and_allow(1);
    redact_and_allow(1);
    listed_and_skip(1);
    listed_and_redact(1);
    rest_without_a_list(1);
    debug_without_the_rest(1);
    named_twice(1);
    rest_twice(1);
    debug_twice(1);
    limit_twice(1);
}
