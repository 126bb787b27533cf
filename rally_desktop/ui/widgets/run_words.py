"""What the states of runs and the steps of workflows are called on screen."""

from __future__ import annotations

from collections.abc import Mapping

from rally_desktop.engine.control import LEAVING
from rally_desktop.engine.nodes import step_kinds
from rally_desktop.engine.nodes.base import StepKind
from rally_desktop.engine.problems.loading import step_of
from rally_desktop.model.graph import Step
from rally_desktop.services.runs import RunRow, StepName

# A state of a run: its words and tone.
STATES: Mapping[str, tuple[str, str]] = {
    "active": ("On its way", "accent"),
    "in_review": ("In review", "warn"),
    "held": ("Held", "warn"),
    "paused": ("Paused", "warn"),
    "needs_attention": ("Needs attention", "bad"),
    "done": ("Done", "ok"),
    "stopped": ("Stopped", "plain"),
    "rejected": ("Rejected", "plain"),
    "cancelled": ("Cancelled", "plain"),
    "failed": ("Failed", "bad"),
}
_MESSAGES = {"send_email": "E-mail", "send_sms": "SMS"}
_NAMES = {"call_step": "Call", "linkedin_step": "LinkedIn", "create_task": "Task"}
_WAITS = frozenset({"wait", "wait_until", "wait_for_date"})


def state_of(row: RunRow) -> tuple[str, str]:
    """Return the words and the tone for a run's state; one that sleeps is «Waiting»."""
    if row.reason == LEAVING:
        return "Leaving", "plain"
    if row.state == "active" and row.due_at is not None:
        return "Waiting", "accent"
    return STATES.get(row.state, (row.state.replace("_", " ").capitalize(), "plain"))


def step_title(step: StepName | None) -> str:
    """Return what a person calls a step: its own title, or that of its kind."""
    if step is None:
        return ""
    kind = step_kinds().get(step.kind)
    return step.title or (kind.title if kind else step.kind.replace("_", " ").capitalize())


def step_words(step: Step) -> str:
    """Return a step's title; where it has none, what it does in a few words."""
    if step.title:
        return step.title
    if step.kind in _MESSAGES:
        template = step.settings.get("template")
        return f"{_MESSAGES[step.kind]} ‘{template}’" if template else _MESSAGES[step.kind]
    made = step_of(step) if step.kind in _WAITS else None
    if isinstance(made, StepKind):
        return made.sentence()
    return _NAMES.get(step.kind) or step_title(StepName("", step.kind))
