"""Templates: the texts of messages, with merge fields."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from rally_desktop.core import merge, texts
from rally_desktop.core.errors import BadTemplate, NotFound, Refused
from rally_desktop.model.changes import RowAdded, RowChanged
from rally_desktop.model.tables import template
from rally_desktop.model.work import Work
from rally_desktop.services import merging


@dataclass(frozen=True)
class Template:
    """One template; without ``html`` the message is plain text."""

    id: int
    name: str
    channel: str
    subject: str
    text: str
    html: str
    transactional: bool


def save(
    work: Work,
    name: str,
    *,
    subject: str,
    text: str,
    html: str = "",
    channel: str = "email",
    transactional: bool = False,
) -> int:
    """Save a template under its name and return its number.

    Raises BadTemplate, with the line, where a merge field is unknown or the template is not
    allowed to do what it does.
    """
    if not name.strip():
        raise Refused("A template needs a name.")
    texts.require(200, name=name.strip())
    _check(work, subject, text, html)
    values = {
        "name": name.strip(), "channel": channel, "subject": subject, "text": text, "html": html,
        "transactional": transactional, "updated_at": work.now,
    }  # fmt: skip
    known = next((one for one in listed(work) if one.name == name.strip()), None)
    if known is not None:
        work.change(RowChanged("template", known.id, values))
        return known.id
    number = work.new_id("template")
    work.change(RowAdded("template", {"id": number, **values, "created_at": work.now}))
    return number


def _check(work: Work, *sources: str) -> None:
    known = merging.known_fields(work)
    for source in sources:
        merge.compile_template(source, html=False)
        for unknown in merge.unknown_fields(source, known):
            raise BadTemplate(str(unknown))


def listed(work: Work) -> list[Template]:
    """Return the templates by name."""
    columns = [template.c[name] for name in Template.__dataclass_fields__]
    query = select(*columns).where(template.c.deleted_at.is_(None)).order_by(template.c.name)
    return [Template(*row) for row in work.connection.execute(query)]


def named(work: Work, name: str) -> Template:
    """Return the template with a name, or raise NotFound."""
    known = work.memo.setdefault("templates", {})
    if name not in known:
        known |= {one.name: one for one in listed(work)}
    if name not in known:
        raise NotFound(f"There is no template ‘{name}’.")
    return known[name]
