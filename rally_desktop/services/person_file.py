"""One person's data as a file to hand over: a page to read and the same as data, in a ZIP.

Every value is escaped, so that nothing that was written about somebody becomes part of the page.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO
from zipfile import ZIP_DEFLATED, ZipFile

import msgspec

from rally_desktop.model.ref import Ref
from rally_desktop.model.store import Store
from rally_desktop.outside.files.whole import whole_file
from rally_desktop.outside.mail.plain import plain_text
from rally_desktop.services import audit, personal
from rally_desktop.services.personal import Person, Section, said_moment

PAGE_NAME, DATA_NAME = "index.html", "data.json"
_STYLE = """
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;max-width:1000px;margin:32px auto;padding:0 20px}
h1{font-size:26px;margin:0}h2{font-size:18px;margin:36px 0 8px}
p.quiet{opacity:.65;margin:4px 0 0}
table{border-collapse:collapse;width:100%}
th{text-align:left;font-weight:600;opacity:.65;font-size:13px}
th,td{padding:6px 12px 6px 0;vertical-align:top;border-bottom:1px solid #8884}
td{white-space:pre-wrap;overflow-wrap:anywhere}
td.when{white-space:nowrap}
"""
# Nothing on the page may run or be fetched, whatever somebody wrote.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


class _Cancelled(Exception):
    """Nobody wants the file any more."""


def write(
    store: Store,
    path: Path,
    ref: Ref,
    reason: Callable[[str], str],
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> int | None:
    """Write all of a person into a ZIP and return how many lines; None where it was cancelled.

    ``progress`` hears how many lines are written, and of how many. Raises NotFound or BadFile.
    """
    person = personal.read(store, ref, reason)
    count = _Count(2 * person.count, progress, cancelled)
    try:
        with whole_file(path) as fresh, ZipFile(fresh, "w", ZIP_DEFLATED) as packed:
            for name, put in ((PAGE_NAME, _page), (DATA_NAME, _data)):
                with packed.open(name, "w") as raw, TextIOWrapper(raw, encoding="utf-8") as text:
                    put(text, person, store.clock.now(), count)
    except _Cancelled:
        return None
    store.write(audit.say, "person_exported", "person", ref.id, name=path.name)
    return count.done // 2


class _Count:
    """How far it is; asks now and then whether it is still wanted."""

    def __init__(
        self,
        total: int,
        progress: Callable[[int, int], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self.done, self._total = 0, total
        self._progress, self._cancelled = progress, cancelled

    def of(self, section: Section) -> Iterator[personal.Row]:
        """Yield the lines of a section, counted."""
        for row in section.rows():
            self.done += 1
            if self.done % personal.PAGE == 0:
                if self._cancelled and self._cancelled():
                    raise _Cancelled
                if self._progress:
                    self._progress(self.done, self._total)
            yield row


# -- the page ------------------------------------------------------------------------------------


def _page(out: TextIO, person: Person, now: datetime, count: _Count) -> None:
    name = html.escape(person.name)
    out.write(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{name}</title><style>{_STYLE}</style></head><body><h1>{name}</h1>"
        f'<p class="quiet">Everything that is kept about this person, as of {said_moment(now)}.'
        f" The same as data is in {DATA_NAME}.</p><h2>Fields</h2><table>"
    )
    for label, value in person.fields.items():
        out.write(f"<tr><th>{html.escape(label)}</th><td>{_shown(value)}</td></tr>")
    out.write("</table>")
    for section in person.sections:
        if section.count:
            _chapter(out, section, count)
    out.write("</body></html>")


def _chapter(out: TextIO, section: Section, count: _Count) -> None:
    shown = [key for key in section.columns if key != "html"]
    heads = "".join(f"<th>{html.escape(section.columns[key])}</th>" for key in shown)
    out.write(f"<h2>{html.escape(section.title)}</h2><table><tr>{heads}</tr>")
    for row in count.of(section):
        said = {**row, "text": plain_text(row["html"])} if _only_html(row) else row
        cells = "".join(_cell(said[key]) for key in shown)
        out.write(f"<tr>{cells}</tr>")
    out.write("</table>")


def _only_html(row: personal.Row) -> bool:
    return bool(row.get("html")) and not row["text"]


def _cell(value: Any) -> str:
    kind = ' class="when"' if isinstance(value, datetime) else ""
    return f"<td{kind}>{_shown(value)}</td>"


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return said_moment(value)
    if isinstance(value, list):
        return html.escape("\n".join(map(str, value)))
    return html.escape(str(value))


# -- the data ------------------------------------------------------------------------------------


def _data(out: TextIO, person: Person, now: datetime, count: _Count) -> None:
    out.write(f'{{"exported_at":{_json(now)},"name":{_json(person.name)}')
    out.write(f',"fields":{_json(dict(person.fields))}')
    for section in person.sections:
        out.write(f",{_json(section.key)}:[")
        for place, row in enumerate(count.of(section)):
            out.write(f"{',' if place else ''}\n{_json(row)}")
        out.write("]")
    out.write("}\n")


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
