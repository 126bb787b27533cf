"""Cells of a spreadsheet pasted onto cells of a grid."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import Refused
from rally_desktop.services import edits, pasting
from rally_desktop.services.pasting import Place, paste


def _cells(refs, keys, block):
    return [
        (Place(ref.id, key, ""), text)
        for ref, row in zip(refs, block, strict=True)
        for key, text in zip(keys, row, strict=True)
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ('"two\nlines"\tb', [["two\nlines", "b"]]),
        ('"say ""hi"""', [['say "hi"']]),
        ("a\n\nb", [["a"], [""], ["b"]]),
        ("nul\0l", [["null"]]),
    ],
)
def test_what_a_spreadsheet_copies_is_taken_apart(text, rows):
    """Tabs part cells, lines part rows, quotes hold both together."""
    assert pasting.block(text) == rows


@pytest.mark.parametrize("text", ["", "x\n" * 5_001, "x" * 200_000])
def test_what_is_no_block_of_cells_is_refused(text):
    """Nothing, too much, and a cell without end are refused with what to do."""
    with pytest.raises(Refused):
        pasting.block(text)


def test_a_preview_says_what_would_change_and_changes_nothing(world):
    """Each cell has a verdict: it changes, it is so already, or why it cannot be."""
    people = [world.contact("Ana", score=5), world.contact("Ben", score=7)]
    cells = _cells(people, ["score", "last_activity_at"], [["5", "1 May 2026"], ["200", ""]])
    found = world.ask(paste, "contact", cells)
    said = [(one.who, one.changes, one.problem) for one in found.verdicts]
    assert said[0] == ("Ana", False, "")
    assert said[1] == ("Ana", False, "Only the program sets this.")
    assert said[2][2].startswith("Score must be")
    assert said[3] == ("Ben", False, "")
    assert world.record(people[1])["score"] == 7


def test_a_block_is_pasted_and_taken_back_as_one(world):
    """What fits goes in, what does not stays out, and one undo takes all of it back."""
    people = [world.contact("Ana"), world.contact("Ben")]
    rows = [["1,200 Main", "Hill Dental", "VIP, Fair"], ["12", "Hill Dental", ""]]
    found = world.do(paste, "contact", _cells(people, ["phone", "company_id", "tags"], rows))
    ana, ben = (world.record(ref) for ref in people)
    assert found.changing() == 5
    assert (ana["phone"], ana["tags"], ben["phone"]) == ("1,200 Main", {"VIP", "Fair"}, "12")
    assert ana["company_id"] == ben["company_id"] is not None
    world.do(edits.undo, found.note)
    assert world.record(people[0])["company_id"] is None
    assert world.record(people[1])["phone"] == ""


def test_one_address_is_not_pasted_onto_two(world):
    """The second of two rows with one address is refused and says who has it."""
    people = [world.contact("Ana"), world.contact("Ben")]
    cells = _cells(people, ["email"], [["a@example.com"], ["A@example.com"]])
    found = world.ask(paste, "contact", cells)
    assert found.verdicts[0].changes
    assert "Ana already has" in found.verdicts[1].problem


@pytest.mark.parametrize("said", ["2026-05-01", "01.05.2026", "1/5/2026", "1 May 2026"])
def test_days_and_amounts_are_read_as_spreadsheets_write_them(world, said):
    """A deal's close is a day in any usual notation, an amount may part its thousands."""
    deal = world.deal()
    world.do(paste, "deal", _cells([deal], ["expected_close", "amount"], [[said, "12,345.50"]]))
    found = world.record(deal)
    assert f"{found['expected_close']:%Y-%m-%d}" == "2026-05-01"
    assert found["amount"] == 12345.5
