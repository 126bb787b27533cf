"""How many messages leave on which day once many have entered, if nobody answers.

Reckoned with lots, not with people: those who enter in the same hour and are written to by the
same accounts stay together until an account has no room for all of them, and then part in two.
So a hundred thousand cost as much as the hours in which their messages go out.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import accumulate, count, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rally_desktop.core.days import in_zone, local
from rally_desktop.core.errors import BadSettings, Refused
from rally_desktop.engine import clockwork, sequence_days, sequence_plan
from rally_desktop.engine.by_hand import CHANNELS
from rally_desktop.engine.nodes.flow.split import Split
from rally_desktop.engine.sequence_plan import Line, Row
from rally_desktop.model.graph import Graph, Step
from rally_desktop.model.work import Work
from rally_desktop.services import calendar, pace, safeguards
from rally_desktop.services.frequency import Limit
from rally_desktop.services.mail_accounts import Account
from rally_desktop.services.safeguards import Safeguards

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FAR = timedelta(days=366)  # so far is looked ahead
MOST_WAYS = 16  # through splits; of a graph with more of them the first paths are taken
WHOLE = 100  # per cent


class Load(NamedTuple):
    """How many messages of each channel leave on a day."""

    emails: int
    texts: int


@dataclass(frozen=True)
class Group:
    """People who are alike: who writes to them at each step, if anybody, and from when on.

    ``free`` is when they may get an e-mail and an SMS, as others wrote to them not long ago.
    """

    senders: tuple[Account | None, ...] = ()
    free: tuple[datetime | None, datetime | None] = (None, None)


@dataclass(frozen=True)
class Lot:
    """Some of a group that go the same way together; ``place`` is the step they come to next.

    ``sent`` has when they were written to, by channel. ``unsure`` once somebody was waited for.
    ``day`` is when the next message would leave if there were room, ``held`` why there is none.
    """

    group: Group
    count: int
    way: Sequence[Step]
    place: int = 0
    sent: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)
    unsure: bool = False
    day: date | None = None
    held: str = ""


class Outgoing:
    """Sends lots through a graph; afterwards ``days`` tells what leaves when.

    ``first`` is when the first message leaves, ``unsure`` whether that may be later, ``waits``
    whether some may. ``limits`` say what moves messages to a later day; ``beyond`` are those that
    leave within no year. ``whole`` is False where a graph branches: then only first messages are
    looked at. The steps that are ``uncapped`` write to people however often they were written to.
    """

    def __init__(
        self, work: Work, graph: Graph, writing: Sequence[Step], uncapped: Collection[str] = ()
    ) -> None:
        line = sequence_plan.read(graph)
        self.whole = isinstance(line, Line)
        self.days: dict[date, Load] = {}
        self.limits: dict[str, None] = {}
        self.first: datetime | None = None
        self.unsure, self.waits, self.beyond = False, False, 0
        self._work, self._begin = work, work.now
        self._week, self._zone = calendar.of(work), calendar.office_zone(work)
        self._rooms = _Rooms(work, graph, self._zone, uncapped)
        self._ways = _ways(graph, line) if isinstance(line, Line) else [(1.0, writing[:1])]
        self._strays = not self.whole and [step.id for step in writing[:1]] != [graph.start]
        self._place = {step.id: place for place, step in enumerate(writing)}
        self._most = safeguards.of(work).enrolments_a_minute
        self._entered, self._serial = 0, count()
        self._queues: defaultdict[Account, list[tuple[datetime, int, Lot]]] = defaultdict(list)
        self._slots: list[tuple[datetime, int, Account]] = []
        self._planned: dict[Account, datetime] = {}
        self._closed: dict[Account, datetime] = {}

    def enter(self, group: Group, many: int) -> None:
        """Let some of a group enter, as many a minute as may."""
        most = self._most * 60
        while many:
            hour, taken = divmod(self._entered, most) if most else (0, 0)
            some = min(many, most - taken) if most else many
            for part, way in _parts(some, self._ways):
                lot = Lot(group, part, way, unsure=self._strays)
                self._go_on(lot, self._begin + hour * HOUR)
            self._entered, many = self._entered + some, many - some
            if self._date(self._begin + hour * HOUR) != self._date(self._begin):
                self.limits.setdefault(f"at most {self._most:,} enter in a minute")

    def send(self) -> None:
        """Send all of them, account by account, hour by hour."""
        while self._slots:
            at, _, account = heappop(self._slots)
            if self._planned.get(account) == at:
                del self._planned[account]
                self._fill(account, at)
        self.beyond += sum(lot.count for queue in self._queues.values() for _, _, lot in queue)
        self.days = dict(sorted(self.days.items()))

    def _go_on(self, lot: Lot, at: datetime) -> None:
        """Bring a lot to its next message, past its waits; what is not sent to them is passed."""
        unsure = lot.unsure
        for place in range(lot.place, len(lot.way)):
            step = lot.way[place]
            if step.kind not in CHANNELS:
                at = sequence_days.unanswered(step, self._week, self._zone, at)
                unsure = unsure or sequence_days.is_unsure(step)
            elif account := lot.group.senders[self._place[step.id]]:
                came = replace(lot, place=place, unsure=unsure, day=None, held="")
                self._put(account, at, came)
                return

    def _put(self, account: Account, due: datetime, lot: Lot) -> None:
        """Let a lot wait for an account."""
        queue = self._queues[account]
        heappush(queue, (due, next(self._serial), lot))
        if queue[0][2] is lot:
            self._plan(account)

    def _plan(self, account: Account) -> None:
        """Put down the next hour in which an account has something to send, if within a year."""
        due = max(self._queues[account][0][0], self._closed.get(account, self._begin))
        at = self._rooms.opening(account, due)
        if at is not None and at <= self._begin + FAR and self._planned.get(account) != at:
            self._planned[account] = at
            heappush(self._slots, (at, next(self._serial), account))

    def _fill(self, account: Account, at: datetime) -> None:
        """Send what is due to leave by an account within an hour, as far as there is room."""
        queue, end = self._queues[account], at + HOUR
        self._closed[account] = end
        while queue and queue[0][0] < end:
            due, _, lot = heappop(queue)
            leaves = self._rooms.opening(account, max(due, at)) or self._begin + 2 * FAR
            free, why = self._rooms.of_person(lot, leaves)
            lot = replace(lot, day=lot.day or self._date(leaves), held=why or lot.held)
            if free > leaves or leaves >= end:
                heappush(queue, (free, next(self._serial), lot))
                continue
            room, why = self._rooms.in_hour(account, at, leaves)
            if some := min(lot.count, room):
                self._rooms.take(account, at, leaves, some)
                self._decide(account, replace(lot, count=some), leaves)
            if some < lot.count:
                left = replace(lot, count=lot.count - some, held=why)
                heappush(queue, (due, next(self._serial), left))
                break
        if queue:
            self._plan(account)

    def _decide(self, account: Account, lot: Lot, at: datetime) -> None:
        """Let a lot go, on the days on which the account has room; what follows waits from now."""
        channel = CHANNELS[lot.way[lot.place].kind]
        for some, leaves in self._rooms.on_days(account, at, lot.count):
            if leaves > self._begin + FAR:
                self.beyond += some
                break
            self._leave(replace(lot, count=some), channel, leaves)
            if self._date(leaves) != self._date(at):
                self.limits.setdefault(self._rooms.a_day(account))
            sent = {**lot.sent, channel: (*lot.sent.get(channel, ()), leaves)}
            self._go_on(replace(lot, count=some, place=lot.place + 1, sent=sent), at)

    def _leave(self, lot: Lot, channel: str, at: datetime) -> None:
        """Count what leaves, and what is to be known about it."""
        day, mails = self._date(at), lot.count if channel == "email" else 0
        before = self.days.get(day, Load(0, 0))
        self.days[day] = Load(before.emails + mails, before.texts + lot.count - mails)
        if self.first is None or at < self.first:
            self.first, self.unsure = at, lot.unsure
        self.waits = self.waits or lot.unsure
        if lot.held and lot.day != day:
            self.limits.setdefault(lot.held)

    def _date(self, at: datetime) -> date:
        return local(at, self._zone).date()


class _Rooms:
    """When an account may send and how much, and when a person may be written to again."""

    def __init__(self, work: Work, graph: Graph, zone: ZoneInfo, uncapped: Collection[str]) -> None:
        self._work, self._graph, self._zone = work, graph, zone
        self._begin, self._uncapped = work.now, uncapped
        self._safe, own = safeguards.of(work), graph.settings.sends_an_hour
        self._an_hour = self._safe.sends_an_hour if own is None else own
        self._taken: Counter[Hashable] = Counter()  # messages by account and hour, and by hour
        self._sent: dict[Account, Counter[date]] = {}
        self._full: dict[Account, datetime] = {}  # until when an account has no room

    def opening(self, account: Account, at: datetime) -> datetime | None:
        """Return when an account may send from a moment on; None where that is never."""
        office = calendar.of(self._work).hours(account.channel)
        hours = [one for one in (office, self._graph.settings.hours, account.open_hours) if one]
        try:
            return clockwork.next_opening(at, self._zone, hours)
        except Refused:
            return None

    def in_hour(self, account: Account, slot: datetime, at: datetime) -> tuple[int, str]:
        """Return how many messages may be decided in an hour, and what the limit is."""
        hourly, an_hour = account.hourly_limit, self._an_hour
        own, all_ = self._taken[account, slot], self._taken[self._hour(at)]
        rooms = [
            (hourly, hourly - own, f"‘{account.name}’ sends at most {hourly:,} an hour"),
            (an_hour, an_hour - all_, f"the sequence sends at most {an_hour:,} an hour"),
        ]
        limited = [(max(0, room), why) for limit, room, why in rooms if limit]
        return min(limited, default=(sys.maxsize, ""), key=lambda one: one[0])

    def take(self, account: Account, slot: datetime, at: datetime, many: int) -> None:
        """Take the place of messages that are decided in an hour."""
        self._taken[account, slot] += many
        self._taken[self._hour(at)] += many

    def on_days(self, account: Account, at: datetime, many: int) -> Iterator[tuple[int, datetime]]:
        """Yield how many of those decided at a moment leave when, as many a day as may."""
        sent, daily = self._of_days(account), account.daily_limit
        at = max(at, self._full.get(account, at))
        while many:
            leaves = self.opening(account, at) or self._begin + 2 * FAR
            day = local(leaves, self._zone).date()
            never = leaves > self._begin + FAR
            some = many if never or not daily else min(many, max(0, daily - sent[day]))
            sent[day] += some
            many -= some
            if some:
                yield some, leaves
            if many:
                at = self._full[account] = in_zone(datetime.combine(day + DAY, time()), self._zone)

    def a_day(self, account: Account) -> str:
        """Say how much an account sends in a day."""
        return f"‘{account.name}’ sends at most {account.daily_limit:,} a day"

    def _of_days(self, account: Account) -> Counter[date]:
        """Return what an account sends by day, with what it has sent today."""
        if account not in self._sent:
            before = pace.sent_since(self._work, account.id, self._begin - DAY)
            self._sent[account] = Counter({local(self._begin, self._zone).date(): before})
        return self._sent[account]

    def of_person(self, lot: Lot, at: datetime) -> tuple[datetime, str]:
        """Return when those of a lot may get their next message, as far as is known, and why."""
        step = lot.way[lot.place]
        channel = CHANNELS[step.kind]
        known, free = lot.sent.get(channel, ()), at
        caps = caps_of(self._safe, channel) if step.id not in self._uncapped else ()
        for most, within in caps:
            if most and len(known) >= most:
                free = max(free, known[-most] + within)
        if caps and (before := lot.group.free[channel == "sms"]):
            free = max(free, before)
        return free, _cap_said(caps, channel) if free > at else ""

    def _hour(self, at: datetime) -> int:
        return (at - self._begin) // HOUR


def caps_of(safe: Safeguards, channel: str) -> tuple[Limit, ...]:
    """Return how often one person is written to at most."""
    if channel == "sms":
        return (Limit(safe.texts_a_day, DAY),)
    return Limit(safe.emails_a_day, DAY), Limit(safe.emails_a_week, 7 * DAY)


def _cap_said(caps: Iterable[Limit], channel: str) -> str:
    name = "SMS" if channel == "sms" else "e-mail"
    said = [
        f"{most:,} {name}{'s' * (most > 1 and channel == 'email')} "
        + ("a day" if within == DAY else f"in {within.days} days")
        for most, within in caps
        if most
    ]
    return f"nobody gets more than {' or '.join(said)}"


# -- the ways through a sequence -------------------------------------------------------------


def _ways(graph: Graph, line: Line) -> list[tuple[float, Sequence[Step]]]:
    """Return the steps that one may come by, and what share of people goes that way."""
    ways: list[tuple[float, Sequence[Step]]] = [(1.0, ())]
    for row in line.rows:
        waits, paths = [graph.steps[key] for key in row.waits], _paths(graph, row)
        if len(ways) * len(paths) > MOST_WAYS:
            paths = [(1.0, paths[0][1])]
        ways = [
            (share * part, (*steps, *waits, *more)) for share, steps in ways for part, more in paths
        ]
    return [(share, [one for one in steps if not one.disabled]) for share, steps in ways]


def _paths(graph: Graph, row: Row) -> list[tuple[float, Sequence[Step]]]:
    step = graph.steps[row.key]
    if not row.paths:
        return [(1.0, [step])]
    paths = [[graph.steps[key] for key in path] for path in row.paths]
    try:
        shares = [one.percent / WHOLE for one in Split.load(step.settings).paths]
    except BadSettings:
        shares = [1 / len(paths)] * len(paths)
    return [(1.0, paths[0])] if step.disabled else list(zip(shares, paths, strict=False))


def _parts(
    many: int, ways: Sequence[tuple[float, Sequence[Step]]]
) -> Iterator[tuple[int, Sequence[Step]]]:
    """Yield how many of some go which way; nobody is lost by rounding."""
    borders = [0, *(round(many * share) for share in accumulate(share for share, _ in ways))]
    borders[-1] = many
    for (before, after), (_, way) in zip(pairwise(borders), ways, strict=True):
        if after > before:
            yield after - before, way
