use retry_core::crash_context;

#[crash_context(skp(token))]
fn misspelt(token: u8) {}

#[crash_context(depth = 3)]
fn of_others(token: u8) {}

#[crash_context("token")]
fn no_name(token: u8) {}

#[crash_context(*token)]
fn no_reference(token: u8) {}

fn main() {
    misspelt(1);
    of_others(1);
    no_name(1);
    no_reference(1);
}
