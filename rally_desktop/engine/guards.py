"""What is asked before every message, when it is due and again before it is handed over.

The order is the law of semantics, section 8: whoever must not be written to is never asked
about room, and a place in the account's hour is taken last, when nothing else is in the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import Row, select

from rally_desktop.core.errors import BadDefinition, BadFilter, Refused, UnknownField
from rally_desktop.core.fold import fold
from rally_desktop.core.message import Mailbox
from rally_desktop.engine import brakes, clockwork, matrix
from rally_desktop.engine.evaluator import Evaluator
from rally_desktop.engine.nodes.base import Again, Here, Skipped
from rally_desktop.engine.reasons import sentence
from rally_desktop.model.graph import Graph, Hours, Rules
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import run, workflow_version
from rally_desktop.model.tables.workflow import OPEN_STATES
from rally_desktop.model.work import Snapshot, Work
from rally_desktop.services import (
    calendar,
    frequency,
    holding,
    mail_accounts,
    messages,
    pace,
    receiving,
    receiving_rules,
    safeguards,
    workflows,
)
from rally_desktop.services.frequency import Limit
from rally_desktop.services.mail_accounts import Account
from rally_desktop.services.outbox import Ruling

DAY = timedelta(days=1)
SOON = timedelta(minutes=1)  # until what will be over at any moment is looked at again
# A run that ended like this takes back what it had decided and nobody has handed over yet.
TAKEN_BACK = ("stopped", "cancelled", "rejected")
_RUN = (
    "id", "state", "started_at", "ended_at", "resume_at", "version_id", "trigger", "record_kind",
    "record_id",
)  # fmt: skip


@dataclass(frozen=True)
class Message:
    """What a step is about to send: to whom, by which account."""

    channel: str
    contact: Snapshot
    account: Account
    transactional: bool


Answer = Skipped | Again | None
Guard = Callable[[Work, Here, Message], Answer]


def check(work: Work, here: Here, message: Message) -> Answer:
    """Return why a message may not go, or not now; None where nothing is in its way."""
    for guard in ORDER:
        if (answer := guard(work, here, message)) is not None:
            return answer
    return None


def foresee(work: Work, here: Here, message: Message) -> Answer:
    """Return why a message may not go, or for which of its reasons it waits the longest.

    For what cannot be asked again later: its step is done, and the message waits in the outbox.
    """
    answers = [guard(work, here, message) for guard in ORDER]
    never = next((one for one in answers if isinstance(one, Skipped)), None)
    waits = [one for one in answers if isinstance(one, Again)]
    return never or max(waits, key=lambda one: one.until, default=None)


# -- when it is due, one after the other -----------------------------------------------------


def permitted(work: Work, here: Here, message: Message) -> Answer:
    """Ask for consent and address."""
    reason = messages.refusal(
        work, message.contact, message.channel, transactional=message.transactional
    )
    return Skipped(reason, _not_sent(work, message, reason)) if reason else None


def exclusive(work: Work, here: Here, message: Message) -> Answer:
    """Ask whether the record is in another exclusive workflow, in which it was before."""
    if not here.rules.exclusive:
        return None
    columns = run.c
    before = (
        select(columns.version_id, workflow_version.c.definition)
        .join(workflow_version, workflow_version.c.id == columns.version_id)
        .where(columns.record_kind == here.ref.kind, columns.record_id == here.ref.id)
        .where(columns.state.in_(OPEN_STATES), columns.workflow_id != here.workflow_id)
        .where(columns.id < here.run_id)
    )
    found = work.connection.execute(before).all()
    known = (_rules(work, row.version_id, row.definition) for row in found)
    if any(rules is not None and rules.exclusive for rules in known):
        return Skipped("exclusive", _not_sent(work, message, "exclusive"))
    return None


def capped(work: Work, here: Here, message: Message) -> Answer:
    """Ask for room under the office's frequency cap; who is over it waits for room."""
    if message.transactional:
        return None
    limits = safeguards.of(work)
    cap = (Limit(limits.emails_a_day, DAY), Limit(limits.emails_a_week, 7 * DAY))
    return _with_room(work, here, message, "cap", cap)


def under_the_ceiling(work: Work, here: Here, message: Message) -> Answer:
    """Ask for room under the ceiling that nothing passes, whatever the message is."""
    limits = safeguards.of(work)
    ceiling = (
        Limit(limits.most_emails_a_day, DAY),
        Limit(limits.most_emails_in_eight_days, 8 * DAY),
    )
    return _with_room(work, here, message, "ceiling", ceiling)


def _with_room(
    work: Work, here: Here, message: Message, reason: str, limits: tuple[Limit, ...]
) -> Answer:
    if message.channel == "sms":
        limits = (Limit(safeguards.of(work).texts_a_day, DAY),) if reason == "cap" else ()
    free = frequency.room(work, message.contact["id"], message.channel, limits)
    return None if free is None else _later(here, free, reason)


def fresh(work: Work, here: Here, message: Message) -> Answer:
    """Ask whether the message lay too long after it was due.

    A wait for room or hours moves the moment it is due at; one for a person does not.
    """
    stale = brakes.due(here) + timedelta(hours=safeguards.of(work).expiry_hours)
    return Skipped("expired", _not_sent(work, message, "expired")) if work.now > stale else None


