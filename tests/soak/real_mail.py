"""An office whose mail goes through Postfix and Dovecot, for the tests of both."""

from __future__ import annotations

import asyncio
import os
import secrets
import smtplib
import ssl
import time
from email.message import EmailMessage

from rally_desktop.engine.carriers import Carriers
from rally_desktop.engine.outbox import Outbox
from rally_desktop.engine.receiving import Receiving
from rally_desktop.model.graph import Rules, Step
from rally_desktop.outside.mail.base import Security
from rally_desktop.outside.mail.providers import Server
from rally_desktop.outside.secrets import Vault
from rally_desktop.services import mail_accounts, mail_setup, templates
from rally_desktop.services.mail_setup import Draft
from tests.engine.test_carriers import Pocket
from tests.soak.mail_servers import OURS, PASSWORD

PATIENCE = 20.0  # seconds that a server may take to deliver


def draft(servers, address=OURS[0], *, security: Security = "tls", host="localhost"):
    """An account as somebody sets it up; STARTTLS or TLS for both ways."""
    names = ("submission", "imap") if security == "starttls" else ("smtps", "imaps")
    out, into = (Server(host, servers.ports[name], security) for name in names)
    return Draft(address, address.partition("@")[0], out, into, address, PASSWORD)


def set_up(world, servers, address=OURS[0], **how):
    """Set an account up as the dialog does; return what was learnt and what was said on the way."""
    said = {}
    made = draft(servers, address, **how)
    proof = made.proof(world.clock.now, lambda step: said.update({step.key: step}))
    proof.pause, proof.inbox_seconds, proof.sent_seconds = 0.1, PATIENCE, 2.0
    learnt = asyncio.run(proof.run())
    if learnt.works:
        number = world.do(mail_setup.save, made, learnt, world.vault)
        world.accounts[address] = world.ask(mail_accounts.one, number)
    return learnt, said


def furnish(world, servers):
    """Give the office a keyring, its accounts and ways to send and read by them."""
    world.servers, world.accounts, world.vault = servers, {}, Vault(Pocket())
    world.carriers = Carriers(world.store, world.vault)
    world._carrier = world.carriers
    return world


def starts_sequence(world):
    """Publish two messages four days apart, for everybody who is added from now on."""
    for name in ("First", "Second"):
        world.do(templates.save, name, subject=name, text="Dear {{ contact.first_name }}")
    world.publish(
        Step("one", "send_email", {"template": "First"}),
        Step("wait", "wait", {"amount": 4, "unit": "days"}),
        Step("two", "send_email", {"template": "Second"}),
        purpose="sequence", settings=Rules(again="never"),
    )  # fmt: skip


def receive(world, address=OURS[0]):
    """Read a mailbox once, and let the engine hear of it; return how many messages were read."""
    receiving = Receiving(world.store, world.carriers.mailbox)
    read = asyncio.run(receiving.look(world.accounts[address]))
    world.tick()
    return read


def deliver(world):
    """Hand over what lies in the outbox, and ask the journal about what is in doubt."""

    async def go():
        outbox = Outbox(world.store, world.carriers, world.carriers.journal)
        try:
            return await outbox.send_due()
        finally:
            await outbox.close()

    return asyncio.run(go())


def mail_of(servers, address, folder="", count=1):
    """The messages in a folder of somebody's mailbox, as soon as there are so many."""
    place = servers.home(address) / "Maildir" / folder
    until = time.monotonic() + PATIENCE
    while True:
        found = [one for part in ("new", "cur") for one in place.glob(f"{part}/*")]
        if len(found) >= count or time.monotonic() > until:
            assert len(found) >= count, (address, folder, len(found))
            return [one.read_bytes() for one in sorted(found)]
        time.sleep(0.05)


def writes(servers, sender, to, *, subject="Re: First", text="Yes, gladly.", **headers):
    """Let somebody write to people."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, ", ".join(to), subject
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    context = ssl.create_default_context(cafile=str(servers.trusted))
    with smtplib.SMTP("localhost", servers.ports["submission"]) as client:
        client.starttls(context=context)
        client.login(sender, PASSWORD)
        client.send_message(made)


def put(servers, address, messages):
    """Put (bytes, moment) straight into somebody's inbox, as if they had come at those moments."""
    inbox = servers.home(address) / "Maildir" / "new"
    owner = servers.home(address).stat()
    for folder in (inbox, inbox.parent / "cur", inbox.parent / "tmp"):
        folder.mkdir(parents=True, exist_ok=True)
        for path in (folder, folder.parent):
            os.chown(path, owner.st_uid, owner.st_gid)
    for data, at in messages:
        path = inbox / f"{int(at.timestamp())}.{secrets.token_hex(8)}.here"
        path.write_bytes(data)
        os.utime(path, (at.timestamp(), at.timestamp()))


def number_anew(servers, address):
    """Make the server forget how it numbered the messages of an inbox."""
    place = servers.home(address) / "Maildir"
    for path in [*place.glob("dovecot*"), *place.glob("dovecot-uid*")]:
        path.unlink(missing_ok=True)
