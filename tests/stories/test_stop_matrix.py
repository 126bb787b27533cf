"""The stop matrix, cell by cell: what happens to a person does to a run what the settings say.

For each moment at which things may happen there is one office, with a person for every cell of
the matrix; what came of it is read once, and each cell is a promise of its own.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from rally_desktop.core.clock import ManualClock
from rally_desktop.engine import matrix
from rally_desktop.engine.publishing import publish, unpublish
from rally_desktop.model.graph import Step
from rally_desktop.model.store import Store
from rally_desktop.outside.mail.memory import MemoryCarrier
from rally_desktop.services import office as offices
from rally_desktop.services import outbox, safeguards
from tests.conftest import ON_BOTH
from tests.stories.stop_matrix import ONE_LETTER, TWO_LETTERS, Cell, Office, cells
from tests.world import World

pytestmark = pytest.mark.slow

BOTH, FIRST, NONE = ["First", "Second"], ["First"], []
# These spoil the address or the consent, so no message follows even where the run goes on.
BARRED = ("hard_bounce", "unsubscribed")
USUAL = cells(settings=["usual"])
# Whoever has left the list is not even let in.
HEARD = [cell for cell in USUAL if cell.event != "unsubscribed"]
END, FAREWELL = Step("end", "end"), Step("bye", "send_email", {"template": "Second"})
_numbers = itertools.count(1)


class Meanwhile(MemoryCarrier):
    """A server that takes its time: something happens before it answers."""

    def __init__(self, happens):
        """Keep what is to happen."""
        super().__init__()
        self.happens = happens

    async def hand_over(self, letter, before_dot):
        """Take a letter, and answer afterwards."""
        answer = await super().hand_over(letter, before_dot)
        self.happens()
        return answer


@dataclass(frozen=True)
class Outcome:
    """What came of a cell: the run right after, the letters and the tasks weeks later."""

    run: tuple[str, str]
    got: list[str]
    tasks: list[str]
    later: tuple[str, str]


@pytest.fixture(scope="module")
def found():
    """A way to found an office at an address, which lasts as long as the module."""
    opened = []

    def make(url):
        clock = ManualClock(datetime(2026, 6, 2, 9, tzinfo=UTC))
        opened.append(Store.open(url, clock))
        opened[-1].write(offices.found)
        return World(opened[-1], clock)

    yield make
    for store in opened:
        store.close()


@pytest.fixture(scope="module")
def in_a_file(found, tmp_path_factory):
    """A way to found an office in a file of its own."""
    return lambda: found(f"sqlite:///{tmp_path_factory.mktemp('matrix')}/office.rally")


@pytest.fixture(scope="module", params=ON_BOTH)
def on_either(request, found, in_a_file):
    """A way to found an office on either database."""
    if request.param == "sqlite":
        return in_a_file
    server, template = map(request.getfixturevalue, ("postgres_server", "postgres_template"))
    return lambda: found(server.create(f"matrix_{next(_numbers)}", template))


def outcomes(office):
    """Return what came of every cell: at once, and after the weeks in which a pause lasts."""
    office.world.turn(minutes=1)
    runs = {cell: office.run_of(one) for cell, one in office.people.items()}
    for _ in range(25):
        office.world.turn(days=1)
    got = {cell: office.got(one) for cell, one in office.people.items()}
    tasks = {cell: office.tasks_of(one) for cell, one in office.people.items()}
    office.world.turn(days=10)
    return {
        cell: Outcome(runs[cell], got[cell], tasks[cell], office.run_of(one))
        for cell, one in office.people.items()
    }


def expected_run(cell):
    """Return how a run stands right after an event."""
    states = {"stop": ("stopped", cell.event), "pause": ("paused", cell.event)}
    return states.get(cell.action, ("active", ""))


def expected_letters(cell):
    """Return what is sent where the event comes between the two letters."""
    over = cell.action == "pause" and cell.event not in matrix.PAUSES
    return FIRST if cell.action == "stop" or over or cell.event in BARRED else BOTH


def expected_later(cell):
    """Return how a run stands five weeks later: no pause lasts as long as that."""
    if cell.action == "stop":
        return "stopped", cell.event
    rests = cell.action == "pause" and cell.event not in matrix.PAUSES
    return ("cancelled", "paused_too_long") if rests else ("done", "")


# -- between two letters -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def between(on_either):
    """What came of it where it happens an hour after the first letter."""
    office = Office(on_either()).open(cells())
    office.enter()
    office.world.tick()
    office.know_letters()
    office.world.turn(hours=1)
    office.happen()
    return outcomes(office)


@pytest.mark.parametrize("cell", cells(), ids=str)
def test_between_two_letters(between, cell):
    """Between two letters an event does what is set: to the run, to the rest of the letters."""
    outcome = between[cell]
    assert outcome.run == expected_run(cell)
    assert outcome.got == expected_letters(cell)
    asked = cell.action == "pause" and matrix.ASKED.get(cell.event)
    assert outcome.tasks == ([asked] if asked else [])
    assert outcome.later == expected_later(cell)


# -- at other moments --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def held(in_a_file):
    """What came of it where it happens while every workflow is held."""
    office = Office(in_a_file()).open(USUAL)
    office.enter()
    office.world.tick()
    office.know_letters()
    for number in office.workflows.values():
        office.world.do(unpublish, number)
    office.happen()
    office.world.turn(days=1)
    assert "stopped" not in office.world.run_states()
    for number in office.workflows.values():
        office.world.do(publish, number)
    return outcomes(office)


@pytest.mark.parametrize("cell", USUAL, ids=str)
def test_during_a_hold(held, cell):
    """What happens during a hold moves nothing, and does all that it does once that is over."""
    assert held[cell].run == expected_run(cell)
    assert held[cell].got == expected_letters(cell)


@pytest.fixture(scope="module")
def same_breath(on_either):
    """What came of it where it happens before the engine has seen that somebody is to enter."""
    office = Office(on_either()).open(HEARD)
    for cell in office.people:
        office.enter([cell])
        office.happen([cell])
    return outcomes(office)


@pytest.mark.parametrize("cell", HEARD, ids=str)
def test_in_the_same_breath_as_the_entry(same_breath, cell):
    """Whoever enters and answers in the same breath enters, and is dealt with; no letter goes."""
    letters = expected_letters(cell)
    if cell.action in ("stop", "pause") or cell.event in BARRED:
        letters = BOTH if letters == BOTH else NONE
    assert same_breath[cell].run == expected_run(cell)
    assert same_breath[cell].got == letters


@pytest.fixture(scope="module")
def on_its_way(in_a_file):
    """What came of it where the first letter can still be recalled, and the run waits."""
    office = Office(in_a_file()).open(USUAL, recall_minutes=30)
    office.enter()
    office.world.turn(minutes=5)
    office.happen()
    return outcomes(office)


@pytest.mark.parametrize("cell", USUAL, ids=str)
def test_before_the_first_letter_has_left(on_its_way, cell):
    """A letter that waits in the outbox is withdrawn with the run, and rests while it rests."""
    letters = expected_letters(cell)
    if cell.action in ("stop", "pause") or cell.event in BARRED:
        letters = BOTH if letters == BOTH else NONE
    assert on_its_way[cell].run == expected_run(cell)
    assert on_its_way[cell].got == letters


@pytest.fixture(scope="module")
def at_its_end(in_a_file):
    """What came of it where the run is over, and its only letter can still be recalled."""
    office = Office(in_a_file()).open(USUAL, ONE_LETTER, recall_minutes=30)
    office.enter()
    office.world.turn(minutes=5)
    office.happen()
    return outcomes(office)


@pytest.mark.parametrize("cell", USUAL, ids=str)
def test_before_the_last_letter_has_left(at_its_end, cell):
    """A run at its end stays done; its last letter goes, unless what happened would stop it."""
    withdrawn = cell.action == "stop" or cell.event in BARRED
    assert at_its_end[cell].run == ("done", "")
    assert at_its_end[cell].got == (NONE if withdrawn else FIRST)


# -- one by one --------------------------------------------------------------------------------


REPLY = Cell("reply", "usual", "sequence")


@pytest.fixture
def ana(world):
    """An office with Ana in it, who is to enter a sequence and to answer."""
    office = Office(world).open([REPLY])
    office.ana = office.people[REPLY]
    return office


def test_the_farewell_of_whoever_enters_and_answers_at_once_is_sent(world):
    """Ana enters and answers in one breath: the first letter is withdrawn, the farewell goes."""
    office = Office(world).open([REPLY], (*TWO_LETTERS[:2], END, FAREWELL), stop_start="bye")
    office.enter()
    office.happen()
    world.turn(minutes=1)
    world.turn(days=2)
    assert office.got(office.people[REPLY]) == ["Second"]


def test_what_is_handed_over_already_is_not_denied(ana):
    """Ana's reply comes while the server takes the first letter: it was sent, and is the last."""
    carrier = ana.world.mail = Meanwhile(ana.happen)
    ana.enter()
    ana.world.turn(days=10)
    assert [sent.subject for sent in carrier.letters] == ["First"]
    assert ana.world.rows("select state from outbox") == [("sent",)]
    assert ana.world.happened(ana.ana.person).count("email_sent") == 1
    assert ana.run_of(ana.ana) == ("stopped", "reply")


