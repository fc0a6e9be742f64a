//! A program crashes while the server, or the way to it, fails. The crash ends in time, the report is kept, and the next
//! start sends it.

use std::collections::BTreeSet;
use std::io;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use retry_tests_sentry::{Connection, Server, answer};

use crate::support::{Program, timed};

const DEADLINE: u64 = 1000;

/// A crash with that server leaves its report, says why, and the next start sends it.
fn kept(script: impl Fn(&mut Connection) -> io::Result<()> + Send + Sync + 'static, why: &str) -> Server {
    let _timed = timed();
    let server = Server::doing(script);
    let program = Program::new(server.dsn()).within(DEADLINE);
    let (id, said) = program.crash().made();
    let said = said.replace(&server.address().to_string(), "HOST");
    assert!(said.starts_with("not sent to Sentry yet: ") && said.contains(why), "{said}");
    assert_eq!(program.unsent(), BTreeSet::from([id.clone()]));

    let before = server.counts();
    server.now_does(Connection::take);
    let later = program.start().later();
    assert_eq!(later, [(id.clone(), format!("sent to Sentry as event {id}"))]);
    // What it had got in spite of all comes under the same id.
    assert_eq!(server.counts()[&id], before.get(&id).copied().unwrap_or_default() + 1);
    program.is_done();
    server
}

const BROKEN: &str = "HOST closed the connection before it had answered";
const HANGS: &str = "HOST did not answer in time";

#[test]
fn a_server_that_is_up_gets_it_with_its_locals() {
    let _timed = timed();
    let server = Server::taking();
    let program = Program::new(server.dsn());
    let ended = program.crash();
    let (id, said) = ended.made();
    assert_eq!(said, format!("sent to Sentry as event {id}"));
    assert!(ended.stderr.contains(&said), "{}", ended.stderr);
    program.is_done();
    let envelope = server.taken().remove(0);
    assert_eq!((envelope.event_id, envelope.items[0].as_str()), (id, "event"));
    assert!(envelope.items.iter().any(|kind| kind == "attachment"), "{:?}", envelope.items);
    let frames = &envelope.event["exception"]["values"][0]["stacktrace"]["frames"];
    let last = frames.as_array().unwrap().last().unwrap();
    assert_eq!(last["vars"]["pieces"].to_string().trim_matches('"'), "0", "{last}");
    assert_eq!(program.start().later(), []);
    assert_eq!(server.counts().len(), 1);
}

#[test]
fn a_server_that_is_down() {
    let _timed = timed();
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let program = Program::new(format!("http://thekey@{address}/4")).within(DEADLINE);
    let (id, said) = program.crash().made();
    assert!(said.contains(&format!("{address} refuses the connection; is it running")), "{said}");
    assert_eq!(program.unsent(), BTreeSet::from([id.clone()]));
    let server = Server::at(address, Connection::take);
    program.start();
    assert_eq!(server.counts().into_iter().collect::<Vec<_>>(), [(id, 1)]);
}

#[test]
fn a_server_that_accepts_and_never_answers() {
    kept(Connection::hang, HANGS);
}

#[test]
fn a_server_that_takes_it_and_never_answers() {
    kept(
        |connection| {
            let envelope = connection.envelope()?;
            connection.taken(envelope);
            connection.hang()
        },
        HANGS,
    );
}

#[test]
fn a_server_that_answers_one_byte_a_second() {
    kept(
        |connection| {
            connection.envelope()?;
            connection.drip("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", Duration::from_secs(1))
        },
        HANGS,
    );
}

#[test]
fn a_server_with_endless_headers() {
    kept(
        |connection| {
            connection.envelope()?;
            connection.say("HTTP/1.1 200 OK\r\n")?;
            loop {
                connection.drip("x: y\r\n", Duration::from_millis(2))?;
            }
        },
        HANGS,
    );
}

#[test]
fn a_server_that_resets_at_once() {
    assert!(kept(Connection::reset, BROKEN).connections() > 2);
}

#[test]
fn a_server_that_closes_at_once() {
    kept(|_| Ok(()), BROKEN);
}

