//! The server on which the events are read back.

use std::env;
use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;

pub struct Bugsink {
    pub url: String,
    team: String,
    token: String,
    agent: Agent,
}

/// Limits and issues are a project's, so that a test has one of its own.
pub struct Project<'a> {
    bugsink: &'a Bugsink,
    pub id: String,
    pub dsn: String,
}

impl Bugsink {
    pub fn from_environment() -> Self {
        let config =
            Agent::config_builder().proxy(None).timeout_global(Some(Duration::from_secs(30))).build();
        Self { url: variable("URL"), team: variable("TEAM"), token: variable("TOKEN"), agent: config.into() }
    }

    pub fn new_project(&self, name: &str) -> Project<'_> {
        let url = format!("{}/api/canonical/0/projects/", self.url);
        let project = json!({ "team": self.team, "name": name });
        let request = self.agent.post(&url).header("Authorization", self.authorization());
        let made: Value = request.send_json(&project).unwrap().into_body().read_json().unwrap();
        let id = made["id"].as_str().unwrap().to_owned();
        let shown = self.get(&format!("projects/{id}/"));
        Project { bugsink: self, id, dsn: shown["dsn"].as_str().unwrap().to_owned() }
    }

    fn authorization(&self) -> String {
        format!("Bearer {}", self.token)
    }

    fn get(&self, path: &str) -> Value {
        self.try_get(path).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn try_get(&self, path: &str) -> Result<Value, ureq::Error> {
        let url = format!("{}/api/canonical/0/{path}", self.url);
        self.agent.get(&url).header("Authorization", self.authorization()).call()?.into_body().read_json()
    }
}

pub fn variable(name: &str) -> String {
    let name = format!("RETRY_CORE_BUGSINK_{name}");
    env::var(&name).unwrap_or_else(|_| panic!("{name} is not set; run this by `bash tests/peers/run`"))
}

impl Project<'_> {
    /// The issues, each with its events, the first one first.
    pub fn issues(&self) -> Vec<Vec<Value>> {
        let issues = self.bugsink.get(&format!("issues/?project={}&order=asc", self.id));
        let issues = issues["results"].as_array().unwrap().iter();
        issues.map(|issue| self.events(issue["id"].as_str().unwrap())).collect()
    }

    fn events(&self, issue: &str) -> Vec<Value> {
        let events = self.bugsink.get(&format!("events/?issue={issue}&order=asc"));
        let ids = events["results"].as_array().unwrap().iter().map(|event| event["id"].as_str().unwrap());
        ids.map(|id| self.bugsink.get(&format!("events/{id}/"))).collect()
    }

    /// The one event that it has.
    #[track_caller]
    pub fn event(&self) -> Value {
        let issues = self.issues();
        let [events] = issues.as_slice() else { panic!("{} issues", issues.len()) };
        let [event] = events.as_slice() else { panic!("{} events", events.len()) };
        event.clone()
    }
}
