"""``rally-desktop duplicates``: what looks alike, made one, and parted again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, verb

if TYPE_CHECKING:
    from rally_desktop.services.duplicates import Group
    from rally_desktop.services.merge_records import Merge

Kind = Annotated[
    Literal["contact", "company"], typer.Option("--kind", help="Which records are meant.")
]


@verb
def duplicates_find(
    kind: Kind = "contact",
    safe: Annotated[bool, typer.Option("--safe", help="Only what needs no second look.")] = False,
    limit: Annotated[int, typer.Option(help="At most so many groups.", min=1)] = 50,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """List records that are probably the same, the surest first; nothing is changed."""
    from rally_desktop.services import duplicates

    with opened(database) as store:
        found = store.read(duplicates.find, kind)
    groups = [group for group in found.groups if group.safe or not safe][:limit]
    lines = [_line(group) for group in groups]
    text = "\n".join(lines) or f"Nothing looks alike among {found.looked_at:,} records."
    answer([_facts(group) for group in groups], as_json, text)


@verb
def duplicates_merge(
    numbers: Annotated[list[int], typer.Argument(metavar="ID...", help="The first one stays.")],
    kind: Kind = "contact",
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Make two to five records one: what the first lacks is filled, the stricter consent stays."""
    from rally_desktop.model.ref import Ref
    from rally_desktop.services import merge_records

    kept, *others = (Ref(kind, number) for number in numbers)
    with opened(database) as store:
        made = store.write(merge_records.merge_all, kept, others)
    ways = " ".join(f"duplicates undo {number}" for number in reversed(made))
    answer({"kept": kept.id, "merges": made}, as_json, f"Merged. To part them again: {ways}")


@verb
def duplicates_merged(
    kind: Kind = "contact",
    limit: Annotated[int, typer.Option(help="At most so many.", min=1)] = 50,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """List what was merged, by whom and when, the latest first."""
    from rally_desktop.services import merge_records

    with opened(database) as store:
        found = store.read(merge_records.latest, kind)[:limit]
    lines = [_past(one) for one in found]
    answer([_past_facts(one) for one in found], as_json, "\n".join(lines) or "Nothing was merged.")


@verb
def duplicates_undo(
    number: Annotated[int, typer.Argument(metavar="ID", help="As in: duplicates merged.")],
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Part two records again; what has changed since on the one that stayed is kept."""
    from rally_desktop.services import merge_records

    with opened(database) as store:
        back = store.write(merge_records.undo, number)
    facts = {"id": number, "back": back.id}
    answer(facts, as_json, f"{back.kind.capitalize()} {back.id} stands by itself again.")


def _line(group: Group) -> str:
    who = ", ".join(
        f"{name} ({number})" for name, number in zip(group.names, group.ids, strict=True)
    )
    safe = "; safe" if group.safe else ""
    return f"{group.sure:8}{who}: {', '.join(group.why)}{safe}"


def _facts(group: Group) -> dict[str, Any]:
    return {
        "ids": group.ids, "names": group.names, "sure": group.sure, "why": group.why,
        "safe": group.safe,
    }  # fmt: skip


def _past(one: Merge) -> str:
    undone = "  undone" if one.undone else ""
    by = f"  by {one.by}" if one.by else ""
    at = f"{one.at.astimezone():%Y-%m-%d %H:%M}"
    return f"{one.id:6}  {at}  {one.gone_name} into {one.kept_name}{by}{undone}"


def _past_facts(one: Merge) -> dict[str, Any]:
    return {
        "id": one.id, "at": one.at, "kept": one.kept.id, "gone": one.gone.id, "by": one.by,
        "undone": one.undone,
    }  # fmt: skip
