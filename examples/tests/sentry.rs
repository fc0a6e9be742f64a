//! Runs the program `sentry` as a station would: without a network at first. What a real server makes of it, the tests of
//! `tests` ask.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::thread;

const PROGRAM: &str = env!("CARGO_BIN_EXE_sentry");

fn run(dsn: &str, folder: &Path) -> String {
    let mut command = Command::new(PROGRAM);
    command.arg(folder).env("SENTRY_DSN", dsn).env_remove("RUST_BACKTRACE");
    for proxy in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env_remove(proxy);
    }
    let ran = command.output().expect("it runs");
    assert_eq!(ran.status.code(), Some(101), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).expect("text")
}

#[test]
fn without_a_network_the_report_waits_and_the_next_start_sends_it() {
    let folder = std::env::temp_dir().join(format!("retry-core-example-sentry-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    let nobody = run("http://key@127.0.0.1:9/1", &folder);
    assert_eq!(nobody, "sorry! we will know of it when this station has a network\n");

    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).expect("a head");
                head.push(byte[0].to_ascii_lowercase());
            }
            let head = String::from_utf8(head).expect("text");
            let length =
                head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
            stream.read_exact(&mut vec![0; length.parse().expect("a number")]).expect("a body");
            let answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\n{\"id\":\"x\"}";
            stream.write_all(answer).expect("it is read");
        }
    });
    let said = run(&format!("http://key@127.0.0.1:{port}/1"), &folder);
    assert!(said.contains("sorry! we know of it already: number "), "{said}");
    let earlier = "of an earlier run: attempt to subtract with overflow: sent to Sentry as event ";
    assert!(said.contains(earlier), "{said}");
    assert_eq!(fs::read_dir(folder.join("sentry")).expect("it is there").count(), 0);
    fs::remove_dir_all(folder).expect("it is removed");
}
