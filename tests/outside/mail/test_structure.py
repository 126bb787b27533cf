"""A large message is put together from what the server says of its parts."""

from __future__ import annotations

import random

import pytest

from rally_desktop.outside.mail import arrived, structure
from rally_desktop.outside.mail.imap_values import answers

HEAD = b"From: Ana <ana@example.org>\r\nSubject: Plans\r\nMessage-ID: <1@example.org>\r\n\r\n"
TEXT = b'("text" "plain" ("charset" "utf-8") NIL NIL "quoted-printable" 11 1 NIL NIL NIL NIL)'
FILE = (
    b'("image" "png" ("name" "plan.png") "<plan@x>" NIL "base64" 7800000 NIL'
    b' ("attachment" ("filename" "plan.png")) NIL NIL)'
)


def told(answer, *literals):
    """What a server told, as imaplib cuts it: each literal after its line."""
    pieces = answer.split(b"{}")
    said = [
        (b"%b{%d}" % (piece, len(literal)), literal)
        for piece, literal in zip(pieces, literals, strict=False)
    ]
    return next(answers([*said, pieces[-1]]))


def read(build, texts=b"", *literals):
    """Read a message that is built so, of which these texts were fetched."""
    node = structure.read(told(b"7 (UID 3 BODYSTRUCTURE %b)" % build)[b"BODYSTRUCTURE"])
    assert node
    copy = structure.copy(node, told(b"7 (BODY[HEADER]<0> {}%b)" % texts, HEAD, *literals))
    return node, arrived.read(copy.data, copy.leaves)


def test_a_text_is_read_and_a_file_named():
    """The file’s name and size are there, and where its bytes lie; the text is as it was typed."""
    node, made = read(
        b'(%b%b "mixed" ("boundary" "b") NIL NIL)' % (FILE, TEXT),
        b" BODY[2] {}",
        b"Gr=C3=BC=C3=9Fe",
    )
    assert structure.wanted(node)[1:] == ["BODY.PEEK[2]<0.11>"]
    assert (made.text, made.sender.name, made.message_id) == ("Grüße", "Ana", "<1@example.org>")
    (file,) = made.attachments
    assert (file.name, file.size, file.section, file.end) == ("plan.png", 5_700_000, "1", 7_800_000)


def test_a_file_alone_is_a_file():
    """A message that is nothing but a file has no text, and a file."""
    _, made = read(FILE)
    assert made.text == ""
    assert [(file.section, file.end) for file in made.attachments] == [("1", 7_800_000)]


def test_a_part_of_a_text_cannot_end_it():
    """Whatever stands in a text, the message keeps the build that the server told."""
    text = b"\r\n--b--\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>"
    build = b'((%b%b "mixed" ("boundary" "b") NIL)%b "mixed" NIL)' % (TEXT, FILE, FILE)
    _, made = read(build, b" BODY[1.1]<0> {}", text)
    assert [file.section for file in made.attachments] == ["1.2", "2"]
    assert made.html == ""


def test_what_came_back_is_known_by_its_head():
    """Of a bounce with a large message in it the report and the returned headers are read."""
    report = b'("message" "delivery-status" NIL NIL NIL "7bit" 60 NIL NIL NIL)'
    returned = b'("message" "rfc822" NIL NIL NIL "7bit" 9000000 (NIL NIL) %b 3 NIL NIL NIL)'
    build = b'(%b%b%b "report" ("report-type" "delivery-status") NIL NIL)' % (
        TEXT,
        report,
        returned % TEXT,
    )
    node, made = read(
        build,
        b" BODY[2] {} BODY[3] {}",
        b"Final-Recipient: rfc822; ana@example.org",
        HEAD + b"Hello",
    )
    assert structure.wanted(node)[3] == "BODY.PEEK[3]<0.65536>"
    assert made.returned
    assert made.returned.message_id == "<1@example.org>"
    assert made.reports[0].text.startswith("Final-Recipient")


@pytest.mark.parametrize(
    "build",
    [
        b"NIL", b"()", b"(NIL)", b'("text")', b"((((()))))", b'"text"', b"(((", b'("a" "b" NIL)',
        b'("text" "plain" NIL NIL NIL "7bit" "many" 3)',
    ],
)  # fmt: skip
def test_a_build_that_makes_no_sense_is_none(build):
    """Whatever a server tells, it is read or it is not, and nothing is raised."""
    said = list(answers([b"7 (UID 3 BODYSTRUCTURE " + build + b")"]))
    assert all(structure.read(one.get(b"BODYSTRUCTURE")) is None for one in said)


def test_five_thousand_levels_are_read_as_far_as_they_are_looked_into():
    """However deep parts are nested, a message comes of it, and says that it goes deeper."""
    _, made = read(b"(" * 5_000 + TEXT + b' "mixed")' * 5_000)
    assert "nested too deeply" in made.flaws[0]


def test_two_thousand_files_are_read_as_far_as_they_are_listed():
    """However many parts there are, the first ones are listed, and it says that there are more."""
    _, made = read(b'(%b "mixed")' % (FILE * 2_000))
    assert len(made.attachments) == 200
    assert any("more parts" in flaw for flaw in made.flaws)


def test_a_damaged_build_makes_a_message_or_none():
    """Whatever is cut out of it, doubled or put into it, nothing is raised."""
    chance = random.Random(6)
    build = b'((%b%b "mixed" ("boundary" "b") NIL)%b "mixed" NIL)' % (TEXT, FILE, FILE)
    for _ in range(500):
        damaged = bytearray(build)
        for _ in range(chance.randint(1, 6)):
            start = chance.randrange(len(damaged))
            piece = damaged[start : start + chance.randint(0, 20)]
            damaged[start : start + chance.randint(0, 9)] = chance.choice(
                (b"", bytes(piece), b"NIL", b"(", b")", b'"', b"-7", b"{3}", b"\xff", b"\\")
            )
        for answer in answers([b"7 (UID 3 BODYSTRUCTURE %b)" % damaged]):
            if node := structure.read(answer.get(b"BODYSTRUCTURE")):
                assert structure.wanted(node)
                copy = structure.copy(node, {b"BODY[HEADER]": HEAD})
                made = arrived.read(copy.data, copy.leaves)
                assert made.sender.address == "ana@example.org"
                assert all(file.size >= 0 for file in made.attachments)


def test_names_in_every_way_are_read():
    """Quotes, letters beyond ASCII, literals and cut-up names (RFC 2231) come out as they are."""
    names = b'("name*0*" "utf-8\'\'Pl%C3%A4" "name*1" "ne.pdf")'
    build = b'("application" "pdf" ' + names + b' NIL NIL "base64" 78)'
    assert [file.name for file in read(build)[1].attachments] == ["Pläne.pdf"]
    node = structure.read(
        told(
            b'7 (BODYSTRUCTURE ("application" "pdf" ("name" {}) NIL NIL "base64" 78))', b'a "b".pdf'
        )[b"BODYSTRUCTURE"]
    )
    assert node
    assert node.head["Content-Type"] == 'application/pdf; name="a \\"b\\".pdf"'
