"""What the steps that write to people have in common: to whom, and on whose behalf."""

from __future__ import annotations

from rally_desktop.engine.nodes.base import Here
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Snapshot, Work
from rally_desktop.services.messages import Origin


def recipient(work: Work, here: Here) -> Snapshot | None:
    """Return the contact a step writes to: the record itself, or the one of the deal."""
    if here.ref.kind == "contact":
        return here.record
    number = here.record.get("contact_id")
    return work.find(Ref("contact", number)) if number else None


def origin(here: Here) -> Origin:
    """Say which visit decides a message, and what it waits for in the outbox."""
    late, reason = (here.put_off.until, here.put_off.reason) if here.put_off else (None, "")
    place = (here.workflow_id, here.run_id, here.step_id, here.seq, here.due_at)
    return Origin(*place, not_before=late, reason=reason)


def said(here: Here, text: str) -> str:
    """Say what was decided, and what a message waits for that a Stop Action sends."""
    return f"{text} {here.put_off.summary}" if here.put_off else text
