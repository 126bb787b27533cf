"""Asking for messages in doubt, before anything else is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from rally_desktop.core.errors import RallyError
from rally_desktop.model.store import Store
from rally_desktop.outside.mail.base import Journal
from rally_desktop.services import journal
from rally_desktop.services.journal import Access, Question

AT_ONCE = 50

JournalFor = Callable[[Access], Journal]


@dataclass
class Asking:
    """Looks for messages in doubt; ``journal_for`` opens the journal of an account."""

    store: Store
    journal_for: JournalFor

    async def ask_due(self) -> None:
        """Ask for every message whose next look is due."""
        questions = self.store.read(journal.due, AT_ONCE)
        if not questions:
            return
        accesses = self.store.read(journal.accesses)
        questions.sort(key=_account)
        for account_id, asked in groupby(questions, key=_account):
            await self._ask(accesses[account_id], list(asked))

    async def _ask(self, access: Access, questions: list[Question]) -> None:
        try:
            place = self.journal_for(access)
        except RallyError:
            # Its password is on another computer, which will ask; until then a person may.
            return
        try:
            for question in questions:
                await self._ask_for(place, question)
        finally:
            await place.close()

    async def _ask_for(self, place: Journal, question: Question) -> None:
        holds = await place.holds(question.message_id)
        if holds:
            name = place.called(question.message_id)
            self._note(partial(journal.found, question=question, where=place.name, name=name))
        elif holds is False and await self._reliable(place, question):
            self._note(partial(journal.missing, question=question))
        else:
            self._note(partial(journal.unknown, question=question))

    async def _reliable(self, place: Journal, question: Question) -> bool:
        proof = self.store.read(journal.proof, _account(question))
        return proof is not None and await place.holds(proof) is True

    def _note(self, answer: Callable[..., None]) -> None:
        self.store.write_patiently(answer)


def _account(question: Question) -> int:
    return question.parcel.row["account_id"]
