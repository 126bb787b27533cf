"""The office's tags: renamed, coloured, merged, deleted, and brought back as they were."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import BadSettings, Refused
from rally_desktop.services import lists, records, tags


def number(world, name):
    """The number of a tag."""
    return next(one.id for one in world.ask(tags.listed) if one.name == name)


def test_tags_say_who_wears_them(world):
    """By kind of record, those that nobody wears too."""
    world.contact(tags=("VIP", "Post"))
    world.contact(tags=("VIP",))
    world.do(records.add_tag, world.deal(), "vip")
    world.do(tags.add, "Later")
    found = {one.name: dict(one.records) for one in world.ask(tags.listed)}
    assert found == {"Later": {}, "Post": {"contact": 1}, "VIP": {"contact": 2, "deal": 1}}


def test_records_wear_the_new_name_at_once(world):
    """No line is written; a case of its own is a new name as well."""
    ana = world.contact(tags=("VIP",))
    lines = world.happened(ana)
    for name in ("vip", "Gold"):
        world.do(tags.rename, number(world, next(iter(world.record(ana)["tags"]))), name)
        assert world.record(ana)["tags"] == {name}
    assert world.happened(ana) == lines


@pytest.mark.parametrize("name", ["", "post", "x" * 101])
def test_a_name_that_is_taken_or_none_is_refused(world, name):
    """Two tags of one name could not be told apart."""
    world.contact(tags=("VIP", "Post"))
    with pytest.raises((Refused, BadSettings)):
        world.do(tags.rename, number(world, "VIP"), name)


def test_a_colour_is_one_of_those_offered(world):
    """It is known by the tag's name, and can be taken away."""
    world.contact(tags=("VIP", "Post"))
    assert world.do(tags.set_colour, number(world, "VIP"), "talk") == ""
    assert world.ask(tags.colours) == {"VIP": "talk"}
    with pytest.raises(Refused):
        world.do(tags.set_colour, number(world, "VIP"), "pink")
    assert world.do(tags.set_colour, number(world, "VIP"), "") == "talk"
    assert world.ask(tags.colours) == {}


def test_a_deleted_tag_comes_back_to_whoever_wore_it(world):
    """With its colour."""
    ana, ben = world.contact(tags=("VIP", "Post")), world.contact()
    world.do(tags.set_colour, number(world, "VIP"), "bad")
    gone = world.do(tags.remove, number(world, "VIP"))
    assert world.record(ana)["tags"] == {"Post"}
    assert world.ask(lists.of, "tag") == ["Post"]
    world.do(tags.restore, gone)
    assert (world.record(ana)["tags"], world.record(ben)["tags"]) == ({"VIP", "Post"}, set())
    assert world.ask(tags.colours) == {"VIP": "bad"}


def test_a_deleted_tag_does_not_come_back_where_a_new_one_has_its_name(world):
    """What somebody made since is theirs."""
    ana = world.contact(tags=("VIP",))
    gone = world.do(tags.remove, number(world, "VIP"))
    world.do(records.add_tag, ana, "vip")
    with pytest.raises(Refused, match="already"):
        world.do(tags.restore, gone)


def test_two_tags_become_one_and_are_parted_again(world):
    """Who wore both wears the one; who wore the other all along keeps it."""
    both, first, second = (world.contact(tags=t) for t in (("A", "B"), ("A",), ("B",)))
    gone = world.do(tags.merge, number(world, "A"), number(world, "B"))
    assert all(world.record(one)["tags"] == {"B"} for one in (both, first, second))
    world.do(tags.restore, gone)
    worn = [world.record(one)["tags"] for one in (both, first, second)]
    assert worn == [{"A", "B"}, {"A"}, {"B"}]
