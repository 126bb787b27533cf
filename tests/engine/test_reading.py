"""A workflow is read back in words that the office would use."""

from __future__ import annotations

from rally_desktop.engine.reading import lines, read_back
from rally_desktop.model.graph import Frame, Graph, Hours, Note, Rules, Step, Trigger

PORTO = {"field": "city", "op": "is", "value": "Porto"}
PATHS = {"paths": [{"name": "North", "exit": "n", "filter": PORTO}]}
REGIONS = Graph(
    name="Regions", triggers=(Trigger("t", "record_created"),), start="b",
    steps={
        "b": Step("b", "branch", PATHS, {"n": "tag", "else": "end"}),
        "tag": Step("tag", "add_tag", {"tag": "North"}, {"next": "end"}),
        "end": Step("end", "end"),
    },
)  # fmt: skip


def part(text, heading):
    """What stands below a heading."""
    return text.split(f"{heading}\n")[1].split("\n\n")[0].splitlines()


def test_branches_are_indented_and_meet_again():
    """Each path stands below its name, with its conditions; where paths meet comes after them."""
    assert part(read_back(REGIONS), "What is done") == [
        "1. Take the first path that fits",
        "  North (City is ‘Porto’):",
        "    2. Tag it “North”",
        "    Goes on with ‘End’ (step 3).",
        "  Otherwise: goes on with ‘End’ (step 3).",
        "3. End",
    ]


def test_each_line_knows_its_step():
    """A click on a line can lead to the step that it is about, or that it goes on with."""
    keys = [(said.text.split()[0], said.key) for said in lines(REGIONS) if said.key]
    assert keys == [
        ("Starts", "t"), ("1.", "b"), ("North", "b"), ("2.", "tag"), ("Goes", "end"),
        ("Otherwise:", "b"), ("3.", "end"),
    ]  # fmt: skip


def test_settings_that_are_not_usual_are_said_with_a_step():
    """What the sentence leaves out is in brackets; what is usual is not said at all."""
    task = {"task": "Call", "due_in": "P2D", "priority": "High", "once": True}
    steps = {
        "a": Step("a", "create_task", task, {"next": "b"}),
        "b": Step("b", "wait", {"amount": 1, "unit": "weeks"}, {"next": "c"}),
        "c": Step("c", "wait_until", {"what": "a filter", "filter": PORTO, "amount": 3}),
    }
    said = part(read_back(Graph(name="Care", start="a", steps=steps)), "What is done")
    assert said == [
        "1. Create task: “Call”, due in 2 days"
        " (priority: High; not if an open one of that type exists)",
        "2. Wait 1 week",
        "3. Wait until a filter matches, 3 days at most (matches: City is ‘Porto’)",
        "  Happened: nothing more.",
        "  Timed out: nothing more.",
    ]


def test_own_titles_notes_and_groups_are_said():
    """A title comes before what the step does, a note below it, groups by their numbers."""
    steps = {
        "a": Step("a", "add_tag", {"tag": "x"}, {"next": "b"}, title="Mark them"),
        "b": Step("b", "add_tag", {"tag": "y"}, disabled=True),
    }
    notes = (Note("n", "Ask Marketing first.", "a"), Note("m", "Runs since May."))
    made = Graph(name="Care", start="a", steps=steps, notes=notes)
    text = read_back(made.with_(frames=(Frame("f", "Marks", ("a", "b")),)))
    assert part(text, "What is done") == [
        "1. Mark them: tag it “x”",
        "  Note: Ask Marketing first.",
        "2. Tag it “y” (disabled)",
    ]
    assert part(text, "Groups") == ["Marks: steps 1 and 2"]
    assert part(text, "Notes") == ["Runs since May."]


def test_what_an_answer_does_is_said_in_a_sentence_each():
    """All that stops a run is in one sentence, all that pauses it in another."""
    stops = {"reply": "stop", "deal_won": "stop", "text_back": "pause"}
    graph = Graph(name="Care", settings=Rules(stops=stops))
    assert part(read_back(graph), "What stops it") == [
        "Stops when they reply or a deal is won.",
        "Pauses when they send an SMS.",
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
                       settle_minutes=5, hours=Hours(), sends_an_hour=50, late="skip",
                       account="Office", allow_loops=True),
    )  # fmt: skip
    text = read_back(graph)
    for said in (
        "Care\nA sequence for deals.\nLooks after them.", "Only if Stage is ‘New’.",
        "Starts when it is created or when it is tagged x.", "At most 50 messages an hour.",
        "account ‘Office’", "was off is skipped", "may start it again",
        "Each enters once only.", "waits for their turn", "two exclusive sequences", "reviews each",
        "left alone for 5 minutes", "Monday to Friday, 09:00 to 17:00", "(disabled)",
        "Stops if Stage is ‘Closed Won’.", "When it is stopped\n2. End",
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


def test_steps_that_nothing_leads_to_are_read_last():
    """What hangs loose is said to do so, below what is connected."""
    steps = {"a": Step("a", "end"), "x": Step("x", "add_tag", {"tag": "x"})}
    text = read_back(Graph(name="Care", start="a", steps=steps))
    assert part(text, "Not connected: nobody gets to these steps") == ["2. Tag it “x”"]


def test_a_step_that_is_not_complete_says_what_it_lacks():
    """The settings that are missing are named as the form names them."""
    steps = {"a": Step("a", "send_email")}
    assert "1. Send e-mail: not ready, template is required" in read_back(
        Graph(name="Care", start="a", steps=steps)
    )
