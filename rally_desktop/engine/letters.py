"""Which message of ours a line is about: its template, workflow and step, for triggers to ask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import or_, select

from rally_desktop.engine.definitions import Definitions
from rally_desktop.engine.intake import Arrival
from rally_desktop.engine.nodes.base import Event
from rally_desktop.model.tables import outbox, run, workflow
from rally_desktop.model.work import Work

LINES = frozenset(
    {"email_opened", "link_clicked", "email_received", "email_bounced", "email_unsubscribed"}
    | {"sms_received"}
)
_Key = int | str


def known(work: Work, definitions: Definitions, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Return the lines; those about a message of ours say template, workflow and step.

    They know the message by its number in the outbox or, a reply, by its Message-ID. What a
    line says of itself stands; one that leads to no message of a workflow stays as it is.
    """
    about = {one.activity_id: key for one in arrivals if (key := _message(one.event)) is not None}
    if not about:
        return list(arrivals)
    told = _told(work, definitions, set(about.values()))
    return [
        _telling(one, told[key]) if (key := about.get(one.activity_id)) in told else one
        for one in arrivals
    ]


def _message(event: Event) -> _Key | None:
    if event.kind not in LINES:
        return None
    return event.detail.get("outbox") or event.detail.get("in_reply_to") or None


def _telling(one: Arrival, told: dict[str, Any]) -> Arrival:
    detail = {**told, **{key: value for key, value in one.event.detail.items() if value}}
    if not isinstance(detail.get("workflow"), str):
        detail["workflow"] = told["workflow"]
    event = one.event
    return replace(one, event=Event(event.kind, event.ref, detail))


def _told(work: Work, definitions: Definitions, keys: Iterable[_Key]) -> dict[_Key, dict[str, Any]]:
    """Return what is known of the messages that workflows sent, by their numbers and ids."""
    numbers = [key for key in keys if isinstance(key, int)]
    names = [key for key in keys if isinstance(key, str)]
    columns = (outbox.c.id, outbox.c.message_id, outbox.c.step, outbox.c.run_id)
    found = work.connection.execute(
        select(*columns, run.c.version_id, workflow.c.name)
        .join(run, run.c.id == outbox.c.run_id)
        .join(workflow, workflow.c.id == run.c.workflow_id)
        .where(or_(outbox.c.id.in_(numbers), outbox.c.message_id.in_(names)))
    )
    made: dict[_Key, dict[str, Any]] = {}
    for row in found.all():
        version = definitions.version(work, row.version_id)
        step = version.graph.steps.get(row.step or "") if version else None
        said = {"workflow": row.name, "step": row.step or ""}
        if step is not None:
            said |= {"step_title": step.title, "template": step.settings.get("template", "")}
        made[row.id] = made[row.message_id] = said
    return made
