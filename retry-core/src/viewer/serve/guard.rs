//! Who is let in: the user's own browser, by the address that was printed.

use super::Served;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::uri::Authority;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Headers of every answer, unless a page has its own.
const HEADERS: [(HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

type Refusal = (StatusCode, &'static str);

pub(super) async fn admit(State(served): State<Arc<Served>>, request: Request, next: Next) -> Response {
    let mut response = match check(&served, &request) {
        Ok(()) => next.run(request).await,
        Err((StatusCode::METHOD_NOT_ALLOWED, why)) => {
            (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")], why).into_response()
        }
        Err(refusal) => refusal.into_response(),
    };
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

fn check(served: &Served, request: &Request) -> Result<(), Refusal> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err((StatusCode::METHOD_NOT_ALLOWED, "These pages can only be read.\n"));
    }
    let headers = request.headers();
    host(served, headers, request.uri().authority().map(Authority::as_str))?;
    origin(served, headers)?;
    let first = request.uri().path().split('/').nth(1).unwrap_or_default();
    if !served.secret.is(first) {
        return Err((
            StatusCode::FORBIDDEN,
            "This is not the whole address: open the one that `crash-reports serve` printed.\n",
        ));
    }
    Ok(())
}

/// A page from elsewhere may let a name of its own stand for this machine; it cannot choose what the browser says it asked
/// for.
fn host(served: &Served, headers: &HeaderMap, authority: Option<&str>) -> Result<(), Refusal> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Err((StatusCode::BAD_REQUEST, "The request has to say once which host it is for.\n"));
    };
    let is_ours = |host: &str| served.is_ours(host);
    if !host.to_str().is_ok_and(is_ours) || !authority.is_none_or(is_ours) {
        return Err((StatusCode::FORBIDDEN, "These pages are for programs on this machine only.\n"));
    }
    Ok(())
}

/// Pages of other origins may not ask on their own. To be sent here, as by a link to the whole address, is no request of
/// theirs: they do not see what comes of it.
fn origin(served: &Served, headers: &HeaderMap) -> Result<(), Refusal> {
    let says = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    let own_origin = says("origin")
        .is_none_or(|origin| origin.strip_prefix("http://").is_some_and(|host| served.is_ours(host)));
    let own_site = says("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let is_sent_here =
        says("sec-fetch-mode") == Some("navigate") && says("sec-fetch-dest") == Some("document");
    match own_origin && (own_site || is_sent_here) {
        true => Ok(()),
        false => Err((StatusCode::FORBIDDEN, "These pages are not for other pages to ask for.\n")),
    }
}

impl Served {
    fn is_ours(&self, host: &str) -> bool {
        let name = match host.strip_suffix(&format!(":{}", self.port)) {
            Some(name) => name,
            // Without a port, a browser means 80.
            None if self.port == 80 => host,
            None => return false,
        };
        ["127.0.0.1", "localhost", "[::1]"].iter().any(|ours| name.eq_ignore_ascii_case(ours))
    }
}
