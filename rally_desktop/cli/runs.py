"""``rally-desktop runs``: look at runs, and take one or a selection of them in hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, verb

if TYPE_CHECKING:
    from rally_desktop.engine.control import Tally
    from rally_desktop.model.work import Work
    from rally_desktop.services.runs import RunRow, StepName, Visit

Ids = Annotated[list[int] | None, typer.Argument(metavar="[ID]...", help="The runs.")]
OfWorkflow = Annotated[int | None, typer.Option("--workflow", metavar="ID", help="Of a workflow.")]
InState = Annotated[list[str] | None, typer.Option("--state", help="In this state; repeatable.")]
Called = Annotated[str, typer.Option("--text", help="Of records whose name contains this.")]


@verb
def runs_list(
    workflow: OfWorkflow = None,
    state: InState = None,
    text: Called = "",
    limit: Annotated[int, typer.Option(help="At most so many.", min=1)] = 50,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """List the newest runs, of one workflow, in one state or of some people."""
    from rally_desktop.services import runs

    with opened(database) as store:
        page = store.read(
            runs.listed, states=_states(state), workflow_id=workflow, text=text, limit=limit
        )
    lines = [_line(row) for row in page.rows]
    if page.count > len(page.rows):
        lines.append(f"… {page.count - len(page.rows):,} more")
    facts = {"count": page.count, "runs": [_facts(row) for row in page.rows]}
    answer(facts, as_json, "\n".join(lines) or "There are no such runs.")


@verb
def runs_show(
    number: Annotated[int, typer.Argument(metavar="ID")],
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Show one run with all its visits."""
    from rally_desktop.services import runs

    with opened(database) as store:
        row, visits = store.read(runs.one, number)
    lines = [_line(row), *(f"  {line}" for visit in visits for line in _visit(visit))]
    facts = {**_facts(row), "visits": [_visit_facts(visit) for visit in visits]}
    answer(facts, as_json, "\n".join(lines))


def _of_a_selection(name: str, done: str, help_: str) -> Callable[..., None]:
    """Make a verb that does one thing, which needs no more to be said, to a selection of runs."""

    def do(
        ids: Ids = None,
        workflow: OfWorkflow = None,
        state: InState = None,
        text: Called = "",
        database: Database = "",
        as_json: AsJson = False,
    ) -> None:
        _do(name, done, (ids, workflow, state, text), database, as_json)

    do.__name__, do.__doc__ = f"runs_{name}", help_
    return verb(do)


runs_retry = _of_a_selection("retry", "tried again", "Do the step again at which runs failed.")
runs_stop = _of_a_selection(
    "stop", "stopped", "End runs where they stand, and do the Stop Actions."
)
runs_resume = _of_a_selection("resume", "resumed", "Let paused runs go on.")
runs_skip = _of_a_selection("skip", "sent past a step", "Pass over the step at which runs stand.")
runs_approve = _of_a_selection("approve", "approved", "Let runs begin that wait for a review.")
runs_reject = _of_a_selection("reject", "rejected", "End runs that wait for a review.")


