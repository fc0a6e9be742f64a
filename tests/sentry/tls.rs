//! Servers with certificates that are not to be trusted.

use std::collections::BTreeSet;
use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair};
use retry_tests_sentry::Server;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};

use crate::support::{Program, timed};

#[test]
fn a_certificate_that_nobody_trusts_keeps_the_report_here() {
    let _timed = timed();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap().self_signed(&key).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let server = Server::doing(move |connection| {
        let mut tls = ServerConnection::new(Arc::clone(&config)).map_err(std::io::Error::other)?;
        let mut socket = connection.stream();
        let mut byte = [0];
        std::io::Read::read_exact(&mut Stream::new(&mut tls, &mut socket), &mut byte)?;
        panic!("it sent something to a server that it cannot trust");
    });
    let program = Program::new(server.dsn().replace("http:", "https:"));
    let (id, said) = program.crash().made();
    assert!(said.contains("the certificate of 127.0.0.1:") && said.contains("SSL_CERT_FILE"), "{said}");
    assert_eq!(program.unsent(), BTreeSet::from([id]));
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_server_for_http_is_none_for_https() {
    let _timed = timed();
    let server = Server::taking();
    let program = Program::new(server.dsn().replace("http:", "https:")).within(1000);
    let (id, said) = program.crash().made();
    assert!(said.starts_with("not sent to Sentry yet: "), "{said}");
    assert_eq!(program.unsent(), BTreeSet::from([id.clone()]));
    let program = program.sending_to(server.dsn());
    program.start();
    assert_eq!(server.counts()[&id], 1);
}
