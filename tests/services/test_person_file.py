"""One person's data goes out whole, for people and for programs, and nothing in it is live."""

from __future__ import annotations

import json
from zipfile import ZipFile

import pytest
from sqlalchemy import update

from rally_desktop.core.errors import NotFound
from rally_desktop.model.tables import message
from rally_desktop.services import messages, notes, person_file, personal, records, tasks, writing
from rally_desktop.services.writing import Draft

pytestmark = pytest.mark.slow
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def ana(world):
    """Ana, about whom there is something of each sort."""
    ref = world.contact("Ana", last_name=HOSTILE, email="ana@example.org", tags=("VIP",))
    world.do(notes.add, ref, f"Likes {HOSTILE}")
    world.do(tasks.create, ref, title="Call back")
    world.do(messages.receive, ref, sender="ana@example.org", subject="Hi", text="Line 1\nLine 2")
    world.deal("New roof", contact_id=ref.id)
    return ref


def packed(world, ana, path):
    """Return the page and the data of an export."""
    person_file.write(world.store, path, ana, str)
    with ZipFile(path) as files:
        return files.read("index.html").decode(), json.loads(files.read("data.json"))


def test_everything_of_a_person_is_in_the_file(world, ana, tmp_path):
    """Fields, tags, notes, tasks, messages, deals and the timeline are on the page and as data."""
    page, data = packed(world, ana, tmp_path / "ana.zip")
    assert data["fields"]["E-mail"] == "ana@example.org"
    assert data["fields"]["Tags"] == "VIP"
    assert [data[key][0][name] for key, name in (("deals", "name"), ("tasks", "title"))] == [
        "New roof", "Call back",
    ]  # fmt: skip
    assert data["messages"][0]["text"] == "Line 1\nLine 2"
    assert len(data["timeline"]) == len(world.happened(ana))
    assert all(said in page for said in ("ana@example.org", "Call back", "Line 1\nLine 2"))


def test_nothing_that_somebody_wrote_becomes_part_of_the_page(world, ana, tmp_path):
    """What looks like HTML stands on the page as text."""
    page, data = packed(world, ana, tmp_path / "ana.zip")
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 3
    assert data["fields"]["Last name"] == HOSTILE


def test_a_message_that_is_html_alone_is_read_as_text(world, ana, tmp_path):
    """Its words are on the page, its HTML is among the data as it came."""
    only = {"text": "", "html": "<p>Dear <b>Ana</b></p>"}
    world.do(lambda work: work.connection.execute(update(message).values(only)))
    page, data = packed(world, ana, tmp_path / "ana.zip")
    assert "<td>Dear Ana" in page
    assert data["messages"][0]["html"] == only["html"]


def test_a_letter_that_was_begun_is_there_with_all_that_it_holds(world, ana, tmp_path):
    """Copies to others and what is quoted are on the page and among the data, too."""
    held = {"cc": "bo@example.org", "bcc": "di@example.org", "quoted": "Line 1", "text": "Dear Ana"}
    world.do(writing.save, Draft(ana, "reply", to="ana@example.org", **held))
    page, data = packed(world, ana, tmp_path / "ana.zip")
    (draft,) = data["drafts"]
    assert [draft[key] for key in ("cc_line", "bcc_line", "quoted")] == [*held.values()][:3]
    assert all(said in page for said in held.values())


def test_an_export_that_is_called_off_leaves_no_file(world, ana, tmp_path, monkeypatch):
    """Cancelled half-way, there is neither the file nor a part of it."""
    monkeypatch.setattr(personal, "PAGE", 2)
    path, heard = tmp_path / "ana.zip", []
    done = person_file.write(
        world.store, path, ana, str, lambda *far: heard.append(far), lambda: len(heard) > 1
    )
    assert done is None
    assert len(heard) == 2
    assert list(tmp_path.glob("ana*")) == []


def test_who_is_in_the_trash_is_not_exported(world, ana, tmp_path):
    """A person in the trash has to be restored first."""
    world.do(records.delete, ana)
    with pytest.raises(NotFound):
        person_file.write(world.store, tmp_path / "ana.zip", ana, str)
