"""Drafts that survive: nobody's work is overwritten silently, and the history comes back."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import pairwise

import pytest
from sqlalchemy import update

from rally_desktop.core.clock import ManualClock
from rally_desktop.core.errors import Conflict, NotFound
from rally_desktop.engine.publishing import publish
from rally_desktop.model.graph import Graph, Step
from rally_desktop.model.patch import Patch
from rally_desktop.model.store import Store
from rally_desktop.model.tables import draft_history
from rally_desktop.services import drafts, workflows
from rally_desktop.services.drafts import Basis, Entry, History, Page
from tests.world import World

ANNA = Page("a" * 16, "Anna", "front-desk", os.getpid())
BEN = Page("b" * 16, "Ben", "back-office", os.getpid())
FLOW = Graph("Flow", steps={"a": Step("a", "wait")}, start="a")


@pytest.fixture
def number(world):
    """A draft of one step."""
    return world.do(workflows.create, FLOW)


@pytest.fixture
def other(database, clock):
    """The same office on another computer."""
    store = Store.open(database, clock)
    yield World(store, clock)
    store.close()


def named(name):
    """The draft by another name."""
    return FLOW.with_(name=name)


def saves(world, number, page, graph, based_on, **more):
    """Save as a page does."""
    return world.do(drafts.save, number, graph, Basis(page, based_on, 1), **more)


def stored(world, number):
    """The draft as the office has it."""
    return world.ask(workflows.draft, number).graph


def chain(*names):
    """The history of renaming a draft again and again."""
    graphs = [FLOW, *map(named, names)]
    return tuple(
        Entry(f"Rename to {after.name}", Patch.between(before, after))
        for before, after in pairwise(graphs)
    )


# -- two people --------------------------------------------------------------------------------


def test_the_first_to_open_a_draft_has_it(world, other, number):
    """Whoever comes second is told who has it and since when, and does not get it."""
    since = world.clock.now()
    assert world.do(drafts.sit, number, ANNA).holder is None
    world.clock.advance(seconds=50)
    world.do(drafts.sit, number, ANNA)
    world.clock.advance(seconds=30)
    holder = other.do(drafts.sit, number, BEN).holder
    assert (holder.who, holder.since, holder.here) == ("Anna", since, False)
    assert world.do(drafts.sit, number, ANNA).holder is None
    assert other.ask(drafts.opened, number, BEN).standing.holder.who == "Anna"


def test_who_has_signed_in_is_called_by_their_name(world, number):
    """The office's own name of a user is said rather than that of the computer's account."""
    world.store.user_id = world.user("Anna Hill")
    world.do(drafts.sit, number, ANNA)
    assert world.ask(drafts.look, number, BEN).holder.who == "Anna Hill"


def test_who_leaves_makes_room(world, number):
    """A seat that was left is free at once, and nobody can leave somebody else's."""
    world.do(drafts.sit, number, ANNA)
    world.do(drafts.get_up, number, BEN)
    assert world.ask(drafts.look, number, BEN).holder.who == "Anna"
    world.do(drafts.get_up, number, ANNA)
    assert world.do(drafts.sit, number, BEN).holder is None


def test_a_computer_that_crashed_makes_room_after_a_minute(world, number):
    """A seat that nobody renews ends by the office's clock."""
    world.do(drafts.sit, number, ANNA)
    world.clock.advance(seconds=59)
    assert world.do(drafts.sit, number, BEN).holder is not None
    world.clock.advance(seconds=1)
    assert world.do(drafts.sit, number, BEN).holder is None
    assert world.do(drafts.sit, number, ANNA).holder.who == "Ben"


def test_a_program_that_crashed_here_makes_room_at_once(world, number):
    """On the same computer one can see that the program is gone."""
    gone = replace(ANNA, process=2**22 + 1)
    world.do(drafts.sit, number, gone)
    assert world.do(drafts.sit, number, replace(BEN, computer="front-desk")).holder is None