#[test]
fn a_server_that_resets_in_mid_body() {
    kept(
        |connection| {
            connection.head()?;
            connection.part(connection.length() / 2)?;
            connection.reset()
        },
        BROKEN,
    );
}

#[test]
fn a_server_that_resets_in_mid_answer() {
    kept(
        |connection| {
            connection.envelope()?;
            connection.say("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"id\":")?;
            connection.reset()
        },
        BROKEN,
    );
}

/// The answer is given to each request.
fn answering(
    status: &'static str,
    headers: &'static str,
    body: &'static str,
) -> impl Fn(&mut Connection) -> io::Result<()> {
    move |connection| {
        connection.envelope()?;
        connection.say(answer(status, headers, body))
    }
}

#[test]
fn a_network_that_wants_a_login_first() {
    let server =
        kept(answering("200 OK", "", "<html>Log in</html>"), "HOST answers 200 OK, but not as Sentry does");
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_server_that_has_moved_in_a_circle() {
    let server = kept(
        answering("301 Moved Permanently", "location: /api/4/envelope/\r\n", ""),
        "HOST answers 301 Moved Permanently and points to /api/4/envelope/",
    );
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_server_that_fails() {
    for status in
        ["500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout"]
    {
        let server = kept(answering(status, "", "try again"), &format!("HOST answers {status}: try again"));
        assert!(server.connections() > 2, "{status}");
    }
}

#[test]
fn a_server_that_fails_for_a_moment_gets_it_from_the_crash_itself() {
    let _timed = timed();
    let server = Server::doing(|connection| match connection.number {
        0 => connection.reset(),
        1 => answering("503 Service Unavailable", "", "")(connection),
        _ => connection.take(),
    });
    let program = Program::new(server.dsn());
    let (id, said) = program.crash().made();
    assert_eq!(said, format!("sent to Sentry as event {id}"));
    assert_eq!((server.counts()[&id], server.connections()), (1, 3));
    program.is_done();
}

#[test]
fn what_is_no_http() {
    for garbage in ["<html>", "HTTP/0.9 200 OK\r\n\r\n{}", "SSH-2.0-OpenSSH_9.2\r\n", "\0\0\0\0\r\n\r\n"] {
        kept(
            move |connection| {
                connection.envelope()?;
                connection.say(garbage)
            },
            "HOST",
        );
    }
}

#[test]
fn an_answer_without_a_body() {
    kept(
        |connection| {
            connection.envelope()?;
            connection.say("HTTP/1.1 204 No Content\r\n\r\n")
        },
        "HOST answers 204 No Content, but not as Sentry does",
    );
}

#[test]
fn an_endless_answer() {
    kept(
        |connection| {
            connection.envelope()?;
            connection.say("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")?;
            loop {
                connection.say("1\r\n \r\n")?;
            }
        },
        "HOST",
    );
}

#[test]
fn a_name_that_does_not_resolve() {
    let _timed = timed();
    let program = Program::new("http://thekey@no-such-host.invalid/4").within(DEADLINE);
    let (id, said) = program.crash().made();
    assert!(said.starts_with("not sent to Sentry yet: ") && said.contains("no-such-host.invalid"), "{said}");
    assert_eq!(program.unsent(), BTreeSet::from([id]));
}

#[test]
fn a_text_that_is_no_dsn() {
    let _timed = timed();
    let program = Program::new("sentry.example.com/4").within(DEADLINE);
    let ended = program.crash();
    assert!(
        ended.stderr.contains("crash reports cannot be sent as wanted: `sentry.example.com/4` is no DSN"),
        "{ended:?}"
    );
    assert_eq!(program.unsent(), BTreeSet::from([ended.made().0.clone()]));
    // A later release has a right one.
    let server = Server::taking();
    let program = program.sending_to(server.dsn());
    program.start();
    assert_eq!(server.counts().into_iter().collect::<Vec<_>>(), [(ended.made().0, 1)]);
}

/// What the server never takes is kept, marked, and not sent again.
fn refused(status: &'static str, headers: &'static str, body: &'static str, why: &str) {
    let _timed = timed();
    let server = Server::doing(answering(status, headers, body));
    let program = Program::new(server.dsn());
    let (id, said) = program.crash().made();
    let said = said.replace(&server.address().to_string(), "HOST");
    assert_eq!(said, format!("not sent to Sentry: {why}; it is kept, and not sent again by itself"));
    assert_eq!((program.unsent(), program.refused()), (BTreeSet::new(), BTreeSet::from([id.clone()])));
    let connections = server.connections();
    server.now_does(Connection::take);
    assert_eq!(program.start().later(), []);
    assert_eq!((server.connections(), program.refused()), (connections, BTreeSet::from([id])));
}

#[test]
fn what_the_server_refuses_is_kept_and_not_sent_again() {
    refused(
        "400 Bad Request",
        "",
        r#"{"detail":"no event","causes":["x"]}"#,
        "HOST refuses it with 400 Bad Request: no event: x",
    );
    refused(
        "403 Forbidden",
        "x-sentry-error: disabled\r\n",
        "",
        "HOST refuses it with 403 Forbidden: disabled; are the key and the project in the DSN right?",
    );
    refused("413 Payload Too Large", "", "", "the server does not take as much");
}

#[test]
fn another_projects_dsn_is_refused() {
    for wrong in ["http://other@ADDRESS/4", "http://thekey@ADDRESS/5"] {
        let _timed = timed();
        let server = Server::taking();
        let program = Program::new(wrong.replace("ADDRESS", &server.address().to_string()));
        let (id, said) = program.crash().made();
        assert!(
            said.contains("403 Forbidden: bad sentry DSN public key; are the key and the project"),
            "{said}"
        );
        assert_eq!(program.refused(), BTreeSet::from([id]));
    }
}

#[test]
fn what_is_too_large_is_sent_without_its_attachments() {
    let _timed = timed();
    let server = Server::doing(|connection| {
        let envelope = connection.envelope()?;
        if envelope.items.len() > 1 {
            return connection.say(answer("413 Payload Too Large", "", ""));
        }
        connection.taken(envelope);
        connection.say(answer("200 OK", "", "{}"))
    });
    let program = Program::new(server.dsn());
    let (id, said) = program.crash().made();
    assert_eq!(said, format!("sent to Sentry as event {id}"));
    assert_eq!(server.taken()[0].items, ["event"]);
    program.is_done();
}

#[test]
fn a_proxy_of_the_environment_gets_it() {
    let _timed = timed();
    // It is proxy and server in one: after the tunnel is made, Sentry speaks.
    let server = Server::doing(|connection| {
        connection.head()?;
        assert!(
            connection.head.starts_with("CONNECT sentry.internal:80 HTTP/1.1\r\n"),
            "{}",
            connection.head
        );
        connection.say("HTTP/1.1 200 Connection established\r\n\r\n")?;
        connection.take()
    });
    let mut program = Program::new("http://thekey@sentry.internal/4");
    program.environment.push(("HTTP_PROXY".into(), server.address().to_string()));
    let (id, said) = program.crash().made();
    assert_eq!(said, format!("sent to Sentry as event {id}"));
    // Without it there is no way.
    program.environment.push(("NO_PROXY".into(), "internal".into()));
    assert!(program.crash().made().1.starts_with("not sent to Sentry yet: "));
}

#[test]
fn reports_of_earlier_runs_are_sent_a_tenth_of_a_second_apart() {
    let _timed = timed();
    let server = Server::doing(Connection::reset);
    let program = Program::new(server.dsn()).within(100);
    let mut ids: Vec<_> = (0..4).map(|_| program.crash().made().0).collect();
    server.now_does(Connection::take);
    let started = Instant::now();
    let later = program.start().later();
    ids.sort();
    let mut sent: Vec<_> = later.into_iter().map(|(id, _)| id).collect();
    sent.sort();
    assert_eq!(sent, ids);
    let times: Vec<_> = server.taken().iter().map(|envelope| envelope.at).collect();
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= Duration::from_millis(95)), "{times:?}");
    assert!(started.elapsed() < Duration::from_secs(3));
    program.is_done();
}
