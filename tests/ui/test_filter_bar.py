"""The filter bar and the rows of conditions: nothing is lost, and one filter comes out."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from shiboken6 import delete

from rally_desktop.core.conditions import OPERATORS
from rally_desktop.core.errors import BadFilter
from rally_desktop.core.filter import parse
from rally_desktop.model.fields import fields_of
from rally_desktop.services import records
from rally_desktop.ui.widgets.filter_bar import NOTHING, FilterBar
from rally_desktop.ui.widgets.filter_row import KeptRow
from rally_desktop.ui.widgets.filter_rows import FilterRows

pytestmark = pytest.mark.slow

Key = Qt.Key
FIELDS = fields_of("contact")
LISTS = {"tag": ("Fair", "VIP"), "user": ("Maria", "Tom"), "lead_source": ("Referral",)}
IN_LEEDS = {"field": "city", "op": "is", "value": "Leeds"}
EXAMPLES = {
    "text": "Leeds", "choice": "Lead", "number": 40, "yes_no": True, "date": "2026-03-28",
    "moment": "2026-03-28T10:30:00+00:00", "user": "Maria", "record": "Hill", "tags": "VIP",
}  # fmt: skip


@pytest.fixture
def bar(desk, qtbot):
    """A filter bar for contacts that knows the office's lists."""
    made = FilterBar(desk, "contact")
    made.resize(1000, 300)
    made.show()
    made.start()
    qtbot.waitUntil(lambda: made.chips["owner"].popup._items.rowCount() > 0)
    yield made
    delete(made)


@pytest.fixture
def rows(qtbot, screen):
    """Rows of conditions."""
    made = FilterRows("contact", FIELDS, LISTS)
    qtbot.addWidget(made)
    made.show()
    return made


def _example(kind, op):
    if op in ("is_empty", "is_known"):
        return {}
    if op in ("in_last", "in_next", "more_than_days_ago"):
        return {"value": 30}
    value = EXAMPLES[kind]
    return {"value": [value, value] if op in ("any_of", "none_of", "between") else value}


def _every_condition():
    by_type = {field.type: field for field in FIELDS.values()}
    for kind, field in by_type.items():
        for op in OPERATORS[kind]:
            yield {"field": field.name, "op": op, **_example(kind, op)}


CONDITIONS = list(_every_condition())


@pytest.mark.parametrize("stored", CONDITIONS, ids=lambda s: f"{s['field']}-{s['op']}")
def test_every_condition_is_shown_and_kept(rows, stored):
    """For each type of field and operator, what is filled in comes out unchanged."""
    rows.fill({"all": [stored]})
    assert rows.filter() == {"all": [stored]}
    assert rows.problem() is None


@pytest.mark.parametrize("stored", CONDITIONS, ids=lambda s: f"{s['field']}-{s['op']}")
def test_every_condition_survives_a_touch(rows, stored):
    """Also when a person edits the row, what comes out is a filter that can be read."""
    rows.fill({"all": [stored]})
    rows.board.part(0)._edited()
    made = rows.filter()
    parse(made, FIELDS)
    assert made["all"][0]["op"] == stored["op"]


KEPT = [
    {"any": []},
    {"field": "no_such_field", "op": "is", "value": "x"},
    {"field": "score", "op": "rhymes_with", "value": 4},
]


@pytest.mark.parametrize("part", KEPT)
def test_what_rows_cannot_show_is_kept_as_a_sentence(rows, part):
    """An unknown field or operator is shown in words and never changed."""
    rows.fill({"all": [IN_LEEDS, part]})
    kept = rows.board.part(1)
    assert isinstance(kept, KeptRow)
    assert kept.label.text()
    rows.board.part(0)._editor.widget.setText("York")
    assert rows.filter() == {"all": [{**IN_LEEDS, "value": "York"}, part]}


@pytest.mark.parametrize(
    ("stored", "made"),
    [
        (None, None),
        ({}, None),
        (IN_LEEDS, {"all": [IN_LEEDS]}),
        ({"not": IN_LEEDS}, {"not": {"any": [IN_LEEDS]}}),
        ({"any": [IN_LEEDS]}, {"any": [IN_LEEDS]}),
        ({"any": []}, {"all": [{"any": []}]}),
        ({"all": []}, None),
    ],
)
def test_what_comes_out_means_the_same(rows, stored, made):
    """Every shape of filter comes out with the same meaning."""
    rows.fill(stored)
    assert rows.filter() == made


