"""A workflow is read back in words that the office would use."""

from __future__ import annotations

from rally_desktop.engine.reading import read_back
from rally_desktop.model.graph import Graph, Hours, Rules, Step, Trigger

PORTO = {"field": "city", "op": "is", "value": "Porto"}


def test_branches_are_indented_and_meet_again():
    """Each path stands below its name, with its conditions; a second way says where it goes on."""
    paths = [{"name": "North", "exit": "n", "filter": PORTO}]
    graph = Graph(
        name="Regions", triggers=(Trigger("t", "record_created"),), start="b",
        steps={
            "b": Step("b", "branch", {"paths": paths}, {"n": "tag", "else": "end"}),
            "tag": Step("tag", "add_tag", {"tag": "North"}, {"next": "end"}),
            "end": Step("end", "end"),
        },
    )  # fmt: skip
    assert read_back(graph).splitlines()[-6:] == [
        "1. Branch",
        "North (City is ‘Porto’):",
        "    2. Add tag: Tag it “North”",
        "    3. End",
        "Else:",
        "    Goes on at 3.",
    ]


def test_rules_and_stops_are_said():
    """How often one enters, when messages go out, what stops it and what is done then."""
    graph = Graph(
        name="Care", description="Looks after them.", purpose="sequence", record="deal",
        triggers=(Trigger("a", "record_created"), Trigger("b", "tag_added", {"tags": ["x"]})),
        audience={"field": "stage", "op": "is", "value": "New"}, start="w",
        steps={"w": Step("w", "wait", disabled=True), "s": Step("s", "end")},
        stop_when={"field": "stage", "op": "is", "value": "Closed Won"}, stop_start="s",
        settings=Rules(again="never", inside="queue", exclusive=True, review=True,
                       settle_minutes=5, hours=Hours()),
    )  # fmt: skip
    text = read_back(graph)
    for said in (
        "Care (sequence for deals)", "Looks after them.", "\nor: ", "Only if Stage is ‘New’.",
        "Each enters once only.", "waits for their turn", "two exclusive sequences", "reviews each",
        "left alone for 5 minutes", "Monday to Friday, 09:00 to 17:00", "(switched off)",
        "Stops if Stage is ‘Closed Won’.", "When it is stopped:\n1. End",
    ):  # fmt: skip
        assert said in text


def test_what_cannot_be_read_is_said_as_such():
    """An unknown kind or a broken filter does not keep the rest from being read."""
    graph = Graph(
        name="Odd", audience={"field": "shoe", "op": "is", "value": 1}, start="j",
        steps={"j": Step("j", "jump", {}, {"next": "e"}), "e": Step("e", "end")},
    )  # fmt: skip
    text = read_back(graph)
    assert "Only if (cannot be read: No field ‘shoe’" in text
    assert "1. jump: jump is a kind of step that this program does not know" in text
    assert "2. End" in text


def test_a_draft_without_anything_is_read_too():
    """Nothing starts it, and it has no steps."""
    text = read_back(Graph(name="New"))
    assert "Nothing starts it yet." in text
    assert text.endswith("It has no steps yet.")
