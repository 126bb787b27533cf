"""What a person types into a record's card or form: owner and company by name, made as needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from rally_desktop.core.errors import BadSettings, Refused
from rally_desktop.core.fold import fold
from rally_desktop.model import tables
from rally_desktop.model.fields import FieldInfo, FieldList, custom_fields, fields_of
from rally_desktop.model.filters import load_values
from rally_desktop.model.ref import ListKind, RecordKind, Ref, listed
from rally_desktop.model.work import Work
from rally_desktop.services import (
    calendar,
    cells,
    companies,
    contacts,
    deals,
    lists,
    own_fields,
    records,
    task_edits,
    users,
)

_BY_NAME = frozenset({"owner_id", "company_id", "contact_id", "assignee_id"})
# Sources that are too long for a list; their names are looked up while one types.
_LOOKED_UP = ("company", "contact")
_AT_ONCE = 12
_NAMESAKES = 200


@dataclass(frozen=True)
class Card:
    """One record as its card shows it; owner and company stand under those names."""

    ref: Ref
    name: str
    values: Mapping[str, Any]
    tags: tuple[str, ...]
    fields: FieldList
    editable: frozenset[str]
    lists: Mapping[str, tuple[str, ...]]


def card(work: Work, ref: Ref) -> Card:
    """Return everything a record's card shows; raise NotFound when it is gone."""
    found = work.record(ref)
    fields = fields_of(ref.kind, custom_fields(work.connection, ref.kind))
    own = [field for field in fields.values() if _is_own(field)]
    names = [field.name for field in own if field.name != "tags"]
    values = load_values(work.connection, fields, [ref.id], names)[ref.id]
    sources = {field.source for field in own} - {"", *_LOOKED_UP}
    return Card(
        ref,
        records.name_of(ref.kind, found),
        values,
        tuple(sorted(found["tags"], key=fold)),
        fields,
        frozenset(field.name for field in own if _editable(ref.kind, field)),
        {source: tuple(lists.of(work, source)) for source in sources},
    )


def label(card: Card) -> str:
    """Return what a form is told to mean this record: its name, a contact's with the address."""
    email = card.values.get("email")
    return f"{card.name} <{email}>" if card.ref.kind == "contact" and email else card.name


def exists(work: Work, ref: Ref) -> bool:
    """Say whether a record is there and not in the trash."""
    return bool(work.records(ref.kind, [ref.id]))


def blank(work: Work, kind: ListKind) -> Card:
    """Return the card of a record that does not exist yet, or of a task."""
    fields = fields_of(kind, custom_fields(work.connection, kind))
    own = [field for field in fields.values() if _is_own(field)]
    sources = {field.source for field in own} - {"", *_LOOKED_UP}
    editable = frozenset(field.name for field in own if _editable(kind, field))
    offered = {source: tuple(lists.of(work, source)) for source in sources}
    return Card(listed(kind, 0), "", {}, (), fields, editable, offered)


def create(
    work: Work,
    kind: RecordKind,
    values: Mapping[str, Any],
    tags: Iterable[str] = (),
    source: str = "",
) -> Ref:
    """Add a record as typed in, with the office's own fields too; ``source`` is where from."""
    resolved, checked = _parted(work, kind, values)
    ref = _CREATE[kind](work, resolved, tags, source)
    own_fields.put(work, ref, checked)
    return ref


def update(work: Work, ref: Ref, values: Mapping[str, Any]) -> bool:
    """Set fields of a record as typed in, the office's own too; say whether anything differed."""
    return put(work, ref, resolved(work, ref.kind, values))


