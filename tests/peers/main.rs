//! The script that starts real servers for other tests.
//!
//! `bash tests/peers/run bugsink -- cargo test -p retry-tests --test peer_script`
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use retry_tests::asked_for_peer;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/run");

/// Says where the run is and where its server is, and goes on as the test says.
const SAY: &str = "echo $RETRY_CORE_PEERS_RUN; echo $RETRY_CORE_BUGSINK_URL;";

#[test]
fn the_exit_code_is_that_of_the_command() {
    if !asked_for_peer("bugsink") {
        return;
    }
    for (command, code) in [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 128 + 9)] {
        let mut run = Run::start(command);
        assert_eq!(run.ended(), Some(code), "{command}");
        run.left_nothing();
    }
    let no_such_command =
        Command::new("bash").args([SCRIPT, "bugsink", "--", "no-such-command"]).output().unwrap();
    assert_eq!(no_such_command.status.code(), Some(127));
}

#[test]
fn servers_listen_on_the_loopback_address_only_and_two_runs_do_not_meet() {
    if !asked_for_peer("bugsink") {
        return;
    }
    let mut runs = [Run::start("read line"), Run::start("read line")];
    assert_ne!(runs[0].port, runs[1].port);
    assert_ne!(runs[0].folder, runs[1].folder);
    for run in &runs {
        assert_eq!(listening(run.port), ["127.0.0.1"]);
    }
    for run in &mut runs {
        drop(run.child.stdin.take());
        assert_eq!(run.ended(), Some(1)); // What `read` says at the end of its input.
        run.left_nothing();
    }
}

#[test]
fn what_the_command_leaves_running_is_stopped() {
    if !asked_for_peer("bugsink") {
        return;
    }
    let mut run =
        Run::start("sleep 600 & setsid sleep 600 & (trap '' TERM; sleep 600; sleep 600) & sleep 0.3; exit 3");
    assert_eq!(run.ended(), Some(3));
    run.left_nothing();
}

#[test]
fn a_run_that_is_told_to_end_stops_all_it_started() {
    if !asked_for_peer("bugsink") {
        return;
    }
    for (signal, code) in [("TERM", 143), ("INT", 130)] {
        let mut run = Run::start("setsid sleep 600 & sleep 600");
        run.send(signal);
        assert_eq!(run.ended(), Some(code), "{signal}");
        run.left_nothing();
    }
}

#[test]
fn servers_end_with_a_run_that_is_killed() {
    if !asked_for_peer("bugsink") {
        return;
    }
    let mut run = Run::start("exec sleep 600");
    run.send("KILL");
    assert_eq!(run.ended(), None);
    let begin = Instant::now();
    while !marked(&run.folder).is_empty() {
        assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", marked(&run.folder));
        sleep(Duration::from_millis(20));
    }
    assert_eq!(listening(run.port), [] as [String; 0]);
    fs::remove_dir_all(&run.folder).unwrap(); // The one thing it could not clear away.
}

#[test]
fn what_it_does_not_understand_it_says_and_starts_nothing() {
    if !asked_for_peer("bugsink") {
        return;
    }
    for (arguments, said) in [
        (
            &["bugsnik", "--", "true"][..],
            "peers: there is no peer `bugsnik`; there are: bugsink chromium gdb python relay\n",
        ),
        (&["bugsink"], "peers: usage: bash tests/peers/run [PEER ...] -- COMMAND [ARGUMENT ...]\n"),
        (&["bugsink", "--"], "peers: usage: bash tests/peers/run [PEER ...] -- COMMAND [ARGUMENT ...]\n"),
        (&[], "peers: usage: bash tests/peers/run [PEER ...] -- COMMAND [ARGUMENT ...]\n"),
    ] {
        let run = Command::new("bash").arg(SCRIPT).args(arguments).output().unwrap();
        assert_eq!(
            (run.status.code(), &*String::from_utf8_lossy(&run.stderr)),
            (Some(2), said),
            "{arguments:?}"
        );
    }
}

/// A run of the script with a shell for its command.
struct Run {
    child: Child,
    /// Where the run keeps its files, which is also the mark of its processes.
    folder: String,
    port: u16,
    _stdout: BufReader<ChildStdout>,
}

impl Run {
    /// Returns when the command runs.
    fn start(command: &str) -> Run {
        let mut child = Command::new("bash")
            .args([SCRIPT, "bugsink", "--", "sh", "-c", &format!("{SAY} {command}")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = || {
            let mut line = String::new();
            stdout.read_line(&mut line).unwrap();
            line.trim_end().to_owned()
        };
        let (folder, url) = (line(), line());
        let port =
            url.strip_prefix("http://127.0.0.1:").unwrap_or_else(|| panic!("{url:?}")).parse().unwrap();
        let run = Run { child, folder, port, _stdout: stdout };
        assert!(Path::new(&run.folder).is_dir() && marked(&run.folder).len() >= 2);
        run
    }

    fn send(&self, signal: &str) {
        let sent = Command::new("kill").args(["-s", signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    fn ended(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    #[track_caller]
    fn left_nothing(&self) {
        assert_eq!(marked(&self.folder), [] as [String; 0]);
        assert_eq!(listening(self.port), [] as [String; 0]);
        assert!(!Path::new(&self.folder).exists());
    }
}

/// The commands of the processes that a run started.
fn marked(folder: &str) -> Vec<String> {
    let mark = format!("RETRY_CORE_PEERS_RUN={folder}").into_bytes();
    fs::read_dir("/proc")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|process| {
            // Those that have just ended, and those of other users, have none.
            let environment = fs::read(process.join("environ")).unwrap_or_default();
            environment.split(|&byte| byte == 0).any(|variable| variable == mark)
        })
        .map(|process| fs::read_to_string(process.join("cmdline")).unwrap_or_default().replace('\0', " "))
        .collect()
}

/// The addresses at which something listens on this port.
fn listening(port: u16) -> Vec<String> {
    const LISTENING: &str = "0A";
    ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .flat_map(|table| {
            let table = fs::read_to_string(table).unwrap_or_default();
            table.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
        })
        .filter_map(|line| {
            let mut fields = line.split_whitespace().skip(1);
            let (address, at) = fields.next()?.split_once(':')?;
            let listens = u16::from_str_radix(at, 16) == Ok(port) && fields.nth(1) == Some(LISTENING);
            listens.then(|| read_address(address))
        })
        .collect()
}

/// An address as the kernel's table has it: words in the machine's order, in hexadecimal digits.
fn read_address(digits: &str) -> String {
    let bytes: Vec<u8> = digits
        .as_bytes()
        .chunks(8)
        .flat_map(|word| u32::from_str_radix(str::from_utf8(word).unwrap(), 16).unwrap().to_ne_bytes())
        .collect();
    match <[u8; 4]>::try_from(&*bytes) {
        Ok(bytes) => Ipv4Addr::from(bytes).to_string(),
        Err(_) => Ipv6Addr::from(<[u8; 16]>::try_from(&*bytes).unwrap()).to_string(),
    }
}
