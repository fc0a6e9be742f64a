//! The same with its values, for the page `walkthrough`.

use retry_core::crash_context;

#[crash_context]
fn share(cents: u32, guests: u32) -> u32 {
    let tip = cents / 10;
    (cents + tip) / guests
}

fn main() {
    let _crash = retry_core::crash::install();
    println!("{}", share(7000, 0));
}
