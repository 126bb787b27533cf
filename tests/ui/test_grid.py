"""The grid: what stays in place, what is read when, and all of it by keys."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from shiboken6 import delete
from sqlalchemy import insert

from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import contact
from rally_desktop.services import contacts, records
from rally_desktop.services import grid as services_grid
from rally_desktop.ui.widgets.grid import RecordGrid
from rally_desktop.ui.widgets.grid_cells import ROW_HEIGHT, initials
from rally_desktop.ui.widgets.grid_pages import PAGE, PAGES_KEPT

pytestmark = pytest.mark.slow

Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
MANY = 1_200


def _name(number):
    return f"Person {number:04d}"


@pytest.fixture
def people(store):
    """Many contacts whose names are in the order of their numbers, written in one go."""

    def fill(work):
        rows = [
            {"first_name": _name(n), "sort_name": _name(n).lower(), "score": n % 101,
             "search_text": _name(n).lower(), "created_at": work.now, "updated_at": work.now}
            for n in range(MANY)
        ]  # fmt: skip
        work.connection.execute(insert(contact), rows)

    store.write(fill)


@pytest.fixture
def grid(desk, qtbot):
    """A grid of contacts that has read its first rows."""
    made = RecordGrid(desk, "contact")
    made.resize(1000, 500)
    made.show()
    made.start()
    qtbot.waitUntil(lambda: made.model.loaded and _readable(made))
    yield made
    delete(made)


def _readable(grid, place=0):
    return not grid.model.rowCount() or grid.model.row_at(place) is not None


def _said(grid, place):
    return grid.model.index(place, 0).data()


def _current(grid):
    return grid.table.currentIndex().row()


def test_rows_are_read_off_the_screens_thread(people, desk, qtbot, monkeypatch):
    """No query of the grid ever runs on the thread that paints."""
    threads = set()
    read = desk.background._store.read
    monkeypatch.setattr(
        desk.background._store,
        "read",
        lambda *a, **k: (threads.add(threading.current_thread()), read(*a, **k))[1],
    )
    grid = RecordGrid(desk, "contact")
    qtbot.addWidget(grid)
    grid.show()
    grid.start()
    qtbot.waitUntil(lambda: grid.model.loaded and _readable(grid))
    assert threads
    assert threading.main_thread() not in threads


def test_a_jump_shows_its_rows_soon(people, grid, qtbot):
    """Far down, rows wait for a moment and are then the right ones."""
    grid.table.verticalScrollBar().setValue(1_000 * ROW_HEIGHT)
    qtbot.waitUntil(lambda: _said(grid, 1_000) == _name(1_000))


def test_memory_is_bounded(people, grid, qtbot, monkeypatch):
    """Only the pages used last are kept."""
    monkeypatch.setattr("rally_desktop.ui.widgets.grid_pages.PAGES_KEPT", 2)
    for place in range(0, MANY, PAGE):
        qtbot.waitUntil(lambda place=place: _readable(grid, place))
    assert len(grid.model._pages._pages) == 2
    assert PAGES_KEPT * PAGE < 20_000


def test_all_of_it_works_by_keys(people, grid, qtbot):
    """Arrows, Page down, End and Home move the cursor by rows."""
    table = grid.table
    for key, row in ((Key.Key_Down, 1), (Key.Key_End, MANY - 1), (Key.Key_Up, MANY - 2)):
        qtbot.keyClick(table, key)
        assert _current(grid) == row
    qtbot.keyClick(table, Key.Key_Home)
    qtbot.keyClick(table, Key.Key_PageDown)
    assert 5 < _current(grid) < 20


def test_only_where_the_cursor_rests_is_told(people, grid, qtbot):
    """Running through rows with a key tells the last one alone."""
    qtbot.waitUntil(lambda: grid._told is not None)
    told = []
    grid.picked.connect(told.append)
    for _ in range(9):
        qtbot.keyClick(grid.table, Key.Key_Down)
    qtbot.waitUntil(lambda: bool(told))
    assert told == [Ref("contact", grid.model.id_at(9))]


def test_place_and_choice_survive_news(people, grid, store, qtbot):
    """When rows come and go by themselves, cursor, choice and scroll place stay with people."""
    grid.table.pick(600)
    qtbot.keyClick(grid.table, Key.Key_Down, SHIFT)
    chosen = list(grid.table.selected_ids())
    qtbot.waitUntil(lambda: _readable(grid, 600))
    top = grid.model.id_at(grid.table.rowAt(0))
    store.write(contacts.create, {"first_name": "Aaron"})
    store.write(records.delete, Ref("contact", grid.model.id_at(3)))
    store.write(records.delete, Ref("contact", grid.model.id_at(5)))
    qtbot.waitUntil(lambda: grid.model.rowCount() == MANY - 1)
    assert list(grid.table.selected_ids()) == chosen
    assert grid.model.id_at(grid.table.rowAt(0)) == top
    assert grid.table.current_id() == chosen[1]


def test_what_changes_is_shown_without_flicker(people, grid, store, qtbot):
    """A cell that changes is never blank in between."""
    first = grid.model.id_at(0)
    keys = [column.key for column in grid.model.columns]
    store.write(contacts.update, Ref("contact", first), {"phone": "0123"})
    seen = []

    def changed():
        seen.append(grid.model.row_at(0))
        return seen[-1] is not None and seen[-1].cells[keys.index("phone")] == "0123"

    qtbot.waitUntil(changed)
    assert None not in seen


def test_a_click_on_a_head_sorts(people, grid, qtbot):
    """The first click on the score puts the best first, the second the worst."""
    header = grid.table.horizontalHeader()
    section = [column.key for column in grid.model.columns].index("score")
    grid.table.scrollTo(grid.model.index(0, section))
    where = QPoint(header.sectionViewportPosition(section) + 20, 10)
    for best in ("100", "0"):
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
        qtbot.waitUntil(lambda best=best: grid.model.index(0, section).data() == best)


def test_rows_are_copied_for_a_spreadsheet(people, grid, qtbot):
    """Ctrl+C puts the chosen rows on the clipboard as shown, with tabs, under their heads."""
    grid.columns.show(["name", "score"])
    grid.table.horizontalHeader().moveSection(1, 0)
    grid.table.pick(7)
    qtbot.keyClick(grid.table, Key.Key_Down, SHIFT)
    QGuiApplication.clipboard().clear()
    qtbot.keyClick(grid.table, Key.Key_C, CONTROL)
    wanted = f"Score\tName\n7\t{_name(7)}\n8\t{_name(8)}"
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == wanted)


def test_everything_can_be_chosen(people, grid, qtbot):
    """Ctrl+A chooses every record, also those that were never read."""
    qtbot.keyClick(grid.table, Key.Key_A, CONTROL)
    assert len(grid.table.selected_ids()) == MANY


def test_columns_are_chosen_from_the_heads_menu(people, grid, qtbot):
    """The menu of a head hides its column; the list of columns brings others."""
    hide = next(a for a in grid.columns.menu(0).actions() if a.text() == "Hide ‘Name’")
    hide.trigger()
    assert "name" not in grid.columns.visible_keys()
    grid.columns.choose()
    popup = grid.columns.popup
    qtbot.keyClicks(popup.search, "job tit")
    qtbot.keyClick(popup.search, Key.Key_Return)
    assert "title" in grid.columns.visible_keys()
    popup.close()


def test_letters_begin_a_search(people, grid, qtbot):
    """Typing in the grid asks for a search instead of reading every row."""
    with qtbot.waitSignal(grid.typed) as typed:
        qtbot.keyClicks(grid.table, "s")
    assert typed.args == ["s"]


def test_nothing_matching_is_said(people, grid, qtbot):
    """Without a match the grid says so, where similar names are found, and shows all again."""
    grid.ask(None, "nobody at all")
    qtbot.waitUntil(lambda: grid.empty.isVisible())
    assert grid.empty.heading.text() == "Nothing found"
    assert "‘nobody at all’. Ctrl+K finds" in grid.empty.words.text()
    with qtbot.waitSignal(grid.clear_wanted):
        qtbot.mouseClick(grid.empty.button, Qt.MouseButton.LeftButton)


def test_a_filter_that_fails_is_told(people, grid, desk, qtbot):
    """A filter that cannot be read is told in words; what was shown stays."""
    told = []
    desk.notices.posted.connect(told.append)
    grid.ask({"all": [{"field": "nonsense", "op": "is", "value": "x"}]}, "")
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].tone == "bad"
    assert grid.model.rowCount() == MANY


@pytest.mark.parametrize(
    ("name", "letters"), [("Ana Maria Silva", "AS"), ("ben@example.com", "BE"), ("", "?")]
)
def test_a_tile_has_one_or_two_letters(name, letters):
    """A tile shows the first letters of the first and the last word."""
    assert initials(name) == letters


def test_constant_news_does_not_keep_a_reading_from_its_end(
    people, grid, store, qtbot, monkeypatch
):
    """While one reading goes on, news waits for it and asks for one more when it is done."""
    asked = []
    reload = grid.model._read
    monkeypatch.setattr(grid.model, "_read", lambda question: (asked.append(1), reload(question)))
    grid.model.reload()
    for _ in range(5):
        grid.model.reload(news=True)
    qtbot.waitUntil(lambda: len(asked) == 2 and not grid.model._reading)


def test_the_first_rows_of_another_order_come_before_the_rest(people, grid, qtbot):
    """After a sort the first screen is there at once, and the cursor stays with its record."""
    grid.table.pick(1_000)
    here, counts = grid.table.current_id(), []
    grid.model.reordered.connect(lambda: counts.append(grid.model.rowCount()))
    grid.columns.sort("score", down=True)
    qtbot.waitUntil(lambda: bool(counts) and not grid.model.partial)
    assert counts[0] == PAGE
    qtbot.waitUntil(lambda: grid.model.rowCount() == MANY and grid.table.current_id() == here)
    assert list(grid.table.selected_ids()) == [here]


def test_an_order_that_takes_long_says_so_and_can_be_stopped(people, grid, qtbot, monkeypatch):
    """A line says that the rest is being put in order; Stop brings back the order before."""
    held, read = threading.Event(), services_grid.ids

    def slowly(work, kind, query, limit=None, broken=None):
        if query.sort == "city" and limit is None:
            while not held.wait(0.005) and not broken.called:
                pass
        return read(work, kind, query, limit, broken)

    monkeypatch.setattr(services_grid, "ids", slowly)
    grid.columns.sort("city", down=False)
    qtbot.waitUntil(grid.wait.isVisible)
    assert grid.wait.words.text().startswith("The first 256 are here")
    qtbot.mouseClick(grid.wait.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not grid.wait.isVisible() and grid.model.rowCount() == MANY)
    assert grid.model.query.sort == "name"
    held.set()


def test_rows_in_view_do_not_wait_for_an_order_that_takes_long(people, grid, store, qtbot):
    """Where a look at the order comes seldom, what changed in a row is shown soon all the same."""
    grid.model._settle.setInterval(60_000)
    store.write(records.set_fields, Ref("contact", 1), {"phone": "+41 31"})
    qtbot.waitUntil(lambda: "+41 31" in grid.model.row_at(0).cells)


def test_an_order_is_kept_until_something_changes(people, grid, store, qtbot, monkeypatch):
    """Whoever goes back to an order sees it at once and nothing is read; after news it is read."""
    with qtbot.waitSignal(grid.model.settled):
        grid.columns.sort("score", down=True)
    asked, read = [], services_grid.ids
    monkeypatch.setattr(services_grid, "ids", lambda *a: asked.append(a[2].sort) or read(*a))
    with qtbot.waitSignal(grid.model.settled):
        grid.columns.sort("name", down=False)
    assert (asked, grid.model.id_at(0)) == ([], 1)
    store.write(records.delete, Ref("contact", 1))
    qtbot.waitUntil(lambda: grid.model.rowCount() == MANY - 1)
    assert asked == ["name"]
