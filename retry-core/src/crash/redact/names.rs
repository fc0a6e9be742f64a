//! Which names are those of secrets.
//!
//! A name is taken apart into words, at `_`, `-`, blanks, digits and where camelCase begins a word, and compared
//! without case: `api_key`, `API-KEY`, `apiKey` and `x-api-key` are one name. Whole words decide, so that `author`,
//! `tokenizer_count`, `pinned`, `passed`, `compass` and `monkey` are no secrets. What only counts, limits or locates a
//! secret (`token_count`, `max_tokens`, `has_password`, `cookie_domain`, `private_key_path`) is none either.
//! Where a word is a secret in one trade and not in another (`pin`, `tokens`, `session`), it is taken for a secret:
//! a number too little in a report costs less than a password too much, and an application may allow the name.

/// Secret wherever they stand in a name.
const WORDS: &str = "pwd passcode pswd passwort secret secrets token tokens auth authorization credential \
    credentials cred creds cookie cookies session csrf xsrf bearer jwt otp totp hotp ssn cvv cvc dsn sid \
    mnemonic passkey pgpass";

/// Secret inside a word too: `userpassword`, `passwordhash`.
const PARTS: &str = "password passwd passphrase";

/// Secret at the end of a word that was written in one: `clientsecret`, `accesstoken`.
const ENDS: &str = "secret secrets token tokens pwd apikey apikeys accesskey privatekey privkey secretkey authkey \
    signingkey encryptionkey sessionkey masterkey cookie cookies credential credentials sessionid sessid \
    basicauth httpauth cardnumber connectionstring connstring connstr secretaccesskey accesskeyid \
    pincode socialsecuritynumber";

/// Secret as words in a row.
const PHRASES: &str = "pass-word pass-phrase pass-code pass-key connection-string conn-string conn-str card-number card-no \
    card-num credit-card cc-number social-security seed-phrase recovery-phrase recovery-code \
    recovery-codes backup-code backup-codes verification-code security-code mfa-code fa-code factor-code \
    login-code pin-code pin-number sess-id";

/// What makes a `key` a secret one.
const KEY_KINDS: &str = "api access private priv secret encryption decryption signing master ssh aes hmac rsa account shared \
    service deploy storage symmetric tls ssl pgp gpg license subscription webhook admin app consumer \
    client host";

/// Whose `pass` and `pin` are secret ones; a `render_pass` and a `gpio_pin` are not.
const OWNERS: &str = "user db database pg postgres mysql redis smtp imap mail email ftp http proxy admin root login \
    account card sim security customer device old new current my bank atm access entered ldap mongo amqp \
    mqtt wifi key keystore";

/// A name that ends with one of these says something about a secret, and not the secret.
const ABOUT: &str = "count counts len length limit limits size type types kind ttl expiry expires expire expiration \
    expired lifetime timeout used usage total url uri endpoint enabled disabled required optional method \
    methods mode name names index idx position pos span version policy age domain path file filename dir \
    second seconds secs ms at valid invalid present missing status attempts attempt failures errors \
    rules strength provider scheme scope scopes issuer manager kinds algorithm config settings options \
    client service server middleware layer handler factory builder";

/// A name that begins with one of these is a number or a yes or no.
const MEASURES: &str = "max min num n count total has is needs requires use uses no maximum minimum";

/// What a language model's `tokens` are of.
const TEXT_TOKENS: &str = "prompt completion input output cached reasoning remaining generated stop special";

/// What an error's name begins with: `InvalidPassword("too short")` holds no password.
const COMPLAINTS: &str = "invalid wrong missing bad no weak unknown expired incorrect empty unexpected bare expected is has \
    need needs unsupported malformed revoked";

/// Of the names of types: what is a secret whatever is in it.
const TYPES: &str = "password passphrase passwd pwd secret secrets credentials credential jwt apikey cookie";

