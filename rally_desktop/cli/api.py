"""``rally-desktop api``: the keys by which programs outside enrol people in sequences."""

from __future__ import annotations

from typing import Annotated

import typer

from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, verb


@verb
def api_keys(database: Database = "", as_json: AsJson = False) -> None:
    """List the API keys: what each may, when it was used last, whether it was revoked."""
    from rally_desktop.services import api_keys as keys

    with opened(database) as store:
        listed = store.read(keys.listed)
    facts = [
        {"id": one.id, "name": one.name, "begins": one.begins, "may_add_contacts": one.adds,
         "made": one.created_at.isoformat(), "revoked": one.revoked_at is not None,
         "used": one.used_at.isoformat() if one.used_at else None}
        for one in listed
    ]  # fmt: skip
    lines = [
        f"{one.id:4}  {one.begins}  {'revoked' if one.revoked_at else 'in force':9} {one.name}"
        + (", may add contacts" if one.adds else "")
        + (f", used {one.used_at:%Y-%m-%d %H:%M} UTC" if one.used_at else ", never used")
        for one in listed
    ]
    answer(facts, as_json, "\n".join(lines) or "There are no API keys yet.")


@verb
def api_make(
    name: Annotated[str, typer.Argument(help="Which program it is for.")],
    add_contacts: Annotated[
        bool, typer.Option("--add-contacts", help="It may add contacts that are not there yet.")
    ] = False,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Make an API key and show it, this once."""
    from rally_desktop.services import api_keys as keys

    with opened(database) as store:
        key = store.write(keys.make, name, adds=add_contacts)
    answer({"key": key}, as_json, key)


@verb
def api_revoke(
    number: Annotated[int, typer.Argument(metavar="ID", help="Its number in the list.")],
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Let an API key open nothing any more, at once and for good."""
    from rally_desktop.services import api_keys as keys

    with opened(database) as store:
        store.write(keys.revoke, number)
    answer({"id": number, "revoked": True}, as_json, f"Key {number} is revoked.")
