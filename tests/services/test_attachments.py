"""Files that go with messages: kept once, held to what mail servers take."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default

import pytest

from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.core.message import Attached
from rally_desktop.model.changes import RowAdded
from rally_desktop.model.graph import Step
from rally_desktop.outside.mail.letter import build
from rally_desktop.services import attachments, records, templates
from rally_desktop.services.attachments import File
from tests import mail_server

PDF = b"%PDF-1.7 \x00\xff" * 400


def test_the_same_content_is_kept_once(world):
    """Two names, one file: in one transaction or in two."""
    first, second = world.do(
        lambda work: [attachments.keep(work, name, PDF) for name in ("A.pdf", "b/B.pdf")]
    )
    third = world.do(attachments.keep, "C.pdf", PDF)
    assert first.digest == second.digest == third.digest
    assert (first.kind, second.name, first.size) == ("application/pdf", "B.pdf", len(PDF))
    assert world.ask(attachments.content, first.digest) == PDF
    assert len(world.rows("select digest from attachment")) == 1


@pytest.mark.parametrize(
    "name", ['a"b\\c.pdf', "x\r\nBcc: y.pdf", "\u2028ü😀" * 20 + ".pdf"], ids=ascii
)
def test_a_name_reaches_the_reader_and_nothing_else_does(world, name):
    """Quotes, line ends and letters of any script stay within the file's own name."""
    kept = world.do(attachments.keep, name, PDF)
    letter = mail_server.letter(files=(Attached(kept.name, kept.kind, PDF),))
    read = message_from_bytes(build(letter).data, policy=default)
    (file,) = read.iter_attachments()
    assert "Bcc" not in read
    assert file.get_filename() == kept.name
    assert max(map(len, build(letter).data.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("virus.exe", b"x", "turn files such as ‘.exe’ down"),
        ("empty.pdf", b"", "empty"),
        ("film.mp4", b"x" * (attachments.LARGEST + 1), "10 MB are the most"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_what_cannot_be_sent_is_refused_at_once(world, name, content, said):
    """Not when the first message comes back."""
    with pytest.raises(Refused, match=said):
        world.do(attachments.keep, name, content)


def test_a_template_takes_as_much_as_a_server_does(world):
    """Too many, too large together, or gone: it is said when it is saved."""
    half = File("a.pdf", "application/pdf", "0" * 64, 8 * 1024 * 1024)
    for files, error in (((half, half), Refused), ((half,) * 11, Refused), ((half,), NotFound)):
        with pytest.raises(error):
            world.do(templates.save, "T", subject="", text="x", files=files)


def test_files_and_version_are_those_of_the_decision(world):
    """What is changed while a message waits changes nothing in it, and the proof says which."""
    kept = world.do(attachments.keep, "Preisliste für Zoë.pdf", PDF)
    world.do(templates.save, "Welcome", subject="Hi", text="one", files=[kept])
    world.mailbox()
    world.publish(Step("m", "send_email", {"template": "Welcome"}))
    ana = world.contact("Ana", email="ana@example.com")
    world.heart.tick()
    world.do(templates.save, "Welcome", subject="Hi", text="two")
    world.turn(hours=1)
    (letter,), (envelope,) = world.mail.letters, world.mail.envelopes
    assert letter.text.startswith("one")
    (attached,) = [part for part in message_from_bytes(envelope.data).walk() if part.get_filename()]
    assert attached.get_payload(decode=True) == PDF
    assert world.happened(ana)[-1] == "email_sent"
    assert world.rows("select template, template_version from outbox") == [("Welcome", 1)]


def test_what_nothing_names_goes_after_a_week(world):
    """A file of a template, an earlier version, a draft or a message stays, one of nothing goes."""
    kinds = ("now", "before", "sent", "draft", "nothing")
    files = {name: world.do(attachments.keep, f"{name}.pdf", PDF + name.encode()) for name in kinds}
    world.mailbox()
    ana = world.contact("Ana", email="ana@example.org")
    for name in ("before", "now"):
        world.do(templates.save, "T", subject="Hi", text="x", files=[files[name]])
    world.do(templates.save, "S", subject="Hi", text="x", files=[files["sent"]])
    world.publish(Step("m", "send_email", {"template": "S"}), trigger="tag_added",
                  trigger_settings={"tags": ["Go"]})  # fmt: skip
    world.do(records.add_tag, ana, "Go")
    world.tick()
    world.do(templates.delete, world.ask(templates.named, "S").id)
    world.do(lambda work: work.connection.exec_driver_sql("delete from template_version"
             " where template_id = 2"))  # fmt: skip
    world.do(lambda work: work.change(RowAdded("letter_draft", {
        "id": 1, "record_kind": "contact", "record_id": ana.id, "kind": "new",
        "files": attachments.stored([files["draft"]]), "begun_at": work.now,
        "updated_at": work.now,
    })))  # fmt: skip
    world.turn(days=6)
    world.turn(hours=1)
    assert world.ask(attachments.content, files["nothing"].digest)
    world.clock.advance(days=2)
    world.heart.tick()
    left = {digest for (digest,) in world.rows("select digest from attachment")}
    assert left == {files[name].digest for name in kinds if name != "nothing"}


def test_a_file_that_is_attached_again_is_young_again(world):
    """Between the look for what is unused and its end somebody attaches it: it stays."""
    kept = world.do(attachments.keep, "A.pdf", PDF)
    world.clock.advance(days=8)
    unused = world.ask(attachments.unused, 9)
    assert unused == [kept.digest]
    world.do(attachments.keep, "B.pdf", PDF)
    assert world.do(attachments.drop, unused) == 0
    assert world.ask(attachments.unused, 9) == []
