"""Templates: the texts of messages, with merge fields, in three families.

A *basic* one is text; a *theme* is a design with slots; a *custom* one is the office's own HTML.
What is sent, text and HTML, is made when a template is saved, so that for each message only
the merge fields are left to fill in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, TypedDict, Unpack

from sqlalchemy import select

from rally_desktop.core import merge, texts, themes
from rally_desktop.core.errors import BadTemplate, NotFound, Refused
from rally_desktop.model.changes import RowAdded, RowChanged
from rally_desktop.model.tables import template
from rally_desktop.model.work import Work
from rally_desktop.outside.mail import own_html
from rally_desktop.services import attachments, merging, template_versions
from rally_desktop.services.attachments import File

Family = Literal["basic", "theme", "custom"]
CHANNELS = ("email", "sms")
LONGEST_NAME, LONGEST_FOLDER = 200, 80


@dataclass(frozen=True)
class Template:
    """One template; without ``html`` the message is plain text.

    ``slots`` are what a theme is filled with, ``source`` is the office's own HTML as it was
    written: ``text`` and ``html`` follow from them.
    """

    id: int
    name: str
    channel: str
    subject: str
    text: str
    html: str
    transactional: bool
    family: str = "basic"
    preheader: str = ""
    theme: str = ""
    slots: Mapping[str, str] = field(default_factory=dict, hash=False)
    source: str = ""
    files: tuple[File, ...] = ()
    folder: str = ""
    version: int = 0
    updated_at: datetime | None = field(default=None, compare=False)


class Further(TypedDict, total=False):
    """What else a template may have; ``html`` is the office's own source."""

    html: str
    channel: str
    transactional: bool
    preheader: str
    theme: str
    slots: Mapping[str, str]
    files: Sequence[File]
    folder: str


def save(work: Work, name: str, *, subject: str, text: str = "", **further: Unpack[Further]) -> int:
    """Save a template under its name and return its number.

    Each save that changes something is a new version. Raises BadTemplate, with the line, where
    a merge field is unknown or the template is not allowed to do what it does.
    """
    known = _called(work, _named(name))
    made = prepared(work, Template(0, _named(name), "", subject, text, "", False), **further)
    return _put(work, made, known)


def keep(work: Work, made: Template) -> int:
    """Save what was written in the editor; one that has a number may get another name.

    Raises Refused where another template has the name, or workflows know it by its old one.
    """
    name = _named(made.name)
    known, other = of(work, made.id) if made.id else None, _called(work, name)
    if other is not None and other.id != made.id:
        raise Refused(f"There is a template ‘{name}’ already: choose another name.")
    return _put(work, checked(work, replace(made, name=name)), known)


def checked(work: Work, made: Template) -> Template:
    """Return what was written in the editor with what is sent made from it; raise BadTemplate."""
    return prepared(work, made, **_further(made))


def prepared(work: Work, made: Template, **further: Unpack[Further]) -> Template:
    """Return a template with what is sent made from what was written, and checked."""
    channel = further.get("channel") or "email"
    if channel not in CHANNELS:
        raise Refused(f"There are templates for {' and '.join(CHANNELS)}.")
    folder = " ".join(further.get("folder", "").split())
    texts.require(LONGEST_FOLDER, folder=folder)
    files = tuple(further.get("files", ()))
    if files and channel != "email":
        raise Refused("An SMS cannot carry files.")
    attachments.check(work, files)
    html, theme = further.get("html", ""), further.get("theme", "")
    whole = replace(
        made,
        channel=channel,
        family="theme" if theme else "custom" if html else "basic",
        preheader=further.get("preheader", "") if theme or html else "",
        theme=theme,
        slots={key: value for key, value in further.get("slots", {}).items() if value.strip()},
        source="" if theme else html,
        files=files,
        folder=folder,
        transactional=further.get("transactional", False),
    )
    _check(work, whole)
    return written(whole)


def written(made: Template, *, dark: bool = False) -> Template:
    """Return a template with its text and HTML made anew; ``dark`` is for looking at it."""
    if made.family == "theme":
        theme = themes.theme_of(made.theme)
        source = themes.html(theme, made.slots, made.subject, made.preheader, dark=dark)
        made = replace(made, text=themes.plain(theme, made.slots), html=own_html.inlined(source))
    elif made.family == "custom":
        html = own_html.cleaned(themes.hidden(made.preheader) + made.source)
        made = replace(made, text=made.text or own_html.plain(html), html=html)
    else:
        made = replace(made, html="")
    merge.compile_template(made.html, html=True)
    merge.compile_template(made.text)
    return made


def _check(work: Work, made: Template) -> None:
    """Raise BadTemplate where something that was written cannot be filled in, and say where."""
    known = merging.known_fields(work)
    labels = {}
    if made.family == "theme":
        labels = {slot.key: slot.label for slot in themes.theme_of(made.theme).slots}
        if odd := made.slots.keys() - labels.keys():
            raise BadTemplate(f"The design has no place called ‘{min(odd)}’.")
    parts = {"": made.subject, "The preview line": made.preheader}
    parts |= {labels[key]: said for key, said in made.slots.items()}
    for where, source in (*parts.items(), ("", made.source or made.text)):
        try:
            merge.compile_template(source)
        except BadTemplate as error:
            raise (BadTemplate(f"{where}: {error}") if where else error) from None
        for unknown in merge.unknown_fields(source, known):
            raise BadTemplate(f"{where}: {unknown}" if where else str(unknown))


