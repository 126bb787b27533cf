"""Enrolling many, looked at first: who enters, who does not and why, and what goes out when.

Why somebody does not enter is the decision of the enrolment itself, and why somebody who enters
is not written to that of the sending steps; nothing is judged a second time here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from rally_desktop.core import sms
from rally_desktop.core.errors import BadTemplate, MissingValue, NotFound
from rally_desktop.engine import by_hand, outlook
from rally_desktop.engine.by_hand import CHANNELS, Channel
from rally_desktop.engine.definitions import Version
from rally_desktop.engine.evaluator import Evaluator
from rally_desktop.engine.outgoing import Group, Load, Outgoing, caps_of
from rally_desktop.engine.reasons import sentence
from rally_desktop.model.graph import Graph, Step
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.store import Store
from rally_desktop.model.work import Snapshot, Work
from rally_desktop.services import frequency, mail_accounts, messages, safeguards, templates
from rally_desktop.services.mail_accounts import Account

AT_ONCE = 1_000  # records looked at in one reading
HOUR = timedelta(hours=1)
_WAYS: tuple[Channel, Channel] = ("email", "sms")


@dataclass
class Preview:
    """What enrolling would mean; ``looked_at`` grows while it is being found out.

    ``left_out`` has the records that may not enter, by reason code; ``unwritten`` those that
    enter but get no e-mail or no SMS, by channel and reason code.
    """

    wanted: int
    looked_at: int = 0
    entering: list[int] = field(default_factory=list)
    left_out: dict[str, list[int]] = field(default_factory=dict)
    unwritten: dict[tuple[Channel, str], list[int]] = field(default_factory=dict)
    emails: int = 0
    texts: int = 0
    parts: int = 0
    groups: Counter[Group] = field(default_factory=Counter)
    plan: Plan | None = None


@dataclass(frozen=True)
class Plan:
    """When messages go out if nobody answers: the first of all, and how many on which day.

    ``limits`` say what moves some of them to a later day; ``brakes`` what asks or waits besides.
    ``later`` where the first may leave later, ``waits`` where some may, as somebody has to do
    something first. Where it is not ``whole``, only first messages are told. ``beyond`` are those
    for which there is no room within a year.
    """

    first_at: datetime | None = None
    later: bool = False
    days: Mapping[date, Load] = field(default_factory=dict)
    limits: Sequence[str] = ()
    brakes: Sequence[str] = ()
    waits: bool = False
    whole: bool = True
    beyond: int = 0


def look(
    store: Store,
    workflow_id: int,
    kind: RecordKind,
    numbers: Sequence[int],
    far: Preview,
    stopped: Callable[[], bool],
) -> None:
    """Find out what enrolling records would mean; ``far`` tells it, also while it goes on."""
    for start in range(0, len(numbers), AT_ONCE):
        if stopped():
            return
        some = [Ref(kind, number) for number in numbers[start : start + AT_ONCE]]
        store.read(_look_at, workflow_id, some, far)
        far.looked_at += len(some)
    far.plan = store.read(_plan, workflow_id, far)


def _look_at(work: Work, workflow_id: int, refs: Iterable[Ref], far: Preview) -> None:
    """Look at some records."""
    version, reasons = by_hand.refusals(work, workflow_id, refs)
    steps = _writing(version.graph)
    judged = _Writing(work, version, steps)
    emails, texts = (by_hand.most_messages(work, version.graph, way) for way in _WAYS)
    for ref, reason in reasons.items():
        if reason:
            far.left_out.setdefault(reason, []).append(ref.id)
            continue
        far.entering.append(ref.id)
        refused = judged.refusals(ref)
        for channel, why in refused.items():
            far.unwritten.setdefault((channel, why), []).append(ref.id)
        far.emails += emails if "email" not in refused else 0
        if "sms" not in refused:
            far.texts += texts
            far.parts += judged.parts(ref)
        far.groups[judged.group(ref, refused)] += 1


def unwritten(work: Work, version: Version, ref: Ref) -> Mapping[Channel, str]:
    """Return why somebody who enters gets nothing, by the channels that the steps use."""
    return _Writing(work, version, _writing(version.graph)).refusals(ref)


class _Writing:
    """Judges who can be written to by the steps of a version."""

    def __init__(self, work: Work, version: Version, steps: Sequence[Step]) -> None:
        self.work, self.steps = work, steps
        self.rules = version.graph.settings
        self.asking = Evaluator(work)
        self.known = {name: _template(work, name) for name in map(_named, steps)}
        self._senders: dict[tuple[str, int | None, Channel], Account | None] = {}
        self._caps = {way: caps_of(safeguards.of(work), way) for way in _WAYS}

    def refusals(self, ref: Ref) -> dict[Channel, str]:
        """Return why somebody gets nothing on a channel that the steps use."""
        person, found = self._person(ref), dict[Channel, str]()
        for step in self.steps:
            channel, template = CHANNELS[step.kind], self.known[_named(step)]
            if channel in found:
                continue
            if person is None:
                found[channel] = "no_contact"
                continue
            plain = template is not None and template.transactional
            if why := messages.refusal(self.work, person, channel, transactional=plain):
                found[channel] = why
        return found

    def group(self, ref: Ref, refused: Collection[Channel]) -> Group:
        """Return with whom somebody is alike: by whom and from when on they are written to."""
        senders = tuple(
            None if CHANNELS[step.kind] in refused else self.sender(step, ref)
            for step in self.steps
        )
        person = self._person(ref)
        if person is None:
            return Group(senders)
        return Group(senders, (self._free(person, "email"), self._free(person, "sms")))

    def parts(self, ref: Ref) -> int:
        """Return in how many parts the text messages to somebody are sent."""
        return sum(
            sms.parts(self._filled(self.known[_named(step)], ref)).count
            for step in self.steps
            if step.kind == "send_sms"
        )

    def sender(self, step: Step, ref: Ref) -> Account | None:
        """Return the account by which a step writes to somebody."""
        found = self.work.find(ref)
        name = "" if step.kind == "send_sms" else step.settings.get("account") or self.rules.account
        key = (name, found["owner_id"] if found else None, CHANNELS[step.kind])
        if key not in self._senders:
            self._senders[key] = mail_accounts.account_for(self.work, *key)
        return self._senders[key]

    def _free(self, person: Snapshot, channel: Channel) -> datetime | None:
        """Return the full hour from which on somebody may get one more message; None is now."""
        if not any(CHANNELS[step.kind] == channel for step in self.steps):
            return None
        free = frequency.room(self.work, person["id"], channel, self._caps[channel])
        return free and free.replace(minute=0, second=0, microsecond=0) + HOUR

    def _filled(self, template: templates.Template | None, ref: Ref) -> str:
        if template is None:
            return ""
        try:
            return self.asking.merge(template.text, ref, html=False)
        except (MissingValue, BadTemplate):
            return ""

    def _person(self, ref: Ref) -> Snapshot | None:
        found = self.work.find(ref)
        if ref.kind == "contact" or found is None:
            return found
        number = found.get("contact_id")
        return self.work.find(Ref("contact", number)) if number else None


# -- the graph -----------------------------------------------------------------------------


def _writing(graph: Graph) -> list[Step]:
    """Return the steps that write to people, in the order in which one comes to them."""
    found = (graph.steps[key] for key in graph.reachable(graph.start))
    return [step for step in found if step.kind in CHANNELS and not step.disabled]


def _named(step: Step) -> str:
    return str(step.settings.get("template", ""))


def _template(work: Work, name: str) -> templates.Template | None:
    try:
        return templates.named(work, name)
    except NotFound:
        return None


# -- when ----------------------------------------------------------------------------------


def _plan(work: Work, workflow_id: int, far: Preview) -> Plan:
    """Return what leaves when, should all of them enter now and nobody answer."""
    version, _ = by_hand.refusals(work, workflow_id, ())
    graph, senders = version.graph, {one for group in far.groups for one in group.senders if one}
    brakes = list(_brakes(work, version, far.emails + far.texts))
    brakes += [
        f"‘{one.name}’ is paused: its messages wait."
        for one in sorted(senders, key=lambda one: one.name)
        if one.paused_why
    ]
    if not senders:
        nobody = far.emails + far.texts > 0
        return Plan(brakes=[*brakes, sentence("no_account")] if nobody else brakes)
    steps = _writing(graph)
    known = {step.id: _template(work, _named(step)) for step in steps}
    uncapped = {key for key, one in known.items() if one is not None and one.transactional}
    out = Outgoing(work, graph, steps, uncapped)
    for group, many in far.groups.items():
        out.enter(group, many)
    out.send()
    return Plan(
        out.first, out.unsure, out.days, tuple(out.limits), brakes, out.waits, out.whole, out.beyond
    )


def _brakes(work: Work, version: Version, messages: int) -> Iterator[str]:
    """Yield what asks or waits for whoever enters by hand; the limits are told with the days."""
    first = safeguards.of(work).first_sends
    if version.rules.review:
        yield outlook.REVIEWED
    if messages and safeguards.sending_stopped(work):
        yield outlook.STOPPED
    if first and messages > first and not safeguards.confirmed(work, version.workflow_id):
        yield outlook.ASKS_AFTER.format(first)