def in_hours(work: Work, here: Here, message: Message) -> Answer:
    """Ask whether this is within the hours of the channel, the workflow and the account."""
    hours = _hours(work, message.channel, here.rules, message.account)
    until = _opening(work.now, here.zone, hours, here.run_id, here.step_id)
    return None if until is None else _later(here, until, "window")


def braked(work: Work, here: Here, message: Message) -> Answer:
    """Ask whether the workflow has sent enough for now."""
    return brakes.too_many(work, here) or brakes.unconfirmed(work, here)


def in_turn(work: Work, here: Here, message: Message) -> Answer:
    """Take a place in the account's hour; who has come back for the place it took goes through."""
    if here.said.get("slot"):
        return None
    slot = pace.take_slot(work, message.account.id, message.account.hourly_limit)
    if slot is None:
        return None
    return _later(here, slot, "account_limit", {"slot": True})


ORDER: tuple[Guard, ...] = (
    permitted, exclusive, capped, under_the_ceiling, fresh, in_hours, braked, in_turn,
)  # fmt: skip


def _later(here: Here, until: datetime, reason: str, detail: Mapping[str, Any] = {}) -> Again:
    when = f"{until.astimezone(here.zone):%d %B %Y at %H:%M}"
    return Again(until, reason, f"{sentence(reason)} Waits until {when}.", detail)


def _not_sent(work: Work, message: Message, reason: str) -> str:
    address = messages.address_of(work, message.contact, message.channel)
    return f"Not sent to {address or 'the contact'}. {sentence(reason)}"


# -- hours -----------------------------------------------------------------------------------


def _hours(work: Work, channel: str, rules: Rules | None, account: Account | None) -> list[Hours]:
    found = (
        calendar.of(work).hours(channel),
        rules.hours if rules else None,
        account.open_hours if account else None,
    )
    return [hours for hours in found if hours is not None]


def _opening(
    now: datetime, zone: tzinfo, hours: Sequence[Hours], run_id: int | None, step_id: str
) -> datetime | None:
    """Return when a message may go out; None where that is now.

    That is soon after the opening, so that not everybody is written to in the same minute.
    """
    opening = clockwork.next_opening(now, zone, hours)
    if opening <= now:
        return None
    later = opening + clockwork.jitter(run_id, step_id)
    return later if clockwork.next_opening(later, zone, hours) == later else opening


def _rules(work: Work, version_id: int, definition: str) -> Rules | None:
    graph = _graph(work, version_id, definition)
    return graph and graph.settings


def _graph(work: Work, version_id: int, definition: str) -> Graph | None:
    """Return a version's definition; None where it cannot be read."""
    key = ("graph", version_id)
    if key not in work.memo:
        try:
            work.memo[key] = workflows.read(definition)
        except BadDefinition:
            work.memo[key] = None
    return work.memo[key]


# -- before it is handed over ----------------------------------------------------------------


def at_hand_over(work: Work, rows: Sequence[Mapping[Any, Any]]) -> dict[int, Ruling]:
    """Return why messages that were decided earlier may not go after all, or not now."""
    asking = _HandOver(work, rows)
    rulings = ((row["id"], asking.ruling(row)) for row in rows)
    return {number: ruling for number, ruling in rulings if ruling is not None}


