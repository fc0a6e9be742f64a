//! Limits that a server tells are heeded, by the next start too.

use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use retry_tests_sentry::{Connection, Server, answer};

use crate::support::{Program, timed};

/// A server that refuses everything with these headers.
fn limiting(headers: &'static str) -> Server {
    Server::doing(move |connection| {
        connection.envelope()?;
        connection.say(answer("429 Too Many Requests", headers, ""))
    })
}

#[test]
fn a_limit_is_heeded_by_the_next_crash_and_the_next_start() {
    let _timed = timed();
    for headers in [
        "",
        "retry-after: 100\r\n",
        "x-sentry-rate-limits: 100::key\r\n",
        "x-sentry-rate-limits: 100:error:key\r\n",
        "x-sentry-rate-limits: 100:default;transaction:organization\r\n",
    ] {
        let server = limiting(headers);
        let program = Program::new(server.dsn());
        let (first, said) = program.crash().made();
        assert!(
            said.starts_with("not sent to Sentry yet: the server takes no reports for another "),
            "{said}"
        );
        server.now_does(Connection::take);
        let second = program.crash().made().0;
        assert_eq!(program.unsent(), BTreeSet::from([first.clone(), second.clone()]), "{headers}");
        assert_eq!(server.connections(), 1, "{headers}");

        let mut waiting = program.spawn("start");
        std::thread::sleep(Duration::from_millis(500));
        waiting.kill().unwrap();
        waiting.wait().unwrap();
        assert_eq!(server.connections(), 1, "{headers}");

        let_it_pass(&program);
        program.start();
        assert_eq!(server.counts(), [(first, 1), (second, 1)].into(), "{headers}");
    }
}

/// As if it had been heard long ago.
fn let_it_pass(program: &Program) {
    let file = program.spool().join("rate-limits.json");
    let text = fs::read_to_string(&file).unwrap();
    let mut limits: serde_json::Value = serde_json::from_str(&text).unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    for limit in limits.as_array_mut().unwrap() {
        let until = limit["until"].as_u64().unwrap();
        assert!(u128::from(until) > now, "{text}");
        for time in ["heard", "until"] {
            limit[time] = (limit[time].as_u64().unwrap() - 200_000).into();
        }
    }
    fs::write(file, limits.to_string()).unwrap();
}

#[test]
fn a_short_limit_is_waited_for_by_a_program_that_goes_on() {
    let _timed = timed();
    let server = limiting("retry-after: 2\r\n");
    let program = Program::new(server.dsn());
    let (id, _) = program.crash().made();
    let limited = server.taken().len();
    server.now_does(Connection::take);
    program.start();
    assert_eq!((limited, server.counts()), (0, [(id, 1)].into()));
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_limit_on_what_is_no_report_mutes_none() {
    let _timed = timed();
    let server = Server::doing(|connection| {
        let envelope = connection.envelope()?;
        connection.taken(envelope);
        let bugsinks = "x-sentry-rate-limits: 86400:transaction;span:organization\r\n";
        connection.say(answer("200 OK", bugsinks, "{}"))
    });
    let program = Program::new(server.dsn());
    program.crash();
    program.crash();
    assert_eq!(server.counts().len(), 2);
    program.is_done();
}

#[test]
fn a_limit_in_a_200_holds_for_the_next() {
    let _timed = timed();
    let server = Server::doing(|connection| {
        let envelope = connection.envelope()?;
        connection.taken(envelope);
        connection.say(answer("200 OK", "x-sentry-rate-limits: 100:error:key\r\n", "{}"))
    });
    let program = Program::new(server.dsn());
    let first = program.crash().made().0;
    let second = program.crash().made().0;
    assert_eq!((server.counts(), program.unsent()), ([(first, 1)].into(), [second].into()));
}

#[test]
fn a_limit_on_attachments_leaves_the_event() {
    let _timed = timed();
    let server = Server::doing(|connection| {
        let envelope = connection.envelope()?;
        connection.taken(envelope);
        connection.say(answer("200 OK", "x-sentry-rate-limits: 100:attachment:key\r\n", "{}"))
    });
    let program = Program::new(server.dsn());
    program.crash();
    program.crash();
    let taken = server.taken();
    assert!(taken[0].items.len() > 1, "{:?}", taken[0].items);
    assert_eq!(taken[1].items, ["event"]);

    // The same as a refusal: it is sent at once without them.
    let server = Server::doing(|connection| {
        let envelope = connection.envelope()?;
        if envelope.items.len() > 1 {
            return connection.say(answer(
                "429 Too Many Requests",
                "x-sentry-rate-limits: 100:attachment:key\r\n",
                "",
            ));
        }
        connection.taken(envelope);
        connection.say(answer("200 OK", "", "{}"))
    });
    let program = Program::new(server.dsn());
    program.crash();
    program.crash();
    assert_eq!((server.taken().len(), server.connections()), (2, 3));
    program.is_done();
}
