//! `open`
#![cfg(target_os = "linux")]

use crate::support::{Folder, Ran, program, run, stem, three};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

/// A desktop on which opening a file writes its path down, or fails.
pub(crate) struct Desktop(Folder);

impl Desktop {
    pub(crate) fn new(exit_code: u8) -> Self {
        let folder = Folder::empty();
        let script = format!("#!/bin/sh\nprintf '%s' \"$1\" > \"${{0%/*}}/opened\"\nexit {exit_code}\n");
        let path = folder.write("xdg-open", script);
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).expect("a program");
        Self(folder)
    }

    pub(crate) fn run(&self, command: &mut Command) -> Ran {
        run(command.env("PATH", self.0.path()).env("TMPDIR", self.0.path()))
    }

    pub(crate) fn opened(&self) -> String {
        fs::read_to_string(self.0.path().join("opened")).expect("something was opened")
    }
}

#[test]
fn the_page_that_was_saved_is_opened() {
    let (folder, desktop) = (Folder::with_three(), Desktop::new(0));
    let page = folder.write(&format!("{}.html", stem(&three()[2])), "<p>saved</p>");
    let said = desktop.run(&mut folder.command(&["open"])).well();
    assert_eq!(said, format!("opened {}\n", page.display()));
    assert_eq!(desktop.opened(), page.to_str().expect("text"));
}

#[test]
fn where_none_was_saved_a_private_one_is_made() {
    let (folder, desktop) = (Folder::with_three(), Desktop::new(0));
    desktop.run(&mut folder.command(&["open", "3"])).well();
    let page = desktop.opened();
    assert!(page.ends_with(".html") && page.contains("/crash-report-"), "{page}");
    let html = fs::read_to_string(&page).expect("it is still there");
    assert!(html.contains("attempt to divide by zero"), "{html}");
    let mode = fs::metadata(&page).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_link_in_the_place_of_the_page_is_not_opened() {
    let (folder, desktop) = (Folder::with_three(), Desktop::new(0));
    let link = folder.path().join(format!("{}.html", stem(&three()[2])));
    std::os::unix::fs::symlink("/etc/hostname", link).expect("a link");
    desktop.run(&mut folder.command(&["open"])).well();
    assert!(desktop.opened().contains("/crash-report-"));
}

#[test]
fn without_a_program_that_opens_it_the_path_is_told() {
    let (folder, desktop) = (Folder::with_three(), Desktop::new(3));
    let (code, said) = desktop.run(&mut folder.command(&["open"])).badly();
    assert!(code == 1 && said.starts_with("error: no program of the desktop opens it: "), "{said}");
    assert!(said.contains(".html yourself"), "{said}");
}

#[test]
fn the_address_with_the_secret_is_opened_by_way_of_a_private_file() {
    use std::io::{BufRead, BufReader};
    use std::time::{Duration, Instant};

    let (folder, desktop) = (Folder::with_three(), Desktop::new(0));
    let mut command = folder.command(&["serve", "--open"]);
    command.env("PATH", desktop.0.path()).env("TMPDIR", desktop.0.path());
    let mut child = command.stdout(std::process::Stdio::piped()).spawn().expect("it runs");
    let mut address = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut address).expect("the address");
    let until = Instant::now() + Duration::from_secs(20);
    let opened = desktop.0.path().join("opened");
    while fs::read_to_string(&opened).unwrap_or_default().is_empty() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(5));
    }
    let page = desktop.opened();
    assert!(!page.contains(address.trim()), "everybody sees the arguments of programs");
    let mode = fs::metadata(&page).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let html = fs::read_to_string(page).expect("it is there");
    assert!(html.contains(&format!("url={}\"", address.trim())), "{html}");
    child.kill().expect("it is ours");
    child.wait().expect("it ends");
}

#[test]
fn what_cannot_be_read_is_not_opened() {
    let desktop = Desktop::new(0);
    let (code, said) = desktop.run(&mut program(&["open", "/no/such/file.json"])).badly();
    assert!(code == 1 && said.contains("there is no such file"), "{said}");
    assert!(!desktop.0.path().join("opened").exists());
}
