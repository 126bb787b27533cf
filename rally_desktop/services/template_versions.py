"""The versions of a template: one for each save, to be compared and to go back to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import ndiff
from typing import Any, Literal

from sqlalchemy import delete, func, select

from rally_desktop.core.errors import NotFound
from rally_desktop.core.themes import THEMES
from rally_desktop.model.changes import RowAdded
from rally_desktop.model.tables import template_version, user_account
from rally_desktop.model.work import Work

MOST_LINES = 2_000
_PARTS = {"name": "Name", "subject": "Subject", "preheader": "Preview line", "theme": "Design"}


@dataclass(frozen=True)
class Version:
    """One version; ``by`` is who saved it, empty where that is not known."""

    number: int
    at: datetime
    by: str
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Compared:
    """One line of two versions: in both, in the old one alone, or in the new one alone."""

    side: Literal["both", "old", "new"]
    text: str


def add(work: Work, template_id: int, content: Mapping[str, Any]) -> int:
    """Keep what a template says from now on and return the number of its version."""
    own = template_version.c
    query = select(func.max(own.number)).where(own.template_id == template_id)
    saved = work.memo.setdefault("template_versions", {})
    number = (saved.get(template_id) or work.connection.execute(query).scalar() or 0) + 1
    saved[template_id] = number
    row = {
        "id": work.new_id("template_version"), "template_id": template_id, "number": number,
        "content": dict(content), "at": work.now, "user_id": work.user_id,
    }  # fmt: skip
    work.change(RowAdded("template_version", row))
    return number


def content_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return of a template's columns what a version keeps; its HTML follows from the rest."""
    left_out = {"html", "text"} if values["family"] == "theme" else {"html"}
    return {name: value for name, value in values.items() if name not in left_out and value}


def listed(work: Work, template_id: int) -> list[Version]:
    """Return the versions of a template, the newest first."""
    own = template_version.c
    query = (
        select(own.number, own.at, user_account.c.name, own.content)
        .outerjoin(user_account, user_account.c.id == own.user_id)
        .where(own.template_id == template_id)
        .order_by(own.number.desc())
    )
    return [
        Version(row.number, row.at, row.name or "", row.content)
        for row in work.connection.execute(query)
    ]


def of(work: Work, template_id: int, number: int) -> Version:
    """Return one version, or raise NotFound."""
    for one in listed(work, template_id):
        if one.number == number:
            return one
    raise NotFound(f"There is no version {number} of this template.")


def forget(work: Work, template_id: int) -> None:
    """Take away what a template ever said."""
    own = template_version.c
    work.connection.execute(delete(template_version).where(own.template_id == template_id))
    work.touched.add(template_version.name)


def lines(content: Mapping[str, Any]) -> list[str]:
    """Return what a version says, line by line."""
    made = [f"{label}: {content[key]}" for key, label in _PARTS.items() if content.get(key)]
    theme = THEMES.get(content.get("theme", ""))
    for slot in theme.slots if theme else ():
        if said := content.get("slots", {}).get(slot.key):
            made += ["", f"{slot.label}:", *said.split("\n")]
    body = content.get("source") or content.get("text", "")
    made += ["", *body.split("\n")] if body else []
    files = ", ".join(one["name"] for one in content.get("files") or ())
    return [*made, "", f"Attached: {files}"] if files else made


def compared(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Compared]:
    """Return the lines of two versions side by side, as one list."""
    before, after = lines(old)[:MOST_LINES], lines(new)[:MOST_LINES]
    sides: dict[str, Literal["both", "old", "new"]] = {" ": "both", "-": "old", "+": "new"}
    found = ndiff(before, after, charjunk=None)
    return [Compared(sides[one[0]], one[2:]) for one in found if one[0] in sides]
