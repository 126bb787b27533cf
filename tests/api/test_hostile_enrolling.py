"""What somebody tries who has no key, half a key, a revoked one, or one and bad intentions."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from msgspec import structs

from rally_desktop.services import api_keys, safeguards
from tests.api.test_enrolling import Program, sequence

pytestmark = pytest.mark.slow

TABLES = ("contact", "activity", "enrolment", "run", "api_key")
PATH = "/v1/sequences/{}/people"


@pytest.fixture
def program(site, world):
    """A program with a key that may not add contacts."""
    return Program(world.do(api_keys.make, "Shop"), sequence(world), site.ask)


def bytes_of(world):
    """Return everything there is in the tables that a request may come to."""
    return [world.rows(f"select * from {table}") for table in TABLES]


def test_without_a_key_that_holds_nothing_is_read_and_nothing_written(site, world, program):
    """Every other word is refused alike, before the content is looked at."""
    world.contact("Ana", email="ana@example.org")
    other = world.do(api_keys.make, "Other")
    whole, (_, handle, secret) = program.key, program.key.split("_", 2)
    before = bytes_of(world)
    tries = [
        "", "Bearer", "Bearer ", f"Bearer {whole}x", f"Bearer {whole[:-1]}", f"Basic {whole}",
        f"Bearer rally_{handle}_", f"Bearer rally_{other.split('_')[1]}_{secret}",
        f"Bearer {whole.upper()}", f"bearer{whole}", f"Bearer {whole} {whole}", "Bearer ' or 1=1",
        f"Bearer rally_%_{secret}", f"Bearer {'a' * 5_000}", f"Bearer {whole}\u00e9", whole,
    ]  # fmt: skip
    said = set()
    for shown in tries:
        headers = {"Authorization": shown} if shown else {}
        kind = {"Content_Type": "application/json"}
        got = site.ask("POST", PATH.format(program.number), b"{not json", **kind, **headers)
        assert got.status == 401, shown
        assert got.headers["www-authenticate"] == "Bearer"
        said.add(got.body)
        assert site.ask("GET", "/v1/sequences", **headers).status == 401
    assert len(said) == 1
    assert bytes_of(world) == before


def test_two_keys_at_once_are_none(site, world, program):
    """A proxy and the service could understand two headers differently."""
    key = f"Authorization: Bearer {program.key}\r\n".encode()
    head = b"GET /v1/sequences HTTP/1.1\r\nHost: office.example.com\r\n"
    assert site.raw(head + key + b"\r\n").startswith(b"HTTP/1.1 200")
    assert site.raw(head + key * 2 + b"\r\n").startswith(b"HTTP/1.1 401")


NO_REQUESTS = (
    b"", b"{", b"[]", b"null", b"7", b'"ana"', b"{}", b'{"id":"7"}', b'{"id":0}', b'{"id":-1}',
    b'{"id":1e400}', b'{"id":9223372036854775808}', b'{"id":true}', b'{"id":1,"owner":2}',
    b'{"email":""}', b'{"email":["a@b.c"]}', b'{"email":{"$ne":""}}', b'{"email":"a","id":1}',
    b'{"email":"a@b.c","add":[]}', b'{"email":"a@b.c","add":{"tags":["x"]}}', b"\xff\xfe",
    b'{"email":"\\ud800"}', b"[" * 60_000, b'{"id":1}{"id":2}', b'{"email":"' + b"a" * 321 + b'"}',
)  # fmt: skip


def test_what_is_no_request_is_refused(world, program, site):
    """Wrong types, unknown fields, two names, broken text: 400, and nothing happens."""
    said = {"Authorization": f"Bearer {program.key}", "Content_Type": "application/json"}
    before = bytes_of(world)[:4]
    for body in NO_REQUESTS:
        got = site.ask("POST", PATH.format(program.number), body, **said)
        assert (got.status, json.loads(got.body)["reason"]) == (400, "unreadable"), body[:40]
    assert bytes_of(world)[:4] == before


def test_texts_that_no_database_takes_are_said(world, program):
    """NUL, words that are no number and a quote are values like any other, or refused as such."""
    assert program.outcome({"email": "a\0b@example.org"}) == (422, "bad_fields")
    assert program.outcome({"mobile": "call me"}) == (422, "bad_fields")
    assert program.outcome({"mobile": "+1\0"}) == (422, "bad_fields")
    assert program.outcome({"email": "' or 1=1 --"}) == (404, "no_contact")
    assert program.outcome({"email": "%"}) == (404, "no_contact")
    world.do(api_keys.make, "Adds", adds=True)
    program.key = world.do(api_keys.make, "Adds more", adds=True)
    for email in ("no address", "a@b.c\r\nBcc: x@y.z", "a@b.c, d@e.f"):
        asked = {"email": email, "add": {"first_name": "Ana"}}
        assert program.outcome(asked) == (422, "bad_fields"), email
    assert world.rows("select * from contact") == []


def test_other_types_other_sites_and_odd_names_of_requests_are_refused(world, program):
    """A web page of somebody else’s cannot use a key, however it came by it."""
    ana = {"id": world.contact("Ana").id}
    kind = {"Content_Type": "text/plain"}
    assert program.enrol(ana, **kind)[0] == 415
    for request in ("", "a b", "x" * 201, "\u00e9"):
        assert program.enrol(ana, **{"Idempotency_Key": request})[0] == 400
    said = {"Authorization": f"Bearer {program.key}", "Content_Type": "application/json"}
    for foreign in ({"Origin": "https://evil.example"}, {"Sec_Fetch_Site": "cross-site"}):
        got = program.ask("POST", PATH.format(program.number), b'{"id":1}', **said, **foreign)
        assert got.status == 403
    assert world.rows("select * from enrolment") == []


def test_many_at_once_enrol_one_once(world, program):
    """Eight requests in the same moment put somebody down once, and so do their repetitions."""
    ana = world.contact("Ana", email="ana@example.org")

    def once(number: int) -> tuple[int, str]:
        return program.outcome({"id": ana.id}, f"request-{number % 2}")

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(once, range(8)))
    assert (202, "enrolled") in told
    assert set(told) <= {(202, "enrolled"), (200, "inside")}
    assert len(world.rows("select * from enrolment")) == 1
    world.tick()
    assert world.run_states() == ["active"]


def test_one_too_fast_is_told_to_wait(world, program, site):
    """After a burst there is 429 with how long to wait."""
    said = {"Authorization": "Bearer rally_00000000_none"}
    found = [site.ask("GET", "/v1/sequences", **said) for _ in range(140)]
    assert {answer.status for answer in found} == {401, 429}
    assert int(found[-1].headers["retry-after"]) >= 1


def test_a_crowd_waits_for_somebody_to_look(world, program):
    """More than may enter unasked wait, whoever holds the key."""
    limits = structs.replace(safeguards.Safeguards(), enrolments_at_once=3)
    world.do(safeguards.save, limits)
    for number in range(5):
        assert program.outcome({"id": world.contact(f"P{number}").id}) == (202, "enrolled")
    world.tick()
    assert world.run_states() == []
    assert world.rows("select distinct state from enrolment") == [("asked",)]
