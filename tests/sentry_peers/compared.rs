//! The page `retry-core/docs/sentry_compared.md`: the same crashes with us and with the crate `sentry`, each cell measured.
//!
//! ```text
//! WRITE_PAGE=1 bash tests/peers/run bugsink -- cargo test -p retry-tests-sentry-peers --features peers compared
//! ```
//!
//! Without `WRITE_PAGE` the page is checked.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::bugsink::Bugsink;
use crate::crash::{Client, Machine};
use crate::frames;
use retry_tests::asked_for_peer;

/// Longer than anybody waits for a program that has crashed.
const PATIENCE: Duration = Duration::from_secs(20);
/// With the deadline of two seconds, on a machine that has other things to do as well.
const SOON: Duration = Duration::from_secs(5);

const HEAD: &str = "\
The same program with our reporter and with the crate `sentry` 0.49.5, as its documentation tells to set it up, and with
`attach_stacktrace`; debug builds on Linux. Each sends its crashes to a Bugsink, from which the events are read back. A test makes this table, and checks it:
`tests/sentry_peers/compared.rs`.

";
const FOOT: &str = "
The crate `sentry` does much that we do not: sessions, performance, logs, other kinds of events. Where an application uses it already,
the feature `sentry-integration` puts our frames and values into its client's events: [the guide on Sentry](crate::guide::sentry).
";

/// What was measured with a client, in the order of the table.
struct Measured(Vec<(&'static str, String)>);

#[test]
fn the_page_compares_what_was_measured() {
    if !asked_for_peer("bugsink") {
        return;
    }
    let bugsink = Bugsink::from_environment();
    let [ours, stock] = [Client::Ours, Client::Sentry].map(|client| Measured::of(client, &bugsink));
    let mut page = format!("{HEAD}| | retry-core | sentry |\n|---|---|---|\n");
    for ((what, ours), (_, stock)) in ours.0.iter().zip(&stock.0) {
        writeln!(page, "| {what} | {ours} | {stock} |").unwrap();
    }
    page.push_str(FOOT);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../retry-core/docs/sentry_compared.md");
    if env::var_os("WRITE_PAGE").is_some() {
        fs::write(path, page).unwrap();
    } else {
        let written = fs::read_to_string(path).unwrap();
        assert_eq!(page, written, "make the page anew as it is told where this test begins");
    }
}

impl Measured {
    fn of(client: Client, bugsink: &Bugsink) -> Self {
        let name = |what: &str| format!("{what} with {}", client.name());
        let machine = Machine::new(&format!("{}-1", client.name()));

        let project = bugsink.new_project(&name("panic"));
        machine.crash(client, &project.dsn, "line", 7);
        let panic = project.event();
        let own = own_frames(client, &panic);
        let of_own = |has: &dyn Fn(&Value) -> bool| {
            format!("{} of {}", own.iter().filter(|frame| has(frame)).count(), own.len())
        };
        let all = frames(&panic);
        let last_own = all.iter().rposition(|frame| is_own(client, frame)).expect("it is in the stack");

        let project = bugsink.new_project(&name("error"));
        machine.crash(client, &project.dsn, "error", 7);
        let error = project.event();
        let exceptions = error["data"]["exception"]["values"].as_array().unwrap();
        let stacks = ["exception", "threads"].map(|part| error["data"][part]["values"].as_array());
        let of_error = stacks.into_iter().flatten().flatten().flat_map(|part| {
            let frames = part["stacktrace"]["frames"].as_array().into_iter().flatten();
            frames.filter(|frame| is_own(client, frame))
        });

        let project = bugsink.new_project(&name("retries"));
        machine.crash(client, &project.dsn, "retried", 0);
        let retried = project.event();
        let says_retries = retried["data"].to_string().contains("the price list is locked by till 2");

        let project = bugsink.new_project(&name("grouping"));
        let other = Machine::new(&format!("{}-2", client.name()));
        machine.crash(client, &project.dsn, "line", 7);
        other.crash(client, &project.dsn, "line", 1234);
        let issues = project.issues();
        assert_eq!(issues.iter().map(Vec::len).sum::<usize>(), 2, "both have arrived");

        Self(vec![
            ("frames of the application's own with values of variables", of_own(&|frame| has(frame, "vars"))),
            ("... with lines of source", of_own(&|frame| has(frame, "context_line"))),
            ("... marked as its own", of_own(&|frame| frame["in_app"] == json!(true))),
            ("frames of the panic's machinery behind the crash", (all.len() - 1 - last_own).to_string()),
            ("an error with two causes: exceptions", exceptions.len().to_string()),
            ("... the application's frames with it", of_error.count().to_string()),
            ("errors of earlier attempts of `#[retry]`", yes(says_retries)),
            ("the same crash with another value in its message: issues at Bugsink", issues.len().to_string()),
            ("the server accepts and never answers: the process ends", silent_server(client, &machine)),
            ("no network at the crash, but at the next start", offline(client, bugsink)),
        ])
    }
}

fn own_frames(client: Client, event: &Value) -> Vec<&Value> {
    frames(event).iter().filter(|frame| is_own(client, frame)).collect()
}

fn is_own(client: Client, frame: &Value) -> bool {
    frame["function"].as_str().is_some_and(|function| function.contains(client.shop()))
}

fn has(frame: &Value, field: &str) -> bool {
    match &frame[field] {
        Value::Null => false,
        Value::Object(parts) => !parts.is_empty(),
        _ => true,
    }
}

fn yes(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

/// Whether the process that crashed ends.
fn silent_server(client: Client, machine: &Machine) -> String {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port();
    thread::spawn(move || {
        let mut open = Vec::new();
        while let Ok((connection, _)) = server.accept() {
            open.push(connection);
        }
    });
    let dsn = format!("http://00000000000000000000000000000000@127.0.0.1:{port}/1");
    match machine.ends_within(PATIENCE, client, &dsn, "line") {
        Some(after) if after < SOON => "within its deadline of 2 s, and what the rest takes".to_owned(),
        Some(_) => format!("after more than {} s", SOON.as_secs()),
        None => format!("not within {} s", PATIENCE.as_secs()),
    }
}

/// What became of a crash without network when the program is started again with one.
fn offline(client: Client, bugsink: &Bugsink) -> String {
    let project = bugsink.new_project(&format!("offline with {}", client.name()));
    let machine = Machine::new(&format!("{}-offline", client.name()));
    // Nobody listens there: it was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    machine.crash(client, &format!("http://00000000000000000000000000000000@127.0.0.1:{port}/1"), "line", 7);
    assert_eq!(project.issues().len(), 0);
    machine.crash(client, &project.dsn, "none", 7);
    match project.issues().len() {
        0 => "lost".to_owned(),
        _ => "sent then".to_owned(),
    }
}
