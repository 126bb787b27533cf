"""Safe groups are merged one by one, and only while they are safe."""

from __future__ import annotations

import pytest

from rally_desktop.model.ref import Ref
from rally_desktop.services import contacts, duplicates, merge_records, merge_safe

pytestmark = pytest.mark.slow


@pytest.fixture
def groups(world):
    """Ana and Ben, each known twice by their numbers, as they were found."""
    for name in ("Ana", "Ben"):
        for _ in range(2):
            world.contact(name, last_name="Silva", phone=f"+351 912 345 {len(name)}{ord(name[0])}")
    return world.ask(duplicates.find, "contact").groups


def _run(world, groups, stopped=lambda: False):
    told = []
    return merge_safe.run(world.store, "contact", groups, told.append, stopped), told


def test_what_was_edited_since_is_left_to_a_person(world, groups):
    """Ben's other name was corrected meanwhile: only Ana is merged, and the count says so."""
    other = groups[1].ids[1]
    world.do(lambda work: contacts.update(work, Ref("contact", other), {"first_name": "Bea"}))
    done, told = _run(world, groups)
    assert (done.groups, done.left, told) == ([groups[0]], 1, [1, 2])
    assert len(world.ask(merge_records.latest, "contact")) == 1


def test_what_is_done_before_it_is_called_off_stays(world, groups):
    """Stopped after the first: one merge, with an undo of its own."""
    calls = iter((False, True))
    done, _ = _run(world, groups, lambda: next(calls))
    assert (done.groups, done.cancelled) == ([groups[0]], True)
    (merge,) = world.ask(merge_records.latest, "contact")
    world.do(merge_records.undo, merge.id)
    assert world.ask(duplicates.find, "contact").count == 2
