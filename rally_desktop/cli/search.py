"""Verbs that look after the search."""

from __future__ import annotations

import typer

from rally_desktop.cli.data import existing
from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, verb


@verb
def search_rebuild(database: Database = "", as_json: AsJson = False) -> None:
    """Read everything into the search anew; Rally Desktop may be running."""
    from rally_desktop.services import search_care

    with opened(existing(database)) as store:

        def tell(done: int) -> None:
            if not as_json:
                typer.echo(f"\r{done:,} read in", nl=False, err=True)

        done = search_care.read_all(store, tell)
        if done and not as_json:
            typer.echo(err=True)
    answer({"read": done}, as_json, f"The search knows everything again ({done:,} read in).")


@verb
def search_find(text: str, database: Database = "", as_json: AsJson = False) -> None:
    """Find records, and what was written about them, by some letters of anything."""
    from rally_desktop.services import search

    with opened(existing(database)) as store:
        found = store.read(search.find, text, limit=20)
    facts = [
        {"kind": hit.kind, "record": str(hit.ref), "title": hit.title, "about": hit.about}
        for group in found.groups
        for hit in group.hits
    ]
    lines = []
    for group in found.groups:
        lines.append(f"{group.title} ({group.count_said})")
        lines += [f"  {hit.title}  {hit.about}".rstrip() for hit in group.hits]
    answer(facts, as_json, "\n".join(lines) or "Nothing is called that.")
