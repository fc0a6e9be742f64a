//! Runs the program `bugsink` with a real Bugsink, and looks at it from both sides: what the program says, and what the server
//! has written down. `bash tests/peers/run bugsink -- cargo test -p retry-examples --features reqwest --test bugsink`

use std::process::Command;
use std::time::SystemTime;
use std::{env, fs};

use reqwest::{Client, Url};
use retry_tests::asked_for_peer;
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_bugsink");

/// What Bugsink says to an event too many, and how many seconds that is.
const TOO_MANY: (&str, f64) = ("60::key, 86400:transaction;span:organization", 60.0);
const LOOKUP: &str = "GET /api/canonical/0/events/lookup/";
const EVENTS: usize = 12;

#[tokio::test]
async fn every_event_gets_through_a_real_rate_limit_and_none_comes_earlier_than_asked() {
    if !asked_for_peer("bugsink") {
        return;
    }
    let bugsink = Bugsink::from_environment();
    let project = bugsink.new_project("rate limit").await;
    let before = bugsink.log().await.len();
    let output = Command::new(PROGRAM).env("RETRY_CORE_BUGSINK_DSN", &project.dsn).output().unwrap();
    let mut answers = bugsink.log().await.split_off(before);
    let (said, errors) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!((output.status.code(), &*errors), (Some(0), ""), "{said}");

    // The ten that it takes in five minutes; five times a minute for the next; the rest. Then the same with the API. And a
    // single request with a wrong key.
    let envelope = format!("POST /api/{}/envelope/", project.id);
    answers.retain(|answer| [&envelope, LOOKUP].contains(&&*answer.request)); // Not those to other tests.
    let taken = |count| vec![(envelope.as_str(), 200); count];
    let read = |count| vec![(LOOKUP, 200); count];
    let expected = [
        taken(10),
        vec![(envelope.as_str(), 429); 5],
        taken(EVENTS - 10),
        read(10),
        vec![(LOOKUP, 429)],
        read(EVENTS - 10),
        vec![(envelope.as_str(), 403)],
    ];
    let requests: Vec<_> = answers.iter().map(|answer| (answer.request.as_str(), answer.status)).collect();
    assert_eq!(requests, expected.concat(), "{said}");

    // What the server told is what the program waited for, or a tenth more.
    let told: Vec<f64> = answers.iter().filter_map(Answer::told).collect();
    assert_eq!(told[..5], [TOO_MANY.1; 5]);
    let waits = waits(&said);
    let asked: Vec<f64> = waits.iter().map(|wait| wait.asked).collect();
    assert_eq!(asked, told, "{said}");
    assert!(waits.iter().all(|wait| wait.asked <= wait.delay && wait.delay <= wait.asked * 1.1), "{said}");

    // And by the server's own clock as many seconds passed from each refusal to the next answer.
    let times: Vec<SystemTime> = said.lines().filter_map(time).collect();
    assert_eq!(times.len(), EVENTS + told.len(), "{said}");
    for (refused, next) in (10..15).map(|refusal| (times[refusal], times[refusal + 1])) {
        assert!(next.duration_since(refused).unwrap().as_secs_f64() >= TOO_MANY.1, "{said}");
    }

    // All have arrived as they were sent.
    for number in 1..=EVENTS {
        assert!(said.contains(&format!("  event {number}: order {number} has no price\n")), "{said}");
    }
    assert!(said.contains("\nWith a wrong key\n  403 Forbidden from "), "{said}");
}

#[tokio::test]
async fn a_wrong_key_from_the_beginning_is_one_request_and_a_readable_error() {
    if !asked_for_peer("bugsink") {
        return;
    }
    let bugsink = Bugsink::from_environment();
    let project = bugsink.new_project("wrong key").await;
    let mut dsn = Url::parse(&project.dsn).unwrap();
    dsn.set_username("00000000000000000000000000000000").unwrap();

    let output = Command::new(PROGRAM).env("RETRY_CORE_BUGSINK_DSN", dsn.as_str()).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.starts_with("error: 403 Forbidden from ") && errors.lines().count() == 1, "{errors}");
    let envelope = format!("POST /api/{}/envelope/", project.id);
    let statuses: Vec<_> = bugsink
        .log()
        .await
        .iter()
        .filter(|answer| answer.request == envelope)
        .map(|answer| answer.status)
        .collect();
    assert_eq!(statuses, [403]);
}