def test_an_unfinished_condition_does_not_widen_a_filter(rows, qtbot):
    """A condition without a value is named as a problem, and refused rather than left out."""
    qtbot.mouseClick(rows.add_button, Qt.MouseButton.LeftButton)
    assert rows.problem() == "Condition 1 needs a value."
    assert rows.complete_filter() is None
    with pytest.raises(BadFilter):
        parse(rows.filter(), FIELDS)


def test_a_condition_is_made_by_keys(rows, qtbot):
    """A field is found by typing a part of its name, then operator and value by Tab."""
    rows.add_condition()
    row = rows.board.part(0)
    line = row.field_box.lineEdit()
    line.selectAll()
    qtbot.keyClicks(line, "Job title")
    qtbot.keyClick(line, Key.Key_Return)
    qtbot.keyClicks(row._editor.widget, "Dentist")
    made = {"field": "title", "op": "is", "value": "Dentist"}
    assert rows.filter() == {"all": [made]}


def test_removing_the_last_condition_leaves_no_filter(rows, qtbot):
    """Without conditions there is no filter, and changed is told once a click."""
    rows.fill({"all": [IN_LEEDS]})
    with qtbot.waitSignal(rows.changed):
        rows.board.part(0).removed.emit()
    assert rows.filter() is None


# -- the bar ---------------------------------------------------------------------------------


def _tick(qtbot, chip, words):
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(chip.popup.search, words)
    qtbot.keyClick(chip.popup.search, Key.Key_Return)
    qtbot.keyClick(chip.popup.search, Key.Key_Escape)


def test_a_chip_finds_its_values_by_typing(bar, qtbot):
    """A few letters and Enter tick a value; the chip says it; Esc closes the list."""
    chip = bar.chips["lifecycle_stage"]
    _tick(qtbot, chip, "cust")
    assert chip.text() == "Lifecycle stage: Customer"
    assert not chip.popup.isVisible()
    wanted = {"field": "lifecycle_stage", "op": "any_of", "value": ["Customer"]}
    assert bar.filter() == {"all": [wanted]}


def test_chips_and_rows_make_one_filter(bar, qtbot):
    """Everything that is set must hold, in one filter that can be read."""
    _tick(qtbot, bar.chips["lifecycle_stage"], "lead")
    _tick(qtbot, bar.chips["owner"], "none")
    bar.rows.fill({"any": [IN_LEEDS, {"field": "score", "op": "gt", "value": 9}]})
    made = bar.filter()
    assert [next(iter(part)) for part in made["all"]] == ["field", "field", "any"]
    assert made["all"][1] == {"field": "owner", "op": "is_empty"}
    parse(made, FIELDS)


STORED = {
    "all": [
        {"field": "tags", "op": "any_of", "value": ["VIP"]},
        {
            "any": [
                {"field": "lead_source", "op": "any_of", "value": ["Referral"]},
                {"field": "lead_source", "op": "is_empty"},
            ]
        },
        IN_LEEDS,
    ]
}


def test_a_stored_filter_is_shown_where_it_belongs(bar):
    """What chips can say is in chips, the rest in rows, and the same filter comes out."""
    bar.fill(STORED, "ana")
    assert bar.chips["lead_source"].chosen() == ["Referral", NOTHING]
    assert bar.rows.filter() == {"all": [IN_LEEDS]}
    assert sorted(map(str, bar.filter()["all"])) == sorted(map(str, STORED["all"]))
    assert bar.text() == "ana"


def test_clear_asks_for_everything(bar, qtbot):
    """One button takes chips, rows and text away, and then goes itself."""
    bar.fill(STORED, "ana")
    qtbot.mouseClick(bar.clear_button, Qt.MouseButton.LeftButton)
    assert bar.filter() is None
    assert bar.text() == ""
    assert bar.clear_button.isHidden()


def test_typing_is_asked_once_it_pauses(bar, qtbot):
    """Letters in a row make one question."""
    asked = []
    bar.changed.connect(lambda: asked.append(bar.text()))
    qtbot.keyClicks(bar.search, "silva")
    qtbot.waitUntil(lambda: bool(asked))
    assert asked == ["silva"]


def test_a_new_tag_is_offered_at_once(bar, world, qtbot):
    """A tag that somebody uses for the first time can be filtered by."""
    ana = world.contact("Ana")
    world.do(records.add_tag, ana, "Fresh")
    popup = bar.chips["tags"].popup
    qtbot.waitUntil(lambda: popup._items.item(0) is not None and popup._items.rowCount() == 2)
    assert popup._items.item(0).text() == "Fresh"
