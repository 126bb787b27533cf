"""What people do about records: tasks, notes, calls, meetings, and what they are told."""

from __future__ import annotations

from datetime import datetime

from rally_desktop.model.change import Change, Line
from rally_desktop.model.ref import Ref


class TaskCreated(Change, frozen=True):
    """Somebody got something to do; ``run_id`` is the run that waits for it."""

    ref: Ref
    id: int
    type: str
    title: str
    description: str
    due_at: datetime | None
    assignee_id: int | None
    priority: str
    run_id: int | None = None

    def line(self) -> Line:
        """Say what is to be done."""
        return Line(self.ref, "task_created", {"task": self.id, "title": self.title})


class TaskCompleted(Change, frozen=True):
    """A task was done."""

    ref: Ref
    id: int
    title: str
    type: str
    answer: str = ""

    def line(self) -> Line:
        """Say what was done, and what was decided where that was asked."""
        detail = {"task": self.id, "title": self.title, "type": self.type}
        if self.answer:
            detail["answer"] = self.answer
        return Line(self.ref, "task_completed", detail)


class TaskWithdrawn(Change, frozen=True):
    """A task was taken back: what it was for is over, or somebody put it into the trash."""

    ref: Ref
    id: int
    title: str
    deleted: bool = False

    def line(self) -> Line:
        """Say what need not be done any more, and whether it lies in the trash."""
        detail = {"task": self.id, "title": self.title}
        if self.deleted:
            detail["deleted"] = True
        return Line(self.ref, "task_withdrawn", detail)


class TaskReopened(Change, frozen=True):
    """A task that was done, or no longer to be done, is to be done after all."""

    ref: Ref
    id: int
    title: str

    def line(self) -> Line:
        """Say what is to be done again."""
        return Line(self.ref, "task_reopened", {"task": self.id, "title": self.title})


class NoteAdded(Change, frozen=True):
    """Somebody wrote a note."""

    ref: Ref
    id: int
    text: str

    def line(self) -> Line:
        """Say the note."""
        return Line(self.ref, "note_added", {"text": self.text, "note": self.id})


class NoteEdited(Change, frozen=True):
    """A note says something else now."""

    ref: Ref
    id: int
    text: str

    def line(self) -> Line:
        """Say the note as it is now."""
        return Line(self.ref, "note_edited", {"text": self.text, "note": self.id})


class NoteRemoved(Change, frozen=True):
    """A note was put into the trash."""

    ref: Ref
    id: int

    def line(self) -> Line:
        """Say which note."""
        return Line(self.ref, "note_removed", {"note": self.id})


class NoteRestored(Change, frozen=True):
    """A note came back from the trash."""

    ref: Ref
    id: int

    def line(self) -> Line:
        """Say which note."""
        return Line(self.ref, "note_restored", {"note": self.id})


class CallLogged(Change, frozen=True):
    """A call took place, ``at`` a moment or just now; ``seconds`` is how long it took."""

    ref: Ref
    id: int
    direction: str
    outcome: str
    seconds: int | None
    text: str
    at: datetime | None = None

    def line(self) -> Line:
        """Say how the call went."""
        detail = {"direction": self.direction, "outcome": self.outcome, "seconds": self.seconds}
        told = {**detail, "text": self.text, "call": self.id}
        return Line(self.ref, "call_logged", told, self.at)


class MeetingPlanned(Change, frozen=True):
    """A meeting was booked."""

    ref: Ref
    id: int
    type: str
    title: str
    starts_at: datetime
    ends_at: datetime | None

    def line(self) -> Line:
        """Say which meeting, and when."""
        detail = {"meeting": self.id, "type": self.type, "title": self.title}
        return Line(self.ref, "meeting_planned", {**detail, "starts_at": self.starts_at})


class MeetingCancelled(Change, frozen=True):
    """A meeting will not take place."""

    ref: Ref
    id: int
    type: str
    title: str

    def line(self) -> Line:
        """Say which meeting."""
        detail = {"meeting": self.id, "type": self.type, "title": self.title}
        return Line(self.ref, "meeting_cancelled", detail)


class MeetingCompleted(Change, frozen=True):
    """A meeting took place."""

    ref: Ref
    id: int
    type: str
    title: str

    def line(self) -> Line:
        """Say which meeting."""
        return Line(self.ref, "meeting_completed", {"type": self.type, "title": self.title})


class Notified(Change, frozen=True):
    """A user was told something."""

    ref: Ref
    id: int
    user_id: int
    user: str
    text: str

    def line(self) -> Line:
        """Say who was told what."""
        return Line(self.ref, "notified", {"user": self.user, "text": self.text})


class BandReached(Change, frozen=True):
    """A score moved from one band to another by what the contact did, or by time."""

    ref: Ref
    before: int
    after: int
    band: str
    why: str

    def line(self) -> Line:
        """Say which band, and what led there."""
        detail = {"before": self.before, "after": self.after, "band": self.band}
        return Line(self.ref, "score_band", {**detail, "why": self.why} if self.why else detail)
