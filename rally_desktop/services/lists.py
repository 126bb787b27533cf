"""The office's own lists: what a person picks from when a field asks for one of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from rally_desktop.core import texts
from rally_desktop.model import tables
from rally_desktop.model.changes import RowAdded
from rally_desktop.model.tables.contact import LIFECYCLE_STAGES
from rally_desktop.model.work import Work
from rally_desktop.services import activities, calendar, deals, templates, users

DEFAULTS: dict[str, tuple[str, ...]] = {
    "lead_status": ("New", "Contacted", "In conversation", "Won", "Lost"),
    "lead_source": ("Inbound", "Web form", "Referral", "Event", "Cold call", "Partner", "Import"),
    "lead_type": ("New business", "Existing customer", "Partner"),
    "lead_priority": ("Low", "Medium", "High"),
    "call_outcome": ("Reached", "No answer", "Left a message", "Wrong number"),
    "task_type": ("To-do", "Call", "E-mail", "LinkedIn"),
    "meeting_type": ("Meeting", "Demo", "Video call", "Visit"),
}


def of(work: Work, source: str) -> list[str]:
    """Return what ``schema.Pick(source=…)`` offers, in the office's order."""
    if source == "lifecycle_stage":
        return list(LIFECYCLE_STAGES)
    if source == "weekday":
        return list(calendar.WEEKDAYS)
    if source == "activity":
        return list(activities.EVERY)
    if source == "user":
        return list(users.by_label(work))
    if source == "template":
        return [template.name for template in templates.listed(work)]
    if source == "stage":
        return list(dict.fromkeys(stage.name for stage in deals.stages(work)))
    if source == "open_stage":
        ends = {stage.name for stage in deals.stages(work) if stage.outcome != "open"}
        return [name for name in of(work, "stage") if name not in ends]
    if source == "pipeline":
        return list(dict.fromkeys(stage.pipeline for stage in deals.stages(work)))
    named = {"tag": tables.tag, "company": tables.company, "mail_account": tables.mail_account}
    named["workflow"] = tables.workflow
    if source in named:
        column = named[source].c.name
        query = select(column).order_by(column)
        if "deleted_at" in named[source].c:
            query = query.where(named[source].c.deleted_at.is_(None))
        return list(work.connection.execute(query).scalars())
    columns = tables.choice.c
    query = select(columns.value).where(columns.list == source).order_by(columns.position)
    return list(work.connection.execute(query).scalars())


def add(work: Work, name: str, values: Sequence[str]) -> None:
    """Add values to one of the office's own lists, after those it has."""
    known = of(work, name)
    for value in dict.fromkeys(" ".join(value.split()) for value in values):
        texts.require(200, value=value)
        if value and value not in known:
            place = len(known)
            known.append(value)
            row = {"id": work.new_id("choice"), "list": name, "value": value, "position": place}
            work.change(RowAdded("choice", row))
