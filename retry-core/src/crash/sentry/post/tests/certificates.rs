//! TLS, and whom this machine trusts.

use super::environment::posted_with;
use super::server::{Connection, Server, read, taken};
use super::{ENVELOPE, LONG, not_now, posted, within};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

/// An authority, and the file that makes a process trust it.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: PathBuf,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let file = std::env::temp_dir().join(format!("post-{name}-{}.pem", std::process::id()));
        std::fs::write(&file, issuer.pem()).unwrap();
        Self { issuer, file }
    }

    /// A server with a certificate that this authority signed.
    fn server(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Server {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        serving(vec![certificate.der().clone()], &key)
    }

    fn posted(&self, server: &Server) -> String {
        let said = posted_with(&server.dsn_with("https"), &[("SSL_CERT_FILE", self.file.to_str().unwrap())]);
        said.replace(&server.address.to_string(), "HOST")
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.file);
    }
}

fn serving(chain: Vec<rustls::pki_types::CertificateDer<'static>>, key: &KeyPair) -> Server {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let config = Arc::new(config);
    Server::new(move |connection: &mut Connection, _| {
        let tls = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = StreamOwned::new(tls, connection.stream.try_clone().unwrap());
        if read(&mut stream).is_some() {
            let _ = stream.write_all(taken().as_bytes());
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    })
}

fn untrusted(why: &str) -> String {
    format!("Err(NotNow(\"the certificate of HOST is not to be trusted: {why}\"))")
}

#[test]
fn a_company_with_its_own_authority_is_served() {
    let authority = Authority::new("trusted");
    assert_eq!(authority.posted(&authority.server("127.0.0.1", |_| {})), "Ok(())");
}

#[test]
fn a_wrong_certificate_is_told_and_not_tried_again() {
    let authority = Authority::new("wrong");
    let name = authority.server("sentry.example.com", |_| {});
    assert_eq!(
        authority.posted(&name),
        untrusted("it is another server's; does the DSN name the right server?")
    );
    let old = authority.server("127.0.0.1", |params| {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    });
    assert_eq!(
        authority.posted(&old),
        untrusted("it has expired; have it renewed, or set this machine's clock")
    );
    let young = authority.server("127.0.0.1", |params| {
        params.not_before = date_time_ymd(2999, 1, 1);
        params.not_after = date_time_ymd(3000, 1, 1);
    });
    assert_eq!(authority.posted(&young), untrusted("it is not valid yet; set this machine's clock"));
    let stranger = Authority::new("stranger").server("127.0.0.1", |_| {});
    let why = "it is signed by nobody that this machine trusts; add the authority's certificate to the system's, or name its \
               file in SSL_CERT_FILE";
    assert_eq!(authority.posted(&stranger), untrusted(why));
    let key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap().self_signed(&key).unwrap();
    let own = serving(vec![own.der().clone()], &key);
    assert_eq!(authority.posted(&own), untrusted(why));
    for server in [name, old, young, stranger, own] {
        assert_eq!((server.connections(), server.requests().len()), (1, 0));
    }
}

/// A small board: nothing to read certificates from. The roots of the web are built in, and know that this is none of theirs.
#[test]
fn a_machine_without_certificates_knows_those_of_the_web() {
    let server = Authority::new("board").server("127.0.0.1", |_| {});
    let variables = [("SSL_CERT_FILE", "/nonexistent/certificates.pem"), ("SSL_CERT_DIR", "/nonexistent")];
    let said = posted_with(&server.dsn_with("https"), &variables);
    assert!(said.contains("it is signed by nobody that this machine trusts"), "{said}");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_server_for_http_is_none_for_https() {
    let server = Server::new(|connection, _| {
        connection.write("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n");
        connection.hang();
    });
    let why = not_now(&within(&server.dsn_with("https"), ENVELOPE, LONG), &server);
    assert!(why.starts_with("HOST does not answer as a server for https ("), "{why}");
    assert!(why.ends_with("); if it is one for http, write so in the DSN"), "{why}");
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_server_for_https_is_none_for_http() {
    let server = Authority::new("other").server("127.0.0.1", |_| {});
    let why = not_now(&posted(&server), &server);
    assert!(why.starts_with("what HOST answers is not HTTP ("), "{why}");
    assert!(why.ends_with("); if it is a server for https, write so in the DSN"), "{why}");
}

/// No TLS, only an alert, as from a server that knows none of the versions.
#[test]
fn a_server_that_breaks_off_the_handshake_is_told() {
    let server = Server::new(|connection, _| {
        connection.write([21, 3, 3, 0, 2, 2, 70]);
        connection.hang();
    });
    let why = not_now(&within(&server.dsn_with("https"), ENVELOPE, LONG), &server);
    assert!(why.contains("HOST"), "{why}");
    assert_eq!(server.connections(), 1);
}