#[test]
fn without_a_server_it_says_how_to_get_one() {
    let output = Command::new(PROGRAM).env_remove("RETRY_CORE_BUGSINK_DSN").output().unwrap();
    let said =
        "error: RETRY_CORE_BUGSINK_DSN is not set; run this by `bash tests/peers/run bugsink -- ...`\n";
    assert_eq!((output.status.code(), &*String::from_utf8(output.stderr).unwrap()), (Some(1), said));
}

struct Bugsink {
    url: String,
    team: String,
    token: String,
    log: String,
    client: Client,
}

struct Project {
    id: u64,
    dsn: String,
}

/// A line of the server's log.
#[derive(Debug)]
struct Answer {
    request: String,
    status: u16,
    retry_after: Option<f64>,
    limits: String,
}

impl Bugsink {
    fn from_environment() -> Self {
        let variable = |name: &str| {
            let name = format!("RETRY_CORE_BUGSINK_{name}");
            env::var(&name)
                .unwrap_or_else(|_| panic!("{name} is not set; run this by `bash tests/peers/run`"))
        };
        Self {
            url: variable("URL"),
            team: variable("TEAM"),
            token: variable("TOKEN"),
            log: variable("LOG"),
            client: Client::builder().no_proxy().build().unwrap(),
        }
    }

    /// Limits hold for a project, so a test has one of its own.
    async fn new_project(&self, name: &str) -> Project {
        let url = format!("{}/api/canonical/0/projects/", self.url);
        let project = json!({ "team": self.team, "name": name });
        let made = self.client.post(&url).bearer_auth(&self.token).json(&project).send().await.unwrap();
        let made: Value = made.error_for_status().unwrap().json().await.unwrap();
        let id: u64 = made["id"].as_str().unwrap().parse().unwrap();
        let shown = self.client.get(format!("{url}{id}/")).bearer_auth(&self.token).send().await.unwrap();
        let shown: Value = shown.error_for_status().unwrap().json().await.unwrap();
        Project { id, dsn: shown["dsn"].as_str().unwrap().to_owned() }
    }

    /// All that it has answered so far.
    async fn log(&self) -> Vec<Answer> {
        // It answers one request after the other, so what came before this one is written down when this one is answered.
        self.client.get(format!("{}/health/ready", self.url)).send().await.unwrap();
        let log = fs::read_to_string(&self.log).unwrap();
        log.lines().filter(|line| !line.contains("/health/ready")).map(Answer::read).collect()
    }
}

impl Answer {
    fn read(line: &str) -> Self {
        let mut fields = line.splitn(5, ' ');
        let mut field = || fields.next().unwrap_or_else(|| panic!("{line:?}"));
        Self {
            request: format!("{} {}", field(), field()),
            status: field().parse().unwrap(),
            retry_after: field().parse().ok(),
            limits: field().to_owned(),
        }
    }

    /// The seconds that the server asked to wait.
    fn told(&self) -> Option<f64> {
        if self.status != 429 {
            return None;
        }
        self.retry_after
            .or_else(|| Some(if self.limits == TOO_MANY.0 { TOO_MANY.1 } else { panic!("{self:?}") }))
    }
}

struct Wait {
    asked: f64,
    delay: f64,
}

/// `    asks for 60.000 s, waits 64.389 s`
fn waits(said: &str) -> Vec<Wait> {
    let lines = said.lines().filter_map(|line| line.strip_prefix("    asks for ")?.strip_suffix(" s"));
    let parts = lines.map(|line| line.split_once(" s, waits ").unwrap());
    parts
        .map(|(asked, delay)| Wait { asked: asked.parse().unwrap(), delay: delay.parse().unwrap() })
        .collect()
}

/// The server's time at the end of a line: `.., Tue, 24 Nov 2026 12:52:03 GMT`
fn time(line: &str) -> Option<SystemTime> {
    const LENGTH: usize = "Tue, 24 Nov 2026 12:52:03 GMT".len();
    httpdate::parse_http_date(line.get(line.len().checked_sub(LENGTH)?..)?).ok()
}