/// The words of a name, in lower case.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        let next_is_lower = letters.peek().is_some_and(|next| next.is_lowercase());
        let begins =
            letter.is_uppercase() && (before.is_lowercase() || (before.is_uppercase() && next_is_lower));
        if (begins || !letter.is_alphabetic()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphabetic() {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// How a name is compared as a whole: letters and digits in lower case.
pub(super) fn folded(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a variable, field, key or header of this name is a secret.
pub(super) fn is_secret(name: &str) -> bool {
    let words = words(name);
    let first = words.first().map_or("", String::as_str);
    let last = words.last().map_or("", String::as_str);
    if words.len() > 1 && (is_in(ABOUT, last) || is_in(MEASURES, first)) {
        return false;
    }
    if last == "tokens" && words.iter().any(|word| is_in(TEXT_TOKENS, word)) {
        return false;
    }
    words.iter().any(|word| {
        is_in(WORDS, word)
            || PARTS.split(' ').any(|part| word.contains(part))
            || ENDS.split(' ').any(|end| word.ends_with(end))
    }) || has_phrase(&words)
        || words.windows(2).any(pair_is_secret)
        || matches!(last, "pass" | "pin") && (words.len() == 1 || is_in(OWNERS, first))
}

/// Whether two words are a secret together, and neither by itself: `card number`.
pub(super) fn is_phrase(pair: &str) -> bool {
    let words = words(pair);
    words.len() == 2 && (pair_is_secret(&words) || has_phrase(&words))
}

fn has_phrase(words: &[String]) -> bool {
    PHRASES.split(' ').any(|phrase| holds(words, &phrase.split('-').collect::<Vec<_>>()))
}

fn pair_is_secret(pair: &[String]) -> bool {
    matches!(pair, [kind, key] if (key == "key" || key == "keys") && is_in(KEY_KINDS, kind))
}

/// Whether what a type or variant of this name holds is a secret: `Password("..")`, `AccessToken { .. }`, but not
/// `InvalidPassword(..)` or `PasswordError(..)`. `Token` alone is one only around a text: parsers have tokens too.
pub(super) fn is_secret_type(name: &str, around_text: bool) -> bool {
    let name = name.rsplit(':').next().unwrap_or(name);
    let words = words(name);
    if !name.starts_with(char::is_uppercase) {
        return false;
    }
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    if is_in(COMPLAINTS, first) {
        return false;
    }
    let last = match last.as_str() {
        "string" | "str" | "box" | "vec" | "bytes" | "text" | "value" if words.len() > 1 => {
            words.get(words.len() - 2).map_or("", String::as_str)
        }
        last => last,
    };
    is_in(TYPES, last)
        || (last == "token" && (around_text || words.len() > 1))
        || last == "key" && words.windows(2).any(pair_is_secret)
}

/// Beside those of [`is_secret`], in the query of a URL: `?sig=..`.
pub(super) fn is_secret_in_query(name: &str) -> bool {
    matches!(folded(name).as_str(), "key" | "sig" | "signature" | "xamzsignature" | "xgoogsignature" | "pass")
}

/// Whether nothing but a word of many other meanings makes this name a secret: then free text shows more.
pub(super) fn is_vague(name: &str) -> bool {
    let mut words = words(name);
    let all = words.len();
    words.retain(|word| !matches!(word.as_str(), "auth" | "session" | "sid" | "dsn"));
    words.len() < all && !is_secret(&words.join("_"))
}

/// Whether these words stand in a row in a name.
pub(super) fn holds(words: &[String], phrase: &[impl AsRef<str>]) -> bool {
    !phrase.is_empty()
        && words
            .windows(phrase.len())
            .any(|row| row.iter().zip(phrase).all(|(word, part)| word == part.as_ref()))
}

/// Lists of words are texts of words.
fn is_in(list: &str, word: &str) -> bool {
    list.split(' ').any(|listed| listed == word)
}
