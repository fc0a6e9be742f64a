//! What becomes of an envelope, whatever the server does, over real sockets.

mod certificates;
mod environment;
pub(in crate::crash::sentry) mod server;

use super::*;
use crate::crash::sentry::limits::pause;
use flate2::read::GzDecoder;
use server::{Server, answer, taken};
use std::io::Read;
use std::net::TcpListener;
use std::time::SystemTime;

const ENVELOPE: &[u8] =
    b"{\"event_id\":\"fc6d8c0c43fc4630ad850ee518f1b9d0\"}\n{\"type\":\"event\",\"length\":2}\n{}\n";
/// As short as it can be where a server hangs.
const SHORT: Duration = Duration::from_millis(600);
const LONG: Duration = Duration::from_secs(5);

fn within(dsn: &Dsn, envelope: &[u8], time: Duration) -> Posted {
    let started = Instant::now();
    let posted = post(dsn, envelope, started + time);
    let late = started.elapsed().saturating_sub(time);
    assert!(late <= GRACE + Duration::from_secs(1), "{late:?} too late: {posted:?}");
    posted
}

fn posted(server: &Server) -> Posted {
    within(&server.dsn(), ENVELOPE, LONG)
}

/// Why it was not taken now, with `HOST` for the server's address.
#[track_caller]
fn not_now(posted: &Posted, server: &Server) -> String {
    match &posted.outcome {
        Err(PostError::NotNow(why)) => why.replace(&server.address.to_string(), "HOST"),
        other => panic!("{other:?}"),
    }
}

/// What cannot be compressed.
fn noise(length: usize) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(7);
    std::iter::repeat_with(|| random.u8(..)).take(length).collect()
}

#[test]
fn a_server_that_takes_it_has_it_as_it_was() {
    let server = Server::answering(taken());
    assert_eq!(posted(&server), Posted { limits: Vec::new(), outcome: Ok(()) });
    let request = &server.requests()[0];
    assert!(request.head.starts_with("POST /api/4/envelope/ HTTP/1.1\r\n"), "{}", request.head);
    let version = env!("CARGO_PKG_VERSION");
    let auth = request.header("x-sentry-auth").unwrap();
    assert!(auth.starts_with("Sentry sentry_key=thekey, sentry_version=7, "), "{auth}");
    assert!(auth.ends_with(&format!(", sentry_client=retry-core/{version}")), "{auth}");
    assert_eq!(request.header("user-agent"), Some(format!("retry-core/{version}").as_str()));
    assert_eq!(request.header("content-type"), Some("application/x-sentry-envelope"));
    assert_eq!(request.header("content-encoding"), Some("gzip"));
    assert_eq!(request.header("expect"), None);
    let mut envelope = Vec::new();
    GzDecoder::new(&request.body[..]).read_to_end(&mut envelope).unwrap();
    assert_eq!(envelope, ENVELOPE);
    assert_eq!((server.connections(), server.requests().len()), (1, 1));
}

#[test]
fn an_address_may_have_a_path_and_be_of_ipv6() {
    let server = Server::answering(taken());
    let dsn = format!("http://k%20ey:secret@{}/sentry/behind//here/my-project?x=1#y", server.address);
    assert_eq!(within(&dsn.parse().unwrap(), ENVELOPE, LONG).outcome, Ok(()));
    let head = &server.requests()[0].head;
    assert!(head.starts_with("POST /sentry/behind//here/api/my-project/envelope/ HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("sentry_key=k%20ey, "), "{head}");

    let Ok(listener) = TcpListener::bind("[::1]:0") else { return };
    let dsn = format!("http://key@[::1]:{}/4", listener.local_addr().unwrap().port());
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let request = server::read(&mut stream).unwrap();
        stream.write_all(taken().as_bytes()).unwrap();
        request
    });
    assert_eq!(within(&dsn.parse().unwrap(), ENVELOPE, LONG).outcome, Ok(()));
    assert!(answering.join().unwrap().header("host").unwrap().starts_with("[::1]:"));
}

