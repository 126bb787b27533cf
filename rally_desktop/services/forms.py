"""Forms of the office's website: their fields, what they do, and the HTML to copy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, ClassVar
from unicodedata import normalize
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import func, select

from rally_desktop.core import schema, texts
from rally_desktop.core.errors import BadSettings, NotFound, Refused
from rally_desktop.core.fold import fold
from rally_desktop.core.schema import Described, Pick, Text, YesNo
from rally_desktop.model.changes import RowAdded, RowChanged, RowRemoved
from rally_desktop.model.fields import custom_fields, fields_of
from rally_desktop.model.tables import form_entry, web_form
from rally_desktop.model.work import OWN, Work
from rally_desktop.services import records

MOST_FIELDS, MOST_ORIGINS = 40, 20
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# What nobody outside may say about a person.
_NOT_ASKED = frozenset(
    "owner company owner_id company_id score do_not_contact email_invalid tags consent_email"
    " consent_email_at consent_email_how consent_sms consent_sms_at consent_sms_how lead_score"
    " lifecycle_stage".split()
)


class FormField(msgspec.Struct, frozen=True):
    """One field: the contact's field that it fills, its label on the page, whether it must be."""

    to: str
    label: str
    required: bool = False


class FormSettings(Described, frozen=True):
    """What a form says and does besides its fields."""

    title: ClassVar = "Form"

    button: Annotated[str, Text("Button")] = "Send"
    thanks: Annotated[str, Text("Thank-you text", help="Shown once the form is sent.", lines=3)] = (
        "Thank you. We will be in touch."
    )
    redirect: Annotated[
        str,
        Text(
            "Thank-you page",
            help="Where to lead people instead, such as https://example.com/thanks.",
            required=False,
        ),
    ] = ""
    consent: Annotated[
        str,
        Text(
            "Consent",
            help="The text beside a checkbox, kept word for word. Empty: no checkbox.",
            required=False,
            lines=3,
        ),
    ] = ""
    consent_needed: Annotated[bool, YesNo("Nobody can send it without agreeing")] = False
    confirm: Annotated[
        bool,
        YesNo(
            "Ask by e-mail first",
            help="A mail with a link goes out; only who follows it has agreed (double opt-in).",
        ),
    ] = False
    overwrite: Annotated[
        bool,
        YesNo(
            "Replace what is filled in already",
            help="Anybody can type anybody’s address: without this, only empty fields are filled.",
        ),
    ] = False
    tags: Annotated[
        tuple[str, ...], Pick("Tags to put on", source="tag", many=True, required=False)
    ] = ()
    origins: Annotated[
        str,
        Text(
            "Websites it stands on",
            help="One a line, such as https://www.example.com. Others are refused.",
            required=False,
            lines=3,
        ),
    ] = ""

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by setting; addresses have a form of their own."""
        found = super().problems()
        if self.redirect and not _is_page(self.redirect):
            found.setdefault("redirect", "must be an address such as https://example.com/thanks")
        if any(origin_of(line) is None for line in self.origins.split()):
            found.setdefault("origins", "must be addresses such as https://www.example.com")
        elif len(self.origins.split()) > MOST_ORIGINS:
            found.setdefault("origins", f"must be at most {MOST_ORIGINS}")
        if self.consent_needed and not self.consent:
            found.setdefault("consent", "is needed where people must agree to it")
        return found

    def allowed(self) -> frozenset[str]:
        """Return the Origin headers of the websites that the form stands on."""
        return frozenset(filter(None, map(origin_of, self.origins.split())))


@dataclass(frozen=True)
class WebForm:
    """One form; ``entries`` is how often it was sent, ``robots`` how often by a machine."""

    id: int
    key: str
    name: str
    active: bool
    settings: FormSettings
    fields: tuple[FormField, ...]
    robots: int = 0
    entries: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True)
class Input:
    """How a field is asked for on a page: the kind of its box, and what it offers."""

    name: str
    label: str
    kind: str
    required: bool
    options: tuple[str, ...] = field(default=())


FIRST = (
    FormField("first_name", "First name"),
    FormField("last_name", "Last name"),
    FormField("email", "E-mail", True),
)


def listed(work: Work) -> list[WebForm]:
    """Return every form by name, with how often it was sent."""
    own = form_entry.c
    counts = select(own.form_id, func.count(), func.max(own.at)).group_by(own.form_id)
    sent = {number: (count, last) for number, count, last in work.connection.execute(counts)}
    found = work.connection.execute(select(web_form)).mappings()
    made = [_form(row, *sent.get(row["id"], (0, None))) for row in found]
    return sorted(made, key=lambda form: fold(form.name))


def by_key(work: Work, key: str) -> WebForm:
    """Return the form with a key where it is switched on; raise NotFound."""
    query = select(web_form).where(web_form.c.key == key, web_form.c.active)
    row = work.connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound("There is no such form.")
    return _form(row)


def one(work: Work, number: int) -> WebForm:
    """Return a form; raise NotFound."""
    query = select(web_form).where(web_form.c.id == number)
    row = work.connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound("That form does not exist any more.")
    return _form(row)


def add(
    work: Work,
    name: str,
    key: str = "",
    settings: FormSettings | None = None,
    fields: Sequence[FormField] = FIRST,
) -> int:
    """Add a form and return its number; without a key it gets one like its name."""
    number = work.new_id("web_form")
    row = _checked(work, name, key or key_for(name), settings or FormSettings(), fields)
    work.change(RowAdded("web_form", {"id": number, "created_at": work.now, **row}))
    return number


def save(
    work: Work,
    number: int,
    name: str,
    key: str,
    settings: FormSettings,
    fields: Sequence[FormField],
) -> None:
    """Change a form; refuse what could not be filled in."""
    one(work, number)
    row = _checked(work, name, key, settings, fields, number)
    work.change(RowChanged("web_form", number, row))


def switch(work: Work, number: int, *, on: bool) -> None:
    """Take a form's submissions, or do not."""
    one(work, number)
    work.change(RowChanged("web_form", number, {"active": on}))


