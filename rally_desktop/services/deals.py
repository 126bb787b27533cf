"""Everything one can do to a deal, and the pipelines that deals move through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from rally_desktop.core import texts
from rally_desktop.core.errors import Refused
from rally_desktop.model import tables
from rally_desktop.model.changes import RowAdded, StageMoved
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Work
from rally_desktop.services import records


@dataclass(frozen=True)
class Stage:
    """One stage of a pipeline; ``outcome`` is open, won or lost, ``probability`` in per cent.

    ``colour`` is a family of the tokens, or empty.
    """

    pipeline: str
    name: str
    probability: int
    outcome: str
    colour: str = ""


_COLOURS = {"won": "record", "lost": "bad"}  # until the office chooses others


def add_pipeline(work: Work, name: str, stages: Sequence[tuple[str, int, str]]) -> int:
    """Add a pipeline with its stages in order, each (name, probability in per cent, outcome)."""
    texts.require(200, name=name)
    number = work.new_id("pipeline")
    work.change(RowAdded("pipeline", {"id": number, "name": name, "position": number}))
    for position, (stage, probability, outcome) in enumerate(stages):
        row = {"pipeline_id": number, "name": stage, "position": position}
        key = {"id": work.new_id("stage"), "probability": probability, "outcome": outcome}
        key["colour"] = _COLOURS.get(outcome, "")
        work.change(RowAdded("stage", {**row, **key}))
    return number


def stages(work: Work, pipeline: str | None = None) -> list[Stage]:
    """Return the stages of one pipeline, or of all, in order."""
    lines, steps = tables.pipeline.c, tables.stage.c
    query = (
        select(lines.name, steps.name, steps.probability, steps.outcome, steps.colour)
        .join(tables.stage, steps.pipeline_id == lines.id)
        .order_by(lines.position, lines.id, steps.position, steps.id)
    )
    if pipeline is not None:
        query = query.where(lines.name == pipeline)
    return [Stage(*row) for row in work.connection.execute(query)]


def create(
    work: Work, values: Mapping[str, Any], tags: Iterable[str] = (), source: str = ""
) -> Ref:
    """Add a deal; pipeline and stage are the first ones where they are not said."""
    given = records.checked("deal", values)
    if not given.get("name"):
        raise Refused("A deal needs a name.")
    known = stages(work, given.get("pipeline") or None)
    if not known:
        raise Refused("There is no such pipeline. Add one under Settings first.")
    given["pipeline"] = given.get("pipeline") or known[0].pipeline
    given["stage"] = _known(known, given["pipeline"], given.get("stage") or known[0].name)
    return records.create(work, "deal", given, tags, source)


def update(work: Work, ref: Ref, values: Mapping[str, Any]) -> bool:
    """Set fields of a deal; its stage moves as a stage does."""
    given = records.checked("deal", values)
    if given.get("name") == "":
        raise Refused("A deal needs a name.")
    found = work.record(ref)
    stage = given.pop("stage", None) or found["stage"]
    pipeline = given.get("pipeline", found["pipeline"])
    if (pipeline, stage) != (found["pipeline"], found["stage"]):
        _known(stages(work, pipeline), pipeline, stage)
    changed = records.set_fields(work, ref, given)
    return (stage != found["stage"] and move(work, ref, stage)) or changed


def move(work: Work, ref: Ref, stage: str) -> bool:
    """Move a deal to a stage of its pipeline; say whether it was elsewhere before."""
    found = work.record(ref)
    new = _known(stages(work, found["pipeline"]), found["pipeline"], stage)
    if found["stage"] == new:
        return False
    work.change(StageMoved(ref, found["stage"], new, found["pipeline"]))
    return True


def open_of(work: Work, ref: Ref, pipeline: str = "") -> list[Ref]:
    """Return the deals of a contact or company that are neither won nor lost, the oldest first."""
    columns, link = tables.deal.c, f"{ref.kind}_id"
    query = select(columns.id).where(columns[link] == ref.id, columns.deleted_at.is_(None))
    made = [one.id for one in work.created if one.kind == "deal"]
    found = work.records("deal", [*work.connection.execute(query).scalars(), *made])
    ended = {(one.pipeline, one.name) for one in stages(work) if one.outcome != "open"}
    return [
        Ref("deal", number)
        for number, one in sorted(found.items())
        if one[link] == ref.id
        and pipeline in ("", one["pipeline"])
        and (one["pipeline"], one["stage"]) not in ended
    ]


def _known(known: Sequence[Stage], pipeline: str, name: str) -> str:
    for stage in known:
        if stage.pipeline == pipeline and stage.name == name:
            return name
    raise Refused(f"The pipeline ‘{pipeline}’ has no stage ‘{name}’.")