def test_a_clock_that_was_put_back_locks_nobody_out(world, number):
    """A seat from the future is nobody's."""
    world.do(drafts.sit, number, ANNA)
    world.store.clock = ManualClock(world.clock.now().replace(year=2025))
    assert world.do(drafts.sit, number, BEN).holder is None


def test_a_clock_that_jumps_ahead_costs_nobody_their_work(world, number):
    """The seat runs out and another takes it; the first one's next save is refused, not made."""
    world.do(drafts.sit, number, ANNA)
    world.clock.advance(days=1)
    world.do(drafts.sit, number, BEN)
    saves(world, number, BEN, named("Ben's"), 1)
    with pytest.raises(Conflict, match="Ben is editing"):
        saves(world, number, ANNA, named("Anna's"), 1)
    assert stored(world, number).name == "Ben's"


def test_taking_over_keeps_the_other_from_saving(world, other, number):
    """Once somebody edits anyway, the one before can overwrite nothing, not even on purpose."""
    world.do(drafts.sit, number, ANNA)
    assert other.do(drafts.sit, number, BEN, anyway=True).holder is None
    for overwrite in (False, True):
        with pytest.raises(Conflict, match="Ben is editing"):
            saves(world, number, ANNA, named("Anna's"), 1, overwrite=overwrite)
    assert world.do(drafts.sit, number, ANNA).holder.who == "Ben"


# -- saving ------------------------------------------------------------------------------------


def test_a_save_names_what_it_is_based_on(world, other, number):
    """A save on top of what somebody else saved meanwhile is refused, until a person says so."""
    assert saves(world, number, ANNA, named("One"), 1) == 2
    with pytest.raises(Conflict, match="saved this workflow meanwhile"):
        saves(other, number, BEN, named("Two"), 1)
    assert stored(world, number).name == "One"
    assert saves(other, number, BEN, named("Two"), 1, overwrite=True) == 3
    assert stored(world, number).name == "Two"


@pytest.mark.parametrize("service", [workflows.save_draft, workflows.put_version])
def test_what_no_page_saved_is_noticed(world, number, service):
    """A draft that a program wrote or published is newer too, and nobody's page wrote it."""
    world.do(service, number, named("By a program"))
    standing = world.ask(drafts.look, number, ANNA)
    assert (standing.revision, standing.by_me) == (2, False)
    with pytest.raises(Conflict):
        saves(world, number, ANNA, named("Anna's"), 1)


def test_publishing_the_draft_makes_no_other_revision(world, number):
    """What is published is the draft as it stands, so the page need not look."""
    saves(world, number, ANNA, FLOW.with_(triggers=()), 1)
    before = world.ask(drafts.look, number, ANNA).revision
    world.do(workflows.put_version, number, stored(world, number))
    assert world.ask(drafts.look, number, ANNA).revision == before


def test_a_save_whose_answer_was_lost_is_repeated(world, number):
    """The page does not know that it was saved: it tries again, and is no conflict to itself."""
    history = History(1, 1, chain("One"))
    saves(world, number, ANNA, named("One"), 1, history=history)
    again = History(1, 2, chain("One", "Two"))
    assert saves(world, number, ANNA, named("Two"), 1, history=again) == 3
    assert world.ask(drafts.opened, number, ANNA).history == again


def test_a_workflow_that_was_deleted_cannot_be_saved(world, number):
    """It says so, and the page can keep what it has as another one."""
    world.do(workflows.delete, number)
    with pytest.raises(NotFound):
        saves(world, number, ANNA, named("One"), 1)
    assert stored(world, world.do(drafts.copy, named("One"))).name == "One (copy)"


def test_copies_have_names_of_their_own(world, number):
    """Every copy gets the next free name."""
    names = [stored(world, world.do(drafts.copy, FLOW)).name for _ in range(3)]
    assert names == ["Flow (copy)", "Flow (copy 2)", "Flow (copy 3)"]


