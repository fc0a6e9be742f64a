//! `serve`: what is answered, and to whom. Requests are written by hand, as no browser would.

use crate::support::{Folder, report, run, stem, three};
use serde_json::json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::time::Duration;

struct Server {
    child: Child,
    port: u16,
    /// What paths begin with: `/<secret>`.
    base: String,
    /// Its folder, if nobody else needs it.
    folder: Option<Folder>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Server {
    fn with_three() -> Self {
        let folder = Folder::with_three();
        let mut server = Self::of(&folder);
        server.folder = Some(folder);
        server
    }

    fn of(folder: &Folder) -> Self {
        let mut command = folder.command(&["serve"]);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("it runs");
        let mut address = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut address).expect("the address");
        let rest = address.trim().strip_prefix("http://127.0.0.1:").expect("an address").to_owned();
        let (port, secret) = rest.trim_end_matches('/').split_once('/').expect("a secret");
        assert!(secret.len() == 32 && secret.bytes().all(|byte| byte.is_ascii_hexdigit()), "{address}");
        Self { child, port: port.parse().expect("a port"), base: format!("/{secret}"), folder: None }
    }

    /// Byte by byte.
    fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_mins(1))).expect("a timeout");
        stream.write_all(request).expect("it reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers");
        let answer = String::from_utf8(answer).expect("text");
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    fn ask(&self, method: &str, target: &str, headers: &str) -> Answer {
        self.raw(format!("{method} {target} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n").as_bytes())
    }

    /// As a browser of this machine does.
    fn get(&self, path: &str) -> Answer {
        let host = format!("Host: 127.0.0.1:{}\r\n", self.port);
        self.ask("GET", &format!("{}{path}", self.base), &host)
    }

    /// With these headers beside the right ones.
    fn get_with(&self, headers: &str) -> Answer {
        let headers = format!("Host: 127.0.0.1:{}\r\n{headers}", self.port);
        self.ask("GET", &format!("{}/", self.base), &headers)
    }
}

#[test]
fn crashes_are_one_row_each_with_what_is_known_of_all_their_reports() {
    let server = Server::with_three();
    let page = server.get("/");
    assert_eq!(page.status, 200);
    assert!(page.head.contains("content-type: text/html; charset=utf-8"), "{}", page.head);
    let rows: Vec<&str> = page.body.split("<tr>").skip(2).collect();
    assert_eq!(rows.len(), 2, "{}", page.body);
    for part in [
        "/crash/36af060f3228763c\">attempt to divide by zero</a>",
        ">shop::share<",
        ">src/main.rs:5<",
        ">shop 1.2.3<",
        "</span>5<span",
        ">2<span class=\"unit\"> reports<",
        "datetime=\"2026-04-17T19:30:00.000Z\"",
        "datetime=\"2026-04-15T09:58:00.000Z\"",
    ] {
        assert!(rows[0].contains(part), "{part} is not in {}", rows[0]);
    }
    assert!(rows[1].contains(">no answer from the payment service</a>"), "{}", rows[1]);
}

#[test]
fn a_crash_has_a_page_with_its_reports_and_each_report_has_pages_of_its_own() {
    let server = Server::with_three();
    let [oldest, other, newest] = three();
    let page = server.get("/crash/36af060f3228763c").body;
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is not in {page}"));
    assert!(place(&format!("/report/{}\"", stem(&newest))) < place(&format!("/report/{}\"", stem(&oldest))));
    assert!(!page.contains(&stem(&other)), "{page}");
    place(&format!("/report/{}.json\"", stem(&oldest)));

    let json = server.get(&format!("/report/{}.json", stem(&oldest)));
    assert!(json.head.contains("content-type: application/json"), "{}", json.head);
    let read: serde_json::Value = serde_json::from_str(&json.body).expect("JSON");
    assert_eq!(read["id"], oldest["id"]);
    let text = server.get(&format!("/report/{}.txt", stem(&oldest)));
    assert!(text.head.contains("content-type: text/plain; charset=utf-8"), "{}", text.head);
    assert!(text.body.contains("guests = 0"), "{}", text.body);
    let page = server.get(&format!("/report/{}", stem(&other)));
    assert!(page.body.contains("no answer from the payment service"), "{}", page.body);
}

