"""What is to be done, on the screen: ticked off, and questions of runs answered."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from rally_desktop.engine import publishing
from rally_desktop.engine.heart import Heart
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.model.ref import Ref
from rally_desktop.services import tasks, workflows
from rally_desktop.ui.pages.runs import RunsPage
from rally_desktop.ui.widgets.open_tasks import OpenTasks
from rally_desktop.ui.widgets.plain_label import PlainLabel

pytestmark = pytest.mark.slow

ANA = Ref("contact", 1)
ASKING = Graph(
    name="Ask",
    triggers=(Trigger("t", "record_created"),),
    start="ask",
    steps={
        "ask": Step(
            "ask", "approve", {"question": "Give Ana the discount?", "role": "admin"},
            {"approved": "yes", "rejected": "no"},
        ),
        "yes": Step("yes", "add_tag", {"tag": "Discount"}),
        "no": Step("no", "end"),
    },
)  # fmt: skip


@pytest.fixture
def heart(store, world):
    """Two admins are asked about Ana by a run, and an engine beats by hand."""
    world.user("Eva", role="admin")
    world.do(publishing.publish, world.do(workflows.create, ASKING))
    made = Heart(store)
    world.contact("Ana")
    made.tick()
    return made


@pytest.fixture
def strip(qtbot, desk, heart):
    """What is to be done about Ana."""
    made = OpenTasks(desk)
    qtbot.addWidget(made)
    made.show_ref(ANA)
    qtbot.waitUntil(lambda: len(made.lines) == 1)
    return made


def press(line, answer):
    """Press a button of a task with the mouse."""
    QTest.mouseClick(line.buttons[answer], Qt.MouseButton.LeftButton)


def told(line):
    """Return all that a task says."""
    return " ".join(label.text() for label in line.findChildren(PlainLabel))


@pytest.mark.parametrize(("answer", "tags"), [("approved", {"Discount"}), ("rejected", set())])
def test_a_question_is_answered_where_its_run_is_shown(qtbot, desk, heart, world, answer, tags):
    """The run that waits shows the question once; a click decides, and the run goes that way."""
    page = RunsPage(desk)
    qtbot.addWidget(page)
    page.resize(1100, 600)
    page.show()
    page.shown()
    qtbot.waitUntil(lambda: len(page.tasks.lines) == 1)
    (line,) = page.tasks.lines
    assert "Give Ana the discount?" in told(line)
    assert "for Admin or Eva" in told(line)

    press(line, answer)
    qtbot.waitUntil(lambda: not page.tasks.isVisible())
    heart.tick()

    assert (world.record(ANA)["tags"], world.run_states()) == (tags, ["done"])


def test_a_question_is_answered_beside_the_timeline(qtbot, strip, world, heart):
    """The same question stands with the contact, and is gone once it is answered."""
    (line,) = strip.lines
    assert line.buttons["approved"].accessibleName() == "Approve: Give Ana the discount?"
    press(line, "approved")
    qtbot.waitUntil(lambda: strip.lines == [])
    assert not strip.isVisible()


def test_a_task_is_ticked_off(qtbot, strip, world):
    """A task has one button; what somebody adds appears by itself."""
    number = world.do(tasks.create, ANA, title="Call Ana", description="About the roof")
    qtbot.waitUntil(lambda: len(strip.lines) == 2)
    line = strip.lines[-1]
    assert "About the roof" in told(line)
    assert list(line.buttons) == [""]
    press(line, "")
    qtbot.waitUntil(lambda: len(strip.lines) == 1)
    assert world.rows(f"select done_at is not null from task where id = {number}")[0][0]


def test_only_the_most_urgent_are_shown_until_asked(qtbot, strip, world):
    """Three stand there; a link shows the others."""
    for number in range(4):
        world.do(tasks.create, ANA, title=f"Task {number}")
    qtbot.waitUntil(lambda: strip.more.text() == "2 more to be done")
    assert len(strip.lines) == 3
    strip.more.click()
    qtbot.waitUntil(lambda: len(strip.lines) == 5)
    assert strip.more.isHidden()


def test_whoever_is_late_is_told(qtbot, strip, world, desk):
    """Somebody else answered in the same moment: the first answer holds, and that is said."""
    said = []
    desk.notices.posted.connect(lambda notice: said.append(notice.text))
    world.do(tasks.complete, 1, "rejected")
    strip.deeds.complete(1, "approved")
    qtbot.waitUntil(lambda: said == ["Somebody was quicker: it was done before."])
    assert world.rows("select answer from task where id = 1") == [("rejected",)]
