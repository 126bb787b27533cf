"""The words by which people leave a list of text messages, come back, and ask for help.

A message is one of them only where it says that word and nothing else: ‘Stop by at ten?’ is an
answer like any other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from rally_desktop.core.fold import fold

Wish = Literal["stop", "start", "help", ""]
# English, German, French, Spanish, Portuguese, Italian, Polish, Ukrainian.
WORDS: Mapping[Wish, str] = MappingProxyType(
    {
        "stop": "stop|stopall|stop all|unsubscribe|cancel|end|quit|optout|opt out|revoke"
        "|stopp|abmelden|abbestellen|beenden"
        "|arret|arrêt|arreter|arrêter|desabonner|désabonner"
        "|alto|parar|baja|cancelar|darse de baja"
        "|pare|remover|descadastrar|sair"
        "|ferma|basta|annulla|disiscrivi|disiscrivimi"
        "|wypisz|rezygnuj|rezygnuje|rezygnuję|koniec"
        "|стоп|відписатися|відписати|скасувати",
        "start": "start|unstop|subscribe"
        "|anmelden|starten"
        "|demarrer|démarrer|reabonner|réabonner"
        "|iniciar|alta|empezar"
        "|comecar|começar|voltar"
        "|inizia|iscrivimi"
        "|zapisz|wznow|wznów"
        "|старт|підписатися|почати",
        "help": "help|info|hilfe|aide|ayuda|ajuda|aiuto|pomoc|допомога|довідка",
    }
)
_KNOWN: dict[str, Wish] = {
    fold(word): wish for wish, words in WORDS.items() for word in words.split("|")
}
_AROUND = re.compile(r"^[\s.!?,;:'\"’‘“”«»()*-]+|[\s.!?,;:'\"’‘“”«»()*-]+$")
_LONGEST = 40


def wish_of(text: str) -> Wish:
    """Return what a message asks for, where it says one of the words and nothing else."""
    if len(text) > _LONGEST:
        return ""
    return _KNOWN.get(fold(" ".join(_AROUND.sub("", text).split())), "")
