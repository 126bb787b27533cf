"""Text messages that come in: whose they are, what they ask for, and what became of ours."""

from __future__ import annotations

import asyncio
import base64
import hmac
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.core.webhook import Webhook
from rally_desktop.engine import texting
from rally_desktop.engine.sms_polling import SmsPolling
from rally_desktop.model.graph import Step
from rally_desktop.outside.secrets import Locked, Vault
from rally_desktop.outside.sms.base import Incoming, Piece, Status
from rally_desktop.services import (
    contacts,
    forgotten,
    mail_standing,
    scoring,
    sms_received,
    sms_status,
    sms_strangers,
)
from rally_desktop.services.sms_door import door
from tests.api.conftest import PUBLIC, Pocket
from tests.engine.texts import NUMBER, ana, deliver, furnished, gateway, said, states
from tests.gateway import Kept, SmsServer

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server():
    """A gateway on this computer."""
    with SmsServer(None) as made:
        yield made


@pytest.fixture
def office(world, server):
    """An office that can text."""
    return furnished(world, server)


def tells(office, account, **form):
    """Let Twilio tell something by a webhook, signed."""
    url = f"{PUBLIC}/v1/sms/{account.gateway_key}"
    said = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    sign = base64.b64encode(hmac.digest(b"hush", said.encode(), "sha1")).decode()
    head = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": sign}
    request = Webhook(url, head, urlencode(form).encode())
    office.do(door, account.gateway_key, request, office.vault)
    office.heart.tick()


def writes(office, account, text, number=NUMBER, name="IN1"):
    """Let somebody write an SMS to the office."""
    tells(office, account, MessageSid=name, From=number, Body=text, SmsStatus="received")


def test_a_reply_stands_on_the_timeline_once_and_names_what_it_answers(office):
    """However often the gateway tells it, and with the message it answers."""
    account, person = gateway(office), ana(office)
    deliver(office)
    for _ in range(2):
        writes(office, account, "Yes please")
    assert office.happened(person).count("sms_received") == 1
    ((number, detail),) = office.rows(
        "select (select id from outbox), detail from activity where kind = 'sms_received'"
    )
    assert f'"outbox":{number}' in detail
    assert office.record(person)["last_replied_at"] is not None


def test_what_became_of_a_message_is_told_once(office):
    """Delivered or not, with the gateway’s own reason; twice told is once written."""
    account, person = gateway(office), ana(office)
    deliver(office)
    sid = office.server.lines.kept[0].id
    for _ in range(2):
        tells(office, account, MessageSid=sid, MessageStatus="undelivered", ErrorCode="30005")
    assert office.happened(person).count("sms_bounced") == 1
    assert "SMS not delivered to +441632960001" in said(office, person)


@pytest.mark.parametrize(("code", "expected"), [("30005", "paused"), ("30003", "active")])
def test_a_number_that_is_no_more_pauses_a_sequence_and_is_to_be_found_anew(office, code, expected):
    """No second SMS is paid for; a telephone that is only switched off changes nothing."""
    account, wait = gateway(office), Step("wait", "wait", {"amount": 1, "unit": "days"})
    sms = [Step(name, "send_sms", {"template": "Hi"}) for name in ("one", "two")]
    office.publish(sms[0], wait, sms[1], purpose="sequence")
    person = office.contact("Ana", mobile="01632 960001", country="UK", owner_id=office.user("Max"))
    office.heart.tick()
    deliver(office)
    sid = office.server.lines.kept[0].id
    tells(office, account, MessageSid=sid, MessageStatus="undelivered", ErrorCode=code)
    office.heart.tick()
    paused = expected == "paused"
    assert office.rows("select state, reason from run") == [
        (expected, "hard_bounce" if paused else "")
    ]
    titles = [title for (title,) in office.rows("select title from task")]
    assert titles == ["Find the new mobile number"] * paused
    assert not office.record(person)["email_invalid"]


def test_a_number_that_is_no_more_is_nothing_to_mails_nor_once_it_is_corrected(office):
    """What is mailed goes on; and so does what is texted, to the number that there is by then."""
    account, wait = gateway(office), Step("wait", "wait", {"amount": 9, "unit": "days"})
    office.publish(wait, purpose="sequence")
    texts = office.publish(Step("one", "send_sms", {"template": "Hi"}), wait, purpose="sequence")
    people = [ana(office), office.contact("Ben", mobile="+441632960002")]
    office.heart.tick()
    deliver(office)
    office.do(contacts.update, people[0], {"mobile": "+441632960003"})
    for one in office.server.lines.kept[:2]:
        tells(office, account, MessageSid=one.id, MessageStatus="undelivered", ErrorCode="30005")
    office.heart.tick()
    paused = office.rows("select workflow_id, record_id from run where state = 'paused'")
    assert paused == [(texts, people[1].id)]


