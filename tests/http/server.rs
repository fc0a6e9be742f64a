//! A server of a few lines on a socket of its own: it answers each connection with the next of the given answers, byte
//! for byte, and counts requests.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What becomes of one connection.
#[derive(Clone)]
pub enum Answer {
    /// These bytes, then the end.
    Bytes(Vec<u8>),
    /// These bytes, and then nothing, with the connection left open.
    Stall(Vec<u8>),
    /// These bytes, and then one after the other for a minute.
    Drip(Vec<u8>),
    /// The request is not read, the connection reset.
    Reset,
}

pub fn reply(status: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    Answer::Bytes(text(status, headers, body, body.len()).into_bytes())
}

/// A body that ends before its time.
pub fn cut(status: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    Answer::Bytes(text(status, headers, body, body.len() + 1000).into_bytes())
}

pub fn stalled(status: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    Answer::Stall(text(status, headers, body, body.len() + 1000).into_bytes())
}

pub fn dripping(status: &str, headers: &[(&str, &str)]) -> Answer {
    Answer::Drip(text(status, headers, "", 1000).into_bytes())
}

fn text(status: &str, headers: &[(&str, &str)], body: &str, length: usize) -> String {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}")
}

pub struct Server {
    address: SocketAddr,
    /// Method, target and body of each request.
    requests: Arc<Mutex<Vec<String>>>,
    /// How many connections are over.
    ended: Arc<AtomicUsize>,
}

impl Server {
    /// The last answer is given again and again.
    pub fn start(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let ended = Arc::new(AtomicUsize::new(0));
        let (seen, over) = (Arc::clone(&requests), Arc::clone(&ended));
        thread::spawn(move || {
            for (count, connection) in listener.incoming().enumerate() {
                let Ok(connection) = connection else { return };
                let answer = answers[count.min(answers.len() - 1)].clone();
                let (seen, over) = (Arc::clone(&seen), Arc::clone(&over));
                thread::spawn(move || {
                    serve(connection, answer, &seen);
                    over.fetch_add(1, Ordering::Relaxed);
                });
            }
        });
        Self { address, requests, ended }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn ended(&self) -> usize {
        self.ended.load(Ordering::Relaxed)
    }

    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn serve(connection: TcpStream, answer: Answer, seen: &Mutex<Vec<String>>) {
    if let Answer::Reset = answer {
        seen.lock().unwrap().push("reset".to_owned());
        // Unread bytes turn the end of a connection into a reset.
        let _ = connection.peek(&mut [0]);
        return;
    }
    let mut reader = BufReader::new(&connection);
    let Some(request) = read(&mut reader) else { return };
    seen.lock().unwrap().push(request);
    let mut writer = &connection;
    match answer {
        Answer::Bytes(bytes) => drop(writer.write_all(&bytes)),
        Answer::Stall(bytes) => {
            let _ = writer.write_all(&bytes);
            thread::sleep(Duration::from_secs(60));
        }
        Answer::Drip(bytes) => {
            let _ = writer.write_all(&bytes);
            for _ in 0..600 {
                thread::sleep(Duration::from_millis(100));
                if writer.write_all(b".").is_err() {
                    break;
                }
            }
        }
        Answer::Reset => {}
    }
}

fn read(reader: &mut impl BufRead) -> Option<String> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let length = lines
        .iter()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    let first = lines.first()?.split(" HTTP").next()?;
    Some(format!("{first} {}", String::from_utf8_lossy(&body)).trim().to_owned())
}
