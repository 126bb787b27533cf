"""E-mails that answer each other are one conversation, in whatever order they are learnt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rally_desktop.model.changes import RowAdded
from rally_desktop.model.mailings import MailArrived, MailBounced, MailWritten
from rally_desktop.model.touches import Unsubscribed
from rally_desktop.services import mail_accounts, messages, receiving, strangers, timeline
from rally_desktop.services.messages import Content, Origin


@pytest.fixture
def ana(world):
    """Ana, whose timeline it is."""
    return world.contact("Ana", email="ana@example.org")


def mail(world, ref, name, direction="in", hours=0, **row):
    """Let a message be written down, as it is when a mailbox is read."""
    row = {"channel": "email", "direction": direction, "record_kind": ref.kind,
           "record_id": ref.id, "message_id": name and f"<{name}>", "sender": "ana@example.org",
           "recipient": "hello@example.com", "text": name, "in_reply_to": "",
           "subject": "Re: Chairs", **row}  # fmt: skip
    said = {"text": row["text"], **row.pop("said", {})}
    wish = row.pop("wish", False)

    def write(work):
        whole = {**row, "id": work.new_id("message"), "at": work.now + timedelta(hours=hours)}
        told = MailArrived(ref, whole, said) if direction == "in" else None
        if wish:
            about = (whole["subject"], "mail", "", whole["message_id"], whole["at"])
            told = Unsubscribed(ref, "email", 0, *about)
        work.change(told or MailWritten(ref, whole, row["text"]))
        work.change(RowAdded("message", whole))

    world.do(write)


def folded(world, ref):
    """The last message of each conversation, with how many it has."""
    lines = world.ask(timeline.lines, ref, folded=True, groups=["messages"])
    return [(line.body, line.mail.count) for line in lines]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 2, 0)])
def test_a_conversation_is_folded_however_it_is_learnt(world, ana, order):
    """What answers what is told by three headers; what stands alone stays alone."""
    known = [
        {"name": "offer", "direction": "out", "server_id": "<renamed>"},
        {"name": "yes", "in_reply_to": "<renamed>", "hours": 1},
        {"name": "when", "in_reply_to": "<lost>", "root": "<offer>", "hours": 2},
        {"name": "other", "hours": 3},
    ]
    for number in order:
        mail(world, ana, **known[number])
    assert folded(world, ana) == [("other", 1), ("when", 3)]
    assert len(world.ask(timeline.lines, ana, text="yes", groups=["messages"])) == 1


def test_a_page_of_folded_lines_is_as_long_as_any(world, ana):
    """However much is folded away, a page has as many lines as were asked for."""
    for number in range(8):
        mail(world, ana, f"long{number}", in_reply_to="<long0>", hours=9 + number)
    for number in range(3):
        mail(world, ana, f"alone{number}", hours=3 - number)
    lines = world.ask(timeline.lines, ana, folded=True, limit=3)
    assert [line.body for line in lines] == ["long7", "alone0", "alone1"]
    (last,) = world.ask(timeline.lines, ana, folded=True, limit=1, before=lines[-1].place)
    assert last.body == "alone2"


def test_machines_and_what_came_back_are_said_in_words(world, ana):
    """An absence names its end; a bounce says why, whether that is for good, and who said so."""
    said = {"automatic": True, "machine": "absence", "returns": "2026-08-03"}
    mail(world, ana, "away", subject="Out of office", said=said)
    back = MailBounced(
        ana, None, "Chairs", "ana@example.org", "soft", "4.2.2", "452 over quota", world.clock.now()
    )
    world.do(lambda work: work.change(back))
    bounced, away, _ = world.ask(timeline.lines, ana)
    assert away.text == "Automatic reply, away until 3 August 2026: Out of office"
    assert bounced.text == "E-mail came back for now: Chairs"
    assert bounced.body.startswith("ana@example.org: The mailbox is full.\nIt may go through")
    assert (away.look, bounced.look) == ("machine_absence", "back_soft")
    assert world.record(ana)["last_replied_at"] is None


def test_an_answer_from_elsewhere_is_offered_until_it_is_known(world, ana):
    """The line says from where, whose it seems to be, and no more once the address is hers."""
    mail(world, ana, "home", said={"other_address": "ana@home.example"})
    (line, _) = world.ask(timeline.lines, ana)
    assert line.text == "E-mail received from ana@home.example: Re: Chairs"
    assert (line.mail.stranger, line.mail.whose) == ("ana@home.example", "Ana")
    world.do(strangers.also_known_by, ana, "Ana@home.example")
    assert world.ask(timeline.lines, ana)[0].mail.stranger == ""
    world.do(strangers.no_longer_known_by, ana, "ana@home.example")
    assert world.ask(timeline.lines, ana)[0].mail.stranger == "ana@home.example"


def test_a_message_in_two_mailboxes_says_in_which(world, ana):
    """One line has both addresses; a message that one account received has none to tell."""
    for name in ("hello", "sales"):
        address = f"{name}@example.com"
        number = world.do(mail_accounts.add, name, address, host="memory", port=25, security="none")
        box = world.do(receiving.opened, number, "INBOX", "inbox", validity=1, top=0)
        known = [("both", 1, True)] + [("one", 2, True)] * (name == "hello")
        world.do(receiving.note_seen, box, known)
    mail(world, ana, "a", digest="both")
    shown, file = ({"inline": inline, "name": "x", "content_id": ""} for inline in (True, False))
    mail(world, ana, "b", digest="one", files=[shown, file])
    lines = world.ask(timeline.lines, ana, groups=["messages"])
    boxes = {line.body: line.mail.boxes for line in lines}
    assert boxes == {"a": ("hello@example.com", "sales@example.com"), "b": ()}
    assert [line.by for line in lines] == ["1 file", "In hello@example.com and sales@example.com"]


def test_that_a_message_waits_is_said_until_it_went_out(world, ana):
    """Then one line says that it was sent."""
    account = world.ask(mail_accounts.one, world.mailbox())

    def write(work):
        origin = Origin(None, None, messages.BY_HAND, 1, work.now)
        messages.queue(work, ana, work.record(ana), account, Content("Chairs", "Yes"), origin)

    def kinds():
        lines = world.ask(timeline.lines, ana, groups=["messages"], folded=True)
        return [line.kind for line in lines]

    world.do(write)
    assert kinds() == ["email_queued"]
    world.clock.advance(hours=1)
    world.deliver()
    assert kinds() == ["email_sent"]
