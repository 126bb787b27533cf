"""Read a table out of a CSV file as people really have them: any separator, any encoding.

Nothing in the file stops the reading: a line that cannot be understood becomes a row that says
so, and the next line is read. Only what is no table at all raises BadFile.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from rally_desktop.core.errors import BadFile
from rally_desktop.outside.files.decoding import SAMPLE, Block, Decoder, Line, hint
from rally_desktop.outside.files.table import MOST_COLUMNS, Row, headings, unguarded

SEPARATORS = (",", ";", "\t", "|")
RARE = (":", "^", "~")  # never guessed, as texts have them too; chosen by hand
LONGEST_HEADING = 240
# A quoted text over more lines than this is a quotation mark that somebody forgot to close.
LONGEST_RECORD = 100
_LOOKED_AT = 60
_OTHER_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive. In Excel, save it as «CSV UTF-8»"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook. In Excel, save it as «CSV UTF-8»"),
    (b"%PDF", "a PDF. Ask for the list as CSV or Excel"),
    (b"\x89PNG", "a picture. Ask for the list as CSV or Excel"),
    (b"\xff\xd8\xff", "a picture. Ask for the list as CSV or Excel"),
    (b"SQLite format 3", "a database. Open it in the program that made it and export CSV"),
    (b"<", "a web page or XML. Export the list as CSV"),
    (b"{", "JSON. Export the list as CSV"),
    (b"[{", "JSON. Export the list as CSV"),
    (b"BEGIN:VCARD", "an address card (vCard). Export the list as CSV"),
)


@dataclass(frozen=True)
class CsvTable:
    """A CSV file that was looked into: what its columns are called and how it is written."""

    path: Path
    headers: tuple[str, ...]
    separator: str
    encoding: str
    suggestion: str
    _decoder: Decoder

    def rows(self) -> Iterator[Row]:
        """Read the rows under the headings, one at a time."""
        records = _records(_Lines(self._decoder.pieces(self.path)), self.separator)
        heading = next(records, None)
        if heading is not None:
            yield from _checked(records, len(self.headers))


def read_csv(path: str | Path, *, encoding: str = "", separator: str = "") -> CsvTable:
    """Look into a CSV file; raises BadFile where it is not a table that can be read.

    ``encoding`` and ``separator`` override what the file itself suggests.
    """
    path = Path(path)
    start = sample(path)
    try:
        decoder = Decoder(start, encoding)
    except (LookupError, UnicodeError) as error:
        raise BadFile(f"There is no encoding called ‘{encoding}’. Choose UTF-8.") from error
    _refuse_other_kinds(path, start[len(decoder.mark) :], wide=decoder.wide)
    first = [line for line, _ in zip(decoder.lines(path), range(_LOOKED_AT), strict=False)]
    if not any(line.text.strip() for line in first):
        raise BadFile(f"{path.name} is empty. Choose a file with a line of headings and rows.")
    separator = separator[:1] or _declared(first) or _separator(first)
    heading = next(_records(_Lines(first), separator), Row(1, (), "missing"))
    if heading.problem or len(heading.cells) > MOST_COLUMNS or _is_text(heading.cells):
        raise BadFile(
            f"The headings of {path.name} cannot be read. Its first line must name the columns, "
            "separated by commas, semicolons or tabs."
        )
    suggestion = "" if decoder.sure else hint(start)
    headers = headings(heading.cells)
    return CsvTable(path, headers, separator, decoder.name, suggestion, decoder)


def _is_text(cells: Sequence[str]) -> bool:
    """Say whether a line is a text rather than headings, however its columns may be parted."""
    if len(cells) > 1:
        return max(map(len, cells)) > LONGEST_HEADING
    return len(cells[0]) > LONGEST_HEADING // 4 and not any(sign in cells[0] for sign in RARE)


def sample(path: Path) -> bytes:
    """Return how a file begins; raise BadFile where it cannot be opened."""
    try:
        with path.open("rb") as file:
            return file.read(SAMPLE)
    except FileNotFoundError as error:
        raise BadFile(f"{path.name} is not there any more. Choose the file again.") from error
    except OSError as error:
        why = error.strerror or error
        raise BadFile(
            f"{path.name} cannot be opened ({why}). If another program has it open, close it there."
        ) from error


def _refuse_other_kinds(path: Path, raw: bytes, *, wide: bool) -> None:
    start = raw.lstrip()
    for magic, what in _OTHER_KINDS:
        if start.startswith(magic):
            raise BadFile(f"{path.name} is {what}, then choose that file.")
    if b"\0" in raw and not wide:
        raise BadFile(f"{path.name} is not text. Choose a CSV file.")


def _declared(lines: Iterable[Line]) -> str:
    """Return the separator that Excel's own first line names, as in «sep=;»."""
    first = next(iter(lines)).text
    declared = first[4:] if first.lower().startswith("sep=") else ""
    return declared if len(declared) == 1 and declared in ",;\t|:^~" else ""