#[test]
fn no_address_that_can_be_read_panics() {
    let hosts = [
        "localhost",
        "[::1]",
        "127.1",
        "0x7f.1",
        "xn--nxasmq6b",
        "bücher.example",
        "a.b.",
        "-",
        "_x",
        "%41",
        "a,b",
        "1.2.3.4.5",
    ];
    let paths = [
        "1", "/1", "a/b/1", "|/1", "^{}/1", "%00/1", "%/1", "é/1", "'\"/1", "a b/ö", "..;/1", "[]/1",
        "%3F%23",
    ];
    for host in hosts {
        for path in paths {
            for user in ["k", "k:s", "%0d%0aX", "é", "k%zz", "k,sentry_key=x"] {
                // Where nobody listens.
                for port in ["", ":0", ":1"] {
                    let Ok(dsn) = format!("http://{user}@{host}{port}/{path}").parse::<Dsn>() else {
                        continue;
                    };
                    // What is decided before a name is looked up.
                    let client = Client::new(&dsn, Vec::new(), Instant::now());
                    let sent =
                        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| client.send().is_ok()));
                    assert!(matches!(sent, Ok(false)), "{dsn}");
                }
            }
        }
    }
}

#[test]
fn nobody_who_listens_is_tried_again_while_there_is_time() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let dsn: Dsn = format!("http://key@{free}/4").parse().unwrap();
    let started = Instant::now();
    let PostError::NotNow(why) = within(&dsn, ENVELOPE, LONG).outcome.unwrap_err() else { panic!() };
    assert_eq!(why, format!("{free} refuses the connection; is it running, and is its port right?"));
    let took = started.elapsed();
    // 100, 200 and 400 ms, and a tenth more at most.
    assert!((Duration::from_millis(700)..Duration::from_millis(1200)).contains(&took), "{took:?}");
    // No time for the third wait.
    let started = Instant::now();
    within(&dsn, ENVELOPE, Duration::from_millis(500));
    assert!(started.elapsed() < Duration::from_millis(500));
}

#[test]
fn a_server_that_comes_up_in_time_gets_it() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let dsn: Dsn = format!("http://key@{address}/4").parse().unwrap();
    let starting = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(150));
        let listener = TcpListener::bind(address).unwrap();
        let (mut stream, _) = listener.accept().unwrap();
        server::read(&mut stream).unwrap();
        stream.write_all(taken().as_bytes()).unwrap();
    });
    assert_eq!(within(&dsn, ENVELOPE, LONG).outcome, Ok(()));
    starting.join().unwrap();
}

#[test]
fn our_own_retry_waits_as_the_server_asks() {
    let server = Server::new(|connection, number| {
        connection.request();
        match number {
            0 => connection.write(answer("503 Service Unavailable", "", "starting")),
            1 => connection.write(answer("502 Bad Gateway", "retry-after: 3\r\n", "")),
            2 => connection.write(answer("504 Gateway Timeout", "retry-after-ms: 250\r\n", "")),
            _ => connection.write(taken()),
        };
    });
    let recorder = crate::testing::record_seeded(1);
    let client = Client::new(&server.dsn(), compressed(ENVELOPE).unwrap(), Instant::now() + LONG);
    assert_eq!(post_here(&client), Posted { limits: Vec::new(), outcome: Ok(()) });
    let delays = recorder.delays();
    let between = |delay: Duration, least: u64| {
        delay.as_millis() >= least.into() && delay.as_millis() <= (least * 11 / 10).into()
    };
    assert!(between(delays[0], 100) && between(delays[1], 3000) && between(delays[2], 250), "{delays:?}");
    assert_eq!(server.requests().len(), 4);
    assert_eq!(server.requests()[0].body, server.requests()[3].body);
}

#[test]
fn what_will_be_the_same_in_a_second_is_not_tried_again() {
    for status in [
        "200 OK",
        "301 Moved",
        "400 Bad Request",
        "403 Forbidden",
        "407 Proxy",
        "413 Large",
        "421 Misdirected",
        "429 Slow",
        "501 Not",
    ] {
        let server = Server::answering(answer(status, "", "x"));
        assert!(posted(&server).outcome.is_err(), "{status}");
        assert_eq!(server.connections(), 1, "{status}");
    }
    for status in
        ["408 Request Timeout", "425 Too Early", "500 Internal", "502 Bad", "503 Service", "504 Gateway"]
    {
        let server = Server::answering(answer(status, "", "x"));
        assert!(not_now(&posted(&server), &server).contains(status.split(' ').next().unwrap()), "{status}");
        assert_eq!(server.connections(), 4, "{status}");
    }
}

