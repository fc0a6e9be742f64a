use retry_core::crash_context;

#[derive(Debug)]
struct Order {
    id: u8,
}

#[crash_context(&order)]
fn changed(mut order: Order) -> u8 {
    order.id += 1;
    order.id
}

#[crash_context(&list)]
fn pushed() -> usize {
    let mut list = Vec::new();
    list.push(1);
    list.len()
}

#[crash_context(&order)]
fn moved(order: Order) -> Order {
    order
}

#[crash_context(&order)]
fn dropped(order: Order) {
    drop(order);
}

fn main() {
    changed(Order { id: 1 });
    pushed();
    moved(Order { id: 1 });
    dropped(Order { id: 1 });
}
