//! A server that speaks Sentry's protocol, or fails in whatever way it is told to: it counts what it has taken, by event id.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use socket2::SockRef;

/// A server on a port of its own. Each connection is a thread of its own.
pub struct Server {
    address: SocketAddr,
    books: Arc<Books>,
    script: Arc<Mutex<Arc<Script>>>,
}

/// What is done with a connection.
type Script = dyn Fn(&mut Connection) -> io::Result<()> + Send + Sync;

/// What has come.
#[derive(Default)]
struct Books {
    over: AtomicBool,
    connections: AtomicUsize,
    taken: Mutex<Vec<Envelope>>,
}

/// An envelope, as it came.
#[derive(Debug, Clone)]
pub struct Envelope {
    pub event_id: String,
    /// The types of its items: `event`, `attachment`, ...
    pub items: Vec<String>,
    /// The event itself.
    pub event: serde_json::Value,
    pub at: Instant,
}

/// A connection, as a script sees it.
pub struct Connection {
    stream: TcpStream,
    /// How many there were before it.
    pub number: usize,
    books: Arc<Books>,
    /// The head of the request, once it was read.
    pub head: String,
}

impl Server {
    /// It takes what comes.
    pub fn taking() -> Self {
        Self::doing(Connection::take)
    }

    /// It does that with each connection. An error means no more than that the connection is over.
    pub fn doing(script: impl Fn(&mut Connection) -> io::Result<()> + Send + Sync + 'static) -> Self {
        Self::at("127.0.0.1:0".parse().unwrap(), script)
    }

    /// The same at this address.
    pub fn at(
        address: SocketAddr,
        script: impl Fn(&mut Connection) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let books = Arc::new(Books::default());
        let script: Arc<Mutex<Arc<Script>>> = Arc::new(Mutex::new(Arc::new(script)));
        let server = Self { address, books: Arc::clone(&books), script: Arc::clone(&script) };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if books.over.load(Ordering::SeqCst) {
                    return;
                }
                let number = books.connections.fetch_add(1, Ordering::SeqCst);
                let script = Arc::clone(&lock(&script));
                let mut connection =
                    Connection { stream, number, books: Arc::clone(&books), head: String::new() };
                thread::spawn(move || script(&mut connection));
            }
        });
        server
    }

    /// From now on it does that.
    pub fn now_does(&self, script: impl Fn(&mut Connection) -> io::Result<()> + Send + Sync + 'static) {
        *lock(&self.script) = Arc::new(script);
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn dsn(&self) -> String {
        format!("http://thekey@{}/4", self.address)
    }

    /// How many connections there were.
    pub fn connections(&self) -> usize {
        self.books.connections.load(Ordering::SeqCst)
    }

    /// What it has taken, in this order.
    pub fn taken(&self) -> Vec<Envelope> {
        lock(&self.books.taken).clone()
    }

    /// How often it has taken each event.
    pub fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for envelope in lock(&self.books.taken).iter() {
            *counts.entry(envelope.event_id.clone()).or_default() += 1;
        }
        counts
    }
}

impl Drop for Server {
    /// Nobody listens there any more.
    fn drop(&mut self) {
        self.books.over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

impl Connection {
    /// Reads an envelope, and says that it is taken.
    pub fn take(&mut self) -> io::Result<()> {
        let envelope = self.envelope()?;
        self.taken(envelope);
        self.say(answer("200 OK", "content-type: application/json\r\n", r#"{"id":"taken"}"#))
    }

    /// Reads an envelope to its end.
    pub fn envelope(&mut self) -> io::Result<Envelope> {
        let body = self.body()?;
        if !self.head.starts_with("POST /api/4/envelope/ HTTP/1.1\r\n")
            || !self.head.contains("sentry_key=thekey,")
        {
            self.say(answer("403 Forbidden", "", r#"{"detail":"bad sentry DSN public key"}"#))?;
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        parse(&body).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }

    /// Enters it in the books: the server has it, whatever it says.
    pub fn taken(&self, envelope: Envelope) {
        lock(&self.books.taken).push(envelope);
    }

    /// Reads the head of a request.
    pub fn head(&mut self) -> io::Result<()> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.stream.read_exact(&mut byte)?;
            head.push(byte[0]);
        }
        self.head = String::from_utf8_lossy(&head).into_owned();
        Ok(())
    }

    /// How long the body is that follows the head.
    pub fn length(&self) -> usize {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let length = lines.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        length.and_then(|(_, value)| value.parse().ok()).unwrap_or_default()
    }

    /// Reads a request to its end.
    fn body(&mut self) -> io::Result<Vec<u8>> {
        self.head()?;
        if self.head.to_ascii_lowercase().contains("expect: 100-continue") {
            self.say("HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        let mut body = vec![0; self.length()];
        self.stream.read_exact(&mut body)?;
        Ok(body)
    }

    /// Reads that much of the body.
    pub fn part(&mut self, length: usize) -> io::Result<()> {
        self.stream.read_exact(&mut vec![0; length])
    }

    pub fn say(&mut self, text: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(text.as_ref())
    }

    /// Says it slowly.
    pub fn drip(&mut self, text: &str, between: Duration) -> io::Result<()> {
        for byte in text.as_bytes().chunks(1) {
            self.say(byte)?;
            thread::sleep(between);
        }
        Ok(())
    }

    /// Does nothing until the other side is gone; what it still sends is read.
    pub fn hang(&mut self) -> io::Result<()> {
        while self.stream.read(&mut [0; 4096])? > 0 {}
        Ok(())
    }

    /// Ends the connection with a reset.
    pub fn reset(&mut self) -> io::Result<()> {
        SockRef::from(&self.stream).set_linger(Some(Duration::ZERO))?;
        self.stream.shutdown(Shutdown::Read)
    }

    /// The connection itself, for TLS.
    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }
}

/// An answer with a body.
pub fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

/// An envelope: a line of JSON, and then for each item a line of JSON and what it says.
fn parse(body: &[u8]) -> Option<Envelope> {
    let mut bytes = Vec::new();
    GzDecoder::new(body).read_to_end(&mut bytes).ok()?;
    let (header, mut rest) = line(&bytes)?;
    let id = |value: &serde_json::Value| Some(value.get("event_id")?.as_str()?.replace('-', ""));
    let event_id = id(&header)?;
    let (mut items, mut event) = (Vec::new(), serde_json::Value::Null);
    while !rest.is_empty() {
        let (item, after) = line(rest)?;
        let length = usize::try_from(item.get("length")?.as_u64()?).ok()?;
        let (payload, after) = after.split_at_checked(length)?;
        let kind = item.get("type")?.as_str()?.to_owned();
        if kind == "event" {
            event = serde_json::from_slice(payload).ok()?;
            (id(&event)? == event_id).then_some(())?;
        }
        items.push(kind);
        rest = after.strip_prefix(b"\n").unwrap_or(after);
    }
    Some(Envelope { event_id, items, event, at: Instant::now() })
}

fn line(bytes: &[u8]) -> Option<(serde_json::Value, &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    Some((serde_json::from_slice(&bytes[..end]).ok()?, &bytes[end + 1..]))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