@verb
def runs_pause(
    ids: Ids = None,
    workflow: OfWorkflow = None,
    state: InState = None,
    text: Called = "",
    until: Annotated[
        datetime | None, typer.Option(help="Until when, local time; else until resumed.")
    ] = None,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Let runs rest where they stand, for 30 days at most."""
    moment = until and until.astimezone(UTC)
    _do("pause", "paused", (ids, workflow, state, text), database, as_json, moment)


@verb
def runs_jump(
    step: Annotated[str, typer.Argument(metavar="STEP", help="The id of a step.")],
    ids: Ids = None,
    workflow: OfWorkflow = None,
    state: InState = None,
    text: Called = "",
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Send runs on to another step of their version."""
    _do("jump", "sent to a step", (ids, workflow, state, text), database, as_json, step)


@verb
def runs_release(
    ids: Ids = None,
    workflow: OfWorkflow = None,
    state: InState = None,
    text: Called = "",
    skip: Annotated[bool, typer.Option("--skip", help="Pass over the step instead.")] = False,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Do what is late, or is held for another reason, now."""
    what = (ids, workflow, state, text)
    _do("release", "released", what, database, as_json, **({"skip": True} if skip else {}))


@verb
def runs_why(
    activity: Annotated[
        int | None, typer.Argument(metavar="[LINE]", help="A line of a timeline.")
    ] = None,
    contact: Annotated[
        int | None, typer.Option(metavar="ID", help="Why this contact did not enter.")
    ] = None,
    workflow: OfWorkflow = None,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Say why a line is on a timeline, or why a contact did not enter a workflow."""
    if (activity is None) == (contact is None):
        raise typer.BadParameter("write the number of a line, or --contact with a number")
    if activity is not None:
        _why(activity, database, as_json)
    elif contact is not None:
        _why_not(contact, workflow, database, as_json)


def _why(activity: int, database: str, as_json: bool) -> None:
    from rally_desktop.services import verdicts

    with opened(database) as store:
        found = store.read(verdicts.why, activity)
    lines = [found.line.text]
    facts: dict[str, Any] = {"line": found.line.text, "by": found.line.by}
    if found.run is None:
        lines.append(f"  by {found.line.by or 'nobody known'}; no workflow caused it")
    else:
        lines.append(f"  by ‘{found.run.workflow}’, version {found.run.version}")
        lines.append(f"  because of: {found.cause or 'unknown'}")
        facts |= {"run": _facts(found.run), "cause": found.cause}
    if found.visit is not None:
        lines += [f"  {line}" for line in _visit(found.visit)]
        facts["visit"] = _visit_facts(found.visit)
    if found.approved_by:
        lines.append(f"  approved by {found.approved_by}")
        facts["approved_by"] = found.approved_by
    answer(facts, as_json, "\n".join(lines))


def _why_not(contact: int, workflow: int | None, database: str, as_json: bool) -> None:
    from rally_desktop.engine.reasons import sentence
    from rally_desktop.model.ref import Ref
    from rally_desktop.services import verdicts

    with opened(database) as store:
        found = store.read(verdicts.about, Ref("contact", contact), workflow)
    lines = [
        f"{one.at.astimezone():%Y-%m-%d %H:%M}  ‘{one.workflow}’: {sentence(one.reason)}"
        + (f" ({one.cause})" if one.cause else "")
        for one in found
    ]
    facts = [
        {"at": one.at, "workflow": one.workflow_id, "reason": one.reason,
         "says": sentence(one.reason), "cause": one.cause}
        for one in found
    ]  # fmt: skip
    answer(facts, as_json, "\n".join(lines) or "No workflow has refused this contact.")


# -- taking runs in hand -------------------------------------------------------------------

Selection = tuple[list[int] | None, int | None, list[str] | None, str]


def _do(
    name: str,
    done: str,
    which: Selection,
    database: str,
    as_json: bool,
    *args: Any,
    **options: Any,
) -> None:
    """Do something to runs, a few at a time, so that neither engine nor screen waits long."""
    from rally_desktop.engine import control

    does: Callable[..., Tally] = getattr(control, name)
    given = [value for value in args if value is not None]
    tally = control.Tally()
    with opened(database) as store:
        ids = store.read(_chosen, *which, control.ALLOWED[name])
        for start in range(0, len(ids), control.BATCH):
            some = ids[start : start + control.BATCH]
            tally += store.write(does, some, *given, **options)
    answer({"done": tally.done, "left": dict(tally.left)}, as_json, tally.says(done))


def _chosen(
    work: Work,
    ids: list[int] | None,
    workflow: int | None,
    state: list[str] | None,
    text: str,
    allowed: Iterable[str],
) -> list[int]:
    """Return the runs meant; a selection without states means those to which it can be done."""
    from rally_desktop.services import runs

    if ids:
        return ids
    if workflow is None and not state and not text:
        raise typer.BadParameter("say which runs: their numbers, or --workflow, --state, --text")
    states = _states(state) or tuple(allowed)
    return runs.numbers(work, states=states, workflow_id=workflow, text=text)


def _states(given: list[str] | None) -> tuple[str, ...]:
    from rally_desktop.services.runs import STATES

    for state in given or ():
        if state not in STATES:
            raise typer.BadParameter(f"‘{state}’ is no state; the states are {', '.join(STATES)}")
    return tuple(given or ())


# -- in words ------------------------------------------------------------------------------


def _called(step: StepName) -> str:
    """Return what a person calls a step: its own title, or that of its kind."""
    from rally_desktop.engine.nodes import step_kinds

    kind = step_kinds().get(step.kind)
    return step.title or (kind.title if kind else step.kind)


def _line(row: RunRow) -> str:
    from rally_desktop.engine.reasons import sentence

    where = f" at {_called(row.step)}" if row.step else ""
    why = f" – {sentence(row.reason)}" if row.reason else ""
    return f"{row.id:6}  {row.state:15} {row.record}, ‘{row.workflow}’ v{row.version}{where}{why}"


def _visit(visit: Visit) -> Iterator[str]:
    from rally_desktop.engine.reasons import sentence

    name = _called(visit.step)
    yield f"{visit.at.astimezone():%Y-%m-%d %H:%M}  {name}: {visit.outcome}. {visit.summary}"
    if visit.reason:
        yield f"                  {sentence(visit.reason)}"


def _facts(row: RunRow) -> dict[str, Any]:
    return {
        "id": row.id, "record": {"kind": row.ref.kind, "id": row.ref.id, "name": row.record},
        "workflow": {"id": row.workflow_id, "name": row.workflow, "version": row.version},
        "state": row.state, "step": row.step and row.step.kind, "reason": row.reason,
        "started_at": row.started_at, "ended_at": row.ended_at, "due_at": row.due_at,
    }  # fmt: skip


def _visit_facts(visit: Visit) -> dict[str, Any]:
    return {
        "seq": visit.seq, "at": visit.at, "step": visit.step.kind, "title": visit.step.title,
        "outcome": visit.outcome, "exit": visit.exit, "reason": visit.reason,
        "summary": visit.summary, "until": visit.until, "detail": dict(visit.detail),
    }  # fmt: skip