#[test]
fn the_reports_own_page_may_do_what_it_says_itself_and_others_nothing() {
    let server = Server::with_three();
    let policy = |path: &str| {
        let head = server.get(path).head;
        let policies: Vec<_> =
            head.lines().filter_map(|line| line.strip_prefix("content-security-policy: ")).collect();
        assert_eq!(policies.len(), 1, "{head}");
        policies[0].to_owned()
    };
    let strict =
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    let stem = stem(&three()[0]);
    for path in ["/", "/style.css", "/crash/36af060f3228763c", "/nothing", &format!("/report/{stem}.json")] {
        assert_eq!(policy(path), strict, "{path}");
    }
    assert_eq!(
        policy(&format!("/report/{stem}")),
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    );
}

#[test]
fn crashes_are_found_by_what_is_in_them() {
    let server = Server::with_three();
    let found = |query: &str| {
        let page = server.get(&format!("/?q={query}")).body;
        page.split("<tr>").count().saturating_sub(2)
    };
    for (query, expected) in [
        ("", 2),
        ("DIVIDE", 1),
        ("shop%3A%3Ashare", 2),
        ("gemini", 1),
        ("cents+700", 2),
        ("apollo+zero", 1),
        ("gemini+zero", 0),
        ("src/pay.rs:51", 1),
        ("5be1e26bbd26a7a3", 1),
        ("%22%3E%3Cscript%3E", 0),
    ] {
        assert_eq!(found(query), expected, "{query}");
    }
    let page = server.get("/?q=%22%3E%3Cscript%3E&sort=count").body;
    assert!(page.contains("value=\"&quot;&gt;&lt;script&gt;\""), "{page}");
    assert!(page.contains("<option value=\"count\" selected>"), "{page}");
    assert!(page.contains("No crash has all of these words."), "{page}");
}

#[test]
fn crashes_are_sorted_as_asked() {
    let server = Server::with_three();
    let first_is_division = |query: &str| {
        let page = server.get(query).body;
        let place = |text: &str| page.find(text).expect("it is listed");
        place("attempt to divide") < place("no answer")
    };
    for (query, expected) in [
        ("/?sort=last", true),
        ("/?sort=first", false),
        ("/?sort=count", true),
        ("/?sort=message", true),
        ("/?sort=nonsense&page=-3", true),
        ("/?page=99999999999999999999999", true),
        ("/?%ff=%ff&q=", true),
        ("/?q", true),
    ] {
        assert_eq!(first_is_division(query), expected, "{query}");
    }
}

#[test]
fn many_crashes_come_a_page_at_a_time() {
    let folder = Folder::empty();
    for number in 0..250_u32 {
        let different = json!({"fingerprint": format!("{number:016x}"), "id": format!("{number:032x}")});
        folder.put(&report("2026-04-15T10:11:12.123Z", 'a', &different));
    }
    let server = Server::of(&folder);
    let rows = |page: &str| page.split("<tr>").count() - 2;
    let (first, last) = (server.get("/").body, server.get("/?page=3").body);
    assert_eq!((rows(&first), rows(&last)), (100, 50));
    assert!(first.contains("250 crashes, of which 1 to 100"), "{first}");
    assert!(first.contains("value=\"2\">Next page</button>") && !first.contains("Previous page"), "{first}");
    assert!(last.contains("value=\"2\">Previous page</button>") && !last.contains("Next page"), "{last}");
}

#[test]
fn what_cannot_be_read_is_listed_with_its_error() {
    let folder = Folder::with_three();
    folder.write("20260415T101112.123Z-0123456789abcdef-0123456789abcdef0123456789abcdef.json", "{");
    let newer = report("2028-01-01T00:00:00.000Z", 'd', &json!({"schema": 2}));
    folder.write(&format!("{}.json", stem(&newer)), newer.to_string());
    let server = Server::of(&folder);
    let page = server.get("/").body;
    let (_, unreadable) = page.split_once("Reports that cannot be read").expect("they are told");
    assert!(unreadable.contains("0123456789abcdef.json: the crash report is cut off"), "{unreadable}");
    assert!(
        unreadable.contains("has schema 2, and this release reads those up to 1: update"),
        "{unreadable}"
    );
    assert_eq!(page.split("<tr>").count(), 4, "the others are there");
    let broken = server.get("/report/20260415T101112.123Z-0123456789abcdef-0123456789abcdef0123456789abcdef");
    assert!(broken.status == 500 && broken.body.contains("cut off"), "{}", broken.body);
}