def test_what_is_in_doubt_is_not_denied_either(ana):
    """Nobody knows whether the first letter left when Ana answers: it is asked for all the same."""
    ana.world.mail.fail("taken")
    ana.enter()
    ana.world.turn(hours=1)
    ana.happen()
    ana.world.turn(days=10)
    assert ana.world.rows("select state from outbox") == [("doubt",)]
    (parcel,) = ana.world.ask(outbox.doubts)
    ana.world.do(outbox.decide, parcel.id, sent=True)
    assert ana.world.happened(ana.ana.person).count("email_sent") == 1
    assert ana.run_of(ana.ana) == ("stopped", "reply")


def test_a_withdrawn_letter_says_why(ana):
    """With all sending stopped Ana answers: when it goes on her letter fails, and says why."""
    ana.world.do(safeguards.stop_sending, stopped=True)
    ana.enter()
    ana.world.turn(minutes=5)
    ana.happen()
    ana.world.turn(minutes=5)
    ana.world.do(safeguards.stop_sending, stopped=False)
    ana.world.turn(minutes=5)
    assert ana.world.rows("select state, reason from outbox") == [("failed", "run_over")]
    assert ana.got(ana.ana) == NONE


def test_an_answer_ends_all_runs_of_a_person_and_nobody_elses(ana):
    """Ana is in by herself and by her deal, Ben beside her: her answer ends both of hers."""
    world = ana.world
    ben = world.contact("Ben", email="ben@example.org")
    deals_own = world.publish(*TWO_LETTERS, purpose="sequence", record="deal")
    world.deal(contact_id=ana.ana.person.id)
    world.deal(contact_id=ben.id)
    ana.enter()
    world.turn(hours=1)
    ana.happen()
    world.tick()
    found = world.rows("select workflow_id, state from run order by id")
    assert sorted(state for _, state in found) == ["active", "stopped", "stopped"]
    assert (deals_own, "active") in map(tuple, found)


def test_leaving_the_sms_by_the_link_stops_it_too(ana):
    """Ana takes her number off the list on the page that a letter leads to: she gets no more."""
    ana.enter()
    ana.world.turn(hours=1)
    ana.world.say(ana.ana.person, "sms_unsubscribed", address=ana.ana.mobile)
    ana.world.turn(days=10)
    assert ana.run_of(ana.ana) == ("stopped", "unsubscribed")
    assert ana.got(ana.ana) == FIRST


def test_start_and_help_are_answers_that_somebody_reads(ana):
    """Neither is a wish for no more: the sequence rests, and Maria has something to do."""
    ana.enter()
    ana.world.turn(hours=1)
    ana.texts(ana.ana, "START")
    ana.world.tick()
    assert ana.run_of(ana.ana) == ("paused", "text_back")
    assert ana.tasks_of(ana.ana) == [matrix.ASKED["text_back"]]
