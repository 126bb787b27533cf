"""Write a new kind and its test: ``poe new action send_gift``.

The kind works as it is written: an action writes a note, a trigger starts when a note is added,
a flow step leads on. Change what it does, what it says and what it is called.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = {"action": "actions", "trigger": "triggers", "flow": "flow"}

ACTION = '''
    """Action: {words}."""

    from __future__ import annotations

    from typing import Annotated, ClassVar

    from rally_desktop.core.schema import Text
    from rally_desktop.engine.nodes.base import Done, Family, Here, Outcome, StepKind
    from rally_desktop.model.work import Work
    from rally_desktop.services import notes


    class {name}(StepKind, frozen=True):
        """Writes a note on the record's timeline."""

        title: ClassVar = "{title}"
        icon: ClassVar = "sticky-note"
        family: ClassVar[Family] = "record"
        says: ClassVar = "Note: {{text}}"
        example: ClassVar = {{"text": "Call {{{{ contact.first_name }}}} back"}}
        words: ClassVar = ("note",)

        text: Annotated[str, Text("Text", merge=True, lines=4)]

        def run(self, work: Work, here: Here) -> Outcome:
            """Write the note, within the run's transaction."""
            notes.add(work, here.ref, here.merge(self.text))
            return Done("Wrote a note.")
'''
TRIGGER = '''
    """Trigger: {words}."""

    from __future__ import annotations

    from typing import ClassVar

    from rally_desktop.engine.nodes.base import TriggerKind


    class {name}(TriggerKind, frozen=True):
        """Starts when somebody writes a note on the record."""

        title: ClassVar = "{title}"
        icon: ClassVar = "sticky-note"
        says: ClassVar = "When a note is written"
        words: ClassVar = ("note",)

        def listens(self) -> tuple[tuple[str, str | None], ...]:
            """Look at notes that are added."""
            return (("note_added", None),)
'''
FLOW = '''
    """Flow: {words}."""

    from __future__ import annotations

    from typing import ClassVar

    from rally_desktop.engine.nodes.base import Done, Family, Here, Outcome, StepKind
    from rally_desktop.model.work import Work


    class {name}(StepKind, frozen=True):
        """Leads every record on to the next step."""

        title: ClassVar = "{title}"
        icon: ClassVar = "corner-down-right"
        family: ClassVar[Family] = "flow"
        says: ClassVar = "Go on"
        words: ClassVar = ("next",)

        def run(self, work: Work, here: Here) -> Outcome:
            """Go on."""
            return Done("Went on.")
'''
ACTION_TEST = '''
    """What «{title}» does to a record."""

    from rally_desktop.model.graph import Step


    def test_it_writes_a_note(world):
        """A record that comes by gets a note on its timeline."""
        world.publish(Step("do", "{key}", {{"text": "Hello {{{{ contact.first_name }}}}"}}))
        ana = world.contact("Ana")
        world.tick()

        assert "note_added" in world.happened(ana)
        assert world.rows("select text from note") == [("Hello Ana",)]
'''
TRIGGER_TEST = '''
    """What starts «{title}»."""

    from rally_desktop.model.graph import Step
    from rally_desktop.services import notes


    def test_a_note_starts_it(world):
        """A note on a contact starts the workflow."""
        world.publish(Step("tag", "add_tag", {{"tag": "Seen"}}), trigger="{key}")
        ana = world.contact("Ana")
        world.do(notes.add, ana, "She called.")
        world.tick()

        assert world.record(ana)["tags"] == {{"Seen"}}
'''
FLOW_TEST = '''
    """Where «{title}» leads."""

    from rally_desktop.model.graph import Step


    def test_it_leads_on(world):
        """A record that comes by reaches the step behind it."""
        world.publish(Step("do", "{key}"), Step("tag", "add_tag", {{"tag": "Seen"}}))
        ana = world.contact("Ana")
        world.tick()

        assert world.record(ana)["tags"] == {{"Seen"}}
'''
TEXTS = {"action": (ACTION, ACTION_TEST), "trigger": (TRIGGER, TRIGGER_TEST)}
TEXTS["flow"] = (FLOW, FLOW_TEST)


def write(root: Path, family: str, key: str) -> list[Path]:
    """Write a kind and its test under ``root`` and return both; refuse to write over one."""
    kind = root / "rally_desktop" / "engine" / "nodes" / FOLDERS[family] / f"{key}.py"
    test = root / "tests" / "engine" / "nodes" / FOLDERS[family] / f"test_{key}.py"
    words = key.replace("_", " ")
    names = {"key": key, "words": words, "title": words.capitalize()}
    names["name"] = words.title().replace(" ", "")
    for path, text in zip((kind, test), TEXTS[family], strict=True):
        if path.exists():
            raise FileExistsError(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip().format(**names), encoding="utf-8")
    return [kind, test]


def main(arguments: Sequence[str]) -> int:
    """Write both files and say where they are."""
    parser = argparse.ArgumentParser(prog="poe new", description=__doc__)
    parser.add_argument("family", choices=FOLDERS, metavar="FAMILY", help=", ".join(FOLDERS))
    parser.add_argument("key", metavar="NAME", help="in small letters, such as send_gift")
    options = parser.parse_args(arguments)
    if not options.key.isidentifier() or options.key != options.key.lower():
        parser.error("the name is made of small letters and underscores, such as send_gift")
    try:
        written = write(ROOT, options.family, options.key)
    except FileExistsError as error:
        parser.error(f"{error} is there already")
    for path in written:
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
