"""Whatever stands in a file, it is read or refused in words; nothing dies and nothing hangs."""

import contextlib
import random
import zipfile

import pytest
import xlsxwriter

from rally_desktop.core.errors import BadFile
from rally_desktop.outside.files.opening import open_table

CARD = b"BEGIN:VCARD\nN;CHARSET=utf-8:Ruiz;Ana;;;\nTEL;TYPE=cell:+44 1\nORG:A;B\nEND:VCARD\n"
LIST = 'Näme;E-mail\n"Ana\n Ruiz";ana@example.org\n\'=1+1;bo@example.org\n'.encode()


def read(path):
    """Read all of a file; one that is refused in words counts as read."""
    with contextlib.suppress(BadFile):
        return [*open_table(path).rows()]


def spoilt(content, dice):
    """Return bytes with a few of them changed, taken out, or doubled."""
    made = bytearray(content)
    for _ in range(dice.randint(1, 6)):
        place = dice.randrange(len(made))
        end = place + dice.randint(1, 20)
        made[place:end] = dice.choice(
            (bytes([dice.randrange(256)]), b"", made[place:end] * 2, b'"', b"\0", b"\xff\xfe")
        )
    return bytes(made)


@pytest.mark.parametrize("content", [CARD, LIST], ids=["cards", "csv"])
def test_spoilt_text_is_read_or_refused(tmp_path, content):
    """A hundred spoilt cards and lists each come to an end."""
    dice = random.Random(7)
    path = tmp_path / "spoilt"
    for _ in range(100):
        path.write_bytes(spoilt(content * 3, dice))
        read(path)


def test_spoilt_workbooks_are_read_or_refused(tmp_path):
    """A workbook whose parts were spoilt one after the other is read as far as it goes."""
    whole, path, dice = tmp_path / "whole.xlsx", tmp_path / "spoilt.xlsx", random.Random(7)
    with xlsxwriter.Workbook(whole) as made:
        sheet = made.add_worksheet()
        for row in range(5):
            sheet.write_row(row, 0, ["Name", 1.5, True, f"text {row}"])
        sheet.write_formula(5, 0, "=1+1", None, 2)
    with zipfile.ZipFile(whole) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    for name in [name for name in parts if name.endswith((".xml", ".rels"))]:
        with zipfile.ZipFile(path, "w") as packed:
            for one, content in parts.items():
                packed.writestr(one, spoilt(content, dice) if one == name else content)
        read(path)
