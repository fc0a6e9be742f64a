//! The pages.

use super::views::{CrashPage, CrashRow, CrashesPage, Order, ReportRow, whole_message};
use super::{Served, html};
use crate::listing::{Head, Listing};
use crate::search::Search;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use maud::Markup;
use retry_core::crash::{LoadError, group};
use serde::Deserialize;
use std::sync::Arc;

/// Rows of one page.
const ROWS: usize = 100;

type Answer = Result<Response, Wrong>;

/// Why a page is not there.
enum Wrong {
    Unreadable(LoadError),
    Missing(&'static str),
}

/// Crashes that can be searched for.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    page: String,
}

/// What the crashes can be sorted by: the name in the address, and for people.
const ORDERS: [(&str, &str); 4] =
    [("last", "last seen"), ("first", "first seen"), ("count", "how often"), ("message", "message")];

pub(super) async fn crashes(
    State(served): State<Arc<Served>>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    // Nonsense asks for nothing.
    let Query(asked) = asked.unwrap_or_default();
    on_a_thread(served, move |served| crashes_page(served, &asked)).await
}

pub(super) async fn crash(
    State(served): State<Arc<Served>>,
    Path((_, crash)): Path<(String, String)>,
) -> Response {
    on_a_thread(served, move |served| crash_page(served, &crash)).await
}

pub(super) async fn report(
    State(served): State<Arc<Served>>,
    Path((_, file)): Path<(String, String)>,
) -> Response {
    on_a_thread(served, move |served| report_file(served, &file)).await
}

pub(super) async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../../../templates/viewer/style.css"))
}

pub(super) async fn nothing_here(State(served): State<Arc<Served>>) -> Response {
    Wrong::Missing("There is no such page.").page(&served)
}

/// Files are read there.
async fn on_a_thread(
    served: Arc<Served>,
    answer: impl FnOnce(&Served) -> Answer + Send + 'static,
) -> Response {
    let answered =
        tokio::task::spawn_blocking(move || answer(&served).unwrap_or_else(|wrong| wrong.page(&served)));
    answered.await.unwrap_or_else(|_| {
        (StatusCode::INTERNAL_SERVER_ERROR, "This page could not be made; try it again.\n").into_response()
    })
}

fn crashes_page(served: &Served, asked: &Asked) -> Answer {
    let query = asked.q.trim();
    let search = Search::new(query);
    let listing = Listing::read(&served.reports, |report| search.finds(report))?;
    let mut crashes = group(listing.heads);
    let chosen = ORDERS.iter().position(|(name, _)| *name == asked.sort).unwrap_or(0);
    // They are sorted by when they were seen last.
    match chosen {
        1 => crashes.sort_by(|a, b| b.first_seen.cmp(&a.first_seen)),
        2 => crashes.sort_by_key(|crash| std::cmp::Reverse(crash.count)),
        3 => crashes.sort_by_key(|crash| crash.newest.report.message.to_lowercase()),
        _ => {}
    }
    let pages = crashes.len().div_ceil(ROWS).max(1);
    let page = asked.page.parse().unwrap_or(1).clamp(1, pages);
    let from = (page - 1) * ROWS;
    let rows: Vec<_> = crashes.iter().skip(from).take(ROWS).map(CrashRow::of).collect();
    let order = |(number, (name, said))| Order { name, said, chosen: number == chosen };
    let page = CrashesPage {
        base: served.base(),
        folder: served.reports.folder().to_string_lossy().into_owned(),
        query: query.to_owned(),
        orders: ORDERS.into_iter().enumerate().map(order).collect(),
        shown: shown(crashes.len(), from, rows.len(), &search),
        crashes: rows,
        previous: (page > 1).then(|| page - 1),
        next: (page < pages).then(|| page + 1),
        unreadable: listing.unreadable.iter().map(|(_, error)| error.to_string()).collect(),
    };
    Ok(written(html::crashes(&page)))
}

fn shown(all: usize, from: usize, here: usize, search: &Search) -> String {
    let what = match (all, search.is_everything()) {
        (0, true) => return "No crash reports here yet.".to_owned(),
        (0, false) => return "No crash has all of these words.".to_owned(),
        (1, _) => "1 crash".to_owned(),
        (all, _) => format!("{all} crashes"),
    };
    match all == here {
        true => what,
        false => format!("{what}, of which {} to {}", from + 1, from + here),
    }
}

fn crash_page(served: &Served, fingerprint: &str) -> Answer {
    let listing = Listing::read(&served.reports, |_| true)?;
    let heads: Vec<Head> =
        listing.heads.into_iter().filter(|head| head.saved.fingerprint() == fingerprint).collect();
    let Some(crash) = group(heads.iter().cloned()).pop() else {
        return Err(Wrong::Missing("There is no report of this crash any more."));
    };
    let page = CrashPage {
        base: served.base(),
        message: whole_message(&crash.newest.report.message),
        crash: CrashRow::of(&crash),
        reports: heads.iter().map(ReportRow::of).collect(),
    };
    Ok(written(html::crash(&page)))
}

/// `<name>`, `<name>.json` or `<name>.txt`. Only what the folder's listing has is looked for.
fn report_file(served: &Served, file: &str) -> Answer {
    let (name, extension) =
        file.rsplit_once('.').filter(|(_, extension)| is_kind(extension)).unwrap_or((file, ""));
    let listed = served.reports.list()?;
    let Some(saved) = listed.into_iter().find(|saved| saved.name() == name) else {
        return Err(Wrong::Missing("There is no such report any more."));
    };
    let report = saved.read()?;
    let plain = |kind, text| ([(header::CONTENT_TYPE, kind)], text).into_response();
    Ok(match extension {
        "json" => plain("application/json", report.to_json()),
        "txt" => plain("text/plain; charset=utf-8", report.to_text(false)),
        _ => ([(header::CONTENT_SECURITY_POLICY, REPORT_POLICY)], Html(report.to_html())).into_response(),
    })
}

/// The page says itself what it may do: it has its own style and script in it.
const REPORT_POLICY: &str = "frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

fn is_kind(extension: &str) -> bool {
    matches!(extension, "json" | "txt")
}

fn written(page: Markup) -> Response {
    Html(page.into_string()).into_response()
}

impl From<LoadError> for Wrong {
    fn from(error: LoadError) -> Self {
        Self::Unreadable(error)
    }
}

impl Wrong {
    fn page(self, served: &Served) -> Response {
        let (status, error) = match self {
            Self::Unreadable(error) if error.is_missing() => (StatusCode::NOT_FOUND, error.to_string()),
            Self::Unreadable(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
            Self::Missing(error) => (StatusCode::NOT_FOUND, error.to_owned()),
        };
        (status, written(html::error(&served.base(), &error))).into_response()
    }
}
