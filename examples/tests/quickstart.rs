//! Runs the program `quickstart` as a newcomer would.

use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_quickstart");

#[test]
fn shows_each_failure_with_its_wait_and_then_the_result() {
    let start = Instant::now();
    let run = run(&[]);
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);

    let mut lines = run.stdout.lines();
    assert!(lines.next().unwrap().starts_with("GET http://127.0.0.1:"), "{}", run.stdout);
    let failures = [
        ("no answer in time", 1.0, "the function's rule says 1.00 s"),
        ("429 Too Many Requests", 2.0, "the error asks for 2.00 s"),
        ("503 Service Unavailable", 1.0, "the error asks for 1.00 s"),
        ("409 Conflict", 0.25, "the backoff says 0.25 s"),
    ];
    for (number, (failure, asked, _)) in (1..).zip(failures) {
        assert_eq!(lines.next().unwrap(), format!("  attempt {number} of 5: {failure}"));
        let waited = waited(lines.next().unwrap());
        // What is asked for, up to a tenth more, and what rounding adds to it.
        assert!((asked..=asked * 1.1 + 0.01).contains(&waited), "{failure}: {waited}");
    }
    assert_eq!(lines.next().unwrap(), "  attempt 5 of 5: answered");

    let mut rows = lines.skip_while(|line| !line.contains("what went wrong")).skip(2);
    for (failure, _, why) in failures {
        let row = rows.next().unwrap();
        assert!(row.contains(failure) && row.contains(" s ") && row.contains(why), "{row}");
    }
    let result = run.stdout.lines().find(|line| line.starts_with("Result: ")).unwrap();
    assert!(result.contains("door opened"), "{result}");
}

#[test]
fn ends_with_a_crash_that_is_reported_with_its_values_and_saved() {
    let run = run(&["--url", &serve("200 OK\r\n")]);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    let said = [
        "attempt to divide by zero",
        "  summary, ",
        "    account = Account { user: \"ada\", password: <redacted> }",
        "    own = \"ada \" (as of line ",
        "  mean, ",
        "    count = 0",
        "    step = the last one",
        "report saved in ",
    ];
    let mut rest = &*run.stderr;
    for said in said {
        let at = rest.find(said).unwrap_or_else(|| panic!("no {said:?} in {rest}\nof {}", run.stderr));
        rest = &rest[at + said.len()..];
    }
    assert!(!run.stderr.contains("analytical"), "{}", run.stderr);

    let path = run.stdout.lines().find_map(|line| line.split_once("The report is in ")).unwrap().1;
    #[cfg(target_os = "linux")]
    assert!(std::path::Path::new(path).starts_with(data_folder()), "{path}");
    let saved: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(saved["message"], "attempt to divide by zero");
    let text = std::fs::read_to_string(path.replace(".json", ".txt")).unwrap();
    assert!(text.contains("    account = Account { user: \"ada\", password: <redacted> }"), "{text}");
    let page = path.replace(".json", ".html");
    assert!(run.stdout.contains(&format!("and as a page for the browser in {page}\n")), "{}", run.stdout);
    assert!(std::fs::read_to_string(page).unwrap().starts_with("<!doctype html>"));
}

#[test]
fn a_closed_port_is_tried_again_and_then_a_readable_error() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);

    let run = run(&["--url", &url]);
    assert_eq!(run.code, Some(1));
    assert_eq!(run.stdout.matches("    waiting ").count(), 4, "{}", run.stdout);
    assert!(run.stdout.contains("  gave up: no attempts left\n"), "{}", run.stdout);
    assert!(run.stderr.starts_with("\nerror: the request failed: "), "{}", run.stderr);
    assert_eq!(run.stderr.trim().lines().count(), 1, "{}", run.stderr);
}

