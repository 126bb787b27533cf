"""The stop matrix: what an event of the timeline does to the runs of a record (semantics, 10)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

import msgspec
from sqlalchemy import select

from rally_desktop.engine.nodes.base import Event
from rally_desktop.model.graph import Graph
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import activity, deal
from rally_desktop.model.work import Work
from rally_desktop.services import deals, messages

Action = Literal["stop", "pause", "go_on"]
ACTIONS: tuple[Action, ...] = ("stop", "pause", "go_on")

# Every event that a workflow's settings may name in ``stops``, and what sequences do unless
# their settings say otherwise; other workflows go on. Each is a reason code too.
SEQUENCES: Mapping[str, Action] = MappingProxyType(
    {
        "reply": "stop",
        "automatic_reply": "go_on",
        "text_back": "pause",
        "call_back": "pause",
        "meeting_planned": "stop",
        "deal_won": "stop",
        "hard_bounce": "pause",
        "soft_bounces": "pause",
        "unsubscribed": "stop",
        "stop_word": "stop",
        "written_by_hand": "pause",
    }
)
EVENTS = tuple(SEQUENCES)
# How long such a pause lasts; any other lasts until somebody ends it.
PAUSES: Mapping[str, timedelta] = MappingProxyType({"written_by_hand": timedelta(days=3)})
# What the owner is asked to do when such an event has paused a run.
ASKED: Mapping[str, str] = MappingProxyType(
    {
        "text_back": "Read the SMS, then let the sequence go on or stop it",
        "call_back": "Take up the call, then let the sequence go on or stop it",
        "hard_bounce": "Find the new e-mail address",
    }
)
_NEW_NUMBER = "Find the new mobile number"
MOST_SOFT_BOUNCES, WITHIN = 3, timedelta(days=7)


def of(graph: Graph) -> Mapping[str, Action]:
    """Return what each event does to the runs of a workflow, those that do nothing left out."""
    chosen = _chosen(graph)
    return {event: action for event, action in chosen.items() if action != "go_on"}


def action(graph: Graph, told: str, event: Event) -> Action | None:
    """Return what an event does to the runs of a workflow; None where it does nothing.

    That a mobile number is no more is nothing to a workflow that sends no text messages.
    """
    if event.kind == "sms_bounced" and not any(
        step.kind == "send_sms" for step in graph.steps.values()
    ):
        return None
    return of(graph).get(told)


def watches(graph: Graph) -> bool:
    """Say whether any event of the matrix does something to the runs of a workflow."""
    return bool(of(graph)) or minds_absence(graph)


def minds_absence(graph: Graph) -> bool:
    """Say whether the next step waits for the day that an automatic reply names."""
    return _chosen(graph).get("automatic_reply") == "go_on"


def _chosen(graph: Graph) -> dict[str, Action]:
    default = SEQUENCES if graph.purpose == "sequence" else {}
    return {**default, **graph.settings.stops}


def told(work: Work, event: Event, run_id: int | None) -> str:
    """Return which event of the matrix a line is; empty where it is none of them.

    ``run_id`` is the run behind the line, if one is.
    """
    if event.kind == "email_sent":
        return "written_by_hand" if run_id is None else ""
    asked = _LINES.get(event.kind)
    return asked(work, event) if asked else ""


def asked(told: str, event: Event) -> str:
    """Return what the owner is asked to do about an event that paused a run; empty for nothing."""
    by_sms = told == "hard_bounce" and event.kind == "sms_bounced"
    return _NEW_NUMBER if by_sms else ASKED.get(told, "")


def since(
    work: Work, runs: Mapping[int, tuple[Ref, int]]
) -> Mapping[int, list[tuple[datetime, Event, int | None]]]:
    """Return for runs when which lines that may be events of the matrix came, and by which run.

    Of each run it is given whose it is, and the contact that it writes to.
    """
    about = {number: {ref, Ref("contact", person)} for number, (ref, person) in runs.items()}
    won = _deals_of(work, {ref.id for ref, _ in runs.values() if ref.kind == "contact"})
    for number, (ref, _) in runs.items():
        about[number] |= won.get(ref, set())
    lines = _lines(work, set().union(*about.values()))
    return {
        number: [line for ref in sorted(refs) for line in lines.get(ref, ())]
        for number, refs in about.items()
    }


def _deals_of(work: Work, people: Collection[int]) -> Mapping[Ref, set[Ref]]:
    """Return the deals of contacts."""
    made: dict[Ref, set[Ref]] = {}
    query = select(deal.c.contact_id, deal.c.id).where(deal.c.contact_id.in_(sorted(people)))
    for person, number in work.connection.execute(query) if people else ():
        made.setdefault(Ref("contact", person), set()).add(Ref("deal", number))
    return made


def _lines(
    work: Work, refs: Collection[Ref]
) -> Mapping[Ref, list[tuple[datetime, Event, int | None]]]:
    columns, made = activity.c, dict[Ref, list[tuple[datetime, Event, int | None]]]()
    if not refs:
        return made
    query = select(
        columns.record_kind, columns.record_id, columns.at, columns.kind, columns.detail,
        columns.run_id,
    ).where(
        columns.record_id.in_(sorted({ref.id for ref in refs})),
        columns.kind.in_(sorted(_LINES)), columns.record_kind.in_({ref.kind for ref in refs}),
    )  # fmt: skip
    for kind, number, at, what, detail, run_id in work.connection.execute(query):
        ref = Ref(kind, number)
        event = Event(what, ref, msgspec.json.decode(detail))
        made.setdefault(ref, []).append((at, event, run_id))
    return made


def _is_won(work: Work, event: Event) -> bool:
    if "stages" not in work.memo:
        work.memo["stages"] = deals.stages(work)
    where = (event.detail.get("pipeline"), event.detail.get("new"))
    return any(
        (stage.pipeline, stage.name) == where and stage.outcome == "won"
        for stage in work.memo["stages"]
    )


def _bounce(work: Work, event: Event) -> str:
    if event.detail.get("hard"):
        return "hard_bounce"
    return "soft_bounces" if _soft_bounces(work, event.ref) >= MOST_SOFT_BOUNCES else ""


def _text_bounce(work: Work, event: Event) -> str:
    """Return what it is that a text did not arrive; nothing once it would go to another number."""
    if not event.detail.get("hard") or (found := work.find(event.ref)) is None:
        return ""
    number = event.ref.id if event.ref.kind == "contact" else found.get("contact_id")
    person = work.find(Ref("contact", number)) if number else None
    stands = person and messages.address_of(work, person, "sms") == event.detail.get("address")
    return "hard_bounce" if stands else ""


def _soft_bounces(work: Work, ref: Ref) -> int:
    """Return how often messages came back in the last days that may yet arrive another time."""
    columns = activity.c
    query = select(columns.detail).where(
        columns.record_kind == ref.kind, columns.record_id == ref.id,
        columns.kind == "email_bounced", columns.at > work.now - WITHIN,
    )  # fmt: skip
    found = work.connection.execute(query).scalars()
    return sum(not msgspec.json.decode(detail).get("hard") for detail in found)


# What is asked of the lines that may be an event of the matrix.
_LINES: Mapping[str, Callable[[Work, Event], str]] = MappingProxyType(
    {
        "email_received": lambda work, event: (
            "automatic_reply" if event.detail.get("automatic") else "reply"
        ),
        "sms_received": lambda work, event: (
            "stop_word" if event.detail.get("stop") else "text_back"
        ),
        "call_logged": lambda work, event: (
            "call_back" if event.detail.get("direction") == "in" else ""
        ),
        "meeting_planned": lambda work, event: "meeting_planned",
        "stage_moved": lambda work, event: "deal_won" if _is_won(work, event) else "",
        "email_bounced": _bounce,
        "sms_bounced": _text_bounce,
        "email_unsubscribed": lambda work, event: "unsubscribed",
        "sms_unsubscribed": lambda work, event: "unsubscribed",
    }
)
# The lines that tell what a person did, or what was done to that person: whoever answers, answers
# for the deals too that this person is the contact of.
OF_PEOPLE = frozenset(_LINES) - {"stage_moved"} | {"email_sent", "email_opened", "link_clicked"}
