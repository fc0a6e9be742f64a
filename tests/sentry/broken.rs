//! Files in the spool that cannot be read.

use std::collections::BTreeSet;
use std::fs;

use retry_tests_sentry::{Connection, Server};

use crate::support::{Program, eventually, files, id, text, timed};

#[test]
fn what_cannot_be_read_is_told_with_its_name_kept_and_holds_up_nothing() {
    let _timed = timed();
    let server = Server::doing(Connection::reset);
    let program = Program::new(server.dsn()).within(100);
    let mut ids: Vec<_> = (0..7).map(|_| program.crash().made().0).collect();
    let spooled = files(&program.spool(), "unsent");
    assert_eq!(spooled.len(), 7);
    let whole = fs::read(&spooled[0]).unwrap();
    let newer = String::from_utf8(whole.clone()).unwrap().replace("\"schema\":", "\"schema\":9");
    assert_ne!(newer.as_bytes(), whole);
    let broken: [(usize, &[u8]); 5] = [
        (1, b""),
        (2, &whole[..whole.len() / 2]),
        (3, b"\xff\xfe\x00"),
        (4, b"{}\nnull"),
        (5, newer.as_bytes()),
    ];
    for (number, content) in broken {
        fs::write(&spooled[number], content).unwrap();
    }
    server.now_does(Connection::take);
    // It does not wait for what cannot be sent.
    let mut starting = program.spawn("start");
    eventually("the whole ones are sent", || server.counts().len() == 2);
    std::thread::sleep(std::time::Duration::from_millis(300));
    starting.kill().unwrap();
    let ended = starting.wait_with_output().unwrap();
    let stderr = text(&ended.stderr);

    let sent: BTreeSet<_> = server.counts().into_keys().collect();
    assert_eq!(sent, BTreeSet::from([id(&spooled[0]), id(&spooled[6])]));
    for (number, content) in broken {
        assert_eq!(fs::read(&spooled[number]).unwrap(), content);
        let lines: Vec<_> =
            stderr.lines().filter(|line| line.contains(spooled[number].to_str().unwrap())).collect();
        assert_eq!(lines.len(), 1, "{stderr}");
        assert!(lines[0].starts_with("crash report not sent: "), "{stderr}");
    }
    assert!(stderr.contains("schema"), "{stderr}");
    ids.retain(|id| !sent.contains(id));
    assert_eq!(program.unsent(), ids.into_iter().collect());
}

#[test]
fn a_broken_file_of_limits_holds_up_nothing() {
    let _timed = timed();
    let server = Server::taking();
    let program = Program::new(server.dsn());
    program.crash();
    fs::write(program.spool().join("rate-limits.json"), "{nonsense").unwrap();
    program.crash();
    assert_eq!(server.counts().len(), 2);
}
