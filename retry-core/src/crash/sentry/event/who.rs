//! Who it happened to, in which version, and what can be searched for.

use super::super::super::bounded::beginning;
use super::super::super::report::{ContextEntry, Kind, Report, Shown};
use super::super::About;
use super::contexts::build;
use super::texts::clipped_line;
use super::tree::Tree;
use sentry_types::protocol::v7::{Map, User};
use serde_json::Value as Json;

const LONGEST_TAG_NAME: usize = 32;
const LONGEST_TAG: usize = 200;
const LONGEST_RELEASE: usize = 200;
const LONGEST_ENVIRONMENT: usize = 64;
const LONGEST_ID: usize = 128;
const LONGEST_EMAIL: usize = 75;
const LONGEST_OTHER: usize = 1000;
/// More tags, and more facts of the user, are left out.
const MOST_TAGS: usize = 100;
const MOST_OTHER: usize = 50;
/// What the server keeps elsewhere, and takes out of the tags.
const NO_TAGS: [&str; 4] = ["release", "dist", "environment", "user"];

/// Whether the entry says something of the user.
pub(super) fn is_user(entry: &ContextEntry) -> bool {
    matches!(&entry.value, Shown::Value { .. })
        && matches!(
            entry.name.as_str(),
            "user" | "user.id" | "user.email" | "user.username" | "user.ip_address"
        )
}

/// What is said of the user in general, or else what the application's context says.
pub(super) fn user(report: &Report, about: &About) -> Option<User> {
    let mut user = User::default();
    for entry in report.context.iter().filter(|entry| is_user(entry)) {
        let value = Tree::shown(&entry.value, "", 1).fit(LONGEST_OTHER).marked.value;
        match (entry.name.strip_prefix("user."), value) {
            (Some(field), value) => set(&mut user, field, &words(&value)),
            (None, Json::Object(fields)) => {
                fields.iter().for_each(|(field, value)| set(&mut user, field, &words(value)));
            }
            (None, value) => set(&mut user, "username", &words(&value)),
        }
    }
    about.user.iter().for_each(|(field, value)| set(&mut user, field, value));
    (user != User::default()).then_some(user)
}

fn set(user: &mut User, field: &str, value: &str) {
    let text = |longest| Some(clipped_line(value, longest)).filter(|text| !text.is_empty());
    match field {
        "id" => user.id = text(LONGEST_ID),
        "email" => user.email = text(LONGEST_EMAIL),
        "username" => user.username = text(LONGEST_ID),
        "ip_address" if value.parse::<std::net::IpAddr>().is_ok() || value == "{{auto}}" => {
            user.ip_address = value.parse().ok();
        }
        field if user.other.len() < MOST_OTHER => {
            // The server refuses an address that is none.
            let field = if field == "ip_address" { "ip" } else { field };
            user.other
                .insert(clipped_line(field, LONGEST_ID), Json::from(clipped_line(value, LONGEST_OTHER)));
        }
        _ => {}
    }
}

/// A text as it is, all else as JSON.
fn words(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

pub(super) fn tags(report: &Report, about: &About) -> Map<String, String> {
    let kind = match report.kind {
        Kind::Panic => "panic",
        Kind::Error => "error",
    };
    let mut found = vec![("kind", kind), ("arch", report.process.arch.as_str()), ("build", build(report))];
    found.extend(report.thread.name.as_deref().map(|name| ("thread", name)));
    let attempt = report.frames.iter().rev().find_map(|frame| frame.attempt.as_ref());
    let attempt = attempt.map(|attempt| attempt.number.to_string());
    found.extend(attempt.as_deref().map(|number| ("attempt", number)));
    found.extend(about.tags.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let mut tags = Map::new();
    for (name, value) in found {
        let value = clipped_line(value, LONGEST_TAG).trim().to_owned();
        if let (Some(name), false) = (tag_name(name), value.is_empty() || tags.len() == MOST_TAGS) {
            tags.insert(name, value);
        }
    }
    tags
}

/// Of letters, digits and `_`, `.`, `:`, `-`.
fn tag_name(name: &str) -> Option<String> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "_.:-".contains(letter);
    let name: String = name
        .trim()
        .chars()
        .take(LONGEST_TAG_NAME)
        .map(|letter| if allowed(letter) { letter } else { '-' })
        .collect();
    match name.as_str() {
        "" => None,
        taken if NO_TAGS.contains(&taken) => Some(format!("app.{taken}")),
        _ => Some(name),
    }
}

/// `shop@1.2.3`
pub(super) fn release(report: &Report, about: &About) -> Option<String> {
    let of_app = || {
        let app = report.app.as_ref()?;
        match (app.name.as_str(), app.version.as_str()) {
            ("", version) => Some(version.to_owned()),
            (name, "") => Some(name.to_owned()),
            (name, version) => Some(format!("{name}@{version}")),
        }
    };
    let release = about.release.clone().filter(|release| !release.trim().is_empty()).or_else(of_app)?;
    let release = accepted(&release, LONGEST_RELEASE);
    // Words that the server does not take for a release.
    let is_none = matches!(release.to_ascii_lowercase().as_str(), "" | "." | ".." | "latest");
    (!is_none).then_some(release)
}

pub(super) fn environment(report: &Report, about: &About) -> String {
    let of_build = if report.process.debug { "development" } else { "production" };
    let said = about.environment.as_deref().map(|environment| accepted(environment, LONGEST_ENVIRONMENT));
    let is_none = |said: &str| matches!(said.to_ascii_lowercase().as_str(), "" | "." | ".." | "none");
    said.filter(|said| !is_none(said)).unwrap_or(of_build.to_owned())
}

/// Without what these names must not have, and not of more bytes.
fn accepted(name: &str, longest: usize) -> String {
    let name = name.replace(|letter: char| letter.is_control() || matches!(letter, '/' | '\\'), "-");
    beginning(name.trim(), longest).trim().to_owned()
}

pub(super) fn server_name(about: &About) -> Option<String> {
    let name = about.server_name.as_deref()?;
    Some(clipped_line(name, LONGEST_TAG)).filter(|name| !name.is_empty())
}
