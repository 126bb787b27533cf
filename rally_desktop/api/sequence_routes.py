"""Sequences for programs outside: which there are, and enrolling somebody in one of them."""

from __future__ import annotations

import re
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rally_desktop.api import content
from rally_desktop.api.content import Plain, Unreadable, WrongType
from rally_desktop.api.office import office_of
from rally_desktop.core.errors import BadSettings, RallyError, Refused, UnknownField
from rally_desktop.engine import by_program
from rally_desktop.engine.by_program import Enrolled, EnrolsNobody, NoSequence
from rally_desktop.engine.reasons import sentence
from rally_desktop.model.work import Work
from rally_desktop.services import api_keys
from rally_desktop.services.api_people import Ambiguous, MayNotAdd, Named, NoContact

LARGEST = 2**63 - 1
_BEARER = re.compile(r"[Bb]earer +([!-~]{1,200})", re.ASCII)
_REQUEST = re.compile(r"[!-~]{1,200}", re.ASCII)
_STATUS = {"enrolled": 202, "inside": 200, "left_out": 409}
_SAYS = {
    "enrolled": "The contact enters in a moment.",
    "inside": "The contact is in this sequence already.",
}
# What stands in the way, as a program tells it apart, with its status.
_WRONG: tuple[tuple[type[RallyError], int, str], ...] = (
    (WrongType, 415, "wrong_type"),
    (Unreadable, 400, "unreadable"),
    (NoSequence, 404, "no_sequence"),
    (NoContact, 404, "no_contact"),
    (MayNotAdd, 403, "may_not_add"),
    (Ambiguous, 409, "ambiguous"),
    (EnrolsNobody, 409, "enrols_nobody"),
    (UnknownField, 422, "bad_fields"),
    (BadSettings, 422, "bad_fields"),
    (Refused, 422, "bad_fields"),
)


class NoKey(RallyError):
    """Show a key that holds: Authorization, with Bearer and an API key of the office."""


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to enrol, named in one way; ``add`` is what an unknown contact is added with."""

    id: Annotated[int, Meta(ge=1, le=LARGEST)] | None = None
    email: Annotated[str, Meta(min_length=1, max_length=320)] | None = None
    mobile: Annotated[str, Meta(min_length=1, max_length=40)] | None = None
    add: Annotated[dict[str, Plain], Meta(max_length=100)] = {}

    def named(self) -> Named:
        """Return whom that is; raise Unreadable where it says so in no way, or in several."""
        if sum(one is not None for one in (self.id, self.email, self.mobile)) != 1:
            raise Unreadable("Name the contact by one of id, email and mobile.")
        fields = {name: content.text_of(value) for name, value in self.add.items()}
        return Named(self.id, self.email or "", self.mobile or "", fields)


async def listing(request: Request) -> Response:
    """Tell a program which sequences it can enrol people in."""
    try:
        await _admit(request)
    except NoKey as error:
        return _unknown(error)
    found = await office_of(request).read(by_program.sequences)
    return JSONResponse({"sequences": [{"id": one.id, "name": one.name} for one in found]})


async def enrol(request: Request) -> Response:
    """Enrol one person in a sequence."""
    try:
        shown = await _admit(request)
        asked = _asked(request)
        named = (await _person(request)).named()
        done = await office_of(request).write(
            _enrol, shown, min(request.path_params["sequence"], LARGEST), named, asked
        )
    except NoKey as error:
        return _unknown(error)
    except RallyError as error:
        for kind, status, code in _WRONG:
            if isinstance(error, kind):
                return _told(status, code, error)
        raise
    return JSONResponse(_facts(done), _STATUS[done.outcome])


async def _admit(request: Request) -> str:
    """Return the key that is shown, once it is known to hold; raise NoKey."""
    said = request.headers.getlist("authorization")
    found = _BEARER.fullmatch(said[0]) if len(said) == 1 else None
    if found is None:
        raise NoKey
    office = office_of(request)
    key, noted = await office.read(_known, found[1])
    if not noted:
        await office.write(api_keys.note_use, key)
    return found[1]


def _known(work: Work, shown: str) -> tuple[api_keys.ApiKey, bool]:
    key = _holder(work, shown)
    return key, api_keys.is_noted(work, key)


def _holder(work: Work, shown: str) -> api_keys.ApiKey:
    key = api_keys.holder(work, shown)
    if key is None:
        raise NoKey
    return key


def _enrol(work: Work, shown: str, sequence: int, named: Named, asked: str) -> Enrolled:
    """Enrol somebody, where the key has not been revoked since it was looked at."""
    return by_program.enrol(work, _holder(work, shown), sequence, named, asked)


def _asked(request: Request) -> str:
    """Return by what a program tells its requests apart; empty where it does not."""
    said = request.headers.getlist("idempotency-key")
    if len(said) > 1 or any(not _REQUEST.fullmatch(one) for one in said):
        raise Unreadable("An Idempotency-Key has 1 to 200 printable characters and no space.")
    return said[0] if said else ""


async def _person(request: Request) -> Person:
    if not content.is_json(request):
        raise WrongType(f"The content’s type must be {content.JSON}.")
    return content.read(await request.body(), Person)


def _facts(done: Enrolled) -> dict[str, Any]:
    """Return what a program is told of what it asked for."""
    says = sentence(done.reason) if done.reason else _SAYS[done.outcome]
    facts: dict[str, Any] = {"outcome": done.outcome, "says": says, "contact": done.ref.id}
    if done.reason:
        facts["reason"] = done.reason
    if done.unwritten:
        facts["unwritten"] = {
            channel: {"reason": why, "says": sentence(why)}
            for channel, why in done.unwritten.items()
        }
    return {**facts, "added": done.added, "repeated": done.repeated}


def _told(status: int, code: str, error: RallyError) -> Response:
    facts: dict[str, Any] = {"outcome": "refused", "reason": code, "says": str(error)}
    if isinstance(error, BadSettings):
        facts["problems"] = error.problems
    return JSONResponse(facts, status)


def _unknown(error: NoKey) -> Response:
    facts = {"outcome": "refused", "reason": "no_key", "says": str(error)}
    return JSONResponse(facts, 401, {"www-authenticate": "Bearer"})


ROUTES = (
    Route("/v1/sequences", listing, methods=["GET", "HEAD"]),
    Route("/v1/sequences/{sequence:int}/people", enrol, methods=["POST"]),
)
