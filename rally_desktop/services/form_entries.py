"""What comes in by forms: checked, kept, and made a contact or put to the one that is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from rally_desktop.core import texts
from rally_desktop.core.errors import BadSettings, NotFound, Refused
from rally_desktop.core.signing import new_code
from rally_desktop.model.changes import RowAdded, RowChanged
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import contact, form_entry, web_form
from rally_desktop.model.touches import FormSubmitted
from rally_desktop.model.work import OWN, Work
from rally_desktop.services import contacts, entry, forms, own_fields, records, unsubscribing
from rally_desktop.services.forms import WebForm

LONGEST = 4_000  # characters of one answer
CONSENT, REQUIRED = "Consent", "is required"
WAITING = "waiting"
# So long the link of a mail confirms; so often one address is written to about one form.
CONFIRM_WITHIN, ONE_MAIL_IN = timedelta(days=14), timedelta(days=1)
# More than so many submissions of one form within an hour are no crowd but an attack.
MOST, WITHIN = 600, timedelta(hours=1)


class TooMany(Refused):
    """So many send this form at the moment that it is not taken. Please try again later."""


@dataclass(frozen=True)
class Taken:
    """What became of a submission; ``code`` is what a mail is to confirm it by, if it is."""

    entry: int
    outcome: str
    ref: Ref
    code: str = ""


@dataclass(frozen=True)
class Entry:
    """One submission as the list shows it."""

    id: int
    at: datetime
    outcome: str
    answers: Mapping[str, str]
    consent: str
    ref: Ref | None
    name: str
    confirmed_at: datetime | None


def submit(work: Work, form: WebForm, answers: Mapping[str, str], *, agreed: bool) -> Taken:
    """Take a submission; raise BadSettings, by the labels of fields, or TooMany."""
    if _is_flooded(work, form):
        raise TooMany
    given, said = _read(form, answers)
    ref, outcome = _put(work, form, _sound(work, form, given, agreed=agreed))
    consent = form.settings.consent if agreed else ""
    number = work.new_id("form_entry")
    code = new_code() if form.settings.confirm and not _asked_lately(work, form, ref) else ""
    row: dict[str, Any] = {
        "id": number, "form_id": form.id, "at": work.now, "record_kind": ref.kind,
        "record_id": ref.id, "outcome": WAITING if form.settings.confirm else outcome,
        "answers": said, "consent": consent, "code": code or None,
    }  # fmt: skip
    work.change(RowAdded("form_entry", row))
    if not form.settings.confirm:
        _agree(work, form, ref, consent, sure=False)
        work.change(FormSubmitted(ref, form.key, form.name, number, said, consent))
    return Taken(number, row["outcome"], ref, code)


def waiting(work: Work, code: str) -> str:
    """Return the address that a link of a mail confirms; raise NotFound where it does no more."""
    row = _by_code(work, code)
    return work.record(Ref("contact", row["record_id"]))["email"]


def confirm(work: Work, code: str) -> WebForm:
    """Let a person confirm a submission, once; return its form, or raise NotFound."""
    row = _by_code(work, code)
    form = forms.one(work, row["form_id"])
    if row["confirmed_at"] is None:
        ref = Ref("contact", row["record_id"])
        done = {"confirmed_at": work.now, "outcome": "confirmed"}
        work.change(RowChanged("form_entry", row["id"], done))
        _agree(work, form, ref, row["consent"], sure=True)
        said = (row["answers"], row["consent"])
        work.change(FormSubmitted(ref, form.key, form.name, row["id"], *said))
    return form


def set_aside(work: Work, form: WebForm) -> None:
    """Count a submission that a machine sent; nothing else of it is kept."""
    more = update(web_form).where(web_form.c.id == form.id)
    work.connection.execute(more.values(robots=web_form.c.robots + 1))
    work.touched.add("web_form")


def listed(work: Work, form_id: int, most: int = 500) -> list[Entry]:
    """Return what came in by a form, the newest first."""
    own, person = form_entry.c, contact.c
    query = (
        select(
            own.id, own.at, own.outcome, own.answers, own.consent, own.record_id,
            own.confirmed_at, person.first_name, person.last_name, person.email,
        )
        .outerjoin(contact, person.id == own.record_id)
        .where(own.form_id == form_id)
        .order_by(own.id.desc())
        .limit(most)
    )  # fmt: skip
    return [_entry(row) for row in work.connection.execute(query).mappings()]


# -- parts ---------------------------------------------------------------------------------


def _read(form: WebForm, answers: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return what was answered by the contact's fields, and by the labels on the page."""
    given: dict[str, str] = {}
    problems: dict[str, str] = {}
    for asked in form.fields:
        value = answers.get(asked.to, "").strip()
        if len(value) > LONGEST:
            problems[asked.label] = f"is longer than {LONGEST:,} characters"
        elif asked.required and not value:
            problems[asked.label] = REQUIRED
        elif problem := texts.unfit(value):
            problems[asked.label] = problem
        elif value:
            given[asked.to] = value
    if not given.get("email") and not problems:
        problems[next(one.label for one in form.fields if one.to == "email")] = REQUIRED
    if problems:
        raise BadSettings(problems)
    return given, {one.label: given[one.to] for one in form.fields if one.to in given}


