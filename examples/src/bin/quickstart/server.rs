//! The server that the program brings along: it fails in four ways, then answers.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use reqwest::Url;
use serde_json::json;
use tokio::net::TcpListener;

/// Starts it on a free port of this machine that nobody else can reach; gives the address to call.
pub(crate) async fn start() -> io::Result<Url> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/events", listener.local_addr()?);
    let app = Router::new().route("/events", get(events)).with_state(Arc::default());
    tokio::spawn(axum::serve(listener, app).into_future());
    Url::parse(&url).map_err(io::Error::other)
}

async fn events(State(calls): State<Arc<AtomicU32>>) -> Response {
    match calls.fetch_add(1, Ordering::Relaxed) {
        0 => std::future::pending().await,
        1 => (StatusCode::TOO_MANY_REQUESTS, Json(json!({ "retry_interval": 2 }))).into_response(),
        2 => (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "1")]).into_response(),
        3 => StatusCode::CONFLICT.into_response(),
        _ => Json(json!({ "events": ["door opened", "light switched on", "door closed"] })).into_response(),
    }
}
