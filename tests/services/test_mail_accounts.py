"""Mail accounts: who they write for, how they are, how they sign, and what removing one means."""

import pytest

from rally_desktop.core.errors import BadTemplate, NotFound, Refused
from rally_desktop.engine import renaming
from rally_desktop.model.graph import Graph, Rules, Step
from rally_desktop.services import (
    mail_accounts,
    mail_signatures,
    mail_standing,
    pace,
    templates,
    workflows,
)

SERVER = {"host": "memory", "port": 25, "security": "none"}


def names(world):
    """Return who writes for whom."""
    return {one.name: one.writes_for for one in world.ask(mail_accounts.accounts)}


def test_one_account_alone_writes_for_an_owner(world):
    """Whom an account takes over another one lets go; the fallback is one alone."""
    maria, tom = world.user("Maria"), world.user("Tom")
    world.do(mail_accounts.add, "A", "a@x.org", writes_for=[maria, tom], fallback=True, **SERVER)
    number = world.do(mail_accounts.add, "B", "b@x.org", **SERVER)
    world.do(mail_accounts.edit, number, writes_for=[tom], fallback=True)

    assert names(world) == {"A": (maria,), "B": (tom,)}
    chosen = [world.ask(mail_accounts.account_for, "", who).name for who in (maria, tom, None)]
    assert chosen == ["A", "B", "B"]


@pytest.mark.parametrize(
    "values",
    [
        {"reply_to": "nobody"},
        {"reply_to": "desk@*"},
        {"daily_limit": -1},
        {"connections": 0},
        {"imap_port": 70_000},
    ],
)
def test_what_cannot_be_is_refused(world, values):
    """What is wrong with an account is said before it is kept."""
    number = world.mailbox()
    with pytest.raises(Refused):
        world.do(mail_accounts.edit, number, **values)


def welcomed(world, count=1):
    """Let a workflow write to some people."""
    world.do(templates.save, "Welcome", subject="Hello", text="Hi", html="<p>Hi</p>")
    world.publish(Step("mail", "send_email", {"template": "Welcome"}))
    for place in range(count):
        world.contact(email=f"p{place}@example.org")
    world.tick()


def test_a_day_has_room_for_so_many_messages(world):
    """Beyond the day's limit messages wait; a day later there is room again."""
    number = world.mailbox()
    world.do(mail_accounts.edit, number, daily_limit=2)
    welcomed(world, 3)
    assert len(world.mail.letters) == 2
    assert world.ask(pace.room, number, 300, 2) == 0
    assert world.ask(mail_standing.of, number).waiting == 1
    world.turn(hours=25)
    assert len(world.mail.letters) == 3


def test_messages_are_signed_with_the_owners_name(world):
    """Below an automated message stands the signature, in text and HTML, harmless in the latter."""
    number = world.mailbox()
    world.do(mail_accounts.edit, number, signature="{{ sender.name }}\n<Hill & Co>",
             sender_name="Hill", reply_to="desk@example.com")  # fmt: skip
    welcomed(world)

    (letter,) = world.mail.letters
    assert letter.text == "Hi\n\n-- \nHill\n<Hill & Co>\n"
    assert "Hill<br>&lt;Hill &amp; Co&gt;" in letter.html
    assert ("Reply-To", "desk@example.com") in letter.headers
    assert str(letter.sender) == "Hill <hello@example.com>"


def test_a_signature_is_left_out_where_it_is_not_wanted(world):
    """Automated messages and those by hand each say whether they are signed."""
    number = world.mailbox()
    world.do(mail_accounts.edit, number, signature="Yours", signs_automated=False)
    account = world.ask(mail_accounts.one, number)

    def below(**how):
        return world.ask(mail_signatures.under, account, "Hi", "", None, **how)[0]

    assert (below(automated=True), below(automated=False)) == ("Hi", "Hi\n\n-- \nYours\n")
    with pytest.raises(BadTemplate, match="No field"):
        world.do(mail_accounts.edit, number, signature="{{ contact.first_name }}")


def test_an_account_says_how_it_is(world):
    """What it does, when it was checked and how much of its hour is used stands in one line."""
    number = world.mailbox()
    welcomed(world)
    world.do(mail_accounts.checked, number, imap_host="imap.example.com")
    world.clock.advance(minutes=2)
    line = world.ask(mail_standing.of, number).line
    assert line == "sends, receives · checked 2 min ago · 1 of 300 this hour"
    world.do(mail_accounts.pause, number, "Holidays.")
    assert world.ask(mail_standing.of, number).line == "paused"


def test_drafts_follow_a_new_name(world):
    """A renamed account is named so by steps and rules of drafts; no two have one name."""
    number = world.mailbox()
    world.do(mail_accounts.add, "Other", "other@x.org", **SERVER)
    settings = {"template": "Welcome", "account": "Hill Dental"}
    graph = Graph(
        name="T", steps={"m": Step("m", "send_email", settings)}, start="m",
        settings=Rules(account="Hill Dental"),
    )  # fmt: skip
    made = world.do(workflows.create, graph)
    world.do(renaming.edit_account, number, name="Front desk")

    draft = world.ask(workflows.draft, made).graph
    assert (draft.steps["m"].settings["account"], draft.settings.account) == ("Front desk",) * 2
    with pytest.raises(Refused, match="another account"):
        world.do(renaming.edit_account, number, name="Other")


def test_removing_an_account_takes_its_waiting_messages_back(world):
    """What waits is not sent any more, and nobody writes from the account again."""
    number = world.mailbox()
    world.do(mail_accounts.pause, number, "Not yet.")
    welcomed(world)
    said = mail_standing.removal(world.ask(mail_standing.of, number))
    assert said[0] == "1 message that waits will not be sent any more."

    assert world.do(mail_standing.remove, number) == 1
    assert world.rows("select state, reason from outbox") == [("failed", "recalled")]
    with pytest.raises(NotFound):
        world.ask(mail_accounts.one, number)