#[test]
fn what_is_not_worth_another_try_ends_at_once() {
    let url = serve("404 Not Found\r\n");
    let run = run(&["--url", &url]);
    assert_eq!((run.code, &*run.stderr), (Some(1), "\nerror: 404 Not Found\n"));
    assert_eq!(
        run.stdout,
        format!(
            "GET {url}\n  attempt 1 of 5: 404 Not Found\n  \
             gave up: the error is not worth another try\n"
        )
    );
}

#[test]
fn a_wait_past_the_deadline_is_not_begun() {
    let url = serve("503 Service Unavailable\r\nRetry-After: 3600\r\n");
    let run = run(&["--url", &url]);
    assert_eq!((run.code, &*run.stderr), (Some(1), "\nerror: 503 Service Unavailable\n"));
    assert!(run.stdout.ends_with("  gave up: the next wait would end past the deadline\n"), "{}", run.stdout);
}

#[test]
fn a_bad_url_is_refused_before_anything_is_tried() {
    for url in ["nonsense", "localhost:8080", "https://example.org/"] {
        let run = run(&["--url", url]);
        assert_eq!((run.code, &*run.stdout), (Some(2), ""), "{url}");
        assert!(run.stderr.contains("http://"), "{}", run.stderr);
    }
}

#[cfg(unix)]
#[test]
fn nobody_reading_is_no_panic() {
    use std::process::Stdio;

    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let child = Command::new(PROGRAM).stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[cfg(unix)]
#[test]
fn counts_down_in_a_terminal() {
    let (mut terminal, other_end) = pty_process::blocking::open().unwrap();
    let command = pty_process::blocking::Command::new(PROGRAM).env("XDG_DATA_HOME", data_folder());
    let mut child = command.spawn(other_end).unwrap();
    let mut shown = Vec::new();
    // Linux ends a terminal that nobody writes to any more with an error.
    let _ = terminal.read_to_end(&mut shown);
    assert!(child.wait().unwrap().success());

    let shown = String::from_utf8(shown).unwrap();
    let countdowns: Vec<Vec<f64>> = shown.lines().map(seconds_left).filter(|left| !left.is_empty()).collect();
    assert_eq!(countdowns.len(), 4, "{shown}");
    let longest = &countdowns[1];
    assert!(longest.is_sorted_by(|before, after| before >= after), "{longest:?}");
    assert!(longest[0] > 1.9 && longest[longest.len() - 1] < 0.5 && longest.len() >= 5, "{longest:?}");
}

/// The numbers that a countdown wrote over one another in a line.
#[cfg(unix)]
fn seconds_left(line: &str) -> Vec<f64> {
    let left = line.split('\r').filter_map(|part| part.split_once(", ")?.1.strip_suffix(" s left "));
    left.map(|seconds| seconds.parse().unwrap()).collect()
}

struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// Where the program saves its report.
fn data_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
}

/// Runs the program with no terminal about; nothing of one may be seen then, and no panic but the one that is shown.
fn run(arguments: &[&str]) -> Run {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).env("RUST_BACKTRACE", "1").env("XDG_DATA_HOME", data_folder());
    let Output { status, stdout, stderr } = command.output().unwrap();
    let (stdout, stderr) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    for text in [&stdout, &stderr] {
        assert!(!text.contains("backtrace"), "{text}");
        assert!(!text.contains(['\u{1b}', '\r']), "{text:?}");
    }
    assert!(stderr.matches("panicked").count() <= 1, "{stderr}");
    Run { code: status.code(), stdout, stderr }
}

/// The seconds in a line that tells of a wait.
fn waited(line: &str) -> f64 {
    let seconds = line.strip_prefix("    waiting ").and_then(|rest| rest.strip_suffix(" s"));
    seconds.unwrap_or_else(|| panic!("not a wait: {line}")).parse().unwrap()
}

/// A server that answers one request with the status and the headers given.
fn serve(head: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || -> io::Result<()> {
        let (mut stream, _) = listener.accept()?;
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte)?;
            request.push(byte[0]);
        }
        write!(stream, "HTTP/1.1 {head}Content-Length: 0\r\nConnection: close\r\n\r\n")
    });
    url
}
