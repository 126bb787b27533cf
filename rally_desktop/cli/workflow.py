"""``rally-desktop workflow``: what one does with workflows, from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, verb

if TYPE_CHECKING:
    from rally_desktop.engine.enrol_preview import Preview
    from rally_desktop.engine.problems import Problem

Number = Annotated[int, typer.Argument(metavar="ID", help="Its number in the list.")]


@verb
def workflow_list(database: Database = "", as_json: AsJson = False) -> None:
    """List the workflows, their state and how many are inside."""
    from rally_desktop.services import workflows

    with opened(database) as store:
        rows = store.read(workflows.listed)
    lines = [
        f"{row.id:4}  {row.state:10} {row.open_runs:6} inside  {row.name}"
        + (f"  ({row.why})" if row.why else "")
        for row in rows
    ]
    facts = [
        {"id": row.id, "name": row.name, "purpose": row.purpose, "record": row.record,
         "state": row.state, "why": row.why, "steps": row.steps, "inside": row.open_runs}
        for row in rows
    ]  # fmt: skip
    answer(facts, as_json, "\n".join(lines) or "There are no workflows yet.")


@verb
def workflow_show(number: Number, database: Database = "", as_json: AsJson = False) -> None:
    """Read a whole workflow back in plain English: who enters, each step, what stops it."""
    from rally_desktop.engine.reading import read_back
    from rally_desktop.engine.runfields import run_fields
    from rally_desktop.services import workflows

    with opened(database) as store:
        draft = store.read(workflows.draft, number)
        fields = store.read(run_fields, draft.graph.record)
        standing = store.read(workflows.inside, number)
    text = read_back(draft.graph, fields)
    lines = [f"Workflow {number}, {draft.state}{f': {draft.why}' if draft.why else ''}", text]
    if standing:
        lines += ["", "Inside:"]
        lines += [f"  {one.count:6} {one.state:15} {one.title or one.step}" for one in standing]
    facts = {
        "id": number, "state": draft.state, "why": draft.why, "published": draft.published_number,
        "text": text, "definition": draft.graph.dump(),
    }  # fmt: skip
    answer(facts, as_json, "\n".join(lines))


@verb
def workflow_check(number: Number, database: Database = "", as_json: AsJson = False) -> None:
    """Say what is wrong with a workflow's draft; exit with 1 where it cannot be published."""
    from rally_desktop.engine import publishing
    from rally_desktop.services import workflows

    with opened(database) as store:
        found = store.read(publishing.problems_of, store.read(workflows.draft, number).graph)
    answer(problem_facts(found), as_json, "\n".join(problem_lines(found)) or "Nothing is wrong.")
    if any(one.severity == "error" for one in found):
        raise typer.Exit(1)


