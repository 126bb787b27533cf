"""Text messages over the real web: signed by a gateway, heard by the office, on the timeline."""

from __future__ import annotations

import asyncio
import base64
import hmac

from rally_desktop.services import mail_accounts, sms_accounts
from rally_desktop.services.sms_accounts import Draft
from rally_desktop.services.sms_door import door
from tests.api.conftest import PUBLIC

NUMBER = "+441632960001"


def test_a_reply_comes_in_over_the_web_where_it_is_signed(site, world):
    """From the socket to the timeline; unsigned, or with another gateway’s key, it is refused."""
    draft = Draft("twilio", "Reminders", "+441632960000", "", "AC1", "hush")
    number = world.do(sms_accounts.save, draft, site.vault)
    key = world.ask(mail_accounts.one, number).gateway_key
    ana = world.contact("Ana", mobile=NUMBER)
    site.service.door = door
    asyncio.run_coroutine_threadsafe(site.service.close(), site.loop).result(20)
    site.follow()

    form = {"MessageSid": "SM1", "From": NUMBER, "Body": "Grüße & mehr", "SmsStatus": "received"}
    said = f"{PUBLIC}/v1/sms/{key}" + "".join(f"{name}{form[name]}" for name in sorted(form))
    sign = base64.b64encode(hmac.digest(b"hush", said.encode(), "sha1")).decode()
    assert site.post(f"/v1/sms/{key}", form).status == 403
    assert site.post("/v1/sms/another", form, X_Twilio_Signature=sign).status == 404
    for _ in range(2):
        answer = site.post(f"/v1/sms/{key}", form, X_Twilio_Signature=sign)
        assert (answer.status, answer.text) == (200, "<Response/>")
    assert world.happened(ana).count("sms_received") == 1
    assert world.rows("select text from message") == [("Grüße & mehr",)]