def remove(work: Work, number: int) -> None:
    """Take a form away for good; refuse where somebody filled it in, as that is kept."""
    one(work, number)
    own = form_entry.c
    if work.connection.execute(select(own.id).where(own.form_id == number).limit(1)).first():
        raise Refused("Somebody has filled it in, and that is kept. Switch it off instead.")
    work.change(RowRemoved("web_form", number))


def key_for(name: str) -> str:
    """Return a key like a name: letters, digits and hyphens."""
    bare = normalize("NFKD", fold(name)).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")
    return plain[:64].strip("-") or "form"


def askable(work: Work) -> dict[str, str]:
    """Return the fields of a contact that a form may ask for, with their labels."""
    fields = fields_of("contact", custom_fields(work.connection, "contact"))
    known = {name: one.label for name, one in fields.items() if _may_ask(name)}
    return known


def inputs(work: Work, form: WebForm) -> tuple[Input, ...]:
    """Return how a form's fields are asked for; a field that is gone is left out."""
    known = fields_of("contact", custom_fields(work.connection, "contact"))
    return tuple(_input(one, known[one.to].field) for one in form.fields if one.to in known)


def origin_of(text: str) -> str | None:
    """Return the Origin header of a website, or None where the text is no website."""
    try:
        said = urlsplit(text.strip().lower())
        port = f":{said.port}" if said.port else ""
    except ValueError:
        return None
    if said.scheme not in ("http", "https") or not said.hostname or said.username:
        return None
    if not said.hostname.isascii() or said.path not in ("", "/") or said.query or said.fragment:
        return None
    return f"{said.scheme}://{said.hostname}{port}"


def _may_ask(name: str) -> bool:
    return (name in records.settable("contact") and name not in _NOT_ASKED) or name.startswith(OWN)


def _input(asked: FormField, look: schema.Field) -> Input:
    kinds = {"email": "email", "phone": "tel", "mobile": "tel", "website": "url"}
    kind = kinds.get(asked.to, "text")
    options: tuple[str, ...] = ()
    if isinstance(look, schema.Choice):
        kind, options = "select", look.options
    elif isinstance(look, schema.YesNo):
        kind = "checkbox"
    elif isinstance(look, schema.Number):
        kind = "number"
    elif isinstance(look, schema.Moment):
        kind = "date"
    elif isinstance(look, schema.Text) and look.lines > 1:
        kind = "textarea"
    return Input(asked.to, asked.label, kind, asked.required, options)


def _checked(
    work: Work,
    name: str,
    key: str,
    settings: FormSettings,
    fields: Sequence[FormField],
    number: int = 0,
) -> dict[str, Any]:
    problems = _problems(work, name, key, fields, number)
    labels = {one.name: one.field.label for one in FormSettings.settings()}
    problems |= {labels[one]: what for one, what in settings.problems().items()}
    if problems:
        raise BadSettings(problems)
    definition = {"settings": settings.dump(), "fields": msgspec.to_builtins(list(fields))}
    return {"name": " ".join(name.split()), "key": key, "definition": definition}


def _problems(
    work: Work, name: str, key: str, fields: Sequence[FormField], number: int
) -> dict[str, str]:
    found: dict[str, str] = {}
    if not name.strip() or texts.unfit(name, 200):
        found["Name"] = "must have 1 to 200 characters"
    if not _KEY.fullmatch(key) or len(key) > 64:
        found["Key"] = "must be small letters, digits and hyphens, such as contact-us"
    else:
        taken = select(web_form.c.id).where(web_form.c.key == key, web_form.c.id != number)
        if work.connection.execute(taken).first():
            found["Key"] = "belongs to another form already"
    if problem := _problem_of(fields, askable(work)):
        found["Fields"] = problem
    return found


def _problem_of(fields: Sequence[FormField], known: Mapping[str, str]) -> str:
    asked = [one.to for one in fields]
    if "email" not in asked:
        return "must ask for the e-mail address, by which the contact is found"
    if len(set(asked)) < len(asked) or len(asked) > MOST_FIELDS:
        return f"must be at most {MOST_FIELDS}, each of them once"
    if unknown := [one for one in asked if one not in known]:
        return f"cannot ask for ‘{unknown[0]}’"
    if any(not one.label.strip() or texts.unfit(one.label, 200) for one in fields):
        return "must each have a label"
    return ""


def _form(row: Mapping[Any, Any], entries: int = 0, last_at: datetime | None = None) -> WebForm:
    stored = row["definition"]
    try:
        settings = FormSettings.load(stored.get("settings", {}))
    except BadSettings:
        settings = FormSettings()
    fields = msgspec.convert(stored.get("fields", []), tuple[FormField, ...])
    return WebForm(
        row["id"], row["key"], row["name"], row["active"], settings, fields, row["robots"],
        entries, last_at,
    )  # fmt: skip


def _is_page(text: str) -> bool:
    try:
        said = urlsplit(text)
    except ValueError:
        return False
    plain = text.isascii() and text.isprintable() and " " not in text
    return plain and said.scheme in ("http", "https") and bool(said.hostname) and not said.username
