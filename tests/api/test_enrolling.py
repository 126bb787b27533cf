"""Enrolment by programs outside: whom they name, what they are told, and nobody enters twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Barrier, BrokenBarrierError

import pytest

from rally_desktop.core.errors import BadSettings, Refused
from rally_desktop.engine import by_program
from rally_desktop.engine.publishing import publish
from rally_desktop.model.graph import Graph, Rules, Step, Trigger
from rally_desktop.services import (
    api_keys,
    api_people,
    audit_list,
    contacts,
    templates,
    verdicts,
    workflows,
)
from rally_desktop.services.api_people import Named
from tests.api.conftest import Answer
from tests.world import chain

pytestmark = pytest.mark.slow

WAIT = Step("wait", "wait", {"amount": 9, "unit": "days"})


@dataclass
class Program:
    """A program that holds a key, and the sequence that it enrols people in."""

    key: str
    number: int
    ask: Callable[..., Answer]

    def enrol(self, body: object, request: str = "", **headers: str) -> tuple[int, dict]:
        """Ask for somebody to be enrolled; return the status and what was told."""
        said = {"Authorization": f"Bearer {self.key}", "Content_Type": "application/json"}
        said |= {"Idempotency_Key": request} if request else {}
        path = f"/v1/sequences/{self.number}/people"
        got = self.ask("POST", path, json.dumps(body).encode(), **{**said, **headers})
        return got.status, json.loads(got.body)

    def outcome(self, body: object, request: str = "") -> tuple[int, str]:
        """Ask, and return the status and the outcome, or the reason where there is one."""
        status, told = self.enrol(body, request)
        return status, told.get("reason") or told["outcome"]


def sequence(world, *steps, **graph):
    """Publish a sequence of these steps."""
    return world.publish(*(steps or (WAIT,)), trigger="by_hand", purpose="sequence", **graph)


@pytest.fixture
def program(site, world):
    """A program whose key may add contacts; people wait in its sequence for nine days."""
    key = world.do(api_keys.make, "Shop", adds=True)
    return Program(key, sequence(world), site.ask)


def test_a_program_enrols_whom_it_names_and_the_sequence_writes(site, world):
    """From the request to the mail: the run says that the program began it."""
    world.mailbox()
    world.do(templates.save, "Hello", subject="Hello", text="Hello {{ contact.first_name }}")
    number = sequence(world, Step("mail", "send_email", {"template": "Hello"}), WAIT)
    shop = Program(world.do(api_keys.make, "Shop"), number, site.ask)
    ana = world.contact("Ana", email="ana@example.org")
    status, told = shop.enrol({"email": "ANA@example.org"})
    assert (status, told["outcome"], told["contact"]) == (202, "enrolled", ana.id)
    world.tick()
    world.turn(hours=2)
    assert [letter.subject for letter in world.mail.letters] == ["Hello"]
    (cause,) = world.rows("select cause from run")[0]
    said = world.ask(verdicts.cause_in_words, ana, cause)
    assert said == "Enrolled by the program ‘Shop’"


def test_people_are_named_in_three_ways(program, world):
    """By id, by an address in any spelling and by a mobile number, and never by two at once."""
    ana = world.contact("Ana", email="ana@example.org")
    ben = world.contact("Ben", mobile="+351 912 345 678")
    assert program.enrol({"id": ana.id})[1]["contact"] == ana.id
    assert program.enrol({"mobile": "00351912345678"})[1]["contact"] == ben.id
    assert program.outcome({"id": 999}) == (404, "no_contact")
    assert program.outcome({"email": "nobody@example.org"}) == (404, "no_contact")
    assert program.outcome({"mobile": "+351912000000"}) == (404, "no_contact")
    assert program.outcome({"id": ana.id, "email": "a@b.c"}) == (400, "unreadable")
    world.contact("Ben", last_name="Too", phone="912345678", country="Portugal")
    assert program.outcome({"mobile": "+351912345678"}) == (409, "ambiguous")


def test_a_request_that_comes_again_enrols_nobody_twice(program, world):
    """Before the engine's beat and after it, with a name for the request and without."""
    ana = world.contact("Ana", email="ana@example.org")
    assert program.outcome({"id": ana.id}, "order-7") == (202, "enrolled")
    status, told = program.enrol({"id": ana.id}, "order-7")
    assert (status, told["repeated"]) == (202, True)
    assert program.outcome({"id": ana.id}) == (200, "inside")
    world.tick()
    assert program.outcome({"id": ana.id}, "order-8") == (200, "inside")
    assert program.outcome({"id": ana.id}, "order-7") == (202, "enrolled")
    world.tick()
    assert world.run_states() == ["active"]


def test_somebody_new_is_added_once_by_two_requests_at_once(world, monkeypatch):
    """On a server, too, where one does not see what the other writes before that is there."""
    key, number = world.do(api_keys.make, "Shop", adds=True), sequence(world)
    both, add = Barrier(2), api_people.add

    def slowly(work, named, source):
        with suppress(BrokenBarrierError):
            both.wait(0.3)
        return add(work, named, source)

    monkeypatch.setattr(api_people, "add", slowly)
    named = Named(mobile="+351912345678", fields={"first_name": "Ana"})

    def ask():
        return world.store.write(
            lambda work: by_program.enrol(work, api_keys.holder(work, key), number, named)
        )

    with ThreadPoolExecutor(2) as threads:
        told = [one.result() for one in [threads.submit(ask), threads.submit(ask)]]
    assert sorted(one.outcome for one in told) == ["enrolled", "inside"]
    assert told[0].ref == told[1].ref