def resolved(work: Work, kind: RecordKind, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed in as ``put`` sets it: names looked up, the office's own checked."""
    own = {name: value for name, value in values.items() if name.startswith(own_fields.PREFIX)}
    return {**_resolved(work, values), **own_fields.checked(work, kind, own)}


def put(work: Work, ref: Ref, values: Mapping[str, Any]) -> bool:
    """Set resolved values of a record; say whether anything differed."""
    own = {name: value for name, value in values.items() if name.startswith(own_fields.PREFIX)}
    plain = {name: value for name, value in values.items() if name not in own}
    changed = bool(plain) and _UPDATE[ref.kind](work, ref, plain)
    return own_fields.put(work, ref, own) or changed


def _parted(
    work: Work, kind: RecordKind, values: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what stands in the record's own columns, and the office's own fields, checked."""
    resolved = _resolved(work, values)
    own = {name: resolved.pop(name) for name in values if name.startswith(own_fields.PREFIX)}
    return resolved, own_fields.checked(work, kind, own)


_CREATE: Mapping[RecordKind, Callable[[Work, Mapping[str, Any], Iterable[str], str], Ref]] = {
    "contact": contacts.create, "company": companies.create, "deal": deals.create,
}  # fmt: skip
_UPDATE: Mapping[RecordKind, Callable[[Work, Ref, Mapping[str, Any]], bool]] = {
    "contact": contacts.update, "company": companies.update, "deal": deals.update,
}  # fmt: skip


def typed(name: str) -> str:
    """Return under which name a field is typed in: owner rather than owner_id."""
    return name.removesuffix("_id") if name in _BY_NAME else name


def restore_many(work: Work, kind: RecordKind, numbers: Iterable[int]) -> None:
    """Take records out of the trash; refuse where a newer contact has the same e-mail."""
    for number in numbers:
        ref = Ref(kind, number)
        found = work.find(ref)
        if found is None:
            continue
        taken = contacts.with_email(work, found["email"]) if kind == "contact" else None
        if taken is not None and taken != ref:
            name = records.name_of(kind, found)
            raise Refused(f"{name} cannot come back: another contact has {found['email']} now.")
        records.restore(work, ref)


def with_email(work: Work, email: str) -> tuple[Ref, str] | None:
    """Return the contact that has an e-mail address already, and its name."""
    ref = contacts.with_email(work, email)
    return None if ref is None else (ref, records.name_of("contact", work.record(ref)))


def names(work: Work, source: str, typed: str) -> tuple[str, ...]:
    """Return names of companies, contacts or zones that hold what was typed.

    Companies that begin with it come first. Contacts come with their address, as
    ``Ana Silva <ana@example.com>``: names are not unique.
    """
    wanted = fold(typed)
    if not wanted:
        return ()
    if source == "time_zone":
        place = wanted.replace(" ", "_")
        return tuple(zone for zone in calendar.zones() if place in fold(zone))[:_AT_ONCE]
    if source == "contact":
        return tuple(dict.fromkeys(said for said, _, _ in _people(work, wanted, _AT_ONCE)))
    own = tables.metadata.tables[source].c
    found = work.connection.execute(
        select(own.name)
        .where(own.deleted_at.is_(None), own.sort_name.contains(wanted, autoescape=True))
        .order_by(~own.sort_name.startswith(wanted, autoescape=True), own.sort_name)
        .limit(_AT_ONCE)
    )
    return tuple(dict.fromkeys(found.scalars()))


def _people(work: Work, wanted: str, most: int) -> list[tuple[str, str, int]]:
    """Return contacts that hold every word, as (name with address, name, number)."""
    own = tables.contact.c
    holds = [own.search_text.contains(word, autoescape=True) for word in wanted.split()]
    found = work.connection.execute(
        select(own.first_name, own.last_name, own.email, own.id)
        .where(own.deleted_at.is_(None), *holds)
        .order_by(own.sort_name, own.id)
        .limit(most)
    )
    made = []
    for first, last, email, number in found:
        name = f"{first} {last}".strip()
        made.append((f"{name} <{email}>" if name and email else name or email, name, number))
    return made


def _is_own(field: FieldInfo) -> bool:
    """Say whether a field is the record's own, rather than a related record's."""
    return field.stored is not None or field.name.startswith("custom.")


def _editable(kind: ListKind, field: FieldInfo) -> bool:
    if kind == "task":
        return field.name in task_edits.EDITABLE
    return field.stored in records.settable(kind) or field.name.startswith(own_fields.PREFIX)


def _resolved(work: Work, values: Mapping[str, Any]) -> dict[str, Any]:
    """Put numbers in the place of names."""
    made = _sound(values)
    if "owner" in made:
        made["owner_id"] = _owner(work, made.pop("owner") or "")
    if "company" in made:
        made["company_id"] = _company(work, made.pop("company") or "")
    if "contact" in made:
        made["contact_id"] = _contact(work, made.pop("contact") or "")
    return made


def _sound(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed in as it is kept; refuse what is plainly something else."""
    made, wrong = dict(values), {}
    for name, (label, read, should) in _SOUND.items():
        said = values.get(name)
        if isinstance(said, str) and said.strip():
            made[name], problem = read(said)
            if problem:
                wrong[label] = should
    if wrong:
        raise BadSettings(wrong)
    return made


def _address(text: str) -> tuple[str, str]:
    """Take one address: what stands beside it would be lost."""
    return (text, "several") if text.count("@") > 1 else cells.email(text)


def _number(text: str) -> tuple[str, str]:
    return text.strip(), "" if any(map(str.isdigit, text)) else "no digit"


_NUMBER = "must have a digit; put words into a note"
_SOUND: Mapping[str, tuple[str, Callable[[str], tuple[str, str]], str]] = {
    "email": ("E-mail", _address, "must be one address, such as ana@example.com"),
    "phone": ("Phone", _number, _NUMBER),
    "mobile": ("Mobile", _number, _NUMBER),
    "time_zone": ("Time zone", cells.time_zone, "must be one such as Europe/Paris"),
}


def _owner(work: Work, name: str) -> int | None:
    return users.named(work, name).id if fold(name) else None


def _company(work: Work, name: str) -> int | None:
    if not fold(name):
        return None
    columns = tables.company.c
    same = select(columns.id).where(columns.sort_name == fold(name)[:400])
    made = work.memo.setdefault("companies by name", {})  # no row has them yet
    found = work.connection.execute(same.where(columns.deleted_at.is_(None))).scalar()
    if found is None and fold(name) not in made:
        made[fold(name)] = companies.create(work, {"name": name.strip()}).id
    return made[fold(name)] if found is None else found


def _contact(work: Work, said: str) -> int | None:
    """Return the contact that was meant: by address, else by a name that only one has."""
    if not fold(said):
        return None
    by_address = contacts.with_email(work, said.rstrip(" >").rpartition("<")[2])
    if by_address is not None:
        return by_address.id
    wanted = fold(said)
    found = [
        number for _, name, number in _people(work, wanted, _NAMESAKES) if fold(name) == wanted
    ]
    if len(found) > 1:
        raise Refused(f"Several contacts are called {said}. Choose one with an e-mail address.")
    if not found:
        raise Refused(f"There is no contact called {said}. Add the contact first.")
    return found[0]