#[test]
fn what_a_report_says_is_text_and_nothing_else() {
    let folder = Folder::empty();
    let evil =
        "</title></pre></script><script>alert(1)</script><img src=x onerror=alert(2)>\"'`&lt; javascript:x";
    let value = json!({"state": "value", "text": evil});
    let hostile = report(
        "2026-04-15T10:11:12.123Z",
        'a',
        &json!({
            "message": evil, "type_name": evil, "causes": [evil], "notes": [evil], "first_seen": evil,
            "app": {"name": evil, "version": evil}, "thread": {"name": evil, "id": evil},
            "place": {"file": evil, "line": 1},
            "process": {"pid": 1, "executable": evil, "os": evil, "arch": evil, "debug": false},
            "context": [{"name": evil, "value": value}],
            "frames": [{
                "function": evil, "place": {"file": evil, "line": 1}, "in_app": true, "annotated": true, "address": evil,
                "source": {"first_line": 1, "lines": [evil]}, "attempt": {"number": 1, "earlier": [evil]},
                "variables": [
                    {"name": evil, "type_name": evil, "value": value, "argument": false},
                    {"name": "b", "type_name": evil, "value": {"state": "not_kept", "hint": evil}, "argument": false},
                    {"name": "c", "type_name": evil, "value": {"state": "failed", "why": evil, "text": evil}, "argument": false},
                ],
            }],
        }),
    );
    folder.put(&hostile);
    folder.write("20260415T101112.123Z-0123456789abcdef-0123456789abcdef0123456789abcdef.json", evil);
    let server = Server::of(&folder);
    let report = format!("/report/{}", stem(&hostile));
    for path in ["/", "/crash/36af060f3228763c", "/?q=alert", &report] {
        let page = server.get(path);
        assert_eq!(page.status, 200, "{path}");
        assert!(page.body.contains("alert"), "{path}");
        for tag in ["<script>alert", "<img", "</pre></script>", "</title></pre>", "\"'`"] {
            assert!(!page.body.contains(tag), "{tag} is in {path}: {}", page.body);
        }
    }
    let text = server.get(&format!("{report}.txt"));
    assert!(text.head.contains("text/plain") && text.head.contains("nosniff"), "{}", text.head);
}

#[test]
fn names_of_hosts_that_are_not_this_machines_are_refused() {
    let server = Server::with_three();
    let port = server.port;
    let path = format!("{}/", server.base);
    let status = |headers: &str| server.ask("GET", &path, headers).status;
    for host in [
        format!("127.0.0.1:{port}"),
        format!("localhost:{port}"),
        format!("LOCALHOST:{port}"),
        format!("[::1]:{port}"),
    ] {
        assert_eq!(status(&format!("Host: {host}\r\n")), 200, "{host}");
    }
    for host in [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        format!("127.0.0.1.evil.example:{port}"),
        format!("localhost.:{port}"),
        format!("0.0.0.0:{port}"),
        format!("127.0.0.2:{port}"),
        format!("user@127.0.0.1:{port}"),
        format!("127.0.0.1:{port}:{port}"),
        format!("127.0.0.1:{}", port ^ 1),
        "127.0.0.1".to_owned(),
        "localhost:".to_owned(),
        String::new(),
        "\u{e9}".to_owned(),
    ] {
        let answer = server.ask("GET", &path, &format!("Host: {host}\r\n"));
        assert_eq!(answer.status, 403, "{host}");
        assert!(!answer.body.contains("divide"), "{host}");
    }
    assert_eq!(status(""), 400, "no host");
    let twice = format!("Host: 127.0.0.1:{port}\r\nHost: evil.example\r\n");
    assert_eq!(status(&twice), 400, "two hosts");
    let old = format!("GET {path} HTTP/1.0\r\n\r\n");
    assert_eq!(server.raw(old.as_bytes()).status, 400, "an old browser without a host");
}

