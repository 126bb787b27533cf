"""Saved views: whose they are, what they are called, what they show."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.services import views
from rally_desktop.services.views import Layout

HOT = Layout(("name", "score"), {"all": [{"field": "score", "op": "ge", "value": 51}]}, "score")


def _named(world):
    return {view.name: view for view in world.ask(views.listed, "contacts").views}


@pytest.fixture
def signed_in(world):
    """Two people of the office, to be signed in one after the other."""
    people = world.user("Maria"), world.user("Ben")
    world.store.user_id = people[0]
    return people


def test_a_view_comes_back_as_it_was_saved(world):
    """Columns, filter and order are kept, and saving again replaces them."""
    number = world.do(views.add, "contacts", " Hot   leads ", HOT)
    assert _named(world)["Hot leads"].layout == HOT
    world.do(views.save, number, Layout(("email",), None, "email", down=True))
    assert _named(world)["Hot leads"].layout.columns == ("email",)
    assert world.ask(views.listed, "deals").views == ()


def test_mine_is_seen_by_me_alone_until_it_is_shared(world, signed_in):
    """Somebody else sees a view once it is everyone's, and cannot touch it before."""
    number = world.do(views.add, "contacts", "Hot", HOT)
    world.store.user_id = signed_in[1]
    assert _named(world) == {}
    with pytest.raises(NotFound):
        world.do(views.delete, number)
    world.store.user_id = signed_in[0]
    world.do(views.share, number, everyone=True)
    world.store.user_id = signed_in[1]
    assert not _named(world)["Hot"].mine
    world.do(views.share, number, everyone=False)
    assert _named(world)["Hot"].mine


def test_two_views_do_not_share_a_name(world):
    """A name that is taken, empty or endless is refused, and says what to do."""
    world.do(views.add, "contacts", "Hot", HOT)
    other = world.do(views.add, "contacts", "Cold", HOT)
    for name in ("hot", " ", "x" * 61):
        with pytest.raises(Refused):
            world.do(views.rename, other, name)
    world.do(views.rename, other, "Cool")
    assert set(_named(world)) == {"Hot", "Cool"}


def test_a_deleted_view_can_be_brought_back(world):
    """What deleting returns brings the very same view back."""
    number = world.do(views.add, "contacts", "Hot", HOT)
    gone = world.do(views.delete, number)
    assert _named(world) == {}
    world.do(views.restore, gone)
    assert _named(world)["Hot"].id == number


def test_a_damaged_view_shows_everything(world):
    """What cannot be read as a view is a view without a filter, not an error."""
    number = world.do(views.add, "contacts", "Hot", HOT)
    change = views.RowChanged("saved_view", number, {"definition": {"columns": 5}})
    world.do(lambda work: work.change(change))
    assert _named(world)["Hot"].layout == Layout()


def test_nobody_known_keeps_nothing_to_themselves(world):
    """Without anybody signed in, views are everyone's."""
    number = world.do(views.add, "contacts", "Hot", HOT)
    assert not world.ask(views.listed, "contacts").personal
    with pytest.raises(Refused):
        world.do(views.share, number, everyone=False)
