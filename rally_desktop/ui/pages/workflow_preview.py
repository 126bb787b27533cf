"""What the settings of a form lead to, in one line below it: the next times of a schedule."""

from __future__ import annotations

from rally_desktop.core.errors import RallyError
from rally_desktop.core.schema import Described
from rally_desktop.engine.nodes.base import Node
from rally_desktop.model.ref import RecordKind
from rally_desktop.ui.forms.form import Form
from rally_desktop.ui.forms.sample import Read
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.plain_label import PlainLabel


class Preview(PlainLabel):
    """Asks the kind at each change of its form; it shows nothing while something is wrong."""

    def __init__(self, form: Form[Described], record: RecordKind, read: Read) -> None:
        super().__init__("", "sub")
        self._form, self._record, self._read = form, record, read
        self.setWordWrap(True)
        self.setAccessibleName("What this leads to")
        self.hide()
        form.changed.connect(self.look)
        form.filled.connect(self.look)
        self.look()

    @later
    @newest
    async def look(self) -> None:
        """Show what the form leads to as it is filled now."""
        text = ""
        try:
            kind = self._form.value()
            assert isinstance(kind, Node)
            text = await self._read(kind.preview, self._record)
        except RallyError:
            pass  # the form, or the list of problems, says what is wrong
        self.setText(text)
        self.setVisible(bool(text))


def preview_of(
    kind: type[Node], form: Form[Described], record: RecordKind, read: Read
) -> Preview | None:
    """Return the line below a form; None where its kind has nothing to say ahead."""
    if kind.preview is Node.preview:
        return None
    return Preview(form, record, read)
