//! Brooker's model of contention ("Exponential Backoff and Jitter"): what each kind of jitter saves, with the
//! delays of this library and in virtual time.
//!
//! One row with a version. Each client reads it and then writes it if it is still the same; else it waits and
//! begins again. Each message takes |N(10, 2)| ms.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use retry_core::{Jitter, Policy, testing};

const TRIALS: u32 = 40;

/// A source of its own for the network: the delays are drawn from the library's.
struct Network(u64);

impl Network {
    /// Evenly from (0, 1].
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (((mixed ^ (mixed >> 31)) >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// What one message takes, in nanoseconds.
    fn hop(&mut self) -> u64 {
        let normal = (-2.0 * self.unit().ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos();
        ((10.0 + 2.0 * normal).abs() * 1e6) as u64
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Message {
    Read,
    Version(u64),
    Write(u64),
    Written(bool),
}

/// Writes made, and milliseconds until all are done: the mean of the trials.
fn contend(clients: usize, policy: Option<Policy>) -> (f64, f64) {
    let _recorder = testing::record_seeded(clients as u64);
    let mut network = Network(clients as u64);
    let (mut writes, mut finished) = (0_u64, 0_u64);
    for _ in 0..TRIALS {
        let mut delays: Vec<_> =
            (0..clients).map(|_| policy.map(|policy| policy.unlimited_attempts().delays())).collect();
        let mut due = BinaryHeap::new();
        let mut version = 0;
        for client in 0..clients {
            due.push(Reverse((network.hop(), client, Message::Read)));
        }
        let mut end = 0;
        while let Some(Reverse((now, client, message))) = due.pop() {
            end = now;
            let mut answer = |after, message| due.push(Reverse((now + after, client, message)));
            match message {
                Message::Read => answer(network.hop(), Message::Version(version)),
                Message::Version(seen) => answer(network.hop(), Message::Write(seen)),
                Message::Write(seen) => {
                    writes += 1;
                    let matches = seen == version;
                    version += u64::from(matches);
                    answer(network.hop(), Message::Written(matches));
                }
                Message::Written(true) => {}
                Message::Written(false) => {
                    let wait =
                        delays[client].as_mut().map_or(Duration::ZERO, |delays| delays.next().unwrap());
                    answer(network.hop() + u64::try_from(wait.as_nanos()).unwrap(), Message::Read);
                }
            }
        }
        finished += end;
    }
    (writes as f64 / f64::from(TRIALS), finished as f64 / 1e6 / f64::from(TRIALS))
}

#[track_caller]
fn assert_near(policy: Option<Policy>, published: [(usize, f64, f64); 3]) {
    for (clients, calls, millis) in published {
        let (seen_calls, seen_millis) = contend(clients, policy);
        println!("{clients} clients: {seen_calls} calls, {seen_millis} ms, published {calls}, {millis}");
        let (calls, millis) = (seen_calls / calls - 1.0, seen_millis / millis - 1.0);
        assert!(calls.abs() < 0.15, "{clients} clients: {seen_calls} calls, {:.0} % off", calls * 100.0);
        assert!(millis.abs() < 0.15, "{clients} clients: {seen_millis} ms, {:.0} % off", millis * 100.0);
    }
}

/// Brooker's delay after the n-th failure is 5 x 2^n ms.
fn brookers() -> Policy {
    Policy::exponential().base(Duration::from_millis(10)).cap(Duration::from_secs(2))
}

#[test]
fn without_backoff() {
    assert_near(None, [(10, 52.0, 384.0), (50, 691.0, 1147.0), (100, 2422.0, 2022.0)]);
}

#[test]
fn exponential() {
    let published = [(10, 50.0, 3371.0), (50, 622.0, 36_278.0), (100, 1856.0, 63_432.0)];
    assert_near(Some(brookers().jitter(Jitter::None)), published);
}

#[test]
fn equal() {
    let published = [(10, 42.0, 714.0), (50, 347.0, 4173.0), (100, 812.0, 6691.0)];
    assert_near(Some(brookers().jitter(Jitter::Equal)), published);
}

#[test]
fn full() {
    let published = [(10, 39.0, 473.0), (50, 332.0, 2849.0), (100, 796.0, 4894.0)];
    assert_near(Some(brookers().jitter(Jitter::Full)), published);
}

#[test]
fn decorrelated() {
    let policy = brookers().base(Duration::from_millis(5)).jitter(Jitter::Decorrelated);
    assert_near(Some(policy), [(10, 38.0, 440.0), (50, 375.0, 2240.0), (100, 1004.0, 4512.0)]);
}