def test_what_is_told_before_the_answer_of_the_gateway_is_kept_is_not_lost(office, caplog):
    """It waits for its message, and is written down once; of a message not ours it is said."""
    account, person = gateway(office), ana(office)
    early = Status("SM1", "", "delivered")
    office.do(sms_status.take, account.id, [early])
    assert "not ours: 1" in caplog.text
    caplog.clear()
    with office.store.engine.begin() as connection:
        connection.exec_driver_sql("update outbox set state = 'dot'")
    for _ in range(2):
        office.do(sms_status.take, account.id, [early])
    assert office.do(sms_status.take_kept) == 0
    with office.store.engine.begin() as connection:
        connection.exec_driver_sql("update outbox set state = 'ready'")
    deliver(office)
    with office.store.engine.begin() as connection:
        connection.exec_driver_sql("update message set server_id = 'SM1'")
    asyncio.run(SmsPolling(office.store, office.carriers.gateway).follow())
    assert office.happened(person).count("sms_delivered") == 1
    assert not office.ask(sms_status.untold)


@pytest.mark.parametrize(("kind", "confirmed"), [("twilio", 0), ("vonage", 1)])
def test_stop_ends_all_sms_and_start_brings_them_back(office, kind, confirmed):
    """Nothing more is sent, also at night one confirmation at most; START restores what was."""
    account = gateway(office, kind)
    person = ana(office, consent_sms="granted")
    deliver(office)
    take = sms_received.take
    for name in ("a", "b"):
        came = Incoming(name, NUMBER, "", "Stop.")
        office.do(take, account, [came])
    deliver(office)
    assert len(office.server.texts) == 1 + confirmed
    assert office.record(person)["consent_sms"] == "refused"
    assert office.record(person)["last_replied_at"] is None
    assert office.ask(scoring.explain, person).parts == ()
    assert "SMS received: wants no more SMS" in said(office, person)
    office.do(take, account, [Incoming("c", NUMBER, "", "START")])
    assert office.record(person)["consent_sms"] == "granted"
    assert office.rows("select * from suppression") == []


def test_help_is_answered_in_the_offices_words_a_few_times_a_day(office):
    """Also to somebody who has left; nobody can make us write without end."""
    account = gateway(office, "vonage", help="Hill Dental, 020 7946 0000")
    ana(office)
    deliver(office)
    for number in range(6):
        came = Incoming(f"h{number}", NUMBER, "", "help")
        office.do(sms_received.take, account, [came])
        deliver(office)
    assert [text for _, text in office.server.texts].count("Hill Dental, 020 7946 0000") == 3


def test_a_shared_number_is_the_one_who_was_written_to_last(office):
    """And the others are named, so that nobody is taken for somebody else unawares."""
    account = gateway(office)
    first = office.contact("Tom", last_name="Hill", mobile=NUMBER)
    second = ana(office)
    deliver(office)
    writes(office, account, "Hello")
    assert "sms_received" in office.happened(second)
    assert "sms_received" not in office.happened(first)
    assert "Tom Hill" in office.rows("select detail from activity where kind='sms_received'")[0][0]


def test_an_unknown_number_is_kept_until_somebody_knows_it(office):
    """It is a stranger with what was written; STOP holds for the number all the same."""
    account = gateway(office)
    writes(office, account, "Who is this?", "+441632960009", "IN8")
    writes(office, account, "STOP", "+441632960009", "IN9")
    ((number, told, person),) = office.rows(
        "select number, count(*), max(contact_id) from sms_arrival group by number"
    )
    assert (number, told, person) == ("+441632960009", 2, None)
    ana(office, mobile="+441632960009")
    assert deliver(office) == 0
    assert office.server.texts == []


def test_a_long_message_that_comes_in_parts_is_one(office):
    """In whatever order its parts come, and however often one of them is told."""
    account, person = gateway(office, "vonage"), ana(office)
    parts = ["One, ", "two, ", "three"]

    def comes(place):
        piece = Piece("7", place + 1, 3)
        came = Incoming(f"p{place}", NUMBER, "", parts[place], piece=piece)
        return office.do(sms_received.take, account, [came])

    assert [comes(place) for place in (2, 0, 0, 1, 1)] == [0, 0, 0, 1, 0]
    assert office.happened(person).count("sms_received") == 1
    assert office.rows("select text from message where direction = 'in'") == [("One, two, three",)]
    assert office.rows("select text from sms_arrival where ignored") == [("",)] * 3
    assert office.ask(sms_strangers.listed) == []


