//! Keys that are known by their look, whatever their name.

/// What a key begins with, and how many more characters it has at least.
struct Shape {
    prefix: &'static str,
    least: usize,
    /// Whether a digit has to be among them: the prefix begins plain words too.
    digit: bool,
}

const fn shape(prefix: &'static str, least: usize) -> Shape {
    Shape { prefix, least, digit: false }
}

const fn wordlike(prefix: &'static str, least: usize) -> Shape {
    Shape { prefix, least, digit: true }
}

const SHAPES: &[Shape] = &[
    wordlike("AKIA", 12),
    wordlike("ASIA", 12),
    wordlike("ABIA", 12),
    wordlike("ACCA", 12),
    shape("ghp_", 8),
    shape("gho_", 8),
    shape("ghu_", 8),
    shape("ghs_", 8),
    shape("ghr_", 8),
    shape("github_pat_", 8),
    shape("glpat-", 8),
    shape("gldt-", 8),
    shape("glrt-", 8),
    shape("sk_live_", 6),
    shape("sk_test_", 6),
    shape("rk_live_", 6),
    shape("rk_test_", 6),
    shape("whsec_", 8),
    shape("xoxb-", 6),
    shape("xoxp-", 6),
    shape("xoxa-", 6),
    shape("xoxr-", 6),
    shape("xoxs-", 6),
    shape("xoxe-", 6),
    shape("xoxe.", 6),
    shape("xapp-", 6),
    wordlike("sk-", 16),
    shape("sk-proj-", 8),
    shape("sk-ant-", 8),
    shape("AIza", 16),
    wordlike("ya29.", 8),
    wordlike("SG.", 16),
    wordlike("npm_", 16),
    shape("pypi-AgE", 8),
    wordlike("hf_", 16),
    shape("dop_v1_", 8),
    shape("doo_v1_", 8),
    shape("shpat_", 8),
    shape("shpss_", 8),
    shape("shpca_", 8),
    shape("shppa_", 8),
    shape("sq0atp-", 8),
    shape("sq0csp-", 8),
    shape("lin_api_", 8),
    shape("glsa_", 8),
    shape("AGE-SECRET-KEY-", 8),
    shape("nvapi-", 8),
    wordlike("tskey-", 8),
    wordlike("gsk_", 16),
    wordlike("hvs.", 16),
    wordlike("sntrys_", 8),
    wordlike("sntryu_", 8),
    shape("PMAK-", 8),
];

/// Far enough to see a digit; a longer key has one by then.
const REACH: usize = 64;

/// The length of the key that starts here, if one does: a JSON web token among them. `cut`: the text may have lost its
/// end, and a key at its end is known by less.
pub(super) fn key_length(rest: &[u8], cut: bool) -> Option<usize> {
    let found = SHAPES.iter().any(|shape| {
        rest.strip_prefix(shape.prefix.as_bytes()).is_some_and(|key| {
            let length = key.iter().take(REACH).take_while(|byte| is_key_byte(**byte)).count();
            let digit = !shape.digit || key.iter().take(length).any(u8::is_ascii_digit);
            let lost_its_end = cut && length == key.len() && length >= 2;
            lost_its_end || (length >= shape.least && digit)
        })
    });
    // `eyJ` is how `{"` looks in base64.
    let token = rest.strip_prefix(b"eyJ").is_some_and(|token| {
        let length = token.iter().take(REACH).take_while(|byte| is_key_byte(**byte)).count();
        length >= 10 || (cut && length == token.len() && length > 0)
    });
    (found || token).then(|| rest.iter().take_while(|byte| is_key_byte(**byte)).count())
}

pub(super) fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// Whether a word looks as if it was made by chance: no text for people.
pub(super) fn looks_random(word: &str) -> bool {
    word.len() >= 20
        || word.bytes().any(|byte| byte.is_ascii_digit())
        || word.bytes().skip(1).any(|byte| byte.is_ascii_uppercase())
            && word.bytes().any(|byte| byte.is_ascii_lowercase())
}
