"""Who may be written to, from which account, and what came back."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from rally_desktop.core.errors import BadSettings, Refused
from rally_desktop.core.message import Mailbox
from rally_desktop.model import tables
from rally_desktop.services import contacts, mail_accounts, messages

ACCOUNT = {"host": "mail.example.org", "port": 587}


def queued(world, ref, contact_ref, subject="Hi"):
    """Queue a message and return its row."""

    def service(work):
        account = mail_accounts.accounts(work)[0]
        return messages.queue(
            work,
            ref,
            work.record(contact_ref),
            account,
            messages.Content(subject, "t"),
            messages.Origin(1, 7, "mail", 1, work.now),
        )

    number = world.do(service)
    with world.store.engine.connect() as connection:
        found = connection.execute(tables.outbox.select().where(tables.outbox.c.id == number))
        return found.mappings().one()


def test_the_owners_account_comes_first(world):
    """A named account is taken as named; else the owner's, else the office's first."""
    maria, tom = world.user("Maria"), world.user("Tom")
    world.do(mail_accounts.add, "Office", "office@x.org", **ACCOUNT)
    world.do(mail_accounts.add, "Maria", "maria@x.org", writes_for=[maria], **ACCOUNT)

    def chosen(name, owner):
        found = world.ask(mail_accounts.account_for, name, owner)
        return found and found.name

    assert [chosen("", maria), chosen("", tom), chosen("", None), chosen("Office", maria)] == [
        "Maria", "Office", "Office", "Office",
    ]  # fmt: skip
    assert chosen("Gone", maria) is None


def test_without_an_account_there_is_none(world):
    """An office that set up no account has none to send from."""
    assert world.ask(mail_accounts.account_for, "", None) is None


@pytest.mark.parametrize(
    "values",
    [{"security": "magic"}, {"address": "nobody"}, {"host": ""}, {"port": 0}, {"port": 70_000},
     {"name": "x" * 201}, {"host": "A\0"}, {"login": "x" * 321}],
    ids=lambda value: ascii(value)[:24],
)  # fmt: skip
def test_an_account_that_cannot_work_is_refused(world, values):
    """What is wrong with an account is said when it is set up."""
    with pytest.raises((Refused, BadSettings)):
        world.do(mail_accounts.add, **{"name": "A", "address": "a@b.org", **ACCOUNT, **values})


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, ""),
        ({"email": ""}, "no_address"),
        ({"do_not_contact": True}, "do_not_contact"),
        ({"email_invalid": True}, "bad_address"),
        ({"consent_email": "refused"}, "no_consent"),
        ({"consent_email": "granted"}, ""),
        ({"email": "Barred@example.org"}, "suppressed"),
    ],
)
def test_nobody_is_written_to_against_their_will(world, values, reason):
    """Each refusal has its reason, and a reason is all it takes."""
    with world.store.engine.connect().execution_options(rally_write=True) as connection:
        row = {"channel": "email", "address": "barred@example.org", "reason": "unsubscribed"}
        connection.execute(insert(tables.suppression).values(**row, at=world.clock.now()))
        connection.commit()
    ana = world.contact(**{"email": "ana@example.org", **values})

    def refusal(work, transactional):
        return messages.refusal(work, work.record(ana), transactional=transactional)

    assert world.ask(refusal, False) == reason
    assert world.ask(refusal, True) == ("" if reason == "no_consent" else reason)


def test_a_deleted_contact_is_not_written_to(world):
    """Who is in the trash is gone, whatever a snapshot says."""
    ana = world.contact(email="a@example.org")
    world.do(contacts.delete, ana)
    query = lambda work: messages.refusal(work, work.find(ana), transactional=True)  # noqa: E731
    assert world.ask(query) == "gone"


def test_a_queued_message_has_a_key_of_its_own(world):
    """Key and Message-ID follow from run, step and visit alone."""
    world.mailbox()
    ana = world.contact(email="Ana@example.org")
    row = queued(world, ana, ana, subject=" Hello \n there ")
    assert row["key"].endswith(":7:mail:1:email:ana@example.org")
    assert row["message_id"].startswith("<7.mail.1.")
    assert row["message_id"].endswith("@example.com>")
    assert (row["state"], row["subject"], row["run_id"]) == ("ready", "Hello there", 7)


def test_names_that_leave_no_room_are_left_out(world):
    """Two long names and a long address still make a recipient that can be read back."""
    world.mailbox()
    address = "a" * 60 + "@" + "b" * 60 + "." + "c" * 60 + ".org"
    ana = world.contact("A" * 200, last_name="B" * 200, email=address)
    row = queued(world, ana, ana)
    assert Mailbox.read(row["recipient"]).address == address


def test_what_came_in_is_kept_whatever_it_holds(world):
    """A letter from outside is never refused; what cannot be kept is marked in it."""
    ana = world.contact()
    number = world.do(
        messages.receive, ana, sender="x" * 1_000, subject="Re: \0 \ud800", text="<b>\u202eHi\0",
        in_reply_to="<" + "i" * 999,
    )  # fmt: skip
    query = f"select subject, text, direction from message where id = {number}"
    assert world.rows(query) == [("Re: \ufffd \ufffd", "<b>\u202eHi\ufffd", "in")]
    assert world.record(ana)["last_replied_at"] == world.clock.now()
    assert world.happened(ana) == ["created", "email_received"]
