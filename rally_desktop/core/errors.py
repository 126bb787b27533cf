"""Every error of ours; the docstring is the message unless the raiser has a better one.

Two families: ``RallyError`` is something a person can act on and its text says what to do;
anything else that escapes is a bug.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from difflib import get_close_matches


class RallyError(Exception):
    """Something went wrong."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").strip().partition("\n")[0])


class BadSettings(RallyError):
    """Some settings need another look."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__("; ".join(f"{name} {what}" for name, what in problems.items()))


class UnknownField(RallyError):
    """There is no such field."""

    def __init__(self, name: str, known: Sequence[str] = ()) -> None:
        self.name = name
        near = get_close_matches(name, known, n=1)
        hint = f"; did you mean ‘{near[0]}’?" if near else "."
        super().__init__(f"No field ‘{name}’{hint}")


class BadFilter(RallyError):
    """The filter cannot be read."""


class BadTemplate(RallyError):
    """The template cannot be used."""

    def __init__(self, message: str, line: int = 0) -> None:
        self.line = line
        super().__init__(f"Line {line}: {message}" if line else message)


class MissingValue(RallyError):
    """A merge field has no value for this person and no fallback."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(f"‘{field}’ is empty and has no fallback.")


class BadDefinition(RallyError):
    """The workflow cannot be read."""


class NotFound(RallyError):
    """That record does not exist any more."""


class Refused(RallyError):
    """That is not possible as things stand."""


class Conflict(RallyError):
    """Somebody else has changed this meanwhile."""


class DatabaseUnusable(RallyError):
    """The database cannot be opened."""


class BadFile(RallyError):
    """The file cannot be read."""


class SendFailed(RallyError):
    """The message could not be sent.

    ``permanent`` says that another try would end the same way; ``after_dot`` that the server
    may have accepted the message although no answer came; ``account`` that it is the account's
    own trouble. ``wait`` is how long the server wants to be left alone, where it says so.
    """

    def __init__(
        self,
        message: str = "",
        *,
        permanent: bool = False,
        after_dot: bool = False,
        account: bool = False,
        wait: timedelta | None = None,
    ) -> None:
        self.permanent = permanent
        self.after_dot = after_dot
        self.account = account
        self.wait = wait
        super().__init__(message)