def test_what_is_there_of_a_long_message_is_shown_after_a_while(office):
    """It is said to be incomplete, STOP in it holds; a part that comes later stands alone."""
    account, person = gateway(office, "vonage"), ana(office)

    def comes(name, text, place, whole="7"):
        came = Incoming(name, NUMBER, "", text, piece=Piece(whole, place, 3))
        office.do(sms_received.take, account, [came])

    def passes(minutes):
        office.clock.advance(minutes=minutes)
        asyncio.run(SmsPolling(office.store, office.carriers.gateway).follow())
        return [row[0] for row in office.rows("select text from message order by id")]

    comes("p1", "One", 1)
    comes("p3", "three", 3)
    comes("q3", "Stop.", 3, "8")
    assert passes(59) == []
    whole = "One […] three\n(Incomplete: of 3 parts 2 came.)"
    assert passes(1) == [whole, " […] Stop.\n(Incomplete: of 3 parts 1 came.)"]
    assert office.record(person)["consent_sms"] == "refused"
    comes("p2", "two", 2)
    assert passes(60)[2:] == [" […] two\n(Incomplete: of 3 parts 1 came.)"]
    assert office.rows("select text from sms_arrival where ignored") == [("",)] * 4


def test_what_is_there_of_a_long_message_is_shown_when_its_gateway_goes(office):
    """No further part can come then; STOP in it holds, and nobody waits for an answer to it."""
    account, person = gateway(office, "vonage"), office.contact("Ana", mobile=NUMBER)
    parts = [("p1", "7", 1, "One"), ("q3", "8", 3, "Stop.")]
    for name, whole, place, text in parts:
        came = Incoming(name, NUMBER, "", text, piece=Piece(whole, place, 3))
        office.do(sms_received.take, account, [came])
    office.do(mail_standing.remove, account.id)
    assert [row[0] for row in office.rows("select text from message order by id")] == [
        "One\n(Incomplete: of 3 parts 1 came.)", " […] Stop.\n(Incomplete: of 3 parts 1 came.)",
    ]  # fmt: skip
    assert office.record(person)["consent_sms"] == "refused"
    assert states(office) == []


def test_nothing_is_kept_of_what_an_erased_person_writes(office):
    """That it came is known, so that it is not taken twice; not from whom, nor what it said."""
    account = gateway(office)
    office.do(forgotten.remember, "sms", [NUMBER])
    writes(office, account, "Remember me?")
    writes(office, account, "STOP", name="IN2")
    part = Incoming("IN3", NUMBER, "", "Remember", piece=Piece("7", 1, 2))
    office.do(sms_received.take, account, [part])
    assert office.rows("select number, text from sms_arrival") == [("", "")] * 3
    assert office.rows(f"select * from suppression where address = '{NUMBER}'") == []
    assert office.ask(sms_strangers.listed) == []


def test_only_the_gateway_itself_is_heard(office):
    """Another key, another secret, and a signature for another address change nothing."""
    account = gateway(office)
    request = Webhook(f"{PUBLIC}/v1/sms/{account.gateway_key}", {}, b"MessageSid=1&Body=Hi")
    with pytest.raises(Refused):
        office.do(door, account.gateway_key, request, office.vault)
    with pytest.raises(NotFound):
        office.do(door, "other", request, office.vault)
    with pytest.raises(Locked):
        office.do(door, account.gateway_key, request, Vault(Pocket()))


@pytest.mark.parametrize("kind", ["twilio", "vonage"])
def test_where_nothing_reaches_the_office_the_log_is_asked(office, kind):
    """A reply, and that ours was delivered, come in by polling; each once."""
    account, person = gateway(office, kind, polls=True), ana(office)
    deliver(office)
    office.server.lines.kept[0].status = "delivered"
    office.server.lines.came_in.append(Kept("IN1", NUMBER, "Yes", at=office.clock.now()))
    polling = SmsPolling(office.store, office.carriers.gateway)
    assert asyncio.run(polling.look(account)) == 2
    assert asyncio.run(polling.look(account)) == 0
    assert {"sms_received", "sms_delivered"} <= set(office.happened(person))


def test_each_of_two_messages_is_asked_for_until_its_own_end_is_known(office):
    """What became of one to the same person says nothing of the other."""
    account, person = gateway(office, "android"), office.contact("Ana", mobile=NUMBER)
    for text in ("One", "Two"):
        office.do(texting.send, person, NUMBER, text)
    office.clock.advance(minutes=1)
    assert deliver(office) == 2
    first, second = (one.reference for one in office.server.lines.kept)
    office.do(sms_status.take, account.id, [Status(first, first, "delivered")])
    assert office.ask(sms_status.waiting, account.id) == [second]


def test_a_telephone_is_asked_what_became_of_its_messages(office):
    """Only while that is not known, and for a few days."""
    account, person = gateway(office, "android"), ana(office)
    deliver(office)
    office.server.lines.kept[0].status = "delivered"

    async def follow():
        polling = SmsPolling(office.store, office.carriers.gateway)
        await polling.follow()
        assert polling._task is not None
        await polling._task
        return polling

    asyncio.run(follow())
    assert "sms_delivered" in office.happened(person)
    asked = len(office.server.asked)
    office.clock.advance(seconds=timedelta(minutes=2).total_seconds())
    polling = SmsPolling(office.store, office.carriers.gateway)
    asyncio.run(polling.follow())
    assert len(office.server.asked) == asked
    assert polling._task is None
    assert account.id
