"""Keeping pipelines and their stages: added, renamed, ordered, coloured, taken away.

Deals say pipeline and stage by name: they follow a new name at once, without a line on their
timelines. A stage goes only when its deals have somewhere to go.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update

from rally_desktop.core.errors import Refused
from rally_desktop.model.changes import RowAdded, RowChanged, RowRemoved
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import deal, pipeline, stage
from rally_desktop.model.work import Work
from rally_desktop.services import audit, deals, in_order

OUTCOMES: Mapping[str, str] = {"open": "Open", "won": "Won", "lost": "Lost"}
BEGIN = (("New", 10, "open"), ("Won", 100, "won"), ("Lost", 0, "lost"))


@dataclass(frozen=True)
class Pipeline:
    """One pipeline; ``deals`` is how many are in it, the trash left out."""

    id: int
    name: str
    deals: int


@dataclass(frozen=True)
class Step:
    """One stage of a pipeline with how many deals stand there; ``shared`` where another has it."""

    id: int
    name: str
    probability: int
    outcome: str
    colour: str
    deals: int
    shared: bool


@dataclass(frozen=True)
class Gone:
    """What brings a stage back: its row, the deals that were moved, and where to."""

    row: Mapping[str, Any]
    into: str
    numbers: array[int]


def listed(work: Work) -> list[Pipeline]:
    """Return the pipelines in their order."""
    own = deal.c
    query = select(own.pipeline, func.count()).where(own.deleted_at.is_(None))
    held = dict(work.connection.execute(query.group_by(own.pipeline)).all())
    rows = in_order.listed(work, "pipeline")
    return [Pipeline(row.id, row.name, held.get(row.name, 0)) for row in rows]


def steps(work: Work, number: int) -> list[Step]:
    """Return the stages of a pipeline in their order."""
    found, own = one(work, number), deal.c
    query = select(own.stage, func.count()).where(
        own.pipeline == found.name, own.deleted_at.is_(None)
    )
    held = dict(work.connection.execute(query.group_by(own.stage)).all())
    others = select(stage.c.name).where(stage.c.pipeline_id != number)
    shared = set(work.connection.execute(others).scalars())
    return [
        Step(
            row.id, row.name, row.probability, row.outcome, row.colour,
            held.get(row.name, 0), row.name in shared,
        )
        for row in _stages(work, number)
    ]  # fmt: skip


def add(work: Work, name: str) -> int:
    """Add a pipeline with the stages that one begins with."""
    held = in_order.listed(work, "pipeline")
    given = in_order.free(name, "pipeline", (row.name for row in held))
    return deals.add_pipeline(work, given, BEGIN)


def rename(work: Work, number: int, name: str) -> int:
    """Call a pipeline otherwise, on its deals too; return on how many."""
    found = one(work, number)
    held = in_order.listed(work, "pipeline", pipeline.c.id != number)
    given = in_order.free(name, "pipeline", (row.name for row in held))
    work.change(RowChanged("pipeline", number, {"name": given}))
    work.touched.add("deal")
    put = update(deal).where(deal.c.pipeline == found.name).values(pipeline=given)
    return work.connection.execute(put).rowcount


def move(work: Work, number: int, place: int) -> None:
    """Put a pipeline at another place; new deals begin in the first."""
    in_order.move(work, "pipeline", [row.id for row in listed(work)], number, place)


def remove(work: Work, number: int) -> list[dict[str, Any]]:
    """Take away a pipeline without deals; return what brings it back."""
    found = one(work, number)
    if len(in_order.listed(work, "pipeline")) == 1:
        raise Refused("The office needs one pipeline. Add another one first.")
    query = select(func.count()).where(deal.c.pipeline == found.name)
    if count := work.connection.execute(query).scalar_one():
        raise Refused(
            f"‘{found.name}’ has {count:,} deals, those in the trash included. Move them to "
            "another pipeline first."
        )
    gone = [_plain(pipeline, found)]
    for row in _stages(work, number):
        gone.append(_plain(stage, row))
        work.change(RowRemoved("stage", row.id))
    # The stages go first: they refer to it.
    work.change(RowRemoved("pipeline", number))
    return gone


def restore(work: Work, gone: Sequence[Mapping[str, Any]]) -> None:
    """Bring a pipeline back with its stages."""
    first, *rest = gone
    work.change(RowAdded("pipeline", first))
    for row in rest:
        work.change(RowAdded("stage", row))


# -- stages ------------------------------------------------------------------------------------


def add_stage(work: Work, number: int, name: str) -> int:
    """Add a stage before those that end a deal."""
    rows = _stages(work, one(work, number).id)
    given = in_order.free(name, "stage", (row.name for row in rows))
    place = next((at for at, row in enumerate(rows) if row.outcome != "open"), len(rows))
    before = rows[place - 1].probability if place else 0
    made = work.new_id("stage")
    row = {"id": made, "pipeline_id": number, "name": given, "position": place, "colour": ""}
    work.change(RowAdded("stage", {**row, "probability": before, "outcome": "open"}))
    in_order.move(work, "stage", [row.id for row in rows], made, place)
    return made


def rename_stage(work: Work, number: int, name: str) -> int:
    """Call a stage otherwise, on its deals too; return on how many."""
    found = stage_row(work, number)
    rows = _stages(work, found.pipeline_id)
    given = in_order.free(name, "stage", (row.name for row in rows if row.id != number))
    work.change(RowChanged("stage", number, {"name": given}))
    return _say(work, found, given)


def _say(work: Work, found: Any, new: str) -> int:
    """Let all deals of a stage, those in the trash too, say another one."""
    work.touched.add("deal")
    here = (deal.c.pipeline == one(work, found.pipeline_id).name) & (deal.c.stage == found.name)
    return work.connection.execute(update(deal).where(here).values(stage=new)).rowcount


def move_stage(work: Work, number: int, place: int) -> None:
    """Put a stage at another place of its pipeline."""
    rows = _stages(work, stage_row(work, number).pipeline_id)
    in_order.move(work, "stage", [row.id for row in rows], number, place)


def set_stage(work: Work, number: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Set a stage's probability, outcome or colour; return what these were."""
    found = stage_row(work, number)
    odds = values.get("probability", found.probability)
    outcome = values.get("outcome", found.outcome)
    if not 0 <= odds <= 100 or outcome not in OUTCOMES:
        raise Refused("The probability is between 0 and 100 %.")
    if outcome != found.outcome:
        odds = {"won": 100, "lost": 0}.get(outcome, odds)
        _keep_open(work, found)
    if "colour" in values:
        in_order.colour(work, "stage", number, values["colour"])
    work.change(RowChanged("stage", number, {"probability": odds, "outcome": outcome}))
    moved = {*values, "probability"} if outcome != found.outcome else set(values)
    return {name: getattr(found, name) for name in moved}


