"""What arrives in the mailbox is read, known and heard by a sequence, from end to end.

What each event then does to a run is proved cell by cell (test_stop_matrix.py).
"""

import asyncio
from datetime import UTC, datetime

import pytest

from rally_desktop.engine.receiving import Receiving
from rally_desktop.model.graph import Rules, Step
from rally_desktop.outside.mail.imap import Place
from rally_desktop.services import mail_accounts, receiving_rules, runs, safeguards, templates
from rally_desktop.services.receiving_rules import ReceivingRules
from rally_desktop.services.safeguards import Safeguards
from tests.mailbox_server import letter, serving
from tests.stories.stop_matrix import REPORT

pytestmark = pytest.mark.slow


@pytest.fixture
def office(world):
    """A sequence of two messages four days apart has written to Ana; her answers are read."""
    with serving() as server:
        world.server = server
        number = world.do(
            mail_accounts.add, "Hill Dental", "hello@example.com", host="memory", port=25,
            security="none", imap_host="127.0.0.1", imap_port=server.port, login="hello",
            imap_security="none",
        )  # fmt: skip
        world.account = world.ask(mail_accounts.one, number)
        for name in ("First", "Second"):
            world.do(templates.save, name, subject=name, text="Dear {{ contact.first_name }}")
        world.publish(
            Step("one", "send_email", {"template": "First"}),
            Step("wait", "wait", {"amount": 4, "unit": "days"}),
            Step("two", "send_email", {"template": "Second"}),
            purpose="sequence", settings=Rules(again="never"),
        )  # fmt: skip
        world.maria = world.user("Maria")
        world.ana = world.contact("Ana", email="ana@example.org", owner_id=world.maria)
        world.tick()
        receive(world)
        world.turn(hours=1)
        yield world


def receive(world):
    """Read the mailbox, and let the engine hear of it."""

    def place(account):
        return Place(account.imap_host, account.imap_port, "none", account.login, "secret")

    asyncio.run(Receiving(world.store, place).look(world.account))
    world.tick()


def arrives(world, data, folder="inbox"):
    """Let a message come into a folder, and be read."""
    getattr(world.server, folder).add(data, at=world.clock.now())
    receive(world)


def first_id(world):
    """The Message-ID of the first message."""
    return world.mail.letters[0].message_id


def subjects(world):
    """What was sent."""
    return [one.subject for one in world.mail.letters]


def why(world):
    """How the run stands, and for what reason."""
    (row,) = world.ask(runs.listed).rows
    return row.state, row.reason


def test_a_reply_stops_it(office):
    """Ana answers: the second message never goes out."""
    arrives(office, letter(subject="Re: First", In_Reply_To=first_id(office)))
    office.turn(days=30)
    assert subjects(office) == ["First"]
    assert why(office) == ("stopped", "reply")


def test_a_reply_from_another_address_stops_it(office):
    """Ana answers from her private address: it is her, by the thread, and the line says so."""
    arrives(office, letter(sender="ana@home.example", References=f"<x@y> {first_id(office)}"))
    assert why(office) == ("stopped", "reply")
    (detail,) = office.rows("select detail from activity where kind = 'email_received'")[0]
    assert '"other_address":"ana@home.example"' in detail


def test_an_answer_is_known_by_the_address_it_goes_to(office):
    """Ben’s program drops the thread, and he writes from elsewhere: where he writes to tells."""
    office.do(mail_accounts.edit, office.account.id, reply_to="hello+*@example.com")
    ben = office.contact("Ben", email="ben@example.org", owner_id=office.maria)
    office.tick()
    office.turn(hours=1)
    to = dict(office.mail.letters[-1].headers)["Reply-To"]
    guessed = "hello+1-0123456789@example.com"
    arrives(office, letter("ben@home.example", To=guessed, Message_ID="<1@home.example>"))
    assert "email_received" not in office.happened(office.ana)
    arrives(office, letter("ben@home.example", To=to, Message_ID="<2@home.example>"))
    assert "email_received" in office.happened(ben)
    assert office.run_states() == ["active", "stopped"]


def test_an_automatic_reply_waits_for_the_day_of_return(office):
    """Ana is away until the Tuesday after next: the second message waits for the Wednesday."""
    away = letter(
        subject="Automatic reply: First", In_Reply_To=first_id(office),
        Auto_Submitted="auto-replied", text="I am out of office and back on Tuesday 16 June 2026.",
    )  # fmt: skip
    arrives(office, away)
    office.leap(datetime(2026, 6, 17, 7, tzinfo=UTC))
    assert subjects(office) == ["First"]
    office.turn(hours=8)
    assert subjects(office) == ["First", "Second"]


def test_a_refusal_counts_against_the_account(office):
    """Called spam by the server: the address is not at fault, the account is."""
    office.do(safeguards.save, Safeguards(send_errors_in_a_row=1))
    said = {"own": "b", "address": "ana@example.org", "status": "5.7.1", "about": first_id(office)}
    arrives(office, REPORT.format(**said).encode())
    assert not office.record(office.ana)["email_invalid"]
    assert office.rows("select paused_why from mail_account") != [("",)]


def test_a_wish_for_no_more_stops_it(office):
    """Ana asks to be left alone: it stops, and no marketing goes to her address again."""
    arrives(office, letter(subject="Re: First", text="Unsubscribe", In_Reply_To=first_id(office)))
    assert why(office) == ("stopped", "unsubscribed")
    assert office.rows("select channel, address from suppression") == [("email", "ana@example.org")]
    assert office.record(office.ana)["consent_email"] == "refused"


def test_the_copy_of_what_was_sent_is_no_news(office):
    """The Sent folder holds our own message under the server's id: an answer to that is known."""
    key = first_id(office).strip("<>")
    arrives(office, letter(sender="hello@example.com", To="ana@example.org",
            Message_ID="<server@example.com>", X_Rally_Key=key), "sent")  # fmt: skip
    assert why(office)[0] == "active"
    assert office.happened(office.ana).count("email_sent") == 1
    arrives(office, letter(sender="ana@home.example", In_Reply_To="<server@example.com>"))
    assert why(office) == ("stopped", "reply")


def test_an_answer_is_read_before_the_next_message_goes_out(office):
    """The mailbox must have been read within ten minutes: the answer in it is heard in time."""
    office.do(receiving_rules.save, ReceivingRules(oldest=10))
    office.server.inbox.add(letter(In_Reply_To=first_id(office)), at=office.clock.now())
    office.turn(days=5)
    receive(office)
    office.turn(minutes=5)
    assert subjects(office) == ["First"]
    assert office.rows("select reason from outbox")[-1] == ("stopped",)


def test_colleagues_and_machines_change_nothing(office):
    """Maria's own mail, a newsletter and a read receipt are none of Ana's answers."""
    arrives(office, letter(sender="hello@example.com", In_Reply_To=first_id(office)))
    arrives(office, letter(List_Id="<news.example.org>", List_Unsubscribe="<https://x.example>"))
    assert why(office)[0] == "active"
