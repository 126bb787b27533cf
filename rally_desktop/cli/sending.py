"""``rally-desktop sending``: the red button, and a word for what waits for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, verb

if TYPE_CHECKING:
    from rally_desktop.model.work import Work

Number = Annotated[int, typer.Argument(metavar="WORKFLOW", help="As in: sending status.")]


@verb
def sending_stop(database: Database = "", as_json: AsJson = False) -> None:
    """Stop all sending, on every computer of the office, within a second."""
    _press(database, as_json, stopped=True)


@verb
def sending_resume(database: Database = "", as_json: AsJson = False) -> None:
    """Let messages go out again."""
    _press(database, as_json, stopped=False)


@verb
def sending_status(database: Database = "", as_json: AsJson = False) -> None:
    """Say whether messages go out, how many wait, and what workflows ask before they go on."""
    with opened(database) as store:
        facts = store.read(_facts)
    _tell(facts, as_json)


@verb
def sending_confirm(number: Number, database: Database = "", as_json: AsJson = False) -> None:
    """Say that a workflow's first messages are well, so that the others go out."""
    from rally_desktop.services import safeguards

    with opened(database) as store:
        count = store.write(safeguards.confirm, number)
    answer({"id": number, "runs": count}, as_json, f"{_many(count)} no more.")


@verb
def sending_let_in(number: Number, database: Database = "", as_json: AsJson = False) -> None:
    """Let those into a workflow who were too many at once."""
    from rally_desktop.services import safeguards

    with opened(database) as store:
        count = store.write(safeguards.release, number)
    answer({"id": number, "enrolments": count}, as_json, f"{count} enter now.")


@verb
def sending_turn_away(number: Number, database: Database = "", as_json: AsJson = False) -> None:
    """Let none of those into a workflow who were too many at once."""
    from rally_desktop.services import safeguards

    with opened(database) as store:
        count = store.write(safeguards.turn_away, number)
    answer({"id": number, "enrolments": count}, as_json, f"{count} do not enter.")


def _press(database: str, as_json: bool, *, stopped: bool) -> None:
    from rally_desktop.services import safeguards

    with opened(database) as store:
        store.write(safeguards.stop_sending, stopped=stopped)
        facts = store.read(_facts)
    _tell(facts, as_json)


def _facts(work: Work) -> dict[str, Any]:
    from rally_desktop.services import outbox, safeguards

    asked = [
        {
            "id": one.workflow_id,
            "workflow": one.workflow,
            "to_enter": one.enrolments,
            "to_be_written_to": one.messages,
        }
        for one in safeguards.questions(work)
    ]
    stopped = safeguards.sending_stopped(work)
    return {"stopped": stopped, "waiting": outbox.waiting(work), "asked": asked}


def _tell(facts: dict[str, Any], as_json: bool) -> None:
    state = "All sending is stopped." if facts["stopped"] else "Messages go out."
    lines = [f"{state} {_many(facts['waiting'])} in the outbox."]
    lines += [
        f"{one['id']:6}  ‘{one['workflow']}’ asks before it goes on: {one['to_enter']} people "
        f"would enter, {one['to_be_written_to']} would be written to."
        for one in facts["asked"]
    ]
    answer(facts, as_json, "\n".join(lines))


def _many(count: int) -> str:
    return "1 message waits" if count == 1 else f"{count} messages wait"
