"""New records of a list come in together; it comes to what one by one would have."""

import random
import shutil
from datetime import UTC, datetime

import pytest

from rally_desktop.core.clock import ManualClock
from rally_desktop.model.store import Store
from rally_desktop.services import import_batches, import_undo, imports, office
from rally_desktop.services.import_batches import Importer
from rally_desktop.services.imports import Options
from tests.conftest import ON_BOTH
from tests.world import World

HEADINGS = (
    "First name,Last name,E-mail,Phone,Company,City,Score,Lifecycle stage,Tags,Do not contact"
)
WORDS = {
    "first": ("Ana", "Bo", " Zoë ", "<b>Di</b>", "=1+1", "ΐ", "x" * 300, "Ⴀna", ""),
    "company": ("Hill Dental", "hill dental", "Ω", "ß" * 250, "", ""),
    "tags": ("", "VIP", "vip; Press", '"A; B"', "x" * 101),
    "email": ("ana@example.org", "BO@example.org", "known@example.org", "nowhere", ""),
}
TABLES = "contact company deal activity event_queue event_later record_tag tag".split()


def listed(path, dice, count=120):
    """Write a list with new people, known ones, some twice and some that are none."""
    lines = [HEADINGS]
    for number in range(count):
        email = dice.choice((f"p{number}@example.org",) * 6 + WORDS["email"])
        more = (dice.choice(("", "+44 20 1", "none")), dice.choice(WORDS["company"]))
        rest = (dice.choice(("Bern", "")), dice.choice(("7", "0", "many", "")))
        last = (dice.choice(("Lead", "kunde", "Hot", "")), dice.choice(WORDS["tags"]))
        cells = (dice.choice(WORDS["first"]), "Ruiz", email, *more, *rest, *last, "yes")
        lines.append(",".join('"' + cell.replace('"', '""') + '"' for cell in cells))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture(params=ON_BOTH)
def worlds(request, tmp_path):
    """Two offices that are alike, on either database."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        urls = [f"sqlite:///{shutil.copyfile(template, tmp_path / name)}" for name in "ab"]
    else:
        server, template = map(request.getfixturevalue, ("postgres_server", "postgres_template"))
        urls = [server.create(f"ways_{tmp_path.name.lower()}_{name}", template) for name in "ab"]
    clocks = [ManualClock(datetime(2026, 6, 2, 9, tzinfo=UTC)) for _ in urls]
    stores = [Store.open(url, clock) for url, clock in zip(urls, clocks, strict=True)]
    for store in stores:
        store.write(office.found)
    yield list(map(World, stores, clocks))
    for store in stores:
        store.close()


def everything(world):
    """Return the rows of every table that an import writes to."""
    found = {name: sorted(world.rows(f"select * from {name}"), key=repr) for name in TABLES}
    return {**found, "import_batch": world.rows("select detail from import_batch order by id")}


@pytest.mark.parametrize("triggers", ["yes", "no", 30])
def test_together_and_one_by_one_come_to_the_same(worlds, tmp_path, monkeypatch, triggers):
    """Rows, timelines, what workflows hear, verdicts and the way back do not differ in anything."""
    path, ends = listed(tmp_path / "people.csv", random.Random(triggers)), []
    monkeypatch.setattr(import_batches, "MOST_BATCH", 50)
    for world, one_by_one in zip(worlds, (False, True), strict=True):
        world.contact("Kim", email="known@example.org")
        monkeypatch.setattr(Importer, "one_by_one", one_by_one)
        done = imports.import_file(world.store, path, options=Options(triggers=triggers))
        after = everything(world)
        world.clock.advance(minutes=1)
        undone = import_undo.undo(world.store, done.job)
        ends.append((done, after, undone, everything(world)))
    assert ends[0] == ends[1]
    assert ends[0][0].created > 50
