"""Enrolling many, looked at first: who enters, who does not and why, and what goes out when.

Why somebody does not enter is the decision of the enrolment itself, and why somebody who enters
is not written to that of the sending steps; nothing is judged a second time here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from rally_desktop.core import sms
from rally_desktop.core.days import in_words, local
from rally_desktop.core.errors import BadTemplate, MissingValue, NotFound, Refused
from rally_desktop.engine import by_hand, clockwork, outlook, sequence_days, sequence_plan
from rally_desktop.engine.by_hand import CHANNELS, Channel
from rally_desktop.engine.definitions import Version
from rally_desktop.engine.evaluator import Evaluator
from rally_desktop.engine.reasons import sentence
from rally_desktop.model.graph import Graph, Hours, Step
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.store import Store
from rally_desktop.model.work import Snapshot, Work
from rally_desktop.services import calendar, mail_accounts, messages, pace, safeguards, templates
from rally_desktop.services.mail_accounts import Account

AT_ONCE = 1_000  # records looked at in one reading
LONGEST = 366 * 24  # hours looked ahead
HOUR = timedelta(hours=1)
MOST_DAYS = 4  # told one by one
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
    senders: Counter[Account] = field(default_factory=Counter)
    plan: Plan | None = None


@dataclass(frozen=True)
class Plan:
    """When the first messages go out: the first of all, and how many on which day.

    ``limits`` say what moves some of them to a later day; ``brakes`` what asks or waits besides.
    """

    first_at: datetime | None = None
    later: bool = False
    days: Mapping[date, int] = field(default_factory=dict)
    limits: Sequence[str] = ()
    brakes: Sequence[str] = ()


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
        first = steps[0] if steps else None
        if first and CHANNELS[first.kind] not in refused and (sender := judged.sender(first, ref)):
            far.senders[sender] += 1


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


# -- in words ------------------------------------------------------------------------------


def says(found: Preview) -> list[str]:
    """Return in sentences how many messages that means at most, and when the first go out."""
    plan = found.plan or Plan()
    said = []
    if found.emails or found.texts:
        mails = f"{found.emails:,} e-mail{'s' * (found.emails != 1)}" if found.emails else ""
        texts = f"{found.texts:,} SMS in {found.parts:,} parts" if found.texts else ""
        said.append(f"At most {' and '.join(filter(None, (mails, texts)))}.")
    if plan.first_at is not None:
        later = ", or later" if plan.later else ""
        when = in_words(plan.first_at, plan.first_at.astimezone().tzinfo or UTC)
        said.append(f"The first goes out {when}{later}.")
    if len(plan.days) > 1:
        said.append(_days_said(plan))
    return [*said, *plan.brakes]


def _days_said(plan: Plan) -> str:
    days = list(plan.days.items())
    told = [f"{day:%A} {day.day} {day:%B}: {count:,}" for day, count in days[:MOST_DAYS]]
    if len(days) > MOST_DAYS:
        last, _ = days[-1]
        rest = sum(count for _, count in days[MOST_DAYS:])
        told.append(f"{rest:,} more until {last:%A} {last.day} {last:%B}")
    why = f", as {' and '.join(plan.limits)}" if plan.limits else ""
    return f"First messages by day: {'; '.join(told)}{why}."


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
    """Return when the first messages go out, should all of them enter now."""
    version, _ = by_hand.refusals(work, workflow_id, ())
    graph = version.graph
    brakes = list(_brakes(work, version, far.emails + far.texts))
    brakes += [
        f"‘{one.name}’ is paused: its messages wait." for one in far.senders if one.paused_why
    ]
    if not far.senders:
        nobody = far.emails + far.texts > 0
        return Plan(brakes=[*brakes, sentence("no_account")] if nobody else brakes)
    begin, later = _begin(work, graph)
    spread = _Spread(work, graph, begin)
    for account, count in far.senders.items():
        spread.send(account, count)
    days = dict(sorted(spread.days.items()))
    return Plan(spread.first, later, days, tuple(spread.limits), brakes)


def _brakes(work: Work, version: Version, messages: int) -> Iterator[str]:
    """Yield what asks or waits for whoever enters by hand; the limits are told with the days."""
    first = safeguards.of(work).first_sends
    if version.rules.review:
        yield outlook.REVIEWED
    if messages and safeguards.sending_stopped(work):
        yield outlook.STOPPED
    if first and messages > first and not safeguards.confirmed(work, version.workflow_id):
        yield outlook.ASKS_AFTER.format(first)


def _begin(work: Work, graph: Graph) -> tuple[datetime, bool]:
    """Return when the first message is due for who enters now, and whether it may be later."""
    line, zone = sequence_plan.read(graph), calendar.office_zone(work)
    first = next((step.id for step in _writing(graph)), "")
    if isinstance(line, str):
        return work.now, graph.start != first
    place = line.place_of(first)
    if place is None:
        return work.now, True
    due = sequence_days.timetable(graph, line, calendar.of(work), zone, work.now)[place]
    return due.moment, due.later


class _Spread:
    """Spreads the first messages over the hours in which they may go out, account by account."""

    def __init__(self, work: Work, graph: Graph, begin: datetime) -> None:
        self.work, self.graph, self.begin = work, graph, begin
        self.zone = calendar.office_zone(work)
        self.days: Counter[date] = Counter()
        self.limits: dict[str, None] = {}
        self.first: datetime | None = None
        limits, own = safeguards.of(work), graph.settings.sends_an_hour
        self._an_hour = limits.sends_an_hour if own is None else own
        self._enter = limits.enrolments_a_minute
        self._hours: Counter[datetime] = Counter()

    def send(self, account: Account, count: int) -> None:
        """Put an account's messages where there is room for them."""
        today = pace.sent_since(self.work, account.id, self.work.now - pace.DAY)
        sent = Counter({local(self.begin, self.zone).date(): today})
        for at in self._openings(account):
            day = local(at, self.zone).date()
            room, why = self._room(account, at, sent[day])
            some = min(count, room)
            if some and (self.first is None or at < self.first):
                self.first = at
            self.days[day] += some
            sent[day] += some
            self._hours[at] += some
            count -= some
            if not count:
                return
            self.limits.setdefault(why)

    def _room(self, account: Account, at: datetime, sent: int) -> tuple[int, str]:
        """Return how many messages there is room for in an hour, and what the limit is."""
        mail, hour = f"‘{account.name}’ sends at most", self._hours[at]
        hourly, daily, an_hour = account.hourly_limit, account.daily_limit, self._an_hour
        rooms = [
            (hourly, hourly, f"{mail} {hourly:,} an hour"),
            (daily, daily - sent, f"{mail} {daily:,} a day"),
            (an_hour, an_hour - hour, f"the sequence sends at most {an_hour:,} an hour"),
            (self._enter, self._enter * 60 - hour, f"at most {self._enter:,} enter in a minute"),
        ]
        limited = [(max(0, room), why) for limit, room, why in rooms if limit]
        return min(limited, default=(LONGEST * 100_000, ""), key=lambda one: one[0])

    def _openings(self, account: Account) -> Iterator[datetime]:
        """Yield the hours in which the account may send, one after the other."""
        channel: Channel = "sms" if account.channel == "sms" else "email"
        hours: list[Hours] = [
            one
            for one in (
                calendar.of(self.work).hours(channel),
                self.graph.settings.hours,
                account.open_hours,
            )
            if one
        ]
        at = self.begin
        for _ in range(LONGEST):
            try:
                at = clockwork.next_opening(at, self.zone, hours)
            except Refused:
                return
            yield at
            at += HOUR