def at_once(*calls):
    """Run functions at the same moment; return what each of them gave or was refused for."""

    def run(call):
        try:
            return call()
        except Conflict as error:
            return error

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def test_of_two_saves_at_the_same_moment_one_is_refused(world, other, number):
    """Whoever comes second by a hair is told so, on either database."""
    for revision in range(1, 6):
        anna, ben = named(f"Anna {revision}"), named(f"Ben {revision}")
        # Neither page saved the draft that they find.
        world.do(workflows.save_draft, number, FLOW.with_(description=f"{revision}"))
        based_on = world.ask(drafts.look, number, ANNA).revision
        given = at_once(
            partial(saves, world, number, ANNA, anna, based_on),
            partial(saves, other, number, BEN, ben, based_on),
        )
        assert sorted(isinstance(one, Conflict) for one in given) == [False, True]


def test_of_two_who_open_at_the_same_moment_one_has_it(world, other, number):
    """Both are told the same."""
    for _ in range(5):
        given = at_once(
            lambda: world.do(drafts.sit, number, ANNA), lambda: other.do(drafts.sit, number, BEN)
        )
        assert [one.holder is None for one in given].count(True) == 1
        world.do(drafts.get_up, number, ANNA)
        other.do(drafts.get_up, number, BEN)


# -- history -----------------------------------------------------------------------------------


def test_the_history_comes_back_with_the_draft(world, number):
    """What was undone and what was not, in order, and each step leads to the next."""
    history = History(1, 1, chain("One", "Two"))
    saves(world, number, ANNA, named("One"), 1, history=history)
    found = world.ask(drafts.opened, number, BEN)
    assert found.history == history
    assert found.history.entries[1].patch.forth(found.stored.graph) == named("Two")
    assert found.history.entries[0].patch.back(found.stored.graph) == FLOW


def test_only_what_is_new_of_a_history_is_written(world, number):
    """A later save brings its own steps; those that were undone and replaced go."""
    saves(world, number, ANNA, named("Two"), 1, history=History(1, 2, chain("One", "Two")))
    last = (Entry("Rename to Three", Patch.between(named("One"), named("Three"))),)
    saves(world, number, ANNA, named("Three"), 2, history=History(2, 2, last))
    titles = [entry.title for entry in world.ask(drafts.opened, number, BEN).history.entries]
    assert titles == ["Rename to One", "Rename to Three"]


def test_the_newest_two_hundred_steps_are_kept(world, number):
    """Older ones go, whether they came one by one or all at once."""
    many = chain(*map(str, range(250)))
    saves(world, number, ANNA, named("249"), 1, history=History(1, 250, many))
    one = (Entry("Last", Patch.between(named("249"), named("last"))),)
    saves(world, number, ANNA, named("last"), 2, history=History(251, 251, one))
    found = world.ask(drafts.opened, number, BEN).history
    assert (found.first, found.at, len(found.entries)) == (52, 251, 200)


def test_a_history_that_does_not_end_at_the_draft_is_dropped(world, number):
    """Whoever changes the draft in another way begins a new history."""
    saves(world, number, ANNA, named("One"), 1, history=History(1, 1, chain("One")))
    world.do(workflows.save_draft, number, named("By a program"))
    assert world.ask(drafts.opened, number, ANNA).history == History()


def test_a_damaged_history_does_not_keep_a_draft_from_being_opened(world, number):
    """The draft opens without it."""
    saves(world, number, ANNA, named("One"), 1, history=History(1, 1, chain("One")))
    with world.store.engine.begin() as connection:
        connection.execute(update(draft_history).values(patch=b"rubbish"))
    assert world.ask(drafts.opened, number, ANNA).history == History()


def test_publishing_keeps_the_history(world):
    """What was undone before publishing can be redone after it."""
    number = world.publish(Step("a", "wait", {"amount": 1, "unit": "days"}))
    graph = stored(world, number)
    last = graph.with_(name="New")
    entry = Entry("Rename", Patch.between(graph, last))
    saves(world, number, ANNA, last, 1, history=History(1, 1, (entry,)))
    world.do(publish, number)
    assert world.ask(drafts.opened, number, ANNA).history.entries == (entry,)
