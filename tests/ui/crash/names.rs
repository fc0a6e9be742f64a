use retry_core::crash_context;

#[crash_context(&mut order)]
fn mutable(order: u8) -> u8 {
    order
}

#[crash_context(order.id)]
fn field(order: (u8,)) -> u8 {
    order.0
}

#[crash_context(&order.id)]
fn reference_to_a_field(order: (u8,)) -> u8 {
    order.0
}

#[crash_context(order, n, order)]
fn twice(order: u8, n: u8) -> u8 {
    order + n
}

#[crash_context(order, &order)]
fn both(order: u8) -> u8 {
    order
}

#[crash_context(order n)]
fn without_comma(order: u8, n: u8) -> u8 {
    order + n
}

#[crash_context(order,, n)]
fn empty(order: u8, n: u8) -> u8 {
    order + n
}

#[crash_context(&)]
fn nothing(order: u8) -> u8 {
    order
}

#[crash_context(order = 3)]
fn with_a_value(order: u8) -> u8 {
    order
}

#[crash_context(&late)]
fn bound_later() -> u8 {
    let late;
    late = 1;
    late
}

fn main() {
    bound_later();
    mutable(1);
    field((1,));
    reference_to_a_field((1,));
    twice(1, 2);
    both(1);
    without_comma(1, 2);
    empty(1, 2);
    nothing(1);
    with_a_value(1);
}
