//! `serve`: the reports as local web pages.

mod guard;
mod html;
mod pages;
mod secret;
mod views;

use crate::arguments::{Folder, Serve};
use crate::launch;
use crate::output::{Failure, complain, print};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use retry_core::crash::Reports;
use secret::Secret;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;
use std::{io, thread};
use tokio::net::TcpListener;

/// In this time a browser has read the page that sends it here.
const BROWSER_STARTS: Duration = Duration::from_secs(30);

/// What every page needs.
struct Served {
    reports: Reports,
    secret: Secret,
    port: u16,
}

impl Served {
    /// What paths begin with.
    fn base(&self) -> String {
        format!("/{}", self.secret.as_str())
    }
}

pub(crate) fn run(folder: &Folder, wanted: &Serve) -> Result<(), Failure> {
    let reports = folder.reports()?;
    // Better now than on a page.
    reports.list()?;
    let secret = Secret::fresh()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| not_served(&error))?;
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, wanted.port)).await;
        let listener = listener.map_err(|error| no_port(wanted.port, &error))?;
        let port = listener.local_addr().map_err(|error| not_served(&error))?.port();
        let address = format!("http://127.0.0.1:{port}/{}/", secret.as_str());
        print(&format!("{address}\n"))?;
        if wanted.open {
            open(&address)?;
        }
        let served = Arc::new(Served { reports, secret, port });
        axum::serve(listener, router(served)).await.map_err(|error| not_served(&error))
    })
}

fn router(served: Arc<Served>) -> Router {
    Router::new()
        .route("/{secret}/", get(pages::crashes))
        .route("/{secret}/style.css", get(pages::style))
        .route("/{secret}/crash/{fingerprint}", get(pages::crash))
        .route("/{secret}/report/{file}", get(pages::report))
        .fallback(pages::nothing_here)
        .layer(from_fn_with_state(Arc::clone(&served), guard::admit))
        .with_state(served)
}

/// By way of a file that only this user can read: everybody on the machine can read the arguments of the desktop's
/// programs, and the address has the secret in it.
fn open(address: &str) -> Result<(), Failure> {
    let html = format!("<!doctype html><meta http-equiv=\"refresh\" content=\"0; url={address}\">");
    let page = launch::private_file(".html", html.as_bytes())?;
    thread::spawn(move || {
        match launch::open(page.path()) {
            Ok(()) => thread::sleep(BROWSER_STARTS),
            Err(failure) => complain(&format!("error: {failure}")),
        }
        drop(page);
    });
    Ok(())
}

fn no_port(port: u16, error: &io::Error) -> Failure {
    Failure::Said(format!(
        "port {port} cannot be used: {error}; choose another with `--port`, or leave it out"
    ))
}

fn not_served(error: &io::Error) -> Failure {
    Failure::Said(format!("the pages cannot be served: {error}; try it again"))
}
