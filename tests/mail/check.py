"""Reads the drafts of mails in a folder, and says where they are not as the files beside them say.

python3 check.py FOLDER, with NAME.eml, and for each of them: NAME.to, .subject, .body, .mailto, .json, .page
"""

import email
import email.policy
import pathlib
import re
import sys
import urllib.parse


def differences(eml):
    def beside(extension):
        return eml.with_suffix("." + extension).read_bytes()

    def text(extension):
        return beside(extension).decode("utf-8")

    raw = eml.read_bytes()
    if re.search(rb"\r(?!\n)|(?<!\r)\n", raw):
        yield "line ends"
    if max(map(len, raw.split(b"\r\n"))) > 998:
        yield "a line is too long"

    mail = email.message_from_bytes(raw, policy=email.policy.default)
    names = ["X-Unsent", "To", "Subject", "Date", "MIME-Version", "Content-Type"]
    if mail.keys() != names:
        yield f"headers {mail.keys()}"
    for part in mail.walk():
        defects = part.defects + [defect for name in part for defect in part[name].defects]
        if defects:
            yield f"defects of {part.get_content_type()}: {defects}"
    if mail["X-Unsent"] != "1":
        yield "X-Unsent " + mail["X-Unsent"]
    if [address.addr_spec for address in mail["To"].addresses] != text("to").split(","):
        yield f"To {mail['To']}"
    # White space at the end of a header is nothing to anybody.
    if mail["Subject"].rstrip() != text("subject").rstrip():
        yield f"Subject {mail['Subject']!r} is not {text('subject')!r}"
    if mail["Date"].datetime is None:
        yield "Date"

    parts = list(mail.iter_parts())
    kinds = [(part.get_content_type(), part.get_content_disposition()) for part in parts]
    if kinds != [("text/plain", None), ("application/json", "attachment"), ("text/html", "attachment")]:
        yield f"attachments {kinds}"
        return
    body, *attachments = parts
    if body.get_content().replace("\r\n", "\n") != text("body"):
        yield "body"
    for part, extension in zip(attachments, ["json", "page"]):
        if part.get_payload(decode=True) != beside(extension):
            yield f"content of {part.get_filename()}"
        if not re.fullmatch(r"[\w-]*crash[\w-]*\.(json|html)", part.get_filename(), re.ASCII):
            yield f"name {part.get_filename()!r}"

    link = urllib.parse.urlsplit(text("mailto"))
    fields = urllib.parse.parse_qsl(link.query, keep_blank_values=True, strict_parsing=True, errors="strict")
    subject = dict(fields)["subject"]
    cut = text("subject").startswith(subject.removesuffix("..."))
    if (
        link.scheme != "mailto"
        or urllib.parse.unquote(link.path) != text("to")
        or [name for name, _ in fields] != ["subject", "body"]
        or not (subject == text("subject") or (subject.endswith("...") and cut))
        or len(text("mailto")) > 2000
    ):
        yield f"mailto {text('mailto')}"


mails = sorted(pathlib.Path(sys.argv[1]).glob("*.eml"))
found = [f"{eml.stem}: {difference}" for eml in mails for difference in differences(eml)]
print("\n".join(found) if found else f"{len(mails)} mails are as they should be")
sys.exit(bool(found) or not mails)
