"""From start to end: the window first, the office behind it, trouble said, nothing left open."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from rally_desktop import app
from rally_desktop.engine import publishing
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.services import runs, workflows
from rally_desktop.services.writing import Draft
from rally_desktop.ui.letters.composer import LetterComposer, open_composer
from rally_desktop.ui.pages import asked, page_kinds
from rally_desktop.ui.pages.today import TodayPage
from rally_desktop.ui.preferences import Preferences
from rally_desktop.ui.widgets.opening import Trouble

pytestmark = pytest.mark.slow

SHORT = Graph(
    name="Short",
    triggers=(Trigger("t1", "record_created"),),
    start="a",
    steps={"a": Step("a", "add_tag", {"tag": "New"})},
)
LATER = ("rally_desktop.ui.pages.trash", "rally_desktop.engine_room")
# What is large and waits until an account, the web service, a list or a password asks for it.
HEAVY = (
    "charset_normalizer", "cryptography", "css_inline", "dns", "keyring", "nh3", "python_calamine",
    "starlette", "uvicorn", "xlsxwriter",
)  # fmt: skip


@pytest.fixture
def started(qtbot, clock, screen):
    """A way to open a program on an address; each is closed at the end."""
    made = []

    def start(url, *, engine=False):
        program = app.Program(
            QApplication.instance(),
            app.opener(url, clock),
            app.office_name(url),
            clock=clock,
            preferences=Preferences(),
            engine=engine,
        )
        made.append(program)
        program.window.show()
        program.open()
        return program

    yield start
    for program in made:
        if not program.window._may_close:
            with qtbot.waitSignal(program.closed):
                program.window.close()
        program.window.deleteLater()


def test_the_window_is_there_before_the_database_library(tmp_path):
    """When the window is painted for the first time, SQLAlchemy has not been imported yet."""
    script = f"""
        import sys
        from PySide6.QtCore import QEvent, QObject
        from rally_desktop import app
        from rally_desktop.ui.application import application

        class Watch(QObject):
            seen = None
            def eventFilter(self, watched, event):
                if event.type() == QEvent.Type.Paint and Watch.seen is None:
                    Watch.seen = "sqlalchemy" in sys.modules
                return False

        watch = Watch()
        application().installEventFilter(watch)
        app.run({str(tmp_path / "office.rally")!r}, engine=False, then=lambda p: p.leave())
        print("early" if Watch.seen is False else "late", "sqlalchemy" in sys.modules)
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.stdout.split() == ["early", "True"], ran.stderr


def test_the_rail_knows_what_the_pages_say():
    """Title, icon and place of each page are known before it is imported, and are its own."""
    for key, kind in page_kinds().items():
        assert kind == asked(key)