def test_who_is_left_out_is_told_in_the_words_of_the_look_at_an_enrolment(program, world):
    """The audience, a mark and the rule for entering again count; nothing is written down."""
    ana = world.contact("Ana", do_not_contact=True)
    status, told = program.enrol({"id": ana.id})
    assert (status, told["outcome"], told["reason"]) == (409, "left_out", "do_not_contact")
    assert told["says"] == "The contact is marked ‘do not contact’."
    ben = world.contact("Ben")
    program.number = sequence(world, Step("end", "end"), settings=Rules(again="never"))
    assert program.outcome({"id": ben.id}) == (202, "enrolled")
    world.tick()
    assert program.outcome({"id": ben.id}) == (409, "once")
    assert world.refusals() == []


def test_who_enters_and_gets_nothing_is_told_so(program, world):
    """Somebody without an address goes through the steps, and no e-mail is written."""
    world.do(templates.save, "Hello", subject="Hello", text="Hello")
    program.number = sequence(world, Step("mail", "send_email", {"template": "Hello"}), WAIT)
    told = program.enrol({"id": world.contact("Ana").id})[1]
    assert told["outcome"] == "enrolled"
    assert told["unwritten"]["email"]["says"] == "The contact has no e-mail address."


def test_somebody_unknown_is_added_where_the_key_may(program, world):
    """What a form may ask for is taken, consent and owner are not, and nobody is changed."""
    new = {"email": "cara@example.org", "add": {"first_name": "Cara", "city": "Porto"}}
    status, told = program.enrol(new)
    assert (status, told["added"]) == (202, True)
    cara = world.ask(contacts.with_email, "cara@example.org")
    found = world.record(cara)
    assert (found["first_name"], found["city"], found["consent_email"]) == (
        "Cara", "Porto", "unknown",
    )  # fmt: skip
    again = {"email": "cara@example.org", "add": {"first_name": "Mallory"}}
    assert program.outcome(again) == (200, "inside")
    assert world.record(cara)["first_name"] == "Cara"
    for wrong in ({"consent_email": "granted"}, {"owner": "Maria"}, {"first_name": "x" * 5_000}):
        asked = {"email": "dora@example.org", "add": wrong}
        assert program.outcome(asked) == (422, "bad_fields")
    program.key = world.do(api_keys.make, "Reads")
    assert program.outcome({**new, "email": "eve@example.org"}) == (403, "may_not_add")


def test_sequences_are_listed_and_others_enrol_nobody(program, world, site):
    """A draft, a paused one, one for deals and a plain workflow are told from a sequence."""
    ana = world.contact("Ana")
    said = {"Authorization": f"Bearer {program.key}"}
    listed = json.loads(site.ask("GET", "/v1/sequences", **said).body)
    assert listed == {"sequences": [{"id": program.number, "name": "Test"}]}
    number = program.number
    world.do(workflows.pause, number, "Not now")
    assert program.outcome({"id": ana.id}) == (409, "enrols_nobody")
    graph = Graph(name="Deals", record="deal", purpose="sequence", start="wait",
                  triggers=(Trigger("t", "by_hand"),), steps=chain(WAIT))  # fmt: skip
    program.number = world.do(workflows.create, graph)
    assert program.outcome({"id": ana.id}) == (409, "enrols_nobody")
    world.do(publish, program.number)
    assert program.outcome({"id": ana.id}) == (409, "enrols_nobody")
    program.number = world.publish(WAIT, trigger="by_hand")
    assert program.outcome({"id": ana.id}) == (404, "no_sequence")
    program.number = 10**30
    assert program.outcome({"id": ana.id}) == (404, "no_sequence")


def test_keys_are_shown_once_and_revoked_at_once(program, world):
    """What is kept opens nothing; the list says when a key was used; a revoked one is refused."""
    ana = world.contact("Ana")
    program.enrol({"id": ana.id})
    (key,) = world.ask(api_keys.listed)
    assert (key.name, key.used_at is not None, key.revoked_at) == ("Shop", True, None)
    assert program.key.startswith(key.begins.removesuffix("…"))
    kept = world.rows("select * from api_key")[0]
    assert not any(program.key.rpartition("_")[2] in str(value) for value in kept)
    with pytest.raises(BadSettings, match="belongs to another key"):
        world.do(api_keys.make, "shop")
    world.do(api_keys.revoke, key.id)
    assert program.outcome({"id": ana.id}) == (401, "no_key")
    assert world.do(api_keys.make, "Shop") != program.key


def test_the_audit_log_tells_of_keys_and_holds_none(world):
    """Who made and who revoked one is written down, and nothing that would open anything."""
    world.do(api_keys.make, "Shop", adds=True)
    world.do(api_keys.revoke, 1)
    wanted = audit_list.Wanted(group="accounts")
    lines = world.ask(lambda work: audit_list.lines(work, audit_list.numbers(work, wanted)))
    assert [line.said for line in lines] == [
        "revoked the API key ‘Shop’", "added the API key ‘Shop’",
    ]  # fmt: skip
    (digest,) = world.rows("select digest from api_key")[0]
    assert all(digest not in str(row) for row in world.rows("select detail from activity"))


def test_only_admins_make_keys(world):
    """Staff are refused, and so is revoking by them."""
    staff = world.user("Sam", role="staff")
    theirs = world.store.seated(staff)
    with pytest.raises(Refused, match="admin"):
        theirs.write(api_keys.make, "Shop")
    world.do(api_keys.make, "Shop")
    (key,) = world.ask(api_keys.listed)
    with pytest.raises(Refused, match="admin"):
        theirs.write(api_keys.revoke, key.id)