#[test]
fn a_retry_after_beyond_the_deadline_is_not_waited_for() {
    let server = Server::answering(answer("503 Service Unavailable", "retry-after: 60\r\n", "maintenance"));
    let started = Instant::now();
    let why = not_now(&posted(&server), &server);
    assert_eq!(why, "HOST answers 503 Service Unavailable: maintenance");
    assert!(started.elapsed() < Duration::from_secs(1));
    assert_eq!(server.connections(), 1);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn each_status_has_its_outcome() {
    let html = "<!DOCTYPE html><html>Log in to the network</html>";
    for (status, headers, body, expected) in [
        (
            "200 OK",
            "",
            html,
            "not now: HOST answers 200 OK, but not as Sentry does; does the DSN name the right server, and is the network open?",
        ),
        (
            "200 OK",
            "",
            "",
            "not now: HOST answers 200 OK, but not as Sentry does; does the DSN name the right server, and is the network open?",
        ),
        (
            "200 OK",
            "",
            "[1]",
            "not now: HOST answers 200 OK, but not as Sentry does; does the DSN name the right server, and is the network open?",
        ),
        ("200 OK", "", "{}", "taken"),
        ("202 Accepted", "", " {\"id\": null}\n", "taken"),
        (
            "301 Moved Permanently",
            "location: https://elsewhere/\r\n",
            "",
            "not now: HOST answers 301 Moved Permanently and points to https://elsewhere/; if the server has moved, put its new address in the DSN",
        ),
        (
            "308 Permanent Redirect",
            "",
            "",
            "not now: HOST answers 308 Permanent Redirect; if the server has moved, put its new address in the DSN",
        ),
        (
            "304 Not Modified",
            "",
            "",
            "not now: HOST answers 304 Not Modified; if the server has moved, put its new address in the DSN",
        ),
        (
            "400 Bad Request",
            "",
            r#"{"detail":"bad event","causes":["no frames","too\nlong"]}"#,
            "refused: HOST refuses it with 400 Bad Request: bad event: no frames: too long",
        ),
        (
            "400 Bad Request",
            "x-sentry-error: invalid envelope\r\n",
            "<html>",
            "refused: HOST refuses it with 400 Bad Request: invalid envelope",
        ),
        ("400 Bad Request", "", r#"{"detail":7}"#, "refused: HOST refuses it with 400 Bad Request"),
        (
            "401 Unauthorized",
            "",
            "",
            "refused: HOST refuses it with 401 Unauthorized; are the key and the project in the DSN right?",
        ),
        (
            "403 Forbidden",
            "",
            r#"{"detail":"event submission rejected with_reason: ProjectId"}"#,
            "refused: HOST refuses it with 403 Forbidden: event submission rejected with_reason: ProjectId; are the key and the project in the DSN right?",
        ),
        (
            "404 Not Found",
            "",
            html,
            "refused: HOST refuses it with 404 Not Found; are the server and the project in the DSN right?",
        ),
        (
            "407 Proxy Authentication Required",
            "",
            "",
            "not now: HOST answers 407 Proxy Authentication Required; put `user:password@` before the proxy's name in HTTPS_PROXY or HTTP_PROXY",
        ),
        ("413 Payload Too Large", "", html, "too large"),
        ("417 Expectation Failed", "", "", "too large"),
        ("418 I'm a teapot", "", "", "refused: HOST refuses it with 418 I'm a teapot"),
        ("421 Misdirected Request", "", "", "not now: HOST answers 421 Misdirected Request"),
        ("499 Whatever", "", "", "refused: HOST refuses it with 499 <unknown status code>"),
        ("501 Not Implemented", "", "", "not now: HOST answers 501 Not Implemented"),
        (
            "600 Whatever",
            "",
            "",
            "not now: HOST answers 600 <unknown status code>, which means nothing to a client of Sentry's",
        ),
    ] {
        let server = Server::answering(answer(status, headers, body));
        let outcome = match posted(&server).outcome {
            Ok(()) => "taken".to_owned(),
            Err(PostError::NotNow(why)) => format!("not now: {why}"),
            Err(PostError::Refused(why)) => format!("refused: {why}"),
            Err(PostError::TooLarge) => "too large".to_owned(),
            Err(PostError::NoAttachments) => "no attachments".to_owned(),
            Err(PostError::Limited { after }) => format!("limited: {after:?}"),
        };
        assert_eq!(outcome.replace(&server.address.to_string(), "HOST"), expected, "{status}");
        assert_eq!(server.connections(), 1, "{status}");
    }
}

#[test]
fn what_a_hostile_server_says_is_one_line_and_not_long() {
    let body =
        format!(r#"{{"detail":"\u001b[2J\u202e{}","causes":["{}"]}}"#, "x".repeat(3000), "y\\n".repeat(3000));
    let server = Server::answering(answer("400 Bad Request", "", &body));
    let PostError::Refused(why) = posted(&server).outcome.unwrap_err() else { panic!() };
    assert!(
        why.len() < 400 && !why.contains(|letter: char| letter.is_control() || letter == '\u{202e}'),
        "{why}"
    );

    let headers = format!("x-sentry-error: \x1b[31mred\u{7f}{}\r\n", "z".repeat(2000));
    let server = Server::answering(answer("400 Bad Request", &headers, ""));
    let why = format!("{:?}", posted(&server).outcome);
    assert!(why.len() < 500 && !why.contains('\x1b'), "{why}");
}

#[test]
fn a_redirection_is_not_followed() {
    let there = Server::answering(taken());
    let location = format!("location: http://{}/api/4/envelope/\r\n", there.address);
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let server = Server::answering(answer(status, &location, ""));
        assert!(not_now(&posted(&server), &server).contains("points to http://"), "{status}");
        assert_eq!(server.connections(), 1, "{status}");
    }
    assert_eq!(there.connections(), 0);
    // A loop.
    let server = Server::answering(answer("301 Moved Permanently", "location: /api/4/envelope/\r\n", ""));
    assert!(not_now(&posted(&server), &server).contains("points to /api/4/envelope/"));
    assert_eq!(server.connections(), 1);
}

#[test]
fn each_kind_of_limit_is_told() {
    let bugsinks = "x-sentry-rate-limits: 86400:transaction;span:organization\r\n";
    for (headers, expected) in [
        ("", Ok(60)),
        ("retry-after: 7\r\n", Ok(7)),
        ("x-sentry-rate-limits: 30::key\r\n", Ok(30)),
        ("x-sentry-rate-limits: 30:error:organization:quota\r\nretry-after: 99\r\n", Ok(30)),
        ("x-sentry-rate-limits: 99999999999:default:key\r\n", Ok(86400)),
        (bugsinks, Ok(60)),
        // Without attachments it may be sent.
        ("x-sentry-rate-limits: 30:attachment:key\r\n", Err(PostError::NoAttachments)),
    ] {
        let server = Server::answering(answer("429 Too Many Requests", headers, ""));
        let before = SystemTime::now();
        let posted = posted(&server);
        match (posted.outcome.unwrap_err(), expected) {
            (PostError::Limited { after }, Ok(seconds)) => {
                assert_eq!(after, Duration::from_secs(seconds), "{headers}");
                assert!(pause(&posted.limits, before).unwrap() >= after, "{headers}");
            }
            (error, Err(expected)) => assert_eq!(error, expected, "{headers}"),
            (error, expected) => panic!("{headers}: {error:?} for {expected:?}"),
        }
        assert_eq!(posted.limits.len(), 1, "{headers}");
        assert_eq!(server.connections(), 1, "{headers}");
    }
    let taking = |headers: &str| {
        let server = Server::answering(answer("200 OK", headers, "{}"));
        let Posted { limits, outcome } = posted(&server);
        assert_eq!(outcome, Ok(()));
        limits.len()
    };
    assert_eq!(taking(bugsinks), 0);
    assert_eq!(taking("x-sentry-rate-limits: 60:error:key, 60:attachment:key\r\n"), 2);
}

#[test]
fn a_server_that_hangs_is_left_at_the_deadline() {
    fn endless(connection: &mut server::Connection, piece: &str, pause: Duration) {
        while connection.write(piece) {
            std::thread::sleep(pause);
        }
    }
    type Doing = fn(&mut server::Connection);
    let hanging: [(&str, Doing); 7] = [
        ("accepts and reads nothing", |connection| connection.hang()),
        ("reads and never answers", |connection| {
            connection.request();
            connection.hang();
        }),
        ("answers one byte at a time", |connection| {
            connection.request();
            for byte in taken().as_bytes().chunks(1) {
                connection.write(byte);
                std::thread::sleep(Duration::from_millis(100));
            }
        }),
        ("has endless headers", |connection| {
            connection.request();
            connection.write("HTTP/1.1 200 OK\r\n");
            endless(connection, "x: y\r\n", Duration::from_millis(50));
        }),
        ("never ends its body", |connection| {
            connection.request();
            connection.write("HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\n");
            endless(connection, " ", Duration::from_millis(50));
        }),
        ("never ends its chunks", |connection| {
            connection.request();
            connection.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
            endless(connection, "1\r\n \r\n", Duration::from_millis(50));
        }),
        ("says for ever that it goes on", |connection| {
            connection.request();
            endless(connection, "HTTP/1.1 100 Continue\r\n\r\n", Duration::from_millis(50));
        }),
    ];
    for (what, doing) in hanging {
        let server = Server::new(move |connection, _| doing(connection));
        let started = Instant::now();
        let why = not_now(&within(&server.dsn(), ENVELOPE, SHORT), &server);
        assert_eq!(why, "HOST did not answer in time", "{what}");
        assert!(started.elapsed() >= SHORT, "{what}: {:?}", started.elapsed());
        assert_eq!(server.connections(), 1, "{what}");
    }
}

#[test]
fn a_server_that_reads_slowly_is_left_at_the_deadline() {
    let server = Server::new(|connection, _| {
        connection.head();
        connection.write("HTTP/1.1 100 Continue\r\n\r\n");
        let mut piece = [0; 1000];
        while connection.stream.read(&mut piece).is_ok_and(|length| length > 0) {
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    let why = not_now(&within(&server.dsn(), &noise(8 << 20), LONG), &server);
    // A write that goes on, if slowly, does not heed its own limit: then it is left to itself.
    assert!(
        why == "HOST did not answer in time" || why.starts_with("sending to HOST took longer than "),
        "{why}"
    );
}

#[test]
fn a_connection_that_breaks_is_made_again() {
    type Doing = fn(&mut server::Connection);
    let breaking: [(&str, Doing); 6] = [
        ("closes at once", |_| {}),
        ("resets at once", |connection| connection.reset()),
        ("resets while it is sent", |connection| {
            connection.head();
            connection.reset();
        }),
        ("resets before it answers", |connection| {
            connection.request();
            connection.reset();
        }),
        ("closes in mid answer", |connection| {
            connection.request();
            connection.write(&taken().as_bytes()[..30]);
        }),
        ("resets in the midst of its answer", |connection| {
            connection.request();
            let answer = taken();
            connection.write(&answer.as_bytes()[..answer.len() - 5]);
            std::thread::sleep(Duration::from_millis(50));
            connection.reset();
        }),
    ];
    for (what, doing) in breaking {
        let server = Server::new(move |connection, _| doing(connection));
        let why = not_now(&posted(&server), &server);
        assert_eq!(why, "HOST closed the connection before it had answered", "{what}");
        assert_eq!(server.connections(), 4, "{what}");

        let server = Server::new(move |connection, number| match number {
            0 | 1 => doing(connection),
            _ => {
                connection.request();
                connection.write(taken());
            }
        });
        assert_eq!(posted(&server).outcome, Ok(()), "{what}");
        assert_eq!(server.connections(), 3, "{what}");
    }
}

#[test]
fn what_is_large_is_sent_when_the_server_has_said_so() {
    let server = Server::new(|connection, _| {
        connection.request();
        connection.write(taken());
    });
    let envelope = noise(LARGE_ENOUGH);
    // One that does not understand the question gets it a little later.
    let started = Instant::now();
    assert_eq!(within(&server.dsn(), &envelope, LONG).outcome, Ok(()));
    assert!(started.elapsed() >= Duration::from_millis(250));
    assert_eq!(server.requests()[0].header("expect"), Some("100-continue"));

    let server = Server::new(|connection, _| {
        connection.head();
        connection.write("HTTP/1.1 100 Continue\r\n\r\n");
        let mut body = vec![0; LARGE_ENOUGH];
        connection.stream.read_exact(&mut body).unwrap();
        connection.write(taken());
    });
    assert_eq!(within(&server.dsn(), &envelope, LONG).outcome, Ok(()));
}

const LARGE_ENOUGH: usize = 1 << 20;

#[test]
fn a_server_that_does_not_want_as_much_says_so_before_it_is_sent() {
    for status in ["413 Payload Too Large", "417 Expectation Failed"] {
        let server = Server::new(move |connection, _| {
            connection.head();
            connection.write(answer(status, "connection: close\r\n", ""));
            // It does not read the rest: what is sent now is answered with a reset.
        });
        assert_eq!(
            within(&server.dsn(), &noise(4 << 20), LONG).outcome,
            Err(PostError::TooLarge),
            "{status}"
        );
        assert_eq!(server.connections(), 1, "{status}");
    }
}

#[test]
fn an_early_answer_to_what_is_small_counts() {
    let server = Server::new(|connection, _| {
        connection.head();
        connection.write(answer("413 Payload Too Large", "connection: close\r\n", ""));
    });
    assert_eq!(within(&server.dsn(), &noise(30_000), LONG).outcome, Err(PostError::TooLarge));
}

#[test]
fn answers_are_read_in_all_their_forms() {
    for (answer, is_taken) in [
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", true),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n", true),
        ("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"id\":\"x\"}", true),
        ("HTTP/1.0 200 OK\r\n\r\n{\"id\":\"x\"}", true),
        ("HTTP/1.1 200 \r\ncontent-length: 2\r\n\r\n{}", true),
        ("HTTP/1.1 200\r\ncontent-length: 2\r\n\r\n{}", true),
        ("HTTP/1.1 204 No Content\r\n\r\n", false),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", false),
        ("HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{}", false),
        ("<html>old</html>", false),
        ("HTTP/0.9 200 OK\r\n\r\n{}", false),
        ("ICY 200 OK\r\n\r\n{}", false),
        ("SSH-2.0-OpenSSH_9.2\r\n", false),
        ("HTTP/1.1 999999 Many\r\n\r\n", false),
        ("\0\0\0\0\r\n\r\n", false),
        ("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n", false),
    ] {
        let server = Server::answering(answer);
        let posted = posted(&server);
        match is_taken {
            true => assert_eq!(posted.outcome, Ok(()), "{answer}"),
            false => {
                let why = not_now(&posted, &server);
                assert!(why.contains("HOST") && !why.contains(['\n', '\0']), "{answer}: {why}");
            }
        }
    }
}

#[test]
fn a_huge_answer_is_not_read() {
    for status in ["200 OK", "400 Bad Request"] {
        let server = Server::new(move |connection, _| {
            connection.request();
            connection.write(format!("HTTP/1.1 {status}\r\ncontent-length: 99999999999\r\n\r\n{{\"id\":\""));
            while connection.write([b'x'; 8192]) {}
        });
        let started = Instant::now();
        let outcome = posted(&server).outcome.unwrap_err();
        assert_eq!(matches!(outcome, PostError::Refused(_)), status.starts_with('4'), "{outcome:?}");
        assert!(started.elapsed() < Duration::from_secs(2), "{status}");
    }
    let server = Server::new(move |connection, _| {
        connection.request();
        connection.write("HTTP/1.1 200 OK\r\n");
        while connection.write(format!("x-{}: {}\r\n", fastrand::u64(..), "x".repeat(8192))) {}
    });
    let why = not_now(&posted(&server), &server);
    assert!(why.starts_with("what HOST answers is not HTTP"), "{why}");
}

#[test]
fn a_name_that_nobody_knows_is_told() {
    let dsn: Dsn = "http://key@no-such-host.invalid/4".parse().unwrap();
    let PostError::NotNow(why) = within(&dsn, ENVELOPE, LONG).outcome.unwrap_err() else { panic!() };
    // Where there is no name server at all, the answer may take too long.
    let known = "no address is known for no-such-host.invalid; is the name in the DSN right, and this machine connected?";
    assert!(why == known || why == "no-such-host.invalid did not answer in time", "{why}");
}

#[test]
fn there_may_be_no_time_left() {
    let server = Server::answering(taken());
    let posted = post(&server.dsn(), ENVELOPE, Instant::now());
    assert_eq!(not_now(&posted, &server), "there was no time left to send it");
    assert_eq!(server.connections(), 0);
}
