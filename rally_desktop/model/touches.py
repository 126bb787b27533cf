"""What people outside do with what we sent and show: open, click, unsubscribe, fill in forms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from rally_desktop.model.change import Change, Line
from rally_desktop.model.ref import Ref


class EmailOpened(Change, frozen=True):
    """An e-mail of ours was opened for the first time, as far as that can be told."""

    ref: Ref
    outbox_id: int
    subject: str

    def line(self) -> Line:
        """Say which e-mail."""
        return Line(self.ref, "email_opened", {"outbox": self.outbox_id, "subject": self.subject})


class LinkClicked(Change, frozen=True):
    """A link of an e-mail of ours was followed for the first time."""

    ref: Ref
    outbox_id: int
    subject: str
    url: str

    def line(self) -> Line:
        """Say which link of which e-mail."""
        detail = {"outbox": self.outbox_id, "subject": self.subject, "url": self.url}
        return Line(self.ref, "link_clicked", detail)


class Unsubscribed(Change, frozen=True):
    """A person wants no more messages on a channel; ``before`` is the consent that there was."""

    ref: Ref
    channel: str
    outbox_id: int
    subject: str
    how: str
    before: str
    # Where they wrote it: in which message of theirs, and when.
    message_id: str = ""
    at: datetime | None = None

    def line(self) -> Line:
        """Say by which message, and how."""
        detail = {"outbox": self.outbox_id, "subject": self.subject, "how": self.how}
        detail |= {"message_id": self.message_id} if self.message_id else {}
        told = {**detail, "before": self.before}
        return Line(self.ref, f"{self.channel}_unsubscribed", told, self.at)


class Resubscribed(Change, frozen=True):
    """A person who unsubscribed took that back."""

    ref: Ref
    channel: str
    how: str

    def line(self) -> Line:
        """Say how."""
        return Line(self.ref, f"{self.channel}_resubscribed", {"how": self.how})


class FormSubmitted(Change, frozen=True):
    """A person filled in a form of the office's; ``answers`` are by the labels of its fields.

    ``consent`` is the text that was agreed to.
    """

    ref: Ref
    form: str
    title: str
    entry: int
    answers: Mapping[str, str]
    consent: str = ""

    def line(self) -> Line:
        """Say which form, what was answered and what was agreed to."""
        detail = {"form": self.form, "title": self.title, "entry": self.entry}
        detail |= {"consent": self.consent} if self.consent else {}
        return Line(self.ref, "form_submitted", {**detail, "answers": self.answers})
