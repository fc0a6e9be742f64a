//! A program whose `main` ends with an error.

use std::fmt;

use retry_core::{crash, crash_context};

#[derive(Debug)]
struct Config(std::num::ParseIntError);

impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the configuration is broken")
    }
}

impl std::error::Error for Config {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[crash_context]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let _crash = crash::reporter().app("program", "1").save_to(&arguments[0]).install();
    let port: u16 = arguments[1].parse().map_err(Config)?;
    println!("port {port}");
    Ok(())
}
