use super::{REDACTED, Rules};
use crate::crash::report::{ContextEntry, Shown};

/// A text, the secret in it, and what has to be left.
struct Leak {
    text: &'static str,
    secret: &'static str,
    rest: &'static [&'static str],
}

const fn leak(text: &'static str, secret: &'static str, rest: &'static [&'static str]) -> Leak {
    Leak { text, secret, rest }
}

const PEM: &str =
    "key:\n-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKC\nAQEAxyz=\n-----END RSA PRIVATE KEY-----\nnext";

/// No four bytes in a row of a secret may be left, of the text or of its beginning.
const LEAKS: &[Leak] = &[
    // Fields and keys, at any depth, whatever their value.
    leak(r#"User { name: "bob", password: "hunter2", age: 7 }"#, "hunter2", &["name: \"bob\"", "age: 7"]),
    leak(r#"User { password: Some("hunter2"), age: 7 }"#, "hunter2", &["age: 7"]),
    leak(
        r#"A { b: Some(B { c: [C { api_key: "k3y-9183" }] }), d: 4 }"#,
        "k3y-9183",
        &["A { b: Some(B { c: [C {", "d: 4 }"],
    ),
    leak(r#"{"user": "bob", "password": "hunter2", "n": 1}"#, "hunter2", &[r#""user": "bob""#, r#""n": 1}"#]),
    leak(r#"{"DB_PASSWD": "hunter2", "HOME": "/root"}"#, "hunter2", &[r#""HOME": "/root""#]),
    leak(r#"{"x-api-key": ["8f14e45f"], "accept": ["*/*"]}"#, "8f14e45f", &[r#""accept": ["*/*"]"#]),
    leak(
        r#"[("accept", "*/*"), ("authorization", "Zx81-token"), ("b", "c")]"#,
        "Zx81-token",
        &[r#"("accept", "*/*")"#, r#"("b", "c")"#],
    ),
    leak(
        r#"[["accept", "*/*"], ["cookie", "id=8f14e45f"], ["b", "c"]]"#,
        "id=8f14e45f",
        &[r#"["accept", "*/*"]"#, r#"["b", "c"]"#],
    ),
    leak(
        r#"[Header { name: "authorization", value: "8f14e45f" }, Header { name: "te", value: "gzip" }]"#,
        "8f14e45f",
        &["gzip"],
    ),
    leak(r#"{"name":"db_password","value":"hunter2","n":1}"#, "hunter2", &[r#""n":1"#]),
    leak(r"Login { user: 7, session_id: 918273645, ok: true }", "918273645", &["user: 7", "ok: true"]),
    leak(r"Card { holder: 7, card_number: 4111_1111, cvv: 918 }", "4111_1111", &["holder: 7"]),
    leak(r"Card { holder: 7, pin: 9182, ok: true }", "9182", &["holder: 7", "ok: true"]),
    leak(
        "User {\n    name: \"bob\",\n    password: \"hunter2\",\n    age: 7,\n}",
        "hunter2",
        &["name: \"bob\",\n", "    age: 7,\n}"],
    ),
    leak(
        "Conf {\n    credentials: Creds {\n        user: \"u\",\n        word: \"hunter2\",\n    },\n    n: 1,\n}",
        "hunter2",
        &["    n: 1,\n}"],
    ),
    leak("Custom { secret: hunt,er22, n: 1 }", "hunt", &["Custom { secret: "]),
    leak(r#"Conf { secret: "a\"b,} hunter2", n: 1 }"#, "hunter2", &["n: 1 }"]),
    leak("Conf { private_key: [104, 117, 110], n: 1 }", "104, 117", &["n: 1 }"]),
    leak(
        r#"Conf { auth_token: Mutex { data: "hunter2", poisoned: false, .. }, n: 1 }"#,
        "hunter2",
        &["n: 1 }"],
    ),
    leak(r#"Conf { connectionString: "hunter2", n: 1 }"#, "hunter2", &["n: 1 }"]),
    leak(r#"Conf { dsn: Dsn("abc8f14e45f"), n: 1 }"#, "abc8f14e45f", &["n: 1 }"]),
    leak(r#"(1, Password("hunter2"), 3)"#, "hunter2", &["(1, Password(", "), 3)"]),
    leak(r#"Auth(AccessToken { raw: "hunter2" }, 3)"#, "hunter2", &["Auth(AccessToken {", ", 3)"]),
    leak("U(name='bob', password='hunter2', n=1)", "hunter2", &["name='bob'", "n=1"]),
    leak("{'user': 'bob', 'password': 'hunter,22', 'n': 1}", "hunter,22", &["'user': 'bob'", "'n': 1"]),
    leak(r#"["curl", "--token", "hunter2", "-v"]"#, "hunter2", &["curl", "-v"]),
    leak(r#"["curl", "--token=hunter2", "-v"]"#, "hunter2", &["curl", "-v"]),
    // Texts in quotes.
    leak(
        r#"Body("{\"user\":\"bob\",\"password\":\"hunter2\",\"n\":1}")"#,
        "hunter2",
        &[r#"\"user\":\"bob\""#, r#"\"n\":1}"#],
    ),
    leak(
        r#"Body("{\"a\":\"{\\\"token\\\":\\\"hunter2\\\",\\\"n\\\":1}\"}")"#,
        "hunter2",
        &[r#"\\\"n\\\":1}\"}"#],
    ),
    leak(r#"b"{\"password\":\"hunter2\",\"n\":1}""#, "hunter2", &[r#"\"n\":1}"#]),
    leak(
        r#"called `Result::unwrap()` on an `Err` value: Login { password: "hunter2", n: 1 }"#,
        "hunter2",
        &["called `Result::unwrap()` on", "n: 1 }"],
    ),
    leak(r#"a 5" disk, password: "hunter2" and 3" more"#, "hunter2", &["a 5\" disk", "and 3\" more"]),
    leak(r#""password":"hunter2","user":"bob""#, "hunter2", &[r#""user":"bob""#]),
    leak(r#"Line("first\npassword=hunter2\nuser=bob")"#, "hunter2", &[r"first\n", r"\nuser=bob"]),
    leak(r#"Args("\u{70}assword=hunter2 n=1")"#, "hunter2", &["n=1"]),
    // URLs.
    leak(
        "cannot reach postgres://app:hunter2@db:5432/shop now",
        "hunter2",
        &["postgres://app:", "@db:5432/shop now"],
    ),
    leak("redis://:hunter2@cache:6379/0", "hunter2", &["redis://:", "@cache:6379/0"]),
    leak("amqp://u:hun/ter2#x@mq:5672 down", "hun/ter2#x", &["amqp://u:", "@mq:5672 down"]),
    leak(
        r#"Url("https://bob:hunter2@example.org/a?b=c")"#,
        "hunter2",
        &["https://bob:", "@example.org/a?b=c"],
    ),
    leak(
        "https://9f86d081884c7d659a2feaa0c55ad015@sentry.example.org/1",
        "9f86d081884c7d659a2feaa0c55ad015",
        &["@sentry.example.org/1"],
    ),
    leak(
        "GET https://example.org/a?token=hunter2&b=c&d failed",
        "hunter2",
        &["https://example.org/a?token=", "&b=c&d failed"],
    ),
    leak("GET /a?b=c&api_key=hunter2&d=e", "hunter2", &["GET /a?b=c&", "&d=e"]),
    leak("https://x.blob.example/a?sv=1&sig=hunter2%3D&se=2", "hunter2%3D", &["sv=1", "&se=2"]),
    leak("body was %22password%22%3A%22hunter2%22 here", "hunter2", &["body was", "here"]),
    // Headers.
    leak("Authorization: Bearer 8f14e45fceea167a\r\nAccept: */*", "8f14e45fceea167a", &["Accept: */*"]),
    leak("Authorization: Basic Ym9iOmh1bnRlcjI=\nAccept: */*", "Ym9iOmh1bnRlcjI=", &["Accept: */*"]),
    leak(
        "authorization: Digest username=\"bob\", response=\"8f14e45f\"\nte: gzip",
        "8f14e45f",
        &["te: gzip"],
    ),
    leak("Set-Cookie: id=8f14e45f; Path=/; HttpOnly\nte: gzip", "8f14e45f", &["te: gzip"]),
    leak(
        "curl -H 'Cookie: a=8f14e45f; b=c' https://example.org",
        "8f14e45f",
        &["curl -H '", "' https://example.org"],
    ),
    leak(r#"Command { "curl" "-H" "Authorization: Bearer hunter2" "-v" }"#, "hunter2", &["curl", "\"-v\""]),
    leak("sent Bearer eyJhbGciOiJIUzI1NiJ9 to it", "hbGciOiJIUzI1NiJ9", &["sent Bearer ", " to it"]),
    leak("sent 'Bearer 8f14e45fceea' to it", "8f14e45fceea", &["sent 'Bearer ", "' to it"]),
    leak("Proxy-Authorization: Basic Ym9iOmh1bnRlcjI=", "Ym9iOmh1bnRlcjI=", &["Proxy-Authorization: "]),
    leak("X-Amz-Security-Token=FwoGZXIvYXdzE&X-Amz-Date=2", "FwoGZXIvYXdzE", &["&X-Amz-Date=2"]),
    // Text for people.
    leak("login failed: password=hunter2, user=bob", "hunter2", &["login failed", "user=bob"]),
    leak("login failed (password: hunter2) for bob", "hunter2", &["login failed (", ") for bob"]),
    leak("wrong password \"hunter2\" for bob", "hunter2", &["wrong password ", " for bob"]),
    leak(
        "Server=db;User Id=app;Password=hun ter,2;Timeout=5",
        "hun ter,2",
        &["Server=db;User Id=app;", ";Timeout=5"],
    ),
    leak(
        "Endpoint=sb://x/;SharedAccessKey=8f14e45f=;EntityPath=q",
        "8f14e45f",
        &["Endpoint=sb://x/", ";EntityPath=q"],
    ),
    leak("run --password hunter2 --verbose", "hunter2", &["run --password ", "--verbose"]),
    leak("PGPASSWORD=hunter2 psql -h db", "hunter2", &["psql -h db"]),
    leak("invalid token: 8f14e45fceea in line 3", "8f14e45fceea", &["invalid token: ", " in line 3"]),
    leak("seed phrase: abandon ability able\nnext", "ability able", &["next"]),
    leak(
        "posting to https://hooks.slack.com/services/T0/B0/Xabcd1234 failed",
        "T0/B0/Xabcd1234",
        &["hooks.slack.com", " failed"],
    ),
    // Keys known by their look.
    leak("using AKIAIOSFODNN7EXAMPLE for it", "IOSFODNN7EXAMPLE", &["using ", " for it"]),
    leak("using ghp_16C7e42F292c6912E7710c838347Ae178B4a for it", "16C7e42F292c6912", &["using ", " for it"]),
    leak("using sk_live_4eC39HqLyjWDarjtT1zdp7dc for it", "4eC39HqLyjWDarjt", &["using ", " for it"]),
    leak("using xoxb-2048-9183-aBcDeF for it", "2048-9183-aBcDeF", &["using ", " for it"]),
    leak("[\"sk-proj-9f86d081884c7d65\", 5]", "9f86d081884c7d65", &[", 5]"]),
    leak("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl end", "hbGciOiJIUzI1NiJ9", &[" end"]),
    leak(
        PEM,
        "MIIEowIBAAKC",
        &["key:\n-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----\nnext"],
    ),
    leak(
        r#"Key("-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKC\n-----END PRIVATE KEY-----\n", 5)"#,
        "MIIEowIBAAKC",
        &["Key(\"", ", 5)"],
    ),
];

const HARMLESS: &[&str] = &[
    "",
    "Order { id: 42, items: [Item { sku: \"a-1\", n: 3 }], author: \"bob\" }",
    "Lexer { tokenizer_count: 3, token_count: 5, max_tokens: 100, prompt_tokens: 7 }",
    "Tests { passed: 3, failed: 0, pass_count: 3, render_pass: 1 }",
    "Point { compass: 90.5, pinned: true, monkey: \"chimp\", keyboard: 1, keys: 5 }",
    "Page { title: \"a\\\"b\\n\", spin: 1, opinion: None, gpio_pin: 13, primary_key: 7, public_key: \"ed25519\" }",
    "User { has_password: true, password_length: 7, private_key_path: \"/etc/key.pem\", token_type: \"Bearer\" }",
    "called `Option::unwrap()` on a `None` value",
    "index out of bounds: the len is 3 but the index is 5",
    "assertion `left == right` failed: it's wrong\n  left: \"a\"\n right: \"b\"",
    "unexpected token: `}` at line 3 column 7",
    "expected identifier, found token \"}\"",
    "invalid password: must be at least 8 characters",
    "the session: expired. Authentication failed, missing Bearer token",
    "https://example.org:8080/a/b?page=2&sort=name#top",
    "http://localhost:8080",
    "ssh://git@example.org:22/a.git and mailto:bob@example.org",
    "https://[::1]:8080/a@b?email=bob@example.org",
    "crate::auth::token::Kind and shop::session::open failed",
    "GET /auth: 401 Unauthorized",
    "auth.example.com:443: connection refused",
    "auth: user bob logged in",
    "Duration 1.5s at 2024-01-01T00:00:00Z, <locked>, .., ')', '\"', '\\'', (:",
    "assertion failed: password == expected && token != other",
    "if secret { return } // skip-learn, the bearer of this letter",
    "-----BEGIN CERTIFICATE-----\nMIIEowIBAAKC\n-----END CERTIFICATE-----",
    "{\"user\":\"bob\",\"tags\":[\"a\",\"b\"],\"nested\":{\"n\":1e5}}",
    "missing fields: [\"password\", \"email\"]",
    "Err(Auth(Timeout)), InvalidPassword(\"too short\"), Token(Ident)",
    "{1, 2, 3} [(\"a\", 1), (\"b\", 2)] Some(Ok(())) 0x7fff5694dc58",
    "Error(\"invalid token\", line: 1, column: 3)",
    "grüße, 日本語: \"日本\\u{e9}\" — ünïcödé { ä: \"ö\" }",
    "C:\\Users\\bob\\file.txt: no such file",
    "a 5\" disk and 3\" more, it's \"quoted\"",
];

fn four_bytes_of<'a>(secret: &'a str, text: &str) -> Option<&'a str> {
    let ends = (0..=secret.len() - 4).map(|start| &secret[start..start + 4]);
    ends.into_iter().find(|part| text.contains(part))
}

#[test]
fn no_secret_is_left_and_the_rest_is() {
    let rules = Rules::default();
    for Leak { text, secret, rest } in LEAKS {
        assert!(text.contains(secret), "the row is wrong: {text}");
        let clean = rules.scrub(text);
        assert_eq!(four_bytes_of(secret, &clean), None, "{text}\n-> {clean}");
        assert!(clean.contains(REDACTED), "{text}\n-> {clean}");
        for part in *rest {
            assert!(clean.contains(part), "{part:?} is gone:\n{text}\n-> {clean}");
        }
        assert_eq!(rules.scrub(&clean), clean, "scrubbed twice");
    }
}

#[test]
fn no_beginning_of_a_text_leaks() {
    let rules = Rules::default();
    for Leak { text, secret, .. } in LEAKS {
        for end in 0..text.len() {
            let clean = rules.scrub(&text[..end]);
            assert_eq!(four_bytes_of(secret, &clean), None, "{}\n-> {clean}", &text[..end]);
        }
    }
}

#[test]
fn no_leak_inside_other_texts_and_their_beginnings() {
    let rules = Rules::default();
    for Leak { text, secret, .. } in LEAKS {
        let shown = Some(text);
        let depths = [format!("{shown:?}"), format!("{shown:#?}"), format!("{:?}", format!("{shown:?}"))];
        for outer in depths.iter().chain(&[format!("[1, {text}"), format!("error 5: {text}")]) {
            for end in (0..=outer.len()).rev().step_by(3) {
                let clean = rules.scrub(&outer[..end]);
                assert_eq!(four_bytes_of(secret, &clean), None, "{}\n-> {clean}", &outer[..end]);
            }
        }
    }
}

/// What is only known for a secret by what follows on it, so that its beginning alone may be left.
#[test]
fn sentences_and_addresses_without_a_scheme() {
    let table = [
        ("the password is hunter2 today", "the password is <redacted> today"),
        ("api key k3y9183x was refused", "api key <redacted> was refused"),
        ("the password is wrong, try password 2", "the password is wrong, try password 2"),
        ("root:hunter2@tcp(db:3306)/shop", "root:<redacted>@tcp(db:3306)/shop"),
        ("proxy bob:hunter2@proxy:8080 is down", "proxy bob:<redacted>@proxy:8080 is down"),
        ("mailto:bob@example.org, at 12:30@office", "mailto:bob@example.org, at 12:30@office"),
    ];
    for (text, clean) in table {
        assert_eq!(Rules::default().scrub(text), clean);
    }
}

#[test]
fn harmless_texts_stay_as_they_are() {
    let rules = Rules::default();
    for text in HARMLESS {
        assert_eq!(rules.scrub(text), *text);
        let quoted = format!("{text:?}");
        assert_eq!(rules.scrub(&quoted), quoted);
    }
}

#[test]
fn names_are_compared_by_their_words() {
    let rules = Rules::default();
    let secret = "password passwd pwd passphrase db_password userPassword PASSWORD password2 passwords secret \
        client_secret clientsecret token access_token accessToken api_key apiKey API_KEY APIKey apikey x-api-key \
        access_key private_key PrivateKey secret-key auth authorization Proxy-Authorization credential credentials \
        aws_creds cookie Set-Cookie session session_id sessionid PHPSESSID csrf csrf_token bearer jwt otp totp_code pin \
        user_pin pin_code ssn card_number cardNumber credit_card cvv CVV2 connection_string connStr dsn SENTRY_DSN pass \
        db_pass PGPASSWORD aws_secret_access_key signing_key seed_phrase xsrf 2fa_code password_hash refresh_tokens";
    for name in secret.split_whitespace() {
        assert!(rules.is_secret(name), "{name}");
    }
    let harmless = "author authority authored tokenizer tokenizer_count token_count max_tokens pinned pin_count spin \
        passed passing compass compass_wording bypass monkey key keys primary_key public_key keyboard secretary obsession \
        possession cookie_domain has_password password_length opinion gpio_pin id name user email url host n render_pass \
        sidebar described optional card cart session_timeout is_authorized authenticated company path dsnap";
    for name in harmless.split_whitespace() {
        assert!(!rules.is_secret(name), "{name}");
    }
}

#[test]
fn an_application_adds_names_and_allows_others() {
    let rules = Rules { also: vec!["internal_code".into(), "iban".into()], allowed: vec!["token".into()] };
    assert!(
        rules.is_secret("internalCode")
            && rules.is_secret("INTERNAL-CODE")
            && rules.is_secret("customer_iban")
    );
    assert!(!rules.is_secret("internal") && !rules.is_secret("Token") && rules.is_secret("access_token"));
    let text = r#"A { token: "abc", access_token: "def", iban: "DE02", n: Token("x") }"#;
    let clean = r#"A { token: "abc", access_token: <redacted>, iban: <redacted>, n: Token("x") }"#;
    assert_eq!(rules.scrub(text), clean);
    assert_eq!(rules.scrub("?token=abc&iban=DE02&sig=x1"), "?token=abc&iban=<redacted>&sig=<redacted>");
    let allowed = Rules { allowed: vec!["iban".into()], ..rules };
    assert!(!allowed.is_secret("iban"), "what is allowed wins");
}

#[test]
fn values_go_by_their_names() {
    let rules = Rules::default();
    let shown = |name: &str, text: &str| {
        let mut shown = Shown::Value { text: text.into(), cut: false };
        rules.scrub_shown(name, &mut shown);
        shown
    };
    assert_eq!(shown("db_password", "5"), Shown::Redacted);
    assert_eq!(shown("n", "5"), Shown::Value { text: "5".into(), cut: false });
    let mut failed =
        Shown::Failed { why: "Debug panicked: password=hunter2".into(), text: "U { pwd: \"hunt".into() };
    rules.scrub_shown("user", &mut failed);
    let clean = Shown::Failed {
        why: "Debug panicked: password=<redacted>".into(),
        text: "U { pwd: <redacted>".into(),
    };
    assert_eq!(failed, clean);
}

#[test]
fn all_text_of_a_report_is_scrubbed() {
    let secret = |text: &str| Shown::Value { text: text.into(), cut: false };
    let mut report = crate::crash::render::tests::full_report();
    report.message = "password=hunter2".into();
    report.thread.name = Some("for token=hunter2".into());
    report.causes = vec!["password=hunter2".into()];
    report.notes = vec!["password=hunter2".into()];
    let entry = |name: &str, text| ContextEntry { name: name.into(), value: secret(text) };
    report.context =
        vec![entry("api_key", "\"hunter2\""), entry("at https://bob:hunter2@host", "A { pwd: \"hunter2\" }")];
    for frame in &mut report.frames {
        if let Some(attempt) = &mut frame.attempt {
            attempt.earlier = vec!["password=hunter2".into()];
        }
        for variable in &mut frame.variables {
            if let Shown::Failed { why, .. } = &mut variable.value {
                *why = "Debug panicked: password=hunter2".into();
            }
        }
    }
    Rules::default().scrub_report(&mut report);
    let json = report.to_json();
    assert!(!json.contains("hunter2"), "{json}");
    assert_eq!(report.message, "password=<redacted>");
    assert_eq!(report.context[0].value, Shown::Redacted);
    assert_eq!(report.context[1], entry("at https://bob:<redacted>@host", "A { pwd: <redacted> }"));
}

#[test]
fn a_variable_goes_by_its_type_too() {
    let scrubbed = |name: &str, type_name: &str| {
        let mut report = crate::crash::render::tests::full_report();
        let mut variable = report.frames[1].variables.remove(0);
        variable.name = name.into();
        variable.type_name = type_name.into();
        Rules::default().scrub_variable(&mut variable);
        variable.value
    };
    assert_eq!(scrubbed("entered", "&shop::Password"), Shown::Redacted);
    assert_eq!(scrubbed("entered", "&mut shop::auth::ApiKey"), Shown::Redacted);
    assert_eq!(scrubbed("pwd", "String"), Shown::Redacted);
    for type_name in ["i32", "shop::Token", "Result<(), shop::InvalidPassword>", "shop::PasswordError"] {
        assert_ne!(scrubbed("next", type_name), Shown::Redacted, "{type_name}");
    }
}

/// What a fuzzer finds at first: brackets, quotes, escapes and letters of several bytes, in any order and cut anywhere.
#[test]
fn any_text_is_scrubbed_without_a_panic_and_stays_so() {
    let mut random = fastrand::Rng::with_seed(7);
    let rules = Rules::default();
    let pieces = [
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "\"",
        "'",
        "\\",
        "\\\"",
        ",",
        ":",
        ": ",
        "=",
        "://",
        "@",
        "?",
        "&",
        ";",
        " ",
        "\n",
        "password",
        "\"token\"",
        "Bearer ",
        "eyJ",
        "AKIA",
        "Some(",
        "Name {",
        "é",
        "日",
        "\\u{",
        "\\u12",
        "\\x4",
        "..",
        "-----BEGIN PRIVATE KEY-----",
        "-----END",
        "--secret",
        "<redacted>",
        "1",
        "x",
        "cookie: ",
        "%3D",
        "%22",
        "\0",
    ];
    for _ in 0..20_000 {
        let text: String = (0..random.usize(0..24)).map(|_| pieces[random.usize(0..pieces.len())]).collect();
        let clean = rules.scrub(&text);
        if clean == text {
            continue;
        }
        // Whatever it was, a second look does not bring anything back.
        assert!(clean.contains('<'), "{text:?} -> {clean:?}");
        let _ = rules.scrub(&clean);
    }
}

/// Leaks with bytes of them replaced, doubled and dropped.
#[test]
fn mutated_leaks_do_not_panic() {
    let mut random = fastrand::Rng::with_seed(11);
    let rules = Rules::default();
    for _ in 0..20_000 {
        let mut letters: Vec<char> = LEAKS[random.usize(0..LEAKS.len())].text.chars().collect();
        for _ in 0..random.usize(1..6) {
            let at = random.usize(0..letters.len());
            match random.u8(0..3) {
                0 => letters[at] = random.char(..),
                1 => letters
                    .insert(at, *random.choice(['"', '\\', '{', '(', '\'', ',']).as_ref().unwrap_or(&'x')),
                _ => drop(letters.remove(at)),
            }
            letters.push('.');
        }
        let text: String = letters.into_iter().collect();
        let _ = rules.scrub(&text);
    }
}

#[test]
fn a_secret_between_others_is_found_wherever_it_stands() {
    let mut random = fastrand::Rng::with_seed(13);
    let rules = Rules::default();
    for _ in 0..2_000 {
        let mut text = format!("password: {:?}", "hunter2-\"8,\\f}}14e");
        for _ in 0..random.usize(0..8) {
            text = match random.u8(0..7) {
                0 => format!("A {{ n: 1, {text}, m: 2 }}"),
                1 => format!("a: Some({{{text}}})"),
                2 => format!("Err({:?}), b: 5", format!("{{{text}}}")),
                3 => format!("x: [B {{ {text} }}, C]"),
                4 => format!("y: (\"k\", {{\"z\": 1, {text}}}), c: ')'"),
                5 => format!("e: E {{ s: \"it's }} ) ]\", {text} }}"),
                _ => format!("d: {{\n    {text},\n}}"),
            };
            if text.len() > 4_000 {
                break;
            }
        }
        let whole = format!("Whole {{ {text}, last: 42 }}");
        let clean = rules.scrub(&whole);
        assert_eq!(four_bytes_of("hunter2", &clean), None, "{whole}\n-> {clean}");
        assert!(clean.ends_with("last: 42 }"), "{whole}\n-> {clean}");
        let end =
            (0..=random.usize(0..whole.len())).rev().find(|end| whole.is_char_boundary(*end)).unwrap_or(0);
        assert_eq!(four_bytes_of("hunter2", &rules.scrub(&whole[..end])), None, "{}", &whole[..end]);
    }
}

#[test]
fn a_small_stack_is_enough() {
    let deep = "A { a: Some(".repeat(1_000);
    let scrub = move || Rules::default().scrub(&deep).len();
    let thread = std::thread::Builder::new().stack_size(256 * 1024).spawn(scrub).expect("a thread");
    assert!(thread.join().is_ok());
}

#[test]
fn deep_and_long_texts_take_linear_time() {
    let rules = Rules::default();
    for piece in [
        "(",
        "[{",
        "\"",
        "\\\"",
        "'",
        "' ",
        "a: ",
        "sk-",
        "x://",
        "x://a:b",
        "password=",
        "password: '",
        "-----BEGIN ",
        "A { a: ",
        "(\"password\", ",
        "\"\\\\",
        "expected ",
        "eyJ.",
        "a-",
        ";a=",
        "cookie: ",
        "Bearer ",
    ] {
        let text = piece.repeat(200_000 / piece.len());
        let before = std::time::Instant::now();
        let _ = rules.scrub(&text);
        assert!(before.elapsed().as_secs() < 10, "{piece:?} took {:?}", before.elapsed());
    }
    let deep = format!("{}password: \"hunter2\"{}", "A { a: ".repeat(2_000), " }".repeat(2_000));
    assert!(!rules.scrub(&deep).contains("hunt"));
}
