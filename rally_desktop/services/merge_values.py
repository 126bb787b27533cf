"""Which value stands where two records become one: their own, the fuller, the stricter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select

from rally_desktop.core.fold import fold
from rally_desktop.model.changes import FieldsSet
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.tables import suppression
from rally_desktop.model.tables.contact import LIFECYCLE_STAGES
from rally_desktop.model.work import OWN, Snapshot, Work
from rally_desktop.services import messages, records

CONSENTS = {"consent_email": "email", "consent_sms": "sms"}
STRICT = frozenset({*CONSENTS, "do_not_contact", "email_invalid"})
"""Fields that nobody chooses: whoever refused once has refused."""
_STRICTEST = ("refused", "unknown", "granted")
LATEST = ("last_email_sent_at", "last_email_opened_at", "last_link_clicked_at",
          "last_replied_at", "last_activity_at")  # fmt: skip
_SCORED = ("score_points", "score_due_at")


def proofs(name: str) -> tuple[str, str]:
    """Return the fields that say since when and how a consent was given."""
    return f"{name}_at", f"{name}_how"


def standing(name: str, values: Sequence[Any]) -> int:
    """Return the place of the value that stands unless somebody chooses another.

    That is the first that is not empty; of scores the highest, of lifecycle stages the furthest,
    of consents the strictest, and a yes where one says yes.
    """
    filled = [place for place, value in enumerate(values) if value not in (None, "")]
    if name in CONSENTS:
        ranks = [_STRICTEST.index(value or "unknown") for value in values]
        return ranks.index(min(ranks))
    if name in STRICT:
        return next((place for place, value in enumerate(values) if value), 0)
    if name == "score" and filled:
        return max(filled, key=lambda place: (values[place], -place))
    if name == "lifecycle_stage" and filled:
        return max(filled, key=lambda place: (_stage(values[place]), -place))
    return filled[0] if filled else 0


def _stage(value: str) -> int:
    return LIFECYCLE_STAGES.index(value) if value in LIFECYCLE_STAGES else -1


def merged(work: Work, kept: Ref, gone: Ref) -> dict[str, Any]:
    """Return what the record that is kept will say, the office's own fields too."""
    one, other = work.record(kept), work.record(gone)
    made: dict[str, Any] = {}
    for name in records.settable(kept.kind):
        pair = (one[name], other[name])
        made[name] = pair[standing(name, pair)]
    own, theirs = one["custom"] or {}, other["custom"] or {}
    made |= {f"{OWN}{name}": theirs[name] for name in theirs.keys() - own.keys()}
    for name in (name for name in LATEST if name in one):
        made[name] = max(filter(None, (one[name], other[name])), default=None)
    return made


def points(work: Work, kept: Ref, gone: Ref, score: int | None) -> dict[str, Any]:
    """Return how much of the score that stands are points: what the side it is from had."""
    if kept.kind != "contact":
        return {}
    sides = (work.record(kept), work.record(gone))
    own = next((side["score_points"] for side in sides if side["score"] == score), None)
    return {"score_points": own}


def strict(work: Work, kept: Ref, gone: Ref, email: str) -> dict[str, Any]:
    """Return what cannot be chosen, with its proofs; ``email`` is the address that was."""
    if kept.kind != "contact":
        return {}
    sides = (work.record(kept), work.record(gone))
    made: dict[str, Any] = {
        "do_not_contact": any(side["do_not_contact"] for side in sides),
        "email_invalid": any(
            side["email_invalid"] and fold(side["email"]) in (fold(email), "") for side in sides
        ),
    }
    for name, channel in CONSENTS.items():
        stands = sides[standing(name, [side[name] for side in sides])]
        made |= {name: stands[name] or "unknown"}
        made |= {proof: stands[proof] for proof in proofs(name)}
        if made[name] != "refused" and _barred(work, channel, sides):
            at, how = proofs(name)
            made |= {name: "refused", at: work.now, how: "An address is on the suppression list"}
    return made


def _barred(work: Work, channel: str, sides: Sequence[Snapshot]) -> bool:
    addresses = [fold(messages.address_of(work, side, channel)) for side in sides]
    own = suppression.c
    query = select(own.address).where(own.channel == channel, own.address.in_(addresses))
    return work.connection.execute(query.limit(1)).first() is not None


# -- before and after --------------------------------------------------------------------------


def image(work: Work, ref: Ref) -> dict[str, Any]:
    """Return what a record says, as plain JSON: its own fields one by one."""
    found = work.record(ref)
    shown = [*records.settable(ref.kind), *(name for name in _unseen(ref.kind) if name in found)]
    made = {name: found[name] for name in shown}
    made |= {f"{OWN}{name}": value for name, value in (found["custom"] or {}).items()}
    return msgspec.to_builtins(made)


def put(work: Work, ref: Ref, values: Mapping[str, Any]) -> None:
    """Let a record say these values; what only the program moves makes no line."""
    found = work.record(ref)
    known = {**found, **{f"{OWN}{name}": one for name, one in (found["custom"] or {}).items()}}
    moved = {name: (known.get(name), new) for name, new in values.items() if known.get(name) != new}
    unseen = {name: moved.pop(name)[1] for name in _unseen(ref.kind) if name in moved}
    if moved:
        work.change(FieldsSet(ref, moved))
    if unseen:
        work.mark(ref, unseen)


def plain(kind: RecordKind, name: str, value: Any) -> Any:
    """Return a value out of an image in its column's type again."""
    if name in _unseen(kind):
        return datetime.fromisoformat(value) if isinstance(value, str) else value
    return value if name.startswith(OWN) else records.checked(kind, {name: value})[name]


def _unseen(kind: RecordKind) -> tuple[str, ...]:
    return (*LATEST, *_SCORED) if kind == "contact" else LATEST