def remove_stage(work: Work, number: int, into: int) -> Gone:
    """Take a stage away and move its deals to another one, as a deal moves."""
    found, other = stage_row(work, number), stage_row(work, into)
    if number == into or found.pipeline_id != other.pipeline_id:
        raise Refused("Choose another stage of the same pipeline.")
    _keep_open(work, found)
    name = one(work, found.pipeline_id).name
    there = select(deal.c.id).where(deal.c.pipeline == name, deal.c.stage == found.name)
    numbers = array("q", work.connection.execute(there.order_by(deal.c.id)).scalars())
    for key in work.records("deal", numbers):
        deals.move(work, Ref("deal", key), other.name)
    _say(work, found, other.name)  # those in the trash
    work.change(RowRemoved("stage", number))
    return Gone(_plain(stage, found), other.name, numbers)


def restore_stage(work: Work, gone: Gone) -> None:
    """Bring a stage back with the deals that stand where they were moved to."""
    name = one(work, gone.row["pipeline_id"]).name
    work.connection.execute(stage.insert().values(**gone.row))
    work.touched.add("stage")
    audit.say(work, "office_restored", "stage", gone.row["id"], name=gone.row["name"])
    for key, found in work.records("deal", gone.numbers).items():
        if (found["pipeline"], found["stage"]) == (name, gone.into):
            deals.move(work, Ref("deal", key), gone.row["name"])


def _keep_open(work: Work, found: Any) -> None:
    """Refuse to take the last stage from a pipeline in which a deal is open."""
    rows = _stages(work, found.pipeline_id)
    if found.outcome == "open" and sum(row.outcome == "open" for row in rows) == 1:
        raise Refused("A pipeline needs one open stage: that is where its deals begin.")


def one(work: Work, number: int) -> Any:
    """Return the row of a pipeline; raise NotFound."""
    return in_order.one(work, "pipeline", number, "pipeline")


def stage_row(work: Work, number: int) -> Any:
    """Return the row of a stage; raise NotFound."""
    return in_order.one(work, "stage", number, "stage")


def is_shared(work: Work, number: int) -> bool:
    """Say whether another pipeline has a stage of the same name."""
    found = stage_row(work, number)
    here = (stage.c.name == found.name) & (stage.c.id != number)
    return work.connection.execute(select(stage.c.id).where(here).limit(1)).first() is not None


def _stages(work: Work, number: int) -> Sequence[Any]:
    return in_order.listed(work, "stage", stage.c.pipeline_id == number)


def _plain(table: Any, row: Any) -> dict[str, Any]:
    return {each.name: getattr(row, each.name) for each in table.c}
