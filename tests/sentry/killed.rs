//! Processes that are killed in the midst of it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use retry_tests_sentry::{Connection, Server};

use crate::support::{Program, eventually, timed};

/// The server stalls where it is told to, the process is killed there, and the next start sends the report once.
fn killed_in_sending(stall: impl Fn(&mut Connection) -> std::io::Result<()> + Send + Sync + 'static) {
    let stalled = Arc::new(AtomicUsize::new(0));
    let reached = Arc::clone(&stalled);
    let server = Server::doing(move |connection| {
        stall(connection)?;
        reached.fetch_add(1, Ordering::SeqCst);
        connection.hang()
    });
    let program = Program::new(server.dsn()).within(20_000);
    for what in ["crash", "start"] {
        let before = stalled.load(Ordering::SeqCst);
        let mut process = program.spawn(what);
        eventually("the server stalls", || stalled.load(Ordering::SeqCst) > before);
        process.kill().unwrap();
        process.wait().unwrap();
        assert_eq!(program.unsent().len(), 1, "{what}");
    }
    server.now_does(Connection::take);
    let id = program.unsent().into_iter().next().unwrap();
    let before = server.counts().get(&id).copied().unwrap_or_default();
    program.start();
    assert_eq!(server.counts(), [(id, before + 1)].into());
    program.is_done();
}

#[test]
fn a_process_that_is_killed_while_it_sends_has_its_report_sent_by_the_next() {
    // Before anything, after the head, after the first bytes, before the last one.
    killed_in_sending(|_| Ok(()));
    killed_in_sending(Connection::head);
    killed_in_sending(|connection| {
        connection.head()?;
        connection.part(100)
    });
    killed_in_sending(|connection| {
        connection.head()?;
        connection.part(connection.length() - 1)
    });
    // After all of it: the server may have it, and knows it by its id.
    killed_in_sending(|connection| {
        let envelope = connection.envelope()?;
        connection.taken(envelope);
        Ok(())
    });
}

/// Wherever in its life a crashing process is killed, a report that is in the spool is whole, and is sent once.
#[test]
fn a_process_that_is_killed_at_any_moment_leaves_a_whole_report_or_none() {
    let _timed = timed();
    let server = Server::doing(|connection| connection.hang());
    let program = Program::new(server.dsn()).within(300);
    let started = Instant::now();
    let unhurt = program.crash().took;
    let moments = 60;
    for moment in 0..moments {
        let mut process = program.spawn("crash");
        thread::sleep(unhurt * moment / moments);
        process.kill().unwrap();
        process.wait().unwrap();
    }
    let kept = program.unsent();
    assert!(kept.len() > 1 && kept.len() < 1 + moments as usize, "{} in {:?}", kept.len(), started.elapsed());
    assert_eq!(server.counts().len(), 0);
    server.now_does(Connection::take);
    let ended = program.start();
    assert!(!ended.stderr.contains("crash report not sent"), "{}", ended.stderr);
    assert_eq!(server.counts().into_keys().collect::<BTreeSet<_>>(), kept);
    assert!(server.counts().values().all(|count| *count == 1));
    assert_eq!(program.unsent(), BTreeSet::new());
    assert!(started.elapsed() < Duration::from_secs(60));
}
