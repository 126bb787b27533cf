"""``rally-desktop trash``: what was deleted, taken out again or deleted for good."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, verb
from rally_desktop.core.errors import Refused

if TYPE_CHECKING:
    from rally_desktop.services.trash import Item

Kind = Literal["contact", "company", "deal", "note", "task", "workflow", "template"]


@verb
def trash_list(
    kind: Annotated[Kind | None, typer.Option(help="Only these.")] = None,
    text: Annotated[str, typer.Option(metavar="WORDS", help="That say these words.")] = "",
    limit: Annotated[int, typer.Option(help="At most so many.", min=1)] = 50,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """List what lies in the trash, what came there last first."""
    from rally_desktop.services import trash

    kinds = (kind,) if kind else ()
    with opened(database) as store:
        found = store.read(trash.listed, kinds=kinds, text=text, limit=limit)
        count = store.read(trash.count, kinds=kinds, text=text)
    lines = [_line(one) for one in found]
    if count > len(found):
        lines.append(f"… and {count - len(found):,} more")
    facts = [
        {"kind": one.kind, "id": one.id, "name": one.name, "deleted_at": one.at, "by": one.by}
        for one in found
    ]
    answer(facts, as_json, "\n".join(lines) or "The trash is empty.")


@verb
def trash_restore(
    kind: Annotated[Kind, typer.Argument(metavar="KIND", help="As in: trash list.")],
    number: Annotated[int, typer.Argument(metavar="ID", help="As in: trash list.")],
    without_address: Annotated[
        bool, typer.Option(help="Leave a contact's address to who has it by now.")
    ] = False,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Take something out of the trash."""
    from rally_desktop.services import trash

    with opened(database) as store:
        if without_address and kind == "contact":
            store.write(trash.restore_without_address, number)
        else:
            store.write(trash.restore, kind, number)
    answer({"kind": kind, "id": number}, as_json, f"The {kind} is back.")


@verb
def trash_empty(
    older_than: Annotated[
        int, typer.Option(metavar="DAYS", help="Only what has lain there for so long.", min=0)
    ] = 0,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Delete what lies in the trash for good."""
    from rally_desktop.engine import erasing
    from rally_desktop.services import trash

    with opened(database) as store:
        if not yes:
            count = store.read(trash.count)
            typer.confirm(f"Delete for good? {count:,} things are in the trash.", abort=True)
        before = store.clock.now() - timedelta(days=older_than)
        gone = 0
        while some := store.read(trash.older, before, 1_000):
            done = erasing.empty(store, some)
            gone += done.gone
            if done.left:
                raise Refused(f"{gone:,} deleted; {done.left:,} wait for messages on their way.")
    answer({"gone": gone}, as_json, f"{gone:,} deleted for good.")


def _line(one: Item) -> str:
    by = f" by {one.by}" if one.by else ""
    into = f", became part of {one.into}" if one.into else ""
    return f"{one.kind:9}{one.id:8}  {one.at.astimezone():%Y-%m-%d %H:%M}  {one.name}{by}{into}"