class _Lines:
    """The lines of a file, one at a time or many at once; lines can be given back."""

    def __init__(self, pieces: Iterable[Line | Block]) -> None:
        """Leave out «sep=;» and empty lines above the headings."""
        self._pieces = iter(pieces)
        self._left: deque[Line] = deque()
        while (line := self.next()) is not None:
            if line.text.strip() and not (line.number == 1 and _declared([line])):
                self.give_back([line])
                break

    def next(self) -> Line | None:
        """Return the next line; None after the last."""
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None or isinstance(piece, Line):
                return piece
            self.give_back(Line(n, text) for n, text in enumerate(piece.lines(), piece.number))
        return self._left.popleft()

    def give_back(self, lines: Iterable[Line]) -> None:
        """Have lines come next, in their order."""
        self._left.extendleft(reversed([*lines]))

    def block(self) -> Block | None:
        """Return the next lines where they come as a block."""
        piece = None if self._left else next(self._pieces, None)
        if isinstance(piece, Line):
            self._left.append(piece)
        return piece if isinstance(piece, Block) else None


def _separator(lines: list[Line]) -> str:
    """Return the separator by which most lines have as many cells as the headings."""

    def fit(separator: str) -> tuple[float, int]:
        rows = [r.cells for r in _records(_Lines(lines), separator) if not r.problem]
        width = len(rows[0]) if rows else 1
        if width == 1:
            return 0.0, 1
        return sum(len(cells) == width for cells in rows) / len(rows), width

    return max(SEPARATORS, key=fit)


def _checked(records: Iterable[Row], width: int) -> Iterator[Row]:
    """Hold rows against the headings: too many or too few cells are a problem."""
    for row in records:
        found = len(row.cells)
        if row.problem or found == width:
            yield row
        elif found <= 1 and not "".join(row.cells).strip():
            continue
        elif found > width and not any(row.cells[width:]):
            yield row._replace(cells=row.cells[:width])
        else:
            what = "more" if found > width else "fewer"
            yield row._replace(
                problem=f"The row has {found} columns, {what} than the {width} headings. Look for "
                "a missing or surplus separator, or a text with one that is not in quotes."
            )


def _records(lines: _Lines, separator: str) -> Iterator[Row]:
    """Split lines into rows; one whose quotes never close is a problem and costs one line."""
    while True:
        if block := lines.block():
            if rows := _rows_of(block, separator):
                yield from rows
                continue
            lines.give_back(Line(n, text) for n, text in enumerate(block.lines(), block.number))
        line = lines.next()
        if line is None:
            return
        if line.problem:
            yield Row(line.number, (), line.problem)
        elif line.text.count('"') % 2 == 0:
            yield _row(line, _split(line.text, separator, strict=False))
        else:
            yield _long_row(line, lines, separator)


def _rows_of(block: Block, separator: str) -> list[Row] | None:
    """Split many lines at once; None where a row is not one line or needs a closer look."""
    text, lines = block.text, block.lines()
    if '"' in text and any(line.count('"') % 2 for line in lines):
        return None
    try:
        found = list(csv.reader(lines, delimiter=separator))
    except csv.Error:
        return None
    if len(found) != len(lines):
        return None
    if "'" in text:
        found = [map(unguarded, cells) for cells in found]
    return list(map(Row, count(block.number), map(tuple, found)))


def _long_row(line: Line, lines: _Lines, separator: str) -> Row:
    """Read a row that goes on over several lines; give lines back where it does not."""
    taken = [line]
    text = line.text
    while (cells := _split(text, separator, strict=True)) is None:
        more = lines.next()
        if more is not None:
            taken.append(more)
        if more is None or more.problem or len(taken) > LONGEST_RECORD or len(text) > SAMPLE:
            lines.give_back(taken[1:])
            return _torn(line, separator)
        text += "\n" + more.text
    if not cells:
        lines.give_back(taken[1:])
        return _torn(line, separator)
    notes = dict.fromkeys(part.note for part in taken if part.note)
    return _row(line._replace(note=" ".join(notes)), cells)


def _torn(line: Line, separator: str) -> Row:
    """Return a line whose quotes are wrong, its cells as they stand."""
    return Row(line.number, tuple(line.text.split(separator)), _OPEN_QUOTE)


def _row(line: Line, cells: list[str] | None) -> Row:
    if cells is None:
        return Row(line.number, (), "The row cannot be read. Look for a very long text in it.")
    return Row(line.number, tuple(map(unguarded, cells)), "", line.note)


def _split(text: str, separator: str, *, strict: bool) -> list[str] | None:
    """Split one row; None where a quote is still open, nothing where the quotes are wrong."""
    try:
        return next(csv.reader([text], delimiter=separator, strict=strict), [""])
    except csv.Error as error:
        return None if not strict or "unexpected end" in str(error) else []


_OPEN_QUOTE = "A quotation mark is opened and not closed. Correct the line, then import it again."
