//! What a process is told by its environment: in a child, as it holds for all threads.

use super::super::*;
use std::process::Command;

const DSN: &str = "RETRY_CORE_POST_TO";

/// The child.
#[test]
#[ignore = "run by other tests"]
fn child() {
    let Ok(dsn) = std::env::var(DSN) else { return };
    let posted = post(&dsn.parse().unwrap(), super::ENVELOPE, Instant::now() + super::LONG);
    println!("outcome: {:?}", posted.outcome);
}

/// What comes of posting there in a process with these variables, as `Debug` writes it.
pub(super) fn posted_with(dsn: &Dsn, variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let name = concat!(module_path!(), "::child").split_once("::").unwrap().1;
    command.args(["--exact", name, "--ignored", "--nocapture", "--test-threads=1"]);
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    command.env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR");
    let output = command.env(DSN, dsn.to_string()).envs(variables.iter().copied()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let outcome = text.lines().find_map(|line| line.split_once("outcome: "));
    outcome.unwrap_or_else(|| panic!("{output:?}")).1.to_owned()
}

mod proxies {
    use super::super::server::{Connection, Server, answer, taken};
    use super::posted_with;
    use std::net::TcpStream;
    use std::sync::{Arc, Mutex};

    /// A proxy that connects, and what it was asked for.
    fn proxy() -> (Server, Arc<Mutex<Vec<String>>>) {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heads = Arc::clone(&asked);
        let server = Server::new(move |connection, _| {
            let head = connection.head();
            let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
            heads.lock().unwrap().push(head);
            // The name is known here only.
            match TcpStream::connect(target.replace("sentry.internal", "127.0.0.1")) {
                Ok(there) => {
                    connection.write("HTTP/1.1 200 Connection established\r\n\r\n");
                    copy_both_ways(connection, &there);
                }
                Err(_) => drop(connection.write(answer("502 Bad Gateway", "", ""))),
            }
        });
        (server, asked)
    }

    fn copy_both_ways(connection: &Connection, there: &TcpStream) {
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let _ = std::io::copy(&mut &connection.stream, &mut &*there);
                let _ = there.shutdown(std::net::Shutdown::Write);
            });
            let _ = std::io::copy(&mut &*there, &mut &connection.stream);
            let _ = connection.stream.shutdown(std::net::Shutdown::Both);
        });
    }

    #[test]
    fn a_proxy_of_the_environment_is_used() {
        let server = Server::answering(taken());
        let dsn = format!("http://key@sentry.internal:{}/4", server.address.port()).parse().unwrap();
        let (proxy, asked) = proxy();
        let address = format!("http://me:p%40ss@{}", proxy.address);
        let plain = proxy.address.to_string();
        for (number, (name, value)) in
            [("http_proxy", &address), ("HTTP_PROXY", &plain), ("ALL_PROXY", &address)]
                .into_iter()
                .enumerate()
        {
            assert_eq!(posted_with(&dsn, &[(name, value)]), "Ok(())", "{name}");
            assert_eq!(server.requests().len(), number + 1, "{name}");
        }
        let heads = asked.lock().unwrap().clone();
        assert!(
            heads[0].starts_with(&format!("CONNECT sentry.internal:{} HTTP/1.1\r\n", server.address.port()))
        );
        assert!(heads[0].contains("Proxy-Authorization: Basic bWU6cEBzcw==\r\n"), "{}", heads[0]);
        assert!(!heads[1].contains("Proxy-Authorization"), "{}", heads[1]);
    }

    #[test]
    fn a_server_may_be_exempt_from_the_proxy() {
        let server = Server::answering(taken());
        let (proxy, _) = proxy();
        let address = proxy.address.to_string();
        for list in ["127.0.0.1", "localhost, 127.0.0.0/8", "*"] {
            let variables = [("HTTP_PROXY", address.as_str()), ("NO_PROXY", list)];
            assert_eq!(posted_with(&server.dsn(), &variables), "Ok(())", "{list}");
        }
        assert_eq!(posted_with(&server.dsn(), &[("https_proxy", &address)]), "Ok(())");
        assert_eq!((server.requests().len(), proxy.connections()), (4, 0));
    }

    #[test]
    fn what_a_proxy_says_is_told() {
        let dsn = "http://key@sentry.internal/4".parse().unwrap();
        let with = |answer: String| {
            let proxy = Server::new(move |connection, _| {
                connection.head();
                connection.write(&answer);
            });
            let said = posted_with(&dsn, &[("HTTP_PROXY", &proxy.address.to_string())]);
            said.replace(&proxy.address.to_string(), "PROXY")
        };
        assert_eq!(
            with(answer("407 Proxy Authentication Required", "", "")),
            "Err(NotNow(\"the proxy PROXY wants to know who asks; put `user:password@` before its name in HTTPS_PROXY or \
             HTTP_PROXY\"))"
        );
        assert_eq!(
            with(answer("403 Forbidden", "", "")),
            "Err(NotNow(\"the proxy PROXY does not connect to sentry.internal: proxy server responded 403/403\"))"
        );
        assert!(with("<html>".into()).contains("the proxy PROXY"));

        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let said = posted_with(&dsn, &[("HTTP_PROXY", &format!("http://user:secret@{free}"))]);
        assert_eq!(
            said,
            format!(
                "Err(NotNow(\"the proxy {free} refuses the connection; is it running, and is its port right?\"))"
            )
        );
        let said = posted_with(&dsn, &[("HTTP_PROXY", "ftp://user:secret@there")]);
        assert_eq!(
            said,
            "Err(NotNow(\"the value of HTTP_PROXY is no address of a proxy; write it like http://proxy.example.com:3128\"))"
        );
    }
}