#[test]
fn an_absolute_address_has_to_be_ours_as_well() {
    let server = Server::with_three();
    let host = format!("Host: 127.0.0.1:{}\r\n", server.port);
    let target = |authority: &str| format!("http://{authority}{}/", server.base);
    assert_eq!(server.ask("GET", &target(&format!("127.0.0.1:{}", server.port)), &host).status, 200);
    assert_eq!(server.ask("GET", &target("evil.example"), &host).status, 403);
    assert_eq!(
        server.ask("GET", &target(&format!("127.0.0.1:{}", server.port)), "Host: evil.example\r\n").status,
        403
    );
}

#[test]
fn without_the_secret_nothing_is_told_but_where_to_look_for_it() {
    let server = Server::with_three();
    let host = format!("Host: 127.0.0.1:{}\r\n", server.port);
    let secret = server.base.trim_start_matches('/');
    let changed = secret.replace(|digit| digit != '0', "0");
    for target in [
        "/".to_owned(),
        "/style.css".to_owned(),
        "//".to_owned(),
        format!("//{secret}/"),
        format!("/x/{secret}/"),
        format!("/{changed}/"),
        format!("/{}/", &secret[..31]),
        format!("/{secret}0/"),
        format!("/{}/", secret.to_uppercase().replace(|letter: char| letter.is_ascii_digit(), "0")),
        format!("/%{:02x}{}/", secret.as_bytes()[0], &secret[1..]),
        format!("/?{secret}"),
        format!("/crash/36af060f3228763c?{secret}"),
    ] {
        let answer = server.ask("GET", &target, &host);
        let said = "This is not the whole address: open the one that `crash-reports serve` printed.\n";
        assert_eq!((answer.status, answer.body.as_str()), (403, said), "{target}");
    }
    assert_ne!(Server::with_three().base, server.base, "it is another each time");
}

#[test]
fn other_pages_may_send_the_user_here_but_not_ask_themselves() {
    let server = Server::with_three();
    let status = |headers: &str| server.get_with(headers).status;
    let own = format!("Origin: http://127.0.0.1:{}\r\nSec-Fetch-Site: same-origin\r\n", server.port);
    let typed = "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";
    let link = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";
    for headers in [own.as_str(), typed, link] {
        assert_eq!(status(headers), 200, "{headers}");
    }
    for headers in [
        "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\n",
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: script\r\n",
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n",
        "Origin: http://evil.example\r\n",
        "Origin: null\r\n",
        "Origin: https://127.0.0.1\r\n",
        "Origin: http://evil.example\r\nSec-Fetch-Site: none\r\n",
    ] {
        assert_eq!(status(headers), 403, "{headers}");
    }
}

#[test]
fn pages_can_only_be_read() {
    let server = Server::with_three();
    let host = format!("Host: 127.0.0.1:{}\r\n", server.port);
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "LOOK"] {
        let answer = server.ask(method, &format!("{}/", server.base), &host);
        assert_eq!(answer.status, 405, "{method}");
        assert!(answer.head.contains("allow: get, head"), "{}", answer.head);
    }
    let whole = server.get("/");
    let head = server.ask("HEAD", &format!("{}/", server.base), &host);
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert!(head.head.contains(&format!("content-length: {}", whole.body.len())), "{}", head.head);
}

#[test]
fn every_answer_has_the_headers_that_keep_it_private() {
    let server = Server::with_three();
    let report = format!("/report/{}", stem(&three()[0]));
    let foreign = server.ask("GET", "/", "Host: evil.example\r\n");
    let answers = ["/", "/style.css", &report, "/nothing", "/crash/none"].map(|path| server.get(path));
    for answer in answers.iter().chain([&foreign]) {
        for header in [
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cache-control: no-store",
            "x-frame-options: deny",
            "cross-origin-opener-policy: same-origin",
            "cross-origin-resource-policy: same-origin",
            "frame-ancestors 'none'",
        ] {
            assert!(answer.head.contains(header), "{header}: {}", answer.head);
        }
    }
}