class _HandOver:
    """What has to be known of a batch of messages, read in one statement each."""

    def __init__(self, work: Work, rows: Sequence[Mapping[Any, Any]]) -> None:
        self.work = work
        self.people = work.records("contact", {row["contact_id"] for row in rows})
        self.asking = Evaluator(work)
        self.accounts = {account.id: account for account in mail_accounts.accounts(work)}
        oldest = receiving_rules.of(work).oldest
        known = list(self.accounts.values())
        self.unread = receiving.stale(work, known, oldest) if oldest else frozenset[int]()
        ids = {row["run_id"] for row in rows} - {None}
        query = (
            select(*(run.c[name] for name in _RUN), workflow_version.c.definition)
            .join(workflow_version, workflow_version.c.id == run.c.version_id)
            .where(run.c.id.in_(sorted(ids)))
        )
        self.runs = {one.id: one for one in work.connection.execute(query)}
        self.states = workflows.states(work, {row["workflow_id"] for row in rows} - {None})
        ended = {one.id: one for one in self.runs.values() if one.state == "done"}
        wrote_to = {row["run_id"]: row["contact_id"] for row in rows if row["run_id"] in ended}
        whose = {
            number: (Ref(ended[number].record_kind, ended[number].record_id), person)
            for number, person in wrote_to.items()
        }
        self.since = matrix.since(work, whose)

    def ruling(self, row: Mapping[Any, Any]) -> Ruling | None:
        """Return why one message may not go now; None where nothing is in its way."""
        reason = self._refusal(row)
        if reason:
            return Ruling(reason, sentence(reason))
        if reason := self._held_back(row):
            return self._put_off(row, reason)
        if row["account_id"] in self.unread and row["run_id"] is not None:
            until = self.work.now + SOON
            return Ruling("mail_unread", sentence("mail_unread"), until, person=True)
        return self._window(row)

    def _refusal(self, row: Mapping[Any, Any]) -> str:
        person, inside = self.people.get(row["contact_id"]), self.runs.get(row["run_id"])
        if person is None:
            return "gone"
        if inside and inside.state in TAKEN_BACK and self._was_decided_before(inside, row):
            return "run_over"
        if inside and inside.state != "stopped" and self._is_stopped(inside):
            return "stopped"
        if reason := self._unwelcome(person, row):
            return reason
        return "expired" if self.work.now > row["expires_at"] else ""

    def _unwelcome(self, person: Snapshot, row: Mapping[Any, Any]) -> str:
        """Return why a person may not be written to at an address; who writes by hand chose it."""
        marketing, no_run = not row["transactional"], row["run_id"] is None
        if no_run and row["step"] in messages.ANSWERS:
            return "gone" if person["deleted_at"] is not None else ""
        if no_run and row["step"] == messages.BY_HAND and row["channel"] == "sms":
            at = row["address"]
            return messages.refusal(self.work, person, "sms", transactional=True, address=at)
        if no_run and row["step"] == messages.BY_HAND:
            copies = (Mailbox.read(who).address for _, who in row["copies"] or ())
            whom = {row["address"], *copies}
            return messages.refusal_by_hand(self.work, person, whom, marketing=marketing)
        if fold(messages.address_of(self.work, person, row["channel"])) != fold(row["address"]):
            return "new_address"
        return messages.refusal(self.work, person, row["channel"], transactional=not marketing)

    def _was_decided_before(self, inside: Row[Any], row: Mapping[Any, Any]) -> bool:
        """Say whether a message was decided before its run ended, and not by its Stop Actions.

        A run may begin and end in one moment, when the engine hears of both at once.
        """
        if row["created_at"] != inside.ended_at:
            return row["created_at"] < inside.ended_at
        graph = _graph(self.work, inside.version_id, inside.definition)
        return graph is not None and row["step"] not in graph.reachable(graph.stop_start)

    def _is_stopped(self, inside: Row[Any]) -> bool:
        """Say whether Stop When has come true since, also for a run that has reached its end.

        What cannot be asked any more stops nobody: its workflow is paused over it.
        """
        graph = _graph(self.work, inside.version_id, inside.definition)
        ref = Ref(inside.record_kind, inside.record_id)
        if graph is None or self.work.find(ref) is None:
            return False
        if self._is_answered(graph, inside):
            return True
        if not graph.stop_when:
            return False
        try:
            wanted = self.asking.tree(graph.stop_when, ref)
        except (BadFilter, UnknownField):
            return False
        return self.asking.test(wanted, ref, inside.trigger)

    def _is_answered(self, graph: Graph, inside: Row[Any]) -> bool:
        """Say whether what would have stopped a run has happened, and it was at its end already."""
        return any(
            matrix.action(graph, matrix.told(self.work, event, by), event) == "stop"
            for at, event, by in self.since.get(inside.id, ())
            if at >= inside.started_at
        )

    def _held_back(self, row: Mapping[Any, Any]) -> str:
        """Return why a message waits for a person: nothing of what is paused or held moves."""
        number, inside = row["workflow_id"], self.runs.get(row["run_id"])
        if number is None:
            return ""
        state, asked = self.states.get(number), row["reason"] == "ask_first"
        if state == "paused":
            return "paused"
        farewell = inside is not None and inside.state == "stopped"
        if state not in ("published", "finishing") and not farewell:
            return "not_published"
        if inside is not None and inside.state == "paused":
            return "run_paused"
        return "ask_first" if asked and not safeguards.confirmed(self.work, number) else ""

    def _put_off(self, row: Mapping[Any, Any], reason: str) -> Ruling:
        """Let a message wait for a person, or for the end of its run's pause where that is set."""
        inside, again = self.runs.get(row["run_id"]), self.work.now + holding.LOOK_AGAIN
        ends = inside.resume_at if inside and reason == "run_paused" else None
        until = again if ends is None else max(ends, self.work.now + SOON)
        return Ruling(reason, sentence(reason), until, person=ends is None)

    def _window(self, row: Mapping[Any, Any]) -> Ruling | None:
        if row["run_id"] is None and row["step"] in messages.ANSWERS:
            return None  # who has just written is awake
        inside, account = self.runs.get(row["run_id"]), self.accounts.get(row["account_id"])
        rules = _rules(self.work, inside.version_id, inside.definition) if inside else None
        if inside and rules is None:
            until = self.work.now + holding.LOOK_AGAIN
            return Ruling("unreadable", sentence("unreadable"), until, person=True)
        hours = _hours(self.work, row["channel"], rules, account)
        zone = clockwork.zone_of(self.work, self.people[row["contact_id"]])
        try:
            until = _opening(self.work.now, zone, hours, row["run_id"], row["step"])
        except Refused as error:
            return Ruling("never_open", str(error))
        return None if until is None else Ruling("window", sentence("window"), until)
