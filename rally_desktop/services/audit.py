"""The audit log: what is said in it beside the timelines of records, and what is erased from it.

A line is a line of the timeline, about a contact, a company or a deal, or about something else
of the office: a workflow, a setting, an export. None is ever changed (model/chain.py); what an
erased person's lines said goes, and the chain holds by the digest that is kept in its place.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from rally_desktop.model import chain
from rally_desktop.model.chain import Link
from rally_desktop.model.changes import Noted
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import activity, audit_forgotten, audit_link
from rally_desktop.model.work import Work
from rally_desktop.services import audit_links

ERASED = '{"erased":true}'


def say(work: Work, kind: str, what: str, number: int = 0, **detail: Any) -> None:
    """Say in the audit log what no record's timeline says; never a secret, never a text.

    ``what`` is what it is about, in at most eight letters (``workflow``), ``number`` which one.
    """
    cause = work.cause
    run, behind = (cause.run_id, cause.chain) if cause else (None, "")
    work.change(Noted(what, number, kind, detail, run, behind))


def forget(work: Work, ref: Ref) -> int:
    """Erase what every line about a record said, for good; return how many lines there were."""
    line = activity.c
    query = select(line.id).where(line.record_kind == ref.kind, line.record_id == ref.id)
    return forget_lines(work, list(work.connection.execute(query).scalars()))


def forget_lines(work: Work, numbers: Collection[int]) -> int:
    """Erase what some lines said, for good; return how many did say something.

    When they were written, of which kind and by whom stays.
    """
    kept = release(work, numbers)
    said = update(activity).where(activity.c.id == bindparam("line")).values(detail=ERASED)
    if kept:
        work.connection.execute(said, [{"line": number} for number in kept])
    return len(kept)


def release(work: Work, numbers: Collection[int]) -> set[int]:
    """Keep the digests of what some lines say; from then on that may be changed or taken out.

    Returns those that were not released before. Nobody can guess from a digest what was said:
    what it is salted with goes.
    """
    gone, wanted = audit_forgotten.c.activity_id, set(numbers)
    if wanted:
        near = gone.between(min(wanted), max(wanted))
        wanted -= set(work.connection.execute(select(gone).where(near)).scalars())
    kept: dict[int, bytes] = {}
    salted: list[Mapping[str, Any]] = []
    for link in audit_links.holding(work, wanted):
        here, said = link.numbers(), audit_links.said(work, link)
        places = [place for place, number in enumerate(here) if number in wanted]
        kept.update((here[place], said[place]) for place in places)
        salted.append({"link": link.id, "to": chain.without(link.salt, len(here), places)})
    if kept:
        rows = [{"activity_id": number, "digest": said.hex()} for number, said in kept.items()]
        work.connection.execute(insert(audit_forgotten), rows)
        salt = update(audit_link).where(audit_link.c.id == bindparam("link"))
        work.connection.execute(salt.values(salt=bindparam("to")), salted)
        work.touched |= {"activity", "audit_forgotten"}
    return set(kept)


def latest(work: Work) -> Link | None:
    """Return the link that the chain ends with."""
    found = work.connection.execute(
        select(audit_link).order_by(audit_link.c.id.desc()).limit(1)
    ).first()
    return audit_links.read(found) if found else None
