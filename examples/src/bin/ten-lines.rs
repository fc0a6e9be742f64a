//! A program that crashes, for the page `walkthrough`.

fn share(cents: u32, guests: u32) -> u32 {
    let tip = cents / 10;
    (cents + tip) / guests
}

fn main() {
    let _crash = retry_core::crash::install();
    println!("{}", share(7000, 0));
}
