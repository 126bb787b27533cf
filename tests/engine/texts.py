"""An office that texts: a gateway on this computer that is really asked, and short ways to it."""

from __future__ import annotations

import asyncio

from msgspec import structs

from rally_desktop.engine.carriers import Carriers
from rally_desktop.engine.outbox import Outbox
from rally_desktop.model.graph import Step
from rally_desktop.outside.secrets import Vault
from rally_desktop.services import mail_accounts, sms_accounts, templates, timeline, web
from rally_desktop.services.sms_accounts import Draft, Rules
from tests.api.conftest import PUBLIC, Pocket

NUMBER = "+441632960001"
REST = Step("rest", "wait", {"amount": 9, "unit": "days"})


def furnished(world, server):
    """Return an office with a template, a public address, and a server for its gateways."""
    server.lines.kept.clear()
    server.lines.came_in.clear()
    server.now, server.hear, server.say, server.refusal = world.clock.now, None, None, None
    world.server, world.vault = server, Vault(Pocket())
    world.carriers = Carriers(world.store, world.vault)
    world.do(templates.save, "Hi", subject="", text="Hi {{ contact.first_name }}", channel="sms")
    world.do(web.save, structs.replace(web.Web(), on=True, public=PUBLIC))
    return world


def gateway(office, kind="twilio", **rules):
    """Set a gateway up and return its account."""
    where = f"{office.server.url}/send" if kind == "generic" else office.server.url
    asks = {"generic": {"id_at": "result.0.id"}, "vonage": {"reports": office.server.url}}
    made = Rules(inside=True, asks=asks.get(kind, {}), **rules)
    draft = Draft(kind, f"Texts by {kind}", "+441632960000", where, "AC1", "hush", "seal", made)
    number = office.do(sms_accounts.save, draft, office.vault)
    return office.ask(mail_accounts.one, number)


def deliver(office):
    """Hand over what is due, by the real gateway."""

    async def hand_over():
        way = Outbox(office.store, office.carriers, office.carriers.journal)
        try:
            return await way.send_due()
        finally:
            await way.close()

    return asyncio.run(hand_over())


def ana(office, **values):
    """Add Ana, to whom a workflow sends an SMS at once."""
    office.publish(Step("sms", "send_sms", {"template": "Hi"}), REST)
    made = office.contact("Ana", **{"mobile": "01632 960001", "country": "UK", **values})
    office.heart.tick()
    return made


def states(office):
    """Return the states of the outbox."""
    return [row[0] for row in office.rows("select state from outbox order by id")]


def said(office, ref):
    """Return what the timeline says, the oldest first."""
    return [line.text for line in reversed(office.ask(timeline.lines, ref))]
