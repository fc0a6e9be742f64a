use retry_core::crash_context;

#[crash_context(limit = 0, &mut order, skp(order), oder)]
fn all_are_told(order: u8) -> u8 {
    order
}

fn main() {
    // The function is there all the same.
    all_are_told(1);
}
