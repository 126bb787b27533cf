"""``rally-desktop workflow picture``: a workflow as it stands on the canvas, in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, doors, verb

KINDS = ("png", "svg", "pdf")


@verb
def workflow_picture(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", help="Its number in the list.")],
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Ends in .png, .svg or .pdf, which says what.")
    ],
    published: Annotated[
        bool, typer.Option("--published", help="What is published, not the draft.")
    ] = False,
    paper: Annotated[
        Literal["", "A4", "A3", "Letter", "Legal"],
        typer.Option(help="A PDF on pages of that size; else on one as large as it takes."),
    ] = "",
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Draw a workflow into a file: PNG, SVG or PDF, in light, with its name and the day."""
    from rally_desktop.core.errors import Refused
    from rally_desktop.engine.runfields import run_fields
    from rally_desktop.outside.files.whole import write_whole
    from rally_desktop.services import workflows

    kind = file.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise typer.BadParameter("the file's name must end in .png, .svg or .pdf")
    if paper and kind != "pdf":
        raise typer.BadParameter("only a PDF is put on paper: end the file's name in .pdf")
    with opened(database) as store:
        draft = store.read(workflows.draft, number)
        graph = draft.published if published else draft.graph
        if graph is None:
            raise Refused("It is not published. Leave --published away to draw the draft.")
        fields = store.read(run_fields, graph.record)
        day = store.clock.now().astimezone().date()
    version = draft.published_number if graph == draft.published else None
    content, remark = doors(context).draw_workflow(graph, fields, version, day, kind, paper)
    write_whole(file, content)
    facts = {"id": number, "file": str(file), "version": version, "remark": remark}
    answer(facts, as_json, f"‘{graph.name}’ is in {file}. {remark}".strip())