def test_only_the_page_in_front_is_imported_before_it_is_shown(tmp_path):
    """The others come with the engine once the first is there; no source is read and kept."""
    script = f"""
        import linecache, sys
        from PySide6.QtCore import Qt
        from rally_desktop import app

        def there(*names):
            print(*(name in sys.modules for name in names))

        def look(program):
            there("rally_desktop.ui.pages.today", *{LATER})
            program.loaded.connect(lambda: rest(program), Qt.QueuedConnection)

        def rest(program):
            there(*{LATER}, *{HEAVY})
            print(any(name.endswith("today.py") for name in linecache.cache))
            program.leave()

        app.run({str(tmp_path / "office.rally")!r}, then=look)
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    at_first = [True, *[False] * len(LATER)]
    at_rest = [*[True] * len(LATER), *[False] * len(HEAVY)]
    assert ran.stdout.split() == [str(one) for one in (*at_first, *at_rest, False)], ran.stderr


def test_an_office_opens_on_its_first_page(qtbot, started, sqlite_url):
    """The day is shown, the foot names the file, the rail has its pages."""
    program = started(sqlite_url)
    qtbot.waitUntil(lambda: isinstance(program.window.page(), TodayPage))
    assert program.window.foot.office.text() == "office"
    assert program.window.keys()[:3] == ["today", "contacts", "companies"]


def test_the_engine_works_behind_the_window(qtbot, started, world, sqlite_url):
    """A contact that is added while the program is open goes through the workflow."""
    world.do(publishing.publish, world.do(workflows.create, SHORT))
    program = started(sqlite_url, engine=True)
    qtbot.waitUntil(lambda: program.window.foot.state.text() == "Workflows are running")
    world.contact("Ana")
    program._engine.wake()
    qtbot.waitUntil(lambda: world.ask(runs.listed).count == 1)


def test_a_database_that_cannot_be_opened_is_said_with_what_to_do(qtbot, started, tmp_path):
    """A file that is no database brings a page with the reason and two ways on."""
    path = tmp_path / "letter.rally"
    path.write_text("Dear Ana,\n" * 200)
    program = started(f"sqlite:///{path}")
    qtbot.waitUntil(lambda: isinstance(program.window.page(), Trouble))
    page = program.window.page()
    assert str(path) in page.problem.text()
    assert page.retry.text().strip() == "Try again"
    assert page.choose.text().strip() == "Choose another file…"


def test_trying_again_opens_the_office_once_the_trouble_is_over(qtbot, started, tmp_path):
    """Try again looks at the file anew."""
    path = tmp_path / "office.rally"
    path.write_text("Dear Ana,\n" * 200)
    program = started(f"sqlite:///{path}")
    qtbot.waitUntil(lambda: isinstance(program.window.page(), Trouble))
    path.unlink()
    qtbot.mouseClick(program.window.page().retry, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(program.window.page(), TodayPage))


def test_another_file_can_be_chosen(qtbot, started, tmp_path, sqlite_url):
    """The dialog opens beside the trouble, and the chosen office is opened."""
    path = tmp_path / "letter.rally"
    path.write_text("Dear Ana,\n" * 200)
    program = started(f"sqlite:///{path}")
    qtbot.waitUntil(lambda: isinstance(program.window.page(), Trouble))
    qtbot.mouseClick(program.window.page().choose, Qt.MouseButton.LeftButton)
    (dialog,) = program.window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "office.rally"))
    dialog.close()
    qtbot.waitUntil(lambda: isinstance(program.window.page(), TodayPage))


def test_closing_while_the_office_opens_leaves_nothing_behind(qtbot, started, sqlite_url):
    """A window that is closed at once closes, whatever was under way."""
    program = started(sqlite_url)
    with qtbot.waitSignal(program.closed):
        program.window.close()
    assert not program.window.isVisible()


def test_closing_the_window_keeps_the_letter_that_is_being_typed(qtbot, started, world, sqlite_url):
    """To the last sign, however soon after it the whole program is closed."""
    world.mailbox()
    ana = world.contact("Ana", email="ana@example.org")
    program = started(sqlite_url)
    with qtbot.waitSignal(program.ready):
        pass
    window = program.window
    open_composer(window._desk, window, Draft(ana))
    qtbot.waitUntil(lambda: bool(window.findChildren(LetterComposer)))
    QTest.keyClicks(window.findChild(LetterComposer).sheet.body.text.box, "Dear Ana")
    with qtbot.waitSignal(program.closed):
        window.close()
    assert world.rows("select text from letter_draft") == [("Dear Ana",)]


@pytest.mark.timeout(600)
def test_every_page_can_be_pictured(qtbot, started, world, sqlite_url, tmp_path):
    """The pictures show each page in light and dark, also those that are not in the rail."""
    world.do(workflows.create, SHORT)
    world.contact("Ana")
    program = started(sqlite_url)
    with qtbot.waitSignal(program.ready):
        pass
    with qtbot.waitSignal(program.closed, timeout=500_000):
        task = program.picture(tmp_path / "pictures")
    names = {path.name for path in task.result()}
    expected = {
        f"{name}_{look}.png"
        for name in program.window.keys(hidden=True)
        for look in ("light", "dark")
    }
    assert expected | {"workflow_light.png"} <= names
    assert all(path.stat().st_size > 5_000 for path in task.result())


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:////home/ana/Hill%20Dental.rally", "Hill Dental"),
        ("postgresql+psycopg://ana:secret@server:5432/office", "server:5432/office"),
    ],
)
def test_the_foot_names_the_office_without_a_password(url, name):
    """A file is called by its name, a server by itself and the database."""
    assert app.office_name(url) == name


def test_what_was_typed_a_moment_before_closing_is_kept(qtbot, started, world, sqlite_url):
    """Closing the window finishes what is being saved, the open canvas included."""
    number = world.do(workflows.create, SHORT)
    program = started(sqlite_url)
    with qtbot.waitSignal(program.ready):
        pass
    program.window._desk.go("workflows", number)
    editor = program.window.page().editor
    qtbot.waitUntil(lambda: editor.stored is not None)
    editor.draft.edit("Rename", editor.draft.graph.with_(name="Typed last"))
    with qtbot.waitSignal(program.closed):
        program.window.close()
    assert world.ask(workflows.draft, number).graph.name == "Typed last"
