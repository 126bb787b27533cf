"""``rally-desktop person``: one person's data, handed over or erased."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, verb
from rally_desktop.core.errors import NotFound, Refused

if TYPE_CHECKING:
    from rally_desktop.model.ref import Ref
    from rally_desktop.model.work import Work

Who = Annotated[str, typer.Argument(metavar="PERSON", help="An e-mail address, or a number.")]


@verb
def person_export(
    who: Who,
    target: Annotated[Path, typer.Argument(metavar="FILE", help="The ZIP file to write.")],
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Write everything that is kept about a person into a ZIP: a page to read, and data."""
    from rally_desktop.engine.reasons import sentence
    from rally_desktop.services import person_file

    with opened(database) as store:
        ref = store.read(_found, who)
        count = person_file.write(store, target.absolute(), ref, sentence) or 0
    answer({"file": str(target), "lines": count}, as_json, f"{count:,} lines are in {target}.")


@verb
def person_erase(
    who: Who,
    name: Annotated[
        str, typer.Option(metavar="NAME", help="The person's full name: erase without asking.")
    ] = "",
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Erase a person everywhere, for good; only that there was somebody is kept, and counts."""
    from rally_desktop.engine import erasing
    from rally_desktop.services import privacy

    with opened(database) as store:
        ref = store.read(_found, who)
        found = store.read(privacy.held, ref)
        if not name:
            typer.echo(privacy.told(found), err=True)
            name = typer.prompt("Type the name to erase this person for good", err=True)
        if not privacy.is_called(found, name):
            raise Refused(f"The name is not ‘{found.name}’. Nobody was erased.")
        outcome = erasing.erase(store, ref)
    text = "The person is erased."
    if outcome.waits:
        text = (
            "A server is taking a message over at this moment; the engine erases the rest as soon "
            "as that is settled."
        )
    elif not outcome.wiped:
        text += (
            " The database could not be written anew, so old bytes may be left in its file: close "
            "other programs that use it and run: rally-desktop db wipe"
        )
    facts = {"waits": outcome.waits, "wiped": outcome.wiped, "changed": outcome.changed}
    answer(facts, as_json, text)


@verb
def person_allow(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="An e-mail or a number.")],
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Let somebody who was erased and came back be imported and written to again."""
    from rally_desktop.services import forgotten

    with opened(database) as store:
        channel = "email" if "@" in address else "sms"
        store.write(forgotten.let_back, channel, address)
    answer({"address": address}, as_json, f"{address} can be imported and written to again.")


@verb
def db_wipe(database: Database = "", as_json: AsJson = False) -> None:
    """Write the database anew, so that nothing of what was deleted is left in its files."""
    from rally_desktop.model.wiping import wipe

    with opened(database) as store:
        done = store.alone(wipe)
    if not done:
        raise Refused("The database is in use, or the disk is full. Close other programs first.")
    answer({"wiped": True}, as_json, "Nothing of what was deleted is left in the files.")


def _found(work: Work, who: str) -> Ref:
    from rally_desktop.model.ref import Ref
    from rally_desktop.services import contacts

    if who.isdecimal():
        return Ref("contact", int(who))
    ref = contacts.with_email(work, who)
    if ref is None:
        raise NotFound(f"Nobody has the address {who}. Look in the trash, or give the number.")
    return ref
