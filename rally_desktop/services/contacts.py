"""Everything one can do to a contact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from rally_desktop.core.errors import Refused
from rally_desktop.core.fold import fold
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import contact
from rally_desktop.model.work import Work
from rally_desktop.services import records

FIRST_STAGE = "Lead"
CONSENTS = frozenset({"consent_email", "consent_sms"})


def create(
    work: Work, values: Mapping[str, Any], tags: Iterable[str] = (), source: str = ""
) -> Ref:
    """Add a contact; refuse one without name and address, or whose e-mail somebody has."""
    given = records.checked("contact", values)
    if not any(given.get(name) for name in ("first_name", "last_name", "email")):
        raise Refused("A contact needs a name or an e-mail address.")
    given.setdefault("lifecycle_stage", FIRST_STAGE)
    given.setdefault("consent_email", "unknown")
    given.setdefault("consent_sms", "unknown")
    _refuse_taken(work, given.get("email", ""), None)
    given |= _proof(work, given, {})
    ref = records.create(work, "contact", given, tags, source)
    _given_here(work)[fold(given.get("email", ""))] = ref
    return ref


def update(work: Work, ref: Ref, values: Mapping[str, Any]) -> bool:
    """Set fields of a contact; say whether anything differed."""
    given = records.checked("contact", values)
    if "email" in given:
        _refuse_taken(work, given["email"], ref)
        _given_here(work)[fold(given["email"])] = ref
    if given.keys() & CONSENTS:
        given |= _proof(work, given, work.record(ref))
    return records.set_fields(work, ref, given)


def _proof(work: Work, given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return since when a consent that moves stands; how it was given is to be said anew."""
    made: dict[str, Any] = {}
    for name in CONSENTS & given.keys():
        if (given[name] or "unknown") != (before.get(name) or "unknown"):
            since = None if given[name] in ("", "unknown") else work.now
            made |= {f"{name}_at": given.get(f"{name}_at") or since}
            made |= {f"{name}_how": given.get(f"{name}_how", "")}
    return made


def delete(work: Work, ref: Ref) -> None:
    """Put a contact into the trash."""
    records.delete(work, ref)


def with_email(work: Work, email: str) -> Ref | None:
    """Return the contact with an e-mail address, as people would compare addresses."""
    if not fold(email):
        return None
    known = _given_here(work).get(fold(email))
    found = work.find(known) if known else None
    if found and found["deleted_at"] is None and fold(found["email"]) == fold(email):
        return known
    number = work.connection.execute(
        select(contact.c.id).where(
            contact.c.email_key == fold(email), contact.c.deleted_at.is_(None)
        )
    ).scalar()
    return Ref("contact", number) if number is not None else None


def _given_here(work: Work) -> dict[str, Ref]:
    """Return the addresses that this work itself gave to contacts; no row has them yet."""
    return work.memo.setdefault("emails", {})


def _refuse_taken(work: Work, email: str, ref: Ref | None) -> None:
    taken = with_email(work, email)
    if taken is not None and taken != ref:
        other = work.record(taken)
        name = records.name_of("contact", other)
        raise Refused(f"{name} already has the address {other['email']}.")
