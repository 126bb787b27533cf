"""``rally-desktop tasks``: what is to be done, and the questions that runs wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, verb

if TYPE_CHECKING:
    from rally_desktop.model.work import Work
    from rally_desktop.services.tasks import Task


@verb
def tasks_list(
    user: Annotated[str, typer.Option(metavar="NAME", help="Of this user, or e-mail.")] = "",
    run: Annotated[int | None, typer.Option(metavar="ID", help="That this run waits for.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Also those that are done.")] = False,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1)] = 50,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """List what is to be done, the most urgent first, with the questions of runs."""
    with opened(database) as store:
        found = store.read(_found, user, run, every, limit)
    lines = [line for one in found for line in _lines(one)]
    answer([_facts(one) for one in found], as_json, "\n".join(lines) or "There is nothing to do.")


@verb
def tasks_complete(
    number: Annotated[int, typer.Argument(metavar="ID", help="As in: tasks list.")],
    decision: Annotated[
        Literal["approved", "rejected"] | None,
        typer.Option("--answer", help="What was decided, where the task asks for that."),
    ] = None,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Say that a task is done, or what was decided; a run that waits for it goes on."""
    from rally_desktop.services import tasks

    with opened(database) as store:
        done = store.write(tasks.complete, number, decision or "")
    text = f"Task {number} is {decision or 'done'}." if done else f"Task {number} was done before."
    answer({"id": number, "answer": decision or "", "changed": done}, as_json, text)


def _found(work: Work, user: str, run: int | None, every: bool, limit: int) -> tuple[Task, ...]:
    from rally_desktop.services import tasks, users

    whose = users.named(work, user).id if user else None
    return tasks.listed(work, run_id=run, assignee_id=whose, done=every, limit=limit)


def _lines(one: Task) -> list[str]:
    due = f"{one.due_at.astimezone():%Y-%m-%d %H:%M}" if one.due_at else "no date"
    whose = f", for {one.assignee}" if one.assignee else ""
    run = f", run {one.run_id} waits" if one.run_id and not one.done_at else ""
    done = f" – {one.answer or 'done'}" if one.done_at else ""
    lines = [f"{one.id:6}  {due:16}  {one.type}: {one.title} ({one.record}{whose}{run}){done}"]
    if one.asks and not one.done_at:
        lines.append(f"        tasks complete {one.id} --answer approved, or --answer rejected")
    return lines


def _facts(one: Task) -> dict[str, Any]:
    return {
        "id": one.id, "type": one.type, "title": one.title, "description": one.description,
        "record": {"kind": one.ref.kind, "id": one.ref.id, "name": one.record},
        "assignee": one.assignee, "priority": one.priority, "due_at": one.due_at,
        "done_at": one.done_at, "asks": one.asks, "answer": one.answer, "run": one.run_id,
    }  # fmt: skip
