//! Many processes at once.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::process::Child;
use std::time::Duration;

use retry_tests_sentry::{Connection, Server, answer};

use crate::support::{Ended, Program, alone, text, timed};

/// How many crash at once; `RETRY_SENTRY_PROCESSES` of them, if it is said.
fn processes() -> usize {
    std::env::var("RETRY_SENTRY_PROCESSES").ok().and_then(|number| number.parse().ok()).unwrap_or(40)
}

fn program(dsn: impl Into<String>) -> Program {
    let mut program = Program::new(dsn);
    program.keep = 10_000;
    // With so many at once, it is nobody's fault that the server is slow.
    program.deadline = Duration::from_secs(20);
    program
}

/// The ids of the reports that so many processes made, and what became of each.
fn crash_at_once(program: &Program) -> Vec<(String, String)> {
    let children: Vec<_> = (0..processes()).map(|_| program.spawn("crash")).collect();
    let made: Vec<_> = children.into_iter().map(|child| ended(child).made()).collect();
    let ids: BTreeSet<_> = made.iter().map(|(id, _)| id).collect();
    assert_eq!(ids.len(), processes());
    made
}

/// Some processes of the program, started at once.
fn start_at_once(program: &Program, number: usize) -> Vec<(String, String)> {
    let children: Vec<_> = (0..number).map(|_| program.spawn("start")).collect();
    children.into_iter().flat_map(|child| ended(child).later()).collect()
}

fn ended(child: Child) -> Ended {
    let output = child.wait_with_output().unwrap();
    Ended { stdout: text(&output.stdout), stderr: text(&output.stderr), took: Duration::ZERO }
}

/// Made are as many as have arrived and are kept, and none has arrived twice.
fn add_up(server: Option<&Server>, program: &Program, made: &[(String, String)]) {
    let counts = server.map(Server::counts).unwrap_or_default();
    let twice: Vec<_> = counts.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "{twice:?} of {}", counts.len());
    let arrived: BTreeSet<_> = counts.into_keys().collect();
    let kept = program.unsent();
    let both: Vec<_> = arrived.intersection(&kept).collect();
    assert!(both.is_empty(), "{both:?}");
    let all: BTreeSet<_> = arrived.union(&kept).cloned().collect();
    let lost: Vec<_> = made.iter().filter(|(id, _)| !all.contains(id)).collect();
    assert!(lost.is_empty(), "{} of {}: {lost:#?}", lost.len(), made.len());
    assert_eq!(all.len(), made.len());
}

#[test]
fn many_crashes_at_once_all_arrive() {
    let _alone = alone();
    let server = Server::taking();
    let program = program(server.dsn());
    let made = crash_at_once(&program);
    add_up(Some(&server), &program, &made);
    start_at_once(&program, 4);
    assert_eq!(server.counts().len(), made.len());
    add_up(Some(&server), &program, &made);
}

#[test]
fn many_crashes_at_once_at_a_server_that_takes_some() {
    let _alone = alone();
    let server = Server::doing(|connection| match connection.number % 3 {
        0 => connection.take(),
        _ => {
            connection.envelope()?;
            connection.say(answer("429 Too Many Requests", "retry-after: 1\r\n", ""))
        }
    });
    let program = program(server.dsn());
    let made = crash_at_once(&program);
    add_up(Some(&server), &program, &made);
    server.now_does(Connection::take);
    start_at_once(&program, 4);
    assert_eq!(server.counts().len(), made.len());
    add_up(Some(&server), &program, &made);
}

#[test]
fn many_crashes_at_once_without_a_server_are_kept_and_each_is_sent_once_by_starts_at_once() {
    let _alone = alone();
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let program = program(format!("http://thekey@{address}/4"));
    let made = crash_at_once(&program);
    add_up(None, &program, &made);
    assert_eq!(program.unsent().len(), made.len());
    let server = Server::at(address, Connection::take);
    let later = start_at_once(&program, 8);
    assert_eq!(later.len(), made.len());
    assert_eq!(server.counts().len(), made.len());
    add_up(Some(&server), &program, &made);
}

#[test]
fn two_that_start_at_once_send_each_report_once() {
    let _timed = timed();
    let server = Server::doing(Connection::reset);
    let program = program(server.dsn()).within(100);
    for _ in 0..6 {
        program.crash();
    }
    let kept = program.unsent();
    server.now_does(|connection| {
        std::thread::sleep(Duration::from_millis(20));
        connection.take()
    });
    let later = start_at_once(&program, 2);
    assert_eq!(later.len(), 6);
    program.is_done();
    assert_eq!(server.counts().into_keys().collect::<BTreeSet<_>>(), kept);
    assert!(server.counts().values().all(|count| *count == 1));
}

#[test]
fn a_crash_right_at_the_start_lets_what_is_being_sent_arrive_once() {
    let _timed = timed();
    let server = Server::doing(Connection::reset);
    let program = program(server.dsn()).within(100);
    for _ in 0..8 {
        program.crash();
    }
    server.now_does(|connection| {
        let envelope = connection.envelope()?;
        connection.taken(envelope);
        std::thread::sleep(Duration::from_millis(120));
        connection.say(answer("200 OK", "", "{}"))
    });
    let program = program.within(2000);
    for _ in 0..4 {
        program.crash();
    }
    program.start();
    assert_eq!(server.counts().len(), 12);
    assert!(server.counts().values().all(|count| *count == 1), "{:?}", server.counts());
}

#[test]
fn no_more_is_kept_than_is_wanted_and_the_oldest_go_first() {
    let _timed = timed();
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut program = program(format!("http://thekey@{address}/4")).within(100);
    program.keep = 3;
    let made: Vec<_> = (0..5).map(|_| program.crash().made().0).collect();
    let (kept, newest) = (program.unsent(), made[2..].iter().cloned().collect());
    // One more, if the last process had just begun to send it.
    assert!(kept.is_superset(&newest) && kept.len() <= 4, "{kept:?} of {made:?}");
}
