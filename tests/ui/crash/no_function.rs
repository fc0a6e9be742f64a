use retry_core::crash_context;

#[crash_context]
struct Order {
    id: u8,
}

#[crash_context]
impl Order {
    fn id(&self) -> u8 {
        self.id
    }
}

#[crash_context]
enum Kind {
    One,
}

#[crash_context]
mod inside {}

#[crash_context]
trait Shape {}

#[crash_context]
const LIMIT: u8 = 1;

#[crash_context]
static COUNT: u8 = 1;

#[crash_context]
use std::fmt;

#[crash_context]
type Alias = u8;

fn main() {
    let _ = (Order { id: LIMIT }.id(), COUNT, Kind::One, None::<Alias>);
}