def _sound(work: Work, form: WebForm, given: Mapping[str, str], *, agreed: bool) -> dict[str, Any]:
    """Return what was answered as it is kept; raise BadSettings with all that is wrong with it."""
    wanting = form.settings.consent_needed and not agreed
    missing = {CONSENT: REQUIRED} if wanting else {}
    try:
        values = entry.resolved(work, "contact", given)
    except BadSettings as error:
        raise BadSettings(error.problems | missing) from error
    if missing:
        raise BadSettings(missing)
    return values


def _put(work: Work, form: WebForm, values: dict[str, Any]) -> tuple[Ref, str]:
    """Make a contact of what was answered, or fill in the one that has the address."""
    ref = contacts.with_email(work, values["email"])
    if ref is None:
        own = {name: values.pop(name) for name in list(values) if name.startswith(OWN)}
        ref = contacts.create(work, values, form.settings.tags, f"form ‘{form.name}’")
        own_fields.put(work, ref, own)
        return ref, "created"
    found = work.record(ref)
    held = {**found, **{f"{OWN}{k}": v for k, v in (found["custom"] or {}).items()}}
    fresh = {
        name: value
        for name, value in values.items()
        if name != "email" and (form.settings.overwrite or held.get(name) in (None, "", False))
    }
    changed = entry.put(work, ref, fresh) if fresh else False
    tagged = [records.add_tag(work, ref, tag) for tag in form.settings.tags]
    return ref, "updated" if changed or any(tagged) else "unchanged"


def _agree(work: Work, form: WebForm, ref: Ref, consent: str, *, sure: bool) -> None:
    """Write consent down; one that was refused is moved only by who is ``sure`` to be the person.

    The text that was agreed to stands in full with the submission.
    """
    if not consent:
        return
    found = work.record(ref)
    if found["consent_email"] == "refused" and not sure:
        return
    if sure:
        unsubscribing.lift(work, "email", found["email"])
    how = f"Form ‘{form.name}’{', confirmed by e-mail' if sure else ''}"
    contacts.update(work, ref, {"consent_email": "granted", "consent_email_how": how[:200]})


def _is_flooded(work: Work, form: WebForm) -> bool:
    own = form_entry.c
    query = select(own.at).where(own.form_id == form.id).order_by(own.id.desc())
    before = work.connection.execute(query.offset(MOST - 1).limit(1)).scalar()
    return before is not None and before > work.now - WITHIN


def _asked_lately(work: Work, form: WebForm, ref: Ref) -> bool:
    """Say whether a mail went to that address about the form not long ago."""
    own = form_entry.c
    query = select(own.id).where(
        own.record_kind == ref.kind, own.record_id == ref.id, own.form_id == form.id,
        own.code.is_not(None), own.at > work.now - ONE_MAIL_IN,
    )  # fmt: skip
    return work.connection.execute(query.limit(1)).first() is not None


def _by_code(work: Work, code: str) -> dict[str, Any]:
    own = form_entry.c
    query = select(form_entry).where(own.code == code, own.at > work.now - CONFIRM_WITHIN)
    row = work.connection.execute(query).mappings().one_or_none()
    if row is None or row["record_id"] is None:
        raise NotFound("This link has run out.")
    return dict(row)


def _entry(row: Mapping[Any, Any]) -> Entry:
    known = row["email"] is not None
    ref = Ref("contact", row["record_id"]) if known else None
    name = records.name_of("contact", row) if known else "(gone)"
    return Entry(
        row["id"], row["at"], row["outcome"], row["answers"], row["consent"], ref, name,
        row["confirmed_at"],
    )  # fmt: skip