#[test]
fn only_what_is_listed_is_served() {
    let folder = Folder::with_three();
    let [oldest, ..] = three();
    let beside = folder.path().with_extension("beside");
    std::fs::create_dir_all(&beside).expect("a folder");
    let name = stem(&oldest);
    std::fs::write(beside.join(format!("{name}.json")), oldest.to_string()).expect("a file");
    folder.write("secrets.json", "\"hunter2\"");
    #[cfg(unix)]
    std::os::unix::fs::symlink(
        folder.path().join("secrets.json"),
        folder.path().join("20200101T000000.000Z-0123456789abcdef-dddddddddddddddddddddddddddddddd.json"),
    )
    .expect("a link");
    let server = Server::of(&folder);
    let beside_name = beside.file_name().and_then(|name| name.to_str()).expect("text").to_owned();
    for path in [
        "/report/secrets".to_owned(),
        "/report/secrets.json".to_owned(),
        "/report/".to_owned(),
        "/report/..".to_owned(),
        "/report/../report".to_owned(),
        "/report/..%2fsecrets.json".to_owned(),
        format!("/report/..%2f{beside_name}%2f{name}.json"),
        format!("/report/../{beside_name}/{name}.json"),
        format!("/report/.%2f{name}"),
        format!("/report/{name}%00"),
        format!("/report/{name}%00.json"),
        format!("/report/{name}.log"),
        format!("/report/{name}.json.json"),
        format!("/report/%2e%2e%2f{name}"),
        format!("/report/..%5c{name}"),
        "/report/%2fetc%2fpasswd".to_owned(),
        "/report/%ff%fe".to_owned(),
        "/report/20200101T000000.000Z-0123456789abcdef-dddddddddddddddddddddddddddddddd".to_owned(),
        "/crash/..%2f..%2f".to_owned(),
        "/crash/%00".to_owned(),
        format!("/{}", "a/".repeat(2000)),
        "/../../../../etc/passwd".to_owned(),
        "/style.css/x".to_owned(),
    ] {
        let answer = server.get(&path);
        assert!([400, 404, 500].contains(&answer.status), "{path}: {}", answer.status);
        assert!(
            !answer.body.contains("hunter2") && !answer.body.contains("root:"),
            "{path}: {}",
            answer.body
        );
    }
    std::fs::remove_dir_all(beside).expect("it is ours");
}

#[test]
fn whatever_is_sent_the_next_one_is_answered() {
    let server = Server::with_three();
    let mut random = fastrand::Rng::with_seed(5);
    for _ in 0..50 {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, server.port)).expect("it listens");
        let length = random.usize(..3000);
        let noise: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(length).collect();
        let _ = stream.write_all(&noise);
    }
    let long = format!("GET {}/?q={} HTTP/1.1\r\nHost: x\r\n\r\n", server.base, "a".repeat(100_000));
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, server.port)).expect("it listens");
    let _ = stream.write_all(long.as_bytes());
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn reports_that_come_and_go_are_seen_at_once() {
    let folder = Folder::with_three();
    let server = Server::of(&folder);
    folder.run(&["prune", "--keep", "0"]).well();
    assert!(server.get("/").body.contains("No crash reports here yet."));
    assert_eq!(server.get("/crash/36af060f3228763c").status, 404);
    assert_eq!(server.get(&format!("/report/{}", stem(&three()[0]))).status, 404);
    folder.put(&three()[0]);
    assert!(server.get("/").body.contains("attempt to divide by zero"));
    std::fs::remove_dir_all(folder.path()).expect("it is ours");
    let answer = server.get("/");
    assert!(answer.status == 404 && answer.body.contains("there is no such folder"), "{}", answer.body);
}

#[test]
fn only_this_machine_can_ask() {
    let server = Server::with_three();
    // Another address of this machine, as others see it: all of 127.0.0.0/8 is this machine on Linux.
    if cfg!(target_os = "linux") {
        assert!(TcpStream::connect((Ipv4Addr::new(127, 0, 0, 2), server.port)).is_err());
    }
}

#[test]
fn a_port_that_is_taken_and_a_folder_that_is_not_there_are_said_at_once() {
    let folder = Folder::with_three();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let (code, said) = folder.run(&["serve", "--port", &port]).badly();
    assert!(code == 1 && said.starts_with(&format!("error: port {port} cannot be used: ")), "{said}");
    assert!(said.ends_with("; choose another with `--port`, or leave it out\n"), "{said}");
    let (code, said) = folder.run(&["serve", "--port", "70000"]).badly();
    assert!(code == 2 && said.contains("70000"), "{said}");
    let (code, said) = run(&mut crate::support::program(&["serve", "--dir", "/no/such"])).badly();
    assert!(code == 1 && said.contains("there is no such folder"), "{said}");
}
