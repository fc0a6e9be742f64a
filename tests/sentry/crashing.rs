//! A program that crashes, or only starts: `crashing <what> <folder> <dsn> <deadline in ms> <reports to keep>`.
//!
//! On its standard output is a line for each report of an earlier run: `later <id> <what became of it>`.

use std::path::Path;
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

use retry_core::crash::{self, Sentry};
use retry_core::crash_context;

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let mut next = || arguments.next().ok_or(io::Error::from(io::ErrorKind::InvalidInput));
    let (what, folder, dsn) = (next()?, next()?, next()?);
    let number = |text: String| text.parse().map_err(io::Error::other);
    let (deadline, keep): (u64, u64) = (number(next()?)?, number(next()?)?);
    let sentry = Sentry::new(dsn)
        .deadline(Duration::from_millis(deadline))
        .keep(usize::try_from(keep).unwrap_or(usize::MAX))
        .on_later(|report, delivery| println!("later {} {delivery}", report.id));
    let _crash = crash::reporter().app("crashing", "1.2.3").save_to(&folder).sentry(sentry).install();
    match what.as_str() {
        "crash" => order(&std::process::id(), "a kiosk"),
        // Until all is sent, or somebody ends it.
        "start" => {
            let since = Instant::now();
            while unsent(Path::new(&folder)) > 0 && since.elapsed() < Duration::from_secs(20) {
                thread::sleep(Duration::from_millis(5));
            }
        }
        _ => return Err(io::ErrorKind::InvalidInput.into()),
    }
    Ok(())
}

#[crash_context]
fn order(number: &u32, place: &str) {
    let pieces = vec![1, 2, 3];
    pay(*number, pieces.len() - 3);
    println!("{place}");
}

#[crash_context]
fn pay(number: u32, pieces: usize) -> usize {
    assert!(pieces > 0, "order {number} is empty");
    pieces
}

fn unsent(folder: &Path) -> usize {
    let files = fs::read_dir(folder.join("sentry")).into_iter().flatten().flatten();
    files.filter(|file| file.path().extension().is_some_and(|extension| extension == "unsent")).count()
}
