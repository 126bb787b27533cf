"""Whatever a gateway, or whoever claims to be one, says: it is read, or refused in one way."""

from __future__ import annotations

import asyncio
import contextlib
import json
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from rally_desktop.core.errors import Refused, SendFailed
from rally_desktop.core.webhook import Webhook
from rally_desktop.outside.http import Answer
from rally_desktop.outside.sms import base
from rally_desktop.outside.sms.base import Incoming, Place, Status, Text
from rally_desktop.outside.sms.gateways import KINDS

pytestmark = pytest.mark.slow
NOW = datetime(2026, 6, 1, tzinfo=UTC)
TEXT = Text("ref", "+441632960000", "+441632960001", "Hi")
NAMES = (
    "MessageSid MessageStatus SmsStatus Body From NumMedia messageId message-id status err-code"
    " msisdn text message-timestamp concat concat-ref concat-part concat-total timestamp sig event"
    " payload id from phoneNumber message receivedAt messages records sid body direction date_sent"
    " client_ref message_id message_body error_code next_page_uri _links state recipients"
).split()
VALUES = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=12)
    | some.sampled_from(["received", "delivered", "sms:received", "true", "inbound", "9" * 400]),
    lambda deeper: some.lists(deeper, max_size=3)
    | some.dictionaries(some.sampled_from(NAMES), deeper, max_size=6),
    max_leaves=12,
)  # fmt: skip
WHOLE = some.dictionaries(some.sampled_from(NAMES), VALUES, max_size=8)


def gateway(kind):
    """Return an adapter that asks nobody."""
    options = {"status_url": "https://x.example/{{ id }}"} if kind == "generic" else {}
    place = Place("https://x.example", "user", "hush", "seal", "+441632960000", options=options)
    return KINDS[kind].made(place, lambda: NOW)


def bodies(made):
    """Return content as JSON and as a form."""
    yield "application/json", json.dumps(made).encode()
    flat = {name: value for name, value in made.items() if isinstance(value, str)}
    yield base.FORM, urlencode(flat, errors="replace").encode()


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60)
@given(made=WHOLE, raw=some.binary(max_size=60), sign=some.text(max_size=20))
def test_a_webhook_is_read_or_refused(kind, made, raw, sign):
    """Never anything else, and never believed: nobody has signed it."""
    adapter = gateway(kind)
    for content, body in (*bodies(made), ("", raw)):
        head = {"content-type": content, "x-twilio-signature": sign, "x-signature": sign}
        request = Webhook("https://office.example/v1/sms/k?ref=a", head, body)
        with pytest.raises(Refused):
            adapter.verify(request)
        with contextlib.suppress(Refused):
            assert all(isinstance(one, Incoming | Status) for one in adapter.read(request))


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40)
@given(made=WHOLE | VALUES, status=some.sampled_from([200, 200, 201, 202, 404, 409, 500]))
def test_an_answer_is_read_or_a_failure(kind, made, status):
    """Sending, looking and asking end in what they promise, whatever the gateway answers."""

    async def answers(*_):
        return Answer(status, {}, json.dumps(made).encode())

    async def before():
        pass

    async def all_of_it(adapter):
        for asked in (adapter.send(TEXT, before), adapter.poll(NOW, ["a"]), adapter.check()):
            with contextlib.suppress(SendFailed):
                await asked
        assert isinstance(await adapter.find(TEXT, NOW, ()), str | None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base.http, "ask", answers)
        asyncio.run(all_of_it(gateway(kind)))