def _further(made: Template) -> Further:
    return Further(
        html=made.source if made.family == "custom" else "",
        channel=made.channel,
        transactional=made.transactional,
        preheader=made.preheader,
        theme=made.theme if made.family == "theme" else "",
        slots=made.slots if made.family == "theme" else {},
        files=made.files,
        folder=made.folder,
    )


def _put(work: Work, made: Template, known: Template | None) -> int:
    """Write a template down, with a version where it says something else than before."""
    values = _columns(made)
    if known is not None and _columns(known) == values:
        return known.id
    number = known.id if known else work.new_id("template")
    version = template_versions.add(work, number, template_versions.content_of(values))
    moment = {"version": version, "updated_at": work.now}
    if known is None:
        row = {"id": number, **values, **moment, "created_at": work.now}
        work.change(RowAdded("template", row))
    else:
        work.change(RowChanged("template", number, {**values, **moment}))
    work.memo.pop("templates", None)
    return number


_KEPT = (
    "name", "channel", "family", "subject", "preheader", "text", "html", "theme", "source",
    "folder", "transactional",
)  # fmt: skip


def _columns(made: Template) -> dict[str, Any]:
    values = {name: getattr(made, name) for name in _KEPT}
    return {**values, "slots": dict(made.slots) or None, "files": attachments.stored(made.files)}


def go_back(work: Work, number: int, version: int) -> int:
    """Let a template say again what it said in a version, as a new one; return its number."""
    known = of(work, number)
    content = template_versions.of(work, number, version).content
    said = {name: content.get(name, _BLANK[name]) for name in _BLANK}
    files = attachments.read(content.get("files"))
    return keep(work, replace(known, **said, files=files))


_BLANK: Mapping[str, Any] = {
    "family": "basic", "subject": "", "preheader": "", "text": "", "theme": "", "slots": {},
    "source": "", "transactional": False,
}  # fmt: skip


# -- looking -----------------------------------------------------------------------------------


def listed(work: Work) -> list[Template]:
    """Return the templates by name."""
    query = _QUERY.where(template.c.deleted_at.is_(None)).order_by(template.c.name)
    return [_read(row) for row in work.connection.execute(query)]


def named(work: Work, name: str) -> Template:
    """Return the template with a name, or raise NotFound."""
    known = work.memo.setdefault("templates", {})
    if name not in known:
        known |= {one.name: one for one in listed(work)}
    if name not in known:
        raise NotFound(f"There is no template ‘{name}’.")
    return known[name]


def of(work: Work, number: int) -> Template:
    """Return the template with a number, or raise NotFound."""
    query = _QUERY.where(template.c.id == number, template.c.deleted_at.is_(None))
    found = work.connection.execute(query).one_or_none()
    if found is None:
        raise NotFound("That template does not exist any more.")
    return _read(found)


def names_taken(work: Work) -> set[str]:
    """Return the names that templates have."""
    query = select(template.c.name).where(template.c.deleted_at.is_(None))
    return set(work.connection.execute(query).scalars())


_QUERY = select(*(template.c[name] for name in Template.__dataclass_fields__))


def _read(row: Any) -> Template:
    made = Template(*row)
    return replace(made, slots=row.slots or {}, files=attachments.read(row.files))


def _called(work: Work, name: str) -> Template | None:
    query = _QUERY.where(template.c.name == name, template.c.deleted_at.is_(None))
    found = work.connection.execute(query).one_or_none()
    return None if found is None else _read(found)


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused("A template needs a name.")
    texts.require(LONGEST_NAME, name=name)
    return name


# -- copies, trash -------------------------------------------------------------------------------


def duplicate(work: Work, number: int) -> int:
    """Copy a template under the next free name and return the copy's number."""
    known = of(work, number)
    return _put(work, replace(known, id=0, name=_free(work, known.name)), None)


def delete(work: Work, number: int) -> None:
    """Put a template into the trash."""
    of(work, number)
    work.change(RowChanged("template", number, {"deleted_at": work.now}))


def restore(work: Work, number: int) -> None:
    """Take a template out of the trash; where its name is taken by now it gets another."""
    query = select(template.c.name).where(template.c.id == number)
    name = work.connection.execute(query).scalar_one()
    values: dict[str, Any] = {"deleted_at": None}
    if name in names_taken(work):
        values["name"] = _free(work, name)
    work.change(RowChanged("template", number, values))


def _free(work: Work, name: str) -> str:
    taken, number = names_taken(work), 2
    stem = name[: LONGEST_NAME - 8]
    while f"{stem} ({number})" in taken:
        number += 1
    return f"{stem} ({number})"
