use retry_core::retry;

#[retry(attempts = 3)]
struct Structure;

#[retry(attempts = 3)]
impl Structure {
    fn call(&self) -> Result<u8, String> {
        Ok(1)
    }
}

#[retry]
enum Error {
    Busy,
}

#[retry(attempts = 3)]
mod module {
    pub fn call() {}
}

#[retry(attempts = 3)]
const ONE: u8 = 1;

#[retry(attempts = 3)]
trait Service {
    fn serve(&self) {}
}

impl Service for Structure {}

#[retry(attempts = 3)]
static TWO: fn() -> u8 = || 2;

#[retry(attempts = 3)]
type Alias = u8;

unsafe extern "C" {
    #[retry(attempts = 3)]
    fn foreign() -> Result<u8, String>;
}

fn main() {
    let _ = (Structure.call(), Error::Busy, module::call(), ONE, TWO() as Alias);
    Structure.serve();
    let _ = unsafe { foreign() };
}