@verb
def workflow_unpublish(
    number: Number,
    inside: Annotated[
        Literal["hold", "finish", "stop"],
        typer.Option(help="Who is inside: is held there, goes on to the end, stops."),
    ] = "hold",
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Enrol nobody any more."""
    from rally_desktop.engine import publishing

    with opened(database) as store:
        within = store.write(publishing.unpublish, number, inside)
    become = {"hold": "held where they are", "finish": "going on to the end", "stop": "stopped"}
    text = f"Workflow {number} enrols nobody any more; {within} inside: {become[inside]}."
    answer({"id": number, "inside": within, "done": inside}, as_json, text)


@verb
def workflow_pause(
    number: Number,
    why: Annotated[str, typer.Option(help="What the others see as the reason.")] = "",
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Let nobody enter a workflow or move in it, and none of its messages out, for now."""
    from rally_desktop.core.errors import Refused
    from rally_desktop.services import workflows

    with opened(database) as store:
        store.write(workflows.pause, number, why or "Somebody paused it.")
        if store.read(workflows.states, [number])[number] != "paused":
            raise Refused("It is not published, so nothing moves in it anyway.")
    answer({"id": number, "state": "paused"}, as_json, f"Workflow {number} is paused.")


@verb
def workflow_resume(number: Number, database: Database = "", as_json: AsJson = False) -> None:
    """Let a workflow that was paused go on; its failures are forgotten."""
    from rally_desktop.services import workflows

    with opened(database) as store:
        store.write(workflows.resume, number)
        state = store.read(workflows.states, [number])[number]
    answer({"id": number, "state": state}, as_json, f"Workflow {number} goes on.")


@verb
def workflow_enrol(
    number: Number,
    contact: Annotated[
        list[int] | None, typer.Option("--contact", metavar="ID", help="One record; repeatable.")
    ] = None,
    filter_: Annotated[
        str, typer.Option("--filter", metavar="JSON", help="All records that match a filter.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Enrol records by hand; how many, and how many messages that means, is said first."""
    from rally_desktop.engine import by_hand
    from rally_desktop.engine.enrol_preview import Preview, look
    from rally_desktop.model.ref import Ref
    from rally_desktop.services import workflows

    if not contact and not filter_:
        raise typer.BadParameter("say whom: --contact or --filter")
    with opened(database) as store:
        record = store.read(workflows.draft, number).graph.record
        if contact:
            refs = [Ref(record, one) for one in contact]
        else:
            refs = store.read(_matching, record, filter_)
        found = Preview(len(refs))
        look(store, number, record, [ref.id for ref in refs], found, lambda: False)
        entering = len(found.entering)
        _agree(found, yes or as_json)
        put = store.write(by_hand.enrol, number, refs) if entering else 0
    refused = {reason: len(numbers) for reason, numbers in found.left_out.items()}
    facts = {"enrolled": put, "entering": entering, "refused": refused,
             "messages": found.emails + found.texts}  # fmt: skip
    said = [f"{entering} enter at the engine's next beat.", *(_foreseen(found) if yes else [])]
    answer(facts, as_json, "\n".join(said))


@verb
def workflow_schema() -> None:
    """Print the JSON Schema of workflow files, for whoever writes them by program."""
    import msgspec

    from rally_desktop.engine import document

    typer.echo(msgspec.json.format(msgspec.json.encode(document.schema()), indent=2).decode())


def _matching(work: Any, record: Any, stored: str) -> list[Any]:
    import msgspec

    from rally_desktop.core.errors import BadFilter
    from rally_desktop.model.ref import Ref
    from rally_desktop.services import grid

    try:
        tree = msgspec.json.decode(stored)
    except msgspec.DecodeError as error:
        raise BadFilter(f"The filter is not JSON: {error}.") from error
    return [Ref(record, number) for number in grid.ids(work, record, grid.Query(filter=tree))]


def _agree(found: Preview, silently: bool) -> None:
    """Say what enrolling means, and ask whether to go on."""
    if silently:
        return
    typer.echo(f"{len(found.entering)} would enter.")
    for line in _foreseen(found):
        typer.echo(line)
    if found.entering:
        typer.confirm("Enrol them?", abort=True)


def _foreseen(found: Preview) -> list[str]:
    """Say who does not enter and why, who gets no message, and what goes out when."""
    from rally_desktop.engine.enrol_words import says
    from rally_desktop.engine.reasons import sentence

    names = {"email": "e-mail", "sms": "SMS"}
    left_out = [f"  {len(some)} not: {sentence(why)}" for why, some in found.left_out.items()]
    silent = [
        f"  {len(some)} get no {names[channel]}: {sentence(why)}"
        for (channel, why), some in found.unwritten.items()
    ]
    return [*left_out, *silent, *says(found)]


def problem_lines(found: list[Problem]) -> list[str]:
    """Return problems as lines: how bad, where, what, and how to put it right."""
    return [
        f"{one.severity}: {one.step or 'workflow'}: {one.text}"
        + (f"  [{one.fix.label}]" if one.fix else "")
        for one in found
    ]


def problem_facts(found: list[Problem]) -> list[dict[str, str]]:
    """Return problems as plain data."""
    return [
        {"severity": one.severity, "where": one.step or "", "text": one.text,
         "fix": one.fix.label if one.fix else ""}
        for one in found
    ]  # fmt: skip
