"""What the steps that write to people have in common: to whom, and on whose behalf."""

from __future__ import annotations

from typing import Literal

from rally_desktop.core.errors import NotFound
from rally_desktop.engine.nodes.base import Failed, Here
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Snapshot, Work
from rally_desktop.services import templates
from rally_desktop.services.messages import Origin
from rally_desktop.services.templates import Template

_CHANNELS = {"email": "e-mails", "sms": "SMS"}


def _recipient(work: Work, here: Here) -> Snapshot | None:
    """Return the contact a step writes to: the record itself, or the one of the deal."""
    if here.ref.kind == "contact":
        return here.record
    number = here.record.get("contact_id")
    return work.find(Ref("contact", number)) if number else None


def begun(
    work: Work, here: Here, name: str, channel: Literal["email", "sms"]
) -> tuple[Snapshot, Template] | Failed:
    """Return whom a step writes to, and with which template; or why it cannot."""
    contact = _recipient(work, here)
    if contact is None:
        return Failed("no_contact", "There is no contact to write to.")
    try:
        template = templates.named(work, name)
    except NotFound as error:
        return Failed("no_template", str(error))
    if template.channel != channel:
        words = f"‘{template.name}’ is not a template for {_CHANNELS[channel]}."
        return Failed("no_template", words)
    return contact, template


def origin(here: Here) -> Origin:
    """Say which visit decides a message, and what it waits for in the outbox."""
    late, reason = (here.put_off.until, here.put_off.reason) if here.put_off else (None, "")
    place = (here.workflow_id, here.run_id, here.step_id, here.seq, here.due_at)
    return Origin(*place, not_before=late, reason=reason)


def said(here: Here, text: str) -> str:
    """Say what was decided, and what a message waits for that a Stop Action sends."""
    return f"{text} {here.put_off.summary}" if here.put_off else text
