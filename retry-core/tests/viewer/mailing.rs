//! `mail`

use crate::support::{Folder, program, run, three};
use mail_parser::{MessageParser, MimeHeaders};
use std::fs;

/// Its draft, and what else was said.
fn draft(folder: &Folder, arguments: &[&str]) -> (Vec<u8>, String) {
    let temporary = Folder::empty();
    let mut command = folder.command(&["mail", "--no-open"]);
    let said = run(command.args(arguments).env("TMPDIR", temporary.path())).well();
    let (path, rest) = said.strip_prefix("draft in ").and_then(|said| said.split_once('\n')).expect(&said);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        let mode = fs::metadata(path).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    (fs::read(path).expect("it is there"), rest.to_owned())
}

#[test]
fn the_draft_has_the_report_attached_and_a_link_says_the_same() {
    let folder = Folder::with_three();
    let before = folder.names();
    let (eml, link) = draft(&folder, &["3", "--to", "crashes@example.org, ada@example.org"]);
    let mail = MessageParser::new().parse(&eml).expect("a mail");
    let to: Vec<_> = mail.to().expect("addresses").iter().filter_map(|to| to.address()).collect();
    assert_eq!(to, ["crashes@example.org", "ada@example.org"]);
    assert!(mail.subject().is_some_and(|subject| subject.contains("attempt to divide by zero")));
    let attached: Vec<_> = mail.attachments().filter_map(|part| part.attachment_name()).collect();
    assert!(attached.iter().any(|name| name.ends_with(".json")), "{attached:?}");
    let json =
        mail.attachments().find(|part| part.attachment_name().is_some_and(|name| name.ends_with(".json")));
    let json: serde_json::Value = serde_json::from_slice(json.expect("it").contents()).expect("JSON");
    assert_eq!(json["id"], three()[0]["id"]);
    assert!(
        link.starts_with("mailto:crashes@example.org,ada@example.org?") && link.ends_with('\n'),
        "{link}"
    );
    assert_eq!(folder.names(), before, "the folder of the reports is only read");
}

#[test]
fn an_address_has_to_be_one() {
    let folder = Folder::with_three();
    let (code, said) = folder.run(&["mail"]).badly();
    assert!(code == 2 && said.contains("--to <ADDRESS>"), "{said}");
    for address in ["", "nobody", "a@example.org\r\nBcc: b@example.org", "\u{1b}[2J@example.org"] {
        let (code, said) = folder.run(&["mail", "--no-open", "--to", address]).badly();
        assert!(code == 2 && said.starts_with("error: "), "{said}");
        assert!(said.lines().count() == 1 && !said.contains('\u{1b}'), "{said:?}");
    }
}

#[test]
fn a_report_from_elsewhere_can_be_mailed_too() {
    let folder = Folder::empty();
    let path = folder.write("sent.json", three()[1].to_string());
    let mut command = program(&["mail", "--no-open", "--to", "crashes@example.org"]);
    let said = run(command.arg(path).env("TMPDIR", folder.path())).well();
    assert!(said.contains("draft in ") && said.contains("mailto:crashes@example.org?"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn the_draft_is_opened_with_the_desktops_program() {
    use crate::opening::Desktop;

    let (folder, desktop) = (Folder::with_three(), Desktop::new(0));
    let said = desktop.run(&mut folder.command(&["mail", "--to", "crashes@example.org"])).well();
    let opened = desktop.opened();
    assert!(opened.ends_with(".eml"), "{opened}");
    assert_eq!(said, format!("opened the draft {opened}; nothing is sent yet\n"));
    assert!(fs::read_to_string(opened).expect("it is there").contains("crashes@example.org"));
}
