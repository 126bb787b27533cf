"""What a look at an enrolment says: how many messages, when the first leaves, and what follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from rally_desktop.core.days import in_words
from rally_desktop.engine.enrol_preview import Plan, Preview
from rally_desktop.engine.outgoing import Load

MOST = 8  # stretches of time told one by one: days, else weeks, else months


@dataclass(frozen=True)
class Stretch:
    """A day, a week or a month, and what leaves within it."""

    name: str
    load: Load

    @property
    def count(self) -> int:
        """Return how many messages that is."""
        return sum(self.load)

    @property
    def said(self) -> str:
        """Say how many of which sort."""
        return " and ".join(filter(None, _sorts(self.load)))


def says(found: Preview) -> list[str]:
    """Return in sentences what enrolling means, with all the days."""
    plan = found.plan or Plan()
    return [*first(found), *_days_said(plan), *notes(plan), *plan.brakes]


def first(found: Preview) -> list[str]:
    """Return how many messages that is at most, and when the first leaves."""
    plan = found.plan or Plan()
    said = []
    if found.emails or found.texts:
        mails, texts = _sorts(Load(found.emails, found.texts))
        parts = f"{texts} in {found.parts:,} parts" if texts else ""
        said.append(f"At most {' and '.join(filter(None, (mails, parts)))}.")
    if plan.first_at is not None:
        later = ", or later" if plan.later else ""
        when = in_words(plan.first_at, plan.first_at.astimezone().tzinfo or UTC)
        said.append(f"The first goes out {when}{later}.")
    return said


def heading(plan: Plan) -> str:
    """Return what stands above the days."""
    return "Messages by day, if nobody answers" if plan.whole else "First messages by day"


def notes(plan: Plan) -> list[str]:
    """Return what must be known to read the days."""
    told = []
    if plan.limits:
        told.append(f"Some leave on a later day: {'; '.join(plan.limits)}.")
    if plan.waits:
        told.append("Steps for a person are taken to be done at once: what follows may be later.")
    if plan.days and not plan.whole:
        told.append("The steps branch: what follows the first message depends on the way.")
    if plan.beyond:
        told.append(f"{plan.beyond:,}, and what follows them, find no room within a year.")
    return told


def stretches(days: Mapping[date, Load]) -> list[Stretch]:
    """Return what leaves by day; many days by week, many weeks by month."""
    found: list[Stretch] = []
    for begins, name in _SIZES:
        loads: defaultdict[date, Load] = defaultdict(lambda: Load(0, 0))
        for day, load in days.items():
            before = loads[begins(day)]
            loads[begins(day)] = Load(before.emails + load.emails, before.texts + load.texts)
        found = [Stretch(name(day), load) for day, load in loads.items()]
        if len(found) <= MOST:
            break
    return found


_Size = tuple[Callable[[date], date], Callable[[date], str]]
_SIZES: tuple[_Size, ...] = (
    (lambda day: day, lambda day: f"{day:%a} {day.day} {day:%b}"),
    (lambda day: day - timedelta(days=day.weekday()), lambda day: f"Week of {day.day} {day:%b}"),
    (lambda day: day.replace(day=1), lambda day: f"{day:%B %Y}"),
)


def _days_said(plan: Plan) -> list[str]:
    if len(plan.days) < 2:
        return []
    told = "; ".join(f"{one.name}: {one.count:,}" for one in stretches(plan.days))
    return [f"{heading(plan)}: {told}."]


def _sorts(load: Load) -> tuple[str, str]:
    mails = f"{load.emails:,} e-mail{'s' * (load.emails != 1)}" if load.emails else ""
    return mails, f"{load.texts:,} SMS" if load.texts else ""
