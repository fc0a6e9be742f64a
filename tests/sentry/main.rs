//! Whole processes that crash, and what a server of Sentry's protocol gets of it, whatever it does: nothing is lost, and
//! nothing comes twice.

mod broken;
mod faults;
mod killed;
mod limited;
mod many;
mod support;
mod tls;
