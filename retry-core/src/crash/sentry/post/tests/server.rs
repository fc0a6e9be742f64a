//! Servers that do as they are told, on real sockets.

use sentry_types::Dsn;
use socket2::SockRef;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A server, each of whose connections is another thread's. It lives as long as the tests.
pub(in crate::crash::sentry) struct Server {
    pub(in crate::crash::sentry) address: SocketAddr,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<Request>>>,
}

/// A request as it was read.
#[derive(Debug, Clone, Default)]
pub(in crate::crash::sentry) struct Request {
    pub(in crate::crash::sentry) head: String,
    pub(in crate::crash::sentry) body: Vec<u8>,
}

impl Request {
    pub(in crate::crash::sentry) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        let mut values =
            lines.filter(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        values.next().filter(|_| values.next().is_none())
    }
}

impl Server {
    /// It does that with each connection, of which this is the number, from 0 on.
    pub(in crate::crash::sentry) fn new(
        handle: impl Fn(&mut Connection, usize) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (connections, requests) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
        let (counted, kept, handle) = (Arc::clone(&connections), Arc::clone(&requests), Arc::new(handle));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let number = counted.fetch_add(1, Ordering::SeqCst);
                let (kept, handle) = (Arc::clone(&kept), Arc::clone(&handle));
                std::thread::spawn(move || handle(&mut Connection { stream, kept }, number));
            }
        });
        Self { address, connections, requests }
    }

    /// It answers each whole request with this.
    pub(in crate::crash::sentry) fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::new(move |connection, _| {
            connection.request();
            connection.write(&answer);
        })
    }

    pub(in crate::crash::sentry) fn dsn(&self) -> Dsn {
        self.dsn_with("http")
    }

    pub(in crate::crash::sentry) fn dsn_with(&self, scheme: &str) -> Dsn {
        format!("{scheme}://thekey@{}/4", self.address).parse().unwrap()
    }

    /// How many connections there were.
    pub(in crate::crash::sentry) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Those that it has read to their end.
    pub(in crate::crash::sentry) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

/// One connection.
pub(in crate::crash::sentry) struct Connection {
    pub(in crate::crash::sentry) stream: TcpStream,
    kept: Arc<Mutex<Vec<Request>>>,
}

impl Connection {
    /// Reads a request to its end.
    pub(in crate::crash::sentry) fn request(&mut self) {
        if let Some(request) = read(&mut self.stream) {
            self.kept.lock().unwrap().push(request);
        }
    }

    /// Reads its head only.
    pub(in crate::crash::sentry) fn head(&mut self) -> String {
        head(&mut self.stream).unwrap_or_default()
    }

    /// Writes it, if somebody still listens.
    pub(in crate::crash::sentry) fn write(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).is_ok()
    }

    /// Says no more, and does not close it.
    #[expect(clippy::unused_self, reason = "it is what this connection does")]
    pub(in crate::crash::sentry) fn hang(&self) {
        std::thread::sleep(Duration::from_mins(1));
    }

    /// Ends it with a reset.
    pub(in crate::crash::sentry) fn reset(&self) {
        SockRef::from(&self.stream).set_linger(Some(Duration::ZERO)).unwrap();
        self.stream.shutdown(std::net::Shutdown::Read).ok();
    }
}

pub(in crate::crash::sentry) fn read(stream: &mut impl Read) -> Option<Request> {
    let head = head(stream).ok()?;
    let mut request = Request { head, body: Vec::new() };
    let length = request.header("content-length")?.parse().ok()?;
    request.body.resize(length, 0);
    stream.read_exact(&mut request.body).ok()?;
    Some(request)
}

fn head(stream: &mut impl Read) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// An answer with a body of that length.
pub(in crate::crash::sentry) fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len())
}

/// What Sentry answers.
pub(in crate::crash::sentry) fn taken() -> String {
    answer("200 OK", "content-type: application/json\r\n", r#"{"id":"fc6d8c0c43fc4630ad850ee518f1b9d0"}"#)
}
