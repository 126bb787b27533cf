"""The web service as a lodger of the engine: it comes and goes with the office's setting.

Nothing of it is imported before it is switched on.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from rally_desktop.core.errors import RallyError
from rally_desktop.model.store import Store
from rally_desktop.outside.secrets import Locked, Vault
from rally_desktop.services import tracking, web
from rally_desktop.services.web import State, Web

if TYPE_CHECKING:
    from rally_desktop.api.listener import Listener
    from rally_desktop.api.office import Office
    from rally_desktop.api.sms_routes import SmsDoor

AGAIN = timedelta(seconds=30)  # until a port that was taken is tried again
EVERYWHERE = "0.0.0.0"


@dataclass
class WebService:
    """Answers on the web while the office wants that of this computer."""

    store: Store
    vault: Vault
    door: SmsDoor | None = None
    _wanted: Web | None = None
    _listener: Listener | None = None
    _office: Office | None = None
    _tried_at: datetime | None = None
    _told: State | None = field(default=None)

    async def follow(self) -> None:
        """Begin, change or end as the settings say, and judge what was asked for of messages."""
        wanted = self.store.read(web.answers_here)
        if wanted != self._wanted or self._is_due():
            await self._end()
            self._wanted = wanted
            if wanted is not None:
                await self._begin(wanted)
            elif self._told is not None:
                self._tell("off", "")
        if self._listener is not None and self.store.read(tracking.waiting):
            self.store.write_patiently(tracking.settle)

    async def close(self) -> None:
        """Let go of the port."""
        answering = self._listener is not None
        await self._end()
        self._wanted = None
        if answering:
            self._tell("off", "The program was closed there.")

    async def _begin(self, wanted: Web) -> None:
        from rally_desktop.api.listener import Listener
        from rally_desktop.api.office import Office
        from rally_desktop.api.site import site

        self._tried_at = self.store.clock.now()
        try:
            key = self.store.write_patiently(partial(web.make_key, vault=self.vault))
            office = Office(self.store, wanted, key, self.vault)
            listener = Listener(site(office, self.door))
            host = EVERYWHERE if wanted.listens == "The network" else web.LOOPBACK
            try:
                await listener.open(host, wanted.port)
            except RallyError:
                office.close()
                raise
        except RallyError as error:
            if isinstance(error, Locked):
                self._tried_at = None  # a keyring that asks its owner is not asked again and again
            self._tell("trouble", str(error))
            return
        self._listener, self._office = listener, office
        self._tell("on", f"http://{web.LOOPBACK}:{wanted.port}")

    async def _end(self) -> None:
        listener, self._listener = self._listener, None
        office, self._office = self._office, None
        if listener is not None:
            await listener.close()
        if office is not None:
            office.close()

    def _is_due(self) -> bool:
        """Say whether to try once more for a port that was not to be had."""
        if self._wanted is None or self._listener is not None or self._tried_at is None:
            return False
        return not timedelta(0) <= self.store.clock.now() - self._tried_at < AGAIN

    def _tell(self, state: str, said: str) -> None:
        now = State(state, platform.node(), said)  # type: ignore[arg-type]
        if now != self._told:
            self._told = now
            self.store.write_patiently(partial(web.say_state, now=now))
