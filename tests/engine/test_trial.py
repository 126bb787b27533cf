"""Tests of templates: on the real way out, and nowhere else."""

from __future__ import annotations

from email import message_from_bytes

import pytest

from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.engine import trial
from rally_desktop.engine.carriers import smtp_carrier
from rally_desktop.engine.trial import Trial
from rally_desktop.services import safeguards, templates
from tests.gateway import add_gateway
from tests.mail_server import mail_server  # noqa: F401


@pytest.fixture
def made(world):
    """A template, and Ana whom it is filled in for."""
    ana = world.contact("Ana", email="ana@example.com")
    number = world.do(templates.save, "Hi", subject="Hi {{ contact.first_name }}", text="Text")
    return Trial(world.ask(templates.of, number), ana, "me@example.org")


def test_a_test_goes_out_by_the_real_server_and_is_counted_nowhere(world, made, mail_server):  # noqa: F811
    """It is marked, goes to the address asked for, and leaves neither message nor line."""
    world.mailbox(mail_server)
    lines = world.happened(made.ref)
    answer = trial.send(world.store, made, smtp_carrier)
    (received,) = mail_server.received
    read = message_from_bytes(received.data)
    assert answer.startswith("250")
    assert (read["Subject"], read["To"]) == ("[Test] Hi Ana", "me@example.org")
    assert read["X-Rally-Test"] == "yes"
    assert world.rows("select id from outbox") == world.rows("select id from message") == []
    assert world.happened(made.ref) == lines


def test_a_server_that_refuses_is_quoted(world, made, mail_server):  # noqa: F811
    """What the server said is what one reads."""
    world.mailbox(mail_server)
    mail_server.answer("rcpt", "550 5.1.1 No such user")
    with pytest.raises(Refused, match=r"The test was not sent: .*No such user"):
        trial.send(world.store, made, smtp_carrier)


@pytest.mark.parametrize("address", ["", "me", "me@example.org\r\nBcc: x@example.org", "a@b@c"])
def test_only_a_whole_address_is_written_to(world, made, address):
    """Anything else is refused before a server is asked."""
    world.mailbox()
    with pytest.raises(Refused, match="whole e-mail address"):
        trial.send(world.store, Trial(made.template, made.ref, address), smtp_carrier)


def test_what_holds_all_sending_holds_tests(world, made):
    """Without an account, or with the red button pressed, nothing goes out."""
    with pytest.raises(NotFound, match="No mail account"):
        trial.send(world.store, made, smtp_carrier)
    world.mailbox()
    world.do(safeguards.stop_sending)
    with pytest.raises(Refused, match="All sending is stopped"):
        trial.send(world.store, made, smtp_carrier)


def test_a_test_by_sms_goes_to_the_number_as_it_is_dialled(world):
    """A national number gets the code of the office’s country; one that is none is refused."""
    ana = world.contact("Ana")
    number = world.do(templates.save, "Hi", subject="", text="Hi {{ contact.first_name }}",
                      channel="sms")  # fmt: skip
    made = world.ask(templates.of, number)
    with pytest.raises(NotFound, match="Settings › SMS"):
        trial.send(world.store, Trial(made, ana, "01632 960001"), lambda _: world.phone)
    world.do(add_gateway)
    trial.send(world.store, Trial(made, ana, "01632 960001"), lambda _: world.phone)
    assert world.phone.texts == [("+441632960001", "Hi Ana")]
    with pytest.raises(Refused, match="Type a mobile number"):
        trial.send(world.store, Trial(made, ana, "me"), lambda _: world.phone)
