"""What triggers ask of a message that somebody reacted to: its template, workflow and step."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.schema import Pick, Text
from rally_desktop.engine.nodes.base import Event, TriggerKind
from rally_desktop.engine.nodes.moves import fits

_TEMPLATE = Pick("Template", help="Empty: any.", source="template", required=False)
_WORKFLOW = Pick("Sequence or workflow", help="Empty: any.", source="workflow", required=False)
_STEP = Text(
    "Step",
    help="The title or id of the step that sent it. Empty: any.",
    required=False,
)


class LetterTrigger(TriggerKind, frozen=True):
    """Base of the triggers that go by a message of ours.

    A line says in its detail, where that is known, the ``template``, the name of the
    ``workflow``, the ``step`` and its ``step_title``. What is asked for and not known does
    not match.
    """

    line: ClassVar[str]
    happens: ClassVar[str]

    template: Annotated[str, _TEMPLATE] = ""
    workflow: Annotated[str, _WORKFLOW] = ""
    step: Annotated[str, _STEP] = ""

    def listens(self) -> tuple[tuple[str, str | None], ...]:
        """Look at the lines of one kind."""
        return ((self.line, None),)

    def matches(self, event: Event) -> bool:
        """Compare what the message was with what is asked for."""
        seen = event.detail
        steps = [seen[key] for key in ("step", "step_title") if seen.get(key)]
        return (
            fits(seen.get("template"), _asked(self.template))
            and fits(seen.get("workflow"), _asked(self.workflow))
            and (not self.step or any(fits(each, (self.step,)) for each in steps))
        )

    def sentence(self) -> str:
        """Say what happens to which message."""
        parts = (("template", self.template), ("workflow", self.workflow), ("step", self.step))
        asked = [f"{what} ‘{name.replace('_', ' ')}’" for what, name in parts if name]
        return f"When {self.happens}" + (f": {', '.join(asked)}" if asked else "")


def _asked(value: str) -> tuple[str, ...]:
    return (value,) if value else ()
