"""Mail is read whatever its shape: what it says is found, what is wrong with it is said."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from rally_desktop.outside.mail.arrived import content, read, safe_name

OUTER = b'From: a@example.com\nContent-Type: multipart/mixed; boundary="x"\n\n'


def _with(head: str, body: bytes = b"Hello\n") -> bytes:
    return head.encode("utf-8") + b"\n\n" + body


def test_a_plain_letter_is_read():
    """Names, addresses, ids and the moment come out as people would say them."""
    arrived = read(
        b"From: =?utf-8?q?Zo=C3=AB?= Lac <Zoe@EXAMPLE.com>\n"
        b'To: "Reed, Sam" <sam@example.com>, b@example.com\n'
        b"Subject: =?utf-8?b?R3LDvMOf?=\n =?utf-8?b?ZQ==?=\nDate: Tue, 14 Jul 2026 09:12:00 +0200\n"
        b"Message-ID: <one@example.com>\nIn-Reply-To: <two@example.com>\n"
        b"References: <zero@example.com>\n <two@example.com>\n\nHello\r\n"
    )  # fmt: skip
    assert (arrived.sender.name, arrived.sender.address) == ("Zoë Lac", "Zoe@example.com")
    assert [str(person) for person in arrived.to] == [
        "Reed, Sam <sam@example.com>",
        "b@example.com",
    ]
    assert (arrived.subject, arrived.text) == ("Grüße", "Hello\n")
    assert arrived.sent_at == datetime(2026, 7, 14, 7, 12, tzinfo=UTC)
    assert arrived.message_id == "<one@example.com>"
    assert arrived.in_reply_to == "<two@example.com>"
    assert arrived.references == ("<zero@example.com>", "<two@example.com>")
    assert not arrived.flaws


@pytest.mark.parametrize(
    ("head", "name", "value"),
    [
        ("Subject: =?utf-8?b?w7w", "subject", "=?utf-8?b?w7w"),
        ("Subject: =?utf-8?b?w7w?=", "subject", "ü"),
        ("Subject: =?utf-8?q?a b?=", "subject", "a b"),
        ("Subject: =?nonsense?q?=FCber?=", "subject", "über"),
        ("Subject: =?utf-8?b?w?= =?utf-8?b?w7w=?=", "subject", "ü"),
        ("Subject: =?utf-8?q?=C3?= =?utf-8?q?=BC?=", "subject", "ü"),
        ("Subject: raw ünd", "subject", "raw ünd"),
        ("Subject: a\u202egpj.exe\x07", "subject", "agpj.exe"),
        ("Subject: one\nSubject: two", "subject", "one"),
        ("Message-ID: < a b@example.com >", "message_id", "<ab@example.com>"),
        ("Message-ID: bare@example.com", "message_id", "<bare@example.com>"),
        ("Message-ID:", "message_id", ""),
        ("Date: Tue, 14 Jul 0000 09:12:00 +9999", "sent_at", None),
        ("Date: Wed, 31 Feb 2026 09:12:00", "sent_at", None),
        ("Date: yesterday", "sent_at", None),
        ("nonsense\nSubject: found", "subject", "found"),
    ],
)
def test_broken_headers_give_what_they_can(head, name, value):
    """What can be told is told, the rest is empty."""
    assert getattr(read(_with(head)), name) == value


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("text/plain; charset=iso-8859-1", "ü €".encode("cp1252"), "ü €"),
        ("text/plain; charset=us-ascii", "Ґрунт".encode(), "Ґрунт"),
        ("text/plain; charset=utf-8", "Größe, Straße".encode("cp1252"), "Größe, Straße"),
        ("text/plain; charset=unicode_escape", b"a\\x41", "a\\x41"),
        ("text/plain; charset=utf-16", "ü".encode("utf-16"), "ü"),
        ("text/plain", b"a\0b", "ab"),
        ("text/plain; format=flowed", b"a \nb\n> c \n> d\n-- \nZ", "a b\n> c d\n-- \nZ"),
        ("text/plain; format=flowed; delsp=yes", b"one \ntwo", "onetwo"),
        ("text/html", b"<p>Hello<br>there", "Hello\nthere\n"),
        ("text/plain", b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nYes\n"
         b"-----BEGIN PGP SIGNATURE-----\nabc\n-----END PGP SIGNATURE-----\n", "Yes\n"),
        ("multipart/mixed", b"--no boundary named\n\ntext\n", "text\n"),
    ],
)  # fmt: skip
def test_text_is_readable_whatever_it_calls_itself(kind, body, text):
    """Wrong and lying sets of characters, soft line ends, signatures and HTML."""
    assert read(_with(f"Content-Type: {kind}", body)).text == text


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_ends_do_not_matter(end):
    """Mail with bare carriage returns has headers, parts and files, too."""
    data = OUTER + b"--x\n\nText\n--x\nContent-Type: image/png; name=a.png\n\nPNG\n--x--\n"
    arrived = read(data.replace(b"\n", end))
    assert (arrived.sender.address, arrived.text) == ("a@example.com", "Text")
    assert [(file.name, file.size) for file in arrived.attachments] == [("a.png", 3)]


def test_a_file_is_taken_out_of_the_message_where_it_lies():
    """Attachments are known by name, kind and size, and unpacked only when asked for."""
    body = base64.encodebytes(bytes(range(256)) * 5)
    head = (
        b"--x\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n"
        b"Content-ID: <i@a>\nContent-Disposition: attachment;"
        b" filename*0*=utf-8''..%2F%C3%BCber; filename*1=.pdf\n\n"
    )
    data = OUTER + head + body + b"--x--"
    (file,) = read(data).attachments
    assert (file.name, file.type, file.size, file.content_id) == (
        "über.pdf",
        "application/pdf",
        1280,
        "i@a",
    )
    assert content(data, file) == bytes(range(256)) * 5


def test_a_file_written_into_the_text_is_found():
    """Old programs put files between «begin» and «end»."""
    data = b"From: a@example.com\n\nSee:\nbegin 644 cat.txt\n#0V%T\n`\nend\n"
    (file,) = read(data).attachments
    assert (file.name, content(data, file)) == ("cat.txt", b"Cat")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\temp\\a.doc", "a.doc"), ("con", "con attachment"),
        ("inv\u202egpj.exe", "invgpj.exe"), ("", "attachment"), ("a\0b?.txt", "a b .txt"),
        ("x" * 300 + ".pdf", "x" * 76 + ".pdf"), ("=?utf-8?q?=C3=A4.txt?=", "ä.txt"),
    ],
)  # fmt: skip
def test_names_of_files_are_harmless(name, safe):
    """No folder, no hidden sign and no reserved word is left in them."""
    assert safe_name(name, "application/octet-stream") == safe


@pytest.mark.parametrize(
    ("kind", "flaw"),
    [
        ("application/ms-tnef; name=winmail.dat", "Outlook packed its attachments"),
        ("application/pkcs7-mime; name=smime.p7m", "S/MIME"),
        ("multipart/encrypted; boundary=x", "It is encrypted"),
    ],
)
def test_what_cannot_be_read_is_said(kind, flaw):
    """Sealed and packed mail says what it is instead of seeming empty."""
    arrived = read(_with(f"Date: Tue, 14 Jul 2026 09:12:00 +0200\nContent-Type: {kind}"))
    assert [found for found in arrived.flaws if flaw in found]


def test_signed_mail_and_invitations_show_their_text():
    """The text inside a signed message is read; an invitation says what it wants."""
    signed = (
        b"Content-Type: multipart/signed; boundary=s\n\n--s\nContent-Type: text/plain\n\nYes\n--s\n"
        b"Content-Type: application/pkcs7-signature; name=smime.p7s\n\nx\n--s--\n"
    )
    invited = b"Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nEND:VCALENDAR\n"
    assert read(signed).text == "Yes"
    assert (read(invited).calendar, read(invited).attachments[0].name) == (
        "REQUEST",
        "attachment.ics",
    )


@pytest.mark.parametrize("data", [b"", b"\n", b"\0" * 50, b"just text", b":\n:\n", b"--\n", b"\r"])
def test_almost_nothing_is_a_message_too(data):
    """Bytes without headers are text, and that is said."""
    assert "It has no headers." in read(data).flaws
