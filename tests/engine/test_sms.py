"""Text messages that go out: once each, whatever happens on the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rally_desktop.core.errors import BadSettings, Refused
from rally_desktop.engine import texting
from rally_desktop.outside.sms.base import Incoming
from rally_desktop.services import (
    mail_accounts,
    outbox,
    sms_accounts,
    sms_received,
)
from rally_desktop.services.sms_accounts import Rules
from tests.engine.texts import NUMBER, ana, deliver, furnished, gateway, states
from tests.gateway import SmsServer

pytestmark = pytest.mark.slow
_NAMES = ("id", "reference")


@pytest.fixture(scope="module")
def server():
    """A gateway on this computer."""
    with SmsServer(None) as made:
        yield made


@pytest.fixture
def office(world, server):
    """An office that can text."""
    return furnished(world, server)


@pytest.mark.parametrize("kind", ["twilio", "vonage", "android", "generic"])
def test_a_step_sends_by_every_gateway_to_the_number_with_its_country(office, kind):
    """A number as people write it goes out as the world dials it, and its name is kept."""
    gateway(office, kind)
    ana(office)
    assert deliver(office) == 1
    assert office.server.texts == [(NUMBER, "Hi Ana")]
    ((name,),) = office.rows("select server_id from message")
    assert name in (office.server.lines.kept[0].id, office.server.lines.kept[0].reference)


@pytest.mark.parametrize("kind", ["twilio", "vonage", "android"])
@pytest.mark.parametrize("cut", [{"say": 60}, {"hear": 200}])
def test_a_lost_answer_is_looked_for_in_the_log_and_nothing_goes_twice(office, kind, cut):
    """What the log has was sent, what it lacks is sent again; at the end there is one."""
    gateway(office, kind)
    ana(office)
    deliver(office)
    office.clock.advance(minutes=15)  # the log is believed where it has what certainly went out
    office.contact("Bo", mobile="+441632960002")
    office.heart.tick()
    for name, after in cut.items():
        setattr(office.server, name, after)
    deliver(office)
    assert states(office) == ["sent", "doubt"]
    for _ in range(16):
        office.clock.advance(minutes=1)
        deliver(office)
    assert office.server.texts == [(NUMBER, "Hi Ana"), ("+441632960002", "Hi Bo")]
    assert states(office) == ["sent", "sent"]
    # What becomes of either is known: each stands under the name that the gateway tells it by.
    names = {row[0] for row in office.rows("select server_id from message")}
    assert names in [{getattr(one, key) for one in office.server.lines.kept} for key in _NAMES]


def test_a_gateway_without_a_log_leaves_it_to_a_person(office):
    """Nobody can tell whether it went out: it is never sent again by itself."""
    gateway(office, "generic")
    ana(office)
    office.server.say = 10
    deliver(office)
    for _ in range(4):
        office.clock.advance(hours=1)
        deliver(office)
    assert (states(office), len(office.server.texts)) == (["doubt"], 1)
    (doubt,) = office.ask(outbox.doubts)
    office.do(outbox.decide, doubt.id, sent=True)
    assert states(office) == ["sent"]


def test_a_gateway_that_asks_to_be_left_alone_is(office):
    """After a 429 nothing is asked before the time that it named, by no message."""
    gateway(office)
    ana(office)
    office.contact("Bo", mobile="+441632960002")
    office.heart.tick()
    office.server.refusal = (429, b"{}", b"Retry-After: 600\r\n")
    asked = len(office.server.asked)
    deliver(office)
    assert states(office) == ["retry", "retry"]
    assert len(office.server.asked) == asked + 1
    office.clock.advance(minutes=9)
    deliver(office)
    assert len(office.server.asked) == asked + 1
    office.clock.advance(minutes=2)
    assert deliver(office) == 2


@pytest.mark.parametrize("status", [201, 400])
def test_words_of_a_gateway_that_cannot_be_kept_are_no_reason_to_doubt(office, status):
    """Whatever it says, and however it calls a message, its answer is written down."""
    gateway(office)
    ana(office)
    office.server.refusal = (
        status,
        b'{"sid": "' + b"S\\u0000" * 400 + b'", "message": "\\u0000"}',
        b"",
    )
    deliver(office)
    assert states(office) == ["sent" if status == 201 else "failed"]


def test_a_wrong_password_pauses_the_gateway_and_loses_nothing(office):
    """The message waits until somebody has put it right."""
    account = gateway(office)
    ana(office)
    office.server.refusal = (401, b'{"message": "Authenticate"}', b"")
    deliver(office)
    assert "Authenticate" in office.ask(mail_accounts.one, account.id).paused_why
    office.do(mail_accounts.resume, account.id)
    office.clock.advance(minutes=2)
    assert deliver(office) == 1


def test_a_password_is_told_to_no_server_but_the_one_it_was_entered_for(office):
    """No option leads it elsewhere, and no row that was changed behind the program’s back."""
    account = gateway(office, "generic")
    asks = {"status_url": "https://elsewhere.example/{{ id }}"}
    with pytest.raises(BadSettings, match="same server"):
        office.do(sms_accounts.change_rules, account.id, Rules(inside=True, asks=asks))
    elsewhere = replace(account, gateway_url="https://elsewhere.example/send")
    with pytest.raises(Refused, match="another server"):
        office.ask(sms_accounts.opened, elsewhere, office.vault, office.clock.now)


def test_a_landline_is_texted_only_where_there_is_no_mobile(office):
    """Of a mobile and a landline it is the mobile, in whichever field it stands."""
    gateway(office)
    ana(office, mobile="+493012345678", phone="0151 12345678", country="Germany")
    deliver(office)
    assert office.server.texts == [("+4915112345678", "Hi Ana")]


def test_what_somebody_writes_by_hand_goes_out_but_never_against_a_stop(office):
    """Consent to marketing is no matter for it; STOP is, also where it comes in the meantime."""
    account = gateway(office)
    person = office.contact("Ana", mobile=NUMBER, consent_sms="refused")
    office.do(texting.send, person, NUMBER, "See you at nine")
    office.do(texting.send, person, NUMBER, "And at ten")
    office.clock.advance(minutes=1)
    assert deliver(office) == 2
    office.do(texting.send, person, NUMBER, "And at noon")
    office.do(sms_received.take, account, [Incoming("s", NUMBER, "", "stop")])
    office.clock.advance(minutes=1)
    assert deliver(office) == 0
    with pytest.raises(Refused, match="wants no SMS"):
        office.do(texting.send, person, NUMBER, "Sorry")


def test_a_whole_page_is_not_sent_as_a_hundred_texts(office):
    """Ten SMS may be sent as one text; more are refused before anything is paid for."""
    gateway(office)
    person = office.contact("Ana", mobile=NUMBER)
    with pytest.raises(Refused, match="This is 11 SMS"):
        office.do(texting.send, person, NUMBER, "a" * 1531)
    office.do(texting.send, person, NUMBER, "a" * 1530)


def test_a_stop_holds_for_the_number_it_was_written_from_whichever_is_chosen(office):
    """Somebody with two numbers gets no SMS at the one that asked for none, also not by hand."""
    account, other = gateway(office), "+441632960002"
    person = office.contact("Ana", mobile=NUMBER, phone=other)
    office.do(texting.send, person, other, "See you at nine")
    office.do(sms_received.take, account, [Incoming("s", other, "", "stop")])
    office.clock.advance(minutes=1)
    assert deliver(office) == 0
    with pytest.raises(Refused, match="wants no SMS"):
        office.do(texting.send, person, other, "Sorry")
    office.do(texting.send, person, NUMBER, "See you at nine")
