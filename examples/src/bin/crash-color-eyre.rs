//! The same crash with color-eyre, for the page `crash_compared`.

use std::cell::Cell;

use retry_core::retry;

#[derive(Debug)]
struct Order {
    id: u32,
    cents: i64,
    customer: Customer,
}

#[derive(Debug)]
struct Customer {
    name: String,
    login: Login,
}

#[derive(Debug)]
struct Login {
    user: String,
    #[allow(dead_code)] // Only its `Debug` reads it.
    password: String,
}

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("the price list is locked")]
    Locked,
}

fn divide(order: &Order, guests: i64) -> i64 {
    let tip = order.cents / 10;
    (order.cents + tip) / guests
}

#[retry(Locked = 1ms)]
fn bill(order: &Order, guests: &[&str], price_list: &Cell<u32>) -> Result<i64, Error> {
    price_list.set(price_list.get() + 1);
    if price_list.get() < 3 {
        return Err(Error::Locked);
    }
    let paying = guests.iter().filter(|guest| **guest != order.customer.name).count();
    Ok(divide(order, i64::try_from(paying).unwrap_or(i64::MAX)))
}

fn run() -> Result<i64, Error> {
    let login = Login { user: "ada".into(), password: "hunter2".into() };
    let order = Order { id: 42, cents: 7000, customer: Customer { name: "Ada".into(), login } };
    let guests = ["Ada"];
    println!("order {} of {}", order.id, order.customer.login.user);
    bill(&order, &guests, &Cell::new(0))
}

fn main() {
    color_eyre::install().expect("no other hook is installed");
    println!("{:?}", run());
}
