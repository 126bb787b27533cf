"""The office's own lists: what a person picks from when a field asks for one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy import Table, select

from rally_desktop.core import texts
from rally_desktop.model import tables
from rally_desktop.model.changes import RowAdded
from rally_desktop.model.tables.contact import LIFECYCLE_STAGES
from rally_desktop.model.work import Work
from rally_desktop.services import activities, calendar, deals, users

DEFAULTS: dict[str, tuple[str, ...]] = {
    "lead_status": ("New", "Contacted", "In conversation", "Won", "Lost"),
    "lead_source": ("Inbound", "Web form", "Referral", "Event", "Cold call", "Partner", "Import"),
    "lead_type": ("New business", "Existing customer", "Partner"),
    "lead_priority": ("Low", "Medium", "High"),
    "call_outcome": ("Reached", "No answer", "Left a message", "Wrong number"),
    "task_type": ("To-do", "Call", "E-mail", "LinkedIn"),
    "task_priority": ("Low", "Medium", "High"),
    "meeting_type": ("Meeting", "Demo", "Video call", "Visit"),
}
# Statuses that end a lead; the office may call them otherwise.
TERMINAL = {"lead_status": frozenset({"Won", "Lost"})}


def of(work: Work, source: str) -> list[str]:
    """Return what ``schema.Pick(source=…)`` offers, in the office's order."""
    if source in _ASKED:
        return list(dict.fromkeys(_ASKED[source](work)))
    if source in _NAMED:
        names = _NAMED[source].c
        query = select(names.name).order_by(names.name)
        if "deleted_at" in names:
            query = query.where(names.deleted_at.is_(None))
        return list(work.connection.execute(query).scalars())
    columns = tables.choice.c
    query = select(columns.value).where(columns.list == source, columns.archived.is_(False))
    query = query.order_by(columns.position, columns.id)
    return list(work.connection.execute(query).scalars())


def _mail_accounts(work: Work) -> list[str]:
    known = tables.mail_account.c
    query = select(known.name).where(known.active, known.channel == "email").order_by(known.name)
    return list(work.connection.execute(query).scalars())


def _open_stages(work: Work) -> list[str]:
    ends = {stage.name for stage in deals.stages(work) if stage.outcome != "open"}
    return [stage.name for stage in deals.stages(work) if stage.name not in ends]


_NAMED: Mapping[str, Table] = {
    "tag": tables.tag, "company": tables.company, "workflow": tables.workflow,
    "template": tables.template,
}  # fmt: skip
_ASKED: Mapping[str, Callable[[Work], Iterable[str]]] = {
    "lifecycle_stage": lambda work: LIFECYCLE_STAGES,
    "weekday": lambda work: calendar.WEEKDAYS,
    "activity": lambda work: activities.EVERY,
    "user": users.by_label,
    "mail_account": _mail_accounts,
    "stage": lambda work: [stage.name for stage in deals.stages(work)],
    "open_stage": _open_stages,
    "pipeline": lambda work: [stage.pipeline for stage in deals.stages(work)],
}


def add(work: Work, name: str, values: Sequence[str]) -> None:
    """Add values to one of the office's own lists, after those it has."""
    columns = tables.choice.c
    held = select(columns.value).where(columns.list == name)
    known = list(work.connection.execute(held).scalars())
    for value in dict.fromkeys(" ".join(value.split()) for value in values):
        texts.require(200, value=value)
        if value and value not in known:
            place = len(known)
            known.append(value)
            row = {"id": work.new_id("choice"), "list": name, "value": value, "position": place}
            terminal = value in TERMINAL.get(name, ())
            work.change(RowAdded("choice", {**row, "terminal": terminal}))
