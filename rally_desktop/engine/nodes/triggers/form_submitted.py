"""Trigger: a form was filled in, or a program sent the like."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.fold import fold
from rally_desktop.core.schema import Text
from rally_desktop.engine.nodes.base import Event, TriggerKind
from rally_desktop.engine.nodes.moves import fits


class FormSubmitted(TriggerKind, frozen=True):
    """Starts when somebody fills in a form of the website, or a program sends its key.

    The key is the last part of the address that the form is sent to.
    """

    title: ClassVar = "Form submitted"
    icon: ClassVar = "clipboard-pen"
    says: ClassVar = "When the form ‘{form}’ is submitted"
    example: ClassVar = {"form": "contact-us"}
    words: ClassVar = ("website", "api", "landing page", "inbound")

    form: Annotated[str, Text("Form key")]

    def listens(self) -> tuple[tuple[str, str | None], ...]:
        """Look at forms that come in."""
        return (("form_submitted", None),)

    def values(self) -> tuple[str | None, ...]:
        """Ask for the form."""
        return (fold(self.form),)

    def matches(self, event: Event) -> bool:
        """Compare the form's key."""
        return fits(event.detail.get("form"), (self.form,))
