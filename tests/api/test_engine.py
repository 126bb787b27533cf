"""The web service where it lives: in the engine's loop, beside workflows and sending."""

from __future__ import annotations

import http.client
import threading
from urllib.parse import urlencode

import pytest
from msgspec import structs

from rally_desktop.api.service import WebService
from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.core.message import WAY_OUT
from rally_desktop.core.webhook import Reply
from rally_desktop.engine.dressing import Dressing
from rally_desktop.engine.thread import EngineThread
from rally_desktop.model.graph import Step
from rally_desktop.outside.secrets import Vault
from rally_desktop.services import contacts, forms, templates, web
from tests.api.conftest import PERSON, PUBLIC, Pocket
from tests.ports import free_port

PATIENCE = 20.0
KIND = "application/x-www-form-urlencoded"


def door(work, gateway, asked, vault):
    """Take what a gateway says, as an adapter would."""
    if gateway != "twilio":
        raise NotFound
    if asked.headers.get("x-twilio-signature") != f"signed {asked.url}":
        raise Refused
    return Reply(200, b"<Response/>", "text/xml")


@pytest.fixture
def office(world):
    """An engine whose office is on the web, and a way to ask it."""
    vault, port = Vault(Pocket()), free_port()
    world.do(web.save, structs.replace(web.Web(), on=True, port=port, public=PUBLIC, clicks=True))
    engine = EngineThread(
        world.store,
        lambda account: world.mail,
        dress=Dressing(vault),
        lodgers=[WebService(world.store, vault, door)],
    )
    engine.start()
    engine.wait_until_idle(PATIENCE)

    def ask(method, path, body="", **headers):
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        said = {"Host": "office.example.com", "User-Agent": PERSON, **headers}
        link.request(method, path, body or None, said)
        got = link.getresponse()
        answer = (got.status, got.read())
        link.close()
        return answer

    yield engine, ask
    engine.stop(PATIENCE)
    with pytest.raises(OSError, match="refused"):
        ask("GET", "/v1/alive")


def test_a_form_starts_a_sequence_that_ends_with_a_click_on_unsubscribe(world, office):
    """From the form to the mail to the way out, with nothing in between done by hand."""
    engine, ask = office
    world.mailbox()
    text = "Hello {{ contact.first_name }}\n{{ office.unsubscribe }}"
    world.do(templates.save, "Hello", subject="Hello", text=text)
    world.do(forms.add, "Contact us")
    world.publish(
        Step("mail", "send_email", {"template": "Hello"}),
        Step("wait", "wait", {"amount": 9, "unit": "days"}),
        trigger="form_submitted", trigger_settings={"form": "contact-us"}, purpose="sequence",
    )  # fmt: skip
    sent = urlencode({"first_name": "Ana", "email": "ana@example.org"})
    assert ask("POST", "/v1/forms/contact-us", sent, **{"Content-Type": KIND})[0] == 200
    assert engine.wait_until_idle(PATIENCE)
    world.clock.advance(hours=2)
    assert engine.wait_until_idle(PATIENCE)
    letter = world.mail.letters[0]
    assert WAY_OUT not in letter.text
    path = dict(letter.headers)["List-Unsubscribe"].partition(PUBLIC)[2].partition(">")[0]
    assert f"{PUBLIC}{path}" in letter.text
    said = "List-Unsubscribe=One-Click"
    assert ask("POST", path, said, **{"Content-Type": KIND})[0] == 200
    assert engine.wait_until_idle(PATIENCE)
    ana = world.ask(contacts.with_email, "ana@example.org")
    assert "email_unsubscribed" in world.happened(ana)
    assert world.run_states() == ["stopped"]


def test_gateways_are_heard_where_they_prove_themselves(office):
    """What is not signed for the public address is refused before anything reads it."""
    _, ask = office
    url = f"{PUBLIC}/v1/sms/twilio?a=1"
    signed = {"X-Twilio-Signature": f"signed {url}", "Content-Type": KIND}
    assert ask("POST", "/v1/sms/twilio?a=1", "Body=Hi", **signed) == (200, b"<Response/>")
    assert ask("POST", "/v1/sms/twilio?a=2", "Body=Hi", **signed)[0] == 403
    assert ask("POST", "/v1/sms/other", "Body=Hi", **signed)[0] == 404


@pytest.mark.slow
def test_ten_thousand_requests_leave_it_as_it_was(world, office):
    """A flood is answered or told to wait; threads, files and rows stay bounded, and it lives."""
    engine, ask = office
    threads = threading.active_count()
    path = "/v1/c/1" + "A" * 38
    counted = []

    def flood():
        link = http.client.HTTPConnection("127.0.0.1", world.ask(web.of).port, timeout=PATIENCE)
        for _ in range(2_500):
            link.request("GET", path, None, {"Host": "office.example.com"})
            got = link.getresponse()
            got.read()
            counted.append(got.status)
            if got.will_close:
                link.close()
        link.close()

    floods = [threading.Thread(target=flood) for _ in range(4)]
    for one in floods:
        one.start()
    for one in floods:
        one.join()
    assert set(counted) == {404, 429}
    assert len(counted) == 10_000
    assert engine.wait_until_idle(PATIENCE)
    assert threading.active_count() <= threads + 4
    assert world.rows("select * from touch") == []
    world.clock.advance(minutes=1)
    assert ask("GET", "/v1/alive")[0] == 200
