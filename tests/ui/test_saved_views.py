"""Saved views at the head of a page of records."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from shiboken6 import delete

from rally_desktop.services import views
from rally_desktop.services.views import Layout
from rally_desktop.ui.pages.contacts import ContactsPage

pytestmark = pytest.mark.slow

CUSTOMERS = {"all": [{"field": "lifecycle_stage", "op": "any_of", "value": ["Customer"]}]}


@pytest.fixture
def office(world):
    """Ana, a customer, and Ben, who is none."""
    world.contact("Ana", lifecycle_stage="Customer", score=9)
    world.contact("Ben", score=70)
    return world


@pytest.fixture
def show(desk, office, qtbot):
    """Open the page of contacts."""
    made = []

    def open_page():
        page = ContactsPage(desk)
        made.append(page)
        page.resize(1280, 800)
        page.show()
        page.shown()
        qtbot.waitUntil(lambda: page.grid.model.loaded)
        return page

    yield open_page
    for page in made:
        delete(page)


def _press(page, words):
    menu = page.saved_views.menu_now()
    action = next(one for one in menu.actions() if one.text() == words)
    assert action.isEnabled(), words
    action.trigger()


def _name_it(page, qtbot, words, name):
    _press(page, words)
    dialog = page.saved_views.dialog
    qtbot.waitUntil(dialog.isVisible)
    dialog.box.clear()
    qtbot.keyClicks(dialog.box, name)
    qtbot.keyClick(dialog.box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.saved_views.text() == name)


def _rows(page):
    return [page.grid.model.index(row, 0).data() for row in range(page.grid.model.rowCount())]


def test_what_is_on_screen_is_saved_and_found_again(show, office, qtbot):
    """A filter, columns and an order saved under a name come back when it is chosen."""
    page = show()
    page.bar.fill(CUSTOMERS)
    page.grid.columns.show(["name", "score"])
    page.grid.columns.sort("score", down=True)
    _name_it(page, qtbot, "Save as a new view…", "Customers")
    _press(page, "All contacts")
    qtbot.waitUntil(lambda: page.grid.model.rowCount() == 2)
    assert page.bar.filter() is None
    _press(page, "Customers")
    qtbot.waitUntil(lambda: _rows(page) == ["Ana"])
    assert page.grid.columns.visible_keys() == ["name", "score"]
    assert (page.grid.model.query.sort, page.grid.model.query.down) == ("score", True)


def test_a_change_is_marked_until_it_is_saved_or_dropped(show, office, qtbot):
    """The button says that the view was changed; saving and dropping both end that."""
    office.do(views.add, "contacts", "Customers", Layout(("name", "email"), CUSTOMERS))
    page = show()
    _press(page, "Customers")
    page.grid.columns.hide("email")
    assert page.saved_views.text() == "Customers · changed"
    _press(page, "Drop the changes")
    assert page.saved_views.text() == "Customers"
    page.bar.clear()
    assert page.saved_views.changed()
    _press(page, "Save the changes")
    qtbot.waitUntil(lambda: page.saved_views.text() == "Customers")


def test_the_page_opens_with_the_view_one_likes(show, desk, office, qtbot):
    """A view chosen to open the page with is shown the next time from the first rows on."""
    office.do(views.add, "contacts", "Customers", Layout(("name", "score"), CUSTOMERS, "score"))
    page = show()
    _press(page, "Customers")
    _press(page, "Open the page with this view")
    again = show()
    qtbot.waitUntil(lambda: _rows(again) == ["Ana"])
    assert again.saved_views.text() == "Customers"


def test_a_name_that_is_taken_is_said_in_place(show, office, qtbot):
    """The window stays open and says what to do."""
    office.do(views.add, "contacts", "Customers", Layout())
    page = show()
    _press(page, "Save as a new view…")
    dialog = page.saved_views.dialog
    qtbot.waitUntil(dialog.isVisible)
    qtbot.keyClicks(dialog.box, "customers")
    qtbot.keyClick(dialog.box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Choose another name" in dialog.problem.text())
    dialog.reject()


def test_deleting_a_view_can_be_undone(show, desk, office, qtbot):
    """What was shown stays on screen; the notice brings the view back."""
    office.do(views.add, "contacts", "Customers", Layout(("name",), CUSTOMERS))
    page, told = show(), []
    desk.notices.posted.connect(told.append)
    _press(page, "Customers")
    _press(page, "Delete this view")
    qtbot.waitUntil(lambda: bool(told))
    assert page.saved_views.text() == "All contacts"
    assert page.bar.filter() == CUSTOMERS
    told[0].action[1]()
    qtbot.waitUntil(lambda: page.saved_views.text() == "Customers")


def test_mine_can_be_shared(show, office, qtbot):
    """A view of somebody who is signed in is theirs until they share it."""
    office.store.user_id = office.user("Maria")
    office.do(views.add, "contacts", "Customers", Layout())
    page = show()
    _press(page, "Customers")
    _press(page, "Share with everyone")
    qtbot.waitUntil(lambda: not page.saved_views.view.mine)
    _press(page, "Keep to myself")
    qtbot.waitUntil(lambda: page.saved_views.view.mine)


def test_columns_of_a_view_are_not_taken_for_ones_own(show, desk, office, qtbot):
    """Looking at a view leaves the columns of «All contacts» as they were."""
    office.do(views.add, "contacts", "Short", Layout(("name",)))
    page = show()
    page.grid.columns.show(["name", "city", "score"])
    _press(page, "Short")
    _press(page, "All contacts")
    assert page.grid.columns.visible_keys() == ["name", "city", "score"]
