"""What a step of a sequence is called in its list, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from rally_desktop.canvas.faces import Face, Faces
from rally_desktop.core.days import local
from rally_desktop.core.errors import BadSettings
from rally_desktop.engine.nodes.flow.split import Split
from rally_desktop.engine.nodes.flow.wait import Wait
from rally_desktop.engine.sequence_days import Due
from rally_desktop.engine.sequence_plan import WAIT, Line, Row
from rally_desktop.model.graph import Graph, Step
from rally_desktop.ui.pages.sequence_tallies import Tallies
from rally_desktop.ui.widgets.sequence_step import StepLine

NAMES = {
    "send_email": "E-mail",
    "send_sms": "SMS",
    "call_step": "Call",
    "linkedin_step": "LinkedIn",
    "create_task": "Task",
    "split": "A/B split",
}
THREADS = {"new": "New e-mail", "reply": "Reply in the same thread"}
MESSAGES = ("send_email", "send_sms")


def lines_of(
    graph: Graph, line: Line, faces: Faces, dues: Sequence[Due], zone: tzinfo, tallies: Tallies
) -> list[StepLine]:
    """Return what is shown of each row; without ``dues`` the days are left out."""
    shown: list[StepLine] = []
    for at, row in enumerate(line.rows):
        step = graph.steps[row.key]
        own = [faces.face(graph.steps[key]) for key in (*row.keys, *row.waits)]
        wrong = next((face for face in own if face.problem), own[0])
        due = dues[at] if dues else None
        shown.append(
            StepLine(
                row.key, title_of(step, own[0]), _words(graph, row, own[0]),
                own[0].icon, own[0].family,
                f"Day {due.day:,}" if due else "", _date(due, step, zone),
                wait_of(graph, row.waits, faces), wrong.problem, wrong.severity, step.disabled,
                tallies.of(row.key), sum(map(tallies.waiting, row.waits)),
            )
        )  # fmt: skip
    return shown


def end_of(graph: Graph, line: Line, faces: Faces, dues: Sequence[Due]) -> StepLine:
    """Return what stands after the last row."""
    waits = [key for key in line.tail if faces.face(graph.steps[key]).shape == "wait"]
    ahead = wait_of(graph, tuple(waits), faces)
    words = "" if not waits else ahead if isinstance(ahead, str) else f"Wait {length_of(*ahead)}"
    day = ""
    if dues:
        day = f"Day {dues[-1].day:,}" + (" or later" if dues[-1].later else "")
    return StepLine("", "End", f"after: {words}" if words else "", "", "flow", day, "")


def title_of(step: Step, face: Face) -> str:
    """Return what a step is called: what was written on its card, else what it does."""
    if step.title:
        return step.title
    name = NAMES.get(step.kind, face.title)
    template = step.settings.get("template")
    return f"{name} ‘{template}’" if template and step.kind in MESSAGES else name


def wait_of(graph: Graph, waits: Sequence[str], faces: Faces) -> tuple[int, str] | str:
    """Return what is waited for as a number and a unit, or in words where it is more than that."""
    if not waits:
        return 0, ""
    step = graph.steps[waits[0]]
    if len(waits) == 1 and step.kind == WAIT and not step.disabled:
        try:
            wait = Wait.load(step.settings)
        except BadSettings:
            return faces.face(step).title
        return wait.amount, wait.unit
    return ", then ".join(_said(graph.steps[key], faces) for key in waits)


def _said(wait: Step, faces: Faces) -> str:
    title = faces.face(wait).title
    return f"{title} (disabled)" if wait.disabled else title


def length_of(amount: int, unit: str) -> str:
    """Return a length of time in words."""
    return f"{amount:,} {unit if amount != 1 else unit.removesuffix('s')}"


def _words(graph: Graph, row: Row, face: Face) -> str:
    step = graph.steps[row.key]
    if step.kind == "send_email":
        account = step.settings.get("account")
        said = THREADS.get(str(step.settings.get("thread", "new")), "")
        words = [said, f"from {account}" if account else ""]
    elif step.kind == "send_sms":
        words = []
    elif row.paths:
        words = [_paths(graph, row)]
    else:
        words = [face.subtitle]
    if step.title:
        words.insert(0, NAMES.get(step.kind, ""))
    return " · ".join(filter(None, (*words, _leaves(step, face))))


def _paths(graph: Graph, row: Row) -> str:
    """Return what is done on each path of a split."""
    try:
        shares = Split.load(graph.steps[row.key].settings).paths
    except BadSettings:
        return ""
    said = []
    for share, path in zip(shares, row.paths, strict=False):
        steps = (graph.steps[key] for key in path)
        does = ", ".join(title_of(one, Face(one.kind.replace("_", " "))) for one in steps)
        said.append(f"{share.name} {share.percent} %: {does or 'nothing'}")
    return " · ".join(said)


def _leaves(step: Step, face: Face) -> str:
    """Say for whom a sequence is over here, though it goes on for others."""
    if not step.exits or step.kind == "split":
        return ""
    ends = [label.lower() for name, label in face.exits if name not in step.exits and label]
    return f"ends here if {' or '.join(ends)}" if ends else ""


def _date(due: Due | None, step: Step, zone: tzinfo) -> str:
    if due is None:
        return ""
    wall: datetime = local(due.moment, zone)
    day = f"{wall:%a} {wall.day} {wall:%b}"
    if due.later:
        return f"{day} or later"
    return f"{day}, {wall:%H:%M}" if step.kind in MESSAGES else day
