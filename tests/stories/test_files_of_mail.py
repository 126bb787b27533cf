"""Ana sends files: they are on her line, and come out of the mailbox when somebody wants them."""

from __future__ import annotations

import asyncio
from email.message import EmailMessage

import pytest

from rally_desktop.engine import receiving_files
from rally_desktop.engine.receiving import Receiving
from rally_desktop.outside.mail.imap import Place
from rally_desktop.services import letters, mail_accounts, timeline
from tests.mailbox_server import serving

pytestmark = pytest.mark.slow
PICTURE, PLAN = b"\x89PNG" + bytes(400), bytes(range(256)) * 2_400


class Enough(Exception):
    """Somebody does not want to wait."""


def letter():
    """A message with a picture in its text, and a large plan."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "ana@example.org", "hello@example.com", "Plan"
    made["Message-ID"] = "<plan@example.org>"
    made.set_content("Here it is.")
    made.add_alternative('<p>Here it is.<img src="cid:logo@x"></p>', subtype="html")
    made.get_payload()[1].add_related(PICTURE, "image", "png", cid="<logo@x>")
    made.add_attachment(PLAN, "application", "pdf", filename="plan.pdf")
    return made.as_bytes()


def test_files_and_pictures_come_out_of_the_mailbox(world):
    """Whole, with word of how far they are; stopped half-way nothing is kept of them."""

    def place(account):
        return Place(account.imap_host, account.imap_port, "none", account.login, "secret")

    told = []

    def stop(done):
        if done:
            raise Enough

    with serving() as server:
        number = world.do(
            mail_accounts.add, "Hill Dental", "hello@example.com", host="memory", port=25,
            security="none", imap_host="127.0.0.1", imap_port=server.port, login="hello",
            imap_security="none",
        )  # fmt: skip
        ana = world.contact("Ana", email="ana@example.org")
        server.inbox.add(letter(), at=world.clock.now())
        asyncio.run(Receiving(world.store, place).look(world.ask(mail_accounts.one, number)))
        line = next(one for one in world.ask(timeline.lines, ana) if one.mail)
        found = world.ask(letters.of_line, line.id).chosen
        plan = next(one for one in found.files if one.name == "plan.pdf")
        asked = (world.store, found.number, plan.place, place)
        with pytest.raises(Enough):
            receiving_files.fetch(*asked, stop)
        assert receiving_files.fetch(*asked, told.append).data == PLAN
        wanted = [one.content_id for one in found.pictures]
        drawn = receiving_files.pictures(world.store, found.number, wanted, place, told.append)
    assert line.by == "1 file"
    assert drawn == {"cid:logo@x": PICTURE}
    assert told[:2] == [0, 256 * 1024]
