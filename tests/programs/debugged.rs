//! Crashes as its first argument says; the second is the folder for reports.

use std::hint::black_box;
use std::panic::catch_unwind;
use std::process::Command;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use retry_core::{crash, crash_context};

#[derive(Debug)]
struct Order {
    id: u32,
}

#[crash_context]
fn share(order: &Order, guests: u32) -> u32 {
    let tip = 11;
    (order.id + tip) / guests
}

fn without_attribute(order: &Order, guests: u32) -> u32 {
    let tip = 12;
    (order.id + tip) / guests
}

#[inline(always)]
fn inlined(order: Option<&Order>) -> u32 {
    let tip = 13;
    order.unwrap().id + tip
}

fn inlines(order: Option<&Order>) -> u32 {
    let service = 14;
    inlined(order) + service
}

struct Dropped;

impl Drop for Dropped {
    fn drop(&mut self) {
        let _ = catch_unwind(|| without_attribute(&Order { id: 8 }, 0));
    }
}

extern "C" fn aborts() -> u32 {
    share(&Order { id: 7 }, 0)
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [scenario, folder] = &*arguments else { panic!("debugged SCENARIO FOLDER") };
    let _crash = crash::reporter().app("debugged", "1").save_to(folder).install();
    let none = black_box(0);
    match &**scenario {
        "main" => println!("{}", share(&Order { id: 7 }, none)),
        "without attribute" => println!("{}", without_attribute(&Order { id: 7 }, none)),
        "inlined" => println!("{}", inlines(black_box(None))),
        "abort" => println!("{}", aborts()),
        "thread" => in_thread(),
        "two threads" => in_two_threads(),
        "main meanwhile" => {
            thread::spawn(|| share(&Order { id: 7 }, black_box(0)));
            // Late enough to be the second one.
            thread::sleep(Duration::from_millis(200));
            println!("{}", without_attribute(&Order { id: 8 }, none));
        }
        "while unwinding" => {
            let _dropped = Dropped;
            println!("{}", share(&Order { id: 7 }, none));
        }
        "caught" => {
            let before = terminal();
            let _ = catch_unwind(|| share(&Order { id: 7 }, 0));
            println!("the terminal is {} before", if terminal() == before { "as" } else { "not as" });
            let interrupted = Command::new("sh").args(["-c", "kill -INT $PPID"]).status();
            thread::sleep(Duration::from_secs(20));
            println!("not interrupted: {interrupted:?}");
        }
        other => panic!("no scenario {other}"),
    }
}

/// Among others that wait.
fn in_thread() {
    for _ in 0..3 {
        thread::spawn(thread::park);
    }
    let worker = thread::Builder::new().name("worker".into());
    let worker = worker.spawn(|| share(&Order { id: 7 }, black_box(0))).unwrap();
    for _ in 0..3 {
        thread::spawn(thread::park);
    }
    worker.join().unwrap();
}

fn in_two_threads() {
    let both = Barrier::new(2);
    thread::scope(|scope| {
        for id in [7, 8] {
            let both = &both;
            scope.spawn(move || {
                both.wait();
                share(&Order { id }, black_box(0))
            });
        }
    });
}

fn terminal() -> String {
    let state = Command::new("stty").arg("-g").stdin(std::process::Stdio::inherit()).output().unwrap();
    assert!(state.status.success());
    String::from_utf8(state.stdout).unwrap()
}
