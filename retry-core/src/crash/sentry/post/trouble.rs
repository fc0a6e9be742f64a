//! What went wrong before there was an answer, in words.

use super::Failure;
use crate::crash::render::in_line;
use sentry_types::Scheme;
use std::io::ErrorKind;
use ureq::{Error, Proxy};

/// Why there is no answer, what to do about it, and whether another try is worth it.
pub(super) fn of(error: &Error, scheme: Scheme, server: &str, proxy: Option<&Proxy>) -> Failure {
    // Whom the connection is made to.
    let peer = match proxy {
        Some(proxy) => format!("the proxy {}:{}", proxy.host(), proxy.port()),
        None => server.to_owned(),
    };
    let final_word = Failure::not_now;
    match error {
        Error::Timeout(_) => final_word(format!("{server} did not answer in time")),
        Error::Io(error) => of_connection(error, server, &peer, proxy.is_some()),
        Error::HostNotFound => final_word(unknown(&peer, proxy.is_some())),
        Error::ConnectProxyFailed(said) if said.contains("407") => final_word(format!(
            "{peer} wants to know who asks; put `user:password@` before its name in HTTPS_PROXY or HTTP_PROXY"
        )),
        Error::ConnectProxyFailed(said) => {
            final_word(format!("{peer} does not connect to {server}: {}", in_line(said)))
        }
        Error::Protocol(_) | Error::LargeResponseHeader(..) => final_word(format!(
            "what {peer} answers is not HTTP ({}); {}",
            in_line(&error.to_string()),
            match scheme {
                Scheme::Http => "if it is a server for https, write so in the DSN",
                Scheme::Https => "does the DSN name the right server and port?",
            }
        )),
        other => final_word(format!("nothing could be sent to {server}: {}", in_line(&other.to_string()))),
    }
}

fn of_connection(error: &std::io::Error, server: &str, peer: &str, by_proxy: bool) -> Failure {
    let said = error.to_string();
    let said = in_line(&said);
    if let Some(why) = said.split("invalid peer certificate: ").nth(1) {
        return Failure::not_now(certificate(server, why));
    }
    match error.kind() {
        ErrorKind::ConnectionRefused => {
            Failure::Broken(format!("{peer} refuses the connection; is it running, and is its port right?"))
        }
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof
        | ErrorKind::NotConnected => {
            Failure::Broken(format!("{peer} closed the connection before it had answered"))
        }
        ErrorKind::NetworkUnreachable
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkDown
        | ErrorKind::AddrNotAvailable => {
            Failure::not_now(format!("there is no way to {peer}: {said}; is this machine connected?"))
        }
        ErrorKind::InvalidData => Failure::not_now(format!(
            "{server} does not answer as a server for https ({said}); if it is one for http, write so in the DSN"
        )),
        _ if said.contains("lookup address") => Failure::not_now(unknown(peer, by_proxy)),
        _ => Failure::not_now(format!("nothing could be sent to {server}: {said}")),
    }
}

fn unknown(peer: &str, by_proxy: bool) -> String {
    let place = if by_proxy { "HTTPS_PROXY or HTTP_PROXY" } else { "the DSN" };
    format!("no address is known for {peer}; is the name in {place} right, and this machine connected?")
}

fn certificate(server: &str, why: &str) -> String {
    let (why, remedy) = if why.contains("UnknownIssuer") {
        (
            "it is signed by nobody that this machine trusts",
            "add the authority's certificate to the system's, or name its file in SSL_CERT_FILE",
        )
    } else if why.contains("CaUsedAsEndEntity") {
        (
            "it is signed by itself",
            "add it to the system's certificates as an authority, with one for the server that it has signed",
        )
    } else if why.contains("expired") {
        ("it has expired", "have it renewed, or set this machine's clock")
    } else if why.contains("not valid yet") {
        ("it is not valid yet", "set this machine's clock")
    } else if why.contains("not valid for name") {
        ("it is another server's", "does the DSN name the right server?")
    } else {
        (why, "have it looked at by whoever runs the server")
    };
    format!("the certificate of {server} is not to be trusted: {why}; {remedy}")
}
