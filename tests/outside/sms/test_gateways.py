"""Text messages over the wire: every gateway sends once, says what it knows, and proves itself."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from rally_desktop.core.errors import Refused, SendFailed
from rally_desktop.core.webhook import Webhook
from rally_desktop.outside.http import Answer
from rally_desktop.outside.sms.base import Incoming, Piece, Place, Status, Text, wait_of
from rally_desktop.outside.sms.gateways import KINDS
from rally_desktop.outside.sms.generic import Options, value_at
from tests.gateway import Kept, SmsServer

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
TEXT = Text("abc123", "+441632960000", "+441632960001", "Hello “Ana” €5")
GENERIC = {"id_at": "result.0.id"}


@pytest.fixture(scope="module")
def server():
    """A gateway on this computer."""
    with SmsServer(lambda: NOW) as made:
        yield made


@pytest.fixture(autouse=True)
def _fresh(server):
    server.lines.kept.clear()
    server.lines.came_in.clear()
    server.asked.clear()
    server.further = None


def opened(server, kind, **values):
    """Return an adapter that asks the server."""
    given = {"login": "AC1", "secret": "hush", "signing": "seal", "inside": True, **values}
    options = {"generic": GENERIC, "vonage": {"reports": server.url}}.get(kind, {})
    where = f"{server.url}/send" if kind == "generic" else server.url
    given.setdefault("options", options)
    return KINDS[kind].made(Place(where, **given), lambda: NOW)


def send(gateway, text=TEXT):
    """Send one message."""

    async def before():
        pass

    return asyncio.run(gateway.send(text, before))


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_goes_out_with_its_number_words_and_name(server, kind):
    """Every gateway is told number and text as they are, and says how it calls the message."""
    receipt = send(opened(server, kind))
    assert server.texts == [(TEXT.number, TEXT.text)]
    assert receipt.id in (server.lines.kept[0].id, TEXT.reference)
    assert receipt
    if kind != "twilio":
        assert server.lines.kept[0].reference == TEXT.reference
    if kind in ("twilio", "android"):
        assert server.asked[0].login == "AC1:hush"


@pytest.mark.parametrize("kind", [one for one in KINDS if KINDS[one].log])
def test_the_log_tells_whether_a_message_is_there(server, kind):
    """What was taken is found by its name, what was not is missing, a silent log says neither."""
    gateway = opened(server, kind)
    look = lambda known=(): asyncio.run(gateway.find(TEXT, NOW, known))  # noqa: E731
    assert look() == ""
    receipt = send(gateway)
    assert look() == receipt.id
    server.quiet = True
    try:
        assert look() is None
    finally:
        server.quiet = False


@pytest.mark.parametrize("kind", ["twilio", "vonage"])
def test_a_log_that_was_read_in_part_proves_nothing(server, kind):
    """Where it goes on elsewhere, a message that was not found is a doubt."""
    server.further = "https://elsewhere.example/more"
    server.lines.came_in.append(Kept("IN1", TEXT.number, "Yes", at=NOW))
    gateway = opened(server, kind)
    assert asyncio.run(gateway.find(TEXT, NOW, ())) is None
    assert any(isinstance(one, Incoming) for one in asyncio.run(gateway.poll(NOW, ())))


def test_twilios_log_does_not_take_another_message_for_this_one(server):
    """The same words, sent to the same number earlier, or known as another’s, are no proof."""
    gateway = opened(server, "twilio")
    send(gateway)
    mine = {server.lines.kept[0].id}
    assert asyncio.run(gateway.find(TEXT, NOW, mine)) == ""
    assert asyncio.run(gateway.find(TEXT, NOW + timedelta(hours=1), ())) == ""


def test_a_message_that_twilio_has_in_other_words_is_not_taken_for_missing(server):
    """A trial account puts words in front: whether it is this one, a person says."""
    gateway = opened(server, "twilio")
    send(gateway)
    server.lines.kept[0].text = f"Sent from your Twilio trial account - {TEXT.text}"
    assert asyncio.run(gateway.find(TEXT, NOW, ())) is None


REFUSALS = (
    (429, b"Retry-After: 90\r\n", {"account": True, "after_dot": False, "permanent": False}),
    (503, b"", {"account": True, "after_dot": False, "permanent": False}),
    (500, b"", {"after_dot": True, "permanent": False}),
    (504, b"", {"after_dot": True, "permanent": False}),
    (401, b"", {"account": True, "permanent": True, "after_dot": False}),
    (400, b"", {"account": False, "permanent": True, "after_dot": False}),
    (302, b"Location: http://127.0.0.1/\r\n", {"account": True, "permanent": True}),
)


@pytest.mark.parametrize(("status", "head", "wanted"), REFUSALS)
@pytest.mark.parametrize("kind", ["twilio", "generic"])
def test_only_who_says_that_nothing_was_done_is_asked_again(server, kind, status, head, wanted):
    """Who is busy is asked later, who broke down in the middle leaves a doubt, a no is a no."""
    server.refusal = (status, b"{}", head)
    with pytest.raises(SendFailed) as failed:
        send(opened(server, kind))
    assert {name: getattr(failed.value, name) for name in wanted} == wanted
    assert failed.value.wait == (timedelta(seconds=90) if status == 429 else None)


def test_how_long_to_wait_is_read_however_it_is_written():
    """Seconds, a date, and nonsense; never more than a day."""
    said = {"7": 7, "Mon, 01 Jun 2026 09:02:00 GMT": 120, "999999999": 86_400, "soon": None}
    for written, seconds in said.items():
        found = wait_of(Answer(429, {"retry-after": written}, b""), NOW)
        assert found == (None if seconds is None else timedelta(seconds=seconds))


CODES = (
    ("1", {"account": True, "permanent": False}), ("4", {"account": True, "permanent": True}),
    ("5", {"after_dot": True}), ("7", {"account": False, "permanent": True}),
)  # fmt: skip


@pytest.mark.parametrize(("code", "wanted"), CODES)
def test_what_vonage_says_within_an_answer_counts(server, code, wanted):
    """It answers 200 whatever became of the message; the code inside is what counts."""
    part = {"status": code, "error-text": "No"}
    server.refusal = (200, json.dumps({"messages": [part]}).encode(), b"")
    with pytest.raises(SendFailed, match=rf"No \({code}\)") as failed:
        send(opened(server, "vonage"))
    assert {name: getattr(failed.value, name) for name in wanted} == wanted


def test_a_server_in_the_network_is_asked_only_where_that_was_allowed(server):
    """A private address is reached by the gateway that names it, and by no other."""
    with pytest.raises(SendFailed, match="inside a network") as failed:
        send(opened(server, "android", inside=False))
    assert not failed.value.after_dot
    assert server.asked == []


@pytest.mark.parametrize("kind", ["twilio", "vonage"])
def test_what_came_in_and_what_became_of_messages_is_asked_for(server, kind):
    """Where nothing reaches the office from outside, the log tells it."""
    gateway = opened(server, kind)
    send(gateway)
    server.lines.kept[0].status = "delivered"
    server.lines.came_in.append(Kept("IN1", "+441632960001", "Yes please", at=NOW))
    told = asyncio.run(gateway.poll(NOW, ()))
    (came,) = [one for one in told if isinstance(one, Incoming)]
    (became,) = [one for one in told if isinstance(one, Status)]
    assert (came.id, came.sender, came.text) == ("IN1", "+441632960001", "Yes please")
    assert (became.id, became.state) == (server.lines.kept[0].id, "delivered")


def test_a_telephone_is_asked_what_became_of_each_message(server):
    """One that it never heard of is left as it is."""
    gateway = opened(server, "android")
    send(gateway)
    server.lines.kept[0].status = "failed"
    told = asyncio.run(gateway.poll(NOW, [TEXT.reference, "unknown"]))
    assert told == [Status(TEXT.reference, TEXT.reference, "failed", "")]


# -- webhooks --------------------------------------------------------------------------------

URL = "https://office.example.com/v1/sms/k1"
FORM = {"content-type": "application/x-www-form-urlencoded"}


def twilio(form, query=""):
    """Return a request as Twilio signs it."""
    said = URL + query + "".join(f"{name}{form[name]}" for name in sorted(form))
    sign = base64.b64encode(hmac.digest(b"hush", said.encode(), "sha1")).decode()
    return Webhook(URL + query, {**FORM, "x-twilio-signature": sign}, urlencode(form).encode())


def vonage(form, at=NOW):
    """Return a request as Vonage signs it."""
    form = {**form, "timestamp": str(int(at.timestamp())), "nonce": "n"}
    said = "".join(f"&{name}={form[name].replace('&', '_')}" for name in sorted(form))
    form["sig"] = hmac.new(b"seal", said.encode(), hashlib.sha256).hexdigest().upper()
    return Webhook(URL, FORM, urlencode(form).encode())


def android(event, payload, at=NOW):
    """Return a request as the app signs it."""
    body = json.dumps({"id": "E1", "event": event, "payload": payload}).encode()
    moment = str(int(at.timestamp()))
    sign = hmac.digest(b"seal", body + moment.encode(), "sha256").hex()
    return Webhook(URL, {"x-signature": sign, "x-timestamp": moment}, body)


def generic(said, token="seal"):
    """Return a request as another gateway sends it."""
    return Webhook(f"{URL}?token={token}", {}, json.dumps(said).encode())


WHO, TO = "+441632960001", "+441632960000"
CAME_IN = {
    "twilio": twilio({"MessageSid": "SM1", "From": WHO, "To": TO, "Body": "Yes", "SmsStatus":
                      "received"}),
    "vonage": vonage({"messageId": "SM1", "msisdn": WHO[1:], "to": TO[1:], "text": "Yes"}),
    "android": android("sms:received", {"phoneNumber": WHO, "message": "Yes"}),
    "generic": generic({"id": "SM1", "from": WHO, "text": "Yes"}),
}  # fmt: skip
BECAME = {
    "twilio": twilio({"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30005"},
                     "?ref=abc"),
    "vonage": vonage({"messageId": "SM1", "status": "failed", "err-code": "9"}),
    "android": android("sms:failed", {"messageId": "SM1", "reason": "no signal"}),
    "generic": generic({"id": "SM1", "status": "Failed"}),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_gateway_tells_is_read_once_it_has_proved_itself(server, kind):
    """A message that came in, and one that failed: for good, where its codes tell that."""
    gateway = opened(server, kind)
    for request in (CAME_IN[kind], BECAME[kind]):
        gateway.verify(request)
    (came,), (became,) = gateway.read(CAME_IN[kind]), gateway.read(BECAME[kind])
    assert (came.sender, came.text) == (WHO, "Yes")
    how = "gone" if kind in ("twilio", "vonage") else "failed"
    assert (became.id, became.state) == ("SM1", how)
    assert kind != "twilio" or became.reference == "abc"


def test_what_another_gateway_has_no_name_for_is_never_taken_for_another(server):
    """Each message that comes in is one of its own; an address of too many words is refused."""
    gateway = opened(server, "generic")
    gateway.verify(asked := generic({"from": WHO, "text": "Yes"}))
    ((first,), (second,)) = (
        gateway.read(asked),
        replace(gateway, now=lambda: NOW + timedelta(seconds=1)).read(
            generic({"from": WHO, "text": "STOP"})
        ),
    )
    assert first.id
    assert first.id != second.id
    with pytest.raises(Refused):
        gateway.verify(generic({}, "seal" + "&a=b" * 60))


@pytest.mark.parametrize("kind", KINDS)
def test_a_request_that_was_changed_is_refused(server, kind):
    """One sign more in the body, another address, no signature, another secret, an old one."""
    good = CAME_IN[kind]
    other = opened(server, kind, secret="x", signing="x")
    with pytest.raises(Refused):
        other.verify(good)
    gateway = opened(server, kind)
    changed = [Webhook(URL, FORM, good.body)] if kind != "vonage" else []  # it signs inside
    if kind != "generic":
        changed.append(Webhook(good.url, good.headers, good.body + b"&a=b"))
    changed += {
        "vonage": [vonage({"messageId": "SM1"}, NOW - timedelta(days=3))],
        "android": [android("sms:received", {"phoneNumber": WHO}, NOW - timedelta(days=3))],
        "generic": [generic({"from": WHO}, "")],
    }.get(kind, [])
    for request in changed:
        with pytest.raises(Refused):
            gateway.verify(request)


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_secret_nothing_is_believed(server, kind):
    """Where nobody entered what a gateway signs with, nobody can have signed with it."""
    if kind == "twilio":
        return
    with pytest.raises(Refused):
        opened(server, kind, signing="").verify(CAME_IN[kind])


def test_twilio_says_that_it_has_answered_a_wish_itself(server):
    """What its own list of opt-outs answered is not answered twice."""
    form = {"MessageSid": "SM1", "From": WHO, "Body": "STOP", "SmsStatus": "received"}
    (came,) = opened(server, "twilio").read(twilio({**form, "OptOutType": "STOP"}))
    assert came.handled


def test_pictures_and_parts_of_long_messages_are_known_as_such(server):
    """Of a picture it is said that there is one; Vonage tells the parts of a message one by one."""
    form = {"MessageSid": "SM1", "From": WHO, "SmsStatus": "received", "NumMedia": "1"}
    (came,) = opened(server, "twilio").read(twilio(form))
    assert came.text == "(1 picture or file, at Twilio)"
    part = {"concat": "true", "concat-ref": "7", "concat-part": "2", "concat-total": "3"}
    (came,) = opened(server, "vonage").read(vonage({"messageId": "1", "msisdn": WHO[1:], **part}))
    assert came.piece == Piece("7", 2, 3)


# -- any other gateway -------------------------------------------------------------------------


def test_a_text_stays_inside_its_place_whatever_it_says(server):
    """Quotation marks, line breaks and ampersands add nothing to what is asked."""
    text = Text("r1", "Hill", WHO, 'a", "to": "+1\n&b=c')
    send(opened(server, "generic"), text)
    assert server.texts == [(WHO, text.text)]


def test_values_are_found_by_path_and_by_expression():
    """Where an answer is JSON and where it is not."""
    assert value_at(b'{"a": [{"b": 7}]}', "a.0.b") == "7"
    assert value_at(b"OK id=abc-1;", r"/id=([\w-]+)/") == "abc-1"
    assert value_at(b"ERR 12", "/ERR \\d+/") == "ERR 12"
    assert value_at(b"OK", "/ERR (\\d+)/") == value_at(b"no json", "a.b") == ""


def test_what_cannot_be_asked_is_said_before_it_is():
    """An unknown field, JSON that is none, an expression that is none."""
    wrong = Options(headers="X: {{ key }}", content='{"a": {{ text }}}', id_at="/(/")
    assert set(wrong.problems()) == {"headers", "content", "id_at"}
    assert Options().problems() == {}


def test_an_error_inside_a_good_answer_is_an_error_without_the_secret(server):
    """Gateways that always answer 200 say what is wrong inside; the secret is never repeated."""
    server.refusal = (200, b'{"error": "bad key hush"}', b"")
    options = {**GENERIC, "error_at": "error"}
    with pytest.raises(SendFailed, match="bad key •••") as failed:
        send(opened(server, "generic", options=options))
    assert failed.value.permanent


# -- a connection that breaks ------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_byte_it_breaks_at_leaves_a_doubt(server, kind):
    """Nobody who may have heard of a message is taken for one who has not, at no byte."""
    gateway = opened(server, kind)
    send(gateway)
    full = len(server.requests[-1])
    for heard in range(0, full, 7):
        server.hear = heard
        with pytest.raises(SendFailed) as failed:
            send(gateway)
        assert failed.value.after_dot
    assert len(server.texts) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_that_breaks_off_is_no_answer(server, kind):
    """Cut after any byte but the last: the message is there, and that is known to be unknown."""
    gateway = opened(server, kind)
    send(gateway)
    for said in range(server.answered):
        server.lines.kept.clear()
        server.say = said
        with pytest.raises(SendFailed) as failed:
            send(gateway)
        assert failed.value.after_dot
        assert len(server.texts) == 1
